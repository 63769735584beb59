// Follows an act on many dossiers while it runs: whenever the server tells that
// it has come further, the parts of the page that say so are read anew. The
// page itself stays, with what has the focus and how far it is scrolled.
'use strict';
(() => {
  const followed = document.querySelector('[data-live]');
  if (!followed) return;
  let reading = false, behind = false;

  const renew = async () => {
    if (reading) {
      behind = true;
      return;
    }
    reading = true;
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (!answer.ok || answer.redirected) { // signed out meanwhile: the page says so
        location.reload();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-part]')) {
        const now = page.querySelector(`[data-part="${part.dataset.part}"]`);
        if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
      }
    } catch {
      behind = false; // the server is away: the stream tells when it is back
    } finally {
      reading = false;
    }
    if (behind) {
      behind = false;
      renew();
    }
  };

  const source = new EventSource(followed.dataset.live);
  source.addEventListener('act-progress', renew);
  source.addEventListener('act-done', () => {
    source.close();
    renew();
  });
  source.addEventListener('error', () => {
    // A refusal ends the stream for good; anything else is tried again.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
  });
})();
