/* Judging what proves an identity; see proof.h. The database is asked on the clerk's thread, so
 * that no HTTP thread waits; the rest of a submission's way is sending.c's. */
#include "resources/proof.h"

#include "base/log.h"
#include "domain/proof.h"
#include "http/limiter.h"
#include "store/db.h"

#include <sodium.h>
#include <string.h>

enum { JUDGE_WINDOW_S = 600, JUDGE_TRIES = 3 };

/* Columns of challenge_answer. */
enum { ANSWER_OUTCOME, ANSWER_IDENTITY_KIND, ANSWER_IDENTITY_HASH, ANSWER_RETRY_S, ANSWER_ALARM };

bool proof_is_offered(const struct service *service, const struct consultation *consultation,
                      enum proof_kind kind)
{
    if (!(consultation->proofs >> kind & 1))
        return false;
    if (kind == PROOF_OPENID)
        return provider_is_set(service->provider);
    return kind != PROOF_EMAIL_CODE ||
           (consultation->identity_kinds >> IDENTITY_EMAIL & 1 &&
            mail_way(service->mail, consultation->rehearsal) != MAIL_NONE);
}

void proof_prefix(const struct service *service, const char *address, struct digest *out)
{
    unsigned char prefix[8];
    const struct digest_part part = {prefix, limiter_prefix(address, prefix)};
    digest_parts(service->prefix_key, &part, 1, out);
}

void proof_alarm(struct service *service, const struct consultation *consultation)
{
    atomic_fetch_add(&service->proofs.alarms, 1);
    log_event(LOG_LEVEL_WARNING, "identity-pressed", "consultation=%s acts=%ld", consultation->slug,
              service->settings.codes_per_identity_alarm);
}

/* Takes the identity over, be it proven now, declared, or of what the form recorded before. */
static bool identity_take(struct submission *submission, const struct rows *rows, bool proven)
{
    size_t length = 0;
    const void *bytes = row_bytes(rows, 0, ANSWER_IDENTITY_HASH, &length);
    if (bytes && length != sizeof submission->respondent.bytes)
        return false;
    submission->identity_kind = (enum identity_kind)row_int(rows, 0, ANSWER_IDENTITY_KIND);
    submission->respondent = (struct respondent_hash){0};
    if (bytes)
        memcpy(submission->respondent.bytes, bytes, length);
    submission->proven = proven;
    if (proven)
        submission->unchallenged = false;
    return true;
}

static void outcome_read(struct sending *sending, const struct rows *rows)
{
    struct service *service = service_of(sending->request);
    const char *outcome = rows_count(rows) == 1 ? row_text(rows, 0, ANSWER_OUTCOME) : NULL;
    bool proven = outcome && strcmp(outcome, "proven") == 0;
    bool known =
        outcome && (strcmp(outcome, "sent-before") == 0 || strcmp(outcome, "declared") == 0);
    enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
    if ((proven || known) && identity_take(&sending->submission, rows, proven))
        sending->entry.problem = PROBLEM_NONE;
    else
        sending->entry.problem = problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
    sending->retry_s = (int)row_int(rows, 0, ANSWER_RETRY_S);
    if (proven)
        atomic_fetch_add(&service->proofs.proven, 1);
    if (problem == PROBLEM_PROOF_WRONG)
        atomic_fetch_add(&service->proofs.wrong, 1);
    if (problem == PROBLEM_CHALLENGE_EXPIRED)
        atomic_fetch_add(&service->proofs.late, 1);
    if (row_bool(rows, 0, ANSWER_ALARM))
        proof_alarm(service, sending->consultation);
}

static bool judge_params(const struct sending *sending, struct params *params)
{
    const struct service *service = service_of(sending->request);
    const struct submission *submission = &sending->submission;
    int master = keys_newest_master(service->keys);
    struct digest prefix, code;
    proof_prefix(service, sending->request->address, &prefix);
    if (!proof_code_hash(service->keys, master, &submission->challenge, submission->proof_code,
                         &code))
        return false;
    params_int4(params, submission->consultation->id);
    params_uuid(params, &submission->challenge);
    params_bytes(params, prefix.bytes, sizeof prefix.bytes);
    params_uuid(params, &submission->key);
    if (*submission->proof_code)
        params_bytes(params, code.bytes, sizeof code.bytes);
    else
        params_null(params);
    params_int2(params, master);
    params_int4(params, (int32_t)service->settings.codes_per_identity_alarm);
    return true;
}

/* On the HTTP thread: on to the queue with the identity that was proven. */
static enum handled proof_judged(struct request *request)
{
    struct sending *sending = sending_of(request);
    request_handler next = sending->next;
    if (sending->entry.problem == PROBLEM_NONE && sending_push(sending, next) == HANDLED_LATER)
        return HANDLED_LATER;
    return next(request);
}

/* On the clerk's thread. */
static void proof_judge(struct job *job, struct db *db)
{
    struct sending *sending = sending_of_job(job);
    struct params params = {0};
    struct rows rows = {0};
    enum db_status status = db_ready(db);
    if (status == DB_OK && !judge_params(sending, &params))
        status = DB_FAULT;
    for (int tries = 0; status == DB_OK && tries < JUDGE_TRIES; tries++) {
        rows_clear(&rows);
        if (db_run(db, STATEMENT_CHALLENGE_ANSWER, &params, &rows) != DB_AGAIN)
            break;
    }
    sending->entry.problem = PROBLEM_UNAVAILABLE;
    if (rows_count(&rows) == 1)
        outcome_read(sending, &rows);
    rows_clear(&rows);
    params_clear(&params);
    request_continue(sending->request, proof_judged);
}

enum handled proof_send(struct sending *sending, request_handler next)
{
    struct service *service = service_of(sending->request);
    /* Twice what may be submitted, so that a slip of the finger costs nobody else. */
    const struct limit share = {.purpose = "proof",
                                .most = 2 * service->settings.submissions_per_prefix,
                                .window_s = JUDGE_WINDOW_S};
    if (!sending->submission.with_proof)
        return sending_push(sending, next);
    sending->next = next;
    sending->entry.problem = PROBLEM_TOO_MANY_REQUESTS;
    sending->retry_s = limiter_take(service->limiter, &share, sending->request->address);
    if (sending->retry_s > 0)
        return HANDLED;
    sending->entry.problem = PROBLEM_UNAVAILABLE;
    sending->job.run = proof_judge;
    request_suspend(sending->request);
    if (!worker_push(service->clerk, &sending->job))
        request_continue(sending->request, proof_judged);
    return HANDLED_LATER;
}

bool proof_faults(const struct sending *sending, struct faults *out)
{
    const enum problem_code problem = sending->entry.problem;
    bool expired = problem == PROBLEM_CHALLENGE_EXPIRED;
    if (!expired && problem != PROBLEM_CHALLENGE_TRIES && problem != PROBLEM_PROOF_WRONG &&
        problem != PROBLEM_PROOF_AWAITED && problem != PROBLEM_PROOF_REQUIRED)
        return false;
    *out = (struct faults){0};
    faults_add(out, problem, 0, "%s", expired ? "/proof/challenge" : "/proof/code");
    return true;
}
