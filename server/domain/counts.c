/* Suppression of small cells; see counts.h for the rule and why it holds. */
#include "domain/counts.h"

/* With a minimum of 2 every small cell is a 1: hidden, and known. */
static int64_t minimum_that_hides(int64_t minimum)
{
    return minimum == 2 ? 3 : minimum;
}

bool counts_small(int64_t figure, int64_t minimum)
{
    return figure != 0 && figure < minimum_that_hides(minimum);
}

void counts_spans(const int64_t *cells, size_t count, int64_t minimum, bool *starts)
{
    size_t last_full = 0; /* where the last span with a sum that is not zero begins */
    int64_t sum = 0;      /* of the span that is open; small while it is open */
    for (size_t i = 0; i < count; i++) {
        starts[i] = sum == 0;
        sum += cells[i];
        if (starts[i] && sum != 0)
            last_full = i;
        if (!counts_small(sum, minimum))
            sum = 0;
    }
    if (sum == 0)
        return;
    /* Small still: the open span begins at last_full; it joins the one before. */
    size_t begin = last_full;
    while (begin > 0) {
        begin--;
        if (starts[begin] && cells[begin] != 0)
            break;
    }
    starts[begin] = true;
    for (size_t i = begin + 1; i < count; i++)
        starts[i] = false;
}

/* Hides what does not stand alone; a small one does so only in a row of one. */
static void row_hide_merged(int64_t *cells, size_t count, int64_t minimum, const bool *starts)
{
    for (size_t i = 0; i < count; i++)
        if (!starts[i] || (i + 1 < count && !starts[i + 1]) || counts_small(cells[i], minimum))
            cells[i] = COUNT_HIDDEN;
}

static void row_hide(int64_t *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cells[i] = COUNT_HIDDEN;
}

static bool row_has_small(const int64_t *cells, size_t count, int64_t minimum)
{
    for (size_t i = 0; i < count; i++)
        if (counts_small(cells[i], minimum))
            return true;
    return false;
}

void counts_suppress_row(int64_t *cells, size_t count, int64_t minimum)
{
    enum { ROW_MOST = 16 };
    bool starts[ROW_MOST];
    if (count > ROW_MOST) {
        row_hide(cells, count);
        return;
    }
    counts_spans(cells, count, minimum, starts);
    row_hide_merged(cells, count, minimum, starts);
}

static void measure_add_up(struct measure_counts *counts)
{
    counts->total = 0;
    for (int kind = 0; kind < KINDS; kind++)
        counts->kind_total[kind] = 0;
    for (int heading = 0; heading < HEADINGS; heading++) {
        counts->by_heading[heading] = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            counts->by_heading[heading] += counts->by_kind[kind][heading];
            counts->kind_total[kind] += counts->by_kind[kind][heading];
        }
        counts->total += counts->by_heading[heading];
    }
}

static void measure_hide(struct measure_counts *counts)
{
    row_hide(&counts->by_kind[0][0], (size_t)KINDS * HEADINGS);
    row_hide(counts->by_heading, HEADINGS);
    row_hide(counts->kind_total, KINDS);
    counts->total = counts->remarks = counts->priorities = COUNT_HIDDEN;
}

/* `part` of `whole`, beside it: neither the part nor the rest may be small. */
static void hide_part(int64_t *part, int64_t whole, int64_t minimum)
{
    if (counts_small(*part, minimum) || counts_small(whole - *part, minimum))
        *part = COUNT_HIDDEN;
}

void counts_suppress_measure(struct measure_counts *counts, int64_t minimum)
{
    measure_add_up(counts);
    if (counts_small(counts->total, minimum)) {
        measure_hide(counts);
        return;
    }
    int64_t bare = counts->by_heading[HEADING_REMARK_ONLY];
    counts_suppress_row(counts->by_heading, HEADINGS, minimum);
    if (row_has_small(&counts->by_kind[0][0], (size_t)KINDS * HEADINGS, minimum))
        row_hide(&counts->by_kind[0][0], (size_t)KINDS * HEADINGS);
    counts_suppress_row(counts->kind_total, KINDS, minimum);
    /* Remarks less bare ones are answers with both; where the bare ones are hidden, remarks would
     * bound them. */
    if (counts->by_heading[HEADING_REMARK_ONLY] == COUNT_HIDDEN ||
        counts_small(counts->remarks - bare, minimum))
        counts->remarks = COUNT_HIDDEN;
    else
        hide_part(&counts->remarks, counts->total, minimum);
    hide_part(&counts->priorities, counts->total, minimum);
}

static void figure_add(int64_t *sum, int64_t part)
{
    *sum = *sum == COUNT_HIDDEN || part == COUNT_HIDDEN ? COUNT_HIDDEN : *sum + part;
}

void counts_sum(const struct measure_counts *const *parts, size_t count, struct measure_counts *out)
{
    *out = (struct measure_counts){0};
    for (size_t i = 0; i < count; i++) {
        const struct measure_counts *part = parts[i];
        for (int heading = 0; heading < HEADINGS; heading++) {
            figure_add(&out->by_heading[heading], part->by_heading[heading]);
            for (int kind = 0; kind < KINDS; kind++)
                figure_add(&out->by_kind[kind][heading], part->by_kind[kind][heading]);
        }
        for (int kind = 0; kind < KINDS; kind++)
            figure_add(&out->kind_total[kind], part->kind_total[kind]);
        figure_add(&out->total, part->total);
        figure_add(&out->remarks, part->remarks);
        figure_add(&out->priorities, part->priorities);
    }
}

int64_t counts_share(const struct measure_counts *counts, int heading, int64_t base)
{
    int64_t stances = 0;
    for (int i = 0; i < HEADING_NO_OPINION; i++)
        figure_add(&stances, counts->by_heading[i]);
    if (heading >= HEADING_NO_OPINION || stances == COUNT_HIDDEN || stances == 0 || stances < base)
        return COUNT_HIDDEN;
    return (counts->by_heading[heading] * 1000 + stances / 2) / stances;
}
