/* What an institution's machines file with: keys and tokens, made by a coordinator, confirmed by an
 * approver who is another person, revoked by either; and what a machine sees of its own. */
#include "base/parse.h"
#include "domain/institution.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_ID,
    LABEL,
    PUBLIC_KEY,
    MADE_BY,
    MADE_AT,
    OWN,
    CONFIRMED_BY,
    EXPIRES_AT,
    USED_AT,
    REVOKED_AT,
    STANDS
};
enum { LABEL_MOST = 60, DAYS_MOST = 365 };

static json_t *moment(const struct request *request, const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return json_null();
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                          row_time(rows, row, column));
}

static json_t *key_view(const struct request *request, const struct rows *rows, int row)
{
    bool over = row_time(rows, row, EXPIRES_AT) <= clock_utc_us(service_of(request)->clock);
    bool revoked = !row_is_null(rows, row, REVOKED_AT);
    bool confirmed = !row_is_null(rows, row, CONFIRMED_BY);
    unsigned roles = request->official->member_roles;
    return json_pack(
        "{s:s, s:s, s:s?, s:s, s:o, s:s?, s:b, s:o, s:o, s:b, s:b, s:b, s:b, s:b}", "id",
        row_text(rows, row, KEY_ID), "label", row_text(rows, row, LABEL), "public_key",
        row_text(rows, row, PUBLIC_KEY), "made_by", row_text(rows, row, MADE_BY), "made",
        moment(request, rows, row, MADE_AT), "confirmed_by", row_text(rows, row, CONFIRMED_BY),
        "left", confirmed && !row_bool(rows, row, STANDS), "expires",
        moment(request, rows, row, EXPIRES_AT), "used", moment(request, rows, row, USED_AT), "over",
        over && !revoked, "revoked", revoked, "awaited", !confirmed && !over && !revoked,
        "confirmable",
        !confirmed && !over && !revoked && !row_bool(rows, row, OWN) && roles & MEMBER_APPROVER,
        "revocable", !over && !revoked && (roles & (MEMBER_COORDINATOR | MEMBER_APPROVER)) != 0);
}

/* The form of a coordinator. */
static json_t *form_view(const struct request *request, const struct faults *faults)
{
    static const struct desk_field fields[] = {
        {.name = "/key/label", .label_key = "official.token-label"},
        {.name = "/key/days", .label_key = "official.token-days", .value = "90", .digits = true},
        {.name = "/key/public",
         .label_key = "institution.public-key",
         .hint_key = "institution.public-key-hint",
         .area = true},
    };
    return desk_fields(request, faults, fields, sizeof fields / sizeof *fields);
}

static void keys_show(struct request *request, const struct faults *faults)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    if (desk_run(request, STATEMENT_INSTITUTION_KEY_LIST, &params, &rows)) {
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(list, key_view(request, &rows, row));
        json_t *page = json_pack("{s:o, s:b}", "action", desk_address(request, "/keys"), "done",
                                 !faults && request_query(request, "done"));
        if (json_array_size(list))
            json_object_set_new(page, "keys", json_pack("{s:O}", "list", list));
        json_decref(list);
        if (request->official->member_roles & MEMBER_COORDINATOR)
            json_object_set_new(page, "fields", form_view(request, faults));
        reply_document(request,
                       desk_document(request, &(struct desk_page){.status = faults ? 422 : 200,
                                                                  .template = "institution_keys",
                                                                  .title_key = "institution.keys",
                                                                  .rest = faults ? NULL : "/keys",
                                                                  .faults = faults,
                                                                  .page = page}));
    }
    rows_clear(&rows);
}

enum handled institution_keys_page(struct request *request)
{
    keys_show(request, NULL);
    return HANDLED;
}

/* What the form says: with a public key it is one, without it a token is made. */
struct wanted {
    char *label; /* owned */
    int64_t days;
    bool is_key;
    unsigned char key[PUBLIC_KEY_BYTES];
};

static bool wanted_read(const struct request *request, struct wanted *out, struct faults *faults)
{
    const char *key = form_text(&request->form, "/key/public");
    out->label = desk_text(request, "/key/label", LABEL_MOST, true, faults);
    if (!parse_integer(form_text(&request->form, "/key/days"), 1, DAYS_MOST, &out->days))
        faults_add(faults, PROBLEM_NUMBER_INVALID, DAYS_MOST, "/key/days");
    out->is_key = key[strspn(key, " \t\r\n")] != '\0';
    if (out->is_key && !public_key_read(key, out->key))
        faults_add(faults, PROBLEM_PUBLIC_KEY_INVALID, 0, "/key/public");
    return faults->count == 0;
}

/* A token is shown now and never again; a key has nothing to hide. */
static void made_show(struct request *request, const struct wanted *wanted, const char *ticket)
{
    if (wanted->is_key)
        desk_redirect(request, "/keys?done=1");
    else
        reply_document(
            request,
            desk_document(request,
                          &(struct desk_page){.status = 201,
                                              .template = "institution_token",
                                              .title_key = "official.token-made",
                                              .page = json_pack("{s:s, s:s, s:o}", "token", ticket,
                                                                "label", wanted->label, "back",
                                                                desk_address(request, "/keys"))}));
}

static void key_make(struct request *request, const struct wanted *wanted, struct faults *faults)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_int4(&params, request->official->id);
    params_text(&params, wanted->label);
    if (wanted->is_key) {
        params_bytes(&params, wanted->key, PUBLIC_KEY_BYTES);
        params_null(&params);
    } else {
        params_null(&params);
        params_bytes(&params, digest.bytes, DIGEST_BYTES);
    }
    params_int4(&params, (int32_t)wanted->days);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_INSTITUTION_KEY_MAKE, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0)
            made_show(request, wanted, ticket);
        else
            faults_add(faults, desk_outcome(outcome), 0, "/key/label");
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
}

enum handled institution_keys_form(struct request *request)
{
    struct wanted wanted = {0};
    struct faults faults = {0};
    if (wanted_read(request, &wanted, &faults))
        key_make(request, &wanted, &faults);
    if (faults.count)
        keys_show(request, &faults);
    free(wanted.label);
    return HANDLED;
}

static void key_act(struct request *request, enum statement statement)
{
    struct uuid key;
    struct params params = {0};
    struct rows rows = {0};
    struct faults faults = {0};
    if (!parse_uuid(request_part(request, "key"), &key)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return;
    }
    params_int4(&params, request->official->id);
    params_uuid(&params, &key);
    params_text(&params, request->official->network);
    if (desk_run(request, statement, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0) {
            desk_redirect(request, "/keys?done=1");
        } else if (outcome && strcmp(outcome, "not-found") == 0) {
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        } else {
            faults_add(&faults, desk_outcome(outcome), 0, "/keys");
            keys_show(request, &faults);
        }
    }
    rows_clear(&rows);
}

enum handled institution_key_confirm_form(struct request *request)
{
    key_act(request, STATEMENT_INSTITUTION_KEY_CONFIRM);
    return HANDLED;
}

enum handled institution_key_revoke_form(struct request *request)
{
    key_act(request, STATEMENT_INSTITUTION_KEY_REVOKE);
    return HANDLED;
}

/* GET /v1/institution: whose key or token it is. */
enum handled institution_get(struct request *request)
{
    const struct official *official = request->official;
    struct document *document = document_new(200, request->language);
    if (document &&
        !document_say(document, json_pack("{s:s, s:s, s:s}", "institution", official->institution,
                                          "key", official->token, "label", official->name))) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}
