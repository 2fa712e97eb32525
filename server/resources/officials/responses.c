/* What institutions filed: analysts read it, each look recorded; publishers release it to the
 * public, or take it back and say why. */
#include "resources/officials/responses.h"
#include "base/text.h"
#include "domain/institution.h"
#include "domain/receipt.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/two_persons.h"
#include "resources/officials/desk.h"
#include "resources/officials/publication.h"
#include "resources/officials/state_view.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* response_filing_officials */
enum {
    NUMBER,
    INSTITUTION,
    KIND,
    NAMES,
    VERSION = NAMES + LANGUAGES,
    ARRIVED_AT,
    DIGEST,
    RECEIPT_KEY,
    MACHINE,
    PUBLISH,
    PUBLISHED_AT,
    PUBLISHED_BY,
    WITHHELD_AT,
    WITHHELD_REASON,
    LATEST,
    LANGUAGE,
    DOCUMENT,
    TWO /* and what follows: as two_persons.h has it */
};
enum { REASON_POINTS = 1000, REST = 128, KEY = 64 };

bool responses_waiting(struct request *request, int most, int *count)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->consultation_id);
    params_int4(&params, most);
    bool ok = desk_run(request, STATEMENT_RESPONSE_FILING_WAITING, &params, &rows);
    if (ok)
        *count = (int)row_int(&rows, 0, 0);
    rows_clear(&rows);
    return ok;
}

/* Where it stands: a string's last part, and the colour of its tag. */
static const char *state_of(const struct rows *rows, int row)
{
    if (!row_is_null(rows, row, WITHHELD_AT))
        return "withheld";
    if (!row_is_null(rows, row, PUBLISHED_AT))
        return "published";
    if (!row_bool(rows, row, PUBLISH))
        return "private";
    return row_bool(rows, row, LATEST) ? "waiting" : "superseded";
}

static json_t *words(const struct request *request, const char *prefix, const char *name)
{
    char key[KEY];
    snprintf(key, sizeof key, "%s%s", prefix, name);
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static void rest_of(const struct rows *rows, int row, char rest[REST])
{
    snprintf(rest, REST, "/responses/%s/versions/%d", row_text(rows, row, NUMBER),
             (int)row_int(rows, row, VERSION));
}

static json_t *row_view(const struct request *request, const struct rows *rows, int row)
{
    char rest[REST];
    const char *state = state_of(rows, row);
    rest_of(rows, row, rest);
    json_t *view = json_pack(
        "{s:s, s:s, s:I, s:o, s:o, s:o, s:b, s:b, s:b}", "name",
        row_text(rows, row, NAMES + (int)request->language), "number", row_text(rows, row, NUMBER),
        "version", (json_int_t)row_int(rows, row, VERSION), "href", state_address(request, rest),
        "filed",
        wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND,
                       row_time(rows, row, ARRIVED_AT)),
        "state", words(request, "filing.state-", state), "latest", row_bool(rows, row, LATEST),
        "machine", row_bool(rows, row, MACHINE), "waits", strcmp(state, "waiting") == 0);
    return view;
}

/* False: a problem is set. */
static bool filings_read(struct request *request, const char *number, int version,
                         struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, request->official->consultation_id);
    params_text(&params, number);
    if (version)
        params_int4(&params, version);
    else
        params_null(&params);
    return desk_run(request, STATEMENT_RESPONSE_FILING_OFFICIALS, &params, rows);
}

enum handled official_response_list_page(struct request *request)
{
    struct rows rows = {0};
    if (desk_record(request, "responses-listed", request->official->consultation_id, NULL) &&
        filings_read(request, NULL, 0, &rows)) {
        char rest[STATE_REST];
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(list, row_view(request, &rows, row));
        json_t *page =
            json_pack("{s:o}", "filings",
                      json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null());
        json_decref(list);
        state_rest(request, "/responses", rest);
        reply_document(request,
                       desk_document(request, &(struct desk_page){.status = 200,
                                                                  .template = "official_responses",
                                                                  .title_key = "response.list",
                                                                  .rest = rest,
                                                                  .page = page}));
    }
    rows_clear(&rows);
    return HANDLED;
}

