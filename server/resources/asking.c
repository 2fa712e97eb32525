/* From a checked request for a proof to the letter that carries a code; see asking.h. */
#include "resources/asking.h"

#include "http/limiter.h"
#include "represent/wording.h"
#include "resources/proof.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_WINDOW_S = 600, ASK_TRIES = 3, BUSY_S = 5 };

/* Columns of challenge_ask. */
enum { ASK_OUTCOME, ASK_EXPIRES_AT, ASK_RETRY_S, ASK_ALARM };

struct asking *asking_of_job(struct job *job)
{
    return (struct asking *)(void *)((char *)job - offsetof(struct asking, job));
}

static void asking_free(void *private)
{
    struct asking *asking = private;
    consultation_release(asking->consultation);
    if (asking->form_read)
        form_clear(&asking->form);
    sodium_memzero(asking, sizeof *asking);
    free(asking);
}

struct asking *asking_new(struct request *request, struct consultation *consultation)
{
    struct asking *asking = calloc(1, sizeof *asking);
    if (!asking)
        return NULL;
    asking->request = request;
    asking->consultation = consultation_hold(consultation);
    request->private = asking;
    request->private_free = asking_free;
    return asking;
}

struct asking *asking_of(const struct request *request)
{
    return request->private;
}

static bool letter_say(const struct asking *asking, const char *key, json_t *context, char *out,
                       size_t size)
{
    const struct pages *pages = service_of(asking->request)->pages;
    json_t *words = wording_string(pages, asking->challenge.language, key, context);
    int length = snprintf(out, size, "%s", words ? json_string_value(words) : "");
    json_decref(words);
    return length > 0 && length < (int)size;
}

/* In the person's language, without a link: nobody learns from us to follow one. It says what its
 * code is for, so that nobody is talked into giving away another. */
static bool letter_fill(const struct asking *asking, struct letter *letter)
{
    const struct challenge *challenge = &asking->challenge;
    const char *title = asking->consultation->title.body[challenge->language];
    bool renews = *asking->renews;
    json_t *context =
        json_pack("{s:s, s:s, s:i, s:s}", "code", asking->code, "title", title ? title : "",
                  "minutes", PROOF_MINUTES, "number", asking->renews);
    snprintf(letter->to, sizeof letter->to, "%s", challenge->address);
    bool ok = context &&
              letter_say(asking, renews ? "mail.renewal-subject" : "mail.code-subject", context,
                         letter->subject, sizeof letter->subject) &&
              letter_say(asking, renews ? "mail.renewal-text" : "mail.code-text", context,
                         letter->text, sizeof letter->text);
    json_decref(context);
    return ok;
}

/* Into the place that was reserved; gives it back if there is nothing to send. */
static void letter_push(struct asking *asking, bool wanted)
{
    const struct service *service = service_of(asking->request);
    struct letter letter = {.to = ""};
    if (wanted && letter_fill(asking, &letter)) {
        int64_t now_us = clock_monotonic_us(service->clock);
        int64_t until_us = now_us + PROOF_MINUTES * INT64_C(60) * 1000000;
        mail_push(service->mail, &letter, asking->way, until_us);
        /* For the receipt's number, until the code is over. Without a place that letter is not
         * sent, and the receipt's page says so. */
        if (asking->challenge.send_number && !*asking->renews)
            mail_keep(service->mail, asking->id.bytes, letter.to, asking->way, until_us);
    } else {
        mail_give_back(service->mail);
        if (wanted)
            asking->problem = PROBLEM_INTERNAL;
    }
    sodium_memzero(&letter, sizeof letter);
    sodium_memzero(asking->challenge.address, sizeof asking->challenge.address);
    sodium_memzero(asking->code, sizeof asking->code);
}

void asking_renews(const struct asking *asking, struct params *params)
{
    if (*asking->renews)
        params_text(params, asking->renews);
    else
        params_null(params);
}

