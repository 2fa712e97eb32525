// An official in a browser: account, set-up by the link, one-time code, sign-in; what every page of theirs is held against.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { look, sideways } from './look.mjs';
import { follow, url, validator, watch } from './pages.mjs';

export const password = 'correct horse battery';
const validate = validator();
export const faults = [];
export const secrets = [password]; // nowhere in an address
export const looked = { sights: 0 };

export function consultation(...words) {
    const settings = ['--set', `database=${process.env.SCENE_LOGIN}`, '--set', `base_url=${url}`];
    return execFileSync(process.env.SCENE_BINARY, [...words, ...settings], { encoding: 'utf8' });
}
export const official = (...words) => consultation('official', ...words);

// What the authenticator shows `steps` steps from now: each code is good once, and the neighbour's is taken.
export function code(secret, steps) {
    const at = new Date(Date.now() + steps * 30000).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
    return execFileSync('oathtool', ['--totp', '--base32', '--now', at, secret], { encoding: 'utf8' }).trim();
}

export async function person(chromium, language, sight) {
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
        main: () => page.locator('main').innerText(),
        status: () => reply.status(),
        async seen(name) {
            looked.sights++;
            // axe waits for a clock that a page without scripts does not have.
            const judge = sight.javaScriptEnabled ? look : sideways;
            faults.push(...(await judge(page, `${language} ${name}`)));
            if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${language} ${name}.png`.replaceAll(/[ ,]+/g, '-')), fullPage: true });
            const report = await validate.validateString(await reply.text(), name);
            for (const result of report.results)
                for (const message of result.messages) faults.push(`${language} ${name}:${message.line}: ${message.message} (${message.ruleId})`);
        },
    };
}

export async function setUp({ page, submit, seen, context }, language, link, scripted) {
    const [, side, token] = link.match(/\/(officials|institution)\/set-up#(.*)/);
    secrets.push(token);
    await page.goto(scripted ? link.replace('/en/', `/${language}/`) : `${url}/${language}/${side}/set-up`);
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

export async function signIn({ page, submit, seen, context }, language, login, secret, side = 'officials') {
    await page.goto(`${url}/${language}/${side}`);
    assert.equal(page.url(), `${url}/${language}/${side}/sign-in`);
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
    assert.equal(page.url(), `${url}/${language}/${side}`);
    const [cookie, ...others] = await context.cookies();
    assert.deepEqual(others, []);
    assert.equal(cookie.name, side === 'officials' ? '__Host-official' : '__Host-member');
    assert.ok(cookie.secure && cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path === '/' && cookie.expires === -1);
    secrets.push(cookie.value);
}

// A new account without one-time codes, with these roles ([consultation, role], …), signed in.
export async function enter({ page, submit }, language, login, ...roles) {
    const link = official('add', login, '--name', login, '--password-only').match(/https:\S+/)[0];
    for (const role of roles) official('grant', login, ...role);
    secrets.push(link.split('#')[1]);
    await page.goto(`${url}/${language}/officials/set-up`);
    await page.locator('#token').fill(link);
    await submit();
    for (const field of ['#password', '#again']) await page.locator(field).fill(password);
    await submit();
    await page.goto(`${url}/${language}/officials/sign-in`);
    await page.locator('#login').fill(login);
    await page.locator('#password').fill(password);
    await submit();
    assert.equal(page.url(), `${url}/${language}/officials`);
}
