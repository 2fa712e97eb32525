// A code by e-mail, from the identity's step to the receipt: without scripts and with them, in each language, by keyboard
// on the smallest screen. The rehearsal's letters lie in a folder.
//   proof.mjs OUTBOX
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { look as found, sideways } from './look.mjs';
import { browser, finish, follow, languages, rehearsal, url, validator, watch } from './pages.mjs';
import { arrive, go, received } from './steps.mjs';

const outbox = process.argv[2];
// What all steps have around them is looked at by html.mjs.
const validate = validator({ 'heading-level': 'off', 'prefer-native-element': 'off' });
const faults = [];
let looked = 0;

// What the letter to that address says, which is then thrown away.
async function letter(address) {
    for (let waited = 0; waited < 90000; waited += 50) {
        for (const name of readdirSync(outbox).filter((file) => file.endsWith('.eml'))) {
            const [head, body] = readFileSync(join(outbox, name), 'utf8').split('\r\n\r\n');
            if (!head.includes(`To: <${address}>`)) continue;
            rmSync(join(outbox, name));
            return Buffer.from(body, 'base64').toString('utf8');
        }
        await pause(50);
    }
    throw new Error(`no letter to ${address}`);
}

const code = async (address) => (await letter(address)).match(/\d{6}/)[0];

async function look(page, name, scripts) {
    looked++;
    const report = await validate.validateString(await page.content(), name);
    // Scripts move things about after the page was written; what the server wrote is looked at without them.
    if (!scripts)
        for (const result of report.results)
            for (const message of result.messages) faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
    faults.push(...(await (scripts ? found : sideways)(page, name)));
}

async function give(page, address) {
    await page.locator('[name="/identity/kind"][value="email"]').check();
    await page.locator('[name="/identity/value"]').fill(address);
    // The return key leads on, not back.
    await Promise.all([page.waitForNavigation(), page.locator('[name="/identity/value"]').press('Enter')]);
}

async function prove(chromium, language, scripts, viewport) {
    const name = `${language} ${scripts ? 'scripts' : 'plain'} ${viewport.width}`;
    const context = await chromium.newContext({ javaScriptEnabled: scripts, viewport });
    const page = await context.newPage();
    watch(page, faults);
    await arrive(page, language);
    await look(page, `${name} identity`, scripts);
    const address = `${crypto.randomUUID()}@example.org`;
    await page.locator('#send_number').check();
    await give(page, address);
    const field = page.locator('#proof-code');
    assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    assert.ok(!(await page.content()).includes(address), 'the address is not shown again');
    await page.locator('details summary').last().click();
    await look(page, `${name} code`, scripts);
    const right = await code(address);

    // A wrong one is said beside the field, and the summary leads there.
    await field.fill(right === '000000' ? '111111' : '000000');
    await Promise.all([page.waitForNavigation(), field.press('Enter')]);
    assert.equal(await page.locator('#proof-code').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('#proof-code').inputValue(), '');
    await look(page, `${name} wrong`, scripts);

    // Another language is a button, and the same step.
    const other = languages.find((each) => each !== language);
    await follow(page, page.locator(`[formaction^="/${other}/"][hreflang="${other}"], button[lang="${other}"]`).first());
    assert.equal(await page.locator('html').getAttribute('lang'), other);
    await page.locator('#proof-code').fill(`${right.slice(0, 3)} ${right.slice(3)}`);
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    const number = await received(page);
    const first = await shown(page);
    await look(page, `${name} receipt`, scripts);
    // The number came by mail, and the code did not.
    const told = await letter(address);
    assert.ok(told.includes(`/${other}/receipts/${number}`) && !told.includes(first) && !told.includes(first.replaceAll(' ', '')), told);
    if (scripts) {
        const kept = await page.evaluate(() => JSON.stringify(localStorage));
        assert.ok(!kept.includes(address) && !kept.includes(right), 'neither address nor code is kept in the browser');
    }
    await lose(page, { name, language, scripts, address, number, first });
    await context.close();
}

// The code of the receipt that is shown, as it is read aloud.
const shown = (page) => page.locator('.app-secret .app-fixed').first().innerText();