static bool ask_params(const struct asking *asking, struct params *params)
{
    const struct service *service = service_of(asking->request);
    const struct challenge *challenge = &asking->challenge;
    int master = keys_newest_master(service->keys);
    struct digest prefix, code;
    proof_prefix(service, asking->request->address, &prefix);
    if (!proof_code_hash(service->keys, master, &asking->id, asking->code, &code))
        return false;
    params_int4(params, asking->consultation->id);
    params_uuid(params, &asking->id);
    params_int2(params, PROOF_EMAIL_CODE);
    params_int2(params, (int)challenge->identity_kind);
    params_bytes(params, challenge->respondent.bytes, sizeof challenge->respondent.bytes);
    params_bytes(params, prefix.bytes, sizeof prefix.bytes);
    params_uuid(params, &challenge->submission_key);
    params_bytes(params, code.bytes, sizeof code.bytes);
    params_int2(params, master);
    params_int4(params, (int32_t)service->settings.codes_per_identity_alarm);
    asking_renews(asking, params);
    return true;
}

void asking_outcome(struct asking *asking, const struct rows *rows)
{
    struct service *service = service_of(asking->request);
    const char *outcome = row_text(rows, 0, ASK_OUTCOME);
    if (outcome && strcmp(outcome, "asked") == 0) {
        asking->problem = PROBLEM_NONE;
        asking->expires_us = row_time(rows, 0, ASK_EXPIRES_AT);
        atomic_fetch_add(&service->proofs.asked, 1);
    } else {
        enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
        asking->problem = problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
        atomic_fetch_add(&service->proofs.refused, 1);
    }
}

static void outcome_read(struct asking *asking, const struct rows *rows)
{
    asking_outcome(asking, rows);
    asking->retry_s = (int)row_int(rows, 0, ASK_RETRY_S);
    if (row_bool(rows, 0, ASK_ALARM))
        proof_alarm(service_of(asking->request), asking->consultation);
}

/* On the clerk's thread. */
static void asking_run(struct job *job, struct db *db)
{
    struct asking *asking = asking_of_job(job);
    struct params params = {0};
    struct rows rows = {0};
    enum db_status status = db_ready(db);
    if (status == DB_OK && !ask_params(asking, &params))
        status = DB_FAULT;
    for (int tries = 0; status == DB_OK && tries < ASK_TRIES; tries++) {
        rows_clear(&rows);
        if (db_run(db, STATEMENT_CHALLENGE_ASK, &params, &rows) != DB_AGAIN)
            break;
    }
    asking->problem = PROBLEM_UNAVAILABLE;
    if (rows_count(&rows) == 1)
        outcome_read(asking, &rows);
    rows_clear(&rows);
    params_clear(&params);
    letter_push(asking, asking->problem == PROBLEM_NONE);
    request_continue(asking->request, asking->next);
}

/* A place for the letter is had. */
static void asking_letter(struct asking *asking)
{
    struct service *service = service_of(asking->request);
    asking->retry_s = BUSY_S;
    proof_code_make(service->clock, asking->code);
    asking->job.run = asking_run;
    request_suspend(asking->request);
    if (!worker_push(service->clerk, &asking->job)) {
        letter_push(asking, false);
        request_continue(asking->request, asking->next);
    }
}

enum handled asking_send(struct asking *asking, request_handler next)
{
    struct service *service = service_of(asking->request);
    const struct limit share = {.purpose = "challenge",
                                .most = service->settings.codes_per_prefix,
                                .window_s = ASK_WINDOW_S};
    bool visits = asking->challenge.identity_kind == IDENTITY_OPENID;
    asking->next = next;
    asking->way = mail_way(service->mail, asking->consultation->rehearsal);
    asking->problem = PROBLEM_PROOF_NOT_TAKEN;
    if (!proof_is_offered(service, asking->consultation, visits ? PROOF_OPENID : PROOF_EMAIL_CODE))
        return HANDLED;
    asking->problem = PROBLEM_TOO_MANY_REQUESTS;
    asking->retry_s = limiter_take(service->limiter, &share, asking->request->address);
    bool busy = asking->retry_s == 0 && !visits && !mail_reserve(service->mail);
    if (busy) {
        asking->problem = PROBLEM_UNAVAILABLE;
        asking->retry_s = BUSY_S;
    }
    if (asking->retry_s > 0) {
        atomic_fetch_add(&service->proofs.refused, 1);
        return HANDLED;
    }
    asking->problem = PROBLEM_UNAVAILABLE;
    clock_uuid(service->clock, &asking->id);
    if (visits)
        asking_visit(asking);
    else
        asking_letter(asking);
    return HANDLED_LATER;
}
