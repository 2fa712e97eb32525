#ifndef DOMAIN_SEARCH_H
#define DOMAIN_SEARCH_H

#include "domain/consultation.h"

/* Finding words in what a consultation says. Its texts are folded once, when it is loaded, code
 * point by code point (lower case, full-width forms as ASCII, one kind of quotation mark), so that
 * a place in the folded text is the place in the text itself. Any thread; makes no query. */

enum {
    SEARCH_QUERY_POINTS = 100, /* longest query */
    SEARCH_WORDS_MOST = 8,     /* further words of a query are not looked for */
    SEARCH_SPANS_MOST = 16,    /* places marked in one text */
    SEARCH_HITS_MOST = 60
};

enum search_kind {
    SEARCH_DIRECTION,
    SEARCH_MEASURE,
    SEARCH_QUESTION,
    SEARCH_TERM,       /* a word of the glossary with its meaning */
    SEARCH_BACKGROUND, /* one paragraph of a direction's */
    SEARCH_KINDS
};

struct search_text {
    const char *text; /* NULL: not in this language */
    const uint32_t *folded;
    size_t points;
};

struct search_unit {
    enum search_kind kind;
    const char *code; /* of the measure, question or term; of the direction otherwise */
    struct search_text in[LANGUAGES];
};

struct search_index {
    size_t count;
    struct search_unit *units;
};

/* In the consultation's memory, for the consultation's life; units in the order in which they are
 * read. NULL: no memory. */
struct search_index *search_index_new(const struct consultation *consultation);

/* A place in a text, in code points. */
struct search_span {
    size_t from, length;
};

struct search_hit {
    const struct search_unit *unit;
    enum language language; /* of the text to be shown: the reader's own, unless only another one
                               has the words */
    unsigned score;
    size_t span_count; /* in order, apart from each other */
    struct search_span spans[SEARCH_SPANS_MOST];
};

enum search_outcome {
    SEARCH_FOUND, /* or nothing, see count */
    SEARCH_EMPTY, /* no word in the query */
    SEARCH_TOO_LONG
};

struct search_found {
    bool some; /* no text has all the words: these have most of their parts */
    size_t count;
    struct search_hit hits[SEARCH_HITS_MOST];
};

/* A text fits if it has every word of the query, in the reader's language or else in another one;
 * if none fits, those that have at least half of the words' parts (pairs of neighbouring Chinese
 * characters, whole words otherwise). `query` is UTF-8. */
enum search_outcome search_run(const struct search_index *index, const char *query,
                               enum language language, struct search_found *out);

#endif
