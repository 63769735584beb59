// Signing in at the issuer and out again.
import assert from 'node:assert/strict';
import { faults, holds } from './axe.mjs';
import { scenario } from './browser.mjs';

const doorOf = (path) => `/sign-in?next=${encodeURIComponent(path)}`;

// through goes from the door to the issuer's form and fills it in.
async function through(v, who, password) {
  await v.page.locator('main a.button').click();
  await v.page.locator('input[name=username]').fill(who);
  await v.page.locator('input[name=password]').fill(password);
  await v.page.locator('[type=submit]').click();
}

async function lands(v, given) {
  const deep = `/dossiers/${given.dossier}`;
  await v.page.goto(deep);
  await v.at(doorOf(deep));
  await holds(v, 'the door');
  await through(v, given.officer, given.password);
  await v.at(deep);
  assert.equal(await v.text('.who'), given.name);
  assert.match(await v.text('main h1'), new RegExp(given.dossier));
}

async function cookieIsHidden(v, given) {
  const cookies = (await v.context.cookies(given.base)).filter((c) => c.name.endsWith('motcua_session'));
  assert.equal(cookies.length, 1, 'one session');
  const [cookie] = cookies;
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Lax');
  assert.equal(cookie.path, '/');
  assert.equal(cookie.expires, -1, 'it ends with the browser');
  assert.ok(cookie.value.length >= 43, 'as long as 256 random bits');
  const readable = await v.page.evaluate(() => document.cookie);
  assert.ok(!readable.includes('motcua_session') && !readable.includes(cookie.value), 'scripts cannot read it');
}

// leaves signs out here and, led on by the page, at the issuer.
async function leaves(v, given) {
  const deep = `/dossiers/${given.dossier}`;
  await v.page.locator('form[action="/sign-out"] button').click();
  await v.at('/sign-in');
  assert.deepEqual((await v.context.cookies(given.base)).filter((c) => c.name.endsWith('motcua_session')), [], 'the cookie is gone');
  await v.page.goBack();
  await v.page.waitForLoadState();
  assert.ok(!(await v.page.locator('main').innerText()).includes(given.applicant), 'going back shows nothing of a dossier');
  await v.page.goto(deep);
  await v.at(doorOf(deep));
  // The issuer has forgotten them, too: it asks who they are.
  await v.page.locator('main a.button').click();
  await v.page.locator('input[name=password]').waitFor();
}

// staysOut signs out while the issuer does not answer: the page here says that
// it is done, and leads on.
async function staysOut(v, given) {
  await v.page.goto('/');
  await through(v, given.officer, given.password);
  await v.at('/');
  await v.page.route('**/end_session*', (route) => route.fulfill({ status: 204 }));
  await v.page.locator('form[action="/sign-out"] button').click();
  await v.sees('Đã đăng xuất');
  await holds(v, 'signed out');
  await v.page.unroute('**/end_session*');
  await v.page.locator('main a').click();
  await v.at('/sign-in');
}

async function turnedAway(v, given) {
  v.expected.push('403 /sign-in/callback');
  await v.page.goto('/');
  await through(v, given.stranger, given.password);
  await v.sees('chưa được cấp quyền');
  await holds(v, 'turned away');
  assert.ok(!(await v.page.locator('body').innerText()).includes(given.stranger), 'the page does not say whom it turned away');
  assert.deepEqual((await v.context.cookies(given.base)).filter((c) => c.name.endsWith('motcua_session')), []);
}

scenario(async (given, visitor) => {
  const officer = await visitor();
  await lands(officer, given);
  await cookieIsHidden(officer, given);
  await leaves(officer, given);
  await staysOut(await visitor(), given);
  await turnedAway(await visitor(), given);
  assert.deepEqual(faults, [], 'no page on the way has a fault');
});
