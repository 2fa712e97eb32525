#ifndef RESOURCES_CONSULTATION_VIEW_H
#define RESOURCES_CONSULTATION_VIEW_H

#include "domain/consultation.h"
#include "http/request.h"
#include "represent/frame.h"

#include <jansson.h>

/* A consultation as page templates read it, and what its pages share. Any thread. */

enum { CONSULTATION_ADDRESS = 192 };

/* Fields:
 *   slug, title, summary
 *   introduction   safe markup: what it is, its first paragraph
 *   reasons        safe markup: why it matters, the others; absent if there are none
 *   contact        safe markup
 *   contact_details   as contact_view has it; absent if there are none
 *   rehearsal      true or absent
 *   withheld       true before the opening, but for officials: only title, summary, contact and
 *                  window are shown
 *   coming | open | closed   true: one of them
 *   grace          text, its end: after the close, while it lasts; else absent
 *   opens, closes  Hong Kong time as text; opens_at, closes_at: RFC 3339
 *   last_day | one_day | days (text)   whole days left while open; read only on LIVE pages
 *   extensions     {list: as extensions_view has it}; absent if there are none
 *   href, answer, tally, reconciliation, search, glossary   addresses of its pages in the
 *                  request's language
 *   received       text; only where `live`, on pages whose freshness is LIVE or NEVER
 * New reference; NULL: no memory. Makes no query. */
json_t *consultation_view(const struct request *request, const struct consultation *consultation,
                          bool live);

/* How whoever runs it is reached: {list: [{label, text, lines: the same as safe markup, reach:
 * address of a telephone or a mailbox, else absent}]}; NULL if nothing is given. New reference. */
json_t *contact_view(const struct request *request, const struct consultation *consultation);

/* Each time the close was put off, the last one first: {list: [{at, from, to, reason}]}; NULL if
 * there is none. New reference. */
json_t *extensions_view(const struct request *request, const struct consultation *consultation);

/* The consultation that the path names ({slug} is the part `part`), whose texts may be read: from
 * its opening on, and in a preview before. NULL, with a reply set, if there is none (404), or it
 * has not opened: a page leads to the consultation's own, data is 404. The caller releases it. */
struct consultation *consultation_of(struct request *request, size_t part);
/* The same from its announcement on: for what says no more of it than `withheld` allows. */
struct consultation *consultation_announced(struct request *request, size_t part);

/* Whether its texts are not to be shown yet to who asks. */
bool consultation_is_withheld(const struct request *request,
                              const struct consultation *consultation);

/* A page of a consultation: document with status, template, depends, ends_us and `consultation` in
 * its page; the frame is left to consultation_frame. NULL: no memory. */
struct document *consultation_document(const struct request *request,
                                       const struct consultation *consultation, int status,
                                       const char *template, bool live);

/* page_frame for a page of the consultation, `rest` being the address after /consultations/{slug}
 * (NULL as in struct frame), with the way to the consultation as crumbs. Other members of `frame`
 * as given. */
bool consultation_frame(const struct request *request, const struct consultation *consultation,
                        struct document *document, struct frame frame, const char *rest);

/* Address of one of its pages in the request's language, `rest` as above; in a preview of the
 * preview's. New reference. */
json_t *consultation_address(const struct request *request, const struct consultation *consultation,
                             const char *rest);

json_t *direction_address(const struct request *request, const struct consultation *consultation,
                          const struct direction *direction);
json_t *measure_address(const struct request *request, const struct consultation *consultation,
                        const struct measure *measure);

/* The JSON or CSV kind of the page at `rest`: takes `model` over, which may be NULL. NULL: no
 * memory. */
struct document *consultation_data(const struct request *request,
                                   const struct consultation *consultation, json_t *model,
                                   const char *rest);

/* consultation_frame for a page that, but in a preview, exists as JSON under the same `rest`; frees
 * the document and gives NULL on failure, else the document. */
struct document *consultation_finish(const struct request *request,
                                     const struct consultation *consultation,
                                     struct document *document, struct frame frame,
                                     const char *rest);

/* Its directions as doors: [{code, title, href, measures: how many, as text}]; and the invited
 * questions as {list: texts}, NULL if there are none. New references. */
json_t *direction_doors(const struct request *request, const struct consultation *consultation);
json_t *question_texts(const struct request *request, const struct consultation *consultation);

/* The last step of a page that is to be found and shared: linked data of it and of `about` (taken
 * over, may be NULL), which it has as schema.org says it. Gives the document, or frees it and gives
 * NULL. */
struct document *consultation_shared(struct document *document, json_t *about);

/* "coming", "open" or "closed", now; static. */
const char *consultation_state(const struct request *request,
                               const struct consultation *consultation);

/* The next opening, closing or end of the grace, since 1970 UTC; 0 if all are past:
 * document->ends_us. */
int64_t consultation_turns(const struct request *request, const struct consultation *consultation);

#endif
