#ifndef RESOURCES_INSTITUTIONS_TWO_PERSONS_H
#define RESOURCES_INSTITUTIONS_TWO_PERSONS_H

#include "http/request.h"
#include "represent/document.h"
#include "store/db.h"

/* Columns of institution_two_persons (schema/functions), in their order, wherever a statement has
 * them. */
enum {
    TWO_FIRST,
    TWO_FIRST_LINK_BY,
    TWO_FIRST_LINK_AT,
    TWO_SECOND,
    TWO_SECOND_LINK_BY,
    TWO_SECOND_LINK_AT,
    TWO_SECOND_PARTS_BY,
    TWO_SECOND_PARTS_AT,
    TWO_ONE_HAND,
    TWO_COLUMNS
};

/* As filing_persons.mustache reads it, `column` being the first of these: {first: {name, link},
 * second: {name, link, parts}, one_hand, machine}; JSON's null where there were no two persons. New
 * reference. Desk thread. */
json_t *two_persons_view(const struct request *request, const struct rows *rows, int row,
                         int column, bool machine);

#endif
