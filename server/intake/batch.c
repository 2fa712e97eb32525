/* A batch as arrays, one call for all of it; see batch.h. */
#include "intake/batch.h"

#include <string.h>

/* Columns of submission_accept, in the statement's order. */
enum {
    COLUMN_ENTRY,
    COLUMN_OUTCOME,
    COLUMN_NUMBER,
    COLUMN_ARRIVED_AT,
    COLUMN_SALT,
    COLUMN_COMMITMENT,
    COLUMN_RECEIPT_KEY,
    COLUMN_MASTER,
    COLUMN_GENERATION,
    COLUMN_CONSULTATION
};

int64_t batch_arrived(const struct clock_pair *pair, int64_t monotonic_us)
{
    return pair->database_us - (pair->monotonic_us - monotonic_us);
}

/* One parameter: an array with one element for each submission `s` of the batch. */
#define ARRAY(element, add)                                                                        \
    do {                                                                                           \
        array_begin(params, element);                                                              \
        for (size_t i = 0; i < count; i++) {                                                       \
            const struct submission *s = entries[i]->submission;                                   \
            add;                                                                                   \
        }                                                                                          \
        array_end(params);                                                                         \
    } while (0)

/* The same with one element for each remark `r` of each submission. */
#define REMARK_ARRAY(element, add)                                                                 \
    do {                                                                                           \
        array_begin(params, element);                                                              \
        for (size_t i = 0; i < count; i++)                                                         \
            for (size_t n = 0; n < entries[i]->submission->remark_count; n++) {                    \
                const struct remark *r = &entries[i]->submission->remarks[n];                      \
                add;                                                                               \
            }                                                                                      \
        array_end(params);                                                                         \
    } while (0)

static void batch_respondents(struct params *params, struct entry *const *entries, size_t count)
{
    ARRAY(ELEMENT_INT2, array_int2(params, (int)s->kind));
    ARRAY(ELEMENT_INT2, array_int2(params, (int)s->identity_kind));
    ARRAY(ELEMENT_BYTES,
          s->identity_kind == IDENTITY_NONE
              ? array_null(params)
              : array_bytes(params, s->respondent.bytes, sizeof s->respondent.bytes));
    ARRAY(ELEMENT_BOOL, array_bool(params, s->proven));
    ARRAY(ELEMENT_BOOL, array_bool(params, s->unchallenged));
    ARRAY(ELEMENT_INT2, array_int2(params, (int)s->language));
    ARRAY(ELEMENT_INT2, array_int2(params, (int)s->channel));
    ARRAY(ELEMENT_TEXT, s->sector ? array_text(params, s->sector) : array_null(params));
    ARRAY(ELEMENT_TEXT, s->organisation ? array_text(params, s->organisation) : array_null(params));
}

static void batch_contents(struct params *params, struct entry *const *entries, size_t count)
{
    ARRAY(ELEMENT_INT2, array_int2(params, (int)s->consent));
    ARRAY(ELEMENT_INT8, array_int8(params, (int64_t)s->withheld));
    ARRAY(ELEMENT_BYTES, array_bytes(params, s->stances, s->consultation->measure_count));
    ARRAY(ELEMENT_BYTES, array_bytes(params, s->versions, s->consultation->measure_count));
    ARRAY(ELEMENT_INT8, array_int8(params, (int64_t)s->priorities));
}

static void batch_receipts(struct params *params, const struct batch_terms *terms,
                           struct entry *const *entries, size_t count)
{
    ARRAY(ELEMENT_BYTES, array_bytes(params, s->salt, sizeof s->salt));
    ARRAY(ELEMENT_BYTES, array_bytes(params, s->commitment.bytes, sizeof s->commitment.bytes));
    ARRAY(ELEMENT_INT2, (void)s; array_int2(params, terms->receipt_key));
    ARRAY(ELEMENT_INT2, (void)s; array_int2(params, terms->master));
    ARRAY(ELEMENT_TIME, array_time(params, batch_arrived(&terms->pair, s->arrived_us)));
    ARRAY(ELEMENT_TEXT, *s->supersedes ? array_text(params, s->supersedes) : array_null(params));
    ARRAY(ELEMENT_INT2,
          *s->supersedes ? array_int2(params, s->supersedes_generation) : array_null(params));
}

static void batch_remarks(struct params *params, struct entry *const *entries, size_t count)
{
    REMARK_ARRAY(ELEMENT_INT4, (void)r; array_int4(params, (int32_t)i + 1));
    REMARK_ARRAY(ELEMENT_INT2, array_int2(params, (int)r->part));
    REMARK_ARRAY(ELEMENT_INT2, array_int2(params, r->ordinal));
    REMARK_ARRAY(ELEMENT_INT2, array_int2(params, r->version));
    REMARK_ARRAY(ELEMENT_BOOL, array_bool(params, r->publish));
    REMARK_ARRAY(ELEMENT_TEXT, array_text(params, r->text));
}

