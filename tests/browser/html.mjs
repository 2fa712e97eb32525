// Every page is valid HTML (html-validate), in three languages, and so is every state of the answer form.
import { browser, finish, languages, pages, require, throughForm, url } from './pages.mjs';

const { HtmlValidate } = require('html-validate');
const validate = new HtmlValidate({
    root: true,
    extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
    rules: {
        // Ours is written by templates: how it is indented and wrapped says nothing to a reader.
        'no-trailing-whitespace': 'off',
        'void-style': 'off',
        'long-title': 'off',
        // What is wrong with a form stands above the page's title, as the design system has it.
        'heading-level': ['error', { minInitialRank: 'h2' }],
        // Our own files, under names that change with their bytes.
        'require-sri': 'off',
    },
});

const faults = [];
let looked = 0;
async function look(name, type, html) {
    looked++;
    if (!type?.startsWith('text/html')) faults.push(`${name} is no page`);
    const report = await validate.validateString(html, name);
    for (const result of report.results)
        for (const message of result.messages)
            faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
}

const chromium = await browser();
const page = await chromium.newPage({ javaScriptEnabled: false });
let shown; // as it came, before the browser mended anything
page.on('response', (response) => {
    if (response.request().isNavigationRequest()) shown = response;
});
for (const language of languages) {
    for (const path of pages(language)) {
        const reply = await fetch(url + path, { headers: { accept: 'text/html' } });
        await look(path, reply.headers.get('content-type'), await reply.text());
    }
    await throughForm(page, language, async (_, name) => look(name, await shown.headerValue('content-type'), await shown.text()));
}
await chromium.close();
finish(faults, `${looked} pages`);
