// Every problem's code stands in the contract and has its words in every language.
import { finish, read, table } from './contract.mjs';

const problems = table('server/base/problems.def', 'PROBLEM');
const text = read('static/openapi.yaml');
const faults = [];
for (const [, code] of problems) if (!new RegExp(`\\b${code}\\b`).test(text)) faults.push(`${code} is not in the contract`);
for (const language of ['zh-Hant', 'zh-Hans', 'en']) {
    const strings = JSON.parse(read(`static/strings/${language}.json`));
    for (const [, code] of problems)
        for (const part of ['title', 'detail'])
            if (!strings[`problem.${code}.${part}`]) faults.push(`${language}: problem.${code}.${part} is missing`);
}
finish(faults, `${problems.length} problems`);
