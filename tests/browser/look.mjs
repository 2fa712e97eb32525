// What axe-core's rules for WCAG 2.1 A and AA find in a page, and whether it scrolls sideways.
import { readFileSync } from 'node:fs';
import { require } from './pages.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// `rules` as axe.run takes them.
export async function look(page, name, rules = {}) {
    // Evaluated by the debugger, which the page's Content-Security-Policy does not govern.
    await page.evaluate(axe);
    const result = await page.evaluate(
        (rules) => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], rules }),
        rules,
    );
    const faults = result.violations.map(
        (violation) => `${name}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)}`,
    );
    return [...faults, ...(await sideways(page, name))];
}

export async function sideways(page, name) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    return wide ? [`${name}: scrolls sideways`] : [];
}
