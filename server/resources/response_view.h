#ifndef RESOURCES_RESPONSE_VIEW_H
#define RESOURCES_RESPONSE_VIEW_H

#include "domain/consultation.h"
#include "http/request.h"

#include <jansson.h>

/* An institutional response as every page shows it: preview, what was filed, what is published.
 * Any thread. */

/* The body of a response (response_body.mustache): {language (tag), sections: [{code, level2 |
 * level3: true, heading, kicker (text or null), stance: as stance_mark, or null, body: safe markup,
 * or null}]} of a response document, in the consultation's order. The same document gives the same
 * bytes on every page of one language. New reference; NULL: no memory, or no such document. */
json_t *response_view(const struct request *request, const struct consultation *consultation,
                      const json_t *document);

/* A section of that code in words, and whether the document's texts are in another language than
 * the page. New reference. */
json_t *section_heading(const struct request *request, const struct consultation *consultation,
                        const char *code);

/* One text as safe markup; `heading`: level of its highest headings, `prefix`: of its ids. What is
 * too complex is shown as it was written. New reference. */
json_t *response_markup(const struct request *request, const char *text, enum language language,
                        const char *prefix, int heading);

/* A stance by colour, sign and words: {code, sign, label}; JSON's null for STANCE_ABSENT. New
 * reference. */
json_t *stance_mark(const struct request *request, const struct consultation *consultation,
                    int stance);
/* How often each stance was taken, strongly support first, those at zero too: [{code, sign, label,
 * count}]. New reference. */
json_t *stance_counts(const struct request *request, const struct consultation *consultation,
                      const int counts[STANCES]);

/* [{name, media_type, size (text), sha256, href}] of a document's attachments as {list}; `folder`:
 * address that a digest follows, NULL: without href. JSON's null where there are none. New
 * reference. */
json_t *response_attachments(const json_t *document, const char *folder);

#endif
