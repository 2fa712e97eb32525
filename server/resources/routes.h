#ifndef RESOURCES_ROUTES_H
#define RESOURCES_ROUTES_H

#include "http/request.h"

/* routes.def as a table, in its order; and the prototypes of its handlers. */
extern const struct route routes[];
extern const size_t routes_count;

#define ROUTE(method, pattern, handler, access, token, limit, representations, freshness, run)     \
    enum handled handler(struct request *request);
#include "resources/routes.def"
#undef ROUTE

#endif
