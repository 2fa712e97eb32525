// A publisher behind the front: previews what has not opened, sets its window, puts the close off with a reason, corrects a text, and
// makes the final release; with and without JavaScript, in three languages, on a phone's width and a desk's. Every page by axe and as HTML.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { enter, faults, looked, person } from './official.mjs';
import { browser, finish, follow, rehearsal, slug, url } from './pages.mjs';

const tags = ['zh-Hant', 'en', 'zh-Hans'];

function sql(statement) {
    return execFileSync('psql', ['-XAtqd', process.env.SCENE_DATABASE, '-c', statement], { encoding: 'utf8' }).trim();
}

// The window of one of them, as intervals from now; the servers are told.
function moved(name, opens, closes) {
    sql(`update consultation.consultations set opens_at = now() + interval '${opens}', closes_at = now() + interval '${closes}',
         revision = revision + 1 where slug = '${name}'`);
}

// As the fields of a date have it, so many days from now in Hong Kong.
function day(days) {
    const at = new Date(Date.now() + (days * 24 + 8) * 3600000);
    return { day: at.getUTCDate(), month: at.getUTCMonth() + 1, year: at.getUTCFullYear() };
}

async function publisher(chromium, language, sight, login) {
    const who = await person(chromium, language, sight);
    const { page, words } = who;
    await enter(who, language, login, [slug, 'publisher'], [rehearsal, 'publisher']);
    return {
        ...who,
        go: (rest) => page.goto(`${url}/${language}${rest}`),
        submit: (what = 'main button[type=submit]') => follow(page, page.locator(what).first()),
        says: async (key) => assert.ok((await who.main()).includes(words[key]), `${page.url()} does not say ${key}`),
        async fill(fields) {
            for (const [name, value] of Object.entries(fields)) await page.locator(`main [name="${name}"]`).fill(String(value));
        },
        async date(group, days) {
            for (const [part, value] of Object.entries(day(days))) await page.locator(`main [name="${group}/${part}"]`).fill(String(value));
        },
    };
}

const reasons = (words) => Object.fromEntries(tags.map((tag) => [`/reason/${tag}`, `${words} ${tag}`]));

// Its pages as the public will see them, and none of them for the public; then another window, by way of what is wrong with it.
async function beforeOpening({ go, page, submit, seen, says, fill, date, words }, language) {
    moved(slug, '9 days', '40 days');
    const work = `/officials/consultations/${slug}`;
    await go(`/consultations/${slug}`);
    for (let tries = 0; tries < 40 && (await page.locator('main .app-cards').count()); tries++) await page.reload();
    await seen('announced');
    assert.equal(await page.locator('main .app-cards').count(), 0);
    await go(work);
    await submit(`main a[href$="/preview"]`);
    await seen('preview');
    await submit('main a[href*="/preview/directions/"]');
    await seen('preview, direction');
    await submit('main a[href*="/preview/measures/"]');
    await seen('preview, measure');
    await submit('.govuk-notification-banner a');
    await submit('main a[href$="/publication"]');
    await says('publication.announced');
    await seen('publication, announced');
    await submit('main a[href$="/publication/window"]');
    await seen('window');
    await date('/opens', -2);
    await submit();
    await says('problem.date-past.detail');
    await seen('window, fault');
    await date('/opens', 5);
    await date('/closes', 60);
    await fill({ '/opens/clock': '9:30' });
    await submit();
    await seen('window, check');
    await submit('button[value="change"]');
    assert.equal(await page.locator('main [name="/opens/clock"]').inputValue(), '9:30');
    await submit();
    await submit('button[value="confirm"]');
    await says('publication.done-window');
    assert.ok((await page.locator('main').innerText()).includes('09:30'));
    await seen('publication, window set');
    moved(slug, '-9 days', '9 days');
}

