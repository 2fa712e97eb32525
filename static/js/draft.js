// A section's editor: keeps what is typed by itself, and shows how it looks. See static/pages/response_section.mustache. What is
// typed stays in the page whatever happens; a save names the version that it follows (If-Match), and where somebody else has saved
// meanwhile nothing is sent any more until both were looked at, on the page that the form's own POST answers with.
const keepAfterMs = 3000; // after the last key
const keepWithinMs = 20000; // while somebody types on and on
const lookAfterMs = 1000;
const againMs = 10000; // without a connection, or signed out

function editor(form) {
    const words = form.dataset;
    const line = form.querySelector('[data-state]');
    const said = document.createElement('span');
    const version = form.elements['/version'];
    const token = form.elements['/form_token'];
    const look = document.getElementById('look');
    let kept = content();
    let keeping = false;
    let conflict = false;
    let sending = false;
    let keepTimer;
    let lookTimer;
    let dirtySince;

    said.className = 'govuk-visually-hidden';
    said.setAttribute('role', 'status');
    line.after(said);

    function content() {
        const data = new FormData(form);
        return JSON.stringify([data.get('/text').replace(/\r\n?/g, '\n'), data.get('/stance') ?? '']);
    }

    function body() {
        const data = new URLSearchParams(new FormData(form));
        data.delete('/base');
        return data;
    }

    function say(text, warn = false) {
        if (warn && line.textContent !== text) said.textContent = text;
        line.textContent = text;
        line.classList.toggle('app-draft__state--warn', warn);
    }

    function later(ms) {
        clearTimeout(keepTimer);
        keepTimer = setTimeout(keep, ms);
    }

    // Signed in again in another tab: this page's form goes on under that session.
    async function renew() {
        const page = await fetch(location.href, { redirect: 'error', cache: 'no-store' });
        if (!page.ok) return false;
        const other = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[name="/form_token"]');
        if (!other || other.value === token.value) return false;
        for (const field of document.querySelectorAll('[name="/form_token"]')) field.value = other.value;
        return true;
    }

    function meet() {
        const button = document.createElement('button');
        conflict = true;
        button.type = 'submit';
        button.className = 'govuk-button govuk-button--secondary';
        button.textContent = words.compare;
        say(words.conflict, true);
        line.after(button);
    }

    async function judge(reply, sent) {
        if (reply.ok) {
            const { version: now } = await reply.json();
            version.value = now;
            form.elements['/base'].value = JSON.parse(sent)[0];
            kept = sent;
            dirtySince = undefined;
            const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format();
            say(words.kept.replace('%{time}', time));
            if (content() !== kept) changed();
        } else if (reply.status === 412) {
            meet();
        } else if (reply.status === 401 || reply.status === 403) {
            if (await renew().catch(() => false)) {
                later(0);
            } else {
                say(words.signedOut, true);
                later(againMs);
            }
        } else if (reply.status >= 500 || reply.status === 429) {
            say(words.away, true);
            later(againMs);
        } else {
            say(words.refused, true);
        }
    }

    async function keep() {
        if (keeping || conflict || sending) return;
        const sent = content();
        if (sent === kept) return;
        keeping = true;
        say(words.keeping);
        try {
            const reply = await fetch(form.action, {
                method: 'PUT',
                headers: { 'if-match': `"${version.value}"`, 'x-form-token': token.value },
                body: body(),
                redirect: 'error',
            });
            await judge(reply, sent);
        } catch {
            say(words.away, true);
            later(againMs);
        }
        keeping = false;
    }

    async function show() {
        try {
            const sent = content();
            const reply = await fetch(words.preview, { method: 'POST', body: body(), redirect: 'error' });
            if (!reply.ok && reply.status !== 422) return;
            const page = new DOMParser().parseFromString(await reply.text(), 'text/html').getElementById('look');
            if (page && sent === content()) look.replaceChildren(...page.childNodes);
        } catch {
            // The state's line says what is to be said of connections.
        }
    }

    function changed() {
        clearTimeout(lookTimer);
        lookTimer = setTimeout(show, lookAfterMs);
        if (conflict) return;
        if (content() === kept) return;
        dirtySince ??= performance.now();
        if (!keeping) say(words.typing);
        later(Math.max(0, Math.min(keepAfterMs, dirtySince + keepWithinMs - performance.now())));
    }

    form.addEventListener('input', changed);
    form.addEventListener('submit', () => {
        sending = true;
        clearTimeout(keepTimer);
    });
    addEventListener('online', () => later(0));
    addEventListener('pageshow', () => {
        sending = false;
        changed();
    });
    addEventListener('beforeunload', (event) => {
        if (!sending && content() !== kept) event.preventDefault();
    });
    // A page that is a refusal or a preview has in it what was not saved.
    if (form.querySelector('.govuk-error-message') || look?.hasAttribute('data-looked')) kept = '';
}

export function draft(scope) {
    for (const form of scope.querySelectorAll('form[data-module="app-draft"]')) editor(form);
    const looked = scope.querySelector('[data-looked] h2');
    if (looked) looked.focus();
}