// The code is lost, another one is had by proof, and with it the submission is withdrawn.
async function lose(page, { name, language, scripts, address, number, first }) {
    const enter = async (selector, value) => {
        await page.locator(selector).fill(value);
        await Promise.all([page.waitForNavigation(), page.locator(selector).press('Enter')]);
    };
    await page.goto(`${url}/${language}/receipts/${number}`);
    await follow(page, page.locator('a[href$="/renewal"]'));
    await look(page, `${name} lost`, scripts);
    await enter('#identity-value', 'nobody');
    assert.equal(await page.locator('#identity-value').getAttribute('aria-invalid'), 'true');
    await look(page, `${name} lost, no address`, scripts);
    // Somebody else gets as far as a refusal that tells nothing.
    const stranger = `${crypto.randomUUID()}@example.org`;
    await enter('#identity-value', stranger);
    await look(page, `${name} lost, code`, scripts);
    await enter('#proof-code', await code(stranger));
    await look(page, `${name} lost, refused`, scripts);
    await enter('#identity-value', address);
    assert.ok(!(await page.content()).includes(address), 'the address is not shown again');
    const right = await code(address);
    await enter('#proof-code', right === '000000' ? '111111' : '000000');
    assert.equal(await page.locator('#proof-code').getAttribute('aria-invalid'), 'true');
    await look(page, `${name} lost, wrong`, scripts);
    // In another language it is still the code that was sent, and no other is.
    for (const to of [languages.find((each) => each !== language), language]) {
        await follow(page, page.locator(`.app-languages [lang="${to}"]`));
        assert.equal(await page.locator('html').getAttribute('lang'), to);
        assert.equal(await page.locator('#proof-code').count(), 1);
    }
    assert.equal(await page.locator('.govuk-error-summary').count(), 0);
    await look(page, `${name} lost, code again`, scripts);
    await enter('#proof-code', right);
    const second = await shown(page);
    assert.notEqual(second, first);
    assert.equal(await received(page), number);
    await look(page, `${name} renewed`, scripts);
    await page.reload();
    assert.equal(await shown(page), second, 'loaded again it is the same code');

    await page.goto(`${url}/${language}/receipts/${number}`);
    await enter('#code', first);
    assert.equal(await page.locator('#code').getAttribute('aria-invalid'), 'true', 'the lost code opens nothing');
    await enter('#code', second);
    await page.locator('#confirm').check();
    await follow(page, page.locator('form[action$="/withdrawal"] button'));
    assert.equal(await received(page), number);
    await look(page, `${name} withdrawn`, scripts);
    const paper = await page.locator('pre').first().innerText();
    await page.goto(`${url}/${language}/receipt-check`);
    await page.locator('#receipt').fill(paper);
    await follow(page, page.locator('form:has([name="/receipt"]) button[type=submit]'));
    assert.equal(await page.locator('.app-panel--done').count(), 1, 'the receipt of the withdrawal is genuine');
    await look(page, `${name} withdrawal checked`, scripts);
}

// Back to the address, another code, and on without one.
async function goOnWithout(chromium) {
    const page = await chromium.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    await arrive(page, 'en');
    await give(page, `${crypto.randomUUID()}@example.org`);
    await page.locator('details summary').last().click();
    await follow(page, page.locator('details button[value="back"]'));
    assert.equal(await page.locator('[name="/identity/value"]').inputValue(), '');
    const address = `${crypto.randomUUID()}@example.org`;
    await give(page, address);
    await code(address);
    await page.locator('details summary').last().click();
    await follow(page, page.locator('button[value="unproven"]'));
    assert.match(await page.locator('main').innerText(), /\b[0-9A-HJKMNP-TV-Z]{10}\b/, 'a receipt');
    await page.close();
}

// Ten minutes are over: it is said, and nothing but the address has to be given again.
async function expired(chromium, language, scripts) {
    const name = `${language} ${scripts ? 'scripts' : 'plain'} expired`;
    const words = JSON.parse(readFileSync(new URL(`../../static/strings/${language}.json`, import.meta.url), 'utf8'));
    const page = await chromium.newPage({ javaScriptEnabled: scripts, viewport: { width: 360, height: 740 } });
    watch(page, faults);
    const addresses = [];
    page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
    await arrive(page, language);
    const address = `${crypto.randomUUID()}@example.org`;
    await give(page, address);
    const late = await code(address);
    execFileSync('psql', ['-XAtq', process.env.SCENE_DATABASE, '-c', "update consultation.challenges set expires_at = now() - interval '1 second'"]);
    await page.locator('#proof-code').fill(late);
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    assert.ok((await page.locator('.govuk-error-summary').innerText()).includes(words['problem.challenge-expired.detail']));
    await look(page, name, scripts);
    // Asked for the address again, and for nothing else: what was said is all there.
    assert.equal(await page.locator('[name="/step"]').inputValue(), 'identity');
    await follow(page, page.locator('main button[name="/go"][value="back"]').first());
    assert.ok(await page.locator('main').innerText().then((text) => text.includes('1-1')));
    await go(page, 'next');
    await give(page, address);
    const fresh = await code(address);
    await page.locator('#proof-code').fill(fresh);
    await Promise.all([page.waitForNavigation(), page.locator('#proof-code').press('Enter')]);
    assert.match(await page.locator('main').innerText(), /\b[0-9A-HJKMNP-TV-Z]{10}\b/, 'a receipt');
    assert.ok(addresses.length && addresses.every((each) => !each.includes(late) && !each.includes(fresh)), 'a code in an address');
    await page.close();
}

const chromium = await browser();

for (const language of languages) {
    await prove(chromium, language, false, { width: 320, height: 640 });
    await prove(chromium, language, true, { width: 1280, height: 900 });
}
await goOnWithout(chromium);
for (const language of languages) await expired(chromium, language, language === 'en');
await chromium.close();
finish(faults, `${looked} pages`);
