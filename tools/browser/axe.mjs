// Pages held to WCAG 2.2, levels A and AA, by axe: at the width of a desk and of
// a telephone, light and dark.
import axe from 'axe-core';

const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const desk = { width: 1280, height: 900 };
const telephone = { width: 390, height: 844 };

// changing are the rules that a width or a colour scheme can change the answer
// of: nothing else of a page depends on them.
const changing = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block'];

// judge runs axe in the page that is open, whatever its policy for content:
// what comes from the driver is not held to it.
export async function judge(page, tags = all, colours = true) {
  const runOnly = colours ? tags : tags.filter((t) => t !== 'color-contrast');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate((options) => axe.run(document, options).then((r) => r.violations), {
    runOnly, resultTypes: ['violations'], preload: false, rules: colours ? {} : { 'color-contrast': { enabled: false } },
  });
}

// said is a line for each rule that is broken, with the first place where it is.
const said = (violations) => violations.map(({ id, nodes: [first, ...more] }) =>
  `${id}: ${first.target.join(' ')}: ${first.failureSummary.replace(/\s+/g, ' ')}${more.length ? ` (and in ${more.length} more places)` : ''}`);

// faults are what was found on all pages so far.
export const faults = [];

// tooWide names what makes a page wider than its window, where something does.
function tooWide() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return '';
  const scrolls = (e) => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  return [...document.querySelectorAll('main *, header *, footer *')].filter((e) => e.getBoundingClientRect().right > width && !scrolls(e.parentElement))
    .slice(-2).map((e) => e.outerHTML.slice(0, 160)).join(' ');
}

// holds judges the page that is open, folded out: by every rule, and in the other look by
// those it can change. A language changes no colour, so that these, which take
// the longest, are judged in Vietnamese.
export async function holds(v, name) {
  const lang = await v.page.locator('html').getAttribute('lang');
  await v.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  for (const [look, size, colorScheme, rules] of [['desk', desk, 'light', all], ['telephone, dark', telephone, 'dark', changing]]) {
    await v.page.setViewportSize(size);
    await v.page.emulateMedia({ colorScheme });
    faults.push(...said(await judge(v.page, rules, lang === 'vi')).map((f) => `${name}, ${lang}, ${look}: ${f}`));
    const wide = await v.page.evaluate(tooWide);
    if (wide) faults.push(`${name}, ${lang}, ${look}: the page is wider than the window (1.4.10): ${wide}`);
  }
}
