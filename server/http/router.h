#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/request.h"
#include "http/target.h"

/* Path and method to a route of the table it was given. Immutable after router_new: any thread. */
struct router;

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER,
    METHODS
};

/* METHOD_OTHER for those we know of but no resource has (TRACE, CONNECT); METHODS for unknown ones:
 * 501. Case-sensitive. */
enum method method_find(const char *name);

enum { ALLOW_TEXT = 64 };

struct match {
    const struct route *route;
    unsigned number;                 /* of the route in the table */
    enum representation suffix;      /* .json or .csv that was taken off; REPRESENTATIONS if none */
    enum language language;          /* of the part {language}; LANGUAGES if the pattern has none */
    unsigned parts;                  /* variables, in the pattern's order */
    struct segment part[PARTS_MOST]; /* windows in target.path */
    size_t path_length;              /* of target.path without the suffix */
};

enum routed {
    ROUTED,
    ROUTED_NOWHERE, /* 404 */
    ROUTED_METHOD   /* 405; *out is a match of another method */
};

/* NULL: a pattern with too many parts, a row whose pattern stood there before, one that its access
 * column does not close (see request_access), or no memory;
 * `error` says which. The table is borrowed. */
struct router *router_new(const struct route *routes, size_t count, char *error, size_t error_size);
void router_free(struct router *router);

/* `inner`: on the inner address, which has the routes of ACCESS_INNER and no others. HEAD finds
 * GET's route. */
enum routed router_find(const struct router *router, const struct target *target,
                        enum method method, bool inner, struct match *out);

/* Length of the longest beginning of target.path, the whole included, under which a page is shown;
 * 0 if none is. */
size_t router_above(const struct router *router, const struct target *target);

/* "GET, HEAD, OPTIONS": the methods of the path that `match` was found for. */
void router_allow(const struct router *router, const struct match *match, bool inner,
                  char allow[ALLOW_TEXT]);

#endif
