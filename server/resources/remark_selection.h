#ifndef RESOURCES_REMARK_SELECTION_H
#define RESOURCES_REMARK_SELECTION_H

#include "domain/consultation.h"
#include "http/request.h"
#include "store/row.h"

#include <jansson.h>

/* Which remarks of a measure are asked for: all, or those of one cell that the newest release
 * shows, one stance or one day; from one of them on. Every address is one that a page links to, or
 * leads on to such a one, so that the cache holds no more pages than there are. On the request's
 * thread. */

enum { REMARK_PAGE = 20, REMARK_FILTER_TEXT = 24, REMARK_REST_TEXT = 128 };

/* What is asked for, checked. */
struct remark_selection {
    struct consultation *consultation; /* a reference */
    const struct measure *measure;
    char filter[REMARK_FILTER_TEXT]; /* "all", a stance's name or a day, as in addresses */
    const json_t *stance;            /* of the release's by_stance; NULL: not by stance */
    bool by_day;
    int32_t day;
    int64_t from; /* position of the first remark; 0: from the beginning */
};

/* `part`: of {slug}; the measure, the filter and the place follow it. False: the problem is set.
 * The caller releases the consultation in either case. */
bool remark_selection_read(struct request *request, size_t part, struct remark_selection *out);

/* The measure's figures in the newest release; borrowed. NULL: there is none. */
const json_t *remark_figures(const struct remark_selection *selection);
/* Whether a cell of them is published and not empty. */
bool remark_cell_is_shown(const json_t *object, const char *member);
/* A day by itself: of merged days only the sum is published. */
bool remark_day_is_shown(const json_t *day);

/* "/measures/1-3/remarks", with the filter and the place that are needed. */
void remark_rest(const struct remark_selection *selection, const char *filter, int64_t from,
                 char rest[REMARK_REST_TEXT]);

/* One remark more than a page has, if there are so many. False: the problem is set. Caller:
 * rows_clear in either case. */
bool remark_query(struct request *request, const struct remark_selection *selection,
                  struct rows *rows);
/* How many of them are this page's. */
int remark_shown_count(const struct rows *rows);

/* A page begins at a remark that is there. Where that one is gone, or there never was one, the next
 * one's page is the answer. True: the redirect is set. `prefix`: what the address begins with. */
bool remark_leads_on(struct request *request, const struct remark_selection *selection,
                     const struct rows *rows, const char *prefix);

/* {language, organisation, text} of a row; new reference. */
json_t *remark_model(const struct rows *rows, int row);

#endif
