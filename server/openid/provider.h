#ifndef OPENID_PROVIDER_H
#define OPENID_PROVIDER_H

#include "base/buf.h"
#include "base/clock.h"
#include "domain/authorization.h"

#include <stdbool.h>
#include <stddef.h>

/* An OpenID Connect provider whose sign-ins are taken: authorization code flow with PKCE (RFC 7636,
 * S256), state and nonce. There are two at the most, one for respondents and one for accounts. What
 * it says of itself and its keys are kept for an hour and looked up again when they do not fit. No
 * code, token or subject reaches a log. */
struct provider;

struct provider_options {
    const char *issuer; /* as it names itself, to the letter; "": there is no provider */
    const char *client, *secret_file;
    const char *authorities; /* file of certificates (PEM) to trust; "": the system's */
    const char *settings;    /* how its settings' names begin, for messages; static */
    int fresh_s;             /* so long ago somebody may have signed in there at the most (Core
                                §3.1.2.1 max_age); 0: not asked */
    const struct clock *clock;
};

/* NULL with a sentence in `error`. Strings are copied. Asks nothing of the provider yet. Main
 * thread, before any other thread: starts libcurl. */
struct provider *provider_start(const struct provider_options *options, char *error,
                                size_t error_size);
/* Breaks off what is being asked, from now on. Any thread; NULL is nothing. */
void provider_quiet(struct provider *provider);
/* Once nobody asks any more; NULL is nothing. */
void provider_stop(struct provider *provider);

bool provider_is_set(const struct provider *provider);
const char *provider_issuer(const struct provider *provider);

enum provider_outcome {
    PROVIDER_DONE,
    PROVIDER_AWAY,   /* no answer, or none that can be used: another try later may help */
    PROVIDER_REFUSED /* it does not know the code, or its token is not what it must be */
};

/* So that provider_address has what it needs. Blocks on the provider for a few seconds at the
 * most; after it did not answer, nobody waits for it again for three seconds. */
enum provider_outcome provider_ready(struct provider *provider);

/* Adds the address that people are sent to, from `return_address` of ours. False: not known, see
 * provider_ready. Never blocks for longer than a copy. Any thread. */
bool provider_address(struct provider *provider, const struct authorization *authorization,
                      const char *return_address, struct buf *out);

/* Whether `issuer`, which came back beside the code (NULL: nothing came), may be this provider's:
 * RFC 9207 §2.4. Any thread. */
bool provider_named(struct provider *provider, const char *issuer);

/* Redeems the code for who signed in. Blocks as provider_ready, three times at the most. *subject
 * only if DONE: caller wipes and frees. */
enum provider_outcome provider_redeem(struct provider *provider,
                                      const struct authorization *authorization,
                                      const char *return_address, const char *code, char **subject);

#endif
