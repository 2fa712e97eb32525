#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What searching takes as the same character. One code point stays one, so that a place in the
 * folded text is the place in the text itself. Pure functions. */

/* Lower case, full-width forms as ASCII, one kind of quotation mark, hyphen and space for all. */
uint32_t fold_point(uint32_t point);

/* The simplified form of a Chinese character by OpenCC's tables, for traditional forms and variants
 * alike; any other as it is. What one script parts and the other does not (後, 后) becomes one. */
uint32_t fold_script(uint32_t point);

/* Folds UTF-8 into `out`, which has room; gives how many code points. */
size_t fold_text(const char *text, uint32_t *out);

bool fold_is_han(uint32_t point);

#endif
