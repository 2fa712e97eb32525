/* What previewing, approving and filing a response have in common; see filing.h. */
#include "resources/institutions/filing.h"

#include "http/reply.h"
#include "intake/batch.h"
#include "represent/form.h"
#include "represent/markdown.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/response_view.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* response_filing_draft */
enum { PART, NAME, WORDS, STANCE, WORDING, SIZE, SHA256, LANGUAGE, PUBLISH };
enum { PART_RESPONSE, PART_SECTION, PART_ATTACHMENT };
/* response_filing_file */
enum { OUTCOME, NUMBER, INSTITUTION, VERSION, ARRIVED_AT, DIGEST, RECEIPT_KEY };

struct consultation *filing_consultation(struct request *request)
{
    struct consultation *c =
        catalogue_find(service_of(request)->catalogue, request_part(request, "slug"));
    if (c && c->rehearsal == request->official->fictitious)
        return c;
    consultation_release(c);
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return NULL;
}

/* One row of the draft. False: it cannot be. */
static bool draft_take(struct response *response, const struct rows *rows, int row)
{
    const char *name = row_text(rows, row, NAME), *words = row_text(rows, row, WORDS);
    struct digest sha256;
    size_t length = 0;
    const void *bytes = NULL;
    switch (row_int(rows, row, PART)) {
    case PART_RESPONSE:
        snprintf(response->number, sizeof response->number, "%s", name);
        snprintf(response->institution, sizeof response->institution, "%s", words);
        response->language = (enum language)row_int(rows, row, LANGUAGE);
        response->publish = row_bool(rows, row, PUBLISH);
        return true;
    case PART_SECTION:
        return response_put(response, name,
                            row_is_null(rows, row, STANCE) ? (int)STANCE_ABSENT
                                                           : (int)row_int(rows, row, STANCE),
                            (int)row_int(rows, row, WORDING), words);
    case PART_ATTACHMENT:
        bytes = row_bytes(rows, row, SHA256, &length);
        if (length != DIGEST_BYTES)
            return false;
        memcpy(sha256.bytes, bytes, DIGEST_BYTES);
        return response_attach(response, name, words, row_int(rows, row, SIZE), &sha256);
    default:
        return false;
    }
}

void filing_complexity(const struct response *response, struct faults *faults)
{
    for (size_t i = 0; i < sections_count(response->consultation); i++) {
        struct markdown *markdown = NULL;
        const char *text = response->sections[i].text;
        enum problem_code code = text ? markdown_parse(text, &markdown) : PROBLEM_NONE;
        if (code != PROBLEM_NONE)
            faults_add(faults, code, 0, "/sections/%s", section_at(response->consultation, i).code);
        markdown_free(markdown);
    }
}

static bool draft_make(struct filing_draft *out, const struct rows *rows)
{
    bool ok = response_init(&out->response, out->consultation);
    for (int row = 0; ok && row < rows_count(rows); row++)
        ok = draft_take(&out->response, rows, row);
    out->bytes = ok ? response_canonical(&out->response, &out->length) : NULL;
    out->document = out->bytes ? json_loadb(out->bytes, out->length, 0, NULL) : NULL;
    if (!out->document)
        return false;
    response_digest(out->bytes, out->length, &out->digest);
    digest_hex(&out->digest, out->digest_text);
    response_missing(&out->response, &out->missing);
    filing_complexity(&out->response, &out->missing);
    return true;
}

bool filing_draft_read(struct request *request, struct filing_draft *out)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = (struct filing_draft){.consultation = filing_consultation(request)};
    if (!out->consultation)
        return false;
    params_int4(&params, request->official->id);
    params_int4(&params, out->consultation->id);
    bool ok = desk_run(request, STATEMENT_RESPONSE_FILING_DRAFT, &params, &rows);
    if (ok && rows_count(&rows) == 0) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    } else if (ok && !draft_make(out, &rows)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        ok = false;
    }
    rows_clear(&rows);
    return ok;
}

