// What a first visit loads, as it goes over the wire: every page with its stylesheet, script and icon stays under 60 kB in
// either encoding, nothing is a font, and all but the page may be kept for ever.
import http from 'node:http';
import { finish, languages, pages, posted, url } from './pages.mjs';

const most = 60_000;
const faults = [];
const files = new Map();

function get(path, encoding) {
    return new Promise((resolve, reject) => {
        const request = http.get(url + path, { headers: { accept: 'text/html', 'accept-encoding': encoding } }, async (reply) => {
            const parts = [];
            for await (const part of reply) parts.push(part);
            resolve({ headers: reply.headers, body: Buffer.concat(parts) });
        });
        request.on('error', reject);
    });
}

// Bytes of the body as sent; a file's are looked up once.
async function file(path, encoding) {
    const key = `${encoding} ${path}`;
    if (!files.has(key)) {
        const { headers, body } = await get(path, encoding);
        if (/font/.test(headers['content-type'])) faults.push(`${path} is a font`);
        if (!/immutable/.test(headers['cache-control'] ?? '')) faults.push(`${path} may not be kept`);
        if (/\.(css|js)$/.test(path) && headers['content-encoding'] !== encoding) faults.push(`${path} is not sent as ${encoding}`);
        if (/@font-face|url\(/.test((await get(path, 'identity')).body.toString())) faults.push(`${path} loads more`);
        files.set(key, body.length);
    }
    return files.get(key);
}

let heaviest = 0;
let looked = 0;
async function look(name, html, bytes, encoding) {
    looked++;
    const loaded = new Set([...html.matchAll(/(?:<link rel="(?:stylesheet|icon)"[^>]*href|<(?:script|img)[^>]*src)="([^"]+)"/g)].map((m) => m[1]));
    let sum = bytes;
    for (const path of loaded) sum += await file(path, encoding);
    if (![...loaded].some((path) => path.endsWith('.css'))) faults.push(`${name} has no style`);
    if (sum > most) faults.push(`${name} takes ${sum} bytes as ${encoding}`);
    heaviest = Math.max(heaviest, sum);
}

for (const language of languages) {
    for (const path of pages(language)) {
        const html = (await get(path, 'identity')).body.toString();
        for (const encoding of ['br', 'gzip']) await look(path, html, (await get(path, encoding)).body.length, encoding);
    }
    // What was typed and a secret beside it are never compressed together.
    for (const [name, reply] of Object.entries(await posted(language))) {
        if (![201, 422].includes(reply.status)) faults.push(`${language} ${name} is ${reply.status}`);
        if (reply.headers.get('content-encoding')) faults.push(`${language} ${name} is compressed`);
    }
}
finish(faults, `${looked} pages, ${heaviest} bytes the heaviest`);
