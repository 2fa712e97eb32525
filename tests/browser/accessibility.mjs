// Every page passes axe-core's rules for WCAG 2.1 A and AA, on the smallest screen and a large one, in light, in dark and
// with more contrast, and in every state of a consultation's window; none scrolls sideways, complains in the console, or asks another
// host for anything.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { brokenTitles, look, sideways } from './look.mjs';
import { browser, finish, languages, pages, rehearsal, slug, url, validator, watch } from './pages.mjs';
import { go } from './steps.mjs';

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

// What is said of a window of the rehearsal, which is nobody's after this: its last day, its close with a grace and without, and what
// has not opened yet; and a form that was opened on the last day, as it is led on in the grace and after it. Each state by axe in one
// language, which differs, and in width and as HTML in all.
const wordsOf = (language) => JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));
const windows = [
    { name: 'last day', closes: '5 hours', says: 'window.last-day', axe: 'en' },
    { name: 'grace', closes: '-1 second', says: 'take-part.grace', axe: 'zh-Hant', form: 200 },
    { name: 'closed', closes: '-2 hours', says: 'take-part.closed', not: 'take-part.grace', axe: 'zh-Hans', form: 409 },
    { name: 'coming', opens: '9 days', closes: '60 days', says: 'window.coming', axe: 'en', rests: ['', '/tally'] },
];
const validate = validator();
const page = await chromium.newPage({ viewport: small });
watch(page, faults);
let reply;
page.on('response', (response) => response.request().isNavigationRequest() && (reply = response));

async function judge(name, whole) {
    looked++;
    faults.push(...(whole ? await look(page, name) : await sideways(page, name)));
    const report = await validate.validateString(await reply.text(), name);
    for (const result of report.results)
        for (const message of result.messages) faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
}

// Until the server has heard of it.
async function awaited({ name, says, not }) {
    const words = wordsOf('en');
    const begins = (key) => words[key].split('{{')[0];
    for (let tries = 0; tries < 120; tries++) {
        await page.goto(`${url}/en/consultations/${rehearsal}`);
        const said = await page.locator('main').innerText();
        if (said.includes(begins(says)) && !(not && said.includes(begins(not)))) return;
        await page.waitForTimeout(250);
    }
    faults.push(`${name}: the page never says ${says}`);
}

const form = await chromium.newPage({ viewport: small });
watch(form, faults);
let answer;
form.on('response', (response) => response.request().isNavigationRequest() && (answer = response));
await form.goto(`${url}/zh-Hant/consultations/${rehearsal}/measures/1-3/answer`);
for (const state of windows) {
    execFileSync('psql', [
        '-XAtqd', process.env.SCENE_DATABASE, '-c',
        `update consultation.consultations set opens_at = now() + interval '${state.opens ?? '-60 days'}',
         closes_at = now() + interval '${state.closes}', revision = revision + 1 where slug = '${rehearsal}'`,
    ]);
    await awaited(state);
    for (const language of languages)
        for (const rest of state.rests ?? ['', '/directions/1', '/measures/1-1', '/tally', '/answer']) {
            await page.goto(`${url}/${language}/consultations/${rehearsal}${rest}`);
            await judge(`${state.name} ${language} ${rest}`, language === state.axe);
        }
    await page.goto(`${url}/${state.axe}`);
    await judge(`${state.name} ${state.axe} start`, true);
    if (!state.form) continue;
    await go(form, 'next');
    if (answer.status() !== state.form) faults.push(`${state.name}: a form that was opened before is answered with ${answer.status()}`);
    faults.push(...(await look(form, `${state.name}, a form that was opened before`)));
    looked++;
}
await chromium.close();
finish(faults, `${looked} pages`);
