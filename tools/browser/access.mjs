// Every page without a fault by axe, in both languages.
import assert from 'node:assert/strict';
import { faults, holds, judge } from './axe.mjs';
import { scenario } from './browser.mjs';

// inBoth opens a page in both languages.
async function inBoth(v, path, status = 200) {
  for (const lang of ['en', 'vi']) {
    await v.open(path + (path.includes('?') ? '&' : '?') + `lang=${lang}`, status);
    assert.equal(await v.page.locator('html').getAttribute('lang'), lang);
    await holds(v, path);
  }
}

// previews shows what only forms lead to.
async function previews(v, given) {
  for (const lang of ['en', 'vi']) {
    for (const [to, buttons] of [[given.officer, 1], ['', 0]]) { // it is in the pool already: that would be refused
      await v.page.goto(`/dossiers/${given.dossier}?lang=${lang}`);
      const form = v.page.locator('form:has(input[name=event][value=reassign])');
      await form.locator('select').selectOption(to);
      await form.locator('textarea').fill('san sẻ công việc');
      await form.locator('button').click();
      await v.at(`/dossiers/${given.dossier}/preview`);
      assert.equal(await v.page.locator('main button').count(), buttons);
      await holds(v, `preview of a verb, ${to ? 'possible' : 'refused'}`);
    }
    await v.page.goto('/bulk');
    await v.page.locator('#bulk-event').selectOption('comment');
    await v.page.locator('#bulk-reason').fill('nhắc tiến độ');
    await v.page.locator('input[name=dossier]').first().check();
    await v.page.locator('form[action="/bulk/preview"] button').click();
    await v.at('/bulk/preview');
    await holds(v, 'preview of an act on many');
  }
}

// discloses asks for personal data in full, for a purpose.
async function discloses(v, given) {
  await v.page.goto(`/dossiers/${given.dossier}`);
  await v.page.locator('#purpose').selectOption({ index: 0 });
  await v.page.locator('form:has(#purpose) button').click();
  await v.sees('việc xem đã được ghi nhận');
  await v.sees(given.applicant);
  await holds(v, 'personal data in full');
}

// refusedForm is the page after a refusal: another officer was faster.
async function refusedForm(v, given) {
  v.expected.push(`409 /dossiers/${given.stale}/events`);
  await v.page.goto(`/dossiers/${given.stale}`);
  await v.page.request.post(`/dossiers/${given.stale}/events`, { form: { event: 'accept', key: 'before' }, headers: { Origin: given.base } });
  await v.page.locator('form:has(input[name=event][value=accept]) button').click();
  await v.page.locator('[role=alert]').waitFor();
  await holds(v, 'refused form');
}

// control: an axe that finds nothing in a page with faults has not looked.
async function control(v) {
  await v.page.goto('/');
  await v.page.emulateMedia({ colorScheme: 'light' });
  await v.page.evaluate(() => {
    document.querySelector('label[for=q]').remove();
    document.querySelector('#q').removeAttribute('placeholder');
    document.querySelector('main h1').style.color = '#ccc';
    document.querySelector('html').lang = '';
    document.querySelector('main h2').outerHTML = '<h5>too deep</h5>';
    document.querySelector('footer').outerHTML = '<p>outside of everything</p>';
  });
  const found = new Set((await judge(v.page)).map((x) => x.id));
  for (const rule of ['label', 'color-contrast', 'html-has-lang', 'heading-order', 'region']) assert.ok(found.has(rule), `axe finds ${rule} (it found ${[...found]})`);
}

scenario(async (given, visitor) => {
  await Promise.all(given.pages.map(async ({ who, paths }) => {
    const v = await visitor();
    if (who) await v.signIn(who);
    for (const [path, status] of paths) await inBoth(v, path, status);
    if (who === given.head) await previews(v, given);
    if (who === given.privacy) await discloses(v, given);
    if (who === given.officer) await refusedForm(v, given);
    if (who === given.head) await control(v);
  }));
  assert.deepEqual(faults, [], 'no page has a fault');
});
