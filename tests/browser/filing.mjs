// A response from its preview to its citation: asked for, refused, approved by another person, filed, superseded, released, compared in the
// matrix, and taken back. In three languages, by phone and desktop, with and without scripts; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { member, signedIn, sql } from './member.mjs';
import { faults, looked, official } from './official.mjs';
import { browser, finish, rehearsal, url } from './pages.mjs';

const draft = (slug, number, summary) =>
    sql(`with r as (insert into consultation.responses (consultation_id, institution_id, number, language)
           select c.consultation_id, i.institution_id, '${number}', 0 from consultation.consultations c, consultation.institutions i
            where c.slug = '${rehearsal}' and i.slug = '${slug}' on conflict (consultation_id, institution_id) do update set language = 0 returning *)
         insert into consultation.response_sections (consultation_id, response_id, section, version, stance, text, wording, changed_by)
         select r.consultation_id, r.response_id, s.section, 1 + coalesce((select max(version) from consultation.response_sections o
                where (o.consultation_id, o.response_id, o.section) = (r.consultation_id, r.response_id, s.section)), 0), s.stance, s.words, s.wording,
                (select min(official_id) from consultation.officials where institution_id = r.institution_id)
           from r, (values ('summary', null, '${summary}', null), ('measure-1-1', 5, '**理由** <img src=x>' || chr(10) || chr(10) || '| a | b |' || chr(10) || '| - | - |' || chr(10) || '| 1 | 2 |', 1),
                ('question-1', null, '答覆', 1), ('interests', null, '沒有', null), ('approver', null, '某人，校長', null)) as s (section, stance, words, wording)`);

