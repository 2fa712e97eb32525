/* The two persons that a filing takes, and by whose links their accounts were set up: said wherever
 * an approval counts, so that nobody is both of them unseen. */
#include "resources/institutions/two_persons.h"

#include "represent/wording.h"
#include "service.h"

/* {by (null: the service), at}; JSON's null: the record knows of none. */
static json_t *act_view(const struct request *request, const struct rows *rows, int row, int by,
                        int at)
{
    if (row_is_null(rows, row, at))
        return json_null();
    return json_pack("{s:s?, s:o}", "by", row_text(rows, row, by), "at",
                     wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                                    row_time(rows, row, at)));
}

json_t *two_persons_view(const struct request *request, const struct rows *rows, int row,
                         int column, bool machine)
{
    if (row_is_null(rows, row, column + TWO_SECOND))
        return json_null();
    return json_pack(
        "{s:{s:s?, s:o}, s:{s:s?, s:o, s:o}, s:s?, s:b}", "first", "name",
        row_text(rows, row, column + TWO_FIRST), "link",
        act_view(request, rows, row, column + TWO_FIRST_LINK_BY, column + TWO_FIRST_LINK_AT),
        "second", "name", row_text(rows, row, column + TWO_SECOND), "link",
        act_view(request, rows, row, column + TWO_SECOND_LINK_BY, column + TWO_SECOND_LINK_AT),
        "parts",
        act_view(request, rows, row, column + TWO_SECOND_PARTS_BY, column + TWO_SECOND_PARTS_AT),
        "one_hand", row_text(rows, row, column + TWO_ONE_HAND), "machine", machine);
}
