// Officials behind the front, by https: set-up by the link, one-time code, sign-in, a role given to a colleague, who then has it,
// a token, the record of it all, and the end. With and without JavaScript, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { look, sideways } from './look.mjs';
import { browser, finish, follow, rehearsal, slug, url, validator, watch } from './pages.mjs';

const password = 'correct horse battery';
const faults = [];
const secrets = [password]; // nowhere in an address
const validate = validator();
let looked = 0;

function official(...words) {
    const settings = ['--set', `database=${process.env.SCENE_LOGIN}`, '--set', `base_url=${url}`];
    return execFileSync(process.env.SCENE_BINARY, ['official', ...words, ...settings], { encoding: 'utf8' });
}

// What the authenticator shows `steps` steps from now: each code is good once, and the neighbour's is taken.
function code(secret, steps) {
    const at = new Date(Date.now() + steps * 30000).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
    return execFileSync('oathtool', ['--totp', '--base32', '--now', at, secret], { encoding: 'utf8' }).trim();
}

async function person(chromium, language, sight) {
    const context = await chromium.newContext({ ignoreHTTPSErrors: true, ...sight });
    const page = await context.newPage();
    watch(page, faults);
    let reply;
    page.on('request', (request) => {
        for (const secret of secrets)
            if (`${request.url()} ${request.headers().referer ?? ''}`.includes(secret)) faults.push(`${request.url()} has a secret`);
    });
    page.on('response', (response) => response.request().isNavigationRequest() && (reply = response));
    const words = JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));
    return {
        context,
        page,
        words,
        submit: (locator = page.locator('main button[type=submit]').first()) => follow(page, locator),
        async seen(name) {
            looked++;
            // axe waits for a clock that a page without scripts does not have.
            const judge = sight.javaScriptEnabled ? look : sideways;
            faults.push(...(await judge(page, `${language} ${name}`)));
            const report = await validate.validateString(await reply.text(), name);
            for (const result of report.results)
                for (const message of result.messages) faults.push(`${language} ${name}:${message.line}: ${message.message} (${message.ruleId})`);
        },
    };
}

async function setUp({ page, submit, seen, context }, language, link, scripted) {
    const token = link.split('#')[1];
    secrets.push(token);
    await page.goto(scripted ? link.replace('/en/', `/${language}/`) : `${url}/${language}/officials/set-up`);
    if (scripted) {
        assert.equal(await page.locator('#token').inputValue(), token);
        assert.equal(new URL(page.url()).hash, '');
    } else {
        await page.locator('#token').fill('nonsense');
        await submit();
        await seen('set-up, wrong');
        await page.locator('#token').fill(link);
    }
    await seen('set-up');
    await submit();
    await seen('choose');
    const secret = (await page.locator('.app-secret-text').innerText()).replaceAll(' ', '');
    secrets.push(secret);
    await submit();
    await seen('choose, faults');
    await page.locator('#password').fill(password);
    await page.locator('#again').fill(password);
    await page.locator('#code').fill(code(secret, 0));
    await submit();
    await seen('codes');
    assert.equal(await page.locator('.app-codes li').count(), 10);
    assert.equal((await context.cookies()).length, 0);
    return secret;
}

async function signIn({ page, submit, seen, context }, language, login, secret) {
    await page.goto(`${url}/${language}/officials`);
    assert.equal(page.url(), `${url}/${language}/officials/sign-in`);
    await page.locator('#login').fill(login);
    await page.locator('#password').fill('not this one');
    await submit();
    await seen('sign-in, wrong');
    await page.locator('#password').fill(password);
    await submit();
    await page.locator('#code').fill('000000');
    await submit();
    await seen('code, wrong');
    await page.locator('#code').fill(code(secret, 1));
    await submit();
    assert.equal(page.url(), `${url}/${language}/officials`);
    const [cookie, ...others] = await context.cookies();
    assert.deepEqual(others, []);
    assert.equal(cookie.name, '__Host-official');
    assert.ok(cookie.secure && cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path === '/' && cookie.expires === -1);
    secrets.push(cookie.value);
}

async function journey(chromium, language, sight, logins) {
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
    const csv = await lee.page.locator('main a[href$="/figures/support/csv"]').getAttribute('href');
    const file = await lee.context.request.get(new URL(csv, url).href);
    assert.ok(file.headers()['content-type'].startsWith('text/csv'));
    assert.equal((await file.text()).trim().split('\n').length, 16);
    await lee.submit(lee.page.locator('main p a').first());
    await lee.seen('consultation, anew');
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

    // The account is signed out by the administrator; the record says all of it.
    await submit(page.locator('button[value="sign-out"]'));
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

const chromium = await browser();
await journey(chromium, 'zh-Hant', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } }, ['chan', 'lee']);
await journey(chromium, 'zh-Hant', { javaScriptEnabled: true, viewport: { width: 320, height: 640 } }, ['wong', 'ho']);
await journey(chromium, 'en', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }, ['boss', 'clerk-lee']);
await journey(chromium, 'zh-Hans', { javaScriptEnabled: true, viewport: { width: 320, height: 640 }, colorScheme: 'dark' }, ['chen', 'li']);
await chromium.close();
finish(faults, `${looked} sights`);
