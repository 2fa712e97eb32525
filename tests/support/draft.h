#ifndef SUPPORT_DRAFT_H
#define SUPPORT_DRAFT_H

#include "support/scene.h"

#include <jansson.h>

/* Consultations of a test's own: a small document known to be good, and the import of it. */

enum { DRAFT_SAID = 8192 };

/* tests/data/consultations/sample.json under this name. New reference. */
json_t *draft_sample(const char *slug);

/* Runs `consultation import` on it, with up to two words before the document ("--correct", a note);
 * NULL: none. Exit status; what it printed, errors too, in `said`. */
int draft_import(const struct scene *scene, const json_t *document, const char *first,
                 const char *second, char said[DRAFT_SAID]);

/* The same for any subcommand. */
int draft_command(const struct scene *scene, const char *subcommand, const char *const words[],
                  char said[DRAFT_SAID]);

#endif
