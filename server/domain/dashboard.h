#ifndef DOMAIN_DASHBOARD_H
#define DOMAIN_DASHBOARD_H

#include "domain/consultation.h"
#include "domain/counts.h"

/* What officials see of a consultation while it runs: sums of the tallies, exact. Confined to one
 * thread; no query. */

enum dashboard_count {
    DASHBOARD_RECEIVED,
    DASHBOARD_COUNTED,
    DASHBOARD_HELD,
    DASHBOARD_SUPERSEDED,
    DASHBOARD_WITHDRAWN,
    DASHBOARD_SET_ASIDE,
    DASHBOARD_COUNTS
};

/* Of one measure: stances 0 to 5, then these; the order of the tallies' cells. */
enum { DASHBOARD_REMARK_ONLY = 6, DASHBOARD_REMARKS, DASHBOARD_PRIORITIES, DASHBOARD_CELLS };

enum dashboard_age { AGE_TODAY, AGE_YESTERDAY, AGE_BEFORE, AGES };

enum { CHANNELS = 7, DASHBOARD_DAYS_MOST = 1500 };

struct dashboard {
    int64_t at_us; /* the moment of all figures, since 1970 UTC */
    int64_t mark;  /* another number after any change, as the database gives it */
    int32_t today; /* Hong Kong's date then, days since 1970 */
    int32_t first_day;
    size_t days, measure_count;
    int64_t all[DASHBOARD_COUNTS];
    int64_t (*by_day)[DASHBOARD_COUNTS];      /* owned */
    int64_t by_kind[KINDS][DASHBOARD_COUNTS]; /* individuals, organisations */
    int64_t by_proof[2][DASHBOARD_COUNTS];    /* declared, proven */
    int64_t by_language[LANGUAGES][DASHBOARD_COUNTS];
    int64_t by_channel[CHANNELS][DASHBOARD_COUNTS]; /* by code */
    int64_t (*cells)[AGES][DASHBOARD_CELLS];        /* by ordinal - 1; owned */
};

/* `first` and `last` are the first and last day with a submission, or today; the days run from the
 * opening's, or `first` if that lies before it, to today's or the last of the window. False: no
 * memory. */
bool dashboard_init(struct dashboard *dashboard, const struct consultation *consultation,
                    int64_t at_us, int32_t today, int32_t first, int32_t last);
void dashboard_clear(struct dashboard *dashboard);

/* Adds submissions of one day and sort. False: none of this consultation's can be so. */
bool dashboard_submissions(struct dashboard *dashboard, int32_t day, int kind, bool proven,
                           int language, int channel, const int64_t counts[DASHBOARD_COUNTS]);
bool dashboard_answers(struct dashboard *dashboard, int ordinal, int age,
                       const int64_t cells[DASHBOARD_CELLS]);

/* A cell of a measure over all days. */
int64_t dashboard_cell(const struct dashboard *dashboard, int ordinal, int cell);

enum dashboard_ranking {
    RANK_SUPPORT,      /* supporting answers (4, 5) of those that take a stance (1 to 5) */
    RANK_OPPOSITION,   /* opposing answers (1, 2), likewise */
    RANK_DISAGREEMENT, /* variance of the stances 1 to 5 over its greatest, 4: 0 all are of one
                          mind, 1 half strongly oppose and half strongly support */
    RANK_PRIORITY,     /* counted submissions that mark it as mattering most */
    RANKINGS
};

/* What a measure is ranked by: a share from 0 to 1, or a number for RANK_PRIORITY. False: nobody
 * took a stance, and there is none. */
bool dashboard_rank_value(const struct dashboard *dashboard, int ordinal,
                          enum dashboard_ranking ranking, double *value);

/* Ordinals, the highest first; those alike in their order, those without a value last. `ordinals`
 * has room for all measures. */
void dashboard_rank(const struct dashboard *dashboard, enum dashboard_ranking ranking,
                    int *ordinals);

#endif
