/* What pages say of an institution and its people; see body.h. */
#include "resources/institutions/body.h"

#include "base/buf.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum {
    LOGIN,
    NAME,
    PARTS,
    SET_UP,
    DISABLED,
    SEEN,
    LINK_UNTIL,
    TAKES_TWO,
    RESET_BY,
    RESET_UNTIL,
    MAY_CONFIRM
};

static json_t *moment(const struct request *request, const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return json_null();
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                          row_time(rows, row, column));
}

json_t *body_kind(const struct request *request, int kind)
{
    char key[64];
    snprintf(key, sizeof key, "institution.kind-%s",
             institution_kind_name((enum institution_kind)kind));
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

json_t *body_view(const struct request *request, const struct rows *rows, int row)
{
    json_t *verified = json_null();
    if (!row_is_null(rows, row, BODY_VERIFIED_AT))
        verified = json_pack("{s:o, s:b}", "at", moment(request, rows, row, BODY_VERIFIED_AT),
                             "by_domain", row_int(rows, row, BODY_VERIFIED_BY) == 0);
    return json_pack("{s:s, s:s, s:o, s:b, s:o, s:o}", "slug", row_text(rows, row, BODY_SLUG),
                     "name", row_text(rows, row, BODY_NAMES + (int)request->language), "kind",
                     body_kind(request, (int)row_int(rows, row, BODY_KIND)), "fictitious",
                     row_bool(rows, row, BODY_FICTITIOUS), "verified", verified, "closed",
                     moment(request, rows, row, BODY_CLOSED_AT));
}

static json_t *member_view(const struct request *request, const struct rows *rows, int row,
                           const char *rest)
{
    const char *login = row_text(rows, row, LOGIN);
    json_t *view = json_pack(
        "{s:s, s:s, s:i, s:o, s:b, s:b, s:o, s:o, s:b}", "login", login, "name",
        row_text(rows, row, NAME), "bits", (int)row_int(rows, row, PARTS), "parts",
        desk_parts_view(request, (unsigned)row_int(rows, row, PARTS)), "awaited",
        !row_bool(rows, row, SET_UP), "disabled", row_bool(rows, row, DISABLED), "seen",
        moment(request, rows, row, SEEN), "link_until", moment(request, rows, row, LINK_UNTIL),
        "own", strcmp(login, request->official->login) == 0);
    bool may_confirm = row_bool(rows, row, MAY_CONFIRM);
    json_object_set_new(view, "takes_two", json_boolean(row_bool(rows, row, TAKES_TWO)));
    if (!row_is_null(rows, row, RESET_BY))
        json_object_set_new(view, "reset",
                            json_pack("{s:s, s:o, s:b}", "by", row_text(rows, row, RESET_BY),
                                      "until", moment(request, rows, row, RESET_UNTIL),
                                      "confirmable", may_confirm));
    /* Not left out: the page around it may have an address of that name. */
    json_object_set_new(view, "href", json_null());
    if (rest && (may_confirm || request->official->member_roles & MEMBER_COORDINATOR)) {
        char address[128];
        snprintf(address, sizeof address, "%s/%s", rest, login);
        json_object_set_new(view, "href", desk_address(request, address));
    }
    return view;
}

bool body_members(struct request *request, const char *slug, const char *rest, json_t **out)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    params_text(&params, slug);
    bool ok = desk_run(request, STATEMENT_INSTITUTION_MEMBERS, &params, &rows);
    if (ok) {
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(list, member_view(request, &rows, row, rest));
        *out = json_pack("{s:o}", "list", list);
    }
    rows_clear(&rows);
    return ok;
}

json_t *body_domains(struct request *request, const char *slug)
{
    struct params params = {0};
    struct rows rows = {0};
    struct buf text = {0};
    json_t *out = NULL;
    params_text(&params, slug);
    if (desk_run(request, STATEMENT_INSTITUTION_DOMAINS, &params, &rows)) {
        for (int row = 0; row < rows_count(&rows); row++)
            buf_format(&text, "%s%s", row ? ", " : "", row_text(&rows, row, 0));
        out = json_stringn(text.length ? text.data : "", text.length);
    }
    buf_clear(&text);
    rows_clear(&rows);
    return out;
}
