// An analyst's files: refused, streamed, and a workbook that is made, fetched and checked. Called by officials.mjs with somebody who
// is signed in and has the role on the rehearsal.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rehearsal, url } from './pages.mjs';

export async function exporting({ page, submit, seen, words }, language, scripted) {
    const main = () => page.locator('main').innerText();
    const fetched = async (locator) => {
        const [download] = await Promise.all([page.waitForEvent('download'), locator.click()]);
        return readFileSync(await download.path());
    };
    await page.goto(`${url}/${language}/officials/consultations/${rehearsal}`);
    await submit(page.locator('main a[href$="/exports"]'));
    await seen('exports');
    await page.goto(`${page.url()}?stance=1&kind=individual`);
    await page.locator('input[value=tallies]').check();
    await submit();
    assert.ok((await main()).includes(words['problem.not-filtered.detail']));
    await seen('exports, faults');
    await submit(page.locator('.app-chosen__filter').first());
    await submit(page.locator('.app-chosen__filter').first());
    assert.ok((await main()).includes(words['export.everything']));
    const csv = (await fetched(page.locator('main button[type=submit]').first())).toString();
    assert.equal(csv.split('\n').filter((line) => /^[0-9A-HJKMNP-TV-Z]{10},/.test(line)).length, 50);
    await page.locator('input[value=xlsx]').check();
    await submit();
    assert.match(page.url(), /\/exports\/[0-9a-f]{20}$/);
    const ready = page.locator('main a[href$="/workbook"]');
    if (scripted) await ready.waitFor();
    else while (!(await ready.count())) await submit(page.locator('[data-part=refresh] a'));
    await seen('export, ready');
    const digest = (await page.locator('.app-digest').innerText()).trim();
    assert.equal(createHash('sha256').update(await fetched(ready)).digest('hex'), digest);
    assert.equal(JSON.parse(await fetched(page.locator('main a[href$="/manifest"]'))).files[0].sha256, digest);
    await submit(page.locator('.govuk-breadcrumbs a').last());
    assert.equal(await page.locator('.app-rows__row').count(), 2);
    await seen('exports, two of them');
}
