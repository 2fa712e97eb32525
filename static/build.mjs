// Makes the folder that the server reads (its setting static_folder): templates, strings, images and root files as they
// are, css/app.css of css/app.scss, and of js/ the bundles of app.js, of live.js and of every *.worker.js. Build time only; CMake
// calls it.
// usage: build.mjs FOLDER
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
// What an old phone still has: 2021's browsers understand all that is sent.
const target = ['chrome94', 'firefox93', 'safari15'];

function copy() {
    for (const name of ['pages', 'strings', 'img']) cpSync(join(here, name), join(out, name), { recursive: true });
    for (const name of readdirSync(here))
        if (/\.(txt|yaml)$/.test(name) && name !== 'CMakeLists.txt') cpSync(join(here, name), join(out, name));
}

async function style() {
    const { css } = sass.compile(join(here, 'css/app.scss'), { loadPaths: [join(here, 'node_modules')] });
    const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target, legalComments: 'none' });
    mkdirSync(join(out, 'css'));
    writeFileSync(join(out, 'css/app.css'), code);
}

function script(entries, define = {}) {
    return esbuild.build({
        entryPoints: entries.map((name) => join(here, 'js', name)),
        define,
        outdir: join(out, 'js'),
        bundle: true,
        minify: true,
        format: 'esm',
        target,
        legalComments: 'none',
        logLevel: 'warning',
    });
}

// Of all that is served: what the service worker keeps is of one release.
function version() {
    const hash = createHash('sha256');
    for (const name of readdirSync(out, { recursive: true }).sort())
        if (/\.[a-z]+$/.test(name)) hash.update(`${name}\n`).update(readFileSync(join(out, name)));
    return hash.digest('hex').slice(0, 20);
}

const standing = 'offline.worker.js';
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
copy();
// live.js is one page's own.
const entries = readdirSync(join(here, 'js')).filter((name) => ['app.js', 'live.js'].includes(name) || (name.endsWith('.worker.js') && name !== standing));
await Promise.all([style(), script(entries)]);
await script([standing], { VERSION: JSON.stringify(version()) });
