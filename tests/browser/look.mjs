// What axe-core's rules for WCAG 2.2 A and AA find in a page, and whether it scrolls sideways.
import { readFileSync } from 'node:fs';
import { require } from './pages.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// `rules` as axe.run takes them.
export async function look(page, name, rules = {}) {
    // Evaluated by the debugger, which the page's Content-Security-Policy does not govern.
    await page.evaluate(axe);
    const result = await page.evaluate(
        (rules) =>
            globalThis.axe.run({
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                rules,
                // What passes is not described, which takes a third of the time.
                resultTypes: ['violations'],
            }),
        rules,
    );
    const faults = result.violations.map(
        (violation) => `${name}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)}`,
    );
    return [...faults, ...(await sideways(page, name))];
}

// What 200 % takes away (WCAG 1.4.4, 1.4.10): text that is cut off, a control or a text that begins or ends beyond the edge, where
// nothing scrolls to it by itself. What is hidden from eyes on purpose is one pixel large.
export async function cutOff(page, name) {
    const found = await page.evaluate(() => {
        const isSeen = (element) => element.getClientRects().length && element.clientWidth > 1 && !element.closest('.app-unseen, .govuk-skip-link, svg, [hidden]');
        const scrolls = (element) => {
            for (let each = element; each && each !== document.body; each = each.parentElement)
                if (/auto|scroll/.test(getComputedStyle(each).overflowX)) return true;
            return false;
        };
        const cut = [];
        for (const element of document.body.querySelectorAll('*')) {
            if (!isSeen(element) || scrolls(element)) continue;
            const { left, right } = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            const clips = /hidden|clip/.test(style.overflowX + style.overflowY) && !/INPUT|TEXTAREA|SELECT/.test(element.tagName);
            if (right > document.documentElement.clientWidth + 1 || left < -1) cut.push(`beyond the edge: ${element.outerHTML.slice(0, 120)}`);
            else if (clips && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
                cut.push(`cut off: ${element.outerHTML.slice(0, 120)}`);
        }
        return cut.slice(0, 3);
    });
    return [...found.map((each) => `${name}: ${each}`), ...(await sideways(page, name))];
}

// A Chinese title of several lines breaks after its marks, on the smallest phone as well: not within a word.
export async function brokenTitles(page, name) {
    const lines = await page.locator(':is(h1, .app-card:not(.app-cards--doors *) .app-card__title):lang(zh)').evaluateAll((titles) =>
        titles.flatMap((title) => {
            const found = [];
            const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            let last;
            while (walker.nextNode())
                for (let at = 0; at < walker.currentNode.length; at++) {
                    range.setStart(walker.currentNode, at);
                    range.setEnd(walker.currentNode, at + 1);
                    const { top } = range.getBoundingClientRect();
                    if (last !== undefined && top > last + 5) found.push('');
                    found.push((found.pop() ?? '') + range.toString());
                    last = top;
                }
            return found.slice(0, -1);
        }),
    );
    return lines.filter((line) => !/[：，、；。」）？]\s*$/.test(line)).map((line) => `${name}: a title breaks after “${line}”`);
}

export async function sideways(page, name) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    return wide ? [`${name}: scrolls sideways`] : [];
}

// Each link of an error summary takes the keyboard, and with it a screen reader, to where the fault is mended.
export async function leadsToFields(page, name) {
    const faults = [];
    for (const link of await page.locator('.govuk-error-summary__list a').all()) {
        const href = await link.getAttribute('href');
        await link.focus();
        await page.keyboard.press('Enter');
        const at = await page.evaluate(() => document.activeElement.id);
        if (`#${at}` !== href) faults.push(`${name}: the summary's ${href} leads to #${at}`);
    }
    return faults;
}
