// Every page passes axe-core's rules for WCAG 2.1 A and AA, on a small screen and a large one.
import { readFileSync } from 'node:fs';
import { browser, finish, follow, languages, pages, rehearsal, require, url } from './pages.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const screens = [
    { width: 360, height: 740 },
    { width: 1280, height: 900 },
];
const faults = [];
let looked = 0;

async function look(page, name) {
    looked++;
    // Evaluated by the debugger, which the page's Content-Security-Policy does not govern.
    await page.evaluate(axe);
    const result = await page.evaluate(() =>
        globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }),
    );
    for (const violation of result.violations)
        faults.push(`${name}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (wide) faults.push(`${name}: scrolls sideways`);
}

const chromium = await browser();
for (const viewport of screens) {
    const page = await chromium.newPage({ viewport });
    // What a wide screen adds is the same in every language.
    for (const language of viewport.width > 1000 ? ['en'] : languages) {
        for (const path of pages(language)) {
            await page.goto(url + path);
            await look(page, `${viewport.width} ${path}`);
        }
        // The form sent empty comes back with its faults.
        await page.goto(`${url}/${language}/consultations/${rehearsal}/answer`);
        await follow(page, page.locator('form[action$="/submissions"] button[type=submit], form[action$="/submissions"] button:not([type])').last());
        await look(page, `${viewport.width} ${language} form with faults`);
    }
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
