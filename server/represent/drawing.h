#ifndef REPRESENT_DRAWING_H
#define REPRESENT_DRAWING_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A figure as a file of its own: SVG 1.1 with all its words and colours in it, for a report or a
 * slide. What a page shows is markup_bars and markup_line. */
struct drawing {
    const char *language; /* tag of its words */
    const char *title;
    const char *about; /* what it is of, and as of when */
    const char *unit;  /* what its numbers count */
    bool line;         /* one step a day; else bars */
    size_t count;
    const char *const *labels;
    const char *const *shown; /* the numbers as people read them */
    const int64_t *values;    /* in any unit; below zero: there is none */
    int64_t most; /* what the whole width or height stands for; 0: the greatest of them */
};

/* All texts are escaped here. An error sticks to `out`. */
void drawing_write(const struct drawing *drawing, struct buf *out);

#endif
