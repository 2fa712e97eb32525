#ifndef DOMAIN_VISIT_H
#define DOMAIN_VISIT_H

#include "base/parse.h"
#include "domain/consultation.h"
#include "domain/keys.h"
#include "domain/language.h"

/* One person's way to the OpenID Connect provider and back, for one challenge. All that must be
 * remembered meanwhile comes out of the challenge and the master key again, so that nothing is
 * kept: neither a restart nor another server loses anybody. */

enum { VISIT_STATE = 160, VISIT_TEXT = 44 };

struct visit {
    char slug[SLUG_MOST + 1]; /* of the consultation */
    enum language language;   /* that the person reads */
    struct uuid challenge;
    int master;
    char state[VISIT_STATE];         /* base64url; names all of the above, under a keyed hash */
    char nonce[VISIT_TEXT];          /* for the ID token (OpenID Connect Core 1.0 §15.5.2) */
    char verifier[VISIT_TEXT];       /* never leaves for the browser (RFC 7636 §4.1) */
    char code_challenge[VISIT_TEXT]; /* S256 of it (RFC 7636 §4.2) */
};

/* False: no such master, or a slug that is too long. The caller wipes *out. Any thread. */
bool visit_make(const struct keys *keys, int master, const char *slug, enum language language,
                const struct uuid *challenge, struct visit *out);

/* A state that came back. False: not one that the newest master made. The caller wipes *out. Any
 * thread. */
bool visit_read(const struct keys *keys, const char *state, struct visit *out);

#endif
