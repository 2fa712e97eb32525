#ifndef RESOURCES_DASHBOARD_VIEW_H
#define RESOURCES_DASHBOARD_VIEW_H

#include "base/buf.h"
#include "domain/dashboard.h"
#include "store/db.h"

#include <jansson.h>

/* The officials' dashboard as documents: every figure is one table, which JSON writes as objects,
 * CSV as rows and SVG as bars or a line. Confined to one thread. */

enum dashboard_figure {
    FIGURE_DAYS,
    FIGURE_KINDS,
    FIGURE_PROOF,
    FIGURE_LANGUAGES,
    FIGURE_CHANNELS,
    FIGURE_DIRECTIONS,
    FIGURE_SUPPORT,
    FIGURE_OPPOSITION,
    FIGURE_DISAGREEMENT,
    FIGURE_PRIORITY,
    FIGURES
};

/* The name in addresses and in the model, static; and back, FIGURES if there is none such. */
const char *dashboard_figure_name(enum dashboard_figure figure);
enum dashboard_figure dashboard_figure_find(const char *name);

/* Measures in the order of a value, which stands in the third column. */
static inline bool dashboard_figure_is_ranking(enum dashboard_figure figure)
{
    return figure >= FIGURE_SUPPORT && figure < FIGURES;
}

/* Asks for all sums at one moment. *dashboard: dashboard_clear, whatever the status. The connection
 * is of a role that reads tallies. */
enum db_status dashboard_read(struct db *db, const struct consultation *consultation,
                              struct dashboard *dashboard);

/* {columns: [name], rows: [[value]]}: what document.h takes for CSV. Shares are numbers from 0 to 1
 * with four decimals, null where nobody took a stance. New reference. */
json_t *dashboard_table(const struct consultation *consultation, const struct dashboard *dashboard,
                        enum dashboard_figure figure);

/* All answers of such a row whose cells begin at `first`: with a stance, without an opinion, or
 * with a remark alone. */
int64_t dashboard_answers_of(const json_t *row, size_t first);

/* {consultation, at, today, submissions: {received, counted, …}, since_yesterday: {day, today:
 * {received, counted, answers}, yesterday: {…}, measures: [{code, today, yesterday}]}, figures:
 * {name: [{column: value}]}}. A direction's and a measure's figures are answers, not persons. New
 * reference; NULL: no memory. */
json_t *dashboard_model(const struct consultation *consultation, const struct dashboard *dashboard);

/* Safe markup of a table: a line for days, else bars, labelled by `labels`, one a row. New
 * reference. */
json_t *dashboard_chart(enum dashboard_figure figure, const json_t *table,
                        const char *const *labels);
/* The same as a file of its own; `drawing` has its words already, one label and one number to be
 * read for each row. An error sticks to `out`. */
struct drawing;
void dashboard_chart_file(enum dashboard_figure figure, const json_t *table,
                          struct drawing *drawing, struct buf *out);

#endif
