/* Back from the OpenID Connect provider: who signed in becomes a hash in their challenge, and a
 * code is shown, which they type into the form that they left open. So an address that somebody was
 * talked into following proves nothing for whoever made it: they would have to be told the code as
 * well, and the page says what it is for. Nothing of the form comes through here, and nothing of
 * this page's address is shown. */
#include "domain/proof.h"
#include "domain/receipt.h"
#include "domain/visit.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "represent/frame.h"
#include "resources/consultation_view.h"
#include "resources/proof.h"
#include "resources/routes.h"
#include "resources/sending.h"
#include "resources/sign_in.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETURN_WINDOW_S = 600, RETURN_TRIES = 3, CODE_MOST = 2048 };

/* Columns of challenge_sign_in. */
enum { SIGN_IN_OUTCOME, SIGN_IN_ALARM, SIGN_IN_RENEWS };

enum returned { RETURNED_SIGNED_IN, RETURNED_CANCELLED, RETURNED_OVER, RETURNED_REFUSED };

/* Lives as the request's `private`. */
struct returning {
    struct request *request;
    struct consultation *consultation; /* held */
    struct visit visit;
    char grant[CODE_MOST]; /* the provider's code */
    char code[PROOF_CODE + 1];
    char renews[NUMBER_TEXT + 1]; /* receipt whose lost code it renews; "": it is for sending */
    enum returned returned;
    enum problem_code problem; /* instead of it */
    int retry_s;
    struct job job;
};

void sign_in_return(const struct service *service, char out[SIGN_IN_RETURN])
{
    snprintf(out, SIGN_IN_RETURN, "%s/openid/return", service->base_url);
}

bool sign_in_address(const struct service *service, const struct consultation *consultation,
                     enum language language, const struct uuid *challenge, struct buf *out)
{
    struct visit visit;
    char back[SIGN_IN_RETURN];
    sign_in_return(service, back);
    bool ok = provider_is_set(service->provider) &&
              visit_make(service->keys, keys_newest_master(service->keys), consultation->slug,
                         language, challenge, &visit) &&
              provider_address(service->provider, &visit.authorization, back, out);
    sodium_memzero(&visit, sizeof visit);
    return ok;
}

const char *sign_in_name(const struct request *request)
{
    const struct settings *settings = &service_of(request)->settings;
    const char *const names[LANGUAGES] = {
        [LANGUAGE_ZH_HANT] = settings->openid_name_zh_hant,
        [LANGUAGE_EN] = settings->openid_name_en,
        [LANGUAGE_ZH_HANS] = settings->openid_name_zh_hans,
    };
    return names[request->language];
}

static void returning_free(void *private)
{
    struct returning *returning = private;
    consultation_release(returning->consultation);
    sodium_memzero(returning, sizeof *returning);
    free(returning);
}

/* {code: {value, spoken, challenge, minutes}, renews: {number}}, or {cancelled | over | refused:
 * true}; and the provider's name. */
static json_t *page_of(const struct returning *returning)
{
    static const char *const words[] = {[RETURNED_CANCELLED] = "cancelled",
                                        [RETURNED_OVER] = "over",
                                        [RETURNED_REFUSED] = "refused"};
    char challenge[UUID_TEXT + 1], spoken[PROOF_CODE + 2];
    json_t *page = json_pack("{s:s}", "name", sign_in_name(returning->request));
    if (returning->returned != RETURNED_SIGNED_IN) {
        json_object_set_new(page, words[returning->returned], json_true());
        return page;
    }
    format_uuid(&returning->visit.challenge, challenge);
    snprintf(spoken, sizeof spoken, "%.3s %.3s", returning->code, returning->code + 3);
    json_object_set_new(page, "code",
                        json_pack("{s:s, s:s, s:s, s:i}", "value", returning->code, "spoken",
                                  spoken, "challenge", challenge, "minutes", PROOF_MINUTES));
    sodium_memzero(spoken, sizeof spoken);
    if (*returning->renews)
        json_object_set_new(page, "renews", json_pack("{s:s}", "number", returning->renews));
    return page;
}

