// Makes the folder that the server reads (its setting static_folder): templates, strings, images and root files as they
// are, css/app.css of css/app.scss, and of js/ the bundles of app.js and of every *.worker.js. Build time only; CMake
// calls it.
// usage: build.mjs FOLDER
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

function script() {
    const entries = readdirSync(join(here, 'js')).filter((name) => name === 'app.js' || name.endsWith('.worker.js'));
    return esbuild.build({
        entryPoints: entries.map((name) => join(here, 'js', name)),
        outdir: join(out, 'js'),
        bundle: true,
        minify: true,
        format: 'esm',
        target,
        legalComments: 'none',
        logLevel: 'warning',
    });
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
copy();
await Promise.all([style(), script()]);
