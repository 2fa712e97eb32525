#ifndef DOMAIN_REMARK_WORDS_H
#define DOMAIN_REMARK_WORDS_H

#include "domain/search.h" /* struct search_span */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words in what respondents wrote, for officials' full-text search. A text is a row of units: one
 * Chinese character each, whatever the script (fold_script), or a word of letters and digits by its
 * English stem (Snowball). The index holds each text's terms, which are hashes of its units and of
 * its pairs of neighbouring Chinese characters: so a word of two characters is found by one term,
 * and what an erased remark said cannot be read in an index that never forgets a key. Terms only
 * narrow down; word_query_match decides, and gives the places to mark. Any thread. */

enum {
    REMARK_TERMS_VERSION = 2, /* raised when terms are made otherwise, or some were not made: then
                                 all are made anew */
    WORD_QUERY_POINTS = 100,  /* longest query */
    WORD_PHRASES_MOST = 8,
    WORD_SPANS_MOST = 64 /* places marked in one text; further ones are not */
};

/* The terms of a text, ascending, each once; none is negative. Caller frees. NULL: no memory. */
int32_t *remark_terms(const char *text, size_t *count);

/* One unit of a text. */
struct word_unit {
    size_t from, length; /* in code points */
    int32_t hash;
    bool han;
};

/* Units that must stand in a text one after the other. */
struct word_phrase {
    size_t first, count; /* in word_query.units */
};

struct word_query {
    size_t unit_count, phrase_count, term_count;
    struct word_unit units[WORD_QUERY_POINTS];
    struct word_phrase phrases[WORD_PHRASES_MOST];
    int32_t terms[2 * WORD_QUERY_POINTS]; /* ascending, each once: a text that fits has them all */
};

enum word_outcome {
    WORDS_READ,
    WORDS_NONE, /* nothing that could be looked for */
    WORDS_TOO_LONG,
    WORDS_TOO_MANY,
    WORDS_NO_MEMORY
};

/* Words parted by spaces, each of which must be in the text, in any order; what stands between
 * quotation marks of whatever kind must be there as it stands. `text` is UTF-8. */
enum word_outcome word_query_read(const char *text, struct word_query *out);

/* Whether the text has every phrase; then the first places of them, in order and apart, are in
 * `spans`, as represent/markup takes them. False as well if there was no memory. */
bool word_query_match(const struct word_query *query, const char *text,
                      struct search_span spans[WORD_SPANS_MOST], size_t *span_count);

#endif
