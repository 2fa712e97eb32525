// The work of a challenge: the server's known one (tests/unit/test_proof_of_work.c), and ALTCHA's own reading of what comes
// of it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { expires, payload, solve } from '../../static/js/solve.js';

const require = createRequire(new URL('../../static/package.json', import.meta.url));
const altcha = require('altcha-lib');

const challenge = {
    algorithm: 'SHA-256',
    challenge: '4df1b99b788f9fd92f3d5fc4d7fe3ca293e7b823c15e62ea2069b8cf7a3a848f',
    maxnumber: 1000,
    salt: '101112131415161718191a1b?expires=1764061200&master=1&',
    signature: '9296e190a717cfda7e08195361cb0912e5733a917c44401caa389bb51d76851b',
};

test('the known challenge', () => {
    assert.equal(solve(challenge), 224);
    assert.equal(expires(challenge), 1764061200000);
    assert.deepEqual(JSON.parse(atob(payload(challenge, 224))), {
        algorithm: 'SHA-256',
        challenge: challenge.challenge,
        number: 224,
        salt: challenge.salt,
        signature: challenge.signature,
    });
});

test('the first and the last number are tried, and no further', () => {
    assert.equal(solve({ ...challenge, maxnumber: 224 }), 224);
    assert.equal(solve({ ...challenge, maxnumber: 223 }), undefined);
});

test('another algorithm is left alone', () => assert.equal(solve({ ...challenge, algorithm: 'SHA-512' }), undefined));

test("ALTCHA's library makes challenges that we solve, and takes our solutions", async () => {
    for (const number of [0, 9, 10, 4711]) {
        const made = await altcha.createChallenge({ hmacKey: 'key', number, maxnumber: 5000, expires: new Date(Date.now() + 60000) });
        assert.equal(solve(made), number);
        assert.equal(await altcha.verifySolution(payload(made, number), 'key'), true);
        assert.equal(await altcha.verifySolution(payload(made, number + 1), 'key'), false);
    }
});

test("ALTCHA's library solves ours", async () => {
    const { promise } = altcha.solveChallenge(challenge.challenge, challenge.salt, 'SHA-256', challenge.maxnumber);
    assert.equal((await promise).number, 224);
});
