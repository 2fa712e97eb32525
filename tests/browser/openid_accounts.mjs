// Officials and members of institutions connect their account with a real OpenID Connect provider, and sign in there: led on by
// the browser, by the links alone, and without scripts. The provider is another site, so cookies are sent as they really are.
import assert from 'node:assert/strict';
import { consultation, code, faults, official, password, person, secrets, setUp } from './official.mjs';
import { url } from './pages.mjs';

const issuer = process.env.SCENE_OPENID;
const phone = { viewport: { width: 360, height: 740 } };
const desk = { viewport: { width: 1280, height: 900 } };
const home = (side, language) => `${url}/${language}/${side}`;

// On the provider's pages, until it sends back to us and nothing moves any more.
async function atProvider(page, user, arrives) {
    await page.waitForURL((at) => !at.href.startsWith(url));
    await page.locator('#username').fill(user);
    await page.locator('#password').fill(`${user} knows it well`);
    await page.locator('#password').press('Enter');
    const on = page.locator('button:has-text("Continue")');
    const back = page.waitForURL((at) => at.href.startsWith(url));
    await Promise.race([back, on.first().waitFor()]);
    if (!page.url().startsWith(url)) await on.first().click();
    await back;
    await page.waitForURL(arrives);
    // Whoever comes there again is nobody yet: its pages wait otherwise for who was signed in before.
    await page.context().clearCookies({ domain: new URL(issuer).hostname });
}

// Pages that lead on stand still, and their links lead on instead. By the debugger, which sees what a redirect leads to as well.
async function still(page) {
    const debugging = await page.context().newCDPSession(page);
    await debugging.send('Fetch.enable', { patterns: [{ urlPattern: `${url}/*openid*`, requestStage: 'Response' }] });
    debugging.on('Fetch.requestPaused', ({ requestId, responseStatusCode, responseHeaders }) =>
        debugging.send('Fetch.continueResponse', {
            requestId,
            responseCode: responseStatusCode,
            responseHeaders: responseHeaders.filter(({ name }) => name.toLowerCase() !== 'refresh'),
        }),
    );
}

async function signIn({ page, submit }, language, side, login, secret) {
    await page.goto(`${home(side, language)}/sign-in`);
    await page.locator('#login').fill(login);
    await page.locator('#password').fill(password);
    await submit();
    await page.locator('#code').fill(code(secret, 1));
    await submit();
    assert.equal(page.url(), home(side, language));
}

// Connects, signs out, signs in there, ends it, and is a stranger then.
async function journey(one, language, side, link, login, user, stands) {
    const { page, submit, seen, words, context } = one;
    const own = `${home(side, language)}/own-account`;
    const main = () => page.locator('main').innerText();
    const secret = await setUp({ ...one, seen: () => {} }, language, link, true); // looked at by officials.mjs
    page.on('request', (request) => {
        if (/[?&]code=/.test(request.headers().referer ?? '')) faults.push(`${request.url()} is told the provider's code`);
    });
    await signIn(one, language, side, login, secret);
    await page.goto(own);
    await seen(`${side} own account, not connected`);
    await submit(page.locator('main a[href$="/own-account/openid"]'));
    await seen(`${side} connect`);
    await page.locator('#present').fill('not this one');
    await submit();
    await seen(`${side} connect, wrong`);
    await page.locator('#present').fill(password);
    if (stands) {
        await still(page);
        await submit();
        await seen(`${side} leaves`);
        await page.locator('main a.govuk-button').click();
        await atProvider(page, user, `**/openid/${side}?**`);
        await seen(`${side} connected`);
        await page.locator('main a.govuk-button').click();
    } else {
        await page.locator('main button[type=submit]').first().click();
        await atProvider(page, user, `${own}?done=openid`);
    }
    await page.waitForURL(`${own}?done=openid`);
    assert.ok((await main()).includes(words['account-openid.connected']));
    await seen(`${side} own account, connected`);

    await submit(page.locator('form[action$="/sign-out"] button').first());
    await seen(`${side} sign-in, two ways`);
    await page.locator('form[action$="/sign-in/openid"] button').click();
    if (stands) {
        await seen(`${side} leaves to sign in`);
        await page.locator('main a.govuk-button').click();
        await atProvider(page, user, `**/openid/${side}?**`);
        await seen(`${side} signed in`);
        await page.locator('main a.govuk-button').click();
        await page.waitForURL(home(side, language));
    } else {
        await atProvider(page, user, home(side, language));
    }
    assert.ok(await page.locator('form[action$="/sign-out"]').count(), 'signed in');
    const cookies = await context.cookies(url);
    assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [
        [side === 'officials' ? 'official' : 'member', true, 'Strict'],
    ]);
    secrets.push(cookies[0].value);
    await page.goto(own);
    await submit(page.locator('form[action$="/openid/end"] button'));
    await seen(`${side} own account, ended`);
    assert.ok((await main()).includes(words['account-openid.ended']));
    await submit(page.locator('form[action$="/sign-out"] button').first());
    await page.locator('form[action$="/sign-in/openid"] button').click();
    if (stands) await page.locator('main a.govuk-button').click();
    await atProvider(page, user, `**/openid/${side}?**`);
    assert.ok((await main()).includes(words['account-openid.unknown']));
    await seen(`${side} unknown`);
}

// Without scripts our pages lead as far as the provider. Its address, followed in another browser, signs nobody in there; and what
// came back is good in the one that set out, if anywhere.
async function withoutScripts(chromium, language, user) {
    const plain = await person(chromium, language, { ...phone, javaScriptEnabled: false });
    const other = await person(chromium, language, { ...desk, javaScriptEnabled: true, locale: language });
    await plain.page.goto(`${home('officials', language)}/sign-in`);
    await plain.seen('plain sign-in');
    const [asked] = await Promise.all([
        plain.page.waitForRequest((request) => !request.url().startsWith(url)),
        plain.page.locator('form[action$="/sign-in/openid"] button').click(),
    ]);
    assert.equal(asked.headers().referer, undefined);
    await other.page.goto(asked.url());
    await atProvider(other.page, user, '**/openid/officials?**');
    assert.ok((await other.page.locator('main').innerText()).includes(other.words['account-openid.over']));
    await other.seen('another browser');
    assert.deepEqual(await other.context.cookies(url), []);
    await plain.page.goto(other.page.url());
    assert.ok((await plain.page.locator('main').innerText()).includes(plain.words['account-openid.unknown']));
    await plain.seen('plain unknown');
}

// What the provider's own pages ask for is no fault of ours.
const isOurs = (fault) => !fault.includes(`asks for ${new URL(issuer).origin}/`);

export async function accounts(chromium) {
    const link = (text) => text.match(/https?:\S+#\S+/)[0];
    const seat = (sight, language) => person(chromium, language, { ...sight, javaScriptEnabled: true });
    consultation('institution', 'add', 'orchard', '--zh-hant', '示範果園（虛構）', '--en', 'Example Orchard (fictitious)', '--zh-hans',
        '示范果园（虚构）', '--domain', 'orchard.example');
    const invited = link(consultation('institution', 'invite', 'orchard', 'otto', '--roles', 'coordinator'));
    await journey(await seat(phone, 'zh-Hant'), 'zh-Hant', 'officials', link(official('add', 'olive')), 'olive', 'alice', false);
    await journey(await seat(desk, 'en'), 'en', 'institution', invited, 'otto', 'bob', true);
    await withoutScripts(chromium, 'zh-Hans', 'bob');
    return faults.filter(isOurs);
}
