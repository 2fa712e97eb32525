// Every step of the answer form, in every state it can be in, passes axe-core's rules on the smallest screen, in each language,
// in the dark, with more contrast, and on a large screen; and its faults lead to their fields by keyboard.
import { leadsToFields, look } from './look.mjs';
import { browser, finish, languages, rehearsal, watch } from './pages.mjs';
import { everyStep } from './steps.mjs';

const viewport = { width: 320, height: 640 };
const sights = [
    ...languages.map((language) => ({ language, viewport })),
    { language: 'en', viewport, colorScheme: 'dark' },
    { language: 'zh-Hant', viewport, contrast: 'more', colorScheme: 'dark' },
    { language: 'zh-Hans', viewport: { width: 1280, height: 900 } },
];
const faults = [];
let looked = 0;

const chromium = await browser();
for (const { language, ...context } of sights) {
    const page = await chromium.newPage(context);
    watch(page, faults);
    await everyStep(page, language, rehearsal, async (state) => {
        looked++;
        faults.push(...(await look(page, `${context.colorScheme ?? 'light'} ${state}`)), ...(await leadsToFields(page, state)));
    });
    await page.close();
}
await chromium.close();
finish(faults, `${looked} steps`);
