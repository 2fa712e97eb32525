/* From exact sums to the document that is published; see release.h. */
#include "publish/release.h"

#include "base/parse.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const heading_names[HEADINGS] = {
    "strongly-support", "support",    "neutral",     "oppose",
    "strongly-oppose",  "no-opinion", "remark-only",
};
static const char *const kind_names[KINDS] = {"individual", "organisation"};

/* The figures of one scope, suppressed; days merged into spans. */
struct figures {
    struct measure_counts counts;
    bool *starts;     /* a span begins at this day */
    int64_t *answers; /* by day, exact: only sums of spans are written */
};

static json_t *figure_json(int64_t figure)
{
    return figure == COUNT_HIDDEN ? json_null() : json_integer(figure);
}

static json_t *share_json(int64_t permille)
{
    return permille == COUNT_HIDDEN ? json_null() : json_real((double)permille / 1000.0);
}

static json_t *stance_code_json(int heading)
{
    if (heading == HEADING_REMARK_ONLY)
        return json_null();
    return json_integer(heading == HEADING_NO_OPINION ? STANCE_NO_OPINION : STANCE_LAST - heading);
}

static json_t *stances_json(const struct measure_counts *counts, int64_t base)
{
    json_t *list = json_array();
    for (int heading = 0; heading < HEADINGS; heading++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:o}", "stance", heading_names[heading],
                                        "code", stance_code_json(heading), "count",
                                        figure_json(counts->by_heading[heading]), "share",
                                        share_json(counts_share(counts, heading, base))));
    return list;
}

static json_t *kinds_json(const struct measure_counts *counts, int64_t base)
{
    json_t *list = json_array();
    for (int kind = 0; kind < KINDS; kind++) {
        struct measure_counts of_kind = {0};
        memcpy(of_kind.by_heading, counts->by_kind[kind], sizeof of_kind.by_heading);
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "kind", kind_names[kind],
                                              "answers", figure_json(counts->kind_total[kind]),
                                              "by_stance", stances_json(&of_kind, base)));
    }
    return list;
}

/* The days of one span, each with the sum of all of them. */
static void span_add(json_t *list, const struct release_sums *sums, const struct figures *figures,
                     size_t from, size_t to)
{
    int64_t answers = 0;
    for (size_t i = from; i < to; i++)
        answers += figures->answers[i];
    if (figures->counts.total == COUNT_HIDDEN)
        answers = COUNT_HIDDEN;
    char first[11], last[11], day[11], span[24];
    format_date(sums->first_day + (int32_t)from, first);
    format_date(sums->first_day + (int32_t)to - 1, last);
    snprintf(span, sizeof span, "%s/%s", first, last);
    for (size_t i = from; i < to; i++) {
        format_date(sums->first_day + (int32_t)i, day);
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "day", day, "span", span,
                                              "answers", figure_json(answers)));
    }
}

static json_t *days_json(const struct release_sums *sums, const struct figures *figures)
{
    json_t *list = json_array();
    for (size_t from = 0, to; from < sums->days; from = to) {
        for (to = from + 1; to < sums->days && !figures->starts[to];)
            to++;
        span_add(list, sums, figures, from, to);
    }
    return list;
}

static json_t *figures_json(const struct release_sums *sums, const struct figures *figures,
                            int64_t base)
{
    const struct measure_counts *counts = &figures->counts;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "answers", figure_json(counts->total),
                     "by_stance", stances_json(counts, base), "by_kind", kinds_json(counts, base),
                     "by_day", days_json(sums, figures), "remarks", figure_json(counts->remarks),
                     "priorities", figure_json(counts->priorities));
}

static void figures_clear(struct figures *figures)
{
    free(figures->starts);
    free(figures->answers);
    *figures = (struct figures){0};
}

static bool figures_init(struct figures *figures, size_t days)
{
    *figures = (struct figures){.starts = calloc(days, sizeof *figures->starts),
                                .answers = calloc(days, sizeof *figures->answers)};
    return figures->starts && figures->answers;
}

static bool figures_of_measure(struct figures *figures, const struct release_sums *sums,
                               size_t measure, int64_t minimum)
{
    if (!figures_init(figures, sums->days))
        return false;
    figures->counts = sums->measures[measure];
    counts_suppress_measure(&figures->counts, minimum);
    memcpy(figures->answers, sums->by_day + measure * sums->days,
           sums->days * sizeof *figures->answers);
    counts_spans(figures->answers, sums->days, minimum, figures->starts);
    return true;
}

/* A span of the sum begins only where one of every part does: each of its figures is a sum of
 * published ones. */
static bool figures_of_parts(struct figures *figures, const struct release_sums *sums,
                             const struct figures *parts, size_t count)
{
    const struct measure_counts *counts[MEASURES_MOST];
    if (count > MEASURES_MOST || !figures_init(figures, sums->days))
        return false;
    for (size_t day = 0; day < sums->days; day++) {
        figures->starts[day] = true;
        for (size_t i = 0; i < count; i++) {
            figures->starts[day] = figures->starts[day] && parts[i].starts[day];
            figures->answers[day] += parts[i].answers[day];
        }
    }
    for (size_t i = 0; i < count; i++)
        counts[i] = &parts[i].counts;
    counts_sum(counts, count, &figures->counts);
    return true;
}

