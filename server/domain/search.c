/* Words in the texts of a consultation; see search.h. */
#include "domain/search.h"

#include "base/arena.h"
#include "base/text.h"
#include "domain/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES_MOST = SEARCH_QUERY_POINTS };

static void text_set(struct arena *memory, struct search_text *out, const char *text)
{
    uint32_t *folded = arena_take(memory, text_points(text) + 1, sizeof *folded);
    if (!folded)
        return;
    out->text = text;
    out->folded = folded;
    out->points = fold_text(text, folded);
}

static void unit_add(const struct consultation *c, struct search_index *index,
                     enum search_kind kind, const char *code, const struct text *text)
{
    struct search_unit *unit = &index->units[index->count++];
    *unit = (struct search_unit){.kind = kind, .code = code};
    for (int i = 0; i < LANGUAGES; i++)
        if (text->body[i])
            text_set(c->memory, &unit->in[i], text->body[i]);
}

static size_t paragraphs_of(const char *text)
{
    size_t count = 1;
    for (; text && (text = strstr(text, "\n\n")) != NULL; text += 2)
        count++;
    return count;
}

static size_t background_most(const struct direction *direction)
{
    size_t most = 0;
    for (int i = 0; i < LANGUAGES; i++) {
        size_t count = paragraphs_of(direction->background.body[i]);
        most = count > most ? count : most;
    }
    return most;
}

