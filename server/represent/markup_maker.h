#ifndef REPRESENT_MARKUP_MAKER_H
#define REPRESENT_MARKUP_MAKER_H

#include "base/buf.h"

#include <jansson.h>

/* Safe markup in the making: for the two that make it, markup.c and markdown_markup.c, and nobody
 * else. */

/* Text goes on from here, and into nothing but markup_new. */
struct buf markup_start(void);

/* The finished value, and an end of the text. NULL: no memory. */
json_t *markup_new(struct buf *b);

#endif
