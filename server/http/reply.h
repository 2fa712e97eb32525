#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "http/request.h"
#include "http/target.h"

/* The only place that makes replies: security headers, ETag, 304, encodings, caching. Each sets the
 * request's reply; the daemon queues it. A reply set twice: the first stays. All from the thread
 * that owns the request. */

/* Writes the document in the request's representation; takes it over. `document` NULL: 500. */
void reply_document(struct request *request, struct document *document);

/* A problem as RFC 9457 JSON or as a page, in the request's language. `field`: JSON Pointer or
 * header name, or NULL. */
void reply_problem(struct request *request, enum problem_code code, const char *field);
/* 422 (or the code's own status) with every fault. Pages: use a form document with faults instead.
 */
void reply_faults(struct request *request, enum problem_code code, const struct faults *faults);
/* The same as a json_t problem document, for pages that show faults with the form. New reference.
 */
json_t *problem_document(const struct request *request, enum problem_code code, const char *field,
                         const struct faults *faults);

void reply_redirect(struct request *request, int status, const char *location);

/* Bytes of a fixed type; copied. Cached by the route's freshness. */
void reply_bytes(struct request *request, int status, const char *type, const void *bytes,
                 size_t length);

/* A file somebody sent us, as a download and in a sandbox, whatever is in it: its type is said and
 * not guessed, it is never shown within the site, and nothing in it runs. The validator is its
 * digest; no ranges. It may take as long to be read as its length allows at the rate that is asked
 * of uploads. Takes `file` over. */
struct reply_file {
    int file;
    uint64_t length;
    const char *type, *name;
    const char *digest; /* SHA-256, hexadecimal */
};
void reply_file(struct request *request, const struct reply_file *file);

/* One more header on the reply that is set next (Location, Retry-After, Allow). Copied; at most
 * eight. A Referrer-Policy stands instead of ours: for a page whose own address has a secret. */
void reply_header(struct request *request, const char *name, const char *value);

/* Path of the page that the address of a form belongs to: the longest beginning of it under which
 * there is one, the whole included. False: there is none. */
bool reply_page_above(const struct request *request, char path[TARGET_PATH]);

/* The value of one that was set so; NULL: it was not. The request's. */
const char *reply_header_set(const struct request *request, const char *name);

#endif
