#ifndef RESOURCES_TALLY_VIEW_H
#define RESOURCES_TALLY_VIEW_H

#include "domain/consultation.h"
#include "represent/page.h"

#include <jansson.h>

/* The newest release's tally as page templates read it. Any thread; makes no query. */

enum tally_scope { TALLY_WHOLE, TALLY_DIRECTION, TALLY_MEASURE };

/* `code` is the direction's or measure's and is not read for the whole. New reference; NULL: no
 * memory. The fields:
 *
 *   released        {number, at, at_text, final}; absent before the first release
 *   none_yet        {threshold}: there is no release yet, and this many respondents are waited for;
 *                   and after_close: text, the moment that is waited for first, where the
 *                   consultation publishes after its close
 *   too_few         {minimum}: released, but all figures are hidden, being too small together
 *   some_hidden     {minimum}: released, and some figures are hidden
 *   shown           true if there is a table (released and not too_few); holds of all that follows
 *   answers         number of answers, as text with digits grouped
 *   bars            safe markup: the headings as bars
 *   headings        [{stance, label, hidden | count (text), share (text) | no_share}], strongly
 *                   support first
 *   kinds           {columns: [{kind, label}], totals: [{hidden | count}], rows: [{label, cells:
 *                   [{hidden | count}]}], split: true if the rows' cells are shown}; absent if
 *                   nothing of kinds is shown
 *   days            {rows: [{day, span, from, to, merged, hidden | count, bar, first, length}]}:
 *                   one a day; `first` on the first day of a span, `length` its days, for a cell
 *                   over several rows; and over_time: {line (safe markup), from, to, most}, absent
 *                   for less than two days
 *   remarks, priorities  {hidden | count}
 *   measure         true for one measure; else the figures are sums of answers, not of persons
 */
json_t *tally_view(const struct consultation *consultation, enum tally_scope scope,
                   const char *code, enum language language, const struct pages *pages);

/* The figures in the newest release (see schemas Tally and Figures of the contract); borrowed; NULL
 * before the first. */
json_t *tally_figures(const struct consultation *consultation, enum tally_scope scope,
                      const char *code);

/* "/v1/consultations/slug/measures/1-3/tally" with `tail` after it; and the page that shows the
 * same. New references. */
json_t *tally_address(const struct consultation *consultation, enum tally_scope scope,
                      const char *code, const char *tail);
json_t *tally_page_address(const struct consultation *consultation, enum tally_scope scope,
                           const char *code, enum language language);

/* {number, at, at_text, final} of the newest release. New reference; NULL: none, or no memory. */
json_t *release_view(const struct consultation *consultation, enum language language,
                     const struct pages *pages);

/* `none_yet` of a tally view. New reference. */
json_t *none_yet_view(const struct consultation *consultation, enum language language,
                      const struct pages *pages);

/* {hidden: true}, or {count: as text}, of a figure of a release. New reference. */
json_t *figure_view(const json_t *figure);

/* A share of the release, 0 to 1, as people read it: "41.2%"; NULL for one that is hidden. New
 * reference. */
json_t *share_view(const json_t *share);

/* Label of a heading: the consultation's own for a stance (`code`: 0–5), ours for a bare remark
 * (`code`: null). New reference. */
json_t *heading_label(const struct consultation *consultation, const json_t *code,
                      enum language language, const struct pages *pages);

#endif
