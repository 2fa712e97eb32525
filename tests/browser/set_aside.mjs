// Two officials decide what a submission counts as: an analyst proposes, a publisher confirms, the public sees how many and why, and
// all of it goes back again. With and without JavaScript, in three languages; every page by axe and as HTML.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { enter, faults, looked, person } from './official.mjs';
import { browser, finish, rehearsal, url } from './pages.mjs';

// An account with that role, signed in, on the consultation's page.
async function made(chromium, language, sight, login, role) {
    const who = await person(chromium, language, sight);
    await enter(who, language, login, [rehearsal, role]);
    await who.submit(who.page.locator(`main a[href$="/consultations/${rehearsal}"]`));
    return {
        ...who,
        to: who.submit,
        go: (rest) => who.page.goto(`${url}/${language}/officials/consultations/${rehearsal}${rest}`),
        button: (text) => who.submit(who.page.locator('main button', { hasText: text })),
    };
}

async function submitted({ context }, address) {
    const reply = await context.request.post(`${url}/v1/consultations/${rehearsal}/submissions`, {
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        data: { kind: 'individual', identity: { kind: 'email', value: address }, publication: 'none', answers: { '1-1': { stance: 4 } } },
    });
    assert.equal(reply.status(), 201, await reply.text());
    return (await reply.json()).receipt.number;
}

// One more respondent lets a release be due; then the public page says it, or no longer.
async function published(who, language, text, wanted) {
    for (let tries = 0; tries < 60; tries++) {
        if (tries % 10 === 0) await submitted(who, `${crypto.randomUUID()}@example.org`);
        await who.page.goto(`${url}/${language}/consultations/${rehearsal}/reconciliation`);
        if ((await who.main()).includes(text) === wanted) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
    assert.fail(`${language}: «${text}» ${wanted ? 'is not published' : 'is published still'}`);
}

async function journey(chromium, language, sight, logins) {
    const ann = await made(chromium, language, sight, logins[0], 'analyst');
    const pam = await made(chromium, language, sight, logins[1], 'publisher');
    const { words } = ann;
    const address = `${logins[0]}@example.org`;
    const first = await submitted(ann, address);
    const second = await submitted(ann, address);
    const decided = async (number, decision) => {
        await pam.go('');
        await pam.to(pam.page.locator('main a[href$="/proposals"]'));
        await pam.to(pam.page.locator('main li', { hasText: number }).locator('a'));
        await pam.button(words[decision]);
        assert.ok((await pam.main()).includes(words['official.done']));
    };

    // Held ones are listed; one cannot be counted while the other is.
    await ann.seen('consultation');
    assert.equal(await pam.page.locator('main a[href$="/held"]').count(), 0);
    await ann.to(ann.page.locator('main a[href$="/held"]'));
    await ann.seen('held');
    await ann.to(ann.page.locator('main a', { hasText: second }));
    await ann.seen('state of a held one');
    assert.ok((await ann.main()).includes(words['state.taken']));
    assert.equal(await ann.page.locator('input[value=counted]').count(), 0);
    await ann.to(ann.page.locator(`main a[href$="/submissions/${second}"]`));
    await ann.to(ann.page.locator('main a', { hasText: words['state.propose-title'] }));
    assert.ok(ann.page.url().endsWith(`/submissions/${second}/state`));

    // Set aside, with a reason of the list.
    await ann.go(`/submissions/${first}/state`);
    await ann.button(words['state.propose']);
    await ann.seen('state, faults');
    await ann.page.locator('.govuk-error-summary a').first().click();
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'reason');
    await ann.page.locator('input[value=trial]').check();
    await ann.page.locator('#note').fill('試用期間由職員提交\n第二行');
    await ann.button(words['state.propose']);
    await ann.seen('proposal, proposed');
    assert.ok((await ann.main()).includes(words['proposal.own']));
    await ann.to(ann.page.locator(`main a[href$="/submissions/${first}/state"]`));
    await ann.seen('state, with a proposal');
    assert.equal(await ann.page.locator('#note').count(), 0);
    await pam.go('');
    await pam.seen('consultation, one waits');
    await pam.to(pam.page.locator('main a[href$="/proposals"]'));
    await pam.seen('proposals');
    await pam.to(pam.page.locator('main li', { hasText: first }).locator('a'));
    await pam.seen('proposal');
    assert.ok((await pam.main()).includes('試用期間由職員提交'));
    await pam.button(words['proposal.confirm']);
    await pam.seen('proposal, confirmed');
    assert.ok((await pam.main()).includes(words['proposal.confirmed']));
    await published(ann, language, words['set-aside.trial-meaning'], true);
    await ann.seen('reconciliation');

    // Nobody under that identity is counted now: the held one can be.
    await ann.go('/held?show=free');
    await ann.seen('held, free');
    await ann.to(ann.page.locator('main a', { hasText: second }));
    await ann.page.locator('input[value=counted]').check();
    await ann.button(words['state.propose']);
    await ann.seen('state, no note');
    await ann.page.locator('#note').fill('The respondent telephoned');
    await ann.button(words['state.propose']);
    await decided(second, 'proposal.confirm');

    // Back again: the first among the held, since the second is counted.
    await ann.go(`/submissions/${first}`);
    assert.ok((await ann.main()).includes(words['set-aside.trial']));
    await ann.go(`/submissions/${first}/state`);
    await ann.seen('state of one set aside');
    await ann.page.locator('#note').fill('It was no test');
    await ann.button(words['state.propose']);
    await decided(first, 'proposal.reject');
    await ann.go(`/submissions/${first}/state`);
    await ann.page.locator('#note').fill('It was no test');
    await ann.button(words['state.propose']);
    await decided(first, 'proposal.confirm');
    await pam.go('/proposals?show=decided');
    await pam.seen('proposals, decided');
    await published(ann, language, words['set-aside.trial-meaning'], false);
    await ann.context.close();
    await pam.context.close();
}

// A handful are enough to be shown here.
execFileSync('psql', ['-Xqc', `update consultation.consultations set publication = jsonb_set(publication, '{cell_minimum}', '1'), revision = revision + 1 where rehearsal`, process.env.SCENE_DATABASE]);
const chromium = await browser();
await journey(chromium, 'zh-Hant', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } }, ['ann', 'pam']);
await journey(chromium, 'en', { javaScriptEnabled: true, viewport: { width: 1280, height: 900 } }, ['ben', 'pia']);
await journey(chromium, 'zh-Hans', { javaScriptEnabled: true, viewport: { width: 320, height: 640 }, colorScheme: 'dark' }, ['chen', 'ping']);
await chromium.close();
finish(faults, `${looked.sights} sights`);
