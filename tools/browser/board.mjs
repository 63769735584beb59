// A supervisor's way from the board to a late dossier and what can be done with
// it, and an officer's answer to it.
import assert from 'node:assert/strict';
import { scenario } from './browser.mjs';

const codes = (v) => v.page.locator('main table:has(caption) tbody th a[href^="/dossiers/"]').allInnerTexts();
const inMain = (v, selector) => v.page.locator(`main ${selector}`);
const caption = (v) => v.page.locator('.scroll table caption').first().innerText();

// tabsCount: the number of a tab is that of the list it leads to.
async function tabsCount(v) {
  const tab = v.page.locator('.counts a', { hasText: 'Quá hạn' });
  const label = await tab.locator('span').innerText();
  await tab.click();
  await v.page.waitForURL((u) => u.searchParams.get('list') === 'overdue');
  const current = v.page.locator('.counts a[aria-current=page]');
  assert.equal(await current.locator('span').innerText(), label);
  const counted = Number(await current.locator('strong').innerText());
  const listed = await codes(v);
  assert.ok(counted > 0, 'something is overdue');
  assert.equal(listed.length, Math.min(counted, 50));
  assert.match(await caption(v), new RegExp(`${label} \\(${listed.length}\\)`));
}

async function filters(v, given) {
  await v.page.goto('/');
  await inMain(v, '.filters summary').first().click();
  await v.page.getByLabel('Mã thủ tục').fill(given.procedure);
  await v.page.getByRole('button', { name: 'Lọc', exact: true }).click();
  await v.page.waitForURL((u) => u.searchParams.get('procedure') === given.procedure);
  assert.equal(await v.page.getByLabel('Mã thủ tục').inputValue(), given.procedure, 'the page says what it is filtered by');
  const first = await codes(v);
  assert.equal(first.length, 50);
  await v.page.locator('main a.more').click();
  await v.page.waitForURL((u) => u.searchParams.has('cursor'));
  const second = await codes(v);
  assert.ok(second.length > 0, 'there is a second page');
  assert.deepEqual(second.filter((c) => first.includes(c)), [], 'no dossier is on two pages');
}

async function keepsAView(v, given) {
  const name = 'Bản sao đang chờ';
  await v.page.goto(`/?procedure=${given.procedure}`);
  await v.page.getByText('Lưu bộ lọc này').click();
  await v.page.getByLabel('Tên', { exact: true }).fill(name);
  await v.page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await v.page.waitForURL((u) => u.searchParams.has('saved'));
  const kept = await codes(v);
  await v.page.goto('/');
  await v.page.getByRole('link', { name }).click();
  await v.page.waitForURL((u) => u.searchParams.has('saved') && u.searchParams.get('procedure') === given.procedure);
  assert.equal(await v.text('.views a[aria-current=page]'), name);
  assert.deepEqual(await codes(v), kept);
  await v.page.getByRole('button', { name: 'Xóa' }).click();
  await v.page.getByRole('link', { name }).waitFor({ state: 'detached' });
}

// opens finds a late dossier among those that are overdue.
async function opens(v, given) {
  await v.page.goto('/?list=overdue');
  await v.page.getByLabel('Tìm').fill(given.late);
  await v.page.getByLabel('Tìm').press('Enter');
  await v.page.waitForURL((u) => u.searchParams.get('q') === given.late && u.searchParams.get('list') === 'overdue');
  assert.deepEqual(await codes(v), [given.late]);
  await v.page.getByRole('link', { name: given.late }).first().click();
  await v.at(`/dossiers/${given.late}`);
  assert.match(await v.text('dl.facts .badge.overdue'), /quá hạn/i);
}

