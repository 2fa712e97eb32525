#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http/state.h"

/* One body on its way out. `bytes` are malloc'ed and become the response's. */
struct outgoing {
    int status;
    const char *type; /* NULL: no body */
    void *bytes;
    size_t length;
    enum language language; /* LANGUAGES: it has no words */
    const char
        *alternate; /* path of the other kind of this, which data tell in a Link header; or NULL */
    int depends;
    int64_t ends_us;  /* UTC; 0 never */
    const char *etag; /* NULL: not to be kept by anybody */
    const char *coding;
    bool sandboxed; /* bytes of strangers */
};

/* The response with all its headers. Takes out->bytes over, also on failure (NULL: no memory). */
struct MHD_Response *response_make(const struct request *request, struct outgoing *out);

/* The same for bytes that a feed brings; `out` has none. Takes the feed's reading half over, also
 * on failure. */
struct MHD_Response *response_make_fed(const struct request *request, const struct outgoing *out,
                                       struct feed *feed);

/* The same for a file of that length, which is taken over, also on failure. */
struct MHD_Response *response_make_of_file(const struct request *request,
                                           const struct outgoing *out, int file, uint64_t length);

/* The interface's public reads, which any site's pages may use. */
bool response_is_open(const struct route *route);

#endif
