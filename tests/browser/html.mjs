// Every page is valid HTML (html-validate), in three languages.
import { browser, finish, languages, pages, posted, rehearsal, require, url } from './pages.mjs';
import { everyStep } from './steps.mjs';

const { HtmlValidate } = require('html-validate');
const validate = new HtmlValidate({
    root: true,
    extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
    rules: {
        // Ours is written by templates: how it is indented and wrapped says nothing to a reader.
        'no-trailing-whitespace': 'off',
        'void-style': 'off',
        'long-title': 'off',
        // A summary of what is wrong stands above the page's heading, where it is read first.
        'heading-level': ['error', { minInitialRank: 'h2' }],
        // Our own files, under names that change with their bytes.
        'require-sri': 'off',
    },
});

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
