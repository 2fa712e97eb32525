#ifndef RESOURCES_SUBMISSION_LIST_VIEW_H
#define RESOURCES_SUBMISSION_LIST_VIEW_H

#include "domain/consultation.h"
#include "domain/search.h"
#include "store/row.h"

#include <jansson.h>

/* Rows of submission_list's statements as documents; for submission_list.c and list_one. New
 * references. */

/* Columns of submission_list_page. */
enum {
    LIST_UNFINISHED,
    LIST_NUMBER,
    LIST_ARRIVED_AT,
    LIST_DAY,
    LIST_STATE,
    LIST_KIND,
    LIST_PROVEN,
    LIST_LANGUAGE,
    LIST_CHANNEL,
    LIST_ORGANISATION,
    LIST_STANCES,
    LIST_PRIORITIES,
    LIST_REMARKS,
    LIST_PART,
    LIST_ORDINAL,
    LIST_MODERATION,
    LIST_ORIGINAL
};

/* A submission; with an empty list of hits instead of the number of its remarks, if `hits`. */
json_t *list_item_model(const struct consultation *consultation, const struct rows *rows, int row,
                        bool hits);
/* A remark that was found. */
json_t *list_hit_model(const struct consultation *consultation, const struct rows *rows, int row,
                       const struct search_span *spans, size_t count);

#endif
