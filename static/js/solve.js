// The work of a challenge (server/domain/proof_of_work.h), and what is sent of it.
import { hasher, hex } from './sha256.js';

// The number whose SHA-256 behind the salt is the challenge; undefined if there is none up to maxnumber.
export function solve({ algorithm, challenge, maxnumber, salt }) {
    if (algorithm !== 'SHA-256') return undefined;
    const hash = hasher(salt);
    const first = parseInt(challenge.slice(0, 8), 16);
    for (let number = 0; number <= maxnumber; number++) {
        const state = hash(String(number));
        if (state[0] === first && hex(state) === challenge) return number;
    }
    return undefined;
}

export function payload({ algorithm, challenge, salt, signature }, number) {
    return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

// Milliseconds since 1970 until which the challenge is good.
export function expires({ salt }) {
    return Number(new URLSearchParams(salt.split('?')[1]).get('expires')) * 1000;
}
