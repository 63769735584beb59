// The same work in a browser that runs no scripts.
import assert from 'node:assert/strict';
import { scenario } from './browser.mjs';

scenario(async (given, visitor) => {
  const v = await visitor({ javaScriptEnabled: false });
  await v.signIn(given.officer);
  await v.page.getByLabel('Tìm').fill(given.dossier);
  await v.page.getByRole('button', { name: 'Lọc', exact: true }).click();
  await v.page.waitForURL((u) => u.searchParams.get('q') === given.dossier);
  await v.page.getByRole('link', { name: given.dossier }).first().click();
  await v.at(`/dossiers/${given.dossier}`);
  await v.page.locator('form:has(input[name=event][value=accept]) button').click();
  await v.at(`/dossiers/${given.dossier}?done=accept`);
  assert.match(await v.text('[role=status]'), new RegExp(given.accepted));
  await v.page.locator('summary', { hasText: 'Các bước của quy trình' }).click(); // what folds out needs no script
  await v.page.locator('tr[aria-current=step]').waitFor();
  await v.page.getByRole('link', { name: 'English' }).click();
  await v.page.waitForURL((u) => u.searchParams.get('lang') === 'en');
  await v.page.locator('form[action="/sign-out"] button').click();
  await v.at('/sign-in');
});
