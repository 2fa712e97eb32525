/* From a proof to the new code of a receipt; see renewing.h. */
#include "resources/renewing.h"

#include "domain/wipe.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "resources/proof.h"
#include "resources/sending.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

enum { PREFIX_WINDOW_S = 600, NUMBER_WINDOW_S = 86400, BUSY_S = 5, TRIES = 3 };

/* Columns of submission_renew. */
enum { RENEW_OUTCOME, RENEW_GENERATION, RENEW_RETRY_S, RENEW_ALARM };

static void renewing_free(void *private)
{
    struct renewing *renewing = private;
    consultation_release(renewing->consultation);
    wipe_free(renewing); /* the receipt's random bytes and the code are among it */
}

struct consultation *renewing_consultation(struct request *request, struct receipt *receipt)
{
    struct consultation *consultation = NULL;
    enum problem_code problem =
        stored_receipt_find(request, request_part(request, "number"), receipt);
    if (problem == PROBLEM_NONE) {
        consultation = catalogue_find(service_of(request)->catalogue, receipt->consultation);
        problem = consultation ? PROBLEM_NONE : PROBLEM_UNAVAILABLE;
    }
    if (problem != PROBLEM_NONE) {
        sending_retry_header(request, problem, 0);
        reply_problem(request, problem, NULL);
    }
    return consultation;
}

struct renewing *renewing_new(struct request *request)
{
    struct receipt receipt;
    struct consultation *consultation = renewing_consultation(request, &receipt);
    if (!consultation)
        return NULL;
    struct renewing *renewing = calloc(1, sizeof *renewing);
    if (!renewing) {
        consultation_release(consultation);
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return NULL;
    }
    renewing->request = request;
    renewing->consultation = consultation;
    renewing->receipt = receipt;
    request->private = renewing;
    request->private_free = renewing_free;
    return renewing;
}

struct renewing *renewing_of(const struct request *request)
{
    return request->private;
}

/* As many as codes may be tried, and counted apart from them: whoever spoils the one way has not
 * closed the other. */
static void tries_limits(const struct renewing *renewing, struct limit limits[2])
{
    const struct settings *settings = &service_of(renewing->request)->settings;
    limits[0] = (struct limit){
        .purpose = "renewal", .most = settings->code_tries_per_prefix, .window_s = PREFIX_WINDOW_S};
    limits[1] = (struct limit){.purpose = "renewal",
                               .about = renewing->receipt.number,
                               .most = settings->code_tries_per_number,
                               .window_s = NUMBER_WINDOW_S};
}

static void try_count(const struct renewing *renewing)
{
    struct limit limits[2];
    tries_limits(renewing, limits);
    for (size_t i = 0; i < 2; i++)
        limiter_take(service_of(renewing->request)->limiter, &limits[i],
                     renewing->request->address);
}

static void outcome_read(struct renewing *renewing, const struct rows *rows)
{
    struct service *service = service_of(renewing->request);
    const char *outcome = row_text(rows, 0, RENEW_OUTCOME);
    enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
    renewing->retry_s = (int)row_int(rows, 0, RENEW_RETRY_S);
    if (outcome && strcmp(outcome, "renewed") == 0) {
        renewing->problem = PROBLEM_NONE;
        renewing->receipt.generation = (int)row_int(rows, 0, RENEW_GENERATION);
    } else {
        renewing->problem = problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
    }
    if (problem == PROBLEM_PROOF_WRONG)
        atomic_fetch_add(&service->proofs.wrong, 1);
    if (problem == PROBLEM_PROOF_WRONG || problem == PROBLEM_NOT_RENEWED)
        try_count(renewing);
    if (row_bool(rows, 0, RENEW_ALARM))
        proof_alarm(service, renewing->consultation);
}

static bool renew_params(const struct renewing *renewing, struct params *params)
{
    const struct service *service = service_of(renewing->request);
    int master = keys_newest_master(service->keys);
    struct digest prefix, code;
    proof_prefix(service, renewing->request->address, &prefix);
    if (!proof_code_hash(service->keys, master, &renewing->renewal.challenge,
                         renewing->renewal.code, &code))
        return false;
    params_text(params, renewing->receipt.number);
    params_int4(params, renewing->consultation->id);
    params_uuid(params, &renewing->renewal.challenge);
    params_bytes(params, prefix.bytes, sizeof prefix.bytes);
    params_uuid(params, &renewing->key);
    params_bytes(params, code.bytes, sizeof code.bytes);
    params_int2(params, master);
    params_int4(params, (int32_t)service->settings.codes_per_identity_alarm);
    return true;
}

/* On the clerk's thread. */
static void renewing_run(struct job *job, struct db *db)
{
    struct renewing *renewing =
        (struct renewing *)(void *)((char *)job - offsetof(struct renewing, job));
    struct params params = {0};
    struct rows rows = {0};
    enum db_status status = db_ready(db);
    if (status == DB_OK && !renew_params(renewing, &params))
        status = DB_FAULT;
    for (int tries = 0; status == DB_OK && tries < TRIES; tries++) {
        rows_clear(&rows);
        if (db_run(db, STATEMENT_SUBMISSION_RENEW, &params, &rows) != DB_AGAIN)
            break;
    }
    renewing->problem = PROBLEM_UNAVAILABLE;
    if (rows_count(&rows) == 1)
        outcome_read(renewing, &rows);
    rows_clear(&rows);
    params_clear(&params);
    request_continue(renewing->request, renewing->next);
}

enum handled renewing_send(struct renewing *renewing, request_handler next)
{
    const struct service *service = service_of(renewing->request);
    struct limit limits[2];
    tries_limits(renewing, limits);
    renewing->next = next;
    renewing->problem = PROBLEM_TOO_MANY_REQUESTS;
    for (size_t i = 0; i < 2; i++) {
        int wait_s = limiter_wait(service->limiter, &limits[i], renewing->request->address);
        renewing->retry_s = wait_s > renewing->retry_s ? wait_s : renewing->retry_s;
    }
    if (renewing->retry_s > 0)
        return HANDLED;
    renewing->problem = PROBLEM_UNAVAILABLE;
    renewing->retry_s = BUSY_S;
    renewing->job.run = renewing_run;
    request_suspend(renewing->request);
    if (!worker_push(service->clerk, &renewing->job))
        request_continue(renewing->request, next);
    return HANDLED_LATER;
}
