// At 200 % nothing is lost and nothing scrolls sideways, on every page and in every state of the form: the whole page zoomed,
// as browsers do (half the window's width at twice the density), and the text alone, as a larger font size in the settings does.
import { cutOff } from './look.mjs';
import { browser, finish, languages, pages, rehearsal, slug, url, watch } from './pages.mjs';
import { everyStep } from './steps.mjs';

const window = { width: 1280, height: 800 };
const zoomed = { viewport: { width: window.width / 2, height: window.height / 2 }, deviceScaleFactor: 2 };
const faults = [];
let looked = 0;

// As if the reader's font were twice as large: rem follows it.
const enlarge = (page) => page.evaluate(() => (document.documentElement.style.fontSize = '200%'));

const chromium = await browser();
for (const language of languages) {
    const page = await chromium.newPage(zoomed);
    watch(page, faults);
    const look = async (name) => {
        looked++;
        faults.push(...(await cutOff(page, `${name} at 200 %`)));
        if (language === 'en') {
            const before = await page.locator('h1').first().evaluate((heading) => getComputedStyle(heading).fontSize);
            await enlarge(page);
            const after = await page.locator('h1').first().evaluate((heading) => getComputedStyle(heading).fontSize);
            if (parseFloat(after) < 1.9 * parseFloat(before)) faults.push(`${name}: its text does not grow: ${before}, ${after}`);
            await page.setViewportSize(window);
            faults.push(...(await cutOff(page, `${name} with larger text`)));
            await page.evaluate(() => document.documentElement.removeAttribute('style'));
            await page.setViewportSize(zoomed.viewport);
        }
    };
    for (const path of pages(language).filter((each) => !each.includes(`/${slug}/`) || language === 'en')) {
        await page.goto(url + path);
        await look(path);
    }
    await everyStep(page, language, rehearsal, look);
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages and states`);
