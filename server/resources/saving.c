/* A form on its way to where it is kept and back; see saving.h. */
#include "resources/saving.h"

#include "http/limiter.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE_WINDOW_S = 600, BUSY_S = 5, ROOM_S = 600, TRIES = 3, KIB = 1024, MIB = KIB * KIB };
enum { PUT_OUTCOME, PUT_EXPIRES_AT };
enum { GET_SLUG, GET_SEALED, GET_EXPIRES_AT };

static void saving_free(void *private)
{
    struct saving *saving = private;
    form_state_clear(&saving->state);
    consultation_release(saving->consultation);
    if (saving->form_read)
        form_clear(&saving->form);
    free(saving->sealed);
    sodium_memzero(saving, sizeof *saving);
    free(saving);
}

struct saving *saving_new(struct request *request)
{
    struct saving *saving = calloc(1, sizeof *saving);
    if (!saving)
        return NULL;
    saving->request = request;
    request->private = saving;
    request->private_free = saving_free;
    return saving;
}

struct saving *saving_of(const struct request *request)
{
    return request->private;
}

static enum problem_code put_read(struct saving *saving, const struct rows *rows)
{
    const char *outcome = row_text(rows, 0, PUT_OUTCOME);
    if (outcome && strcmp(outcome, "saved") == 0) {
        saving->expires_us = row_time(rows, 0, PUT_EXPIRES_AT);
        return PROBLEM_NONE;
    }
    enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
    return problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
}

static enum problem_code get_read(struct saving *saving, const struct rows *rows)
{
    const struct service *service = service_of(saving->request);
    size_t length = 0;
    if (rows_count(rows) != 1)
        return PROBLEM_RETURN_CODE_WRONG;
    const char *slug = row_text(rows, 0, GET_SLUG);
    const void *sealed = row_bytes(rows, 0, GET_SEALED, &length);
    saving->expires_us = row_time(rows, 0, GET_EXPIRES_AT);
    saving->consultation = slug ? catalogue_find(service->catalogue, slug) : NULL;
    if (!saving->consultation || !sealed)
        return PROBLEM_UNAVAILABLE;
    return saved_form_open(saving->code, slug, sealed, length, &saving->state) == SEALED_FORM_OPENED
               ? PROBLEM_NONE
               : PROBLEM_INTERNAL;
}

static enum problem_code erase_read(const struct rows *rows)
{
    return row_bool(rows, 0, 0) ? PROBLEM_NONE : PROBLEM_RETURN_CODE_WRONG;
}

static enum problem_code outcome_read(struct saving *saving, const struct rows *rows)
{
    switch (saving->act) {
    case SAVING_PUT:
        return put_read(saving, rows);
    case SAVING_GET:
        return get_read(saving, rows);
    case SAVING_ERASE:
        return erase_read(rows);
    }
    return PROBLEM_INTERNAL;
}

static void saving_params(const struct saving *saving, struct params *params)
{
    const struct service *service = service_of(saving->request);
    struct digest find;
    saved_form_find(saving->code, &find);
    if (saving->act == SAVING_PUT)
        params_int4(params, saving->consultation->id);
    params_bytes(params, find.bytes, DIGEST_BYTES);
    if (saving->act == SAVING_PUT) {
        params_bytes(params, saving->sealed, saving->sealed_length);
        params_int4(params, (int32_t)service->settings.saved_forms_most);
        params_int8(params, (int64_t)service->settings.saved_megabytes_most * MIB);
    }
}

/* Wrong codes are counted by network prefix; right ones cost nothing but their share. */
static struct limit tries_limit(const struct service *service)
{
    return (struct limit){.purpose = "return-code",
                          .most = service->settings.code_tries_per_prefix,
                          .window_s = SHARE_WINDOW_S};
}

/* What a network may have kept, by its bytes. In memory as all limits of networks are: a share that
 * outlived a restart would be a mark of the network beside what somebody wrote, for fourteen days.
 * The bound of the whole consultation does outlive it. */
static struct limit bytes_limit(const struct service *service, size_t bytes)
{
    return (struct limit){.purpose = "saved-bytes",
                          .most = service->settings.saved_megabytes_per_prefix * KIB,
                          .window_s = SAVED_FORM_DAYS * 86400,
                          .cost = (long)(bytes / KIB + 1)};
}

