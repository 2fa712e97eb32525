// A sign-in at a real OpenID Connect provider, from the identity's step to the receipt: without scripts and with them, in
// each language, on the smallest screen and a large one. The provider's own pages need scripts, so that where ours have none
// the way to it is gone in another browser, which is one more thing that must work.
import assert from 'node:assert/strict';
import { look as found, sideways } from './look.mjs';
import { looked as accountsLooked } from './official.mjs';
import { accounts } from './openid_accounts.mjs';
import { browser, finish, follow, languages, rehearsal, slug, url, validator, watch } from './pages.mjs';
import { arrive } from './steps.mjs';

const issuer = process.env.SCENE_OPENID;
const validate = validator({ 'heading-level': 'off', 'prefer-native-element': 'off' });
const faults = [];
let looked = 0;

async function look(page, name, scripts) {
    looked++;
    const report = await validate.validateString(await page.content(), name);
    if (!scripts)
        for (const result of report.results)
            for (const message of result.messages) faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(' ', '-')}.png`, fullPage: true });
    faults.push(...(await (scripts ? found : sideways)(page, name)));
}

// On the provider's pages, until it sends back.
async function signIn(page, user) {
    await page.locator('#username').fill(user);
    await page.locator('#password').fill(`${user} knows it well`);
    await page.locator('#password').press('Enter');
    const on = page.locator('button:has-text("Continue")');
    await Promise.race([page.waitForURL(`${url}/openid/return**`), on.first().waitFor()]);
    if (!page.url().startsWith(url)) await on.first().click();
    await page.waitForURL(`${url}/openid/return**`);
}

const shown = async (page) => (await page.locator('.app-return-code').innerText()).replace(/\D/g, '');
async function receipt(page) {
    const [number] = (await page.locator('main').innerText()).match(/\b[0-9A-HJKMNP-TV-Z]{10}\b/) ?? [];
    assert.ok(number, 'a receipt');
    return number;
}

async function prove(chromium, language, scripts, viewport, user) {
    const name = `${language} ${scripts ? 'scripts' : 'plain'} ${viewport.width}`;
    const context = await chromium.newContext({ javaScriptEnabled: scripts, viewport });
    const page = await context.newPage();
    watch(page, faults);
    await arrive(page, language);
    await look(page, `${name} identity`, scripts);
    await follow(page, page.locator('main button[value="openid"]'));
    await look(page, `${name} sign-in`, scripts);

    // Nobody signed in yet.
    await page.locator('#proof-code').fill('123456');
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    assert.equal(await page.locator('#proof-code').getAttribute('aria-invalid'), 'true');
    await look(page, `${name} awaited`, scripts);
    const link = page.locator(`main a[href^="${new URL(issuer).origin}"]`);
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');

    const other = scripts ? context : await chromium.newContext({ viewport });
    let tab;
    if (scripts) [tab] = await Promise.all([context.waitForEvent('page'), link.click()]);
    else {
        tab = await other.newPage();
        await tab.goto(await link.getAttribute('href'));
    }
    await signIn(tab, user);
    assert.equal(await tab.locator('html').getAttribute('lang'), language);
    await look(tab, `${name} back`, true);
    const code = await shown(tab);
    assert.match(code, /^\d{6}$/);
    assert.ok(!(await tab.content()).includes(user), 'nobody is named');
    if (scripts) {
        // The form in the other tab has heard it.
        await page.waitForFunction((wanted) => document.getElementById('proof-code').value === wanted, code);
        await look(page, `${name} filled`, scripts);
        const kept = await page.evaluate(() => JSON.stringify(localStorage));
        assert.ok(!kept.includes(code), 'the code is not kept in the browser');
    } else {
        // The address is good once.
        await tab.reload();
        assert.equal(await tab.locator('.app-return-code').count(), 0);
        await look(tab, `${name} again`, true);
        await page.locator('#proof-code').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    }
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    const number = await receipt(page);
    await context.close();
    if (!scripts) await other.close();
    return number;
}

// A lost code: the same sign-in once more, whose page says first which receipt's code it renews.
async function renew(chromium, language, scripts, viewport, user, number) {
    const name = `${language} ${scripts ? 'scripts' : 'plain'} ${viewport.width} renewal`;
    const context = await chromium.newContext({ javaScriptEnabled: scripts, viewport });
    const other = scripts ? context : await chromium.newContext({ viewport });
    const page = await context.newPage();
    watch(page, faults);
    await page.goto(`${url}/${language}/receipts/${number}/renewal`);
    await look(page, name, scripts);
    await follow(page, page.locator('main button[value="openid"]'));
    await look(page, `${name} sign-in`, scripts);
    await page.locator('#proof-code').fill('123456');
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    assert.equal(await page.locator('#proof-code').getAttribute('aria-invalid'), 'true');
    await look(page, `${name} awaited`, scripts);
    const link = page.locator(`main a[href^="${new URL(issuer).origin}"]`);
    const tab = scripts ? (await Promise.all([context.waitForEvent('page'), link.click()]))[0] : await other.newPage();
    if (!scripts) await tab.goto(await link.getAttribute('href'));
    await signIn(tab, user);
    await look(tab, `${name} back`, true);
    const code = await shown(tab);
    const said = await tab.locator('main').innerText();
    assert.ok(said.indexOf(number) >= 0 && said.indexOf(number) < said.indexOf(code.slice(0, 3)), 'it says for which receipt first');
    if (scripts) await page.waitForFunction((wanted) => document.getElementById('proof-code').value === wanted, code);
    else await page.locator('#proof-code').fill(code);
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    assert.equal(await receipt(page), number);
    assert.match(await page.locator('main').innerText(), /[0-9A-HJKMNP-TV-Z]{4}[ -]?[0-9A-HJKMNP-TV-Z]{4}[ -]?[0-9A-HJKMNP-TV-Z]{4}/, 'its new code');
    await look(page, `${name} done`, scripts);
    await context.close();
    if (!scripts) await other.close();
}

// The provider's link, followed by somebody else: what they are shown is of no use in their own form, and their sign-in proves
// nothing in the one it was made in until they tell the code.
async function talkedInto(chromium) {
    const mine = await chromium.newPage();
    const theirs = await (await chromium.newContext()).newPage();
    for (const page of [mine, theirs]) {
        await arrive(page, 'en');
        await follow(page, page.locator('main button[value="openid"]'));
    }
    const tab = await theirs.context().newPage();
    await tab.goto(await mine.locator(`main a[href^="${new URL(issuer).origin}"]`).getAttribute('href'));
    await signIn(tab, 'bob');
    const code = await shown(tab);
    assert.equal(await theirs.locator('#proof-code').inputValue(), '', 'no form but the one it was begun in takes it');
    await theirs.locator('#proof-code').fill(code);
    await Promise.all([theirs.waitForNavigation(), theirs.locator('#proof-code').press('Enter')]);
    assert.equal(await theirs.locator('#proof-code').getAttribute('aria-invalid'), 'true');
    await mine.locator('#proof-code').fill(code === '000000' ? '111111' : '000000');
    await Promise.all([mine.waitForNavigation(), mine.locator('#proof-code').press('Enter')]);
    assert.equal(await mine.locator('#proof-code').getAttribute('aria-invalid'), 'true', 'a guess proves nothing');
    await mine.context().close();
    await theirs.context().close();
}

const api = `${url}/v1/consultations/${slug}`;
const post = async (address, body, headers = {}) => {
    const reply = await fetch(address, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
    return { status: reply.status, body: await reply.json() };
};

// The same by the interface, and whoever declines to sign in.
async function byInterface(chromium) {
    const key = crypto.randomUUID();
    const asked = await post(`${api}/challenges`, { identity: { kind: 'openid' }, submission_key: key, language: 'en' });
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(asked.body.sign_in);
    await signIn(tab, 'alice');
    const submission = {
        kind: 'individual',
        language: 'en',
        answers: { '1-1': { stance: 4 } },
        publication: 'none',
        proof: { challenge: asked.body.challenge, code: await shown(tab) },
    };
    const sent = await post(`${api}/submissions`, submission, { 'idempotency-key': key });
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    const state = new URL(asked.body.sign_in).searchParams.get('state');
    await tab.goto(`${url}/openid/return?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`);
    await look(tab, 'cancelled', true);
    await tab.context().close();
}

const chromium = await browser();
const small = { width: 320, height: 640 };
const large = { width: 1280, height: 900 };
for (const language of languages) {
    const plain = await prove(chromium, language, false, small, 'alice');
    if (language === 'zh-Hant') await renew(chromium, language, false, small, 'alice', plain);
    const scripted = await prove(chromium, language, true, large, 'bob');
    if (language === 'en') await renew(chromium, language, true, large, 'bob', scripted);
}
await talkedInto(chromium);
await byInterface(chromium);
faults.push(...(await accounts(chromium)));
await chromium.close();
finish(faults, `${looked + accountsLooked.sights} pages`);
