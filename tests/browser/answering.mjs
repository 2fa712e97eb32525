// The answer form without JavaScript, where it could lose something: another language, the keyboard alone, sending twice, going
// back, a form's address opened again, a state that was changed, the close in the middle of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { browser, follow, languages, slug, url } from './pages.mjs';
import { choose, field, go, identify, received, send, step } from './steps.mjs';

const sql = (text) => execFileSync('psql', ['-XAtq', process.env.SCENE_DATABASE, '-c', text], { encoding: 'utf8' }).trim();
const recorded = () => Number(sql('select count(*) from consultation.submissions'));
const begin = (page, language = 'en') => page.goto(`${url}/${language}/consultations/${slug}/answer`);

// To the last step, with one answer and a remark.
async function toIdentity(page, remark = 'A remark.') {
    await go(page, 'direction-2');
    await go(page, 'measure-2-1');
    await choose(page, '/answers/2-1/stance', '2');
    await field(page, '/answers/2-1/remark').fill(remark);
    await go(page, 'tasks');
    await go(page, 'about');
    await choose(page, '/kind', 'individual');
    await choose(page, '/publication', 'without-name');
    await go(page, 'next');
    await go(page, 'next');
    await go(page, 'next');
    assert.equal(await step(page), 'identity');
}

const words = (language) => JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));

// No page invites any more, nor promises a release that does not come.
async function isClosed(page, language) {
    const said = words(language);
    const promise = said['tally.none-yet'].split('{{')[0];
    for (const rest of ['', '/directions/1', '/measures/1-1', '/booklet', '/tally', '/answer']) {
        await page.goto(`${url}/${language}/consultations/${slug}${rest}`);
        const text = (await page.locator('body').innerText()).replaceAll('\n', ' ');
        for (const key of ['measure.questions', 'measure.answer', 'booklet.answer-at', 'booklet.stances'])
            assert.ok(!text.includes(said[key].trim()), `${page.url()} says ${said[key]}`);
        assert.ok(!text.includes(promise), `${page.url()} promises a release`);
        assert.equal(await page.locator('main a[href$="/answer"]').count(), 0, page.url());
    }
    await page.goto(`${url}/${language}/consultations/${slug}/measures/1-1`);
    for (const key of ['take-part.closed', 'measure.questions-asked']) assert.ok((await page.locator('main').innerText()).includes(said[key]), key);
}

