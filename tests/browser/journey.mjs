// A citizen without JavaScript, in each language: reads a measure, answers, meets a fault and mends it, keeps the receipt,
// checks it, reads the answer back with the code, and withdraws it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { browser, follow, languages, require, slug, url, watch } from './pages.mjs';
import { choose, field, go, identify, received, send } from './steps.mjs';

const jsQR = require('jsqr');

// What a camera reads of the QR code: its path of dark runs, drawn four pixels a module.
async function scanned(page) {
    const svg = page.locator('svg.app-qr');
    const side = Number((await svg.getAttribute('viewBox')).split(' ')[3]);
    const pixels = new Uint8ClampedArray(side * side * 64).fill(255);
    for (const [, x, y, run] of (await svg.locator('path').last().getAttribute('d')).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
        for (let row = 4 * y; row < 4 * y + 4; row++)
            for (let at = 4 * x; at < 4 * (Number(x) + Number(run)); at++) pixels.fill(0, 4 * (row * side * 4 + at), 4 * (row * side * 4 + at) + 3);
    return jsQR(pixels, side * 4, side * 4)?.data;
}

async function journey(context, language) {
    const page = await context.newPage();
    const errors = [];
    watch(page, errors);

    // From the start page by links alone.
    await page.goto(`${url}/${language}`);
    await follow(page, page.locator(`a[href="/${language}/consultations/${slug}"]`).first());
    await follow(page, page.locator(`a[href$="/directions/1"]`).first());
    await follow(page, page.locator(`a[href$="/measures/1-3"]`).first());
    assert.match(page.url(), /measures\/1-3$/);
    await follow(page, page.locator(`a[href$="/measures/1-3/answer"]`).first());
    assert.equal(await page.locator('html').getAttribute('lang'), language);

    // The quick way, all but the identity: one fault, and nothing that was typed is lost.
    await choose(page, '/answers/1-3/stance', '5');
    await field(page, '/answers/1-3/remark').fill('好，即管一試。\nSecond line <b>&amp;</b>');
    await go(page, 'next');
    const words = JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));
    // What is left out is named, in the order of the page.
    await choose(page, '/kind', 'organisation');
    await go(page, 'next');
    const named = await page.locator('.govuk-error-summary li').allInnerTexts();
    assert.deepEqual(named, [words['faults.organisation-missing'], words['faults.publication-missing']]);
    await choose(page, '/kind', 'individual');
    await choose(page, '/publication', 'none');
    await go(page, 'next');
    assert.ok((await page.locator('main').innerText()).includes('Second line <b>&amp;</b>'), 'what was said is shown to be checked');
    await go(page, 'next');
    await send(page);
    assert.ok(await page.locator('[aria-invalid="true"]').count(), 'the faulty field is marked');
    await go(page, 'back');
    await go(page, 'change-measure-1-3');
    assert.equal(await page.locator('[name="/answers/1-3/stance"][value="5"]').isChecked(), true);
    assert.equal(await field(page, '/answers/1-3/remark').inputValue(), '好，即管一試。\nSecond line <b>&amp;</b>');
    await go(page, 'next');
    await go(page, 'next');

    // Mended.
    await identify(page);
    await send(page);
    const number = await received(page);
    const text = await page.locator('main').innerText();
    const code = text.match(/\b[0-9A-HJKMNP-TV-Z]{12}\b/)?.[0] ?? text.match(/\b[0-9A-HJKMNP-TV-Z]{4}([- ][0-9A-HJKMNP-TV-Z]{4}){2}\b/)?.[0];
    assert.ok(code, `a receipt's code is shown: ${text.slice(0, 400)}`);

    assert.equal(await scanned(page), `${url}/${language}/receipts/${number}#${code.replaceAll(' ', '')}`);

    // Sent again by reloading: the same receipt.
    await page.reload();
    assert.ok((await page.locator('main').innerText()).includes(number));

    // The receipt's own page tells no secret.
    await page.goto(`${url}/${language}/receipts/${number}`);
    const shown = await page.content();
    assert.ok(shown.includes(number) && !shown.includes(code));

    // Checked as anybody can, and found out when a letter of it is changed.
    const receipt = await page.locator('pre').first().textContent();
    for (const [text, verdict] of [
        [receipt, 'genuine'],
        [receipt.replace(number, '0000000000'), 'forged'],
        ['no receipt', 'unreadable'],
        ['', 'nothing'],
    ]) {
        await page.goto(`${url}/${language}/receipt-check`);
        await page.locator('[name="/receipt"]').fill(text);
        await follow(page, page.locator('form:has([name="/receipt"]) button[type=submit]'));
        const said = await page.locator('main').innerText();
        assert.ok(said.includes(words[`receipt-check.${verdict}`]), `${verdict}: ${said.slice(0, 120)}`);
    }

    // Read back and withdrawn with the code, by POST.
    await page.goto(`${url}/${language}/receipts/${number}`);
    const reading = page.locator('form[action$="/submission"]');
    await reading.locator('input[name="/code"]').fill('0000 0000 0000');
    await follow(page, reading.locator('button'));
    assert.equal(await page.locator('.govuk-error-summary a[href="#code"]').count(), 1, 'a wrong code is said above, with a way to its field');
    await reading.locator('input[name="/code"]').fill(code);
    await follow(page, reading.locator('button'));
    assert.ok((await page.content()).includes('Second line &lt;b&gt;'), 'what was said is shown as text');

    const withdrawing = page.locator('form[action$="/withdrawal"]');
    await withdrawing.locator('input[type=checkbox]').check();
    await follow(page, withdrawing.locator('button'));
    assert.ok(!(await page.content()).includes('Second line'), 'nothing of it is left');
    assert.deepEqual(errors, [], 'the browser had nothing to complain of');
    await page.close();
}

const chromium = await browser();
const context = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
for (const language of languages) {
    await journey(context, language);
    console.log(`${language}: read, answered, mended, kept, checked, withdrew`);
}
await chromium.close();
