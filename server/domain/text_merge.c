/* Two changes of one text made into one; see text_diff.h. */
#include "base/buf.h"
#include "domain/text_diff.h"
#include "domain/text_tokens.h"

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
    size_t gone = tokens_run(&side->base, side->at, false, &bytes);
    size_t come = tokens_run(&side->lines, side->own, false, &bytes);
    side->change = (struct change){side->at, side->at + gone, side->own, side->own + come};
    if (gone == 0 && come == 0)
        side->change.from = side->change.to = SIZE_MAX;
    side->at += gone;
    side->own += come;
}

static bool side_open(struct side *side, const char *base, const char *text)
{
    bool ok = tokens_lines(base, &side->base) && tokens_lines(text, &side->lines) &&
              tokens_compare(&side->base, &side->lines);
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
        if (!token_is_same(&one->lines.list[a->first + i], &other->lines.list[b->first + i]))
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
