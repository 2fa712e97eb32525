#ifndef RESOURCES_OFFICIALS_DASHBOARD_H
#define RESOURCES_OFFICIALS_DASHBOARD_H

#include "http/request.h"
#include "resources/dashboard_view.h"

/* The officials' dashboard in words, for its page and for its files. All on the desk's thread; the
 * values are new references, NULL if there is no memory. */

/* One moment's sums of the consultation in the address; a reference to it. *dashboard:
 * dashboard_clear, whatever comes. NULL: a problem is set. */
struct consultation *dashboard_of(struct request *request, struct dashboard *dashboard);

json_t *dashboard_words(const struct request *request, const char *key);
/* A table's number as people read it; what there is none of is a dash. */
json_t *dashboard_number(const json_t *value);
/* The number that a drawing shows of a table's row: of answers all of them, else the first of its
 * `cells`. New reference. */
json_t *dashboard_drawn(enum dashboard_figure figure, const json_t *row, const json_t *cells);

/* Keys of the strings of received, counted, held …. */
extern const char *const dashboard_state_keys[DASHBOARD_COUNTS];

/* The figure's name; the head of the column that names its rows, and those of all others. */
json_t *dashboard_heading(const struct request *request, enum dashboard_figure figure);
json_t *dashboard_first_head(const struct request *request, enum dashboard_figure figure);
json_t *dashboard_heads(const struct request *request, const struct consultation *consultation,
                        enum dashboard_figure figure);
/* {label, cells: [text]}, one a row of the table. */
json_t *dashboard_rows(const struct request *request, const struct consultation *consultation,
                       enum dashboard_figure figure, const json_t *table);

#endif
