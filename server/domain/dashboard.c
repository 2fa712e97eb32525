/* Sums of the tallies for officials; see dashboard.h. */
#include "domain/dashboard.h"

#include <stdlib.h>

static const int64_t hour_us = INT64_C(3600000000);

/* UTC+8 all year since 1979. */
static int32_t hong_kong_day(int64_t utc_us)
{
    int64_t local_us = utc_us + 8 * hour_us, day_us = 24 * hour_us;
    return (int32_t)(local_us / day_us - (local_us % day_us < 0));
}

bool dashboard_init(struct dashboard *dashboard, const struct consultation *consultation,
                    int64_t at_us, int32_t today, int32_t first, int32_t last)
{
    int32_t opens = hong_kong_day(consultation->opens_us);
    int32_t closes = hong_kong_day(consultation->closes_us - 1);
    int32_t until = today < closes ? today : closes;
    first = first < opens ? first : opens;
    last = last > until ? last : until;
    int64_t days = last < first ? 1 : (int64_t)last - first + 1;
    *dashboard = (struct dashboard){.at_us = at_us, .today = today, .first_day = first};
    if (days > DASHBOARD_DAYS_MOST)
        return false;
    dashboard->days = (size_t)days;
    dashboard->measure_count = consultation->measure_count;
    dashboard->by_day = calloc(dashboard->days, sizeof *dashboard->by_day);
    dashboard->cells = calloc(dashboard->measure_count + 1, sizeof *dashboard->cells);
    if (dashboard->by_day && dashboard->cells)
        return true;
    dashboard_clear(dashboard);
    return false;
}

void dashboard_clear(struct dashboard *dashboard)
{
    free(dashboard->by_day);
    free(dashboard->cells);
    *dashboard = (struct dashboard){0};
}

static void add(int64_t *to, const int64_t *more, int count)
{
    for (int i = 0; i < count; i++)
        to[i] += more[i];
}

bool dashboard_submissions(struct dashboard *dashboard, int32_t day, int kind, bool proven,
                           int language, int channel, const int64_t counts[DASHBOARD_COUNTS])
{
    if (day < dashboard->first_day || (size_t)(day - dashboard->first_day) >= dashboard->days ||
        kind < 1 || kind > KINDS || language < 0 || language >= LANGUAGES || channel < 1 ||
        channel >= CHANNELS)
        return false;
    add(dashboard->all, counts, DASHBOARD_COUNTS);
    add(dashboard->by_day[day - dashboard->first_day], counts, DASHBOARD_COUNTS);
    add(dashboard->by_kind[kind - 1], counts, DASHBOARD_COUNTS);
    add(dashboard->by_proof[proven], counts, DASHBOARD_COUNTS);
    add(dashboard->by_language[language], counts, DASHBOARD_COUNTS);
    add(dashboard->by_channel[channel], counts, DASHBOARD_COUNTS);
    return true;
}

bool dashboard_answers(struct dashboard *dashboard, int ordinal, int age,
                       const int64_t cells[DASHBOARD_CELLS])
{
    if (ordinal < 1 || (size_t)ordinal > dashboard->measure_count || age < 0 || age >= AGES)
        return false;
    add(dashboard->cells[ordinal - 1][age], cells, DASHBOARD_CELLS);
    return true;
}

int64_t dashboard_cell(const struct dashboard *dashboard, int ordinal, int cell)
{
    int64_t sum = 0;
    for (int age = 0; age < AGES; age++)
        sum += dashboard->cells[ordinal - 1][age][cell];
    return sum;
}

bool dashboard_rank_value(const struct dashboard *dashboard, int ordinal,
                          enum dashboard_ranking ranking, double *value)
{
    double count = 0, sum = 0, squares = 0, oppose = 0, support = 0;
    for (int stance = STANCE_FIRST; stance <= STANCE_LAST; stance++) {
        double n = (double)dashboard_cell(dashboard, ordinal, stance);
        count += n;
        sum += n * stance;
        squares += n * stance * stance;
        oppose += stance < 3 ? n : 0;
        support += stance > 3 ? n : 0;
    }
    *value = 0;
    switch (ranking) {
    case RANK_SUPPORT:
        *value = count > 0 ? support / count : 0;
        break;
    case RANK_OPPOSITION:
        *value = count > 0 ? oppose / count : 0;
        break;
    case RANK_DISAGREEMENT:
        /* Exact integers until the division: sums stay below 2^53. */
        *value = count > 0 ? (count * squares - sum * sum) / (4 * count * count) : 0;
        break;
    case RANK_PRIORITY:
        *value = (double)dashboard_cell(dashboard, ordinal, DASHBOARD_PRIORITIES);
        return true;
    case RANKINGS:
        break;
    }
    return count > 0;
}

/* Whether the first goes before the second. */
static bool goes_before(const struct dashboard *dashboard, enum dashboard_ranking ranking,
                        int first, int second)
{
    double a = 0, b = 0;
    bool has_a = dashboard_rank_value(dashboard, first, ranking, &a);
    bool has_b = dashboard_rank_value(dashboard, second, ranking, &b);
    if (has_a != has_b)
        return has_a;
    return a > b || (a == b && first < second);
}

/* By insertion: there are sixty at the most. */
void dashboard_rank(const struct dashboard *dashboard, enum dashboard_ranking ranking,
                    int *ordinals)
{
    for (int count = 0; (size_t)count < dashboard->measure_count; count++) {
        int place = count;
        for (; place > 0 && goes_before(dashboard, ranking, count + 1, ordinals[place - 1]);
             place--)
            ordinals[place] = ordinals[place - 1];
        ordinals[place] = count + 1;
    }
}
