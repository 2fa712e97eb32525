// Every page passes axe-core's rules for WCAG 2.1 A and AA, on the smallest screen and a large one, in light, in dark and
// with more contrast; none scrolls sideways, complains in the console, or asks another host for anything.
import { look } from './look.mjs';
import { browser, finish, languages, pages, url, watch } from './pages.mjs';

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

const chromium = await browser();
for (const { name, languages: spoken, ...context } of sights) {
    const page = await chromium.newPage(context);
    watch(page, faults);
    for (const language of spoken) {
        for (const path of pages(language)) {
            await page.goto(url + path);
            faults.push(...(await look(page, `${name} ${path}`)));
            looked++;
        }
    }
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
