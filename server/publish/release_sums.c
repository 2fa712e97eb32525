/* The exact sums that a release is made of; see release.h. */
#include "publish/release.h"

#include <stdlib.h>

static const int64_t day_us = INT64_C(86400000000);

/* UTC+8 all year since 1979. */
int32_t release_day(int64_t utc_us)
{
    int64_t local_us = utc_us + 8 * INT64_C(3600000000);
    return (int32_t)(local_us / day_us - (local_us % day_us < 0));
}

bool release_sums_init(struct release_sums *sums, const struct consultation *consultation,
                       int64_t released_us)
{
    int64_t last_us =
        released_us < consultation->closes_us ? released_us : consultation->closes_us - 1;
    int32_t first = release_day(consultation->opens_us);
    int32_t last = release_day(last_us);
    *sums = (struct release_sums){.first_day = first,
                                  .days = last < first ? 1 : (size_t)(last - first) + 1,
                                  .measure_count = consultation->measure_count};
    sums->measures = calloc(sums->measure_count + 1, sizeof *sums->measures);
    sums->by_day = calloc(sums->measure_count * sums->days + 1, sizeof *sums->by_day);
    if (sums->measures && sums->by_day)
        return true;
    release_sums_clear(sums);
    return false;
}

void release_sums_clear(struct release_sums *sums)
{
    free(sums->measures);
    free(sums->by_day);
    *sums = (struct release_sums){0};
}

static bool kind_is_known(int kind)
{
    return kind == KIND_INDIVIDUAL || kind == KIND_ORGANISATION;
}

bool release_sums_submissions(struct release_sums *sums, int kind,
                              const int64_t counts[SUBMISSION_COUNTS])
{
    if (!kind_is_known(kind))
        return false;
    for (int i = 0; i < SUBMISSION_COUNTS; i++)
        sums->submissions[kind - KIND_INDIVIDUAL][i] += counts[i];
    return true;
}

void release_sums_reasons(struct release_sums *sums, const int64_t counts[SET_ASIDE_REASONS])
{
    for (int i = 0; i < SET_ASIDE_REASONS; i++)
        sums->set_aside[i] += counts[i];
}

bool release_sums_cells(struct release_sums *sums, int ordinal, int kind, int32_t day,
                        const int64_t cells[CELLS])
{
    enum { CELL_REMARK_ONLY = 6, CELL_REMARKS, CELL_PRIORITIES };
    if (!kind_is_known(kind) || ordinal < 1 || (size_t)ordinal > sums->measure_count)
        return false;
    size_t measure = (size_t)ordinal - 1;
    size_t place = day < sums->first_day ? 0 : (size_t)(day - sums->first_day);
    if (place >= sums->days)
        place = sums->days - 1;
    struct measure_counts *counts = &sums->measures[measure];
    int64_t *by_heading = counts->by_kind[kind - KIND_INDIVIDUAL];
    for (int stance = STANCE_FIRST; stance <= STANCE_LAST; stance++)
        by_heading[STANCE_LAST - stance] += cells[stance];
    by_heading[HEADING_NO_OPINION] += cells[STANCE_NO_OPINION];
    by_heading[HEADING_REMARK_ONLY] += cells[CELL_REMARK_ONLY];
    counts->remarks += cells[CELL_REMARKS];
    counts->priorities += cells[CELL_PRIORITIES];
    for (int i = 0; i <= CELL_REMARK_ONLY; i++)
        sums->by_day[measure * sums->days + place] += cells[i];
    return true;
}

int64_t release_sums_total(const struct release_sums *sums, enum submission_count count)
{
    int64_t total = 0;
    for (int kind = 0; kind < KINDS; kind++)
        total += sums->submissions[kind][count];
    return total;
}
