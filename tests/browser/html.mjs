// Every page is valid HTML (html-validate), in three languages.
import { finish, languages, pages, posted, require, url } from './pages.mjs';

const { HtmlValidate } = require('html-validate');
const validate = new HtmlValidate({
    root: true,
    extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
    rules: {
        // Ours is written by templates: how it is indented and wrapped says nothing to a reader.
        'no-trailing-whitespace': 'off',
        'void-style': 'off',
        'long-title': 'off',
        // Our own files, under names that change with their bytes.
        'require-sri': 'off',
    },
});

const faults = [];
let looked = 0;
async function look(name, reply) {
    const html = await reply.text();
    looked++;
    if (!reply.headers.get('content-type')?.startsWith('text/html')) faults.push(`${name}: ${reply.status} is no page`);
    const report = await validate.validateString(html, name);
    for (const result of report.results)
        for (const message of result.messages)
            faults.push(`${name}:${message.line}: ${message.message} (${message.ruleId})`);
}

for (const language of languages) {
    for (const path of pages(language)) await look(path, await fetch(url + path, { headers: { accept: 'text/html' } }));
    for (const [name, reply] of Object.entries(await posted(language))) await look(`${language} ${name}`, reply);
}
finish(faults, `${looked} pages`);