void filing_draft_clear(struct filing_draft *draft)
{
    if (draft->response.consultation)
        response_clear(&draft->response);
    json_decref(draft->document);
    free(draft->bytes);
    consultation_release(draft->consultation);
    *draft = (struct filing_draft){0};
}

void filing_rest(const struct request *request, const char *own, char rest[FILING_REST])
{
    snprintf(rest, FILING_REST, "/consultations/%s%s", request_part(request, "slug"), own);
}

json_t *filing_address(const struct request *request, const char *own)
{
    char rest[FILING_REST];
    filing_rest(request, own, rest);
    return desk_address(request, rest);
}

void filing_show(struct request *request, const struct consultation *consultation,
                 const struct desk_page *page)
{
    char rest[FILING_REST];
    struct desk_page whole = *page;
    if (page->rest) {
        filing_rest(request, page->rest, rest);
        whole.rest = rest;
    }
    if (whole.page)
        json_object_set_new(
            whole.page, "consultation",
            json_pack("{s:s, s:b, s:o}", "title", consultation->title.body[request->language],
                      "rehearsal", consultation->rehearsal, "href", filing_address(request, "")));
    reply_document(request, desk_document(request, &whole));
}

json_t *filing_missing(const struct request *request, const struct filing_draft *draft)
{
    const struct faults *missing = &draft->missing;
    static const char folder[] = "/sections/";
    json_t *list = json_array();
    for (size_t i = 0; i < missing->count; i++) {
        char key[64];
        bool one = strncmp(missing->list[i].pointer, folder, sizeof folder - 1) == 0;
        const char *code = one ? missing->list[i].pointer + sizeof folder - 1 : "";
        snprintf(key, sizeof key, "filing.fault-%s", problem_slug(missing->list[i].code));
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o}", "name",
                      one ? section_heading(request, draft->consultation, code) : json_null(),
                      "href", filing_address(request, one ? missing->list[i].pointer : ""),
                      "message",
                      wording_string(service_of(request)->pages, request->language, key, NULL)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

bool filing_is_as_seen(struct request *request, const struct filing_draft *draft)
{
    if (strcmp(form_text(&request->form, "/digest"), draft->digest_text) == 0)
        return true;
    reply_problem(request, PROBLEM_CHANGED_MEANWHILE, NULL);
    return false;
}

/* Who acts, as the statements have it: a member, or a machine by its key. */
static void who_params(struct params *params, const struct request *request)
{
    const struct official *official = request->official;
    struct uuid key;
    if (official->id)
        params_int4(params, official->id);
    else
        params_null(params);
    if (!official->id && parse_uuid(official->token, &key))
        params_uuid(params, &key);
    else
        params_null(params);
}

bool filed_read(struct request *request, const struct consultation *consultation, int version,
                struct rows *rows)
{
    struct params params = {0};
    who_params(&params, request);
    params_int4(&params, consultation->id);
    if (version)
        params_int4(&params, version);
    else
        params_null(&params);
    return desk_run(request, STATEMENT_RESPONSE_FILING_LIST, &params, rows);
}

static bool receipt_take(const struct consultation *consultation, const struct rows *rows, int row,
                         const int columns[6], struct filing_receipt *out)
{
    size_t length = 0;
    const void *digest = row_bytes(rows, row, columns[4], &length);
    *out = (struct filing_receipt){.version = (int)row_int(rows, row, columns[2]),
                                   .arrived_us = row_time(rows, row, columns[3]),
                                   .receipt_key = (int)row_int(rows, row, columns[5])};
    snprintf(out->consultation, sizeof out->consultation, "%s", consultation->slug);
    snprintf(out->number, sizeof out->number, "%s", row_text(rows, row, columns[0]));
    snprintf(out->institution, sizeof out->institution, "%s", row_text(rows, row, columns[1]));
    if (length != DIGEST_BYTES)
        return false;
    memcpy(out->digest.bytes, digest, DIGEST_BYTES);
    return true;
}

bool filed_receipt(const struct consultation *consultation, const struct rows *rows, int row,
                   struct filing_receipt *out)
{
    static const int columns[] = {FILED_NUMBER,     FILED_INSTITUTION, FILED_VERSION,
                                  FILED_ARRIVED_AT, FILED_DIGEST,      FILED_RECEIPT_KEY};
    return receipt_take(consultation, rows, row, columns, out);
}

int filed_version(const struct request *request)
{
    const char *text = request_part(request, "version");
    int64_t version = 0;
    return text && parse_integer(text, 1, 1000000, &version) ? (int)version : 0;
}

int filed_row(struct request *request, const struct rows *rows)
{
    int version = filed_version(request);
    for (int row = 0; row < rows_count(rows); row++)
        if (row_int(rows, row, FILED_VERSION) == version)
            return row;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return -1;
}

/* Where a filing stands on its way to the public; a string's key. */
static const char *state_key(const struct rows *rows, int row)
{
    if (!row_is_null(rows, row, FILED_WITHHELD_AT))
        return "filing.state-withheld";
    if (!row_is_null(rows, row, FILED_PUBLISHED_AT))
        return "filing.state-published";
    if (!row_bool(rows, row, FILED_PUBLISH))
        return "filing.state-private";
    return row_bool(rows, row, FILED_LATEST) ? "filing.state-waiting" : "filing.state-superseded";
}

json_t *filed_list(const struct request *request, const struct rows *rows)
{
    const struct pages *pages = service_of(request)->pages;
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows); row++) {
        char own[48];
        int version = (int)row_int(rows, row, FILED_VERSION);
        snprintf(own, sizeof own, "/filings/%d", version);
        json_array_append_new(
            list, json_pack("{s:i, s:o, s:o, s:b, s:o}", "version", version, "href",
                            filing_address(request, own), "filed",
                            wording_moment(pages, request->language, MOMENT_SECOND,
                                           row_time(rows, row, FILED_ARRIVED_AT)),
                            "latest", row_bool(rows, row, FILED_LATEST), "state",
                            wording_string(pages, request->language, state_key(rows, row), NULL)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

/* When the request arrived, by the database's clock; its moment is taken to be in the middle of
 * asking. False: a problem is set. */
static bool arrival(struct request *request, int64_t *out_us)
{
    const struct clock *clock = service_of(request)->clock;
    struct rows rows = {0};
    struct params none = {0};
    int64_t before = clock_monotonic_us(clock);
    bool ok = desk_run(request, STATEMENT_CLOCK_NOW, &none, &rows);
    int64_t after = clock_monotonic_us(clock);
    if (ok) {
        struct clock_pair pair = {before + (after - before) / 2, row_time(&rows, 0, 0)};
        *out_us = batch_arrived(&pair, request->arrived_us);
    }
    rows_clear(&rows);
    return ok;
}

enum problem_code filing_file(struct request *request, const struct consultation *consultation,
                              const char *document, struct filing_receipt *out)
{
    static const int columns[] = {NUMBER, INSTITUTION, VERSION, ARRIVED_AT, DIGEST, RECEIPT_KEY};
    const struct service *service = service_of(request);
    struct params params = {0};
    struct rows rows = {0};
    int64_t arrived_us = 0;
    if (!arrival(request, &arrived_us))
        return PROBLEM_COUNT;
    who_params(&params, request);
    params_text(&params, request->official->network);
    params_int4(&params, consultation->id);
    params_text(&params, document);
    params_time(&params, arrived_us);
    params_int4(&params, (int32_t)service->settings.queue_wait_ms);
    params_int2(&params, keys_newest_receipt(service->keys));
    enum problem_code code = PROBLEM_COUNT;
    if (desk_run(request, STATEMENT_RESPONSE_FILING_FILE, &params, &rows)) {
        const char *outcome = rows_count(&rows) ? row_text(&rows, 0, OUTCOME) : NULL;
        bool filed = outcome && (strcmp(outcome, "filed") == 0 || strcmp(outcome, "replayed") == 0);
        code = filed && receipt_take(consultation, &rows, 0, columns, out) ? PROBLEM_NONE
                                                                           : desk_outcome(outcome);
    }
    rows_clear(&rows);
    return code;
}
