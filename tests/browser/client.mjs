// The answer form in a browser with scripts: the count, what is kept over a reload and for later, sending without a
// connection and with two clicks, erasing, and the proof-of-work, whose time on slower processors is printed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { look as found } from './look.mjs';
import { browser, follow, languages, require, slug, url, watch } from './pages.mjs';

const root = new URL('../../', import.meta.url).pathname;
const form = (language) => `${url}/${language}/consultations/${slug}/answer`;
const quick = (language) => `${url}/${language}/consultations/${slug}/measures/1-3/answer`;
const remark = '[name="/answers/1-3/remark"]';
const words = Object.fromEntries(languages.map((l) => [l, JSON.parse(readFileSync(`${root}static/strings/${l}.json`, 'utf8'))]));

const query = (sql) => execFileSync('psql', ['-XqAt', '-d', process.env.SCENE_DATABASE, '-c', `set search_path = consultation; ${sql}`], { encoding: 'utf8' }).trim();
const rows = () => Number(query('select count(*) from submissions'));
const kept = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }));
const go = (page, value) => follow(page, page.locator(`main button[name="/go"][value="${value}"]:not([tabindex="-1"])`).first());
const status = (page) => page.locator('[data-part="status"]');

const chromium = await browser();
const faults = [];

// What scripts have put on the page is as accessible as the page.
async function look(page, name) {
    faults.push(...(await found(page, name)));
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

// A visitor of their own: storage, cookies (there are none), connection.
async function visit(run, options = {}) {
    const context = await chromium.newContext({ viewport: { width: 390, height: 844 }, ...options });
    const page = await context.newPage();
    const seen = [];
    watch(page, seen);
    await run(page, context);
    faults.push(...seen.filter((fault) => !/registration blocked by Playwright/.test(fault)));
    assert.deepEqual(await context.cookies(), []);
    await context.close();
}

// From the measure of the quick way to the last step, with something said.
async function toIdentity(page, language, said = 'A remark.') {
    await page.goto(quick(language));
    await page.locator('[name="/answers/1-3/stance"][value="5"]').check();
    await page.locator(remark).fill(said);
    for (let i = 0; i < 4 && !(await page.locator('[name="/identity/value"]').count()); i++) {
        if (await page.locator('[name="/kind"]').count()) {
            await page.locator('[name="/kind"][value="individual"]').check();
            await page.locator('[name="/publication"][value="none"]').check();
        }
        await go(page, 'next');
    }
    const kind = page.locator('[name="/identity/kind"][value="email"]');
    if (await kind.isVisible()) await kind.check();
    await page.locator('[name="/identity/value"]').fill(`${crypto.randomUUID()}@example.org`);
}

const solved = (page) => page.waitForFunction(() => document.querySelector('[name="/proof_of_work"]').value !== '');
const send = (page) => page.locator('form[action$="/submissions"] button[type=submit]:not([name])').last();
const recorded = (page) => page.locator('[data-recorded]').waitFor();

async function journey(language) {
    await visit(async (page) => {
        await page.goto(quick(language));
        const count = page.locator('.govuk-character-count__status');
        const left = (n) => words[language]['answer.count-left'].replace('%{count}', new Intl.NumberFormat(language).format(n));
        assert.equal(await count.innerText(), left(2000));
        await page.locator(remark).fill('𠮷\r\n好');
        assert.equal(await count.innerText(), left(1997), 'code points, a line end being one');
        await page.locator(remark).fill('x'.repeat(2001));
        await look(page, `too-long-${language}`);
        assert.equal(await count.innerText(), words[language]['answer.count-over'].replace('%{count}', '1'));
        await toIdentity(page, language);
        await solved(page);
        assert.ok(!(await kept(page)).includes('example.org'), 'an identity is kept');
        await follow(page, send(page));
        await recorded(page);
        assert.equal(await kept(page), '{}', 'nothing is left once it was recorded');
        assert.equal(await page.evaluate(() => sessionStorage.length), 0);
        assert.equal(query('select unchallenged from submissions order by submission_id desc limit 1'), 'f');
    });
}

async function reloadKeeps() {
    await visit(async (page) => {
        await page.goto(quick('en'));
        await page.locator('[name="/answers/1-3/stance"][value="2"]').check();
        await page.locator(remark).fill('Words that took\nan evening');
        await page.reload();
        assert.equal(await page.locator(remark).inputValue(), 'Words that took\nan evening');
        assert.equal(await page.locator('[name="/answers/1-3/stance"][value="2"]').isChecked(), true);
        assert.equal(await status(page).innerText(), words.en['answer.browser-restored']);
        await look(page, 'restored');
        // A later step, which came by POST.
        await page.goto(form('en'));
        await go(page, 'views');
        await page.locator('[name="/views/1/text"]').fill('A view of mine');
        await page.reload();
        assert.equal(await page.locator('[name="/views/1/text"]').inputValue(), 'A view of mine');
        await go(page, 'tasks');
        await go(page, 'views');
        assert.equal(await page.locator('[name="/views/1/text"]').inputValue(), 'A view of mine');
    });
}

async function comesBack() {
    await visit(async (page, context) => {
        await page.goto(quick('zh-Hant'));
        await page.locator('[name="/answers/1-3/stance"][value="4"]').check();
        await go(page, 'next');
        await page.goto(form('zh-Hant'));
        await page.locator('[data-part="resume"]').waitFor({ state: 'visible' });
        const later = await context.newPage();
        await page.close();
        watch(later, faults);
        await later.goto(quick('zh-Hant'));
        await later.locator('[data-part="resume"]').waitFor({ state: 'visible' });
        await look(later, 'unsent');
        assert.match(await later.locator('[data-part="written"]').innerText(), /\d{4}/);
        await follow(later, later.locator('[data-part="continue"]'));
        assert.equal(await later.locator('[data-part="resume"]').isVisible(), false);
        await later.goBack();
        await later.goto(form('zh-Hant'));
        await follow(later, later.locator('[data-part="continue"]'));
        await go(later, 'back');
        assert.equal(await later.locator('[name="/answers/1-3/stance"][value="4"]').isChecked(), true);
    });
}

async function erases() {
    await visit(async (page) => {
        await page.goto(quick('en'));
        await page.locator(remark).fill('Secret of a shared computer');
        await page.locator('[data-part="kept"]').waitFor({ state: 'visible' });
        assert.ok((await kept(page)).includes('Secret'));
        await page.locator('[data-part="kept"] [data-part="erase"]').click();
        assert.equal(await status(page).innerText(), words.en['answer.browser-erased']);
        await page.locator(remark).fill('Secret again');
        await go(page, 'next');
        await page.reload();
        assert.equal(await kept(page), '{}');
        await go(page, 'back');
        assert.equal(await page.locator(remark).inputValue(), 'Secret again', 'what is on the page goes on');
    });
}

// What a service worker asks for cannot be held up here; network.mjs has the same with one. And a worker
// may be let online a moment after its page, whose form it would then answer with the page for those without a connection.
const withoutWorker = { serviceWorkers: 'block' };

async function offline() {
    await visit(async (page, context) => {
        await toIdentity(page, 'en', 'Sent from a tunnel');
        const before = rows();
        await context.setOffline(true);
        await send(page).click();
        await page.waitForFunction((text) => document.querySelector('[data-part="status"]').textContent === text, words.en['answer.browser-offline']);
        await look(page, 'offline');
        await send(page).click();
        assert.ok(!(await kept(page)).includes('example.org'));
        assert.equal(rows(), before);
        await Promise.all([recorded(page), context.setOffline(false)]);
        assert.equal(rows(), before + 1);
        assert.equal(await kept(page), '{}');
        await page.reload();
        await recorded(page);
        assert.equal(rows(), before + 1);
    }, withoutWorker);
}

async function twoClicks() {
    await visit(async (page) => {
        const posts = [];
        page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
        // Nothing goes out before the page was looked at.
        let release;
        const looked = new Promise((resolve) => (release = resolve));
        await page.route('**/submissions', async (route) => {
            await looked;
            await route.continue();
        });
        await toIdentity(page, 'en');
        const before = rows();
        posts.length = 0;
        const seen = await send(page).evaluate(async (button) => {
            button.click();
            button.click();
            await new Promise((resolve) => setTimeout(resolve, 1200));
            return [button.getAttribute('aria-disabled'), document.querySelector('[data-part="status"]').textContent];
        });
        release();
        assert.deepEqual(seen, ['true', words.en['answer.browser-sending']]);
        await recorded(page);
        assert.equal(posts.length, 1);
        assert.equal(rows(), before + 1);
    }, withoutWorker);
}

// What is there is enough without any of it: the script does not come, storage is forbidden, the work is not done.
async function breaks() {
    await visit(async (page) => {
        await page.route('**/*.worker.*', (route) => route.fulfill({ status: 404, body: '' }));
        await page.addInitScript(() => {
            for (const name of ['localStorage', 'sessionStorage'])
                Object.defineProperty(globalThis, name, {
                    get() {
                        throw new DOMException('forbidden', 'SecurityError');
                    },
                });
        });
        await toIdentity(page, 'en');
        await follow(page, send(page));
        await recorded(page);
        assert.equal(query('select unchallenged from submissions order by submission_id desc limit 1'), 't');
    });
}

// Four hours later, in a tab that was left open: the work of then is done anew, and nobody notices.
async function staleWork() {
    await visit(async (page) => {
        await page.clock.install();
        await page.goto(quick('en'));
        await page.locator('[name="/answers/1-3/stance"][value="5"]').check();
        const solution = () => page.evaluate(() => Object.entries(sessionStorage).find(([name]) => name.startsWith('proof-of-work:'))?.[1]);
        for (let i = 0; i < 900 && !(await solution()); i++) await new Promise((resolve) => setTimeout(resolve, 100));
        const old = JSON.parse(await solution()).value;
        await page.clock.setSystemTime(Date.now() + 5 * 60 * 60 * 1000);
        await go(page, 'next');
        await page.locator('[name="/kind"][value="individual"]').check();
        await page.locator('[name="/publication"][value="none"]').check();
        await go(page, 'next');
        await go(page, 'next');
        await solved(page);
        assert.notEqual(await page.locator('[name="/proof_of_work"]').inputValue(), old);
        await page.locator('[name="/identity/kind"][value="email"]').check();
        await page.locator('[name="/identity/value"]').fill(`${crypto.randomUUID()}@example.org`);
        await follow(page, send(page));
        await recorded(page);
        assert.equal(query('select unchallenged from submissions order by submission_id desc limit 1'), 'f');
    });
}

// The solver on the page's own thread, for only that can be throttled.
async function work() {
    const esbuild = require('esbuild');
    const { outputFiles } = await esbuild.build({ entryPoints: [`${root}static/js/solve.js`], bundle: true, minify: true, format: 'iife', globalName: 'work', write: false });
    const most = Number(/proof_of_work_most, (\d+)/.exec(readFileSync(`${root}server/settings.def`, 'utf8'))[1]);
    await visit(async (page, context) => {
        await page.goto(form('en'));
        const devtools = await context.newCDPSession(page);
        for (const [rate, name] of [
            [1, 'this machine'],
            [4, 'a middling phone'],
            [6, 'a throttled one'],
        ]) {
            await devtools.send('Emulation.setCPUThrottlingRate', { rate });
            // The best of five, for whatever else the machine does only takes time away.
            const each = await page.evaluate(`${outputFiles[0].text}; (() => {
                const challenge = { ...JSON.parse(document.querySelector('[data-challenge]').dataset.challenge), challenge: '0'.repeat(64), maxnumber: 20000 };
                const times = Array.from({ length: 5 }, () => {
                    const begin = performance.now();
                    work.solve(challenge);
                    return performance.now() - begin;
                });
                return Math.min(...times) / 20000;
            })()`);
            const seconds = (tries) => ((tries * each) / 1000).toFixed(2);
            console.log(`proof-of-work, ${name} (${rate} times slower): ${seconds(most / 2)} s on average, ${seconds(most)} s at the most`);
            if (rate === 6) assert.ok(most * each < 5000, 'five seconds at most on a throttled phone');
        }
    });
}

for (const language of languages) await journey(language);
console.log('answered with scripts in three languages');
for (const run of [reloadKeeps, comesBack, erases, offline, twoClicks, breaks, staleWork, work]) {
    await run();
    console.log(`${run.name}: well`);
}
await chromium.close();
assert.deepEqual(faults, [], 'the browser had nothing to complain of');
