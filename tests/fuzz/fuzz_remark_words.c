/* A query and a text, parted by a NUL or a line's end: marks lie within the text, in order and
 * apart, and a text that fits has every term of the query. */
#include "base/parse.h"
#include "base/text.h"
#include "domain/remark_words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_terms(const struct word_query *query, const char *text)
{
    size_t count = 0, at = 0;
    int32_t *terms = remark_terms(text, &count);
    if (!terms)
        abort();
    for (size_t i = 0; i < count; i++)
        if (at < query->term_count && query->terms[at] == terms[i])
            at++;
    if (at != query->term_count)
        abort();
    free(terms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || memchr(data, '\0', size) || !parse_utf8((const char *)data, size))
        return 0;
    char *query = malloc(size + 1);
    if (!query)
        return 0;
    memcpy(query, data, size);
    query[size] = '\0';
    char *text = query + strcspn(query, "\n");
    if (*text)
        *text++ = '\0';
    struct word_query read;
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0, end = 0, points = text_points(text);
    if (word_query_read(query, &read) == WORDS_READ &&
        word_query_match(&read, text, spans, &count)) {
        if (!count)
            abort();
        for (size_t i = 0; i < count; i++) {
            if (!spans[i].length || (i && spans[i].from <= end) ||
                spans[i].from + spans[i].length > points)
                abort();
            end = spans[i].from + spans[i].length;
        }
        check_terms(&read, text);
    }
    free(query);
    return 0;
}
