/* What changed between two texts; see text_diff.h. */
#include "domain/text_diff.h"

#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum {
    CHANGES_MOST = 1500, /* tokens deleted and inserted in one stretch, beyond which all of it is */
    GROW = 256,
};

struct token {
    const char *text;
    size_t length;
    uint32_t hash; /* FNV-1a, so that unlike ones are told apart at a glance */
};

struct tokens {
    size_t count, capacity;
    struct token *list;
    bool *kept; /* the other text has it, too */
};

static void tokens_clear(struct tokens *tokens)
{
    free(tokens->list);
    free(tokens->kept);
    *tokens = (struct tokens){0};
}

static bool tokens_add(struct tokens *tokens, const char *text, size_t length)
{
    if (tokens->count == tokens->capacity) {
        size_t capacity = tokens->capacity ? 2 * tokens->capacity : GROW;
        struct token *list = realloc(tokens->list, capacity * sizeof *list);
        if (!list)
            return false;
        tokens->list = list;
        tokens->capacity = capacity;
    }
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    tokens->list[tokens->count++] = (struct token){text, length, hash};
    return true;
}

static bool tokens_end(struct tokens *tokens)
{
    tokens->kept = calloc(tokens->count + 1, sizeof *tokens->kept);
    return tokens->kept != NULL;
}

/* A letter or digit of a script that parts its words by spaces. */
static bool is_of_word(ucs4_t c)
{
    bool alone = uc_is_property_ideographic(c) || (c >= 0x3041 && c <= 0x30ff) ||
                 (c >= 0xac00 && c <= 0xd7a3);
    return !alone && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                             UC_CATEGORY_MASK_M);
}

/* Words, and every other character by itself. */
static bool tokens_words(const char *text, size_t length, struct tokens *out)
{
    for (size_t at = 0; at < length;) {
        size_t end = at;
        bool more = true;
        while (more && end < length) {
            ucs4_t c = 0;
            int bytes = u8_mbtouc(&c, (const uint8_t *)text + end, length - end);
            more = is_of_word(c);
            if (more || end == at)
                end += (size_t)bytes;
        }
        if (!tokens_add(out, text + at, end - at))
            return false;
        at = end;
    }
    return tokens_end(out);
}

/* Lines with their ends. */
static bool tokens_lines(const char *text, struct tokens *out)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        length += text[length] == '\n';
        if (!tokens_add(out, text, length))
            return false;
        text += length;
    }
    return tokens_end(out);
}

