// The officials' dashboard while submissions come in; a part of officials.mjs.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { slug, url } from './pages.mjs';

async function send({ context }) {
    const reply = await context.request.post(`${url}/v1/consultations/${slug}/submissions`, {
        headers: { 'Idempotency-Key': randomUUID() },
        data: { kind: 'individual', language: 'en', identity: { kind: 'email', value: `${randomUUID()}@example.org` }, publication: 'none', answers: { '1-1': { stance: 4 } } },
    });
    assert.equal(reply.status(), 201);
}

// What comes in is seen without a new page, and nothing that the reader did to it is undone; not while it is paused.
export async function live({ page, context, words }) {
    const button = page.locator('.app-live button');
    const received = async () => Number(await page.locator('#figures dl.app-facts dd').first().innerText());
    const becomes = (number) => page.waitForFunction((n) => document.querySelector('#figures dl.app-facts dd').textContent === n, `${number}`, { timeout: 15000 });
    const table = page.locator('details', { has: page.locator('summary', { hasText: words['dashboard.support'] }) });
    const first = await received();
    await page.evaluate(() => (globalThis.kept = true));
    await table.locator('summary').click();
    const focused = page.locator('a[href$="/figures/priority/csv"]');
    await focused.focus();
    await page.getByText(words['dashboard.live']).first().waitFor();
    await send({ context });
    await becomes(first + 1);
    assert.equal(await page.evaluate(() => globalThis.kept), true);
    assert.ok(await focused.evaluate((link) => link === document.activeElement), 'focus stays');
    assert.ok(await table.evaluate((details) => details.open), 'what was opened stays open');
    const [before, after] = words['dashboard.updated'].split('{{time}}');
    await page.locator('.app-live p').filter({ hasText: before || after }).first().waitFor();
    assert.match(await page.locator('.app-live p').first().innerText(), /\d\d:\d\d:\d\d/);
    assert.equal(await page.locator('.app-live [role=status]').count(), 1);
    await button.press('Enter');
    await page.locator('.app-live p').filter({ hasText: words['dashboard.paused'] }).first().waitFor();
    await send({ context });
    await page.waitForTimeout(3500); // longer than a change takes to be seen
    assert.equal(await received(), first + 1, 'nothing moves while paused');
    await button.press('Enter');
    await becomes(first + 2);
}