static void batch_assisted(struct params *params, struct entry *const *entries, size_t count)
{
    ARRAY(ELEMENT_DATE,
          s->assisted.official ? array_date(params, s->assisted.received_day) : array_null(params));
    ARRAY(ELEMENT_INT4,
          s->assisted.official ? array_int4(params, s->assisted.official) : array_null(params));
    ARRAY(ELEMENT_TEXT,
          s->assisted.official ? array_text(params, s->assisted.network) : array_null(params));
}

void batch_params(struct params *params, const struct batch_terms *terms,
                  struct entry *const *entries, size_t count)
{
    params_reset(params);
    params_int2(params, terms->slot);
    params_int4(params, terms->wait_most_ms);
    ARRAY(ELEMENT_INT4, array_int4(params, s->consultation->id));
    ARRAY(ELEMENT_UUID, array_uuid(params, &s->key));
    ARRAY(ELEMENT_BYTES, array_bytes(params, s->content_hash.bytes, sizeof s->content_hash.bytes));
    ARRAY(ELEMENT_TEXT, (void)s; array_text(params, entries[i]->number));
    batch_respondents(params, entries, count);
    batch_contents(params, entries, count);
    batch_receipts(params, terms, entries, count);
    batch_remarks(params, entries, count);
    ARRAY(ELEMENT_TIME, s->opened_us ? array_time(params, s->opened_us) : array_null(params));
    batch_assisted(params, entries, count);
}

#undef ARRAY
#undef REMARK_ARRAY

/* The receipt of the row that is stored now: this entry's own, or the one its key made before. */
static void receipt_fill(const struct rows *rows, int row, struct entry *entry)
{
    struct receipt *receipt = &entry->receipt;
    size_t length = 0;
    const void *bytes = row_bytes(rows, row, COLUMN_COMMITMENT, &length);
    *receipt = (struct receipt){
        .arrived_us = row_time(rows, row, COLUMN_ARRIVED_AT),
        .receipt_key = (int)row_int(rows, row, COLUMN_RECEIPT_KEY),
        .master = (int)row_int(rows, row, COLUMN_MASTER),
        .generation = (int)row_int(rows, row, COLUMN_GENERATION),
        .erased = row_is_null(rows, row, COLUMN_SALT),
    };
    memcpy(receipt->consultation, entry->submission->consultation->slug,
           sizeof receipt->consultation);
    const char *number = row_text(rows, row, COLUMN_NUMBER);
    if (!number || !number_read(number, receipt->number) || length != DIGEST_BYTES) {
        entry->problem = PROBLEM_INTERNAL;
        return;
    }
    memcpy(receipt->commitment.bytes, bytes, DIGEST_BYTES);
    bytes = row_bytes(rows, row, COLUMN_SALT, &length);
    if (bytes && length == sizeof receipt->salt)
        memcpy(receipt->salt, bytes, length);
}

/* The problem of an outcome; its names are those of the problems. False: the number is taken. */
static bool outcome_read(const struct rows *rows, int row, struct entry *entry)
{
    const char *outcome = row_text(rows, row, COLUMN_OUTCOME);
    bool recorded = outcome && strcmp(outcome, "recorded") == 0;
    entry->replayed = outcome && strcmp(outcome, "replayed") == 0;
    if (outcome && strcmp(outcome, "number-taken") == 0)
        return false;
    if (recorded || entry->replayed) {
        /* An erased row answers its key whatever the content: even that of another consultation,
         * whose receipt it is not. */
        bool own = row_int(rows, row, COLUMN_CONSULTATION) == entry->submission->consultation->id;
        entry->problem = own ? PROBLEM_NONE : PROBLEM_KEY_REUSED;
        if (own)
            receipt_fill(rows, row, entry);
        return true;
    }
    enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
    entry->problem = problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
    return true;
}

size_t batch_outcomes(const struct rows *rows, struct entry **entries, size_t count)
{
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        entries[i]->problem = PROBLEM_INTERNAL;
        entries[i]->number_taken = false;
    }
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t at = row_int(rows, row, COLUMN_ENTRY) - 1;
        if (at >= 0 && (size_t)at < count)
            entries[at]->number_taken = !outcome_read(rows, row, entries[at]);
    }
    for (size_t i = 0; i < count; i++)
        if (entries[i]->number_taken) {
            struct entry *entry = entries[i];
            entries[i] = entries[taken];
            entries[taken++] = entry;
        }
    return taken;
}
