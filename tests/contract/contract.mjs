// The contract and the tools to judge by it. npm's packages live in static/, so they are found from there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const root = new URL('../../', import.meta.url);
export const require = createRequire(new URL('static/package.json', root));

export function read(path) {
    return readFileSync(new URL(path, root), 'utf8');
}

export function contract() {
    return require('yaml').parse(read('static/openapi.yaml'));
}

// Rows of a .def table: the arguments as texts.
export function table(path, macro) {
    const row = new RegExp(`^${macro}\\((.*)\\)$`, 'gm');
    return [...read(path).matchAll(row)].map(([, inside]) =>
        inside.match(/"[^"]*"|[^,]+/g).map((part) => part.trim().replace(/^"|"$/g, '')),
    );
}

// Prints what is wrong and leaves with 1, or says how much was looked at.
export function finish(faults, looked) {
    for (const fault of faults) console.error(fault);
    console.log(`${looked}, ${faults.length} faults`);
    process.exitCode = faults.length ? 1 : 0;
}
