// Lighthouse's view of the main pages on a phone. As a test: accessibility and best practices at 100. With --print, for
// tests/load/lighthouse.sh: what the pages cost on a throttled phone, the score first.
import { finish, rehearsal, require, url } from './pages.mjs';

const { default: lighthouse } = await import(require.resolve('lighthouse'));
const { launch } = await import(require.resolve('chrome-launcher'));
const print = process.argv.includes('--print');
const strict = ['accessibility', 'best-practices'];
const paths = ['', `/consultations/${rehearsal}`, `/consultations/${rehearsal}/measures/1-1`, `/consultations/${rehearsal}/answer`, '/receipt-check'];

const chrome = await launch({
    chromePath: '/usr/bin/chromium-headless-shell',
    chromeFlags: ['--headless', '--disable-gpu', '--disable-quic', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
});

// Tried again where the browser's own record of the loading was of no use, as now and then on a busy machine.
async function look(path, categories, tries = 3) {
    const { lhr } = await lighthouse(url + path, { port: chrome.port, onlyCategories: categories, logLevel: 'silent' }).catch((error) => ({
        lhr: { runtimeError: error },
    }));
    if (!lhr.runtimeError) return lhr;
    if (tries > 1) return look(path, categories, tries - 1);
    throw new Error(`${path}: ${lhr.runtimeError.message}`);
}

// Three looks, for one alone is at the mercy of the machine: the middle one counts.
async function figures(path) {
    const looks = [];
    for (let i = 0; i < 3; i++) looks.push(await look(path, ['performance']));
    looks.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const { categories, audits } = looks[1];
    const shown = (name) => Math.round(audits[name].numericValue);
    console.log(
        `${String(Math.round(categories.performance.score * 100)).padStart(3)}  ${path}  ` +
            `first paint ${shown('first-contentful-paint')} ms, largest ${shown('largest-contentful-paint')} ms, ` +
            `blocked ${shown('total-blocking-time')} ms, ${Math.round(shown('total-byte-weight') / 1024)} KiB`,
    );
}

// Every audit that is weighed and not passed, by name.
async function judge(path) {
    const { categories, audits } = await look(path, strict);
    const found = [];
    for (const name of strict)
        for (const { id, weight } of categories[name].auditRefs)
            if (weight > 0 && audits[id].score !== null && audits[id].score < 1)
                found.push(`${path}: ${name}: ${id}: ${audits[id].title}: ${JSON.stringify(audits[id].details?.items?.[0] ?? '').slice(0, 300)}`);
    for (const name of strict) if (categories[name].score !== 1) found.push(`${path}: ${name} is ${categories[name].score * 100}`);
    return found;
}

const faults = [];
try {
    for (const rest of paths) {
        const path = `/zh-Hant${rest}`;
        if (print) await figures(path);
        else faults.push(...(await judge(path)));
    }
} finally {
    chrome.kill();
}
if (!print) finish(faults, `${paths.length} pages`);
