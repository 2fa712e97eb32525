/* What changed between two texts; see text_diff.h. */
#include "domain/text_diff.h"

#include "domain/text_tokens.h"

#include <stdlib.h>

enum { GROW = 256 };

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
              tokens_compare(&a, &b);
    if (ok) {
        spaces_join(&a, &b);
        ok = parts_add(out, capacity, &a, &b);
    }
    tokens_clear(&a);
    tokens_clear(&b);
    return ok;
}

bool text_diff(const char *old, const char *new, struct text_diff *out)
{
    struct tokens a = {0}, b = {0};
    size_t capacity = 0, i = 0, j = 0;
    *out = (struct text_diff){0};
    bool ok = tokens_lines(old, &a) && tokens_lines(new, &b) && tokens_compare(&a, &b);
    while (ok && (i < a.count || j < b.count)) {
        size_t gone, come, same;
        const char *old_at = i < a.count ? a.list[i].text : "",
                   *new_at = j < b.count ? b.list[j].text : "";
        i += tokens_run(&a, i, false, &gone);
        j += tokens_run(&b, j, false, &come);
        ok = words_add(out, &capacity, old_at, gone, new_at, come);
        size_t kept = tokens_run(&b, j, true, &same), other = tokens_run(&a, i, true, &gone);
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
