/* Words taken out of a remark; see removal.h. */
#include "domain/removal.h"

#include "base/buf.h"
#include "base/text.h"
#include "domain/wipe.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

static const char mark[] = "[…]", wide_mark[] = "［…］";

bool removals_add(struct removals *removals, size_t from, size_t to)
{
    struct removals out = {0};
    bool placed = false;
    if (from >= to)
        return true;
    for (size_t i = 0; i <= removals->count; i++) {
        const struct removal *next = i < removals->count ? &removals->list[i] : NULL;
        if (!placed && (!next || next->from > to)) {
            if (out.count == REMOVALS_MOST)
                return false;
            out.list[out.count++] = (struct removal){from, to};
            placed = true;
        }
        if (!next)
            continue;
        if (next->to >= from && next->from <= to && !placed) {
            from = next->from < from ? next->from : from;
            to = next->to > to ? next->to : to;
        } else if (out.count == REMOVALS_MOST) {
            return false;
        } else {
            out.list[out.count++] = *next;
        }
    }
    *removals = out;
    return true;
}

bool removals_add_bytes(struct removals *removals, const char *original, size_t at, size_t length)
{
    size_t from = u8_mbsnlen((const uint8_t *)original, at);
    return removals_add(removals, from, from + u8_mbsnlen((const uint8_t *)original + at, length));
}

/* Where words were taken out, so that `edited` is left: best[d] is the least number of gaps with
 * which the first j points of `edited` are met with d points of the original passed over so far;
 * from[j][d] is d before the gap that stands at j. */
enum { UNREACHED = 0xffff };

struct alignment {
    const uint32_t *original, *edited;
    size_t edited_count, gone; /* gone: by how much the original is longer */
    uint16_t *best, *from;
};

/* Opens gaps before point j where that is better. */
static void gaps_open(const struct alignment *a, size_t j)
{
    uint16_t *from = a->from + j * (a->gone + 1);
    uint16_t least = UNREACHED;
    size_t least_at = 0;
    for (size_t d = 0; d <= a->gone; d++) {
        uint16_t before = a->best[d];
        from[d] = (uint16_t)d;
        if (least != UNREACHED && least + 1 < before) {
            a->best[d] = (uint16_t)(least + 1);
            from[d] = (uint16_t)least_at;
        }
        if (before < least) {
            least = before;
            least_at = d;
        }
    }
}

static bool align(const struct alignment *a)
{
    for (size_t d = 0; d <= a->gone; d++)
        a->best[d] = d ? UNREACHED : 0;
    for (size_t j = 0; j < a->edited_count; j++) {
        gaps_open(a, j);
        for (size_t d = 0; d <= a->gone; d++)
            if (a->original[j + d] != a->edited[j])
                a->best[d] = UNREACHED;
    }
    gaps_open(a, a->edited_count);
    return a->best[a->gone] != UNREACHED;
}

static enum problem_code gaps_add(const struct alignment *a, struct removals *out)
{
    size_t d = a->gone;
    for (size_t j = a->edited_count + 1; j-- > 0;) {
        size_t before = a->from[j * (a->gone + 1) + d];
        if (before < d && !removals_add(out, j + before, j + d))
            return PROBLEM_TOO_MANY;
        d = before;
    }
    return PROBLEM_NONE;
}

/* The table is the product of what stays and what goes: room for half of 5,000 characters taken
 * out, which is more than anybody may write unless a consultation allows it. */
enum { CELLS_MOST = 8 * 1024 * 1024 };

static enum problem_code compare(const uint32_t *original, size_t original_count,
                                 const uint32_t *edited, size_t edited_count, struct removals *out)
{
    if (edited_count > original_count || original_count >= UNREACHED)
        return PROBLEM_WORDS_ADDED;
    if ((edited_count + 1) * (original_count - edited_count + 1) > CELLS_MOST)
        return PROBLEM_TOO_MANY;
    struct alignment a = {.original = original,
                          .edited = edited,
                          .edited_count = edited_count,
                          .gone = original_count - edited_count};
    a.best = calloc(a.gone + 1, sizeof *a.best);
    a.from = calloc((edited_count + 1) * (a.gone + 1), sizeof *a.from);
    enum problem_code problem = PROBLEM_INTERNAL;
    if (a.best && a.from)
        problem = align(&a) ? gaps_add(&a, out) : PROBLEM_WORDS_ADDED;
    free(a.best);
    free(a.from);
    return problem;
}