async function journey(chromium, language, sight, n) {
    const slug = `filer-${n}`;
    const number = `F0000000${n}0`;
    const one = await member(chromium, language, sight, `${slug}-one`, slug, 7);
    const two = await member(chromium, language, sight, `${slug}-two`, slug, 4);
    const members = `${url}/${language}/institution/consultations/${rehearsal}`;
    const says = async (who, words) => assert.ok((await who.page.locator('main').innerText()).includes(words), `${language}: ${words}`);

    // Nothing to approve while something needed is missing.
    draft(slug, number, '');
    await one.page.goto(`${members}/approval`);
    await one.seen('something missing');
    await says(one, one.words['filing.fault-required']);
    draft(slug, number, '# 摘要');
    await one.page.goto(`${members}/preview`);
    await one.seen('preview');
    const previewed = await one.page.locator('article').innerHTML();
    await one.page.goto(`${members}/approval`);
    await one.seen('to ask');
    await one.submit();
    await one.seen('asked');

    // The second person refuses with a reason, then approves what is asked anew.
    await two.page.goto(`${members}/approval`);
    await two.seen('to decide');
    await two.submit(two.page.locator('button[value=refuse]'));
    await two.seen('no reason');
    await two.page.locator('#note').fill('第二段？');
    await two.submit(two.page.locator('button[value=refuse]'));
    await two.seen('refused');
    await says(two, '第二段？');
    await one.page.goto(`${members}/approval`);
    await one.submit();
    await two.page.goto(`${members}/approval`);
    await two.submit(two.page.locator('button[value=approve]'));
    await two.seen('approved');

    // Filed, by an act that is meant.
    await one.page.goto(`${members}/filing`);
    await one.seen('to file');
    await one.submit();
    await one.seen('not sure');
    await one.page.locator('#sure').check();
    await one.submit();
    await one.seen('filed');
    assert.ok(one.page.url().endsWith('/filings/1'));
    assert.equal(await one.page.locator('article').innerHTML(), previewed);
    const receipt = await one.page.locator('pre').first().innerText();

    // Superseded by another one, and the receipt's check says so.
    draft(slug, number, '# 摘要二');
    await one.page.goto(`${members}/approval`);
    await one.submit();
    await two.page.goto(`${members}/approval`);
    await two.submit(two.page.locator('button[value=approve]'));
    await two.page.goto(`${members}/filing`);
    await two.page.locator('#sure').check();
    await two.submit();
    assert.ok(two.page.url().endsWith('/filings/2'));
    await one.page.goto(`${members}/filings/1`);
    await one.seen('superseded');
    await one.page.goto(`${url}/${language}/receipt-check`);
    await one.page.locator('#receipt').fill(receipt);
    await one.submit(one.page.locator('form[enctype] button'));
    await one.seen('receipt checked');
    await says(one, one.words['filing-check.superseded']);

    // Released by a publisher who has read it.
    const publisher = await signedIn(chromium, language, sight, `publisher-${n}`);
    official('grant', `publisher-${n}`, rehearsal, 'publisher');
    await publisher.page.goto(`${url}/${language}/officials/consultations/${rehearsal}/responses`);
    await publisher.seen('filed responses');
    await publisher.page.locator(`a[href$="/${number}/versions/2"]`).click();
    await publisher.seen('to release');
    await publisher.submit(publisher.page.locator('button[value=publish]'));
    await publisher.seen('released');

    // What the public reads, cites and compares.
    const reader = one;
    const open = `${url}/${language}/consultations/${rehearsal}`;
    for (let tries = 0; tries < 50 && (await fetch(`${open}/responses/${number}`).catch(() => ({}))).status !== 200; tries++)
        await new Promise((done) => setTimeout(done, 100));
    await reader.page.goto(`${open}/responses/${number}/versions/2`);
    await reader.seen('published');
    await says(reader, number);
    assert.ok((await reader.page.locator('#cite ~ details pre').first().textContent()).startsWith(`@techreport{${number}-2,`));
    await reader.page.goto(`${open}/responses`);
    await reader.seen('all responses');
    await reader.page.goto(`${open}/responses/matrix`);
    await reader.seen('matrix');
    const cell = reader.page.locator(`a[href$="/responses/${number}#measure-1-1"]`);
    assert.ok((await cell.innerText()).includes('++'));
    await cell.click();
    await reader.page.waitForURL(/#measure-1-1$/);
    assert.ok(await reader.page.locator('#measure-1-1').isVisible());
    await reader.page.goto(`${open}/measures/1-1/responses`);
    await reader.seen('a measure');
    await says(reader, '理由');
    await reader.page.goto(`${open}/measures/1-1`);
    await reader.seen('measure page');
    await says(reader, reader.words['measure.institutions']);

    // Taken back, and why.
    await publisher.submit(publisher.page.locator('button[value=withhold]'));
    await publisher.seen('no public reason');
    await publisher.page.locator('#public_reason').fill('載有個人資料');
    await publisher.submit(publisher.page.locator('button[value=withhold]'));
    await publisher.seen('taken back');
    for (let tries = 0; tries < 50 && !(await (await fetch(`${open}/responses/${number}`)).text()).includes('載有個人資料'); tries++)
        await new Promise((done) => setTimeout(done, 100));
    await reader.page.goto(`${open}/responses/${number}`);
    await reader.seen('withheld');
    await says(reader, '載有個人資料');
    for (const each of [one, two, publisher]) await each.context.close();
}

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const chromium = await browser();
const sights = [
    ['zh-Hant', { javaScriptEnabled: true, viewport: { width: 360, height: 780 } }],
    ['en', { javaScriptEnabled: false, viewport: { width: 320, height: 700 } }],
    ['zh-Hans', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }],
];
sql(`insert into consultation.institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, verified_by)
     select 'filer-' || n, 0, '甲大學' || n, 'A University ' || n, '甲大学' || n, true, now(), 1 from generate_series(0, 2) as n`);
for (const [n, [language, sight]] of sights.entries()) await journey(chromium, language, sight, n);
await chromium.close();
finish(faults, `${looked.sights} sights`);
