// Every page passes axe-core's rules for WCAG 2.1 A and AA, on the smallest screen and a large one, in light, in dark and
// with more contrast; none scrolls sideways, complains in the console, or asks another host for anything.
import { brokenTitles, look } from './look.mjs';
import { browser, finish, languages, pages, slug, url, watch } from './pages.mjs';

const small = { width: 320, height: 640 };
const large = { width: 1280, height: 900 };
// Words, and how they wrap, differ by language; colours do not, nor between two consultations, so that the other sights look
// at the rehearsal only, and what has contrast at pages that have every kind of piece.
const rehearsals = (path) => !path.includes(`/${slug}/`);
const pieces = (path) => /-rehearsal(\/(measures\/1-1|tally|booklet|search\?.*))?$/.test(path);
// Those whose title is the consultation's, or is chosen to fit: a measure's is a whole sentence.
const titled = (path) => !/\/(measures|directions|answer)/.test(path);
// Forced colours are the visitor's own; axe would reckon with ours.
const uncoloured = { 'color-contrast': { enabled: false } };
const sights = [
    { name: 'small', viewport: small, languages, which: () => true },
    { name: 'small dark', viewport: small, colorScheme: 'dark', languages: ['en'], which: rehearsals },
    { name: 'large', viewport: large, languages: ['en'], which: rehearsals },
    { name: 'large dark', viewport: large, colorScheme: 'dark', languages: ['zh-Hant'], which: pieces },
    { name: 'more contrast', viewport: small, contrast: 'more', languages: ['zh-Hans'], which: pieces },
    { name: 'more contrast dark', viewport: small, contrast: 'more', colorScheme: 'dark', languages: ['zh-Hant'], which: pieces },
    { name: 'forced colours', viewport: small, forcedColors: 'active', languages: ['en'], which: pieces, rules: uncoloured },
];
const faults = [];
let looked = 0;

const chromium = await browser();
for (const { name, languages: spoken, which, rules, ...context } of sights) {
    const page = await chromium.newPage(context);
    watch(page, faults);
    for (const language of spoken) {
        for (const path of pages(language).filter(which)) {
            await page.goto(url + path);
            faults.push(...(await look(page, `${name} ${path}`, rules)));
            if (titled(path)) faults.push(...(await brokenTitles(page, `${name} ${path}`)));
            looked++;
        }
    }
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
