#ifndef PROCESS_MANUSCRIPT_HEADING_H
#define PROCESS_MANUSCRIPT_HEADING_H

#include "domain/consultation.h"

#include <stdbool.h>
#include <stddef.h>

/* Which section of a response a heading names. */

enum { SECTION_TEXT = 24 };

struct section_title {
    char *key; /* text_title_key of it */
    char section[SECTION_TEXT];
};

/* All titles of a consultation's parts, in each language. */
struct section_titles {
    const struct consultation *consultation;
    struct section_title *list;
    size_t count;
};

/* False: no memory. Clear it in any case. */
bool section_titles_make(const struct consultation *consultation, struct section_titles *titles);
void section_titles_clear(struct section_titles *titles);

/* The section that the text of a heading (Markdown, without its #) names; false: none. *more: it
 * says something else besides. */
bool section_of_heading(const struct section_titles *titles, const char *text, size_t length,
                        char section[SECTION_TEXT], bool *more);

#endif
