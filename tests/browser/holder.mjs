// The holder of codes, with and without JavaScript: saves an answer half-way and goes on elsewhere, sends it, downloads the
// receipt, follows its QR code, amends one answer, and gives the file to the checking page. No address ever has a code in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { browser, follow, languages, slug, url } from './pages.mjs';
import { choose, field, go, identify, received, send } from './steps.mjs';

async function holder(chromium, language, javaScriptEnabled) {
    const words = JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));
    const addresses = [];
    const opened = async () => {
        const context = await chromium.newContext({ javaScriptEnabled, acceptDownloads: true, viewport: { width: 360, height: 740 } });
        const page = await context.newPage();
        page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
        return page;
    };
    const main = (page) => page.locator('main').innerText();

    // Half an answer, saved; on another device the code brings it back.
    const phone = await opened();
    await phone.goto(`${url}/${language}/consultations/${slug}/measures/1-3/answer`);
    await choose(phone, '/answers/1-3/stance', '4');
    await field(phone, '/answers/1-3/remark').fill('Half a thought.');
    await go(phone, 'save');
    const saved = await phone.locator('[translate="no"]').innerText();
    assert.match(saved, /^([0-9A-HJKMNP-TV-Z]{4} ?){5}$/);
    await phone.context().close();

    const page = await opened();
    await page.goto(`${url}/${language}/saved-answers`);
    await page.locator('#code').fill('0000 0000');
    await go(page, 'open');
    assert.ok((await main(page)).includes(words['problem.return-code-wrong.detail']));
    await page.locator('#code').fill(saved.toLowerCase());
    await go(page, 'open');
    await go(page, 'about');
    await choose(page, '/kind', 'individual');
    await choose(page, '/publication', 'none');
    await go(page, 'next');
    await go(page, 'next');
    assert.ok((await main(page)).includes('Half a thought.'));
    await go(page, 'next');
    await identify(page);
    await send(page);
    const number = await received(page);
    const code = (await page.locator('.app-secret .app-fixed').first().innerText()).replaceAll(' ', '');

    // In another language it is the same page with the same code, and back again.
    const other = languages.find((each) => each !== language);
    const turn = async (to) => {
        await follow(page, page.locator(`.app-languages [lang="${to}"]`));
        assert.equal(await page.locator('html').getAttribute('lang'), to);
    };
    for (const to of [other, language]) {
        await turn(to);
        assert.equal((await page.locator('.app-secret .app-fixed').first().innerText()).replaceAll(' ', ''), code);
        assert.equal(await received(page), number);
        assert.ok((await main(page)).includes('Half a thought.'));
    }
    assert.ok((await main(page)).includes(words['receipt.done']));

    // The file, and the QR code's address: with a script the code stands in its field and no more in the address.
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('button[name="/as"][value="json"]').click()]);
    const file = await download.path();
    assert.equal(download.suggestedFilename(), `receipt-${number}.json`);
    await page.goto('about:blank');
    await page.goto(`${url}/${language}/receipts/${number}#${code}`);
    if (javaScriptEnabled) {
        assert.equal(await page.locator('[name="/code"]').inputValue(), code);
        assert.ok(!page.url().includes(code));
    } else {
        await page.locator('[name="/code"]').fill(code);
    }
    await follow(page, page.locator('form[action$="/submission"] button'));
    await turn(other);
    await turn(language);
    // So is a refusal that has to be put right.
    await follow(page, page.locator('form[action$="/withdrawal"] button'));
    await turn(other);
    assert.equal(await page.locator('.govuk-error-summary a[href="#confirm"]').count(), 1);
    await turn(language);

    // One answer amended: nothing else is asked, and the new receipt says whose place it takes.
    await follow(page, page.locator('button[form="amend"][value="measure-1-3"]'));
    await choose(page, '/answers/1-3/stance', '2');
    await go(page, 'next');
    assert.ok(!(await main(page)).includes(words['submission.withheld']), 'what is not published as a whole keeps no single answer back');
    await go(page, 'next');
    assert.equal(await page.locator('[name="/identity/value"]').count(), 0);
    await send(page);
    const next = await received(page);
    assert.notEqual(next, number);
    assert.ok((await main(page)).includes(words['receipt.replaces']));

    // The old file is genuine for ever, and tells what became of it.
    await page.goto(`${url}/${language}/receipt-check`);
    await page.locator('#file').setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: readFileSync(file) });
    await follow(page, page.locator('form:has([name="/receipt"]) button[type=submit]'));
    const said = await main(page);
    assert.ok(said.includes(words['receipt-check.genuine']) && said.includes(words['submission.superseded']), said.slice(0, 300));
    await turn(other);
    assert.equal(await page.locator('.app-panel--done').count(), 1, 'the verdict is kept in another language');
    await turn(language);
    assert.ok((await main(page)).includes(words['submission.superseded']));

    const secrets = [code, saved, saved.replaceAll(' ', '')];
    for (const address of addresses) assert.ok(!secrets.some((secret) => address.toUpperCase().includes(secret)), `a code in ${address}`);
    await page.context().close();
}

const chromium = await browser();
for (const language of languages) {
    await holder(chromium, language, language !== 'en');
    console.log(`${language}: saved, came back, sent, kept, amended, checked`);
}
await chromium.close();
