// A clerk types in what came on paper: a printed form with its key, the entry with its faults and by the keyboard, the receipt on
// paper, the same form again, a copy of it, and the list. Called by officials.mjs with a clerk who is signed in.
import assert from 'node:assert/strict';
import { url } from './pages.mjs';

// Chromium writes one such object a page.
async function sheets(page) {
    return (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
}

async function printed(page, judge) {
    await page.emulateMedia({ media: 'print' });
    await judge();
    await page.emulateMedia({ media: null });
}

async function paperForm({ page, words, seen }, of, submit) {
    await page.goto(`${of}/paper-form?copies=0`);
    await seen('paper form, faults');
    assert.ok((await page.locator('#copies-error').innerText()).includes('20'));
    await page.locator('#copies').fill('2');
    await submit(page.locator('main form button'));
    await seen('paper form');
    assert.equal(await page.locator('.app-paper h2', { hasText: words['official.rehearsal'] }).count(), 2);
    const keys = await page.locator('.app-paper__key .app-fixed').allInnerTexts();
    assert.equal(new Set(keys).size, 2);
    assert.equal(await page.locator('.app-paper__table tbody tr').count(), 2 * 2 * 15);
    await printed(page, async () => {
        assert.ok(!(await page.locator('main form').isVisible()));
        assert.ok((await page.locator('main').innerText()).includes(words['answer.statement']));
    });
    const count = await sheets(page);
    assert.ok(count >= 4 && count <= 12, `${count} sheets for two forms`);
    return keys[0];
}

// By figures where there is script, which lead on from one measure to the next; else by the buttons.
async function stances(page, scripted) {
    if (scripted) {
        await page.locator('#answers-1-1-stance').focus();
        await page.keyboard.type('54.0');
        assert.equal(await page.evaluate(() => document.activeElement.name), '/answers/1-5/stance');
    } else {
        for (const [code, value] of [['1-1', 5], ['1-2', 4], ['1-4', 0]]) await page.locator(`input[name="/answers/${code}/stance"][value="${value}"]`).check();
    }
    assert.equal(await page.locator('input[name="/answers/1-1/stance"]:checked').inputValue(), '5');
    assert.equal(await page.locator('input[name="/answers/1-3/stance"]:checked').inputValue(), '');
    assert.equal(await page.locator('input[name="/answers/1-4/stance"]:checked').inputValue(), '0');
}

async function fill(page, key, remark, scripted) {
    await page.locator('input[name="/channel"][value="paper"]').check();
    await page.locator('input[name="/language"][value="zh-Hant"]').check();
    const today = new Date(Date.now() + 8 * 3600000);
    await page.locator('#received_on').fill(`${today.getUTCDate()}`);
    await page.locator('#received_on-month').fill(`${today.getUTCMonth() + 1}`);
    await page.locator('#received_on-year').fill(`${today.getUTCFullYear()}`);
    await page.locator('#submission_key').fill(key);
    await stances(page, scripted);
    await page.locator('#answers-1-1-remark').fill(remark);
    await page.locator('input[name="/kind"][value="individual"]').check();
    await page.locator('input[name="/publication"][value="none"]').check();
}

export async function entering(clerk, language, slug, scripted) {
    const { page, words, seen, submit } = clerk;
    const of = `${url}/${language}/officials/consultations/${slug}`;
    const send = () => submit(page.locator('#entry button[type=submit]').last());
    const says = async (key) => assert.ok((await page.locator('main').innerText()).includes(words[key]), key);
    await page.goto(of);
    await submit(page.locator('main a[href$="/entries"]'));
    await submit(page.locator('main a[href$="?by=me"]'));
    await says('entry.none');
    const key = await paperForm(clerk, of, submit);

    // All that is missing at once; then all but one, and nothing that was typed is gone.
    await page.goto(`${of}/entries/new`);
    await send();
    await seen('entry, faults');
    assert.ok((await page.locator('.app-rehearsal').innerText()).includes(words['frame.rehearsal']));
    for (const field of ['channel', 'received_on', 'language', 'kind', 'publication']) assert.equal(await page.locator(`.govuk-error-summary a[href="#${field}"]`).count(), 1, field);
    const remark = '紙上所寫的意見 <b>';
    await fill(page, key.replace(/^./, (first) => (first === '7' ? '8' : '7')), remark, scripted);
    await send();
    assert.equal(await page.locator('.govuk-error-summary a').count(), 1);
    assert.equal(await page.locator('.govuk-error-summary a').getAttribute('href'), '#submission_key');
    assert.equal(await page.locator('#answers-1-1-remark').inputValue(), remark);
    await page.locator('#submission_key').fill(key.toLowerCase());
    await send();
    await seen('receipt');
    const number = await page.locator('.app-receipt .app-fixed--large').first().innerText();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hant');
    await printed(page, async () => {
        assert.ok(await page.locator('.app-qr').isVisible());
        assert.ok(!(await page.locator('.govuk-button').isVisible()));
        assert.ok((await page.locator('main').innerText()).includes(remark));
    });

    // The next one of the pile; the same form again is the same receipt, a copy of it needs a key of its own.
    await submit(page.locator('main a.govuk-button'));
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    assert.ok(await page.locator('input[name="/channel"][value="paper"]').isChecked());
    assert.notEqual(await page.locator('#received_on-year').inputValue(), '');
    await fill(page, key, remark, scripted);
    await send();
    assert.equal(await page.locator('.app-receipt .app-fixed--large').first().innerText(), number);
    await submit(page.locator('main a.govuk-button'));
    await fill(page, key, `${remark} 2`, scripted);
    await send();
    await seen('entry, key used');
    await says('entry.key-used');
    await page.locator('#without_key').check();
    await send();
    assert.notEqual(await page.locator('.app-receipt .app-fixed--large').first().innerText(), number);
    await page.goto(`${of}/entries?by=me`);
    await seen('entries');
    assert.equal(await page.locator('.app-rows__row').count(), 2);
    assert.ok((await page.locator('main').innerText()).includes(number));
}
