#ifndef RESOURCES_MEASURE_H
#define RESOURCES_MEASURE_H

#include "domain/consultation.h"
#include "http/request.h"

#include <jansson.h>

/* A measure as lists of the API show it: {code, direction, version, text, note, links}. New
 * reference; NULL: no memory. Any thread. */
json_t *measure_model(const struct request *request, const struct consultation *consultation,
                      const struct measure *measure);

#endif