/* The filing in the address with its document. False: a reply is set. */
static bool filing_open(struct request *request, struct rows *rows)
{
    char number[NUMBER_TEXT + 1];
    int64_t version = 0;
    if (!number_read(request_part(request, "number"), number) ||
        !parse_integer(request_part(request, "version"), 1, 1000000, &version)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    if (!filings_read(request, number, (int)version, rows))
        return false;
    if (rows_count(rows) == 1)
        return true;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

static json_t *digest_text(const struct rows *rows)
{
    struct digest digest = {{0}};
    char text[2 * DIGEST_BYTES + 1];
    size_t length = 0;
    const void *bytes = row_bytes(rows, 0, DIGEST, &length);
    if (length == DIGEST_BYTES)
        memcpy(digest.bytes, bytes, DIGEST_BYTES);
    digest_hex(&digest, text);
    return json_string(text);
}

static json_t *page_view(struct request *request, const struct consultation *consultation,
                         const struct rows *rows, const struct faults *faults)
{
    static const struct faults none = {0};
    const char *state = state_of(rows, 0);
    bool publisher = official_has(request->official, ROLE_PUBLISHER);
    bool before = consultation->publication.after_close &&
                  consultation_window(consultation, clock_utc_us(service_of(request)->clock)) !=
                      WINDOW_CLOSED;
    bool again = strcmp(state, "withheld") == 0;
    json_t *document = json_loads(row_text(rows, 0, DOCUMENT), 0, NULL);
    json_t *view = row_view(request, rows, 0);
    json_object_set_new(view, "digest", digest_text(rows));
    json_object_set_new(view, "reason",
                        again ? json_string(row_text(rows, 0, WITHHELD_REASON)) : json_null());
    json_t *page = json_pack("{s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o, s:s, s:o}", "filing", view,
                             "body", response_view(request, consultation, document), "attachments",
                             response_attachments(document, NULL), "may_publish",
                             publisher && !before && row_bool(rows, 0, LATEST) &&
                                 row_bool(rows, 0, PUBLISH) && strcmp(state, "published") != 0,
                             "may_withhold", publisher && strcmp(state, "published") == 0,
                             "before_close", publisher && before && strcmp(state, "waiting") == 0,
                             "back", state_address(request, "/responses"), "action",
                             json_incref(json_object_get(view, "href")), "reason",
                             form_text(&request->form, "/public_reason"), "error",
                             desk_error(request, faults ? faults : &none, "/public_reason"));
    json_object_set_new(page, "persons",
                        two_persons_view(request, rows, 0, TWO, row_bool(rows, 0, MACHINE)));
    json_decref(document);
    return page;
}

static void filing_show(struct request *request, const struct rows *rows, int status,
                        const struct faults *faults)
{
    struct consultation *consultation = publication_consultation(request);
    char rest[STATE_REST], own[REST];
    rest_of(rows, 0, own);
    state_rest(request, own, rest);
    if (consultation)
        reply_document(request, desk_document(request, &(struct desk_page){
                                                           .status = status,
                                                           .template = "official_response",
                                                           .title_key = "response.kicker",
                                                           .rest = status == 200 ? rest : NULL,
                                                           .faults = faults,
                                                           .page = page_view(request, consultation,
                                                                             rows, faults)}));
    consultation_release(consultation);
}

enum handled official_response_page(struct request *request)
{
    struct rows rows = {0};
    if (filing_open(request, &rows) &&
        desk_record(request, "response-read", request->official->consultation_id,
                    json_pack("{s:s, s:I}", "number", row_text(&rows, 0, NUMBER), "version",
                              (json_int_t)row_int(&rows, 0, VERSION))))
        filing_show(request, &rows, 200, NULL);
    rows_clear(&rows);
    return HANDLED;
}

static void act(struct request *request, enum statement statement, struct params *params,
                const struct rows *filing)
{
    struct rows rows = {0};
    char rest[STATE_REST], own[REST];
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = rows_count(&rows) ? row_text(&rows, 0, 0) : NULL;
        rest_of(filing, 0, own);
        state_rest(request, own, rest);
        if (outcome && strcmp(outcome, "done") == 0) {
            catalogue_wake(service_of(request)->catalogue);
            desk_redirect(request, rest);
        } else {
            reply_problem(request, desk_outcome(outcome), NULL);
        }
    }
    rows_clear(&rows);
}

static void act_params(struct params *params, const struct request *request,
                       const struct rows *rows)
{
    params_int4(params, request->official->id);
    params_text(params, request->official->network);
    params_int4(params, request->official->consultation_id);
    params_text(params, row_text(rows, 0, NUMBER));
    params_int4(params, (int32_t)row_int(rows, 0, VERSION));
}

/* What the publisher read is what is released. */
static void publish(struct request *request, const struct rows *rows)
{
    struct params params = {0};
    struct digest digest;
    if (!digest_of_hex(form_text(&request->form, "/digest"), &digest)) {
        reply_problem(request, PROBLEM_CHANGED_MEANWHILE, NULL);
        return;
    }
    act_params(&params, request, rows);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    act(request, STATEMENT_RESPONSE_FILING_PUBLISH, &params, rows);
}

static void withhold(struct request *request, const struct rows *rows)
{
    struct params params = {0};
    struct faults faults = {0};
    char *reason = NULL;
    size_t length = 0;
    const char *typed = form_text(&request->form, "/public_reason");
    if (!text_normalise(typed, strlen(typed), &reason)) {
        faults_add(&faults, PROBLEM_BAD_TEXT, 0, "/public_reason");
    } else {
        text_trim(reason, &length);
        if (length == 0)
            faults_add(&faults, PROBLEM_REQUIRED, 0, "/public_reason");
        else if (text_points(reason) > REASON_POINTS)
            faults_add(&faults, PROBLEM_TOO_LONG, REASON_POINTS, "/public_reason");
    }
    if (faults.count) {
        filing_show(request, rows, 422, &faults);
    } else {
        act_params(&params, request, rows);
        params_text(&params, reason);
        act(request, STATEMENT_RESPONSE_FILING_WITHHOLD, &params, rows);
    }
    free(reason);
}

enum handled official_response_form(struct request *request)
{
    struct rows rows = {0};
    if (filing_open(request, &rows)) {
        if (strcmp(form_text(&request->form, "/go"), "withhold") == 0)
            withhold(request, &rows);
        else
            publish(request, &rows);
    }
    rows_clear(&rows);
    return HANDLED;
}
