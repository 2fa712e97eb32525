/* A submission on its way to the writer and back; see sending.h. */
#include "resources/sending.h"

#include "domain/proof_of_work.h"
#include "domain/wipe.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "http/worker.h"
#include "represent/wording.h"
#include "resources/stored.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE_WINDOW_S = 600, BUSY_S = 1 };

const char sending_key_header[] = "Idempotency-Key";

static void sending_free(void *private)
{
    struct sending *sending = private;
    submission_clear(&sending->submission);
    consultation_release(sending->consultation);
    if (sending->form_read)
        form_clear(&sending->form);
    wipe_free(sending); /* a receipt's random bytes are among it */
}

struct sending *sending_new(struct request *request, struct consultation *consultation)
{
    struct sending *sending = calloc(1, sizeof *sending);
    if (!sending)
        return NULL;
    sending->request = request;
    sending->consultation = consultation_hold(consultation);
    request->private = sending;
    request->private_free = sending_free;
    return sending;
}

struct sending *sending_of(const struct request *request)
{
    return request->private;
}

struct sending *sending_of_job(struct job *job)
{
    return (struct sending *)(void *)((char *)job - offsetof(struct sending, job));
}

enum problem_code sending_key(const struct request *request, struct uuid *key)
{
    const char *text = request_header(request, sending_key_header);
    if (!text)
        return PROBLEM_KEY_MISSING;
    return parse_uuid(text, key) ? PROBLEM_NONE : PROBLEM_KEY_INVALID;
}

enum problem_code sending_prove(struct sending *sending, const char *payload)
{
    const struct service *service = service_of(sending->request);
    enum problem_code problem =
        payload ? proof_of_work_check(service->keys, service->clock, sending->consultation->slug,
                                      &sending->submission.key, payload)
                : PROBLEM_NONE;
    sending->submission.unchallenged = !payload || problem != PROBLEM_NONE;
    return problem;
}

/* From the writer's thread: signing and writing the reply are the HTTP thread's. */
static void sending_done(struct entry *entry)
{
    struct sending *sending = entry->context;
    request_continue(sending->request, sending->next);
}

/* On a worker thread: the same key and content get their receipt, whatever speaks against them now.
 */
static void replay_find(struct job *job, struct db *db)
{
    struct sending *sending = sending_of_job(job);
    struct entry *entry = &sending->entry;
    struct params params = {0};
    struct rows rows = {0};
    params_uuid(&params, &sending->submission.key);
    params_bytes(&params, sending->submission.content_hash.bytes, DIGEST_BYTES);
    if (db_ready(db) == DB_OK && db_run(db, STATEMENT_RECEIPT_BY_KEY, &params, &rows) == DB_OK &&
        rows_count(&rows) == 1 && stored_receipt(&rows, &entry->receipt) &&
        row_int(&rows, 0, STORED_CONSULTATION) == sending->consultation->id) {
        entry->problem = PROBLEM_NONE;
        entry->replayed = true;
    }
    rows_clear(&rows);
    params_clear(&params);
    request_continue(sending->request, sending->next);
}

/* Nothing will be stored; but what was recorded before has its receipt. As many looks for one are
 * granted to a network as submissions, so that a flood cannot keep the workers busy. */
static enum handled sending_refused(struct sending *sending, enum problem_code problem, int wait_s)
{
    const struct service *service = service_of(sending->request);
    const struct limit looks = {.purpose = "replay",
                                .most = service->settings.submissions_per_prefix,
                                .window_s = SHARE_WINDOW_S};
    sending->entry.problem = problem;
    sending->retry_s = wait_s;
    if (limiter_take(service->limiter, &looks, sending->request->address) > 0)
        return HANDLED;
    request_suspend(sending->request);
    sending->job.run = replay_find;
    if (worker_push(service->worker, &sending->job))
        return HANDLED_LATER;
    request_continue(sending->request, sending->next);
    return HANDLED_LATER;
}

static bool sending_seal(struct sending *sending)
{
    struct submission *submission = &sending->submission;
    clock_random(service_of(sending->request)->clock, submission->salt, sizeof submission->salt);
    submission->arrived_us = sending->request->arrived_us;
    return submission_seal(submission);
}

/* A place first, then suspended, and only then the writer's: it may be done before this returns. */
static enum handled entry_push(struct sending *sending)
{
    const struct service *service = service_of(sending->request);
    struct entry *entry = &sending->entry;
    entry->problem = PROBLEM_UNAVAILABLE;
    if (!queue_reserve(service->queue))
        return HANDLED;
    entry->done = sending_done;
    entry->context = sending;
    entry->pushed_us = sending->request->arrived_us;
    request_suspend(sending->request);
    queue_push(service->queue, entry);
    return HANDLED_LATER;
}

static enum handled submission_push(struct sending *sending)
{
    sending->entry.kind = ENTRY_SUBMIT;
    sending->entry.submission = &sending->submission;
    return entry_push(sending);
}

enum handled sending_push(struct sending *sending, request_handler next)
{
    const struct service *service = service_of(sending->request);
    const struct limit share = {.purpose = "submission",
                                .most = service->settings.submissions_per_prefix,
                                .window_s = SHARE_WINDOW_S};
    struct entry *entry = &sending->entry;
    sending->next = next;
    entry->problem = PROBLEM_INTERNAL;
    if (!sending_seal(sending))
        return HANDLED;
    if (sending->refusal != PROBLEM_NONE)
        return sending_refused(sending, sending->refusal, 0);
    int wait_s = limiter_take(service->limiter, &share, sending->request->address);
    if (wait_s > 0)
        return sending_refused(sending, PROBLEM_TOO_MANY_REQUESTS, wait_s);
    return submission_push(sending);
}

enum handled sending_push_entered(struct sending *sending, request_handler next)
{
    sending->next = next;
    sending->entry.problem = PROBLEM_INTERNAL;
    return sending_seal(sending) ? submission_push(sending) : HANDLED;
}

enum handled sending_withdraw(struct request *request, const struct stored *stored,
                              request_handler next)
{
    struct sending *sending = sending_new(request, stored->consultation);
    if (!sending) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    sending->next = next;
    sending->entry.kind = ENTRY_WITHDRAW;
    sending->entry.generation = stored->receipt.generation;
    memcpy(sending->entry.number, stored->receipt.number, sizeof sending->entry.number);
    sending->entry.receipt = stored->receipt;
    return entry_push(sending) == HANDLED_LATER ? HANDLED_LATER : next(request);
}

enum problem_code sending_withdrawn(const struct sending *sending)
{
    const struct entry *entry = &sending->entry;
    bool before = entry->problem == PROBLEM_WITHDRAWN && entry->withdrawn_us;
    return before ? PROBLEM_NONE : entry->problem;
}

void sending_retry_header(struct request *request, enum problem_code problem, int retry_s)
{
    char seconds[16];
    if (retry_s <= 0 && problem_status(problem) == 503)
        retry_s = BUSY_S;
    if (retry_s <= 0)
        return;
    snprintf(seconds, sizeof seconds, "%d", retry_s);
    reply_header(request, "Retry-After", seconds);
}

json_t *sending_retry_words(const struct request *request)
{
    return wording_retry(service_of(request)->pages, request->language,
                         reply_header_set(request, "Retry-After"));
}
