#ifndef RESOURCES_JOURNEY_VIEW_H
#define RESOURCES_JOURNEY_VIEW_H

#include "resources/form_input.h"
#include "resources/journey.h"

/* What the views of the steps share; for journey_view*.c alone. */

/* A string of the page's language; `context` may be NULL. New reference. */
json_t *journey_word(const struct journey_view *view, const char *key, json_t *context);
/* A text of the consultation in the page's language. */
const char *journey_text(const struct journey_view *view, const struct text *text);
/* More members of what the template reads; steals. False: no memory. */
bool page_add(const struct journey_view *view, json_t *more);
/* {value, error} of a field. New reference. */
json_t *journey_field(const struct journey_view *view, const char *name);
/* True if anything stands in the field. */
bool journey_ticked(const struct journey_view *view, const char *name);

/* {stance: {error, options}, remark: {value, error}} of a measure. New reference. */
json_t *measure_fields(const struct journey_view *view, const struct measure *measure);

#endif
