#ifndef OPENID_FETCH_H
#define OPENID_FETCH_H

#include "base/buf.h"

#include <stdatomic.h>
#include <stdbool.h>

/* One HTTP request to the provider with libcurl. */

struct fetch {
    const char *url;
    const char *form;            /* body of a POST; NULL: GET */
    const char *user;            /* for Basic (RFC 7617); NULL: none */
    const char *password;        /* of user */
    const char *authorities;     /* file of certificates (PEM) to trust; "": the system's */
    const atomic_bool *stopping; /* breaks off */
};

enum fetched {
    FETCHED,        /* 200, with what was said in `out` */
    FETCH_REFUSED,  /* another status below 500 */
    FETCH_FAULT,    /* a fault of theirs, perhaps in this request alone */
    FETCH_NO_ANSWER /* none in time, too long a one, or one we do not follow */
};

/* Over TLS, or in the clear on this machine: no secret goes farther without. And nothing that could
 * not stand in a header. */
bool fetch_takes(const char *url);

/* Blocks, eight seconds at the most. `what` names it in the log, which holds nothing else of it.
 * *out: caller clears. */
enum fetched fetch_do(const struct fetch *fetch, const char *what, struct buf *out);

/* Percent-encoded as one value of a form or query (RFC 3986 §2.3). */
void fetch_escape(struct buf *out, const char *value);

#endif