static const char *return_title(const struct returning *returning)
{
    if (returning->returned != RETURNED_SIGNED_IN)
        return "openid.not-done";
    return *returning->renews ? "renewal.return-title" : "openid.done";
}

/* On the HTTP thread. */
static enum handled return_reply(struct request *request)
{
    const struct returning *returning = request->private;
    bool signed_in = returning->returned == RETURNED_SIGNED_IN;
    reply_header(request, "Referrer-Policy", "no-referrer"); /* the address has the grant */
    if (returning->problem != PROBLEM_NONE || !signed_in)
        atomic_fetch_add(&service_of(request)->proofs.strangers, 1);
    if (returning->problem != PROBLEM_NONE) {
        sending_retry_header(request, returning->problem, returning->retry_s);
        reply_problem(request, returning->problem, NULL);
        return HANDLED;
    }
    struct document *document = document_new(signed_in || returning->returned == RETURNED_CANCELLED
                                                 ? 200
                                                 : problem_status(PROBLEM_CHALLENGE_EXPIRED),
                                             request->language);
    const struct frame frame = {.title_key = return_title(returning),
                                .rehearsal =
                                    returning->consultation && returning->consultation->rehearsal,
                                .unlisted = true,
                                .faulty = !signed_in};
    if (document) {
        document->template = "openid_return";
        document->page = page_of(returning);
    }
    if (document && !page_frame(service_of(request)->pages, document, &frame)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}

/* Once for each challenge. False: returned or problem says why not. */
static bool return_claim(struct returning *returning, struct db *db)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, returning->consultation->id);
    params_uuid(&params, &returning->visit.challenge);
    params_int2(&params, returning->visit.master);
    returning->problem = PROBLEM_UNAVAILABLE;
    if (db_ready(db) == DB_OK && db_run(db, STATEMENT_CHALLENGE_RETURN, &params, &rows) == DB_OK &&
        rows_count(&rows) == 1) {
        returning->problem = PROBLEM_NONE;
        returning->returned = row_bool(&rows, 0, 0) ? RETURNED_SIGNED_IN : RETURNED_OVER;
    }
    rows_clear(&rows);
    params_clear(&params);
    return returning->problem == PROBLEM_NONE && returning->returned == RETURNED_SIGNED_IN;
}

/* From the provider's code to the identity's hash. False: as return_claim. */
static bool return_redeem(struct returning *returning, struct respondent_hash *out)
{
    const struct service *service = service_of(returning->request);
    const struct consultation *consultation = returning->consultation;
    const struct identity_key *key = keys_identity_of(service->keys, consultation);
    char back[SIGN_IN_RETURN], *subject = NULL;
    sign_in_return(service, back);
    enum provider_outcome outcome =
        key ? provider_redeem(service->provider, &returning->visit.authorization, back,
                              returning->grant, &subject)
            : PROVIDER_AWAY;
    sodium_memzero(returning->grant, sizeof returning->grant);
    if (outcome == PROVIDER_DONE) {
        identity_hash_subject(key, consultation->normalisation, consultation->id,
                              provider_issuer(service->provider), subject, out);
        sodium_memzero(subject, strlen(subject));
        free(subject);
        return true;
    }
    if (outcome == PROVIDER_REFUSED)
        returning->returned = RETURNED_REFUSED;
    else
        returning->problem = key ? PROBLEM_PROVIDER_AWAY : PROBLEM_UNAVAILABLE;
    return false;
}

static bool sign_in_params(const struct returning *returning, const struct respondent_hash *who,
                           struct params *params)
{
    const struct service *service = service_of(returning->request);
    const struct visit *visit = &returning->visit;
    struct digest prefix, code;
    proof_prefix(service, returning->request->address, &prefix);
    if (!proof_code_hash(service->keys, visit->master, &visit->challenge, returning->code, &code))
        return false;
    params_int4(params, returning->consultation->id);
    params_uuid(params, &visit->challenge);
    params_bytes(params, prefix.bytes, sizeof prefix.bytes);
    params_bytes(params, who->bytes, sizeof who->bytes);
    params_bytes(params, code.bytes, sizeof code.bytes);
    params_int4(params, (int32_t)service->settings.codes_per_identity_alarm);
    return true;
}

