// The answer form in a browser with scripts: what is written stays in this browser until it was sent, the form waits for a
// connection, and a proof-of-work is solved meanwhile. See static/pages/answer_browser.mustache for the markup.
import { offlinePage, standBy, standDown } from './offline.js';
import { forgetProofs, prove } from './proof_of_work.js';
import { sendPolitely } from './sending.js';
import { Shelf } from './shelf.js';

const delay = 300; // after the last stroke, in milliseconds

// Reloaded, or come to by the browser's back and forward: then what this browser has may be newer than the page.
function isReturn() {
    const type = performance.getEntriesByType('navigation')[0]?.type;
    return type === 'reload' || type === 'back_forward';
}

function said(form) {
    return [...new FormData(form)].some(([name, value]) => /^\/(answers|views|priorities)\//.test(name) && !/\/version$/.test(name) && value);
}

function fill(form, fields) {
    const values = new Map(fields);
    for (const field of form.elements) {
        if (!/^\/(answers|views|priorities)\/|^\/(kind|organisation|sector|publication)$/.test(field.name) || /\/version$/.test(field.name)) continue;
        if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.get(field.name) === field.value;
        else if (values.has(field.name)) field.value = values.get(field.name);
    }
}

// As if the kept step were sent without any button: the server shows it with what was written.
function resume({ action, fields }) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    for (const [name, value] of fields) {
        const field = document.createElement('input');
        Object.assign(field, { type: 'hidden', name, value });
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}

// As the pages write it: day, month, year in English as well, and Hong Kong's clock of 24 hours.
const region = { en: 'en-GB' };
const written = { year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Hong_Kong' };
const moment = (at) => new Intl.DateTimeFormat(region[document.documentElement.lang] ?? document.documentElement.lang, written).format(at);

// For a computer that others use.
function erase(shelf, consultation) {
    shelf.erase(consultation);
    forgetProofs(shelf.session);
    standDown();
}

function answerForm(form, box, shelf) {
    const { consultation, key, steps, fresh } = box.dataset;
    const part = (name) => document.querySelector(`[data-part="${name}"]`);
    const step = () => form.elements.namedItem('/step').value;
    const say = (name) => (part('status').textContent = name ? box.dataset[name] : '');
    let timer;

    function keep() {
        clearTimeout(timer);
        timer = undefined;
        // Where a code is asked for that was sent: one comes back to the step before, for another.
        if (form.elements.namedItem('/proof/code')) return;
        const record = { key, step: step(), fresh, action: steps, fields: new FormData(form) };
        if (shelf.write(consultation, record)) part('kept').hidden = false;
    }

    function offer({ at }) {
        part('written').textContent = moment(at);
        part('resume').hidden = false;
    }

    function begin() {
        const record = shelf.read(consultation);
        // A new form that is loaded again is another one each time, and as empty as before.
        const same = record && (record.key === key || (record.fresh && fresh));
        if (same && record.step === step() && isReturn()) {
            fill(form, record.fields);
            say('restored');
        } else if (record && (record.key !== key || isReturn())) {
            offer(record);
            return;
        }
        if (record || said(form)) keep();
    }

    form.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(keep, delay);
    });
    form.addEventListener('submit', ({ submitter }) => {
        // Begun anew since this one was recorded before: it needs not be kept.
        if (submitter?.value === 'renew') shelf.forget(consultation);
        else if (timer || shelf.read(consultation)?.key === key) keep();
    });
    addEventListener('pagehide', () => timer && keep());
    part('continue').addEventListener('click', () => {
        const record = shelf.read(consultation);
        if (record) resume(record);
    });
    for (const button of document.querySelectorAll('[data-part="erase"]'))
        button.addEventListener('click', () => {
            clearTimeout(timer);
            erase(shelf, consultation);
            part('resume').hidden = true;
            part('kept').hidden = true;
            say('erased');
        });
    sendPolitely(form, say);
    begin();
    if (!shelf.erased(consultation)) standBy();
    prove(form, { challenge: JSON.parse(box.dataset.challenge), key, script: box.dataset.worker }, shelf.session);
}

// Where the visitor has forbidden to keep anything.
const none = {
    getItem: () => null,
    setItem() {
        throw new Error('nothing is kept here');
    },
    removeItem() {},
};

function stores() {
    try {
        return [localStorage, sessionStorage];
    } catch {
        return [none, none];
    }
}

// On every page: what is too old goes, and what was recorded needs not be kept.
export function answers(scope) {
    const [local, session] = stores();
    const shelf = new Shelf(local, session);
    shelf.sweep();
    for (const receipt of scope.querySelectorAll('[data-recorded]')) {
        shelf.forget(receipt.dataset.recorded);
        forgetProofs(session);
        standDown();
    }
    const box = scope.querySelector('[data-module="app-answer"]');
    if (box) answerForm(document.getElementById('answer'), box, shelf);
    const instead = scope.querySelector('[data-module="app-offline"]');
    if (instead) offlinePage(instead, shelf, { goOn: resume, erase: (consultation) => erase(shelf, consultation), moment });
}
