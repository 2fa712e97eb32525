// Members attach files behind the front, by https: a large one in pieces, over a pause and a lost connection, and by the plain form without
// scripts; a wrong one is refused beside its field. In three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { member, sql } from './member.mjs';
import { faults, looked } from './official.mjs';
import { browser, finish, rehearsal, url } from './pages.mjs';

function pdf(bytes) {
    const buffer = Buffer.alloc(bytes, 1);
    buffer.write('%PDF-1.7\n');
    buffer.write('\n%%EOF', bytes - 6);
    return buffer;
}

async function attaches(chromium, language, sight, login) {
    const one = await member(chromium, language, sight, login);
    const { page, words, seen, submit, context } = one;
    const main = () => page.locator('main').innerText();
    const choose = (name, buffer) => page.locator('#file').setInputFiles({ name, mimeType: 'application/pdf', buffer });
    await page.goto(`${url}/${language}/institution/consultations/${rehearsal}/attachments`);
    await seen('nothing attached');
    await submit();
    await seen('no file chosen');
    assert.ok((await main()).includes(words['faults.file-missing']));
    await choose('<b>.html', Buffer.from('<script>alert(1)</script>'));
    await submit();
    await seen('wrong type');
    assert.ok((await main()).includes(words['problem.file-type.detail']));
    const large = 12 * 1024 * 1024;
    await choose('大附件.pdf', pdf(large));
    if (sight.javaScriptEnabled) {
        // The second piece is lost twice, then the connection is back.
        let lost = 0;
        await page.route('**/uploads/*', (route) =>
            route.request().method() === 'PATCH' && route.request().headers()['upload-offset'] === '4194304' && lost++ < 2
                ? route.abort('connectionreset')
                : route.continue(),
        );
        await page.locator('form[enctype] button[type=submit]').click();
        await page.locator('#upload-words', { hasText: words['attachment.waiting'] }).waitFor();
        await seen('waiting');
        await page.waitForURL(/done=attached/);
        assert.ok(lost > 2);
    } else await submit();
    await seen('attached');
    assert.ok((await main()).includes('大附件.pdf'));
    assert.equal(sql(`select a.bytes from consultation.attachments a join consultation.responses using (consultation_id, response_id)
        join consultation.institutions i using (institution_id) where i.slug = '${login}'`), String(large));
    const file = await context.request.get(new URL(await page.locator('main .app-rows a').getAttribute('href'), url).href);
    assert.equal((await file.body()).length, large);
    assert.equal(file.headers()['content-security-policy'], "sandbox; default-src 'none'; frame-ancestors 'none'");
    await submit(page.locator('form[action$="/removal"] button'));
    await seen('removed');
    assert.ok((await main()).includes(words['attachment.none']));
    await context.close();
}

const chromium = await browser();
const sights = [
    ['zh-Hant', { javaScriptEnabled: true, viewport: { width: 360, height: 780 } }],
    ['en', { javaScriptEnabled: false, viewport: { width: 320, height: 700 } }],
    ['zh-Hans', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }],
];
sql(`insert into consultation.institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, verified_by)
     select 'body-' || n, 0, '甲大學', 'A University', '甲大学', true, now(), 1 from generate_series(0, 2) as n`);
for (const [n, [language, sight]] of sights.entries()) await attaches(chromium, language, sight, `body-${n}`);
await chromium.close();
// What was cut off on purpose is told by the browser as well.
finish(faults.filter((fault) => !fault.includes('ERR_CONNECTION_RESET')), `${looked.sights} sights`);
