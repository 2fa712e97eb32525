// An OpenID Connect provider that lies as it is told to, for what no real one would say.
//   openid_liar.mjs FOLDER CLIENT SECRET
// Prints `listening ISSUER`. Nobody signs in here: whoever holds a sign-in's address makes the code himself, base64url of
// {nonce, challenge, sub, lie, back}, and the token endpoint answers it once with an ID token of that kind. FOLDER/mode may hold
// `away` (503 to everything), `slow` (no answer) or `cut` (the connection is closed).
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [folder, client, secret] = process.argv.slice(2);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const used = new Set();
let issuer;

const mode = () => {
    try {
        return readFileSync(`${folder}/mode`, 'utf8').trim();
    } catch {
        return '';
    }
};

const jwk = (pair, kid, alg) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });
const keys = () => ({ keys: [jwk(rsa, 'rsa', 'RS256'), jwk(curve, 'curve', 'ES256')] });
const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
});

// How a lie changes the claims.
const claims = {
    nonce: { nonce: 'another' },
    'no-nonce': { nonce: undefined },
    issuer: () => ({ iss: `${issuer}/` }),
    audience: { aud: 'another' },
    audiences: { aud: [client, 'another'] },
    party: { aud: [client, 'another'], azp: 'another' },
    expired: () => ({ exp: now() - 61 }),
    old: () => ({ iat: now() - 3600 }),
    future: () => ({ iat: now() + 3600 }),
    stale: () => ({ auth_time: now() - 3600 }),
    later: () => ({ auth_time: now() + 3600 }),
    undated: { auth_time: undefined },
    subject: { sub: '' },
    'no-subject': { sub: undefined },
};

function token({ nonce, sub, lie }) {
    const change = typeof claims[lie] === 'function' ? claims[lie]() : claims[lie];
    const payload = { iss: issuer, aud: client, sub, nonce, iat: now(), exp: now() + 300, auth_time: now(), ...change };
    const header = { alg: 'RS256', kid: 'rsa', typ: 'JWT' };
    if (lie === 'curve') Object.assign(header, { alg: 'ES256', kid: 'curve' });
    if (lie === 'none') Object.assign(header, { alg: 'none' });
    if (lie === 'hmac') Object.assign(header, { alg: 'HS256' });
    if (lie === 'kid') Object.assign(header, { kid: 'unknown' });
    if (lie === 'own-key') Object.assign(header, { jwk: stranger.publicKey.export({ format: 'jwk' }) });
    if (lie === 'crit') Object.assign(header, { crit: ['exp'] });
    const said = `${encoded(header)}.${encoded(payload)}`;
    if (lie === 'none') return `${said}.`;
    if (lie === 'hmac') return `${said}.${createHmac('sha256', rsa.publicKey.export({ format: 'pem', type: 'spki' })).update(said).digest('base64url')}`;
    const pair = lie === 'curve' ? curve : lie === 'own-key' || lie === 'signature' ? stranger : rsa;
    const signature = sign('sha256', Buffer.from(said), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    if (lie === 'tampered') return `${encoded(header)}.${encoded({ ...payload, sub: 'somebody else' })}.${signature}`;
    return `${said}.${signature}`;
}

function redeem(body, authorization, reply) {
    const form = new URLSearchParams(body);
    const wanted = `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`;
    const code = form.get('code');
    const said = JSON.parse(Buffer.from(code, 'base64url').toString());
    const verified = createHash('sha256').update(form.get('code_verifier')).digest('base64url') === said.challenge;
    if (authorization !== wanted || !verified || used.has(code) || !form.get('redirect_uri').endsWith(`/openid/${said.back ?? 'return'}`))
        return reply(400, { error: 'invalid_grant' });
    used.add(code);
    if (said.lie === 'fault') return reply(500, {});
    if (said.lie === 'no-token') return reply(200, { access_token: 'x' });
    return reply(200, { access_token: 'x', token_type: 'Bearer', id_token: token(said) });
}

const server = createServer((request, response) => {
    const reply = (status, document) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    const how = mode();
    if (how === 'away') return reply(503, {});
    if (how === 'cut') return request.socket.destroy();
    if (how === 'slow') return undefined;
    if (request.url === '/.well-known/openid-configuration') return reply(200, metadata());
    if (request.url === '/keys') return reply(200, keys());
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => redeem(body, request.headers.authorization, reply));
    return undefined;
});
server.listen(0, '127.0.0.1', () => {
    issuer = `http://127.0.0.1:${server.address().port}`;
    console.log(`listening ${issuer}\nready`);
});