/* Length of the mark that stands there, or 0. */
static size_t mark_at(const char *text)
{
    static const char *const marks[] = {mark, wide_mark, "[...]"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

/* Takes all marks out, in one go however many there are. */
static void unmark(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        size_t skipped = mark_at(from);
        if (skipped)
            from += skipped;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

static enum problem_code compare_texts(const uint32_t *original, size_t count, const char *edited,
                                       struct removals *out)
{
    size_t edited_count = 0;
    uint32_t *points = u8_to_u32((const uint8_t *)edited, strlen(edited), NULL, &edited_count);
    enum problem_code problem =
        points ? compare(original, count, points, edited_count, out) : PROBLEM_INTERNAL;
    if (points)
        sodium_memzero(points, edited_count * sizeof *points);
    free(points);
    return problem;
}

enum problem_code removals_of_edit(const char *original, const char *edited, struct removals *out)
{
    size_t count = 0;
    uint32_t *points = u8_to_u32((const uint8_t *)original, strlen(original), NULL, &count);
    char *plain = strdup(edited);
    enum problem_code problem = PROBLEM_INTERNAL;
    if (points && plain)
        problem = compare_texts(points, count, plain, out);
    /* A mark that its author wrote is a word of theirs; only else is it the moderator's. */
    if (problem == PROBLEM_WORDS_ADDED) {
        unmark(plain);
        problem = compare_texts(points, count, plain, out);
    }
    if (points)
        sodium_memzero(points, count * sizeof *points);
    free(points);
    wipe_free(plain); /* whole: without its marks it is shorter than it was */
    return problem;
}

static size_t bytes_at(const char *text, size_t points)
{
    size_t at = 0;
    for (; points && text[at]; points--)
        at += (size_t)u8_strmblen((const uint8_t *)text + at);
    return at;
}

/* The original with `between` in place of each span. */
static char *joined(const char *original, const struct removals *removals, const char *between)
{
    struct buf out = {0};
    size_t at = 0;
    for (size_t i = 0; i < removals->count; i++) {
        size_t from = bytes_at(original, removals->list[i].from);
        buf_add(&out, original + at, from - at);
        buf_text(&out, between);
        at = bytes_at(original, removals->list[i].to);
    }
    buf_text(&out, original + at);
    return buf_take(&out, NULL);
}

bool removals_leave_nothing(const char *original, const struct removals *removals)
{
    char *left = joined(original, removals, "");
    size_t length = left ? strlen(left) : 0;
    if (left)
        text_trim(left, &length);
    if (left)
        sodium_memzero(left, strlen(left));
    free(left);
    return length == 0;
}

char *removals_apply(const char *original, const struct removals *removals)
{
    const char *p = original;
    ucs4_t point = 0;
    bool wide = false;
    for (int n; (n = u8_strmbtouc(&point, (const uint8_t *)p)) > 0; p += n)
        wide = wide || (point >= 0x3400 && point <= 0x9fff);
    return joined(original, removals, wide ? wide_mark : mark);
}

void removals_text(const struct removals *removals, char text[REMOVALS_TEXT])
{
    size_t n = (size_t)snprintf(text, REMOVALS_TEXT, "{");
    for (size_t i = 0; i < removals->count && n < REMOVALS_TEXT; i++)
        n += (size_t)snprintf(text + n, REMOVALS_TEXT - n, "%s[%zu,%zu)", i ? "," : "",
                              removals->list[i].from, removals->list[i].to);
    if (n < REMOVALS_TEXT)
        snprintf(text + n, REMOVALS_TEXT - n, "}");
}
