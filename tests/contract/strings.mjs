// Every word that a page says: there in every language, said somewhere, translated, and with the same values in it.
import { readFileSync, readdirSync } from 'node:fs';
import { finish, read, require, table } from './contract.mjs';

const root = new URL('../../', import.meta.url).pathname;
const languages = ['zh-Hant', 'en', 'zh-Hans'];
const strings = Object.fromEntries(languages.map((l) => [l, JSON.parse(read(`static/strings/${l}.json`))]));
const keys = Object.keys(strings.en);
const faults = [];
const files = (folder, suffix) =>
    readdirSync(root + folder, { recursive: true })
        .filter((name) => name.endsWith(suffix))
        .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));

// Templates and strings name them as partials; C by the whole key, or by a beginning with the rest put behind it.
const named = new Set();
for (const text of [...files('static/pages', '.mustache'), ...files('static/strings', '.json')])
    for (const [, key] of text.matchAll(/\{\{> s\.([^}\s]+)\s*\}\}/g)) named.add(key);
for (const key of named) if (!(key in strings.en)) faults.push(`${key} is used and not there`);

// A comment that holds two closing braces ends there, and its rest stands on the page.
for (const text of files('static/pages', '.mustache')) {
    const rest = text.replace(/\{\{[\s\S]*?\}\}/g, '').match(/.*\}\}.*/);
    if (rest) faults.push(`a template says «${rest[0].trim()}»`);
}

const code = files('server', '.c').join('\n').replaceAll(`'"'`, '');
const literals = new Set([...code.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map((match) => match[1]));
// Key "group.word" or "group.word-part" of words that stand in the code or its tables, as these build theirs.
const built = [
    /^problem\.[a-z-]+\.(title|detail)$/,
    /^reconciliation\.[a-z-]+$/,
    /^kind\.[a-z]+$/,
    /^answer\.(kind|publication|identity|personal)-[a-z-]+$/,
    /^month\.([1-9]|1[0-2])$/,
    /^role\.[a-z]+$/,
    /^act\.[a-z-]+$/,
    /^act-detail\.[a-z0-9-]+$/,
    /^dashboard\.[a-z-]+$/,
    /^moderation\.((show|done|decide|reason)-[a-z-]+|waiting|passed|edited|refused)$/,
    /^submission\.moderation-[a-z]+$/,
    /^set-aside\.[a-z-]+$/,
    /^state\.to-[a-z-]+$/,
    /^institution\.(kind|part)-[a-z-]+$/,
    /^proposal\.(confirmed|rejected|withdrawn|expired|lapsed)$/,
    /^response\.section-[a-z]+$/,
    /^filing\.(fault|state)-[a-z-]+$/,
    /^contact\.(post|address|telephone|email)$/,
];
const prefixes = {
    problem: '"problem.%s.',
    reconciliation: '"reconciliation"',
    kind: '"kind.',
    month: '"month.%d"',
    role: '"role.%s"',
    act: '"act.%s"',
    'act-detail': '"act-detail.%s"',
    dashboard: '"dashboard.%s',
    moderation: '"moderation."',
    submission: '"submission.moderation-"',
    answer: '"answer.',
    'set-aside': '"set-aside',
    state: '"state.to-%s',
    institution: '"institution.kind-%s"',
    response: '"response.section-%s"',
    filing: '"filing.fault-%s"',
    proposal: '"proposal.%s',
    contact: '"contact.%s"',
};
const isBuilt = (key) => built.some((pattern) => pattern.test(key)) && code.includes(prefixes[key.split('.')[0]]);
for (const key of keys) if (!named.has(key) && !literals.has(key) && !isBuilt(key)) faults.push(`${key} is said nowhere`);

const problems = new Set(table('server/base/problems.def', 'PROBLEM').map(([, slug]) => slug));
for (const key of keys.filter((k) => /^problem\.[a-z-]+\.(title|detail)$/.test(k)))
    if (!problems.has(key.split('.')[1])) faults.push(`${key} is of no problem`);

// The same values, said in the language that the file is of.
const values = (text) => (text.match(/\{\{[^}]*\}\}/g) ?? []).sort().join();
const isChinese = (text) => /\p{Script=Han}/u.test(text);
// Characters of one script only, by OpenCC's tables; both scripts write those on the list.
const script = (from, to) => require('opencc-js').Converter({ from, to });
const [traditional, simplified] = [script('cn', 't'), script('t', 'cn')];
const both = '台床群';
const foreignTo = {
    'zh-Hant': (c) => traditional(c) !== c && simplified(c) === c && !both.includes(c),
    'zh-Hans': (c) => simplified(c) !== c && traditional(c) === c && !both.includes(c),
};
const foreign = (language, text) => (text.match(/\p{Script=Han}/gu) ?? []).filter(foreignTo[language] ?? (() => false)).join('');
const alike = /^language\./; // a language's own name
for (const language of languages) {
    const own = strings[language];
    for (const key of keys) {
        const text = own[key];
        if (typeof text !== 'string' || !text) faults.push(`${language}: ${key} is missing`);
        else if (values(text) !== values(strings.en[key])) faults.push(`${language}: ${key} has other values than in en`);
        else if (alike.test(key)) continue;
        else if (language === 'en' && isChinese(text)) faults.push(`en: ${key} is not translated`);
        else if (language !== 'en' && !isChinese(text) && /[a-z]{2}/.test(text.replace(/\{\{[^}]*\}\}/g, '')))
            faults.push(`${language}: ${key} is not translated`);
        else if (foreign(language, text)) faults.push(`${language}: ${key} has ${foreign(language, text)}`);
    }
    for (const key of Object.keys(own)) if (!(key in strings.en)) faults.push(`${language}: ${key} is not in en`);
}

// The consultation's own words: whatever has a name of the language.
function said(node, language) {
    if (!node || typeof node !== 'object') return '';
    if (typeof node[language] === 'string') return node[language];
    return Object.values(node).map((inner) => said(inner, language)).join('');
}
for (const file of readdirSync(`${root}schema/consultations`).filter((name) => !name.endsWith('.schema.json'))) {
    const consultation = JSON.parse(read(`schema/consultations/${file}`));
    for (const language of Object.keys(foreignTo)) {
        const odd = foreign(language, said(consultation, language));
        if (odd) faults.push(`${file}: ${language} has ${odd}`);
    }
}
finish(faults, `${keys.length} strings`);
