#ifndef RESOURCES_BODY_H
#define RESOURCES_BODY_H

#include "http/request.h"

#include <jansson.h>

/* The request's body as JSON (one object, no name twice, no NUL), which is wiped from the request.
 * NULL after a reply: malformed-body. New reference. */
json_t *body_json(struct request *request);

#endif
