// Officials behind the front, by https: set-up by the link, one-time code, sign-in, a role given to a colleague, who then has it,
// a token, the record of it all, and the end. With and without JavaScript, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { entering } from './entering.mjs';
import { live } from './live.mjs';
import { exporting } from './exporting.mjs';
import { faults, looked, official, password, person, secrets, setUp, signIn } from './official.mjs';
import { browser, finish, rehearsal, slug, url } from './pages.mjs';
import { reading } from './reading.mjs';

async function journey(chromium, language, sight, logins, enters) {
    const boss = await person(chromium, language, sight);
    const { page, words, submit, seen } = boss;
    const main = () => page.locator('main').innerText();
    const section = (key) => submit(page.locator('nav.app-sections a', { hasText: words[key] }).first());
    const secret = await setUp(boss, language, official('add', logins[0], '--name', '陳小玲', '--administrator').match(/https:\S+/)[0], sight.javaScriptEnabled);
    const lee = await person(chromium, language, sight);
    const leeSecret = await setUp(lee, language, official('add', logins[1], '--name', 'Lee Tai Man').match(/https:\S+/)[0], sight.javaScriptEnabled);

    await signIn(boss, language, logins[0], secret);
    await seen('home');
    assert.ok((await main()).includes(words['official.no-roles']));
    await section('official.accounts');
    await seen('accounts');
    await submit(page.locator(`main a[href$="/accounts/${logins[1]}"]`));
    await seen('account');
    await submit(page.locator(`button[name="/grant"][value="analyst ${slug}"]`));
    await seen('account, done');
    await submit(page.locator(`button[name="/grant"][value="viewer ${rehearsal}"]`));
    await submit(page.locator('button[value="propose"]'));
    await seen('account, reset proposed');
    assert.equal(await page.locator('button[value="confirm"]').count(), 0);
    await submit(page.locator('button[value="drop"]'));

    // The colleague has what was given, and no more.
    await signIn(lee, language, logins[1], leeSecret);
    await lee.seen('home, with roles');
    await lee.submit(lee.page.locator(`main a[href$="/consultations/${slug}"]`));
    await lee.seen('consultation');
    assert.ok((await lee.page.locator('main').innerText()).includes(lee.words['role.analyst']));
    assert.equal(await lee.page.locator('main section.app-section table').count(), 10);
    const bars = await lee.page.locator('.app-bars text').allTextContents();
    assert.ok(bars.length > 60 && bars.every((text) => / · ([\d,.]+%?|–)$/.test(text)), bars.join('\n'));
    if (sight.javaScriptEnabled) await live(lee);
    else assert.equal(await lee.page.locator('.app-live button').count(), 0);
    const svg = await lee.context.request.get(new URL(await lee.page.locator('main a[href$="/figures/support/svg"]').getAttribute('href'), url).href);
    assert.equal(svg.headers()['content-type'], 'image/svg+xml');
    const csv = await lee.page.locator('main a[href$="/figures/support/csv"]').getAttribute('href');
    const file = await lee.context.request.get(new URL(csv, url).href);
    assert.ok(file.headers()['content-type'].startsWith('text/csv'));
    assert.equal((await file.text()).trim().split('\n').length, 16);
    await lee.submit(lee.page.locator('#figures p a').first());
    await lee.seen('consultation, anew');
    official('grant', logins[1], rehearsal, 'analyst');
    await reading(lee, language, sight.javaScriptEnabled);
    // In each language, and without scripts.
    if (language !== 'zh-Hant' || !sight.javaScriptEnabled) await exporting(lee, language, sight.javaScriptEnabled);
    await lee.page.goto(`${url}/${language}/officials/accounts`);
    await lee.seen('no right');
    assert.ok((await lee.page.locator('main').innerText()).includes(lee.words['problem.role-missing.title']));
    await lee.page.goto(`${url}/${language}/officials/own-account`);
    await lee.submit(lee.page.locator('form[action$="/tokens"] button[type=submit]:not([name])'));
    await lee.seen('own account, faults');
    await lee.page.locator('#label').fill('Figures for the bureau');
    await lee.submit(lee.page.locator('form[action$="/tokens"] button[type=submit]:not([name])'));
    await lee.seen('token');
    secrets.push(await lee.page.locator('#token-value').innerText());
    await lee.page.goto(`${url}/${language}/officials/own-account`);
    await lee.seen('own account');
    await lee.page.goto(`${url}/${language}/officials/own-account/password`);
    await lee.submit();
    await lee.seen('password, faults');
    await lee.page.goto(`${url}/${language}/officials/own-account/recovery-codes`);
    await lee.seen('recovery codes');
    await lee.page.locator('#present').fill(password);
    await lee.submit();
    assert.equal(await lee.page.locator('.app-codes li').count(), 10);

    if (enters) {
        official('grant', logins[1], rehearsal, 'clerk');
        await entering(lee, language, rehearsal, sight.javaScriptEnabled);
    }

    // The account is signed out by the administrator, and what was open says that it is not told any more; the record says all of it.
    const open = await lee.context.newPage();
    if (sight.javaScriptEnabled) {
        await open.goto(`${url}/${language}/officials/consultations/${slug}`);
        await open.getByText(words['dashboard.live']).first().waitFor();
    }
    await submit(page.locator('button[value="sign-out"]'));
    if (sight.javaScriptEnabled) await open.locator('.app-live p').filter({ hasText: words['dashboard.stopped'] }).first().waitFor();
    await lee.page.goto(`${url}/${language}/officials`);
    assert.equal(lee.page.url(), `${url}/${language}/officials/sign-in`);
    await section('official.acts');
    await seen('acts');
    await page.locator('#who').fill(logins[0]);
    await page.locator('#from').fill('2020-01-01');
    await submit(page.locator('.app-filter button'));
    await seen('acts, filtered');
    for (const act of ['official-granted', 'official-reset-dropped', 'official-signed-in']) assert.ok((await main()).includes(act), act);
    assert.ok(!(await main()).includes('official-token-made'));
    await submit(page.locator('form[action$="/sign-out"] button'));
    await seen('sign-in');
    await page.goto(`${url}/${language}/officials/acts`);
    assert.equal(page.url(), `${url}/${language}/officials/sign-in`);
    await boss.context.close();
    await lee.context.close();
}

// One language a run, so that the three run beside each other. Who types in comes last: the others count what was there.
const small = { width: 320, height: 640 };
const journeys = {
    'zh-Hant': [[{ javaScriptEnabled: true, viewport: small }, ['wong', 'ho']], [{ javaScriptEnabled: false, viewport: small }, ['chan', 'lee'], true]],
    en: [[{ javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }, ['boss', 'clerk-lee'], true]],
    'zh-Hans': [[{ javaScriptEnabled: true, viewport: small, colorScheme: 'dark' }, ['chen', 'li'], true]],
};
const language = process.argv[2];
const chromium = await browser();
for (const [sight, logins, enters] of journeys[language]) await journey(chromium, language, sight, logins, enters);
await chromium.close();
finish(faults, `${looked.sights} sights`);
