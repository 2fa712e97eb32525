#ifndef DOMAIN_COUNTS_H
#define DOMAIN_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Shares and suppression of small cells (THREATS.md, "Published numbers"). Pure functions. */

/* The headings of a measure's answers, in the order of a table: strongly support … strongly oppose, no opinion,
 * a remark without a stance. */
enum { HEADINGS = 7, HEADING_NO_OPINION = 5, HEADING_REMARK_ONLY = 6, KINDS = 2 };

enum { COUNT_HIDDEN = -1 };

/* One measure, exact in, publishable out: each figure the number or COUNT_HIDDEN. */
struct measure_counts {
    int64_t by_kind[KINDS][HEADINGS]; /* individuals, organisations */
    int64_t by_heading[HEADINGS];
    int64_t kind_total[KINDS];
    int64_t total;
    int64_t remarks, priorities;
};

/* Hides cells below `minimum` and their complements, so that nothing published gives one back, even to somebody
 * who knows this rule. In place; sums in `counts` are recomputed from by_kind first. */
void counts_suppress_measure(struct measure_counts *counts, int64_t minimum);

/* A sum shown only where every part is shown: it tells nothing that its parts do not. */
void counts_sum(const struct measure_counts *const *parts, size_t count, struct measure_counts *out);

/* One row of cells with a published total (reconciliation by state): hides in place. */
void counts_suppress_row(int64_t *cells, size_t count, int64_t minimum);

/* Marks in starts[i] whether a span begins at day i, so that each span's sum is zero or at least `minimum`. */
void counts_spans(const int64_t *days, size_t count, int64_t minimum, bool *starts);

/* Share in tenths of a percent, or COUNT_HIDDEN below `base` or when a stance is hidden. */
int64_t counts_share(const struct measure_counts *counts, int heading, int64_t base);

#endif