/* A paragraph as a text of its own, or NULL. */
static const char *paragraph_of(struct arena *memory, const char *text, size_t number)
{
    for (; text && number > 0; number--) {
        text = strstr(text, "\n\n");
        text = text ? text + 2 : NULL;
    }
    const char *end = text ? strstr(text, "\n\n") : NULL;
    if (!text || !end)
        return text;
    size_t length = (size_t)(end - text);
    char *copy = arena_take(memory, length + 1, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

static void background_add(const struct consultation *c, struct search_index *index,
                           const struct direction *direction)
{
    for (size_t i = 0; i < background_most(direction); i++) {
        struct text paragraph = {.version = direction->background.version};
        for (int language = 0; language < LANGUAGES; language++)
            paragraph.body[language] =
                paragraph_of(c->memory, direction->background.body[language], i);
        unit_add(c, index, SEARCH_BACKGROUND, direction->code, &paragraph);
    }
}

/* "word: meaning" as one text, or NULL. */
static const char *term_text(struct arena *memory, const struct term *term, enum language language)
{
    const char *word = term->word.body[language], *meaning = term->meaning.body[language];
    const char *between = language == LANGUAGE_EN ? ": " : "：";
    if (!word || !meaning)
        return NULL;
    size_t size = strlen(word) + strlen(between) + strlen(meaning) + 1;
    char *text = arena_take(memory, size, 1);
    if (text)
        snprintf(text, size, "%s%s%s", word, between, meaning);
    return text;
}

static void term_add(const struct consultation *c, struct search_index *index,
                     const struct term *term)
{
    struct text text = {.version = term->meaning.version};
    for (int language = 0; language < LANGUAGES; language++)
        text.body[language] = term_text(c->memory, term, (enum language)language);
    unit_add(c, index, SEARCH_TERM, term->code, &text);
}

struct search_index *search_index_new(const struct consultation *c)
{
    size_t most = c->direction_count + c->measure_count + c->question_count + c->term_count;
    for (size_t i = 0; i < c->direction_count; i++)
        most += background_most(&c->directions[i]);
    struct search_index *index = arena_take(c->memory, 1, sizeof *index);
    struct search_unit *units = arena_take(c->memory, most + 1, sizeof *units);
    if (!index || !units)
        return NULL;
    index->units = units;
    for (size_t i = 0; i < c->direction_count; i++)
        unit_add(c, index, SEARCH_DIRECTION, c->directions[i].code, &c->directions[i].full_title);
    for (size_t i = 0; i < c->measure_count; i++)
        unit_add(c, index, SEARCH_MEASURE, c->measures[i].code, &c->measures[i].text);
    for (size_t i = 0; i < c->question_count; i++)
        unit_add(c, index, SEARCH_QUESTION, c->questions[i].code, &c->questions[i].text);
    for (size_t i = 0; i < c->term_count; i++)
        term_add(c, index, &c->terms[i]);
    for (size_t i = 0; i < c->direction_count; i++)
        background_add(c, index, &c->directions[i]);
    return arena_ok(c->memory) ? index : NULL;
}

/* A window into the folded query. */
struct piece {
    const uint32_t *points;
    size_t length;
};

struct query {
    uint32_t points[SEARCH_QUERY_POINTS + 1];
    size_t word_count, piece_count;
    struct piece words[SEARCH_WORDS_MOST];
    struct piece pieces[PIECES_MOST];
};

/* A word's parts: pairs of neighbouring Chinese characters, which is how long most Chinese words
 * are; runs of anything else whole. */
static void pieces_add(struct query *query, struct piece word)
{
    for (size_t i = 0; i < word.length && query->piece_count < PIECES_MOST;) {
        size_t length = 1;
        bool han = fold_is_han(word.points[i]);
        while (i + length < word.length && fold_is_han(word.points[i + length]) == han)
            length++;
        for (size_t at = 0; han && at + 2 < length && query->piece_count < PIECES_MOST - 1; at++)
            query->pieces[query->piece_count++] = (struct piece){word.points + i + at, 2};
        size_t rest = han && length > 2 ? 2 : length;
        query->pieces[query->piece_count++] = (struct piece){word.points + i + length - rest, rest};
        i += length;
    }
}

static enum search_outcome query_read(const char *text, struct query *out)
{
    if (text_points(text) > SEARCH_QUERY_POINTS)
        return SEARCH_TOO_LONG;
    size_t count = fold_text(text, out->points);
    out->word_count = out->piece_count = 0;
    for (size_t i = 0; i < count && out->word_count < SEARCH_WORDS_MOST;) {
        size_t length = 0;
        while (i + length < count && out->points[i + length] != ' ')
            length++;
        if (length) {
            out->words[out->word_count] = (struct piece){out->points + i, length};
            pieces_add(out, out->words[out->word_count++]);
        }
        i += length + 1;
    }
    return out->word_count ? SEARCH_FOUND : SEARCH_EMPTY;
}

/* Where the piece stands from `from` on; the text's end if nowhere. */
static size_t piece_find(const struct search_text *text, struct piece piece, size_t from)
{
    for (; from + piece.length <= text->points; from++)
        if (text->folded[from] == piece.points[0] &&
            !memcmp(text->folded + from, piece.points, piece.length * sizeof *piece.points))
            return from;
    return text->points;
}

static size_t pieces_within(const struct search_text *text, const struct piece *pieces,
                            size_t count)
{
    size_t within = 0;
    for (size_t i = 0; text->text && i < count; i++)
        within += piece_find(text, pieces[i], 0) < text->points;
    return within;
}

/* Every place of every piece; places that touch become one. */
static void spans_set(struct search_hit *hit, const struct search_text *text,
                      const struct piece *pieces, size_t count)
{
    size_t at = 0;
    hit->span_count = 0;
    while (at < text->points) {
        size_t next = text->points, length = 0;
        for (size_t i = 0; i < count; i++) {
            size_t found = piece_find(text, pieces[i], at);
            if (found < next || (found == next && pieces[i].length > length)) {
                next = found;
                length = pieces[i].length;
            }
        }
        if (next == text->points)
            return;
        struct search_span *last = hit->span_count ? &hit->spans[hit->span_count - 1] : NULL;
        if (last && next <= last->from + last->length) {
            size_t end = next + length;
            if (end > last->from + last->length)
                last->length = end - last->from;
        } else if (hit->span_count == SEARCH_SPANS_MOST) {
            return;
        } else {
            hit->spans[hit->span_count++] = (struct search_span){next, length};
        }
        at = next + 1;
    }
}

/* The two Chinese texts of one wording mostly agree character by character: then what was found in
 * one stands at the same places of the other. */
static bool runs_parallel(const struct search_unit *unit, enum language a, enum language b)
{
    return a != LANGUAGE_EN && b != LANGUAGE_EN && unit->in[a].text && unit->in[b].text &&
           unit->in[a].points == unit->in[b].points;
}

/* The reader's own language first. False: fewer than `least` of the pieces in each of them. */
static bool hit_make(const struct search_unit *unit, enum language language,
                     const struct piece *pieces, size_t count, size_t least, struct search_hit *hit)
{
    enum language best = language;
    size_t most = pieces_within(&unit->in[language], pieces, count);
    for (int i = 0; most < count && i < LANGUAGES; i++) {
        size_t within = pieces_within(&unit->in[i], pieces, count);
        if (within > most && (most < least || within == count)) {
            most = within;
            best = (enum language)i;
        }
    }
    if (most < least)
        return false;
    hit->unit = unit;
    hit->score = (unsigned)most;
    spans_set(hit, &unit->in[best], pieces, count);
    hit->language = runs_parallel(unit, language, best) ? language : best;
    return true;
}

static void hits_find(const struct search_index *index, enum language language,
                      const struct piece *pieces, size_t count, size_t least,
                      struct search_found *out)
{
    out->count = 0;
    for (size_t i = 0; i < index->count && out->count < SEARCH_HITS_MOST; i++)
        if (hit_make(&index->units[i], language, pieces, count, least, &out->hits[out->count]))
            out->count++;
}

/* Best first; those alike in the order in which they are read. */
static int hit_compare(const void *a, const void *b)
{
    const struct search_hit *left = a, *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return left->unit < right->unit ? -1 : left->unit > right->unit;
}

enum search_outcome search_run(const struct search_index *index, const char *text,
                               enum language language, struct search_found *out)
{
    struct query query;
    out->count = 0;
    out->some = false;
    enum search_outcome outcome = query_read(text, &query);
    if (outcome != SEARCH_FOUND)
        return outcome;
    hits_find(index, language, query.words, query.word_count, query.word_count, out);
    if (out->count)
        return SEARCH_FOUND;
    out->some = true;
    hits_find(index, language, query.pieces, query.piece_count, (query.piece_count + 1) / 2, out);
    qsort(out->hits, out->count, sizeof *out->hits, hit_compare);
    return SEARCH_FOUND;
}
