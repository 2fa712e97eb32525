#ifndef DOMAIN_TEXT_DIFF_H
#define DOMAIN_TEXT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

/* What changed between two texts, as people read it: by words where words are parted, by characters
 * where they are not (Han, kana, Hangul), after what whole lines have in common (E. W. Myers, "An
 * O(ND) Difference Algorithm and Its Variations", 1986). Pure functions; any thread. */

enum diff_kind { DIFF_SAME, DIFF_DELETED, DIFF_INSERTED };

struct diff_part {
    enum diff_kind kind;
    const char *text; /* a window into the old text if deleted, else into the new one */
    size_t length;    /* bytes, never 0 */
};

struct text_diff {
    size_t count;
    struct diff_part *parts; /* in reading order; what was deleted before what came in its place */
};

/* Both UTF-8, and to live as long as *out is read. Texts that have little in common differ as a
 * whole: time and memory are bounded (some 100 ms and 10 MB for two of 20,000 characters). False:
 * no memory. *out: text_diff_clear, whatever the outcome. */
bool text_diff(const char *old, const char *new, struct text_diff *out);
void text_diff_clear(struct text_diff *diff);

/* Two changes of one text made into one, line by line, where none touches the same or a
 * neighbouring line as the other. New text, the caller's; NULL: they do touch, or there is no
 * memory. */
char *text_merge(const char *base, const char *one, const char *other);

#endif
