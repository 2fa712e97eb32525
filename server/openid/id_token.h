#ifndef OPENID_ID_TOKEN_H
#define OPENID_ID_TOKEN_H

#include <jansson.h>
#include <stdint.h>

/* Whether an ID token says what it must (OpenID Connect Core 1.0 §3.1.3.7), and who signed in. */

struct id_token_wanted {
    const char *issuer, *client, *nonce;
    int64_t now_s; /* UTC */
    int fresh_s;   /* max_age that was asked for (§3.1.2.1); 0: none was */
};

enum id_token_fault {
    ID_TOKEN_GOOD,
    ID_TOKEN_MALFORMED,
    ID_TOKEN_ALGORITHM,   /* none of RS256, PS256, ES256; "none" and keyed hashes least of all */
    ID_TOKEN_KEY_UNKNOWN, /* names no key of the set, or one that does not fit */
    ID_TOKEN_SIGNATURE,
    ID_TOKEN_ISSUER,
    ID_TOKEN_AUDIENCE,
    ID_TOKEN_PARTY, /* azp */
    ID_TOKEN_EXPIRED,
    ID_TOKEN_ISSUED, /* too long ago, or in the future */
    ID_TOKEN_STALE,  /* who was signed in long before, or does not say when */
    ID_TOKEN_NONCE,
    ID_TOKEN_SUBJECT,
    ID_TOKEN_FAULTS
};

enum { ID_TOKEN_MOST = 16 * 1024, SUBJECT_MOST = 255 };

/* `keys`: a JWK Set (RFC 7517). *subject only if GOOD: caller wipes and frees. Any thread. */
enum id_token_fault id_token_check(const char *token, const json_t *keys,
                                   const struct id_token_wanted *wanted, char **subject);

/* A word for logs; static. */
const char *id_token_fault_name(enum id_token_fault fault);

#endif
