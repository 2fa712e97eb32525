// Every page passes axe-core's rules for WCAG 2.1 A and AA, on the smallest screen and a large one, in light, in dark and
// with more contrast; none scrolls sideways, complains in the console, or asks another host for anything.
import { readFileSync } from 'node:fs';
import { browser, finish, languages, pages, rehearsal, require, url, watch } from './pages.mjs';
import { everyStep } from './steps.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const small = { width: 320, height: 640 };
const large = { width: 1280, height: 900 };
// Colours are the same in every language; words, and how they wrap, are not.
const sights = [
    { name: 'small', viewport: small, languages },
    { name: 'small dark', viewport: small, colorScheme: 'dark', languages: ['en'] },
    { name: 'large', viewport: large, languages: ['en'] },
    { name: 'large dark', viewport: large, colorScheme: 'dark', languages: ['zh-Hant'] },
    { name: 'more contrast', viewport: small, contrast: 'more', languages: ['zh-Hans'] },
    { name: 'more contrast dark', viewport: small, contrast: 'more', colorScheme: 'dark', languages: ['zh-Hant'] },
    { name: 'forced colours', viewport: small, forcedColors: 'active', languages: ['en'] },
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
for (const { name, languages: spoken, ...context } of sights) {
    const page = await chromium.newPage(context);
    watch(page, faults);
    for (const language of spoken) {
        for (const path of pages(language)) {
            await page.goto(url + path);
            await look(page, `${name} ${path}`);
        }
        await everyStep(page, language, rehearsal, (state) => look(page, `${name} ${state}`));
    }
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
