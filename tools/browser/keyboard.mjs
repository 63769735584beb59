// The board and an event by the keyboard alone.
import assert from 'node:assert/strict';
import { scenario } from './browser.mjs';

// focused tells what has the focus, and whether that can be seen.
const focused = (v) => v.page.evaluate(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  return {
    what: e.matches('a') ? `a ${e.getAttribute('href')}` : `${e.localName} ${e.name || e.id || e.innerText.trim()}`.trim(),
    label: (e.labels?.[0]?.innerText ?? e.getAttribute('aria-label') ?? e.innerText ?? '').trim(),
    outlined: getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2,
    inside: e.closest('main') !== null,
    shown: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
    event: e.closest('form')?.querySelector('input[name=event]')?.value,
  };
});

async function tab(v) {
  await v.page.keyboard.press('Tab');
  const f = await focused(v);
  assert.ok(f.outlined, `the focus on "${f.what}" can be seen`);
  assert.ok(f.shown, `"${f.what}" is in sight when it has the focus`);
  return f;
}

// skips past the header by the first link of the page.
async function skips(v) {
  const first = await tab(v);
  assert.equal(first.what, 'a #main');
  assert.equal(first.label, 'Đến nội dung chính');
  await v.page.keyboard.press('Enter');
  await v.page.waitForFunction(() => document.activeElement.id === 'main');
  assert.ok((await tab(v)).inside, 'the next stop is in the content');
}

// walks through the header and the tabs in the order they are read in.
async function walks(v) {
  await v.page.goto('/');
  const stops = [];
  for (let i = 0; i < 18; i++) stops.push((await tab(v)).what);
  const inOrder = await v.page.evaluate(() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
    .slice(0, 18).map((e) => (e.matches('a') ? `a ${e.getAttribute('href')}` : `${e.localName} ${e.name || e.id || e.innerText.trim()}`.trim())));
  assert.deepEqual(stops, inOrder, 'the focus goes as the page is read');
  assert.ok(stops.includes('a /?list=overdue'));
}

// until presses a key until something has the focus.
async function until(v, what, wanted) {
  for (let i = 0; i < 200; i++) if (wanted(await tab(v))) return;
  assert.fail(`${what} is not reached by the keyboard`);
}

async function fires(v, given) {
  await v.page.goto(`/dossiers/${given.dossier}`);
  await skips(v);
  await until(v, 'the remark', (f) => f.what === 'textarea comment' && f.event === 'comment');
  await v.page.keyboard.type('đã gọi điện cho người nộp');
  await until(v, 'its button', (f) => f.what.startsWith('button') && f.event === 'comment');
  await v.page.keyboard.press('Enter');
  await v.at(`/dossiers/${given.dossier}?done=comment`);
  assert.match(await v.text('.timeline tbody tr:last-child'), /đã gọi điện cho người nộp/);
  await skips(v);
  await until(v, 'accept', (f) => f.event === 'accept' && f.what.startsWith('button'));
  await v.page.keyboard.press('Space');
  await v.at(`/dossiers/${given.dossier}?done=accept`);
  assert.match(await v.text('[role=status]'), new RegExp(given.accepted));
}

// searches from the board and follows the row found.
async function searches(v, given) {
  await v.page.goto('/');
  await skips(v);
  await until(v, 'the search', (f) => f.what === 'input q');
  await v.page.keyboard.type(given.dossier);
  await v.page.keyboard.press('Enter');
  await v.page.waitForURL((u) => u.searchParams.get('q') === given.dossier);
  await until(v, 'the dossier', (f) => f.what === `a /dossiers/${given.dossier}`);
  await v.page.keyboard.press('Enter');
  await v.at(`/dossiers/${given.dossier}`);
}

scenario(async (given, visitor) => {
  const v = await visitor();
  // The door, too: down the list of officers.
  await v.page.goto('/sign-in');
  await skips(v);
  await until(v, 'the officer', (f) => f.label === given.name);
  await v.page.keyboard.press('Enter');
  await v.at('/');
  await walks(v);
  await searches(v, given);
  await fires(v, given);
});
