// What every scenario shares: one browser with a fresh profile, pages that tell
// whatever went wrong in them, a picture of each when the scenario fails.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

// patience is how long a condition may take to come true on a busy machine.
export const patience = 30_000;

const unpacked = fileURLToPath(new URL('node_modules/.chromium', import.meta.url));
const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

function launch() {
  const own = process.env.MOTCUA_CHROMIUM;
  return chromium.launch({
    executablePath: own || join(unpacked, 'chromium'),
    args: flags,
    env: own ? process.env : { ...process.env, LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'), FONTCONFIG_FILE: join(unpacked, 'fonts/fonts.conf') },
  });
}

// scenario plays with what the test gives on standard input, and exits with 1
// if something is not as it should be.
export async function scenario(play) {
  const given = JSON.parse(readFileSync(0, 'utf8'));
  const browser = await launch();
  const visitors = [];
  try {
    await play(given, async (options) => {
      const v = await Visitor.arrive(browser, given, options);
      visitors.push(v);
      return v;
    });
    for (const v of visitors) v.nothingWrong();
  } catch (fault) {
    console.error(fault.stack ?? fault);
    for (const v of visitors) await v.show();
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

// Visitor is a browser of somebody: cookies of their own, and one tab.
export class Visitor {
  wrong = []; // what the browser complained about
  expected = []; // answers that are meant to be errors: "403 /bulk"

  static async arrive(browser, given, options = {}) {
    const v = new Visitor();
    v.given = given;
    v.context = await browser.newContext({ baseURL: given.base, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...options });
    v.context.setDefaultTimeout(patience);
    v.context.on('console', (m) => v.hear(m));
    v.context.on('weberror', (e) => v.wrong.push(`an error of a script: ${e.error()}`));
    v.page = await v.context.newPage();
    v.page.on('requestfailed', (r) => v.failed(r));
    v.page.on('request', (r) => v.asked(r));
    return v;
  }

  // hear keeps what stands on the console as an error or a warning, which is
  // where a violation of the policy for content is told, unless it is an answer
  // that was asked for.
  hear(message) {
    if (!['error', 'warning'].includes(message.type())) return;
    const url = message.location().url;
    const status = /status of (\d{3})/.exec(message.text())?.[1];
    if (status && this.expected.includes(`${status} ${new URL(url).pathname}`)) return;
    this.wrong.push(`console: ${message.text()} (${url})`);
  }

  failed(request) {
    // Leaving a page cuts off what it is still loading, such as its events.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.wrong.push(`${request.url()}: ${request.failure()?.errorText}`);
  }

  // asked sees to it that nothing is loaded from anywhere else.
  asked(request) {
    const at = new URL(request.url());
    if (!['data:', 'about:'].includes(at.protocol) && ![this.given.base, this.given.issuer].includes(at.origin)) {
      this.wrong.push(`a request to elsewhere: ${request.url()}`);
    }
  }

  nothingWrong() {
    assert.deepEqual(this.wrong, [], 'the browser complains of nothing');
  }

  // signIn chooses who to be at the door for development, and lands at a page.
  async signIn(officer, path = '/') {
    await this.page.goto(path);
    await this.page.locator(`button[name=officer][value="${officer}"]`).click();
    await this.at(path);
  }

  // at waits until the page of an address is there.
  async at(path) {
    await this.page.waitForURL((u) => u.origin === this.given.base && u.pathname + u.search === path);
    await this.page.locator('main h1').waitFor();
  }

  // open goes to a page that answers with a status.
  async open(path, status = 200) {
    if (status >= 400) this.expected.push(`${status} ${path.split('?')[0]}`);
    const answer = await this.page.goto(path);
    assert.equal(answer.status(), status, `the answer of ${path}`);
  }

  text(selector) {
    return this.page.locator(selector).first().innerText();
  }

  async sees(text) {
    await this.page.locator('main').getByText(text).first().waitFor();
  }

  // show keeps a picture of what the visitor sees.
  async show() {
    const name = join(this.given.shots, `${Date.now()}-${Math.floor(Math.random() * 1e6)}.png`);
    try {
      await this.page.screenshot({ path: name, fullPage: true, timeout: 5_000 });
      console.error(`at ${this.page.url()}, see ${name}`);
    } catch (fault) {
      console.error(`at ${this.page.url()}, no picture: ${fault.message}`);
    }
    for (const line of this.wrong) console.error(line);
  }
}
