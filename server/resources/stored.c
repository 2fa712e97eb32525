/* A submission as the database has it; see stored.h. */
#include "resources/stored.h"

#include "domain/wipe.h"
#include "http/limiter.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX_WINDOW_S = 600, NUMBER_WINDOW_S = 86400 };

/* Further columns of submission_by_number. */
enum {
    COLUMN_STATE = STORED_ERASED + 1,
    COLUMN_CHANGED_AT,
    COLUMN_KIND,
    COLUMN_IDENTITY_KIND,
    COLUMN_PROVEN,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_SECTOR,
    COLUMN_ORGANISATION,
    COLUMN_CONSENT,
    COLUMN_STANCES,
    COLUMN_VERSIONS,
    COLUMN_WITHHELD,
    COLUMN_PRIORITIES,
    COLUMN_SUPERSEDES
};

/* Columns of submission_remarks. */
enum {
    REMARK_PART,
    REMARK_ORDINAL,
    REMARK_VERSION,
    REMARK_PUBLISH,
    REMARK_ORIGINAL,
    REMARK_MODERATION,
    REMARK_REASON,
    REMARK_PUBLISHED
};

bool stored_receipt(const struct rows *rows, struct receipt *receipt)
{
    size_t length = 0;
    const char *slug = row_text(rows, 0, STORED_SLUG), *number = row_text(rows, 0, STORED_NUMBER);
    const void *commitment = row_bytes(rows, 0, STORED_COMMITMENT, &length);
    *receipt = (struct receipt){
        .arrived_us = row_time(rows, 0, STORED_ARRIVED_AT),
        .receipt_key = (int)row_int(rows, 0, STORED_RECEIPT_KEY),
        .master = (int)row_int(rows, 0, STORED_MASTER),
        .generation = (int)row_int(rows, 0, STORED_GENERATION),
        .erased = row_bool(rows, 0, STORED_ERASED),
    };
    if (!slug || !number || !commitment || length != DIGEST_BYTES ||
        !number_read(number, receipt->number))
        return false;
    snprintf(receipt->consultation, sizeof receipt->consultation, "%s", slug);
    memcpy(receipt->commitment.bytes, commitment, DIGEST_BYTES);
    const void *salt = row_bytes(rows, 0, STORED_SALT, &length);
    if (salt && length == sizeof receipt->salt)
        memcpy(receipt->salt, salt, length);
    return true;
}

/* One row by number. */
static enum problem_code row_find(const struct request *request, enum statement statement,
                                  const char *number, struct rows *rows)
{
    struct params params = {0};
    params_text(&params, number);
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, statement, &params, rows);
    params_clear(&params);
    if (status != DB_OK)
        return status == DB_FAULT || status == DB_REFUSED ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE;
    return rows_count(rows) == 1 ? PROBLEM_NONE : PROBLEM_NOT_FOUND;
}

enum problem_code stored_receipt_find(const struct request *request, const char *number,
                                      struct receipt *receipt)
{
    struct rows rows = {0};
    char own[NUMBER_TEXT + 1];
    if (!number_read(number, own))
        return PROBLEM_NOT_FOUND;
    enum problem_code problem = row_find(request, STATEMENT_RECEIPT_BY_NUMBER, own, &rows);
    if (problem == PROBLEM_NONE && !stored_receipt(&rows, receipt))
        problem = PROBLEM_INTERNAL;
    rows_clear(&rows);
    return problem;
}

static char *text_of(const struct rows *rows, int row, int column)
{
    const char *text = row_text(rows, row, column);
    return text ? strdup(text) : NULL;
}

static void bytes_of(const struct rows *rows, int column, unsigned char *out)
{
    size_t length = 0;
    const void *bytes = row_bytes(rows, 0, column, &length);
    if (bytes)
        memcpy(out, bytes, length < MEASURES_MOST ? length : MEASURES_MOST);
}

static void submission_fill(const struct rows *rows, struct stored *out)
{
    struct submission *submission = &out->submission;
    *submission = (struct submission){
        .consultation = consultation_hold(out->consultation),
        .kind = (enum respondent_kind)row_int(rows, 0, COLUMN_KIND),
        .language = (enum language)row_int(rows, 0, COLUMN_LANGUAGE),
        .channel = (enum channel)row_int(rows, 0, COLUMN_CHANNEL),
        .consent = (enum consent)row_int(rows, 0, COLUMN_CONSENT),
        .sector = text_of(rows, 0, COLUMN_SECTOR),
        .organisation = text_of(rows, 0, COLUMN_ORGANISATION),
        .withheld = (uint64_t)row_int(rows, 0, COLUMN_WITHHELD),
        .priorities = (uint64_t)row_int(rows, 0, COLUMN_PRIORITIES),
    };
    memset(submission->stances, STANCE_ABSENT, sizeof submission->stances);
    bytes_of(rows, COLUMN_STANCES, submission->stances);
    bytes_of(rows, COLUMN_VERSIONS, submission->versions);
    memcpy(submission->salt, out->receipt.salt, sizeof submission->salt);
    const char *supersedes = row_text(rows, 0, COLUMN_SUPERSEDES);
    if (supersedes)
        snprintf(submission->supersedes, sizeof submission->supersedes, "%s", supersedes);
}

