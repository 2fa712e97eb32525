#ifndef DOMAIN_AUTHORIZATION_H
#define DOMAIN_AUTHORIZATION_H

#include "domain/keys.h"
#include "domain/language.h"

/* What one person's way to an OpenID Connect provider takes along, and what is held against it when
 * they come back (OpenID Connect Core 1.0 §3.1.2.1). */

enum { AUTHORIZATION_STATE = 160, AUTHORIZATION_TEXT = 44 };

struct authorization {
    enum language language;                  /* that the person reads */
    char state[AUTHORIZATION_STATE];         /* base64url */
    char nonce[AUTHORIZATION_TEXT];          /* for the ID token (Core §15.5.2) */
    char verifier[AUTHORIZATION_TEXT];       /* never leaves for the browser (RFC 7636 §4.1) */
    char code_challenge[AUTHORIZATION_TEXT]; /* S256 of it (RFC 7636 §4.2) */
};

/* Base64url of a keyed digest for one purpose. False: no such master. Any thread. */
bool authorization_text(const struct keys *keys, int master, const char *purpose, const void *plain,
                        size_t length, char out[AUTHORIZATION_TEXT]);

/* nonce, verifier and code_challenge out of what the state stands for, so that none of them has to
 * be kept meanwhile. `nonce` and `verifier` are the purposes of its two keys. False: no such
 * master. The caller wipes *out. Any thread. */
bool authorization_derive(const struct keys *keys, int master, const char *nonce,
                          const char *verifier, const void *plain, size_t length,
                          struct authorization *out);

#endif
