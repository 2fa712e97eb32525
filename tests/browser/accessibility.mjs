// Every page passes axe-core's rules for WCAG 2.1 A and AA, on the smallest screen and a large one, in light, in dark and
// with more contrast; none scrolls sideways, complains in the console, or asks another host for anything.
import { readFileSync } from 'node:fs';
import { browser, finish, languages, pages, require, slug, throughForm, url, watch } from './pages.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const small = { width: 320, height: 640 };
const large = { width: 1280, height: 900 };
// Words, and how they wrap, differ by language; colours do not, nor between two consultations, so that the other sights look
// at the rehearsal only, and what has contrast at pages that have every kind of piece.
const rehearsals = (path) => !path.includes(`/${slug}/`);
const pieces = (path) => /-rehearsal(\/(measures\/1-1|tally|booklet))?$/.test(path);
const sights = [
    { name: 'small', viewport: small, languages, which: () => true },
    { name: 'small dark', viewport: small, colorScheme: 'dark', languages: ['en'], which: rehearsals },
    { name: 'large', viewport: large, languages: ['en'], which: rehearsals },
    { name: 'large dark', viewport: large, colorScheme: 'dark', languages: ['zh-Hant'], which: pieces },
    { name: 'more contrast', viewport: small, contrast: 'more', languages: ['zh-Hans'], which: pieces },
    { name: 'more contrast dark', viewport: small, contrast: 'more', colorScheme: 'dark', languages: ['zh-Hant'], which: pieces },
    { name: 'forced colours', viewport: small, forcedColors: 'active', languages: ['en'], which: pieces },
];
const faults = [];
let looked = 0;

async function look(page, name) {
    looked++;
    // Forced colours are the visitor's own; axe reckons with ours.
    const rules = { 'color-contrast': { enabled: !name.startsWith('forced') } };
    // Evaluated by the debugger, which the page's Content-Security-Policy does not govern.
    await page.evaluate(axe);
    const result = await page.evaluate(
        (rules) => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], rules }),
        rules,
    );
    for (const violation of result.violations)
        faults.push(`${name}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (wide) faults.push(`${name}: scrolls sideways`);
}

const chromium = await browser();
for (const { name, languages: spoken, which, ...context } of sights) {
    const page = await chromium.newPage(context);
    watch(page, faults);
    for (const language of spoken) {
        for (const path of pages(language).filter(which)) {
            await page.goto(url + path);
            await look(page, `${name} ${path}`);
        }
        await throughForm(page, language, (page, state) => look(page, `${name} ${state}`));
    }
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
