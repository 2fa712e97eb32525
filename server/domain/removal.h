#ifndef DOMAIN_REMOVAL_H
#define DOMAIN_REMOVAL_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* Words taken out of a remark before it is published: spans of what was sent, never other words.
 * What is shown has a mark in place of each span; the database makes it (remark_shortened in
 * schema/migrations), removals_apply makes the same for a preview. Texts are UTF-8 in the form of
 * text_normalise; places are code points. Pure functions. */

enum { REMOVALS_MOST = 50 };

struct removal {
    size_t from, to; /* [from, to) */
};

/* In order, with something left between any two. */
struct removals {
    size_t count;
    struct removal list[REMOVALS_MOST];
};

/* Adds what somebody has deleted from the original: as few spans as lead to `edited`. Where they
 * put a mark in place of the words, it is the same as nothing. NONE; WORDS_ADDED: there is
 * something else than fewer words; TOO_MANY spans; INTERNAL: no memory. */
enum problem_code removals_of_edit(const char *original, const char *edited, struct removals *out);

/* Adds one span, joined with those it meets. False: too many. */
bool removals_add(struct removals *removals, size_t from, size_t to);
/* The same by bytes of the original, as findings of personal data are given. */
bool removals_add_bytes(struct removals *removals, const char *original, size_t at, size_t length);

/* Nothing but white space would be left. No memory: true. */
bool removals_leave_nothing(const char *original, const struct removals *removals);

/* What would be shown. Caller wipes and frees; NULL: no memory. */
char *removals_apply(const char *original, const struct removals *removals);

/* As PostgreSQL writes an int4multirange: "{[3,11),[20,25)}". */
enum { REMOVALS_TEXT = REMOVALS_MOST * 24 + 4 };
void removals_text(const struct removals *removals, char text[REMOVALS_TEXT]);

#endif
