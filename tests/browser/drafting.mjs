// Two members at one response, in two browsers: begun, given, kept by the page itself, over a lost connection and after somebody else was first,
// talked about, compared and restored; once with scripts on both sides, once without, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { member, sql } from './member.mjs';
import { faults, looked } from './official.mjs';
import { browser, finish, follow, rehearsal, url } from './pages.mjs';

const document = '# Summary\n\nFrom elsewhere.\n\n# 1-1\n\nOther words.\n\n# 1-2\n\nA **table**.\n\n# Evidence\n\n' + '長'.repeat(10001) + '\n';

// A document is read, looked at and put in; what is there already stays unless somebody says otherwise.
async function imports(one, home, slug) {
    const { page, words, seen, submit, main } = one;
    const docx = execFileSync('/usr/bin/pandoc', ['--from=markdown', '--to=docx', '--output=-'], { input: document });
    const text = (code) =>
        sql(`select s.text from consultation.response_sections s join consultation.responses r using (consultation_id, response_id)
              join consultation.institutions i using (institution_id) where i.slug = '${slug}' and s.section = '${code}' order by s.version desc limit 1`);
    const there = text('measure-1-1');
    await page.goto(`${home}/import`);
    await seen('import');
    await submit();
    await seen('import, no file');
    await page.locator('#file').setInputFiles({ name: 'a.docx', mimeType: 'application/zip', buffer: Buffer.from('PK no document') });
    await submit();
    await seen('import, no document');
    await page.locator('#file').setInputFiles({ name: '回應.docx', mimeType: 'application/zip', buffer: docx });
    await submit();
    await seen('import, found');
    assert.ok(await page.locator('#sections-measure-1-1-choice').isChecked()); // what is there is left alone
    assert.equal(text('measure-1-2'), '');
    await page.locator('[name="/sections/evidence/choice"][value="replace"]').check();
    await submit();
    await seen('import, one too long');
    assert.equal(text('measure-1-2'), '');
    assert.equal((await page.locator('#sections-evidence-text').inputValue()).trim().length, 10001);
    await page.locator('#sections-evidence-text').fill('Shorter.');
    await submit();
    await seen('overview, imported');
    assert.ok((await main()).includes(words['draft.sections']));
    assert.equal(text('measure-1-1'), there);
    assert.equal(text('measure-1-2'), 'A **table**.');
    assert.equal(text('evidence'), 'Shorter.');
}

const texts = {
    'zh-Hant': ['我們支持這項措施。\n\n第二段。\n\n第三段。', '我們大力支持這項措施。\n\n第二段。\n\n第三段。', '我們支持這項措施。\n\n第二段。\n\n第三段，附上數據。', '我們反對這項措施。\n\n第二段。\n\n第三段。'],
    en: ['We support it.\n\nSecond.\n\nThird.', 'We strongly support it.\n\nSecond.\n\nThird.', 'We support it.\n\nSecond.\n\nThird, with figures.', 'We oppose it.\n\nSecond.\n\nThird.'],
    'zh-Hans': ['我们支持这项措施。\n\n第二段。\n\n第三段。', '我们大力支持这项措施。\n\n第二段。\n\n第三段。', '我们支持这项措施。\n\n第二段。\n\n第三段，附上数据。', '我们反对这项措施。\n\n第二段。\n\n第三段。'],
};

