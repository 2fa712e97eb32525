// For whoever reloads an answering page without a connection: the worker that stands by from the form's first page on (see
// offline.worker.js), and what the page does that it shows then.
import { reachable } from './sending.js';

const script = '/offline.js';
const pause = 5000; // between two looks whether the service can be reached
const place = () => location.pathname.match(/^\/[^/]+\/consultations\/([^/]+)\//) ?? [];

// Nothing depends on it: where it is not to be had, the browser shows a page of its own.
export function standBy() {
    const [scope] = place();
    if (scope) navigator.serviceWorker?.register(script, { scope }).catch(() => {});
}

// Once nothing is to be kept any more. Leaves neither worker nor cache.
export async function standDown() {
    try {
        for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
        for (const name of await caches.keys()) if (name.startsWith('offline ')) await caches.delete(name);
    } catch {
        // Then there never was one.
    }
}

// What was typed on the last page; earlier ones are sealed within it.
function show(list, fields) {
    for (const [name, value] of fields) {
        if (!value || !/\/(remark|text)$/.test(name)) continue;
        const item = document.createElement('li');
        item.textContent = value;
        list.append(item);
    }
    list.hidden = !list.childElementCount;
}

// `box`: see static/pages/offline.mustache; `goOn(record)` sends the kept step, `erase(consultation)` forgets it.
export function offlinePage(box, shelf, { goOn, erase, moment }) {
    const [scope, consultation] = place();
    const part = (name) => box.querySelector(`[data-part="${name}"]`);
    let record = consultation && shelf.read(consultation);

    function tell() {
        part('waiting').hidden = !record;
        part('nothing').hidden = Boolean(record);
    }

    function retry() {
        if (record) goOn(record);
        else location.replace(`${scope}answer`);
    }

    async function look() {
        if (navigator.onLine !== false && (await reachable())) {
            part('status').textContent = box.dataset.back;
            retry();
        } else {
            setTimeout(look, pause);
        }
    }

    if (record) {
        part('written').textContent = moment(record.at);
        show(part('said'), record.fields);
    }
    part('continue').addEventListener('click', retry);
    part('erase').addEventListener('click', () => {
        record = undefined;
        erase(consultation);
        tell();
        part('status').textContent = box.dataset.erased;
    });
    tell();
    // Not at once: where only this page cannot be reached, it would go round and round.
    if (consultation) setTimeout(look, pause);
}
