// The consultation prints as a booklet: a cover, then each direction from a new page, every measure with an address that can be
// typed off paper; black on white whatever the screen shows, without what only a screen can do; the bars of a tally as well. A
// receipt says where it is used, for whoever has no camera.
import { browser, finish, languages, rehearsal, slug, url } from './pages.mjs';
import { choose, go, identify, received, send } from './steps.mjs';

const faults = [];
const expect = (ok, fault) => ok || faults.push(fault);
const chromium = await browser();
const page = await chromium.newPage({ colorScheme: 'dark' });

// Chromium writes one such object a page.
async function sheets() {
    return (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
}

async function hidden(name, selectors) {
    for (const selector of selectors) expect(!(await page.locator(selector).first().isVisible()), `${name}: ${selector} is printed`);
}

async function isBlackOnWhite(name) {
    const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]);
    expect(/^rgb\((\d|1\d|2\d|3\d), /.test(ink) && /, 0\)$|255, 255, 255/.test(paper), `${name}: ${ink} on ${paper}`);
}

const screenOnly = ['.app-languages', '.app-sections', '.app-footer', '.govuk-breadcrumbs'];
for (const language of languages) {
    const name = `${language} booklet`;
    await page.goto(`${url}/${language}/consultations/${slug}/booklet`);
    await page.emulateMedia({ media: 'print' });
    const whole = await (await fetch(`${url}/v1/consultations/${slug}/measures`, { headers: { 'accept-language': language } })).json();
    const text = (await page.locator('main').innerText()).replaceAll('\n', ' ');
    expect(whole.measures.length === 15, `${name}: ${whole.measures.length} measures`);
    for (const measure of whole.measures) {
        expect(text.includes(measure.text), `${name}: ${measure.code} is not in it`);
        expect(text.includes(`${url}/${language}/consultations/${slug}/measures/${measure.code}`), `${name}: ${measure.code} has no address`);
    }
    const breaks = await page.locator('.app-sheet').evaluateAll((list) => list.filter((one) => getComputedStyle(one).breakBefore === 'page').length);
    expect(breaks === 4, `${name}: ${breaks} parts begin a page`);
    await hidden(name, screenOnly);
    await isBlackOnWhite(name);
    await page.emulateMedia({ media: null });
    const count = await sheets();
    expect(count >= 6 && count <= 14, `${name}: ${count} sheets`);
}

await page.goto(`${url}/en/consultations/${rehearsal}/tally`);
await page.emulateMedia({ media: 'print' });
await hidden('tally', screenOnly);
await isBlackOnWhite('tally');
// A bar for each figure of the table that is not hidden: how many are depends on the release, and of 300 people that is much.
const shown = await page.locator('.app-figures').first().locator('tbody td:nth-child(2)').evaluateAll((cells) => cells.filter((cell) => /^[\d,]+$/.test(cell.textContent)).length);
const bars = await page.locator('.chart .fill').evaluateAll((list) => list.map((one) => getComputedStyle(one).fill));
expect(shown > 0 && bars.length === shown && bars.every((fill) => fill !== 'none' && fill !== 'rgb(255, 255, 255)'), `tally: bars are ${bars}, figures ${shown}`);
// What is folded on the screen is on the paper.
expect((await page.locator('.app-table--days').boundingBox())?.height > 100, 'tally: the days are not printed');

await page.emulateMedia({ media: null });
await page.goto(`${url}/en/consultations/${rehearsal}/measures/1-3/answer`);
await choose(page, '/answers/1-3/stance', '4');
await go(page, 'next');
await choose(page, '/kind', 'individual');
await choose(page, '/publication', 'none');
await go(page, 'next');
await go(page, 'next');
await identify(page);
await send(page);
const number = await received(page);
await page.emulateMedia({ media: 'print' });
const address = page.locator(`main a[href="${url}/en/receipts/${number}"]`);
const printed = (await address.count()) && (await address.evaluate((link) => getComputedStyle(link, '::after').content));
expect(/\(/.test(printed), `receipt: its address is not printed: ${printed}`);
await chromium.close();
finish(faults, `${languages.length} booklets, 1 tally, 1 receipt`);
