#ifndef DOMAIN_COUNTS_H
#define DOMAIN_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Shares and suppression of small cells (THREATS.md, "Published numbers"). Pure functions.
 *
 * A cell is small when it is neither zero nor at least the minimum. One rule serves every row of
 * cells whose sum is published, be it headings, states or days: neighbours are merged from the
 * first cell on until a span's sum is no longer small; a cell that is not small where a span would
 * begin stands alone; what is left over at the end joins the last span that is not zero. Only cells
 * that stand alone are shown. The rule goes by position, so somebody who knows it, and sees what it
 * hid, still finds at least minimum - 1 possible values for each hidden cell: the cells before a
 * span's last may sum to any of 1 … minimum - 1, the last one making up for it. (Hiding a small
 * cell and its nearest neighbour does not hold: two small cells that sum to 2 (minimum - 1) give
 * themselves away, for with any other values a third would have been hidden.) The rule needs a
 * minimum of 3: 2 is taken as 3; 1 hides nothing. */

/* The headings of a measure's answers, in the order of a table: strongly support … strongly oppose,
 * no opinion, a remark without a stance. */
enum { HEADINGS = 7, HEADING_NO_OPINION = 5, HEADING_REMARK_ONLY = 6, KINDS = 2 };

enum { COUNT_HIDDEN = -1 };

/* One measure, exact in, publishable out: each figure the number or COUNT_HIDDEN. */
struct measure_counts {
    int64_t by_kind[KINDS][HEADINGS]; /* individuals, organisations */
    int64_t by_heading[HEADINGS];
    int64_t kind_total[KINDS];
    int64_t total;
    int64_t remarks;    /* answers with a remark, those without a stance among them */
    int64_t priorities; /* answers marked as mattering most */
};

/* Hides small cells and what would give them back. In place; the sums in `counts` are recomputed
 * from by_kind first. A small total hides everything; headings are one row; kinds' totals are shown
 * if neither is small, the split of headings by kind if none of its cells is; remarks and
 * priorities if neither they, nor what a subtraction leaves, is small. */
void counts_suppress_measure(struct measure_counts *counts, int64_t minimum);

/* A sum shown only where every part is shown: it tells nothing that its parts do not. `parts` are
 * suppressed ones. */
void counts_sum(const struct measure_counts *const *parts, size_t count,
                struct measure_counts *out);

/* One row of cells whose total is known to all: hides in place; all of them when the total is
 * small. */
void counts_suppress_row(int64_t *cells, size_t count, int64_t minimum);

/* Marks in starts[i] whether a span begins at cell i. With a small total there is one span, itself
 * small: hide it. */
void counts_spans(const int64_t *cells, size_t count, int64_t minimum, bool *starts);

/* True if a figure stands for somebody who could be found: not zero, and below the minimum. */
bool counts_small(int64_t figure, int64_t minimum);

/* Share of a stance among all stances, no opinion and bare remarks apart, in tenths of a percent;
 * COUNT_HIDDEN for those two, from a base below `base`, or when a stance is hidden. */
int64_t counts_share(const struct measure_counts *counts, int heading, int64_t base);

#endif
