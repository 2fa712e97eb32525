#ifndef RESOURCES_CONSULTATION_VIEW_H
#define RESOURCES_CONSULTATION_VIEW_H

#include "domain/consultation.h"
#include "http/request.h"
#include "represent/frame.h"

#include <jansson.h>

/* A consultation as page templates read it, and what its pages share. */

enum { CONSULTATION_ADDRESS = 192 };

/* Fields:
 *   slug, title, summary
 *   introduction, contact   safe markup
 *   rehearsal               true or absent
 *   coming | open | closed  true: one of them
 *   opens, closes           Hong Kong time as text; opens_at, closes_at: RFC 3339
 *   last_day | one_day | days (text)   how long is left while open: less than a day, one day, so many whole days
 *   href, answer, tally, reconciliation   addresses of its pages in the request's language
 *   received                text; only where `live`, on pages whose freshness is LIVE or NEVER
 * New reference; NULL: no memory. Makes no query. */
json_t *consultation_view(const struct request *request, const struct consultation *consultation, bool live);

/* The consultation that the path names ({slug} is the part `part`); 404 is set and NULL returned if there is none.
 * The caller releases it. */
struct consultation *consultation_of(struct request *request, size_t part);

/* A page of a consultation: document with status, template, depends, ends_us and `consultation` in its page; the
 * frame is left to page_frame. NULL: no memory. */
struct document *consultation_document(const struct request *request, const struct consultation *consultation,
                                       int status, const char *template, bool live);

/* page_frame for a page of the consultation, `rest` being the address after /consultations/{slug} (NULL as in struct
 * frame), with the way to the consultation as crumbs. Other members of `frame` as given. */
bool consultation_frame(const struct request *request, const struct consultation *consultation,
                        struct document *document, struct frame frame, const char *rest);

#endif