const tests = {
    async 'the full way, in each language'(page) {
        for (const language of languages) {
            await begin(page, language);
            await toIdentity(page);
            await identify(page);
            await send(page);
            await received(page);
        }
    },

    async 'another language keeps the step and what was typed'(page) {
        await begin(page, 'zh-Hant');
        await go(page, 'direction-1');
        await go(page, 'next');
        await choose(page, '/answers/1-1/stance', '3');
        await field(page, '/answers/1-1/remark').fill('未按過任何按鈕');
        for (const language of ['en', 'zh-Hans', 'zh-Hant']) {
            await follow(page, page.locator(`header button[lang="${language}"]`));
            assert.equal(await page.locator('html').getAttribute('lang'), language);
            assert.equal(await step(page), 'measure-1-1');
            assert.equal(await field(page, '/answers/1-1/remark').inputValue(), '未按過任何按鈕');
            assert.ok(await page.locator('[name="/answers/1-1/stance"][value="3"]').isChecked());
        }
        assert.equal(await page.locator('.govuk-error-summary').count(), 0, 'and nobody is told off for it');
    },

    // Tab, space, arrows and Enter; Enter in a field goes on, and does not change the language.
    async 'the keyboard alone'(page) {
        const tabTo = async (selector) => {
            for (let i = 0; i < 120; i++) {
                await page.keyboard.press('Tab');
                if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
            }
            throw new Error(`the keyboard does not reach ${selector}`);
        };
        const press = (key) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
        await page.goto(`${url}/en/consultations/${slug}/measures/1-2/answer`);
        await page.keyboard.press('Tab');
        assert.ok(await page.evaluate(() => document.activeElement.matches('.govuk-skip-link')), 'first of all to the content');
        await tabTo('[name="/answers/1-2/stance"]');
        await page.keyboard.press('ArrowUp');
        const chosen = await page.locator('[name="/answers/1-2/stance"]:checked').inputValue();
        assert.notEqual(chosen, '');
        await tabTo('button[value="next"]');
        await press('Enter');
        await tabTo('[name="/kind"]');
        await page.keyboard.press('Space');
        await tabTo('[name="/organisation"]');
        await tabTo('[name="/publication"]');
        await page.keyboard.press('Space');
        await tabTo('main button[value="next"]');
        await press('Space');
        assert.equal(await step(page), 'check');
        await tabTo('main button[value="next"]');
        await press('Enter');
        await tabTo('[name="/identity/value"]');
        await page.keyboard.type(`${crypto.randomUUID()}@example.org`);
        assert.equal(await page.evaluate(() => [...document.querySelectorAll('[name="/leave_empty"]')].some((f) => f === document.activeElement)), false);
        await press('Enter');
        await received(page);
    },

    async 'on the smallest screen nothing is cut off'(page) {
        await page.setViewportSize({ width: 320, height: 640 });
        await begin(page);
        await toIdentity(page, 'x'.repeat(400));
        const wide = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
        assert.equal(await wide(), false);
        await go(page, 'back');
        assert.equal(await wide(), false);
    },

    async 'sent twice: one submission, one receipt'(page) {
        await begin(page);
        await toIdentity(page);
        await identify(page);
        const before = recorded();
        // Both clicks leave before the first reply is here.
        const form = await page.locator('form#answer').evaluate((f) => new URLSearchParams(new FormData(f)).toString());
        const action = await page.locator('form#answer').getAttribute('action');
        const post = () =>
            fetch(url + action, { method: 'POST', body: form, headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' } });
        const replies = await Promise.all([post(), post(), post()]);
        const numbers = new Set(replies.map((reply) => reply.headers.get('location')));
        assert.deepEqual([...new Set(replies.map((reply) => reply.status))], [201]);
        assert.equal(numbers.size, 1);
        await send(page);
        const number = await received(page);
        assert.ok([...numbers][0].endsWith(number));
        await page.reload();
        assert.equal(await received(page), number);
        assert.equal(recorded(), before + 1);
    },

    // The browser's own. What is not stored it cannot show again by itself: it asks whether to send the step before once more,
    // which does no harm, and shows it.
    async 'the back button'(page) {
        await begin(page);
        await go(page, 'direction-1');
        await go(page, 'next');
        await field(page, '/answers/1-1/remark').fill('First.');
        await go(page, 'next');
        assert.equal(await step(page), 'measure-1-2');
        const missed = await page.goBack().then(() => false, (error) => /ERR_CACHE_MISS/.test(error.message) || assert.fail(error));
        if (missed) {
            await page.waitForURL(/^chrome-error:/, { waitUntil: 'load' }); // its own page comes a moment after the error
            await page.reload();
        }
        assert.equal(await step(page), 'measure-1-1');
        await field(page, '/answers/1-1/remark').fill('Second.');
        await go(page, 'next');
        await go(page, 'back');
        await go(page, 'measure-1-1');
        assert.equal(await field(page, '/answers/1-1/remark').inputValue(), 'Second.');
    },

    async 'back from the receipt, changed and sent again: refused, and nothing lost'(page) {
        await begin(page);
        await toIdentity(page, 'Sent once.');
        await identify(page);
        const state = await field(page, '/state').inputValue();
        await send(page);
        await received(page);
        const before = recorded();
        await begin(page);
        await toIdentity(page, 'Sent twice.');
        await page.locator('[name="/state"]').evaluate((input, value) => (input.value = value), state);
        await go(page, 'back');
        await go(page, 'change-measure-2-1');
        await field(page, '/answers/2-1/remark').fill('Changed.');
        await go(page, 'next');
        await go(page, 'next');
        await identify(page);
        await send(page);
        assert.equal(recorded(), before);
        await go(page, 'renew');
        assert.ok((await page.locator('main').innerText()).includes('Changed.'));
        await go(page, 'next');
        await identify(page);
        await send(page);
        await received(page);
    },

    async 'personal data: each one masked or kept'(page) {
        await begin(page);
        await go(page, 'direction-1');
        await go(page, 'measure-1-5');
        await field(page, '/answers/1-5/remark').fill('A123456(3) or ９１２３ ４５６７.');
        await go(page, 'tasks');
        await go(page, 'about');
        await choose(page, '/kind', 'individual');
        await choose(page, '/publication', 'none');
        await go(page, 'next');
        await go(page, 'next');
        await choose(page, '/personal/0', 'mask');
        await go(page, 'next');
        assert.equal(await step(page), 'check');
        await choose(page, '/personal/0', 'keep');
        await go(page, 'next');
        assert.equal(await step(page), 'identity');
        await go(page, 'back');
        assert.ok((await page.locator('main').innerText()).includes('*** or ９１２３ ４５６７.'));
        assert.equal(await page.locator('[name^="/personal/"]').count(), 0, 'it is not asked again');
    },

    async 'a state that was changed'(page) {
        await begin(page);
        await go(page, 'direction-1');
        await go(page, 'next');
        await field(page, '/answers/1-1/remark').fill('Still here.');
        await page.locator('[name="/state"]').evaluate((input) => (input.value = input.value.slice(0, -9)));
        await go(page, 'next');
        assert.equal(await page.locator('.govuk-error-summary').count(), 1);
        assert.equal(await field(page, '/answers/1-1/remark').inputValue(), 'Still here.');
        await go(page, 'next');
        assert.equal(await step(page), 'measure-1-2');
    },

    async 'the address of a form, opened by itself'(page) {
        for (const language of languages) {
            await page.goto(`${url}/${language}/consultations/${slug}/submissions`);
            await follow(page, page.locator('main a').first());
            assert.equal(page.url(), `${url}/${language}/consultations/${slug}`);
            await page.goto(`${url}/${language}/receipts/7H3K9QXW2M/submission`);
            await follow(page, page.locator('main a').first());
            assert.equal(page.url(), `${url}/${language}/receipts/7H3K9QXW2M`);
        }
    },

    async 'a number that no receipt has is put right'(page) {
        await begin(page);
        await toIdentity(page);
        await identify(page);
        await send(page);
        const number = await received(page);
        const wrong = number.slice(0, 9) + (number.endsWith('0') ? '1' : '0');
        const find = () => follow(page, page.locator('form:has(#number) button'));
        for (const language of languages) {
            await page.goto(`${url}/${language}/receipt-check`);
            await field(page, '/number').fill(wrong);
            await find();
            assert.equal(await page.locator('.govuk-error-summary a[href="#number"]').innerText(), words(language)['receipt-check.number-unknown']);
            assert.equal(await field(page, '/number').inputValue(), wrong);
            await field(page, '/number').fill(number.toLowerCase());
            await find();
            assert.equal(page.url(), `${url}/${language}/receipts/${number}`);
        }
    },

    async 'a long receipt is kept in another language'(page) {
        await page.goto(`${url}/en/receipt-check`);
        const text = `{"content": "${'長'.repeat(30000)}"}`;
        await field(page, '/receipt').fill(text);
        await follow(page, page.locator('#check button'));
        await follow(page, page.locator('.app-languages [lang="zh-Hant"]'));
        assert.ok((await page.locator('main').innerText()).includes(words('zh-Hant')['receipt-check.unreadable']));
        assert.equal(await field(page, '/receipt').inputValue(), text);
    },

    // Last: it closes the consultation.
    async 'the close in the middle of it'(page, context) {
        const after = await context.newPage();
        await begin(page);
        await toIdentity(page, 'In time.');
        await begin(after);
        await go(after, 'direction-1');
        const close = async (ago) => {
            const closes = sql(
                `update consultation.consultations set opens_at = now() - interval '9 days', closes_at = now() - interval '${ago}',
                 revision = revision + 1 where slug = '${slug}' returning to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
            );
            const known = async () => (await (await fetch(`${url}/v1/consultations/${slug}`)).json()).closes_at === closes;
            for (let i = 0; i < 900 && !(await known()); i++) await new Promise((resolve) => setTimeout(resolve, 100));
        };
        await close('0 seconds');
        await identify(page);
        await send(page);
        await received(page);
        assert.equal(sql('select count(*) from consultation.submissions where within_grace'), '1');
        await go(after, 'measure-1-1');
        assert.equal(await after.locator('.govuk-warning-text').count(), 1, 'it says until when');
        await field(after, '/answers/1-1/remark').fill('Too late.');
        await close('2 days');
        await go(after, 'next');
        assert.equal(await field(after, '/state').count(), 0);
        assert.ok((await after.locator('main').innerText()).includes('Too late.'), 'what was typed can be copied');
        for (const language of languages) await isClosed(page, language);
    },
};

const chromium = await browser();
for (const [name, test] of Object.entries(tests)) {
    const context = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    await test(await context.newPage(), context);
    await context.close();
    console.log(name);
}
await chromium.close();