static void return_sign_in(struct returning *returning, const struct respondent_hash *who,
                           struct db *db)
{
    struct service *service = service_of(returning->request);
    struct params params = {0};
    struct rows rows = {0};
    proof_code_make(service->clock, returning->code);
    bool ok = sign_in_params(returning, who, &params);
    for (int tries = 0; ok && db_ready(db) == DB_OK && tries < RETURN_TRIES; tries++) {
        rows_clear(&rows);
        if (db_run(db, STATEMENT_CHALLENGE_SIGN_IN, &params, &rows) != DB_AGAIN)
            break;
    }
    returning->problem = PROBLEM_UNAVAILABLE;
    if (rows_count(&rows) == 1) {
        const char *outcome = row_text(&rows, 0, SIGN_IN_OUTCOME);
        bool signed_in = outcome && strcmp(outcome, "signed-in") == 0;
        returning->problem = PROBLEM_NONE;
        returning->returned = signed_in ? RETURNED_SIGNED_IN : RETURNED_OVER;
        snprintf(returning->renews, sizeof returning->renews, "%s",
                 row_text(&rows, 0, SIGN_IN_RENEWS) ? row_text(&rows, 0, SIGN_IN_RENEWS) : "");
        if (signed_in)
            atomic_fetch_add(&service->proofs.signed_in, 1);
        if (row_bool(&rows, 0, SIGN_IN_ALARM))
            proof_alarm(service, returning->consultation);
    }
    rows_clear(&rows);
    params_clear(&params);
}

/* On an envoy's thread. */
static void return_run(struct job *job, struct db *db)
{
    struct returning *returning =
        (struct returning *)(void *)((char *)job - offsetof(struct returning, job));
    struct respondent_hash who;
    if (return_claim(returning, db) && return_redeem(returning, &who))
        return_sign_in(returning, &who, db);
    sodium_memzero(&who, sizeof who);
    request_continue(returning->request, return_reply);
}

/* What came in the address (RFC 6749 §4.1.2). False: returned says why nothing is to be asked. */
static bool return_read(struct returning *returning)
{
    struct request *request = returning->request;
    struct service *service = service_of(request);
    const char *state = request_query(request, "state"), *code = request_query(request, "code");
    returning->returned = RETURNED_OVER;
    if (!provider_is_set(service->provider) || !state ||
        !visit_read(service->keys, state, &returning->visit))
        return false;
    request->language = returning->visit.authorization.language;
    returning->consultation = catalogue_find(service->catalogue, returning->visit.slug);
    if (!returning->consultation)
        return false;
    returning->returned = RETURNED_REFUSED;
    if (!provider_named(service->provider, request_query(request, "iss")))
        return false;
    returning->returned = request_query(request, "error") ? RETURNED_CANCELLED : RETURNED_REFUSED;
    return code && returning->returned == RETURNED_REFUSED &&
           snprintf(returning->grant, sizeof returning->grant, "%s", code) < CODE_MOST;
}

enum handled openid_return(struct request *request)
{
    struct service *service = service_of(request);
    const struct limit share = {.purpose = "return",
                                .most = service->settings.codes_per_prefix,
                                .window_s = RETURN_WINDOW_S};
    struct returning *returning = calloc(1, sizeof *returning);
    if (!returning) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    returning->request = request;
    returning->job.run = return_run;
    request->private = returning;
    request->private_free = returning_free;
    if (!return_read(returning))
        return return_reply(request);
    returning->retry_s = limiter_take(service->limiter, &share, request->address);
    if (returning->retry_s > 0) {
        returning->problem = PROBLEM_TOO_MANY_REQUESTS;
        return return_reply(request);
    }
    returning->problem = PROBLEM_UNAVAILABLE;
    request_suspend(request);
    if (!worker_push(service->envoy, &returning->job))
        request_continue(request, return_reply);
    return HANDLED_LATER;
}