/* Members "whole", "directions" and "measures" of the document. */
static bool tallies_add(json_t *document, const struct consultation *consultation,
                        const struct release_sums *sums)
{
    int64_t base = consultation->publication.percentage_base;
    size_t count = consultation->measure_count;
    struct figures *measures = calloc(count + 1, sizeof *measures);
    struct figures sum = {0};
    json_t *by_measure = json_object(), *by_direction = json_object();
    bool ok = measures != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        ok = figures_of_measure(&measures[i], sums, i, consultation->publication.cell_minimum) &&
             !json_object_set_new(by_measure, consultation->measures[i].code,
                                  figures_json(sums, &measures[i], base));
    }
    for (size_t i = 0; ok && i < consultation->direction_count; i++) {
        const struct direction *direction = &consultation->directions[i];
        ok = figures_of_parts(&sum, sums, measures + direction->first_measure,
                              direction->measures) &&
             !json_object_set_new(by_direction, direction->code, figures_json(sums, &sum, base));
        figures_clear(&sum);
    }
    ok = ok && figures_of_parts(&sum, sums, measures, count) &&
         !json_object_set_new(document, "whole", figures_json(sums, &sum, base)) &&
         !json_object_set(document, "directions", by_direction) &&
         !json_object_set(document, "measures", by_measure);
    figures_clear(&sum);
    for (size_t i = 0; measures && i < count; i++)
        figures_clear(&measures[i]);
    free(measures);
    json_decref(by_measure);
    json_decref(by_direction);
    return ok;
}

static json_t *reasons_json(const int64_t reasons[SET_ASIDE_REASONS])
{
    json_t *out = json_object();
    for (int i = 0; i < SET_ASIDE_REASONS; i++)
        json_object_set_new(out, set_aside_code((enum set_aside_reason)i), figure_json(reasons[i]));
    return out;
}

static json_t *submissions_json(const int64_t counts[SUBMISSION_COUNTS], const int64_t kinds[KINDS],
                                const int64_t reasons[SET_ASIDE_REASONS])
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "received",
        figure_json(counts[COUNT_RECEIVED]), "counted", figure_json(counts[COUNT_COUNTED]), "held",
        figure_json(counts[COUNT_HELD]), "superseded", figure_json(counts[COUNT_SUPERSEDED]),
        "withdrawn", figure_json(counts[COUNT_WITHDRAWN]), "set_aside",
        figure_json(counts[COUNT_SET_ASIDE]), "set_aside_by_reason", reasons_json(reasons),
        "by_kind", kind_names[0], figure_json(kinds[0]), kind_names[1], figure_json(kinds[1]));
}

/* Received is known to all; the states are one row of cells that sum to it. Counted stands last in
 * that row: the few others are merged among themselves first. Reasons sum to those set aside: a row
 * of their own where that number is shown, and else none is. */
static json_t *reconciliation_json(const struct release_sums *sums, int64_t minimum)
{
    enum { STATES = SUBMISSION_COUNTS - 1 };
    static const enum submission_count order[STATES] = {
        COUNT_HELD, COUNT_SUPERSEDED, COUNT_WITHDRAWN, COUNT_SET_ASIDE, COUNT_COUNTED};
    int64_t row[STATES], counts[SUBMISSION_COUNTS], kinds[KINDS], reasons[SET_ASIDE_REASONS];
    for (int i = 0; i < STATES; i++)
        row[i] = release_sums_total(sums, order[i]);
    counts_suppress_row(row, STATES, minimum);
    for (int i = 0; i < STATES; i++)
        counts[order[i]] = row[i];
    counts[COUNT_RECEIVED] = release_sums_total(sums, COUNT_RECEIVED);
    for (int i = 0; i < KINDS; i++)
        kinds[i] = sums->submissions[i][COUNT_COUNTED];
    counts_suppress_row(kinds, KINDS, minimum);
    for (int i = 0; i < KINDS; i++)
        if (counts[COUNT_COUNTED] == COUNT_HIDDEN)
            kinds[i] = COUNT_HIDDEN;
    memcpy(reasons, sums->set_aside, sizeof reasons);
    counts_suppress_row(reasons, SET_ASIDE_REASONS, minimum);
    for (int i = 0; i < SET_ASIDE_REASONS; i++)
        if (counts[COUNT_SET_ASIDE] == COUNT_HIDDEN)
            reasons[i] = COUNT_HIDDEN;
    return submissions_json(counts, kinds, reasons);
}

json_t *release_document(const struct consultation *consultation, const struct release_sums *sums,
                         const struct release_mark *mark)
{
    char released_at[RFC3339_TEXT];
    format_time(mark->released_us, released_at);
    const struct publication *rules = &consultation->publication;
    json_t *document = json_pack("{s:{s:i, s:s, s:b}, s:s, s:{s:i, s:i}}", "release", "number",
                                 mark->number, "released_at", released_at, "final", mark->final,
                                 "consultation", consultation->slug, "thresholds", "cell_minimum",
                                 rules->cell_minimum, "percentage_base", rules->percentage_base);
    if (document && tallies_add(document, consultation, sums) &&
        !json_object_set_new(document, "reconciliation",
                             reconciliation_json(sums, rules->cell_minimum)))
        return document;
    json_decref(document);
    return NULL;
}

json_t *release_no_figures(void)
{
    const struct release_sums none = {0};
    struct figures figures = {0};
    struct measure_counts *counts = &figures.counts;
    counts->total = 1; /* small: all is hidden */
    counts->by_kind[0][0] = 1;
    counts_suppress_measure(counts, 3);
    return figures_json(&none, &figures, 0);
}

json_t *release_no_submissions(void)
{
    static const int64_t hidden[SUBMISSION_COUNTS] = {COUNT_HIDDEN, COUNT_HIDDEN, COUNT_HIDDEN,
                                                      COUNT_HIDDEN, COUNT_HIDDEN, COUNT_HIDDEN};
    static_assert((int)SET_ASIDE_REASONS <= (int)SUBMISSION_COUNTS, "as many are hidden");
    return submissions_json(hidden, hidden, hidden);
}
