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

const said = (violations) => violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`));

// faults are what was found on all pages so far.
export const faults = [];

// holds judges the page that is open: by every rule, and in the other look by
// those it can change. A language changes no colour, so that these, which take
// the longest, are judged in Vietnamese.
export async function holds(v, name) {
  const lang = await v.page.locator('html').getAttribute('lang');
  for (const [look, size, colorScheme, rules] of [['desk', desk, 'light', all], ['telephone, dark', telephone, 'dark', changing]]) {
    await v.page.setViewportSize(size);
    await v.page.emulateMedia({ colorScheme });
    faults.push(...said(await judge(v.page, rules, lang === 'vi')).map((f) => `${name}, ${lang}, ${look}: ${f}`));
    const wide = await v.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${name}, ${lang}, ${look}: the page is ${wide} pixels wider than the window (1.4.10)`);
  }
}
