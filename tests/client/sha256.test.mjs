// The hash against Node's own, around every edge of a block.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { hasher, hex } from '../../static/js/sha256.js';

test('known: "abc" of FIPS 180-4', () => {
    assert.equal(hex(hasher('')('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('every length of beginning and rest', () => {
    for (let begin = 0; begin <= 200; begin++) {
        const hash = hasher('x'.repeat(begin));
        for (const rest of ['', '0', '123456', '9'.repeat(55)])
            assert.equal(hex(hash(rest)), createHash('sha256').update('x'.repeat(begin) + rest).digest('hex'), `${begin} ${rest}`);
    }
});

test('one hasher for many: nothing is left of the one before', () => {
    const hash = hasher('?expires=1764061200&');
    hash('9'.repeat(55));
    assert.equal(hex(hash('1')), createHash('sha256').update('?expires=1764061200&1').digest('hex'));
});
