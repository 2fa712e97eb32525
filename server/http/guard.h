#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "base/problem.h"
#include "http/router.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* The head of a request, read once: every header we act on, and a refusal of what two servers could
 * understand in two ways (THREATS.md, HTTP). libmicrohttpd 0.9.75 lets all of that through. */
struct head {
    const char *host, *accept, *accept_encoding, *accept_language, *if_none_match;
    const char *content_type, *origin, *fetch_site, *forwarded_for;
    const char *expect, *transfer_encoding, *content_length, *authorization, *idempotency_key;
    uint64_t length; /* of the body, if it was declared */
    bool chunked;
};

/* Where the request line stands in the connection's memory; all NUL-terminated by libmicrohttpd. */
struct request_line {
    const char *method, *target, *version;
    size_t target_length;
};

/* True: fine, and *out is filled; its texts live as long as the request. False: answer 400 and
 * close. The head must be a gapless row of lines ending in CRLF: a NUL, a bare LF and a folded line
 * all leave a gap between what the library calls a value and the next name. */
bool guard_head(struct MHD_Connection *connection, const struct request_line *line,
                struct head *out);

/* 403 for what another site's page makes a browser send; PROBLEM_NONE if it may be acted on.
 * `base_url` as in daemon_options. */
enum problem_code guard_origin(const struct head *head, const char *base_url);

/* What is wrong with the body, before any of it is looked at: 413 by declared length, 415 by type;
 * PROBLEM_NONE. */
enum problem_code guard_body(const struct head *head, const struct route *route);

/* The body is application/x-www-form-urlencoded. */
bool guard_is_form(const struct head *head);

#endif
