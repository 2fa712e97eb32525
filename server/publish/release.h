#ifndef PUBLISH_RELEASE_H
#define PUBLISH_RELEASE_H

#include "domain/consultation.h"
#include "domain/counts.h"
#include "domain/set_aside.h"
#include "domain/submission.h"

#include "store/db.h"

#include <jansson.h>

/* The document of a release: exact sums in, what may be published out. Confined to one thread. */

enum submission_count {
    COUNT_RECEIVED,
    COUNT_COUNTED,
    COUNT_HELD,
    COUNT_SUPERSEDED,
    COUNT_WITHDRAWN,
    COUNT_SET_ASIDE,
    SUBMISSION_COUNTS
};

enum {
    CELLS = 9
}; /* of one measure in the tallies: stances 0 to 5, remark without stance, remarks, priorities */

/* Exact sums of a consultation at one moment; days run from the opening's to the release's, in Hong
 * Kong. */
struct release_sums {
    int32_t first_day; /* since 1970 */
    size_t days;
    size_t measure_count;
    struct measure_counts *measures; /* by ordinal - 1; owned */
    int64_t *by_day;                 /* answers, [ordinal - 1][day]; owned */
    int64_t submissions[KINDS][SUBMISSION_COUNTS];
    int64_t set_aside[SET_ASIDE_REASONS]; /* of both kinds */
};

/* False: no memory. */
bool release_sums_init(struct release_sums *sums, const struct consultation *consultation,
                       int64_t released_us);
void release_sums_clear(struct release_sums *sums);

/* Adds the submissions of one kind, those set aside by reason, and the cells of one measure, kind
 * and day. A day outside the window so far counts on the nearest one within, so that no answer is
 * lost; a measure or kind that is not the consultation's is refused. */
bool release_sums_submissions(struct release_sums *sums, int kind,
                              const int64_t counts[SUBMISSION_COUNTS]);
void release_sums_reasons(struct release_sums *sums, const int64_t counts[SET_ASIDE_REASONS]);
bool release_sums_cells(struct release_sums *sums, int ordinal, int kind, int32_t day,
                        const int64_t cells[CELLS]);

int64_t release_sums_total(const struct release_sums *sums, enum submission_count count);

struct release_mark {
    int number;
    int64_t released_us;
    bool final;
};

/* The document, small cells hidden by the consultation's settings. New reference; NULL: no memory.
 */
json_t *release_document(const struct consultation *consultation, const struct release_sums *sums,
                         const struct release_mark *mark);

/* The members of a tally with nothing in them: what is said before the first release. New
 * references. */
json_t *release_no_figures(void);
json_t *release_no_submissions(void);

/* What came of trying to make one. */
enum release_outcome { RELEASE_MADE, RELEASE_NOT_DUE, RELEASE_FAILED };
enum { RELEASE_REFUSAL = 32 };

struct release_made {
    int number;
    int64_t respondents;
    char refusal[RELEASE_REFUSAL]; /* RELEASE_NOT_DUE: the database's word for why, see
                                      functions/release.sql */
};

/* Makes a release in one transaction if one is due; `final`: the final one, on a connection of the
 * owner or writer. Blocks. */
enum release_outcome release_make(struct db *db, const struct consultation *consultation,
                                  bool final, struct release_made *made);

/* The final release as an official's act, on an officials' connection; `network` is where from, as
 * the record of acts has it. Blocks. */
enum release_outcome release_make_final(struct db *db, const struct consultation *consultation,
                                        int32_t official, const char *network,
                                        struct release_made *made);

/* Hong Kong's date at a moment, as days since 1970. */
int32_t release_day(int64_t utc_us);

#endif
