#ifndef RESOURCES_OFFICIALS_ACCOUNT_OPENID_H
#define RESOURCES_OFFICIALS_ACCOUNT_OPENID_H

#include "access/account_visit.h"
#include "http/request.h"
#include "http/worker.h"

/* Signing in to an account at an OpenID Connect provider, and connecting an account with it: what
 * account_openid.c (there), account_return.c (and back) and own_openid.c share. */

/* What somebody is told on the way there or back. */
enum account_openid {
    ACCOUNT_OPENID_LEAVES,    /* there is an address to go to */
    ACCOUNT_OPENID_SIGNED_IN, /* and so are these two */
    ACCOUNT_OPENID_BOUND,
    ACCOUNT_OPENID_CANCELLED, /* nobody signed in there */
    ACCOUNT_OPENID_OVER,      /* a second time, too late, in another browser, or out of nowhere */
    ACCOUNT_OPENID_REFUSED,   /* what the provider sent is not what it must be */
    ACCOUNT_OPENID_UNKNOWN,   /* it opens no account here */
    ACCOUNT_OPENID_TAKEN,     /* it opens another account */
    ACCOUNT_OPENID_KEPT,      /* the account is connected already */
    ACCOUNT_OPENID_SIGNED_OUT,
    ACCOUNT_OPENID_AWAY,
    ACCOUNT_OPENID_TOO_OFTEN,
    ACCOUNT_OPENID_BUSY
};

/* Replies with that page. `address`: of the provider, if somebody leaves for it. `retry_s` above 0:
 * for Retry-After. */
void account_openid_show(struct request *request, enum account_openid what, bool connects,
                         const char *address, int retry_s);

/* Whether there is a provider for accounts, what it is called in the request's language (lives as
 * long as the service), and both for a page: {name}, or JSON's null. */
bool account_openid_is_offered(const struct request *request);
const char *account_openid_name(const struct request *request);
json_t *account_openid_view(const struct request *request);

/* Sends the browser to the provider, on the usher's thread: whoever is signed in to connect their
 * account, anybody else to sign in. Gives what the handler gives. */
enum handled account_openid_leave(struct request *request);

/* Where they come back to on this side, as it is registered with the provider. */
enum { ACCOUNT_OPENID_RETURN = 320 };
void account_openid_return_address(const struct request *request, char out[ACCOUNT_OPENID_RETURN]);

/* The cookie that is carried meanwhile: set for as long as it is good, NULL takes it back. Lax, for
 * they come back from another site. */
void account_openid_cookie_set(struct request *request, const char *text);
bool account_openid_cookie_read(const struct request *request, const char *state,
                                struct account_visit *out);

#endif
