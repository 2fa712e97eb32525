#ifndef RESOURCES_OFFICIALS_EXPORT_VIEW_H
#define RESOURCES_OFFICIALS_EXPORT_VIEW_H

#include "resources/officials/exports.h"

#include <jansson.h>

/* Exports as their pages show them. At the desk; new references, NULL: no memory. */

/* One of them:
 *
 *   name (of its file), href (its page), started, state (in words), tag (colour of that: "blue" …)
 *   going            true while it waits, is made or sent
 *   rows, about      how far it is, and of how many it is, as text; about is null where that is not
 *                    known
 *   value, most      the same as numbers, where both are known
 *   whole            {rows, size, sha256, manifest (address)}; absent until then
 *   workbook         address of what can be fetched, or absent
 *   end              address that a form is sent to, to break it off or throw it away; or absent
 *   why              why it ended before it was whole, in words; or absent */
json_t *export_view_model(const struct request *request, const struct export_view *export);

/* "/{language}/officials/consultations/{slug}/" and `tail`, with the filters as its query. */
json_t *export_address(const struct request *request, const struct consultation *consultation,
                       const char *tail, const struct submission_filter *filter);

/* What can be chosen, with what was: [{id, name, value, label, hint, chosen}]. `chosen` may be
 * NULL. */
json_t *export_whats_view(const struct request *request, const char *chosen);
json_t *export_formats_view(const struct request *request, const char *chosen);

#endif
