// What the other scenarios rest on: that a browser that complains is heard. A
// page that breaks the rules is made up on the way to the browser.
import assert from 'node:assert/strict';
import { scenario } from './browser.mjs';

const broken = `<!DOCTYPE html><html lang="vi"><head><title>x</title><link rel="icon" href="data:,">
<script>document.title = 'inline'</script><script src="/assets/none.js"></script></head>
<body><h1 style="color: red">x</h1><img src="http://127.0.0.2:9/x.png" alt=""></body></html>`;

scenario(async (given, visitor) => {
  const v = await visitor();
  const real = await v.page.request.get('/sign-in');
  await v.page.route('**/broken', (route) => route.fulfill({ status: 200, headers: real.headers(), body: broken }));
  await v.page.goto('/broken');
  await v.page.evaluate(() => { setTimeout(() => { throw new Error('thrown by a script'); }); });
  const told = [/inline script/i, /inline style/i, /status of 404.*none\.js/, /127\.0\.0\.2/, /thrown by a script/];
  while (!told.every((t) => v.wrong.some((w) => t.test(w)))) {
    await Promise.race([v.context.waitForEvent('console'), v.context.waitForEvent('weberror')])
      .catch(() => assert.fail(`not heard: ${told.filter((t) => !v.wrong.some((w) => t.test(w)))}; heard: ${v.wrong.join('\n')}`));
  }
  assert.equal(await v.page.title(), 'x', 'the script did not run');
  v.wrong = [];
});
