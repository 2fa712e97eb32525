#ifndef ACCESS_ACCOUNT_VISIT_H
#define ACCESS_ACCOUNT_VISIT_H

#include "base/clock.h"
#include "domain/authorization.h"

/* The way of an official or a member to the OpenID Connect provider and back. All that must be
 * remembered meanwhile is carried by a cookie of the browser that set out, under a keyed digest;
 * the state that the provider is given comes out of the cookie. So an address that somebody was
 * talked into following signs nobody in: their browser has another cookie, or none. */

enum {
    ACCOUNT_VISIT_TEXT = 120 + 1, /* 90 bytes as base64url without padding */
    ACCOUNT_VISIT_S = 600,
};

struct account_visit {
    bool member;           /* on the institutions' side */
    bool connects;         /* an account that is signed in; else it is to sign in */
    struct digest session; /* of the account that is connected; zeros: nobody's */
    int64_t until_s;       /* UTC */
    struct authorization authorization;
};

/* `session`: of who connects their account; NULL: to sign in. False: no master key. The caller
 * wipes *out and the text. Any thread. */
bool account_visit_make(const struct keys *keys, const struct clock *clock, enum language language,
                        bool member, const struct digest *session, struct account_visit *out,
                        char text[ACCOUNT_VISIT_TEXT]);

/* A cookie that came back, on that side and with that state. False: it is not one that the newest
 * master made, another side's, over, or its state is another. The caller wipes *out. Any thread. */
bool account_visit_read(const struct keys *keys, const struct clock *clock, bool member,
                        const char *text, const char *state, struct account_visit *out);

#endif
