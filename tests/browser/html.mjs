// Every page is valid HTML (html-validate), in three languages.
import { browser, finish, languages, pages, posted, rehearsal, url, validator } from './pages.mjs';
import { everyStep } from './steps.mjs';

const validate = validator();
const faults = [];
let looked = 0;
async function look(name, reply) {
    if (!reply.headers.get('content-type')?.startsWith('text/html')) faults.push(`${name}: ${reply.status} is no page`);
    await judge(name, await reply.text());
}

async function judge(name, html) {
    looked++;
    const report = await validate.validateString(html, name);
    for (const result of report.results)
        for (const message of result.messages)
            faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
}

for (const language of languages) {
    for (const path of pages(language)) await look(path, await fetch(url + path, { headers: { accept: 'text/html' } }));
    for (const [name, reply] of Object.entries(await posted(language))) await look(`${language} ${name}`, reply);
}

// The steps of the form as they came, not as the browser mended them.
const chromium = await browser();
for (const language of languages) {
    const page = await chromium.newPage();
    let reply;
    page.on('response', (response) => response.request().isNavigationRequest() && (reply = response));
    await everyStep(page, language, rehearsal, async (name) => judge(name, await reply.text()));
    await page.close();
}
await chromium.close();
finish(faults, `${looked} pages`);