/* False: no memory. */
static bool remark_fill(const struct rows *rows, int row, struct remark *out)
{
    *out = (struct remark){
        .part = (enum remark_part)row_int(rows, row, REMARK_PART),
        .ordinal = (int)row_int(rows, row, REMARK_ORDINAL),
        .publish = row_bool(rows, row, REMARK_PUBLISH),
        .version = (int)row_int(rows, row, REMARK_VERSION),
        .text = text_of(rows, row, REMARK_ORIGINAL),
        .moderation = (enum moderation)row_int(rows, row, REMARK_MODERATION),
        .moderation_reason = moderation_reason_find(row_text(rows, row, REMARK_REASON)),
        .published = text_of(rows, row, REMARK_PUBLISHED),
    };
    return out->text && (out->published || row_is_null(rows, row, REMARK_PUBLISHED));
}

static enum problem_code remarks_fill(const struct request *request, struct stored *out)
{
    struct submission *submission = &out->submission;
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, out->receipt.number);
    enum db_status status = db_run(request->db, STATEMENT_SUBMISSION_REMARKS, &params, &rows);
    params_clear(&params);
    int count = status == DB_OK ? rows_count(&rows) : 0;
    submission->remarks = calloc((size_t)count + 1, sizeof *submission->remarks);
    bool ok = submission->remarks != NULL;
    for (int row = 0; ok && row < count; row++)
        ok = remark_fill(&rows, row, &submission->remarks[submission->remark_count++]);
    rows_clear(&rows);
    if (status != DB_OK)
        return PROBLEM_UNAVAILABLE;
    return ok ? PROBLEM_NONE : PROBLEM_INTERNAL;
}

static enum problem_code stored_fill(const struct request *request, const struct rows *rows,
                                     struct stored *out)
{
    const char *state = row_text(rows, 0, COLUMN_STATE);
    out->consultation = catalogue_find(service_of(request)->catalogue, out->receipt.consultation);
    if (!out->consultation || !state)
        return PROBLEM_UNAVAILABLE;
    out->withdrawn = strcmp(state, "withdrawn") == 0;
    out->superseded = strcmp(state, "superseded") == 0;
    out->changed_us = row_time(rows, 0, COLUMN_CHANGED_AT);
    if (out->receipt.erased)
        return PROBLEM_NONE;
    submission_fill(rows, out);
    /* One that is set aside is told the same as before: it may come back. */
    out->submission.moderated = !out->withdrawn && !out->superseded;
    return remarks_fill(request, out);
}

/* Wrong codes are counted by network prefix, in all and for this number; right ones cost nothing.
 */
static void tries_limits(const struct service *service, const char *number, struct limit limits[2])
{
    limits[0] = (struct limit){.purpose = "code",
                               .most = service->settings.code_tries_per_prefix,
                               .window_s = PREFIX_WINDOW_S};
    limits[1] = (struct limit){.purpose = "code",
                               .about = number,
                               .most = service->settings.code_tries_per_number,
                               .window_s = NUMBER_WINDOW_S};
}

static int tries_wait(const struct request *request, const struct limit limits[2])
{
    const struct service *service = service_of(request);
    int all = limiter_wait(service->limiter, &limits[0], request->address);
    int one = limiter_wait(service->limiter, &limits[1], request->address);
    return all > one ? all : one;
}

enum problem_code stored_open(const struct request *request, const char *number, const char *code,
                              struct stored *out, int *retry_s)
{
    const struct service *service = service_of(request);
    struct limit limits[2];
    struct rows rows = {0};
    char own[NUMBER_TEXT + 1];
    *out = (struct stored){0};
    *retry_s = 0;
    if (!number_read(number, own))
        return PROBLEM_NOT_FOUND;
    tries_limits(service, own, limits);
    *retry_s = tries_wait(request, limits);
    if (*retry_s > 0)
        return PROBLEM_TOO_MANY_REQUESTS;
    enum problem_code problem = row_find(request, STATEMENT_SUBMISSION_BY_NUMBER, own, &rows);
    if (problem == PROBLEM_NONE && !stored_receipt(&rows, &out->receipt))
        problem = PROBLEM_INTERNAL;
    if (problem == PROBLEM_NONE && !receipt_code_matches(service->keys, &out->receipt, code)) {
        limiter_take(service->limiter, &limits[0], request->address);
        limiter_take(service->limiter, &limits[1], request->address);
        problem = PROBLEM_CODE_WRONG;
    }
    if (problem == PROBLEM_NONE)
        problem = stored_fill(request, &rows, out);
    rows_clear(&rows);
    return problem;
}

void stored_clear(struct stored *stored)
{
    submission_clear(&stored->submission);
    consultation_release(stored->consultation);
    *stored = (struct stored){0};
}

/* Canonical content marks publication by integers; documents by booleans. */
static void marks_as_booleans(json_t *members)
{
    const char *code;
    json_t *said;
    json_object_foreach(members, code, said)
    {
        bool publish = json_integer_value(json_object_get(said, "publish")) != 0;
        json_object_set_new(said, "publish", json_boolean(publish));
    }
}

json_t *stored_document(const struct stored *stored)
{
    size_t length = 0;
    char *canonical = submission_canonical(&stored->submission, &length);
    json_t *document = canonical ? json_loadb(canonical, length, 0, NULL) : NULL;
    wipe_free(canonical);
    json_object_del(document, "consultation");
    json_object_del(document, "supersedes");
    marks_as_booleans(json_object_get(document, "answers"));
    marks_as_booleans(json_object_get(document, "views"));
    return document;
}
