// A moderator's work: from the queue to a remark, what is refused, a preview, the decision and on to the next, the undoing; and what its
// author reads of it with the receipt's code. With and without JavaScript, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { enter, faults, looked, person } from './official.mjs';
import { browser, finish, rehearsal, url } from './pages.mjs';

// Somebody's answer with this remark; what its receipt says.
async function sent(context, remark, language) {
    const reply = await context.request.post(`${url}/v1/consultations/${rehearsal}/submissions`, {
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        data: {
            kind: 'individual',
            language,
            publication: 'without-name',
            identity: { kind: 'email', value: `${randomUUID()}@example.org` },
            answers: { '1-1': { stance: 4, remark, publish: true } },
        },
    });
    assert.equal(reply.status(), 201, await reply.text());
    const { receipt, code } = await reply.json();
    return { number: receipt.number, code };
}

async function journey(chromium, language, sight, login) {
    const who = await person(chromium, language, sight);
    const { page, words, submit, main, seen, context } = who;
    const remark = '<i>請致電</i> 9123 4567 或寫信，謝謝。';
    const author = await sent(context, remark, language);
    await enter(who, language, login, [rehearsal, 'moderator']);
    await submit(page.locator(`main a[href$="/consultations/${rehearsal}"]`));
    await submit(page.locator('main a', { hasText: words['moderation.title'] }));
    await seen('queue');
    assert.ok(!(await main()).includes('9123'));
    await submit(page.locator(`main .app-rows a[href*="/${author.number}/"]`));
    await seen('remark');
    assert.equal(await page.locator('main .app-own mark').first().innerText(), '9123 4567');
    const save = page.locator('main form button', { hasText: words['moderation.save'] });
    const preview = page.locator('main form button', { hasText: words['moderation.preview'] });

    // Nothing chosen; then more than was written.
    await submit(save);
    assert.ok((await main()).includes(words['problem.required.detail']));
    await page.locator('#decision-edited').check();
    await page.locator('#text').fill('我反對！');
    await submit(save);
    await seen('remark, faults');
    assert.ok((await main()).includes(words['problem.words-added.detail']));
    assert.equal(await page.locator('#text').inputValue(), '我反對！');

    // What is found, ticked; a preview; and by keyboard to the end.
    await page.locator('#text').fill(remark.replace('，謝謝', ''));
    await page.locator('#found-0').check();
    await submit(preview);
    await seen('preview');
    assert.ok((await main()).includes('<i>請致電</i> ［…］ 或寫信［…］。'));
    await page.locator('#reason').focus();
    await page.keyboard.press('Space');
    await Promise.all([page.waitForURL(/\?done=edited/), page.keyboard.press('Enter')]);
    await seen('the next one');
    assert.ok((await main()).includes(words['moderation.done-edited']));
    assert.ok(!new URL(page.url()).pathname.includes(author.number));
    await submit(page.locator('main .app-panel a'));
    await seen('decided');
    assert.ok((await main()).includes('<i>請致電</i> ［…］ 或寫信［…］。'));

    // Its author reads what was done, and why.
    const reads = async (...texts) => {
        const citizen = await person(chromium, language, sight);
        await citizen.page.goto(`${url}/${language}/receipts/${author.number}`);
        await citizen.page.locator('#code').fill(author.code);
        await citizen.submit(citizen.page.locator('main form button[type=submit]').first());
        if (texts.includes(remark)) await citizen.seen('author');
        for (const text of texts) assert.ok((await citizen.main()).includes(text), text);
        await citizen.context.close();
    };
    await reads(words['moderation.reason-personal-data'], '<i>請致電</i> ［…］ 或寫信［…］。', remark);

    // Put back, and refused instead.
    await submit(page.locator('main form button'));
    await reads(words['submission.moderation-waiting']);
    await page.locator('#decision-refused').check();
    await page.locator('#reason-advertising').check();
    await submit(save);
    assert.ok((await main()).includes(words['moderation.done-refused']));
    await reads(words['moderation.reason-advertising']);
    await page.goto(`${url}/${language}/officials/consultations/${rehearsal}/remarks?show=decided`);
    await seen('decided ones');
    assert.ok((await main()).includes(author.number));
    await context.close();
}

const chromium = await browser();
await journey(chromium, 'zh-Hant', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } }, 'chan');
await journey(chromium, 'en', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }, 'lee');
await journey(chromium, 'zh-Hans', { javaScriptEnabled: true, viewport: { width: 320, height: 640 }, colorScheme: 'dark' }, 'chen');
await chromium.close();
finish(faults, `${looked.sights} sights`);
