// Every JSON reply that the integration suites saw is one that the contract promises, and each operation was seen.
//   replies.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract, finish, require } from './contract.mjs';

const Ajv = require('ajv/dist/2020').default;
const document = contract();
const ajv = new Ajv({ strict: false, allErrors: true });
require('ajv-formats').default(ajv);
ajv.addSchema({ $id: 'contract', ...document });

const token = (text) => text.replaceAll('~', '~0').replaceAll('/', '~1');
const validators = new Map();

function resolve(node, pointer) {
    while (node?.$ref) {
        pointer = node.$ref.slice(1);
        node = pointer.slice(1).split('/').reduce((at, part) => at?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
    }
    return [node, pointer];
}

// Paths with more fixed parts first, as the server's router does.
const paths = Object.keys(document.paths)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length);

function validator(path, method, status, type) {
    const operation = document.paths[path]?.[method];
    const responses = operation?.responses ?? {};
    const key = responses[status] ? status : `${status}`[0] + 'XX' in responses ? `${status}`[0] + 'XX' : 'default';
    const [response, pointer] = resolve(responses[key], `/paths/${token(path)}/${method}/responses/${key}`);
    if (!response) return null;
    if (!response.content?.[type]?.schema) return null;
    const reference = `contract#${pointer}/content/${token(type)}/schema`;
    if (!validators.has(reference)) validators.set(reference, ajv.compile({ $ref: encodeURI(reference) }));
    return validators.get(reference);
}

const faults = new Set();
const seen = new Set();
const folder = process.argv[2];
const files = readdirSync(folder);
for (const file of files) {
    const reply = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const asked = decodeURI(reply.path.split('?')[0]).replace(/\.json$/, '');
    const path = paths.find(({ pattern }) => pattern.test(asked))?.path;
    // A file that a page gives to be kept, and what a page's own script is told, are no replies of the interface.
    if (!path && reply.status < 300 && /^\/(en|zh-Hant|zh-Hans)\//.test(asked)) continue;
    const method = reply.method.toLowerCase();
    const name = `${reply.method} ${path ?? asked} ${reply.status}`;
    const type = reply.type.split(';')[0];
    // An address or a method outside the contract has no operation; its problem is still one of the contract's.
    const judge = path && document.paths[path][method]
        ? validator(path, method, reply.status, type)
        : ajv.getSchema('contract#/components/schemas/Problem');
    if (!judge) faults.add(`${name} as ${type} is not in the contract: ${JSON.stringify(reply.body).slice(0, 200)}`);
    else if (!judge(reply.body)) faults.add(`${name}: ${ajv.errorsText(judge.errors)} in ${JSON.stringify(reply.body).slice(0, 300)}`);
    if (path && reply.status < 300) seen.add(`${method} ${path}`);
}
for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item)) {
        const good = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'));
        const [response] = resolve(good?.[1]);
        if (response?.content?.['application/json'] && !seen.has(`${method} ${path}`))
            faults.add(`${method.toUpperCase()} ${path}: no suite saw its good reply`);
    }
if (!files.length) faults.add('no replies were recorded');
finish([...faults], `${files.length} replies`);
