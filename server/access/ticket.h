#ifndef ACCESS_TICKET_H
#define ACCESS_TICKET_H

#include "base/clock.h"
#include "domain/keys.h"

#include <stdbool.h>
#include <stddef.h>

/* Secrets that are carried: a cookie's value, a script's token, the token of a set-up link,
 * recovery codes, a form's token. Whoever stores one stores its digest. Any thread. */

enum {
    TICKET_TEXT = 43 + 1, /* 32 random bytes as base64url without padding (RFC 4648 §5) */
    FORM_TOKEN_TEXT = 64 + 1,
    RECOVERY_CODES = 10,
    RECOVERY_TEXT = 16, /* 14 random symbols of Crockford's base 32, and 2 that check them */
};

/* A new one. The caller wipes the text. */
void ticket_make(const struct clock *clock, char text[TICKET_TEXT], struct digest *out);
/* The digest of one that was shown; false: it is none. 256 random bits are not to be guessed, so
 * that a plain digest is enough. */
bool ticket_read(const char *text, struct digest *out);

/* What a session's forms carry, so that no other site's page can send one: a keyed digest of the
 * session's, in hexadecimal. False: no master key. */
bool form_token_make(const struct keys *keys, const struct digest *session,
                     char text[FORM_TOKEN_TEXT]);
bool form_token_is(const char *expected, const char *sent);

/* Recovery codes have 70 random bits: who has their digests finds none in years, and would want the
 * password besides. */
void recovery_make(const struct clock *clock, char text[RECOVERY_TEXT + 1], struct digest *out);
/* As people type it. False: not such a code, or mistyped. */
bool recovery_read(const char *typed, struct digest *out);

#endif
