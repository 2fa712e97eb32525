// The service worker of the answering pages of one consultation in one language, which is its scope: where one of them cannot
// be reached, a small page says that what was written is still in this browser. It keeps that page with its style, script
// and icon, and nothing else; what people write never comes near a cache. VERSION (see build.mjs) changes whenever any of
// what is served does, so that each release brings its own page.
const [, language] = new URL(registration.scope).pathname.split('/');
const own = `offline ${registration.scope} `;
const name = own + VERSION;
const page = `/${language}/offline`;
const answering = /\/(answer|submissions|saved-answers)$/;

async function store() {
    const reply = await fetch(page, { cache: 'no-cache' });
    if (!reply.ok) throw new Error(`${page}: ${reply.status}`);
    const text = await reply.clone().text();
    const files = new Set([...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path));
    const cache = await caches.open(name);
    await Promise.all([cache.put(page, reply), cache.addAll([...files])]);
    await skipWaiting();
}

async function tidy() {
    const names = await caches.keys();
    await Promise.all(names.filter((each) => each.startsWith(own) && each !== name).map((each) => caches.delete(each)));
}

const kept = (request) => caches.match(request, { cacheName: name, ignoreVary: true });

addEventListener('install', (event) => event.waitUntil(store()));
addEventListener('activate', (event) => event.waitUntil(tidy()));
addEventListener('fetch', (event) => {
    const { request } = event;
    const { pathname } = new URL(request.url);
    if (request.mode === 'navigate') {
        if (answering.test(pathname)) event.respondWith(fetch(request).catch(() => kept(page)));
    } else if (pathname.startsWith('/static/')) {
        event.respondWith(kept(request).then((file) => file ?? fetch(request)));
    }
});
