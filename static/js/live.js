// The officials' dashboard while it is open: the server says when something changed (server-sent events), and the figures
// are taken anew from the page as the server makes it. See static/pages/official_consultation.mustache.
const apartMs = 2000; // between two takings
const sayMs = 30000; // between two announcements: nobody is read numbers to all day
const againMs = 60000; // after which a stream that was refused is asked for again

// Makes `from` what `to` is, node by node, so that focus, scrolling and what somebody opened stay.
function become(from, to) {
    if (from.nodeName !== to.nodeName) {
        from.replaceWith(to);
        return;
    }
    if (from.nodeType === Node.TEXT_NODE && from.data !== to.data) from.data = to.data;
    if (from.nodeType !== Node.ELEMENT_NODE) return;
    const kept = (name) => name === 'open' && from.nodeName === 'DETAILS';
    for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !kept(name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value && !kept(name)) from.setAttribute(name, value);
    const [old, anew] = [[...from.childNodes], [...to.childNodes]];
    for (const [i, node] of anew.entries())
        if (old[i]) become(old[i], node);
        else from.append(node);
    for (const node of old.slice(anew.length)) node.remove();
}

function dashboard(box, figures) {
    const words = box.dataset;
    const button = document.createElement('button');
    const note = document.createElement('p'); // seen
    const said = document.createElement('p'); // heard
    let source; // undefined while paused, out of sight, or refused
    let paused = false;
    let wanted = figures.dataset.mark;
    let timer;
    let taken = -Infinity;
    let spoken = -Infinity;

    function say(text, now) {
        note.textContent = text;
        if (!now && performance.now() - spoken < sayMs) return;
        spoken = performance.now();
        said.textContent = text;
    }

    function stop() {
        source?.close();
        source = undefined;
        clearTimeout(timer);
        timer = undefined;
    }

    function stopped() {
        stop();
        if (note.textContent !== words.stopped) say(words.stopped, true);
        timer = setTimeout(start, againMs);
    }

    // A sign-in that has ended answers with a redirect, which is not followed.
    async function take() {
        const current = source;
        taken = performance.now();
        try {
            const reply = await fetch(words.figures, { redirect: 'error', cache: 'no-store' });
            const page = reply.ok && new DOMParser().parseFromString(await reply.text(), 'text/html');
            if (source !== current) return; // paused meanwhile
            become(figures, page.getElementById('figures'));
            say(figures.dataset.updated);
        } catch {
            if (source === current) stopped();
        }
    }

    // At once, or when the time between two takings is over; what came meanwhile is in it.
    function due() {
        if (!source || timer || wanted === figures.dataset.mark) return;
        timer = setTimeout(
            async () => {
                await take();
                timer = undefined;
                due();
            },
            Math.max(0, taken + apartMs - performance.now()),
        );
    }

    function start() {
        stop();
        if (paused || document.hidden) return;
        source = new EventSource(words.events);
        source.addEventListener('open', () => say(words.live));
        source.addEventListener('figures', ({ data }) => {
            wanted = data;
            due();
        });
        // Broken off, it comes again by itself; refused, it does not.
        source.addEventListener('error', ({ target }) => target.readyState === EventSource.CLOSED && target === source && stopped());
    }

    button.type = 'button';
    button.className = 'govuk-button govuk-button--secondary';
    button.textContent = words.pause;
    button.addEventListener('click', () => {
        paused = !paused;
        button.textContent = paused ? words.goOn : words.pause;
        if (paused) stop();
        else start();
        say(paused ? words.paused : words.live, true);
    });
    note.className = 'govuk-body';
    note.setAttribute('aria-hidden', 'true');
    said.className = 'govuk-visually-hidden';
    said.setAttribute('role', 'status');
    box.append(button, note, said);
    document.addEventListener('visibilitychange', start);
    start();
}

const box = document.querySelector('[data-module="app-live"]');
const figures = document.getElementById('figures');
if (box && figures) dashboard(box, figures);
