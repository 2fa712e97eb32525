// Where the scene is, its pages, and a Chromium to look at them with.
import { createRequire } from 'node:module';

export const require = createRequire(new URL('../../static/package.json', import.meta.url));
export const url = process.env.SCENE_URL;
export const slug = 'five-year-plan-iti';
export const rehearsal = `${slug}-rehearsal`;
export const languages = ['zh-Hant', 'en', 'zh-Hans'];

// Every kind of page that can be had by GET without a receipt.
export function pages(language) {
    const of = (name) =>
        [
            '', '/directions/1', '/measures/1-1', '/measures/3-4', '/booklet', '/tally', '/reconciliation', '/answer',
            '/measures/1-3/answer', '/glossary', '/measures/1-1/remarks', '/measures/1-1/remarks/support', '/search', '/search?q=%E4%BA%BA%E6%89%8D', '/search?q=zebra',
        ].map(
            (rest) => `/${language}/consultations/${name}${rest}`,
        );
    return [
        `/${language}`,
        `/${language}/privacy`,
        `/${language}/receipt-check`,
        `/${language}/saved-answers`,
        `/${language}/offline`,
        `/${language}/officials/sign-in`,
        `/${language}/officials/set-up`,
        `/${language}/problems/closed`,
        `/${language}/there-is-no-such-page`,
        ...of(slug),
        ...of(rehearsal),
    ];
}

// A receipt's page, and the form with its faults, come of POSTs.
export async function posted(language) {
    const form = (fields) => ({
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    });
    const of = `${url}/${language}/consultations/${rehearsal}`;
    const submissions = `${of}/submissions`;
    const state = async () => (await (await fetch(`${of}/answer`)).text()).match(/name="\/state" value="([^"]*)"/)[1];
    const good = {
        '/state': await state(),
        '/step': 'identity',
        '/kind': 'individual',
        '/identity/kind': 'email',
        '/identity/value': `${crypto.randomUUID()}@example.org`,
        '/publication': 'none',
        '/answers/1-1/stance': '4',
    };
    return {
        receipt: await fetch(submissions, form(good)),
        faults: await fetch(submissions, form({ ...good, '/state': await state(), '/identity/value': 'nobody' })),
    };
}

// html-validate by our rules; `more` stand beside them or instead.
export function validator(more = {}) {
    const { HtmlValidate } = require('html-validate');
    return new HtmlValidate({
        root: true,
        extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
        rules: {
            // Ours is written by templates: how it is indented and wrapped says nothing to a reader.
            'no-trailing-whitespace': 'off',
            'void-style': 'off',
            'long-title': 'off',
            // A summary of what is wrong stands above the page's heading, where it is read first.
            'heading-level': ['error', { minInitialRank: 'h2' }],
            // A table whose rows are a list on a narrow screen says that they are rows all the same (CSS Display 3, appendix C).
            'no-redundant-role': 'off',
            // Our own files, under names that change with their bytes.
            'require-sri': 'off',
            ...more,
        },
    });
}

// How long anything is waited for, in milliseconds: other suites and sanitizers may have the machine's cores meanwhile. What is
// never to come is still told as missing, before the suite's own time is over.
const patience = 90_000;

// Every page of it, in whatever context, has that patience.
export async function browser() {
    const { chromium } = require('playwright-core');
    const launched = await chromium.launch({
        // Debian's Chromium without the windows around its pages, which nobody sees and which take a third of a test's time.
        executablePath: '/usr/bin/chromium-headless-shell',
        // Chromium's own sandbox cannot be made by root, and the pages are ours.
        args: process.getuid() === 0 ? ['--no-sandbox'] : [],
        timeout: patience,
    });
    const open = launched.newContext.bind(launched);
    launched.newContext = async (options) => {
        const context = await open(options);
        context.setDefaultTimeout(patience);
        return context;
    };
    return launched;
}

// Notes what the console complains of, but for the status of a page that is a refusal, and requests to other hosts.
export function watch(page, faults, host = url) {
    page.on('console', (message) => {
        const text = message.text();
        if (['error', 'warning'].includes(message.type()) && !/the server responded with a status of 4\d\d/.test(text))
            faults.push(`${page.url()}: ${text}`);
    });
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`));
    page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(host).origin) faults.push(`${page.url()}: asks for ${request.url()}`);
    });
}

// Clicks, and waits for the page that it leads to.
export async function follow(page, locator) {
    await Promise.all([page.waitForNavigation(), locator.click()]);
}

// Prints what is wrong and leaves with 1, or says how much was looked at.
export function finish(faults, looked) {
    for (const fault of faults) console.error(fault);
    console.log(`${looked}, ${faults.length} faults`);
    process.exit(faults.length ? 1 : 0);
}
