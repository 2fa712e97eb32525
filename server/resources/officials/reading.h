#ifndef RESOURCES_OFFICIALS_READING_H
#define RESOURCES_OFFICIALS_READING_H

#include "http/request.h"
#include "resources/submission_list.h"

/* What the list of submissions and the page of one share: the models of submission_list.h in words.
 * On the desk's thread; new references, NULL: no memory. */

/* "/{language}/officials/consultations/{slug}/submissions" and `rest`. */
json_t *reading_address(const struct request *request, const struct consultation *consultation,
                        const char *rest);

/* {number, at (RFC 3339), at_text, state: {label, colour}, kind, proof, tag (of the language),
 * language, channel, organisation: name or null} of a submission's model. */
json_t *reading_facts(const struct request *request, const json_t *model);

/* {label, colour} of a state of moderation. */
json_t *reading_moderation(const struct request *request, const char *moderation);

/* "1-3 text of the measure", or the question's text: what a hit or a remark is on. */
json_t *reading_subject(const struct request *request, const struct consultation *consultation,
                        const json_t *remark);

/* The string `prefix``name` in the request's language: "kind." and "individual", or a whole key and
 * "". */
json_t *reading_words(const struct request *request, const char *prefix, const char *name);

#endif
