// An analyst reads: the list by filters, as a form, in words and in the address, words marked, faults, and from one submission to
// the next by links and by keys. Called by officials.mjs with somebody who is signed in and has the role on the rehearsal.
import assert from 'node:assert/strict';
import { rehearsal, url } from './pages.mjs';

// Words of a remark that is there, once the search has come to it.
async function wordsOf(page, of) {
    for (let tries = 0; tries < 100; tries++) {
        await page.goto(`${of}?moderation=waiting`);
        const text = await page.locator('.app-hit .app-own').first().textContent({ timeout: 200 }).catch(() => '');
        const word = text.match(/\p{Script=Han}{2}|[A-Za-z]{4,}/u)?.[0];
        if (word) {
            await page.goto(`${of}?text=${encodeURIComponent(word)}`);
            if (await page.locator('mark').count()) return word;
        }
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error('no words are found');
}

async function filters({ page, words, submit, seen }, of) {
    const word = await wordsOf(page, of);
    await page.goto(of);
    await seen('submissions');
    await page.locator('#text').fill(word);
    // On a small screen the rest is folded away; on a wide one it lies open.
    const fold = page.locator('.app-filters__more > summary');
    if (await fold.isVisible()) await fold.click();
    await page.locator('#state').selectOption('counted');
    await submit(page.locator('.app-filters button'));
    await seen('submissions, filtered');
    assert.ok((await page.locator('.app-submissions mark').count()) > 0);
    assert.equal(await page.locator('.app-chosen__filter').count(), 2);
    assert.ok((await page.locator('.app-chosen').innerText()).includes(words['reconciliation.counted']));
    assert.equal(new URL(page.url()).searchParams.get('text'), word);
    await submit(page.locator('.app-chosen__filter').first());
    assert.equal(new URL(page.url()).searchParams.get('state'), null);
    assert.equal(await page.locator('#text').inputValue(), word);
    await page.goto(`${of}?stance=9&kind=robot&text=${encodeURIComponent('，。')}`);
    await seen('submissions, faults');
    assert.equal(await page.locator('.govuk-error-summary__list a').count(), 3);
    for (const field of ['#stance', '#kind', '#text']) assert.ok(await page.locator(field).isVisible(), field);
    await page.goto(`${of}?text=zebra&kind=organisation`);
    await seen('submissions, none');
    assert.ok((await page.locator('main').innerText()).includes(words['reading.none-fits']));
}

const numberOf = (page) => page.locator('h1 .app-fixed').innerText();

async function onByOne({ page, submit, seen }, of, scripted) {
    await page.goto(`${of}?state=counted`);
    const [first, second] = await page.locator('.app-submissions h3 a').allInnerTexts();
    await submit(page.locator('.app-submissions h3 a').first());
    await seen('submission');
    assert.equal(await numberOf(page), first);
    assert.equal(await page.locator('a[rel="prev"]').count(), 0);
    assert.equal(await page.locator('[data-part="arrows"]').isVisible(), scripted);
    if (scripted) {
        await Promise.all([page.waitForNavigation(), page.keyboard.press('ArrowRight')]);
        assert.equal(await numberOf(page), second);
        await Promise.all([page.waitForNavigation(), page.keyboard.press('ArrowLeft')]);
        assert.equal(await numberOf(page), first);
        // With another key it is the browser's own: back, and forward again.
        await page.keyboard.press('Shift+ArrowRight');
        assert.equal(await numberOf(page), first);
    }
    await submit(page.locator('a[rel="next"]').first());
    assert.equal(await numberOf(page), second);
    await submit(page.locator('.app-around a:not([rel])'));
    assert.equal(await page.locator('.app-submissions > li').first().getAttribute('id'), `n-${second}`);
    assert.equal(new URL(page.url()).searchParams.get('state'), 'counted');
    await seen('submissions, further');
    // In a field the same keys move the cursor.
    if (scripted && (await page.locator('nav [rel="prev"]').count())) {
        await page.locator('#text').focus();
        const before = page.url();
        await page.keyboard.press('ArrowLeft');
        assert.equal(page.url(), before);
    }
}

export async function reading(analyst, language, scripted) {
    const of = `${url}/${language}/officials/consultations/${rehearsal}`;
    await analyst.page.goto(of);
    await analyst.submit(analyst.page.locator('main a[href$="/submissions"]'));
    await filters(analyst, `${of}/submissions`);
    await onByOne(analyst, `${of}/submissions`, scripted);
}
