// What the browser keeps, and what it must not.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Shelf, keepable } from '../../static/js/shelf.js';

// As the browser's Storage: values are properties of their own.
class Storage {
    getItem(name) {
        return Object.hasOwn(this, name) ? this[name] : null;
    }
    setItem(name, value) {
        this[name] = String(value);
    }
    removeItem(name) {
        delete this[name];
    }
}

const day = 24 * 60 * 60 * 1000;
let local, session, now, shelf;
const record = () => ({ key: 'k', step: 'measure-1-3', action: '/en/consultations/c/answer', fields: [['/answers/1-3/stance', '5']] });

beforeEach(() => {
    [local, session, now] = [new Storage(), new Storage(), 1000];
    shelf = new Shelf(local, session, () => now);
});

test('kept for fourteen days', () => {
    assert.equal(shelf.write('c', record()), true);
    now += 14 * day - 1;
    assert.deepEqual(shelf.read('c').fields, record().fields);
    now += 1;
    assert.equal(shelf.read('c'), undefined);
    assert.deepEqual(Object.keys(local), []);
});

test('each consultation by itself', () => {
    shelf.write('c', record());
    assert.equal(shelf.read('d'), undefined);
    shelf.forget('c');
    assert.equal(shelf.read('c'), undefined);
});

test('never what identifies somebody, nor what is not known', () => {
    const form = new FormData();
    for (const name of ['/identity/value', '/identity/kind', '/code', '/leave_empty', '/proof_of_work', '/go', '/email', 'x/answers/1-3/remark']) form.append(name, 'secret');
    for (const name of ['/answers/1-3/remark', '/views/1/text', '/priorities/1-3', '/kind', '/organisation', '/sector', '/publication', '/state', '/step', '/way', '/from'])
        form.append(name, 'said');
    form.append('/answers/file', new Blob(['secret']));
    shelf.write('c', { ...record(), fields: form });
    assert.equal(local['answers:c'].includes('secret'), false);
    assert.equal(shelf.read('c').fields.length, 11);
    assert.equal(keepable(form).length, 11);
});

test('erased: nothing is left, and nothing is kept in this tab any more', () => {
    shelf.write('c', record());
    shelf.erase('c');
    assert.deepEqual(Object.keys(local), []);
    assert.equal(shelf.write('c', record()), false);
    assert.deepEqual(Object.keys(local), []);
    assert.equal(new Shelf(local, new Storage(), () => now).write('c', record()), true, 'another tab is another person');
});

test('no room: said so, and nothing breaks', () => {
    local.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
    };
    assert.equal(shelf.write('c', record()), false);
});

test('something else under our name is thrown away', () => {
    for (const text of ['', '{', '7', 'null', '{"at":"x"}']) {
        local.setItem('answers:c', text);
        assert.equal(shelf.read('c'), undefined);
        assert.deepEqual(Object.keys(local), []);
    }
});

test('what is too old is swept away, what is another thing stays', () => {
    shelf.write('c', record());
    now += 10 * day;
    shelf.write('d', record());
    local.setItem('other', 'thing');
    now += 5 * day;
    shelf.sweep();
    assert.deepEqual(Object.keys(local), ['answers:d', 'other']);
});
