// One verb on many dossiers: chosen by a filter, looked at, carried out, and
// watched to its end.
import assert from 'node:assert/strict';
import { faults, holds } from './axe.mjs';
import { patience, scenario } from './browser.mjs';

async function asks(v, given) {
  await v.page.goto(`/?procedure=${given.procedure}&state=${given.state}`);
  await v.page.getByRole('link', { name: 'Xử lý nhiều hồ sơ trong danh sách này' }).click();
  await v.page.waitForURL((u) => u.pathname === '/bulk' && u.searchParams.get('procedure') === given.procedure);
  await v.page.getByLabel('Thao tác').selectOption('reassign');
  await v.page.getByLabel('Phân công lại cho').selectOption(given.officer);
  await v.page.getByLabel('Lý do (bắt buộc)').fill('san sẻ công việc');
  await v.page.getByLabel(/^Tất cả hồ sơ khớp bộ lọc/).check();
  await v.page.getByRole('button', { name: 'Xem trước' }).click();
  await v.at('/bulk/preview');
  assert.match(await v.text('main p'), new RegExp(`Tổng số hồ sơ: ${given.total} · thay đổi: ${given.total} `));
}

const counts = (v) => v.text('main p:has-text("Tổng số hồ sơ")');

async function carriesOut(v) {
  await v.page.getByRole('button', { name: 'Thực hiện', exact: true }).click();
  await v.page.waitForURL((u) => u.pathname.startsWith('/operations/acts/'));
  assert.match(await v.text('main .badge'), /đang thực hiện/);
}

// watches sees the rest of it being done in the page that is open: it is not
// read anew, which would take along whatever has the focus.
async function watches(v, given) {
  await v.page.evaluate(() => { window.sameDocument = true; });
  const stop = v.page.getByRole('button', { name: 'Dừng phần chưa thực hiện' });
  await stop.focus();
  await v.page.waitForFunction((n) => document.querySelector('main').innerText.includes(`thay đổi: ${n} `), given.total - 1);
  assert.match(await counts(v), /còn lại: 1$/);
  assert.ok(await stop.evaluate((b) => b === document.activeElement), 'progress leaves the focus where it is');
  assert.match(await v.text('main .badge'), /đang thực hiện/);
  const running = await v.page.content();
  await fetch(given.release, { method: 'POST' });
  await ends(v, given);
  assert.ok(await v.page.evaluate(() => window.sameDocument), 'it is still the same page');
  await holds(v, 'an act that is over');
  // What it looked like on the way is judged at leisure.
  const { headers } = await v.page.request.get(v.page.url()).then((r) => ({ headers: r.headers() }));
  await v.page.route(v.page.url(), (route) => route.fulfill({ headers, body: running }));
  await v.page.reload();
  await v.page.getByRole('button', { name: 'Dừng phần chưa thực hiện' }).waitFor();
  await holds(v, 'an act that runs');
  assert.deepEqual(faults, [], 'the page of the act has no fault');
}

async function ends(v, given) {
  await v.page.waitForFunction((n) => document.querySelector('main').innerText.includes(`thay đổi: ${n} `), given.total, { timeout: 2 * patience });
  await v.page.locator('main .badge', { hasText: 'đã xong' }).waitFor();
  assert.match(await counts(v), /còn lại: 0$/);
  const rows = v.page.locator('main tbody tr');
  assert.equal(await rows.count(), given.total, 'a result for each dossier');
  assert.deepEqual(new Set(await rows.locator('td:nth-child(2)').allInnerTexts()), new Set(['✓ đã thay đổi']));
  assert.equal(await v.page.getByRole('button', { name: 'Dừng phần chưa thực hiện' }).count(), 0);
}

scenario(async (given, visitor) => {
  const head = await visitor({ javaScriptEnabled: given.scripts });
  await head.signIn(given.head);
  await asks(head, given);
  await carriesOut(head);
  if (given.scripts) return watches(head, given);
  // Without scripts the page is read anew by itself.
  await fetch(given.release, { method: 'POST' });
  await head.page.locator('main .badge', { hasText: 'đã xong' }).waitFor({ timeout: 2 * patience });
});
