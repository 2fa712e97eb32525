/* The table of routes; see routes.def. */
#include "resources/routes.h"

/* Wrong words in a column do not compile; an empty access column neither. */
#define ROUTE(method_, pattern_, handler_, access_, token_, limit_, representations_, fresh_,      \
              run_)                                                                                \
    {                                                                                              \
        .method = #method_,                                                                        \
        .pattern = (pattern_),                                                                     \
        .handler = (handler_),                                                                     \
        .name = #handler_,                                                                         \
        .access = ACCESS_##access_,                                                                \
        .token = TOKEN_##token_,                                                                   \
        .body_limit = (limit_),                                                                    \
        .representations = (representations_),                                                     \
        .freshness = FRESH_##fresh_,                                                               \
        .run = RUN_##run_,                                                                         \
    },

const struct route routes[] = {
#include "resources/routes.def"
};

const size_t routes_count = sizeof routes / sizeof routes[0];
