#ifndef RESOURCES_RESPONSE_CITE_H
#define RESOURCES_RESPONSE_CITE_H

#include "resources/response_published.h"

/* How a published response is cited: {words, bibtex, csl: text of CSL-JSON, address}; the address
 * is that of the version, whole where the service knows its own. Any thread. New reference. */
json_t *response_cite(const struct request *request, const struct consultation *consultation,
                      const struct published *published);

#endif
