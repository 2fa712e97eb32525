/* Words in what respondents wrote; see remark_words.h. */
#include "domain/remark_words.h"

#include "base/text.h"
#include "domain/fold.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

/* A longer word is cut: nobody looks for one by its hundredth letter. */
enum { WORD_POINTS = 64 };

/* FNV-1a, folded to what a term may be. It need not resist anybody: a text that was made to have
 * another's terms is found by the index and thrown away by word_query_match. */
static int32_t hash_of(const void *bytes, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return (int32_t)((hash ^ hash >> 33) & INT32_MAX);
}

static int32_t pair_of(const struct word_unit *unit)
{
    const int32_t pair[2] = {unit[0].hash, unit[1].hash};
    return hash_of(pair, sizeof pair);
}

static bool is_of_word(uint32_t point)
{
    return !fold_is_han(point) &&
           uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                       UC_CATEGORY_MASK_N);
}

static int32_t stem_hash(struct sb_stemmer *stemmer, const uint32_t *points, size_t length)
{
    uint8_t word[4 * WORD_POINTS];
    size_t bytes = sizeof word;
    if (!u32_to_u8(points, length < WORD_POINTS ? length : WORD_POINTS, word, &bytes))
        return 0;
    const sb_symbol *stem = sb_stemmer_stem(stemmer, word, (int)bytes);
    return stem ? hash_of(stem, (size_t)sb_stemmer_length(stemmer)) : 0;
}

/* Splits folded points; `units` has room for one a point. */
static size_t units_of(struct sb_stemmer *stemmer, const uint32_t *points, size_t count,
                       struct word_unit *units)
{
    size_t made = 0;
    for (size_t i = 0; i < count;) {
        size_t length = 1;
        if (fold_is_han(points[i])) {
            uint32_t form = fold_script(points[i]);
            units[made++] = (struct word_unit){i, 1, hash_of(&form, sizeof form), true};
        } else if (is_of_word(points[i])) {
            while (i + length < count && is_of_word(points[i + length]))
                length++;
            units[made++] =
                (struct word_unit){i, length, stem_hash(stemmer, points + i, length), false};
        }
        i += length;
    }
    return made;
}

/* A text's units; owned. NULL: no memory. */
static struct word_unit *units_new(const char *text, size_t *count)
{
    size_t points = text_points(text);
    uint32_t *folded = malloc((points + 1) * sizeof *folded);
    struct word_unit *units = malloc((points + 1) * sizeof *units);
    struct sb_stemmer *stemmer = sb_stemmer_new("english", NULL);
    bool ok = folded && units && stemmer;
    if (ok)
        *count = units_of(stemmer, folded, fold_text(text, folded), units);
    sb_stemmer_delete(stemmer);
    free(folded);
    if (ok)
        return units;
    free(units);
    return NULL;
}

/* Next to each other with nothing between. */
static bool is_pair(const struct word_unit *unit)
{
    return unit[0].han && unit[1].han && unit[0].from + 1 == unit[1].from;
}

static int term_compare(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return left < right ? -1 : left > right;
}

static size_t terms_sort(int32_t *terms, size_t count)
{
    size_t kept = 0;
    qsort(terms, count, sizeof *terms, term_compare);
    for (size_t i = 0; i < count; i++)
        if (!kept || terms[kept - 1] != terms[i])
            terms[kept++] = terms[i];
    return kept;
}

int32_t *remark_terms(const char *text, size_t *count)
{
    size_t unit_count = 0, made = 0;
    struct word_unit *units = units_new(text, &unit_count);
    int32_t *terms = units ? malloc((2 * unit_count + 1) * sizeof *terms) : NULL;
    for (size_t i = 0; terms && i < unit_count; i++) {
        terms[made++] = units[i].hash;
        if (i + 1 < unit_count && is_pair(&units[i]))
            terms[made++] = pair_of(&units[i]);
    }
    free(units);
    if (terms)
        *count = terms_sort(terms, made);
    return terms;
}

