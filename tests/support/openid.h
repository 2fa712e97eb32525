#ifndef SUPPORT_OPENID_H
#define SUPPORT_OPENID_H

#include "support/process.h"

#include <stdbool.h>

/* An OpenID Connect provider on loopback: Debian's glewlwyd, which knows "alice" and "bob" by
 * "<name> knows it well", or one that lies as it is told to (openid_liar.mjs). Aborts if it cannot
 * be had. */

enum { OPENID_SETTINGS = 16 };

struct openid {
    struct process process;
    char folder[32];
    char issuer[128];
    char words[OPENID_SETTINGS][256];
    const char *set[OPENID_SETTINGS + 8]; /* settings of a server that takes it, for respondents and
                                             for accounts; NULL ends */
};

/* `further`: settings that go along, NULL at the end, static. */
void openid_open(struct openid *openid, bool real, const char *const *further);
/* Once the server of that address runs, which people are sent back to. */
void openid_ready(struct openid *openid, const char *server);
void openid_close(struct openid *openid);

/* Of the liar: "", "away", "slow" or "cut". */
void openid_mode(const struct openid *openid, const char *mode);

#endif