async function journey(chromium, language, sight) {
    const scripted = sight.javaScriptEnabled;
    const [first, theirs, apart, against] = texts[language];
    const name = language.toLowerCase().replace('-', '');
    const cora = await member(chromium, language, sight, `cora-${name}`, language.toLowerCase(), 1);
    const dan = await member(chromium, language, sight, `dan-${name}`, language.toLowerCase(), 2);
    const { words } = cora;
    const home = `${url}/${language}/institution/consultations/${rehearsal}`;
    const section = `${home}/sections/measure-1-1`;
    const text = (one) => one.page.locator('#text');
    const save = (one) => one.submit(one.page.locator('main form button', { hasText: words['draft.save'] }).first());
    const stored = () =>
        sql(`select s.version || '|' || replace(s.text, E'\\n', '/') from consultation.response_sections s join consultation.responses r using (consultation_id, response_id)
              join consultation.institutions i using (institution_id) where i.slug = '${language.toLowerCase()}' and s.section = 'measure-1-1' order by s.version desc limit 1`);

    await dan.page.goto(home);
    await dan.seen('not begun');
    await cora.page.goto(home);
    await cora.submit();
    await cora.seen('overview');
    await cora.page.goto(section);
    await cora.seen('section, empty');
    await cora.page.locator('#member').selectOption(`dan-${name}`);
    await cora.submit(cora.page.locator('form[action$="/assignment"] button'));
    await cora.seen('section, given');
    await dan.page.goto(home);
    assert.ok((await dan.main()).includes(words['draft.yours']));

    // The drafter types; the page keeps it, or the button does.
    await dan.page.goto(section);
    await dan.page.locator('[name="/stance"][value="4"]').check();
    await text(dan).fill(first);
    if (scripted) {
        await dan.page.locator('[data-state]', { hasText: words['draft.state-kept'].split('%')[0] }).waitFor();
        await dan.page.locator('#look .app-prose p').nth(2).waitFor();
        assert.ok((await dan.page.locator('#look').innerText()).includes(first.split('\n')[0]));
        // Without a connection it stays in the page, and is kept once there is one.
        await dan.context.setOffline(true);
        await text(dan).fill(`${first}!`);
        await dan.page.locator('[data-state]', { hasText: words['draft.state-away'] }).waitFor();
        await dan.context.setOffline(false);
        await dan.page.locator('[data-state]', { hasText: words['draft.state-kept'].split('%')[0] }).waitFor();
        await text(dan).fill(first);
        await dan.page.locator('[data-state]', { hasText: words['draft.state-typing'] }).waitFor();
    } else {
        await dan.submit(dan.page.locator('button[formaction]'));
        await dan.seen('looked at');
        assert.equal(sql(`select count(*) from consultation.response_sections s join consultation.officials o on o.official_id = s.changed_by where o.login = 'dan-${name}'`), '0');
        assert.equal(await text(dan).inputValue(), first);
    }
    await save(dan);
    await dan.seen('saved');
    assert.ok(stored().endsWith(`|${first.replaceAll('\n', '/')}`), stored());

    // Too long, and given back.
    await text(dan).fill('長'.repeat(20001));
    await save(dan);
    await dan.seen('too long');
    assert.equal((await text(dan).inputValue()).length, 20001);

    // Both open it; the coordinator is first. What they changed apart comes together.
    await dan.page.goto(section);
    await cora.page.goto(section);
    await text(cora).fill(theirs);
    await save(cora);
    await text(dan).fill(apart);
    if (scripted) {
        await dan.page.locator('[data-state]', { hasText: words['draft.state-conflict'] }).waitFor();
        await dan.seen('somebody was first');
        await dan.submit(dan.page.locator('main form button', { hasText: words['draft.compare'] }));
    } else {
        await save(dan);
    }
    await dan.seen('conflict, apart');
    const merged = await text(dan).inputValue();
    assert.equal(merged.split('\n')[0], theirs.split('\n')[0]);
    assert.equal(merged.split('\n').at(-1), apart.split('\n').at(-1));
    assert.ok((await dan.page.locator('main ins').count()) >= 2);
    await save(dan);
    assert.ok(stored().endsWith(`|${merged.replaceAll('\n', '/')}`), stored());

    // The same line: one's own text stays, and the other's is beside it.
    await dan.page.goto(section);
    await cora.page.goto(section);
    await text(cora).fill(`${theirs.split('\n')[0]}!\n${merged.split('\n').slice(1).join('\n')}`);
    await save(cora);
    await text(dan).fill(against);
    await save(dan);
    await dan.seen('conflict, same line');
    assert.equal(await text(dan).inputValue(), against);
    await save(dan);
    assert.ok(stored().endsWith(`|${against.replaceAll('\n', '/')}`), stored());

    // A comment, done with by the other.
    await cora.page.goto(`${section}/comments`);
    await cora.submit();
    await cora.seen('comment, empty');
    await text(cora).fill('Why <b>this</b>?\n\n為甚麼？');
    await cora.submit(cora.page.locator('main form button').last());
    await cora.seen('comment');
    await dan.page.goto(home);
    assert.ok((await dan.main()).includes(words['draft.comments-open'].replace('{{comments}}', '1')));
    await dan.seen('overview, at work');
    await dan.page.goto(section);
    await dan.seen('section, with a comment');
    await dan.page.goto(`${section}/comments`);
    await dan.submit(dan.page.locator('.app-comments button'));
    await dan.seen('comment, done with');
    assert.ok((await dan.main()).includes('<b>this</b>'));

    // What changed, and back to an older one.
    await cora.page.goto(`${section}/versions`);
    await cora.seen('versions');
    await follow(cora.page, cora.page.locator('.app-rows a').nth(1));
    await cora.seen('difference');
    assert.ok((await cora.page.locator('.app-changes ins').count()) > 0);
    await cora.page.locator('#from').selectOption('0');
    await cora.submit(cora.page.locator('form[method="get"] button'));
    await cora.seen('difference, from nothing');
    await cora.submit(cora.page.locator('form[method="post"] button', { hasText: words['draft.restore'] }));
    await cora.seen('restored');
    assert.equal((await text(cora).inputValue()).split('\n')[0], `${theirs.split('\n')[0]}!`);
    await cora.page.goto(`${home}/settings`);
    await cora.seen('settings');
    await dan.page.goto(`${home}/settings`);
    await dan.seen('settings, read');
    if (language !== 'zh-Hans') await imports(dan, home, language.toLowerCase());
    await cora.context.close();
    await dan.context.close();
}

const chromium = await browser();
sql(`insert into consultation.institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious)
     select slug, 0, '海濱大學（虛構）', 'Harbour University (fictitious)', '海滨大学（虚构）', true from unnest(array['zh-hant', 'en', 'zh-hans']) as slug`);
await journey(chromium, 'zh-Hant', { javaScriptEnabled: true, viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
await journey(chromium, 'en', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
await journey(chromium, 'zh-Hans', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } });
await chromium.close();
// What was away on purpose is told by the browser as well.
finish(faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED')), `${looked.sights} sights`);
