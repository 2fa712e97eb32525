/* Words, lines and what two texts keep of them; see text_tokens.h. */
#include "domain/text_tokens.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum {
    CHANGES_MOST = 1500, /* tokens deleted and inserted in one stretch, beyond which all of it is */
    GROW = 256,
};

void tokens_clear(struct tokens *tokens)
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

bool tokens_words(const char *text, size_t length, struct tokens *out)
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

bool tokens_lines(const char *text, struct tokens *out)
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

bool token_is_same(const struct token *a, const struct token *b)
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

/* What two texts have not in common at once: between the same beginning and the same end. */
struct stretch {
    struct tokens *a, *b;
    size_t from_a, from_b;
    int n, m; /* tokens of each */
};

static bool stretch_same(const struct stretch *s, int x, int y)
{
    return token_is_same(&s->a->list[s->from_a + (size_t)x], &s->b->list[s->from_b + (size_t)y]);
}

static void stretch_keep(const struct stretch *s, int x, int y)
{
    s->a->kept[s->from_a + (size_t)x] = s->b->kept[s->from_b + (size_t)y] = true;
}

/* Marks what is kept, from the end back. */
static void trace_back(const struct trace *trace, int d, const struct stretch *s)
{
    int x = s->n, y = s->m;
    while (d >= 0) {
        const int *before = d ? trace->furthest + (size_t)(d - 1) * (size_t)d / 2 : NULL;
        int k = x - y, i = (k + d) / 2;
        int begin = d ? step(before, d, i) : 0;
        for (; x > begin; x--, y--)
            stretch_keep(s, x - 1, y - 1);
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

/* The furthest places that d changes reach, into row d. True: one of them is the end of both. */
static bool trace_reach(int *row, int d, const struct stretch *s)
{
    const int *before = d ? row - d : NULL;
    for (int i = 0; i <= d; i++) {
        int k = 2 * i - d, x = d ? step(before, d, i) : 0, y = x - k;
        while (x < s->n && y >= 0 && y < s->m && stretch_same(s, x, y)) {
            x++;
            y++;
        }
        row[i] = x;
        if (x >= s->n && y >= s->m)
            return true;
    }
    return false;
}

static bool stretch_compare(const struct stretch *s)
{
    struct trace trace = {0};
    bool ok = true, done = !s->n || !s->m;
    for (int d = 0; ok && !done && d <= s->n + s->m && d <= CHANGES_MOST; d++) {
        int *row = trace_row(&trace, d);
        ok = row != NULL;
        done = ok && trace_reach(row, d, s);
        if (done)
            trace_back(&trace, d, s);
    }
    free(trace.furthest);
    return ok;
}

bool tokens_compare(struct tokens *a, struct tokens *b)
{
    size_t from = 0, to_a = a->count, to_b = b->count;
    for (; from < to_a && from < to_b && token_is_same(&a->list[from], &b->list[from]); from++)
        a->kept[from] = b->kept[from] = true;
    while (from < to_a && from < to_b && token_is_same(&a->list[to_a - 1], &b->list[to_b - 1]))
        a->kept[--to_a] = b->kept[--to_b] = true;
    return stretch_compare(
        &(struct stretch){a, b, from, from, (int)(to_a - from), (int)(to_b - from)});
}

size_t tokens_run(const struct tokens *tokens, size_t from, bool kept, size_t *bytes)
{
    size_t at = from;
    for (*bytes = 0; at < tokens->count && tokens->kept[at] == kept; at++)
        *bytes += tokens->list[at].length;
    return at - from;
}
