// Pages held to WCAG 2.2, levels A and AA, by axe: at the width of a desk and of
// a telephone, light and dark.
import { AxeBuilder } from '@axe-core/playwright';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const desk = { width: 1280, height: 900 };
const telephone = { width: 390, height: 844 };

// changing are the rules that a width or a colour scheme can change the answer
// of: nothing else of a page depends on them.
const changing = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block', 'hidden-content', 'css-orientation-lock'];

export const judge = async (page, only = rules) => {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], runOnly: only });
  return (await axe.setLegacyMode().analyze()).violations; // pages have no frames
};
const said = (violations) => violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`));

// faults are what was found on all pages so far.
export const faults = [];

// holds judges the page that is open: by every rule, and in the other look by
// those it can change.
export async function holds(v, name) {
  const lang = await v.page.locator('html').getAttribute('lang');
  for (const [look, size, colorScheme, only] of [['desk', desk, 'light', rules], ['telephone, dark', telephone, 'dark', changing]]) {
    await v.page.setViewportSize(size);
    await v.page.emulateMedia({ colorScheme });
    faults.push(...said(await judge(v.page, only)).map((f) => `${name}, ${lang}, ${look}: ${f}`));
    const wide = await v.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${name}, ${lang}, ${look}: the page is ${wide} pixels wider than the window (1.4.10)`);
  }
}
