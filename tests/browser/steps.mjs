// The steps of the answer form, as somebody with a browser goes through them.
import { follow, rehearsal, url } from './pages.mjs';

// Presses the button that leads there: "next", "back", "measure-1-3" … (one that people see, in the page and not the frame around it).
export async function go(page, where) {
    await follow(page, page.locator(`main button[name="/go"][value="${where}"]:not([tabindex="-1"])`).first());
}

// The button of the last step, which sends.
export async function send(page) {
    await follow(page, page.locator('main form[action$="/submissions"] button[type=submit]:not([name])'));
}

export const step = (page) => page.locator('[name="/step"]').inputValue();
export const field = (page, name) => page.locator(`[name="${name}"]`);
export const choose = (page, name, value) => page.locator(`[name="${name}"][value="${value}"]`).check();

// To the identity's step, the quick way.
export async function arrive(page, language, consultation = rehearsal) {
    await page.goto(`${url}/${language}/consultations/${consultation}/measures/1-1/answer`);
    await choose(page, '/answers/1-1/stance', '4');
    await go(page, 'next');
    await choose(page, '/kind', 'individual');
    await choose(page, '/publication', 'none');
    await go(page, 'next');
    await go(page, 'next');
}

export async function identify(page) {
    await choose(page, '/identity/kind', 'email');
    await field(page, '/identity/value').fill(`${crypto.randomUUID()}@example.org`);
}

const receiptNumber = /\b[0-9A-HJKMNP-TV-Z]{10}\b/;

// Number of the receipt that is shown, once it is.
export async function received(page) {
    const main = page.locator('main');
    await main.filter({ hasText: receiptNumber }).waitFor().catch(() => {});
    const text = await main.innerText();
    const number = text.match(receiptNumber)?.[0];
    if (!number) throw new Error(`no receipt's number is shown at ${page.url()}: ${text.slice(0, 400)}`);
    return number;
}

// Every step, and every state it can be in, of one consultation; `look(name)` is called at each.
export async function everyStep(page, language, slug, look) {
    const seen = (name) => look(`${language} ${name}`);
    await page.goto(`${url}/${language}/consultations/${slug}/answer`);
    await seen('tasks');
    await go(page, 'next');
    await seen('check, with nothing said');
    await go(page, 'back');
    await go(page, 'direction-1');
    await seen('direction');
    await go(page, 'next');
    await seen('measure');
    await field(page, '/answers/1-1/remark').fill('長'.repeat(2003));
    await go(page, 'next');
    await seen('measure, too long');
    await choose(page, '/answers/1-1/stance', '4');
    await field(page, '/answers/1-1/remark').fill('Ring 9123 4567, or write to a@b.example. 彌敦道100號12樓');
    await go(page, 'next');
    await go(page, 'tasks');
    await seen('tasks, some done');
    await go(page, 'save');
    await seen('saved');
    await go(page, 'next');
    await go(page, 'priorities');
    await seen('priorities');
    for (const code of ['1-1', '1-2', '2-1', '3-1']) await field(page, `/priorities/${code}`).check();
    await go(page, 'next');
    await seen('priorities, too many');
    await field(page, '/priorities/3-1').uncheck();
    await go(page, 'next');
    await go(page, 'views');
    await seen('views');
    await field(page, '/views/1/text').fill('字'.repeat(5001));
    await go(page, 'next');
    await seen('views, too long');
    await field(page, '/views/1/text').fill('Views.');
    await go(page, 'next');
    await go(page, 'about');
    await seen('about');
    await choose(page, '/kind', 'organisation');
    await go(page, 'next');
    await seen('about, not complete');
    await choose(page, '/kind', 'individual');
    await choose(page, '/publication', 'without-name');
    await field(page, '/answers/1-1/withhold').check();
    await go(page, 'next');
    await go(page, 'next');
    await seen('check');
    await go(page, 'next');
    await seen('check, undecided');
    await go(page, 'mask-all');
    await go(page, 'change-measure-1-1');
    await seen('measure, changed');
    await go(page, 'next');
    await go(page, 'next');
    await seen('identity');
    await send(page);
    await seen('identity, missing');
    await page.locator('[name="/leave_empty"]').evaluate((input) => (input.value = 'x'));
    await identify(page);
    await send(page);
    await seen('identity, trapped');
    await page.locator('[name="/state"]').evaluate((input) => (input.value = 'changed'));
    await go(page, 'back');
    await seen('tasks, state changed');
}
