// An institution from the register to its first key, by https behind the front: an administrator registers it and invites its first member,
// who sets up, signs in, invites a colleague, and verifies the institution by a mailed code; the colleague confirms what the first has
// made. With and without JavaScript, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { consultation, faults, looked, official, person, secrets, setUp, signIn } from './official.mjs';
import { browser, finish, url } from './pages.mjs';

const outbox = process.argv[2];

// The code in the letter to that address, which is then thrown away.
async function mailed(address) {
    for (let waited = 0; waited < 10000; waited += 50) {
        for (const name of readdirSync(outbox).filter((file) => file.endsWith('.eml'))) {
            const [head, body] = readFileSync(join(outbox, name), 'utf8').split('\r\n\r\n');
            if (!head.includes(`To: <${address}>`)) continue;
            rmSync(join(outbox, name));
            return Buffer.from(body, 'base64').toString('utf8').match(/\d{6}/)[0];
        }
        await pause(50);
    }
    throw new Error(`no letter to ${address}`);
}

// The link that is shown once, in a page where nothing else is.
async function link(page) {
    const text = await page.locator('.app-secret-text').innerText();
    secrets.push(text.split('#')[1]);
    return text.replace(/\/(zh-Hant|zh-Hans)\//, '/en/');
}

async function invite({ page, submit, seen }, what, login, name, parts) {
    const go = page.locator('form:has(#member-login) button[type=submit]');
    await page.locator('#member-login').fill('No such name');
    for (const box of await page.locator('input[name^="/member/parts/"]:checked').all()) await box.uncheck();
    await submit(go);
    await seen(`${what}, faults`);
    assert.equal(await page.locator('#member-login').inputValue(), 'No such name');
    assert.equal(await page.locator('.govuk-error-summary li').count(), 3);
    await page.locator('#member-login').fill(login);
    await page.locator('#member-name').fill(name);
    for (const part of parts) await page.locator(`input[name="/member/parts/${part}"]`).check();
    await submit(go);
    await seen(`${what}, link`);
    return link(page);
}

async function journey(chromium, language, sight, slug) {
    const boss = await person(chromium, language, sight);
    const first = await person(chromium, language, sight);
    const second = await person(chromium, language, sight);
    const { words } = boss;
    const scripted = sight.javaScriptEnabled;
    const go = async ({ page, seen }, rest, name) => {
        await page.goto(`${url}/${language}${rest}`);
        await seen(name);
    };
    const boss_secret = await setUp(boss, language, official('add', `${slug}-boss`, '--administrator').match(/https:\S+/)[0], scripted);
    await signIn(boss, language, `${slug}-boss`, boss_secret);

    // The register, and a new entry in it.
    await boss.submit(boss.page.locator('nav.app-sections a[href$="/officials/institutions"]'));
    await boss.seen('institutions');
    await boss.submit(boss.page.locator('main form button[type=submit]'));
    await boss.seen('institutions, faults');
    await boss.page.locator('#institution-slug').fill(slug);
    await boss.page.locator('#institution-zh-Hant').fill('示範大學（虛構）');
    await boss.page.locator('#institution-en').fill('Example University (fictitious)');
    await boss.page.locator('#institution-zh-Hans').fill('示范大学（虚构）');
    await boss.page.locator('#institution-domains').fill(`@${slug.toUpperCase()}.example, 例子.香港`);
    await boss.page.locator('#institution-fictitious').check();
    await boss.submit(boss.page.locator('main form button[type=submit]'));
    assert.equal(boss.page.url(), `${url}/${language}/officials/institutions/${slug}?done=1`);
    await boss.seen('institution');
    assert.ok((await boss.page.locator('main').innerText()).includes(`${slug}.example`));
    const below = ([...hints]) => hints.every((hint) => hint.getBoundingClientRect().left < hint.previousElementSibling.getBoundingClientRect().right);
    assert.ok(await boss.page.locator('.govuk-checkboxes__hint').evaluateAll(below), 'what a part means stands below its box');
    const set_up = await invite(boss, 'first member', `${slug}-first`, '何小明', ['coordinator']);

    // Its first member, who sees that it is not verified and invites a colleague.
    const first_secret = await setUp(first, language, set_up, scripted);
    await signIn(first, language, `${slug}-first`, first_secret, 'institution');
    await first.seen('institution home');
    await go(first, '/institution/members', 'members');
    const second_link = await invite(first, 'colleague', `${slug}-second`, 'Lee Tai Man', ['drafter']);
    await go(first, `/institution/members/${slug}-second`, 'member, invited');
    await first.page.locator('input[name="/member/parts/approver"]').check();
    await first.submit(first.page.locator('button[value="parts"]'));
    await first.seen('member, done');
    const second_secret = await setUp(second, language, second_link, scripted);
    await signIn(second, language, `${slug}-second`, second_secret, 'institution');

    // Verified by a mailed code.
    await go(first, '/institution/verification', 'verification');
    const ask = first.page.locator('form[action$="/code"] button');
    await first.page.locator('#verification-address').fill('ho@elsewhere.example');
    await first.submit(ask);
    await first.seen('verification, another domain');
    assert.ok((await first.page.locator('main').innerText()).includes(words['problem.domain-not-listed.detail']));
    await first.page.locator('#verification-address').fill(`Ho@mail.${slug}.example`);
    await first.submit(ask);
    await first.seen('verification, code');
    assert.ok(!(await first.page.content()).includes(`mail.${slug}.example`));
    const code = await mailed(`ho@mail.${slug}.example`);
    await first.page.locator('#verification-code').fill(code === '000000' ? '111111' : '000000');
    await first.submit(first.page.locator('form:has(#verification-code) button'));
    await first.seen('verification, wrong code');
    await first.page.locator('#verification-code').fill(code);
    await first.submit(first.page.locator('form:has(#verification-code) button'));
    await first.seen('verified');
    assert.ok((await first.page.locator('main').innerText()).includes(words['institution.verified-now']));

    // A token and a key, which the colleague confirms.
    await go(first, '/institution/keys', 'keys, none');
    const add = first.page.locator('form:has(#key-label) button');
    await first.page.locator('#key-public').fill('nonsense');
    await first.submit(add);
    await first.seen('keys, faults');
    await first.page.locator('#key-label').fill('Library server');
    await first.page.locator('#key-public').fill('');
    await first.submit(add);
    await first.seen('key, token');
    const token = await first.page.locator('#token-value').innerText();
    secrets.push(token);
    const asked = () => first.context.request.get(`${url}/v1/institution`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal((await asked()).status(), 401);
    await go(first, '/institution/keys', 'keys');
    await first.page.locator('#key-label').fill('Signing key');
    await first.page.locator('#key-public').fill('-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----');
    await first.submit(add);
    await first.seen('keys, two');
    assert.equal(await first.page.locator('form[action$="/confirmation"]').count(), 0);
    await go(second, '/institution/keys', 'keys, to confirm');
    await second.submit(second.page.locator('form[action$="/confirmation"] button').last());
    await second.seen('keys, confirmed');
    const told = await asked();
    assert.equal(told.status(), 200);
    assert.equal((await told.json()).institution, slug);
    await second.page.goto(`${url}/${language}/institution/members/${slug}-first`);
    await second.seen('member, no right');

    // What others see of it: the administrator invites no more, the public sees that it is verified, and the record who did what.
    await go(boss, `/officials/institutions/${slug}`, 'institution, verified');
    assert.equal(await boss.page.locator('#member-login').count(), 0);
    await go(boss, '/institutions', 'public register');
    assert.ok((await boss.page.locator('main').innerText()).includes(words['institution.public-fictitious']));
    await go(boss, `/officials/acts?who=${slug}-first`, 'acts');
    for (const act of ['institution-member-invited', 'institution-code-asked', 'institution-verified', 'institution-key-made'])
        assert.ok((await boss.page.locator('main').innerText()).includes(act), act);
    await go(boss, `/officials/institutions/${slug}`, 'institution again');
    await boss.submit(boss.page.locator('button[value="close"]'));
    await boss.seen('institution, closed');
    await first.page.goto(`${url}/${language}/institution/members`);
    assert.equal(first.page.url(), `${url}/${language}/institution/sign-in`);
    for (const who of [boss, first, second]) await who.context.close();
}

consultation('institution', 'import', new URL('../../schema/institutions.json', import.meta.url).pathname);
const phone = { width: 360, height: 740 };
const chromium = await browser();
await journey(chromium, 'zh-Hant', { javaScriptEnabled: true, viewport: phone }, 'uni-hant');
await journey(chromium, 'en', { javaScriptEnabled: true, viewport: { width: 1200, height: 900 } }, 'uni-en');
await journey(chromium, 'zh-Hans', { javaScriptEnabled: false, viewport: { ...phone, width: 320 } }, 'uni-hans');
await chromium.close();
finish(faults, `${looked.sights} sights`);
