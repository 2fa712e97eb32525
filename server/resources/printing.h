#ifndef RESOURCES_PRINTING_H
#define RESOURCES_PRINTING_H

#include "domain/consultation.h"
#include "http/request.h"

#include <jansson.h>

/* A page as a PDF. What was made of the same page before is sent at once; else the request waits
 * for the one thread that prints, or is told to come again where too many wait. For routes that run
 * on a worker or at the desk, which go on with others meanwhile. */

/* A response for paper (response_print.mustache). `response` {number, name …}, `body` and
 * `attachments` as that template says, all three taken over. NULL: no memory. */
struct document *printing_document(const struct request *request,
                                   const struct consultation *consultation, json_t *response,
                                   json_t *body, json_t *attachments);

/* Takes `document` over: its template is a whole page with its style within, see print.h; NULL:
 * 500. `name`: of the file; copied. Without a printer it is 404. */
enum handled printing_reply(struct request *request, struct document *document, const char *name);

/* Whether pages may be printed at all: only then they are linked to. */
bool printing_is_there(const struct request *request);

#endif
