// The answer form with scripts where the network is bad: reloaded without any, a connection that is there and carries
// nothing, and one of a slow phone. Nothing is lost, nothing counts twice, and no cache ever holds what somebody wrote.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { look as found } from './look.mjs';
import { browser, languages, slug, url, watch } from './pages.mjs';
import { choose, field, go, identify, received, step } from './steps.mjs';

const sql = (text) => execFileSync('psql', ['-XAtq', process.env.SCENE_DATABASE, '-c', text], { encoding: 'utf8' }).trim();
const rows = () => Number(sql('select count(*) from consultation.submissions'));
const words = Object.fromEntries(
    languages.map((l) => [l, JSON.parse(readFileSync(new URL(`../../static/strings/${l}.json`, import.meta.url), 'utf8'))]),
);
const quick = (language) => `/${language}/consultations/${slug}/measures/1-3/answer`;
const part = (page, name) => page.locator(`[data-part="${name}"]`);
const send = (page) => page.locator('form[action$="/submissions"] button[type=submit]:not([name])');
const workers = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map((each) => new URL(each.scope).pathname));
const standing = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

const chromium = await browser();
const faults = [];
// A connection that fails is what is looked at here.
const failed = /net::ERR_|Failed to load resource/;

async function visit(run, host = url) {
    const context = await chromium.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    const seen = [];
    watch(page, seen, host);
    await run(page, context);
    faults.push(...seen.filter((fault) => !failed.test(fault)));
    await context.close();
}

// Everything that the Cache API holds, as text.
async function cached(page) {
    return page.evaluate(async () => {
        const all = {};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) all[new URL(request.url).pathname] = await (await cache.match(request)).text();
        }
        return all;
    });
}

async function begin(page, language, at = url) {
    await page.goto(at + quick(language));
    await standing(page);
    await choose(page, '/answers/1-3/stance', '4');
    await field(page, '/answers/1-3/remark').fill('Words of a tunnel\n<b>bold</b>');
    await part(page, 'kept').waitFor({ state: 'visible' });
}

// Reloaded without a connection: our page, in the same language, with what waits; and on by itself.
async function reloaded(language) {
    await visit(async (page, context) => {
        await begin(page, language);
        assert.deepEqual(await workers(page), [`/${language}/consultations/${slug}/`]);
        await context.setOffline(true);
        await page.reload();
        assert.equal(await page.locator('h1').innerText(), words[language]['offline.title']);
        assert.equal(await page.locator('html').getAttribute('lang'), language);
        await part(page, 'waiting').waitFor({ state: 'visible' });
        assert.equal(await part(page, 'said').innerText(), 'Words of a tunnel\n<b>bold</b>');
        assert.match(await part(page, 'written').innerText(), /\d{4}/);
        assert.equal(await part(page, 'nothing').isVisible(), false);
        assert.ok(await page.evaluate(() => getComputedStyle(document.querySelector('.govuk-button')).backgroundColor !== 'rgba(0, 0, 0, 0)'), 'with its style');
        faults.push(...(await found(page, `offline ${language}`)));
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/offline-${language}.png`, fullPage: true });
        const all = await cached(page);
        assert.ok(Object.keys(all).every((path) => path === `/${language}/offline` || path.startsWith('/static/')), Object.keys(all).join());
        assert.ok(!Object.values(all).some((text) => text.includes('Words of a tunnel')), 'what was written is in a cache');
        await context.setOffline(false);
        await field(page, '/answers/1-3/remark').waitFor();
        assert.equal(await field(page, '/answers/1-3/remark').inputValue(), 'Words of a tunnel\n<b>bold</b>');
        assert.ok(await page.locator('[name="/answers/1-3/stance"][value="4"]').isChecked());
    });
}

// A later step, which came by POST; then to the receipt, after which neither worker nor cache is left.
async function postedStep() {
    await visit(async (page, context) => {
        await begin(page, 'en');
        await go(page, 'next');
        await choose(page, '/kind', 'individual');
        await choose(page, '/publication', 'none');
        await page.waitForFunction(() => Object.values(localStorage).some((kept) => kept.includes('"/kind"')));
        await context.setOffline(true);
        await page.reload();
        await part(page, 'waiting').waitFor({ state: 'visible' });
        await context.setOffline(false);
        await part(page, 'continue').click();
        await field(page, '/kind').first().waitFor();
        assert.ok(await page.locator('[name="/kind"][value="individual"]').isChecked());
        await go(page, 'next');
        await go(page, 'next');
        await identify(page);
        const before = rows();
        await send(page).click();
        await page.locator('[data-recorded]').waitFor();
        assert.equal(rows(), before + 1);
        await page.waitForFunction(async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length);
    });
}

// On a shared computer: nothing is left, and the next reload is as if nobody had been here.
async function erased() {
    await visit(async (page, context) => {
        await begin(page, 'en');
        await context.setOffline(true);
        await page.reload();
        await part(page, 'erase').click();
        assert.equal(await part(page, 'status').innerText(), words.en['answer.browser-erased']);
        assert.equal(await part(page, 'waiting').isVisible(), false);
        await page.waitForFunction(async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length);
        assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage })), '{}');
        await context.setOffline(false);
        await page.goto(url + quick('en'));
        await field(page, '/answers/1-3/remark').fill('After erasing');
        await page.waitForTimeout(600);
        assert.deepEqual(await workers(page), [], 'nothing stands by any more in this tab');
    });
}

// Whoever only reads has no worker; a page that no form is on never comes out of it.
async function readers() {
    await visit(async (page, context) => {
        for (const path of ['', '/measures/1-3', '/tally']) {
            await page.goto(`${url}/en/consultations/${slug}${path}`);
            assert.deepEqual(await workers(page), []);
        }
        await begin(page, 'en');
        await context.setOffline(true);
        await assert.rejects(page.goto(`${url}/en/consultations/${slug}/measures/1-2`), /ERR_INTERNET_DISCONNECTED/);
    });
}

// What comes out of one end goes into the other, later and no faster than the wire's.
function carry(wire, from, to) {
    let free = 0;
    const later = (bytes, run) => {
        const now = performance.now();
        free = Math.max(free, now) + (1000 * bytes) / wire.rate;
        setTimeout(run, free + wire.delay - now);
    };
    from.on('data', (chunk) => later(chunk.length, () => to.write(chunk)));
    from.on('end', () => later(0, () => to.end()));
    from.on('error', () => to.destroy());
}

// A wire to the service that can be slow, or cut without the browser being told: what browsers emulate leaves out what a
// service worker asks for.
async function wire() {
    const target = new URL(url);
    const open = new Set();
    const wire = { delay: 0, rate: Infinity, isCut: false };
    const server = net.createServer((near) => {
        if (wire.isCut) {
            near.destroy();
            return;
        }
        const far = net.connect(Number(target.port), target.hostname);
        carry(wire, near, far);
        carry(wire, far, near);
        open.add(near).add(far);
    });
    await new Promise((resolve) => server.listen(0, target.hostname, resolve));
    return Object.assign(wire, {
        url: `http://${target.hostname}:${server.address().port}`,
        cut() {
            wire.isCut = true;
            for (const socket of open) socket.destroy();
        },
        close: () => server.close(),
    });
}