// reassigns looks at what would become of it first.
async function reassigns(v, given) {
  const asks = async () => {
    const form = v.page.locator('form:has(input[name=event][value=reassign])');
    await form.getByLabel('Giao cho').selectOption(given.officer);
    await form.getByLabel('Lý do').fill('san sẻ công việc');
    await form.getByRole('button', { name: /^Xem trước/ }).click();
    await v.at(`/dossiers/${given.late}/preview`);
  };
  await asks();
  assert.match(await v.text('dl.facts'), new RegExp(given.name));
  await v.page.getByRole('link', { name: 'Về hồ sơ' }).click();
  await v.at(`/dossiers/${given.late}`);
  assert.doesNotMatch(await v.text('dl.facts'), new RegExp(given.name), 'a preview changes nothing');
  await asks();
  await v.page.getByRole('button', { name: 'Thực hiện' }).click();
  await v.at(`/dossiers/${given.late}?done=reassign`);
  assert.match(await v.text('[role=status]'), /Đã thực hiện/);
  assert.match(await v.text('dl.facts'), new RegExp(given.name));
}

// hears listens to streams as a script of the page would, with the session of
// whoever reads it, until each has told of the dossier.
function hears(v, dossier, streams) {
  return v.page.evaluate(async ([code, addresses]) => {
    const sources = addresses.map((a) => new EventSource(a));
    Promise.all(sources.map((source) => new Promise((resolve) => {
      source.addEventListener('dossier-changed', (e) => {
        const change = JSON.parse(e.data);
        if (change.dossier !== code) return;
        source.close();
        resolve(change.facts);
      });
    }))).then((all) => { window.told = all; });
    await Promise.all(sources.map((source) => new Promise((open) => { source.onopen = open; })));
  }, [dossier, streams]);
}

async function accepts(officer, supervisor, given) {
  await officer.signIn(given.officer, `/dossiers/${given.late}`);
  const stale = await officer.context.newPage();
  await stale.goto(`/dossiers/${given.late}`);
  await hears(supervisor, given.late, [`/api/v1/dossiers/${given.late}/stream`, '/api/v1/stream']);
  const accept = 'form:has(input[name=event][value=accept]) button';
  await officer.page.locator(accept).click();
  await officer.at(`/dossiers/${given.late}?done=accept`);
  assert.match(await officer.text('[role=status]'), new RegExp(`Tiếp nhận.*${given.accepted}`));
  assert.match(await officer.text('dl.facts strong'), new RegExp(given.accepted));
  const told = await supervisor.page.waitForFunction(() => window.told);
  for (const facts of await told.jsonValue()) assert.ok(facts.includes('state-entered'), `whoever listens is told: ${facts}`);

  // A page that was read before still offers it: that is refused with reasons.
  officer.expected.push(`409 /dossiers/${given.late}/events`);
  await stale.locator(accept).click();
  assert.match(await stale.locator('[role=alert]').innerText(), new RegExp(given.accepted));
}

async function errors(officer, clerk, given) {
  for (const [v, path, status, says] of [
    [officer, '/bulk', 403, /không được thực hiện/],
    [officer, '/dossiers/H00.101-260101-9999', 404, /Không tìm thấy/i],
    [clerk, `/dossiers/${given.elsewhere}`, 404, /Không tìm thấy/i],
  ]) {
    await v.open(path, status);
    assert.match(await v.text('main h1'), says);
    assert.match(await v.text('main [role=alert]'), /mã tra cứu/i);
    await v.page.getByRole('link', { name: 'Về bảng theo dõi' }).click();
    await v.at('/');
  }
  await officer.page.goto('/?procedure=9.999999');
  assert.equal(await officer.text('.listing .empty'), 'Không có hồ sơ nào.');
}

scenario(async (given, visitor) => {
  const supervisor = await visitor();
  await supervisor.signIn(given.head);
  await tabsCount(supervisor);
  await filters(supervisor, given);
  await keepsAView(supervisor, given);
  await opens(supervisor, given);
  await reassigns(supervisor, given);
  const officer = await visitor();
  await accepts(officer, supervisor, given);
  const clerk = await visitor();
  await clerk.signIn(given.clerk);
  await errors(officer, clerk, given);
});