async function whileOpen({ go, page, submit, seen, says, fill, date, context }, language) {
    const work = `/officials/consultations/${slug}/publication`;
    await go(`${work}/window`);
    await submit();
    assert.equal(await page.locator('.govuk-error-summary li').count(), 4);
    await seen('extension, faults');
    await date('/closes', 30);
    await fill(reasons('More time was asked for.\n\nBy many.'));
    await submit();
    await seen('extension, check');
    await submit('button[value="confirm"]');
    await says('publication.done-extension');
    await seen('publication, extended');
    await go(`/consultations/${slug}`);
    for (let tries = 0; tries < 40 && !(await page.locator('main').innerText()).includes(`By many. ${language}`); tries++) await page.reload();
    assert.ok((await page.locator('main').innerText()).includes(`By many. ${language}`));
    await seen('extended');

    await go(`${work}/texts`);
    await seen('texts');
    await submit('main a[href$="/texts/measure.2-1"]');
    await seen('correction');
    await submit();
    await seen('correction, faults');
    const old = await page.locator(`main [name="/text/${language}"]`).inputValue();
    await fill({ [`/text/${language}`]: `${old} (2)` });
    await fill(Object.fromEntries(tags.map((tag) => [`/note/${tag}`, `A misprint. ${tag}`])));
    await submit();
    assert.equal(await page.locator('main mark').count(), 1);
    await seen('correction, check');

    // Somebody else is quicker: what was typed is still there, beside the words as they are.
    const other = await context.newPage();
    await other.goto(`${url}/${language}${work}/texts/measure.2-1`);
    await other.locator(`main [name="/text/${language}"]`).fill(`${old} (1)`);
    for (const tag of tags) await other.locator(`main [name="/note/${tag}"]`).fill('Quicker.');
    await follow(other, other.locator('main button[type=submit]').first());
    await follow(other, other.locator('button[value="confirm"]'));
    await other.close();
    await submit('button[value="confirm"]');
    await says('problem.changed-meanwhile.detail');
    assert.equal(await page.locator(`main [name="/text/${language}"]`).inputValue(), `${old} (2)`);
    await seen('correction, too late');
    await submit();
    await submit('button[value="confirm"]');
    await says('publication.done-correction');
    await go(`/consultations/${slug}/measures/2-1`);
    for (let tries = 0; tries < 40 && !(await page.locator('main').innerText()).includes(`A misprint. ${language}`); tries++) await page.reload();
    assert.ok((await page.locator('h1').innerText()).endsWith('(2)'));
}

// The rehearsal's, once: after it there is no other.
async function atTheEnd({ go, page, words, submit, seen, says }) {
    const work = `/officials/consultations/${rehearsal}/publication`;
    moved(rehearsal, '-60 days', '-2 hours');
    await go(work);
    await says('publication.closed');
    await seen('publication, closed');
    await go(`/consultations/${rehearsal}/tally`);
    await says('tally.final-comes');
    await go(work);
    await submit('main a[href$="/final-release"]');
    await seen('final release');
    assert.ok((await page.locator('.app-rehearsal').innerText()).includes(words['frame.rehearsal']));
    await submit();
    await says('problem.not-sure.detail');
    await seen('final release, not sure');
    await page.locator('#sure').check();
    await submit();
    await says('publication.done-final');
    await seen('publication, final');
    // Everybody reads that nothing more comes.
    const last = words['remark.final'].split('{{')[0];
    await go(`/consultations/${rehearsal}/measures/1-1/remarks`);
    for (let tries = 0; tries < 40 && !(await page.locator('main').innerText()).includes(last); tries++) await page.reload();
    assert.ok((await page.locator('main').innerText()).includes(last));
    await go(`/consultations/${rehearsal}/tally`);
    await says('tally.final');
    assert.ok(!(await page.locator('main').innerText()).includes(words['tally.final-comes']));
}

const chromium = await browser();
const journeys = [
    ['zh-Hant', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } }],
    ['en', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }],
    ['zh-Hans', { javaScriptEnabled: true, viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
];
let last;
for (const [place, [language, sight]] of journeys.entries()) {
    last = await publisher(chromium, language, sight, `publisher${place}`);
    await beforeOpening(last, language);
    await whileOpen(last, language);
}
await atTheEnd(last);
await chromium.close();
finish(faults, `${looked.sights} sights`);