// The browser believes in a connection, and nothing comes through: sending shows the page that waits, with what was written.
async function cut() {
    const line = await wire();
    await visit(async (page) => {
        await begin(page, 'zh-Hant', line.url);
        line.cut();
        await page.locator('main button[name="/go"][value="next"]:not([tabindex="-1"])').click();
        await part(page, 'waiting').waitFor({ state: 'visible' });
        assert.equal(await part(page, 'said').innerText(), 'Words of a tunnel\n<b>bold</b>');
        line.isCut = false;
        await field(page, '/answers/1-3/remark').waitFor();
        assert.equal(await field(page, '/answers/1-3/remark').inputValue(), 'Words of a tunnel\n<b>bold</b>');
    }, line.url);
    line.close();
}

// A slow phone's network: what happens is said, and a second click is one too many.
async function slow() {
    const line = await wire();
    await visit(async (page) => {
        Object.assign(line, { delay: 300, rate: 25_000 });
        const since = Date.now();
        await page.goto(line.url + quick('en'), { waitUntil: 'domcontentloaded' });
        await choose(page, '/answers/1-3/stance', '2');
        console.log(`answering can begin after ${((Date.now() - since) / 1000).toFixed(1)} s at 200 kbit/s and 0.6 s there and back`);
        await field(page, '/answers/1-3/remark').fill('From a slow phone');
        await go(page, 'next');
        await choose(page, '/kind', 'individual');
        await choose(page, '/publication', 'none');
        await go(page, 'next');
        await go(page, 'next');
        await identify(page);
        const before = rows();
        const posts = [];
        page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
        line.delay = 2000;
        const said = await send(page).evaluate(async (button) => {
            button.click();
            button.click();
            await new Promise((resolve) => setTimeout(resolve, 1500));
            return document.querySelector('[data-part="status"]').textContent;
        });
        assert.equal(said, words.en['answer.browser-sending']);
        await page.locator('[data-recorded]').waitFor();
        await received(page);
        assert.equal(posts.length, 1);
        assert.equal(rows(), before + 1);
    }, line.url);
    line.close();
}

// The wire is cut when the server has it and before the browser has the reply: the page that waits comes, the person gives
// the address once more, and it counted once.
async function lostReply() {
    const line = await wire();
    await visit(async (page) => {
        await begin(page, 'en', line.url);
        await go(page, 'next');
        await choose(page, '/kind', 'individual');
        await choose(page, '/publication', 'none');
        await go(page, 'next');
        await go(page, 'next');
        await identify(page);
        const identity = await field(page, '/identity/value').inputValue();
        const before = rows();
        line.delay = 3000;
        await send(page).click({ noWaitAfter: true });
        while (rows() === before) await page.waitForTimeout(100);
        line.cut();
        await part(page, 'waiting').waitFor({ state: 'visible' });
        Object.assign(line, { isCut: false, delay: 0 });
        await field(page, '/identity/value').waitFor();
        assert.equal(await step(page), 'identity');
        await choose(page, '/identity/kind', 'email');
        await field(page, '/identity/value').fill(identity);
        await send(page).click();
        await page.locator('[data-recorded]').waitFor();
        assert.equal(rows(), before + 1);
    }, line.url);
    line.close();
}

for (const language of languages) await reloaded(language);
console.log('reloaded without a connection in three languages');
for (const run of [postedStep, erased, readers, cut, slow, lostReply]) {
    await run();
    console.log(`${run.name}: well`);
}
await chromium.close();
assert.deepEqual(faults, [], 'the browser had nothing to complain of');
