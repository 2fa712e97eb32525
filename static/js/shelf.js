// Where this browser keeps unsent answers: one record a consultation, for fourteen days, never with what identifies
// somebody. Nothing of it is sent anywhere but with the form itself.

const prefix = 'answers:';
const days = 14;
// What may be kept, so that whatever else a form asks stays out: what was said, the sealed state, and the step.
const allowed = /^\/(answers|views|priorities)\/|^\/(kind|organisation|sector|publication|state|step|way|from)$/;

export function keepable(entries) {
    return [...entries].filter(([name, value]) => allowed.test(name) && typeof value === 'string');
}

export class Shelf {
    constructor(storage, session, now = Date.now) {
        Object.assign(this, { storage, session, now });
    }

    // {at, key, step, fresh, action, fields} or undefined.
    read(consultation) {
        try {
            const record = JSON.parse(this.storage.getItem(prefix + consultation));
            if (record && this.now() < record.at + days * 24 * 60 * 60 * 1000) return record;
        } catch {
            // Written by something else: as good as nothing.
        }
        this.forget(consultation);
        return undefined;
    }

    // False: it is not kept, since there is no room or whoever sits here wants nothing kept.
    write(consultation, record) {
        if (this.session.getItem(prefix + consultation)) return false;
        try {
            const fields = keepable(record.fields);
            this.storage.setItem(prefix + consultation, JSON.stringify({ ...record, fields, at: this.now() }));
            return true;
        } catch {
            return false;
        }
    }

    forget(consultation) {
        this.storage.removeItem(prefix + consultation);
    }

    // For a computer that others use: gone, and nothing more is kept as long as this tab is open.
    erase(consultation) {
        this.forget(consultation);
        this.session.setItem(prefix + consultation, 'erased');
    }

    erased(consultation) {
        return this.session.getItem(prefix + consultation) !== null;
    }

    // What nobody came back for in time.
    sweep() {
        for (const name of Object.keys(this.storage)) if (name.startsWith(prefix)) this.read(name.slice(prefix.length));
    }
}
