#ifndef RESOURCES_OFFICIALS_DOORS_H
#define RESOURCES_OFFICIALS_DOORS_H

#include "http/request.h"

#include <jansson.h>

/* The way from a consultation's dashboard to all work on it. On the desk's thread. */

/* {list: [{label, href, waiting}]}: what this official may open, `waiting` how much of it waits for
 * somebody, in words, or null for nothing; JSON's null where they may open nothing. New reference;
 * NULL: a problem is set. */
json_t *doors_view(struct request *request);

#endif