/* Characters that are of a pair need no term of their own. */
static void query_terms(struct word_query *query)
{
    for (size_t p = 0; p < query->phrase_count; p++) {
        const struct word_unit *units = query->units + query->phrases[p].first;
        for (size_t i = 0, count = query->phrases[p].count; i < count; i++) {
            bool before = i > 0 && is_pair(&units[i - 1]);
            bool after = i + 1 < count && is_pair(&units[i]);
            if (after)
                query->terms[query->term_count++] = pair_of(&units[i]);
            else if (!before)
                query->terms[query->term_count++] = units[i].hash;
        }
    }
    query->term_count = terms_sort(query->terms, query->term_count);
}

static enum word_outcome phrases_read(struct sb_stemmer *stemmer, const uint32_t *points,
                                      size_t count, struct word_query *out)
{
    bool quoted = false;
    for (size_t i = 0, end; i <= count; i = end + 1) {
        for (end = i; end < count && points[end] != '"' && (quoted || points[end] != ' ');)
            end++;
        struct word_unit *units = out->units + out->unit_count;
        size_t made = units_of(stemmer, points + i, end - i, units);
        if (made && out->phrase_count == WORD_PHRASES_MOST)
            return WORDS_TOO_MANY;
        if (made)
            out->phrases[out->phrase_count++] = (struct word_phrase){out->unit_count, made};
        out->unit_count += made;
        quoted ^= end < count && points[end] == '"';
    }
    query_terms(out);
    return out->phrase_count ? WORDS_READ : WORDS_NONE;
}

enum word_outcome word_query_read(const char *text, struct word_query *out)
{
    uint32_t points[WORD_QUERY_POINTS + 1];
    out->unit_count = out->phrase_count = out->term_count = 0;
    if (text_points(text) > WORD_QUERY_POINTS)
        return WORDS_TOO_LONG;
    struct sb_stemmer *stemmer = sb_stemmer_new("english", NULL);
    if (!stemmer)
        return WORDS_NO_MEMORY;
    enum word_outcome outcome = phrases_read(stemmer, points, fold_text(text, points), out);
    sb_stemmer_delete(stemmer);
    return outcome;
}

/* Chinese characters that the query has next to each other are so in the text. */
static bool phrase_is_at(const struct word_query *query, const struct word_phrase *phrase,
                         const struct word_unit *units, size_t left)
{
    const struct word_unit *wanted = query->units + phrase->first;
    if (phrase->count > left)
        return false;
    for (size_t i = 0; i < phrase->count; i++)
        if (wanted[i].hash != units[i].hash || wanted[i].han != units[i].han ||
            (i > 0 && is_pair(&wanted[i - 1]) && !is_pair(&units[i - 1])))
            return false;
    return true;
}

/* Marks what a phrase covers, unit by unit; false: it is nowhere. */
static bool phrase_mark(const struct word_query *query, const struct word_phrase *phrase,
                        const struct word_unit *units, size_t count, bool *marked)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        if (phrase_is_at(query, phrase, units + i, count - i)) {
            found = true;
            memset(marked + i, true, phrase->count);
        }
    return found;
}

static size_t spans_of(const struct word_unit *units, const bool *marked, size_t count,
                       struct search_span *spans)
{
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        if (!marked[i])
            continue;
        struct search_span *last = made ? &spans[made - 1] : NULL;
        if (last && last->from + last->length == units[i].from) {
            last->length += units[i].length;
        } else {
            if (made == WORD_SPANS_MOST)
                break;
            spans[made++] = (struct search_span){units[i].from, units[i].length};
        }
    }
    return made;
}

bool word_query_match(const struct word_query *query, const char *text,
                      struct search_span spans[WORD_SPANS_MOST], size_t *span_count)
{
    size_t count = 0;
    *span_count = 0;
    struct word_unit *units = units_new(text, &count);
    bool *marked = units ? calloc(count + 1, sizeof *marked) : NULL;
    bool fits = marked != NULL;
    for (size_t i = 0; fits && i < query->phrase_count; i++)
        fits = phrase_mark(query, &query->phrases[i], units, count, marked);
    if (fits)
        *span_count = spans_of(units, marked, count, spans);
    free(marked);
    free(units);
    return fits;
}