static bool is_same(const struct token *a, const struct token *b)
{
    return a->hash == b->hash && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Of each number of changes d the furthest places that are reached on its d + 1 diagonals. */
struct trace {
    int *furthest; /* of d it begins at d * (d + 1) / 2 */
    size_t capacity;
};

static int *trace_row(struct trace *trace, int d)
{
    size_t begin = (size_t)d * ((size_t)d + 1) / 2, end = begin + (size_t)d + 1;
    if (end > trace->capacity) {
        size_t capacity = 2 * end + GROW;
        int *furthest = realloc(trace->furthest, capacity * sizeof *furthest);
        if (!furthest)
            return NULL;
        trace->furthest = furthest;
        trace->capacity = capacity;
    }
    return trace->furthest + begin;
}

/* Where diagonal k = 2i - d begins with its d-th change: right of what was reached above it, or
 * below what was reached beside it. `before`: row d - 1. */
static int step(const int *before, int d, int i)
{
    if (i == 0)
        return before[0];
    if (i == d)
        return before[d - 1] + 1;
    return before[i - 1] < before[i] ? before[i] : before[i - 1] + 1;
}

/* Marks what is kept, from the end back. */
static void trace_back(const struct trace *trace, int d, struct tokens *a, struct tokens *b,
                       size_t from_a, size_t from_b, int x, int y)
{
    while (d >= 0) {
        const int *before = d ? trace->furthest + (size_t)(d - 1) * (size_t)d / 2 : NULL;
        int k = x - y, i = (k + d) / 2;
        int begin = d ? step(before, d, i) : 0;
        for (; x > begin; x--, y--)
            a->kept[from_a + (size_t)x - 1] = b->kept[from_b + (size_t)y - 1] = true;
        if (d == 0)
            break;
        bool down = i == 0 || (i < d && before[i - 1] < before[i]);
        if (down)
            y--;
        else
            x--;
        d--;
    }
}

/* False: no memory. What takes too many changes keeps nothing. */
static bool compare(struct tokens *a, size_t from_a, size_t to_a, struct tokens *b, size_t from_b,
                    size_t to_b)
{
    for (; from_a < to_a && from_b < to_b && is_same(&a->list[from_a], &b->list[from_b]); from_b++)
        b->kept[from_b] = a->kept[from_a++] = true;
    for (; from_a < to_a && from_b < to_b && is_same(&a->list[to_a - 1], &b->list[to_b - 1]);)
        b->kept[--to_b] = a->kept[--to_a] = true;
    int n = (int)(to_a - from_a), m = (int)(to_b - from_b);
    struct trace trace = {0};
    bool ok = true;
    for (int d = 0; n && m && d <= n + m && d <= CHANGES_MOST; d++) {
        int *row = trace_row(&trace, d);
        if (!row) {
            ok = false;
            break;
        }
        const int *before = d ? row - d : NULL;
        for (int i = 0; i <= d; i++) {
            int k = 2 * i - d, x = d ? step(before, d, i) : 0, y = x - k;
            while (x < n && y >= 0 && y < m &&
                   is_same(&a->list[from_a + (size_t)x], &b->list[from_b + (size_t)y])) {
                x++;
                y++;
            }
            row[i] = x;
            if (x >= n && y >= m) {
                trace_back(&trace, d, a, b, from_a, from_b, x, y);
                n = 0;
                break;
            }
        }
    }
    free(trace.furthest);
    return ok;
}

static bool part_add(struct text_diff *out, size_t *capacity, enum diff_kind kind, const char *text,
                     size_t length)
{
    struct diff_part *last = out->count ? &out->parts[out->count - 1] : NULL;
    if (length == 0)
        return true;
    if (last && last->kind == kind && last->text + last->length == text) {
        last->length += length;
        return true;
    }
    if (out->count == *capacity) {
        size_t more = *capacity ? 2 * *capacity : GROW;
        struct diff_part *parts = realloc(out->parts, more * sizeof *parts);
        if (!parts)
            return false;
        out->parts = parts;
        *capacity = more;
    }
    out->parts[out->count++] = (struct diff_part){kind, text, length};
    return true;
}

/* Runs of what is gone, what has come and what stayed, in turn. */
static bool parts_add(struct text_diff *out, size_t *capacity, const struct tokens *a,
                      const struct tokens *b)
{
    bool ok = true;
    size_t i = 0, j = 0;
    while (ok && (i < a->count || j < b->count)) {
        for (; ok && i < a->count && !a->kept[i]; i++)
            ok = part_add(out, capacity, DIFF_DELETED, a->list[i].text, a->list[i].length);
        for (; ok && j < b->count && !b->kept[j]; j++)
            ok = part_add(out, capacity, DIFF_INSERTED, b->list[j].text, b->list[j].length);
        for (; ok && i < a->count && j < b->count && a->kept[i] && b->kept[j]; i++, j++)
            ok = part_add(out, capacity, DIFF_SAME, b->list[j].text, b->list[j].length);
    }
    return ok;
}

/* A space between two changed words is no news: with them it reads as one change. */
static void spaces_join(struct tokens *a, struct tokens *b)
{
    for (size_t i = 0, j = 0; i < a->count && j < b->count; i++, j++) {
        size_t was_i = i, was_j = j;
        while (i < a->count && !a->kept[i])
            i++;
        while (j < b->count && !b->kept[j])
            j++;
        bool changed = i > was_i && j > was_j;
        if (i >= a->count || j >= b->count)
            break;
        bool again = i + 1 < a->count && j + 1 < b->count && !a->kept[i + 1] && !b->kept[j + 1];
        if (changed && again && a->list[i].length == 1 && *a->list[i].text == ' ')
            a->kept[i] = b->kept[j] = false;
    }
}

/* A stretch of changed lines by their words. */
static bool words_add(struct text_diff *out, size_t *capacity, const char *old, size_t old_length,
                      const char *new, size_t new_length)
{
    struct tokens a = {0}, b = {0};
    bool ok = tokens_words(old, old_length, &a) && tokens_words(new, new_length, &b) &&
              compare(&a, 0, a.count, &b, 0, b.count);
    if (ok) {
        spaces_join(&a, &b);
        ok = parts_add(out, capacity, &a, &b);
    }
    tokens_clear(&a);
    tokens_clear(&b);
    return ok;
}

static size_t run_length(const struct tokens *tokens, size_t from, bool kept, size_t *bytes)
{
    size_t at = from;
    for (*bytes = 0; at < tokens->count && tokens->kept[at] == kept; at++)
        *bytes += tokens->list[at].length;
    return at - from;
}

bool text_diff(const char *old, const char *new, struct text_diff *out)
{
    struct tokens a = {0}, b = {0};
    size_t capacity = 0, i = 0, j = 0;
    *out = (struct text_diff){0};
    bool ok =
        tokens_lines(old, &a) && tokens_lines(new, &b) && compare(&a, 0, a.count, &b, 0, b.count);
    while (ok && (i < a.count || j < b.count)) {
        size_t gone, come, same;
        const char *old_at = i < a.count ? a.list[i].text : "",
                   *new_at = j < b.count ? b.list[j].text : "";
        i += run_length(&a, i, false, &gone);
        j += run_length(&b, j, false, &come);
        ok = words_add(out, &capacity, old_at, gone, new_at, come);
        size_t kept = run_length(&b, j, true, &same), other = run_length(&a, i, true, &gone);
        size_t both = kept < other ? kept : other;
        for (size_t k = 0; ok && k < both; k++)
            ok = part_add(out, &capacity, DIFF_SAME, b.list[j + k].text, b.list[j + k].length);
        i += both;
        j += both;
    }
    tokens_clear(&a);
    tokens_clear(&b);
    return ok;
}

void text_diff_clear(struct text_diff *diff)
{
    free(diff->parts);
    *diff = (struct text_diff){0};
}

/* The lines that stand in the place of a stretch of the base's. */
struct change {
    size_t from, to; /* of the base */
    size_t first, last;
};

/* One text against its base, walked change by change. */
struct side {
    struct tokens base, lines;
    size_t at, own;
    struct change change; /* from == SIZE_MAX: there are no more */
};

static void side_next(struct side *side)
{
    size_t bytes;
    while (side->at < side->base.count && side->own < side->lines.count &&
           side->base.kept[side->at] && side->lines.kept[side->own]) {
        side->at++;
        side->own++;
    }
    size_t gone = run_length(&side->base, side->at, false, &bytes);
    size_t come = run_length(&side->lines, side->own, false, &bytes);
    side->change = (struct change){side->at, side->at + gone, side->own, side->own + come};
    if (gone == 0 && come == 0)
        side->change.from = side->change.to = SIZE_MAX;
    side->at += gone;
    side->own += come;
}

static bool side_open(struct side *side, const char *base, const char *text)
{
    bool ok = tokens_lines(base, &side->base) && tokens_lines(text, &side->lines) &&
              compare(&side->base, 0, side->base.count, &side->lines, 0, side->lines.count);
    if (ok)
        side_next(side);
    return ok;
}

static void lines_add(struct buf *out, const struct tokens *tokens, size_t from, size_t to)
{
    for (; from < to; from++)
        buf_add(out, tokens->list[from].text, tokens->list[from].length);
}

/* Both did the same there. */
static bool change_is_same(const struct side *one, const struct side *other)
{
    const struct change *a = &one->change, *b = &other->change;
    if (a->from != b->from || a->to != b->to || a->last - a->first != b->last - b->first)
        return false;
    for (size_t i = 0; i < a->last - a->first; i++)
        if (!is_same(&one->lines.list[a->first + i], &other->lines.list[b->first + i]))
            return false;
    return true;
}

/* False: the two touch. */
static bool merge_walk(struct side *one, struct side *other, struct buf *out)
{
    size_t at = 0;
    while (one->change.from != SIZE_MAX || other->change.from != SIZE_MAX) {
        bool swap = other->change.from < one->change.from;
        struct side *first = swap ? other : one, *second = swap ? one : other;
        if (change_is_same(one, other))
            side_next(second);
        if (second->change.from != SIZE_MAX && second->change.from <= first->change.to)
            return false;
        lines_add(out, &one->base, at, first->change.from);
        lines_add(out, &first->lines, first->change.first, first->change.last);
        at = first->change.to;
        side_next(first);
    }
    lines_add(out, &one->base, at, one->base.count);
    return true;
}

char *text_merge(const char *base, const char *one, const char *other)
{
    struct side sides[2] = {0};
    struct buf out = {0};
    bool ok = side_open(&sides[0], base, one) && side_open(&sides[1], base, other) &&
              merge_walk(&sides[0], &sides[1], &out);
    for (int i = 0; i < 2; i++) {
        tokens_clear(&sides[i].base);
        tokens_clear(&sides[i].lines);
    }
    if (ok && !out.data)
        buf_text(&out, "");
    char *merged = ok ? buf_take(&out, NULL) : NULL;
    buf_clear(&out);
    return merged;
}
