// SHA-256 (FIPS 180-4) of a text with a number behind it, for one text and very many numbers: what the text fills of whole
// blocks is hashed once. Own code since the browser's crypto.subtle answers by a promise each time, which takes longer
// than the hash (measured in Chromium: eight times as long and more), and is missing where the page came over plain http.

const k = new Uint32Array(64);
const start = new Uint32Array(8);

// The first 32 bits of the fractional parts of cube and square roots of the first primes (§4.2.2, §5.3.3).
function fraction(root) {
    return ((root - Math.floor(root)) * 0x100000000) >>> 0;
}
for (let prime = 2, n = 0; n < 64; prime++) {
    let divisor = 2;
    while (divisor * divisor <= prime && prime % divisor) divisor++;
    if (divisor * divisor <= prime) continue;
    if (n < 8) start[n] = fraction(Math.sqrt(prime));
    k[n++] = fraction(Math.cbrt(prime));
}

const w = new Uint32Array(64);

// One block, 16 words of `block` from `at` on, into the state (§6.2.2).
function compress(block, at, from, to) {
    for (let i = 0; i < 16; i++) w[i] = block[at + i];
    for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let a = from[0] | 0;
    let b = from[1] | 0;
    let c = from[2] | 0;
    let d = from[3] | 0;
    let e = from[4] | 0;
    let f = from[5] | 0;
    let g = from[6] | 0;
    let h = from[7] | 0;
    for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
    }
    to[0] = from[0] + a;
    to[1] = from[1] + b;
    to[2] = from[2] + c;
    to[3] = from[3] + d;
    to[4] = from[4] + e;
    to[5] = from[5] + f;
    to[6] = from[6] + g;
    to[7] = from[7] + h;
}

// Puts ASCII text at a byte of big-endian words, which are zero there; gives the byte behind it.
function put(words, at, text) {
    for (let i = 0; i < text.length; i++, at++) words[at >> 2] |= text.charCodeAt(i) << (24 - 8 * (at & 3));
    return at;
}

// A hasher of ASCII texts that begin with this one: takes the rest, of at most 55 characters, and gives the state of eight
// words, which the next call overwrites.
export function hasher(prefix) {
    const begin = new Uint32Array(Math.ceil((prefix.length + 1) / 64) * 16);
    const whole = prefix.length - (prefix.length % 64);
    const middle = new Uint32Array(start);
    const state = new Uint32Array(8);
    const block = new Uint32Array(32);
    put(begin, 0, prefix);
    for (let at = 0; at < whole; at += 64) compress(begin, at / 4, middle, middle);
    const rest = begin.subarray(whole / 4);

    return (text) => {
        block.fill(0);
        block.set(rest);
        const end = put(block, prefix.length % 64, text);
        const last = end < 56 ? 0 : 16;
        block[end >> 2] |= 0x80 << (24 - 8 * (end & 3));
        block[last + 15] = (whole + end) * 8;
        compress(block, 0, middle, state);
        if (last) compress(block, 16, state, state);
        return state;
    };
}

export function hex(state) {
    return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}
