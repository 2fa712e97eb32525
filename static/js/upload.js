// Large attachments in pieces: progress, a pause, and on from where it stopped when the connection is lost or the page was closed.
// Without this the form sends the file whole. The protocol: server/resources/institutions/upload.c.

const piece = 4 * 1024 * 1024; // what a lost connection costs at the most
const pause = 3000; // before another try
const tries = 200; // ten minutes without a connection

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));

// The reply's JSON, and its status; undefined where nothing came.
async function ask(method, address, token, options = {}) {
    try {
        const headers = { Accept: 'application/json', 'X-Form-Token': token, ...options.headers };
        const reply = await fetch(address, { method, headers, body: options.body, credentials: 'same-origin', cache: 'no-store' });
        return { status: reply.status, at: reply.headers.get('Location'), json: await reply.json().catch(() => ({})) };
    } catch {
        return undefined;
    }
}

function began(file) {
    const same = [...document.querySelectorAll('[data-upload]')].find(
        (one) => one.dataset.name === file.name && Number(one.dataset.bytes) === file.size,
    );
    return same?.dataset.upload;
}

async function begin(form, token, file) {
    const known = began(file);
    if (known) return `${form.dataset.uploads}/${known}`;
    const body = new URLSearchParams({ '/form_token': token, '/name': file.name, '/bytes': file.size });
    const reply = await ask('POST', form.dataset.uploads, token, { body });
    if (reply?.status === 201) return reply.at;
    throw new Error(reply?.json.detail ?? '');
}

// What is to be tried again rather than told: no connection, a busy moment, a piece that did not follow.
const passes = (reply) => !reply || reply.status === 409 || reply.status >= 500;

async function send(form, file, show, paused) {
    const token = form.elements['/form_token'].value;
    const address = await begin(form, token, file);
    let offset, failed = 0;
    for (;;) {
        await paused();
        if (offset === undefined) {
            const reply = await ask('GET', address, token);
            if (reply?.status === 200) offset = reply.json.offset;
            else if (!passes(reply)) throw new Error(reply.json.detail ?? '');
        }
        if (offset !== undefined) {
            show(offset + piece >= file.size ? 'checking' : 'going', offset);
            const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/partial-upload' };
            const reply = await ask('PATCH', address, token, { headers, body: file.slice(offset, offset + piece) });
            if (reply?.status === 201) return;
            if (reply && !passes(reply) && reply.status !== 200) throw new Error(reply.json.detail ?? '');
            failed = reply?.status === 200 ? 0 : failed + 1;
            offset = reply?.status === 200 ? reply.json.offset : undefined;
            if (offset !== undefined) continue;
        } else failed += 1;
        if (failed > tries) throw new Error('');
        show('waiting');
        await rest(pause);
    }
}

function follow(form) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const words = form.querySelector('[role="status"]');
    const bar = form.querySelector('progress');
    const button = part('pause');
    const label = button.textContent;
    let go; // resolves when the pause ends
    let waiting = Promise.resolve();
    let file;

    function show(state, offset) {
        words.textContent = words.dataset[state];
        if (offset !== undefined) bar.value = Math.floor((offset / file.size) * 100);
    }

    button.addEventListener('click', () => {
        if (go) {
            go();
            go = undefined;
        } else waiting = new Promise((resolve) => (go = resolve));
        button.textContent = go ? button.dataset.goOn : label;
        if (go) show('paused');
    });
    form.addEventListener('submit', async (event) => {
        [file] = form.elements['/file'].files;
        if (!file || (file.size <= piece && !began(file))) return;
        event.preventDefault();
        part('send').hidden = true;
        part('progress').hidden = false;
        try {
            await send(form, file, show, () => waiting);
            location.assign(`${form.action}?done=attached`);
        } catch (error) {
            words.textContent = error.message || words.dataset.failed;
            part('send').hidden = false;
        }
    });
}

export function uploads(root) {
    for (const form of root.querySelectorAll('[data-module="app-upload"]')) follow(form);
}
