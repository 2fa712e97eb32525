// Proof-of-work for one form, from its first step on: solved by a worker, kept for the steps that follow in this tab, and
// put into the hidden field of the last one. Without it the form is sent all the same.
import { expires, payload } from './solve.js';

const prefix = 'proof-of-work:';

function put(form, value) {
    const field = form.elements.namedItem('/proof_of_work');
    if (field) field.value = value;
}

// The solution of an earlier step, if it will still be good in a quarter of an hour.
function known(storage, key) {
    const found = JSON.parse(storage.getItem(prefix + key) ?? 'null');
    return found && found.until > Date.now() + 15 * 60 * 1000 ? found.value : undefined;
}

function keep(storage, key, found) {
    try {
        storage.setItem(prefix + key, JSON.stringify(found));
    } catch {
        // Then the next step does the work again.
    }
}

// `challenge`: the server's, for the submission key `key`; `script`: the worker's address.
export function prove(form, { challenge, key, script }, storage) {
    const value = known(storage, key);
    if (value) {
        put(form, value);
        return;
    }
    const worker = new Worker(script);
    worker.onmessage = ({ data: number }) => {
        worker.terminate();
        if (number === undefined) return;
        const solved = payload(challenge, number);
        put(form, solved);
        keep(storage, key, { value: solved, until: expires(challenge) });
    };
    worker.postMessage(challenge);
}

// Nothing of it is left in this tab.
export function forgetProofs(storage) {
    for (const name of Object.keys(storage)) if (name.startsWith(prefix)) storage.removeItem(name);
}