static void saving_count(const struct saving *saving)
{
    struct saving_figures *figures = &service_of(saving->request)->savings;
    if (saving->problem == PROBLEM_RETURN_CODE_WRONG)
        atomic_fetch_add(&figures->wrong, 1);
    else if (saving->problem != PROBLEM_NONE)
        atomic_fetch_add(&figures->refused, 1);
    else
        atomic_fetch_add(saving->act == SAVING_PUT   ? &figures->kept
                         : saving->act == SAVING_GET ? &figures->opened
                                                     : &figures->erased,
                         1);
}

/* On the clerk's thread. */
static void saving_run(struct job *job, struct db *db)
{
    static const enum statement statements[] = {[SAVING_PUT] = STATEMENT_SAVED_FORM_PUT,
                                                [SAVING_GET] = STATEMENT_SAVED_FORM_GET,
                                                [SAVING_ERASE] = STATEMENT_SAVED_FORM_ERASE};
    struct saving *saving = (struct saving *)(void *)((char *)job - offsetof(struct saving, job));
    const struct service *service = service_of(saving->request);
    struct params params = {0};
    struct rows rows = {0};
    saving_params(saving, &params);
    enum db_status status = db_ready(db);
    for (int tries = 0; status == DB_OK && tries < TRIES; tries++) {
        rows_clear(&rows);
        status = db_run(db, statements[saving->act], &params, &rows);
        if (status != DB_AGAIN)
            break;
        status = DB_OK;
    }
    bool answered = status == DB_OK && (saving->act == SAVING_GET || rows_count(&rows) == 1);
    saving->problem = answered ? outcome_read(saving, &rows) : PROBLEM_UNAVAILABLE;
    if (saving->problem == PROBLEM_SAVED_FORMS_FULL)
        saving->retry_s = ROOM_S;
    if (saving->problem == PROBLEM_RETURN_CODE_WRONG) {
        const struct limit limit = tries_limit(service);
        limiter_take(service->limiter, &limit, saving->request->address);
    }
    saving_count(saving);
    rows_clear(&rows);
    params_clear(&params);
    request_continue(saving->request, saving->next);
}

enum handled saving_send(struct saving *saving, enum saving_act act, request_handler next)
{
    struct service *service = service_of(saving->request);
    const char *address = saving->request->address;
    const struct limit share = {.purpose = "saving",
                                .most = service->settings.saves_per_prefix,
                                .window_s = SHARE_WINDOW_S};
    const struct limit tries = tries_limit(service);
    saving->act = act;
    saving->next = next;
    saving->problem = PROBLEM_TOO_MANY_REQUESTS;
    saving->retry_s = act == SAVING_PUT ? 0 : limiter_wait(service->limiter, &tries, address);
    if (saving->retry_s == 0)
        saving->retry_s = limiter_take(service->limiter, &share, address);
    if (saving->retry_s == 0 && act == SAVING_PUT) {
        const struct limit bytes = bytes_limit(service, saving->sealed_length);
        saving->retry_s = limiter_take(service->limiter, &bytes, address);
        if (saving->retry_s > 0)
            saving->problem = PROBLEM_SAVED_FORMS_FULL;
    }
    if (saving->retry_s > 0) {
        saving_count(saving);
        return HANDLED;
    }
    saving->problem = PROBLEM_UNAVAILABLE;
    saving->job.run = saving_run;
    request_suspend(saving->request);
    if (!worker_push(service->clerk, &saving->job)) {
        saving->retry_s = BUSY_S;
        saving_count(saving);
        request_continue(saving->request, next);
    }
    return HANDLED_LATER;
}

struct forgetting {
    struct job job;
    struct digest find;
};

static void forgetting_run(struct job *job, struct db *db)
{
    struct forgetting *forgetting =
        (struct forgetting *)(void *)((char *)job - offsetof(struct forgetting, job));
    struct params params = {0};
    struct rows rows = {0};
    params_bytes(&params, forgetting->find.bytes, DIGEST_BYTES);
    if (db_ready(db) == DB_OK)
        db_run(db, STATEMENT_SAVED_FORM_ERASE, &params, &rows);
    rows_clear(&rows);
    params_clear(&params);
    free(forgetting);
}

void saving_forget(struct service *service, const struct digest *find)
{
    struct forgetting *forgetting = calloc(1, sizeof *forgetting);
    if (!forgetting)
        return;
    forgetting->job.run = forgetting_run;
    forgetting->find = *find;
    if (!worker_push(service->clerk, &forgetting->job))
        free(forgetting);
}
