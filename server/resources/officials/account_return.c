/* Back from the OpenID Connect provider of accounts, in the browser that set out and in no other.
 * Who signed in there becomes digests, is wiped, and signs in here only if the holder of an account
 * has connected it; nothing of this page's address is shown. */
#include "access/subject.h"
#include "http/reply.h"
#include "resources/officials/account_openid.h"
#include "resources/officials/desk.h"
#include "resources/officials/gate.h"
#include "resources/officials/session.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_MOST = 2048, AWAY_S = 5, BUSY_S = 5 };

/* The request's `private`. */
struct returning {
    struct job job; /* first: the worker gives it back */
    struct request *request;
    struct account_visit visit;
    char grant[CODE_MOST]; /* the provider's code */
    struct digest who[SUBJECT_HASHES];
    int who_count;
};

static void returning_free(void *private)
{
    struct returning *returning = private;
    sodium_memzero(returning, sizeof *returning);
    free(returning);
}

static void show(const struct returning *returning, enum account_openid what, int retry_s)
{
    account_openid_show(returning->request, what, returning->visit.connects, NULL, retry_s);
}

/* It counts like a wrong password. */
static void refuse(const struct returning *returning, enum account_openid what)
{
    atomic_fetch_add(&service_of(returning->request)->sign_ins.refused, 1);
    session_limits_take(returning->request, NULL);
    show(returning, what, 0);
}

static void who_params(const struct returning *returning, struct params *params)
{
    array_begin(params, ELEMENT_BYTES);
    for (int i = 0; i < returning->who_count; i++)
        array_bytes(params, returning->who[i].bytes, DIGEST_BYTES);
    array_end(params);
    params_int2(params, keys_newest_master(service_of(returning->request)->keys));
}

static void sign_in(const struct returning *returning)
{
    struct request *request = returning->request;
    const struct service *service = service_of(request);
    char ticket[TICKET_TEXT], agent[SESSION_AGENT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(service->clock, ticket, &digest);
    session_agent(request, agent);
    who_params(returning, &params);
    params_bool(&params, returning->visit.member);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    params_text(&params, agent);
    params_int4(&params, (int32_t)service->settings.session_hours);
    if (desk_run(request, STATEMENT_OFFICIAL_SUBJECT_BEGIN, &params, &rows)) {
        if (row_bool(&rows, 0, 0)) {
            atomic_fetch_add(&service_of(request)->sign_ins.done, 1);
            gate_cookie_set(request, ticket);
            show(returning, ACCOUNT_OPENID_SIGNED_IN, 0);
        } else {
            refuse(returning, ACCOUNT_OPENID_UNKNOWN);
        }
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
}

static enum account_openid outcome_of(const char *outcome)
{
    static const struct {
        const char *name;
        enum account_openid what;
    } outcomes[] = {{"bound", ACCOUNT_OPENID_BOUND},
                    {"subject-taken", ACCOUNT_OPENID_TAKEN},
                    {"subject-bound", ACCOUNT_OPENID_KEPT}};
    for (size_t i = 0; outcome && i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcome, outcomes[i].name) == 0)
            return outcomes[i].what;
    return ACCOUNT_OPENID_SIGNED_OUT;
}

static void connect_account(const struct returning *returning)
{
    struct request *request = returning->request;
    struct params params = {0};
    struct rows rows = {0};
    params_bytes(&params, returning->visit.session.bytes, DIGEST_BYTES);
    params_bool(&params, returning->visit.member);
    params_int4(&params, (int32_t)service_of(request)->settings.session_idle_minutes);
    who_params(returning, &params);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_SUBJECT_CONNECT, &params, &rows))
        show(returning, outcome_of(row_text(&rows, 0, 0)), 0);
    rows_clear(&rows);
}

/* From the provider's code to the digests of who signed in. */
static enum provider_outcome who_find(struct returning *returning)
{
    const struct service *service = service_of(returning->request);
    struct provider *provider = service->account_provider;
    char back[ACCOUNT_OPENID_RETURN], *subject = NULL;
    account_openid_return_address(returning->request, back);
    enum provider_outcome outcome = provider_redeem(provider, &returning->visit.authorization, back,
                                                    returning->grant, &subject);
    sodium_memzero(returning->grant, sizeof returning->grant);
    if (outcome == PROVIDER_DONE) {
        returning->who_count =
            subject_hashes(service->keys, provider_issuer(provider), subject, returning->who);
        sodium_memzero(subject, strlen(subject));
        free(subject);
        if (returning->who_count == 0)
            return PROVIDER_REFUSED;
    }
    return outcome;
}

/* On the usher's thread. */
static void return_run(struct job *job, struct db *db)
{
    struct returning *returning = (struct returning *)(void *)job;
    struct request *request = returning->request;
    request->db = db;
    switch (who_find(returning)) {
    case PROVIDER_DONE:
        if (returning->visit.connects)
            connect_account(returning);
        else
            sign_in(returning);
        break;
    case PROVIDER_REFUSED:
        refuse(returning, ACCOUNT_OPENID_REFUSED);
        break;
    case PROVIDER_AWAY:
        show(returning, ACCOUNT_OPENID_AWAY, AWAY_S);
        break;
    }
    request_finish(request);
}

/* What came in the address (RFC 6749 §4.1.2). False: a reply is set. The cookie is taken back with
 * its own answer alone, so that no other site's link ends somebody's sign-in. */
static bool return_read(struct returning *returning)
{
    struct request *request = returning->request;
    const char *state = request_query(request, "state"), *code = request_query(request, "code");
    if (!state || !account_openid_cookie_read(request, state, &returning->visit)) {
        returning->visit.connects = false;
        show(returning, ACCOUNT_OPENID_OVER, 0);
        return false;
    }
    request->language = returning->visit.authorization.language;
    account_openid_cookie_set(request, NULL);
    if (!provider_named(service_of(request)->account_provider, request_query(request, "iss"))) {
        refuse(returning, ACCOUNT_OPENID_REFUSED);
        return false;
    }
    if (request_query(request, "error") || !code ||
        snprintf(returning->grant, sizeof returning->grant, "%s", code) >= CODE_MOST) {
        show(returning,
             request_query(request, "error") ? ACCOUNT_OPENID_CANCELLED : ACCOUNT_OPENID_REFUSED,
             0);
        return false;
    }
    return true;
}

enum handled account_return(struct request *request)
{
    struct service *service = service_of(request);
    if (!account_openid_is_offered(request)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
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
        return HANDLED;
    int retry_s = session_limits_wait(request, NULL);
    if (retry_s > 0) {
        atomic_fetch_add(&service->sign_ins.slowed, 1);
        show(returning, ACCOUNT_OPENID_TOO_OFTEN, retry_s);
        return HANDLED;
    }
    if (worker_push(service->usher, &returning->job))
        return HANDLED_LATER;
    show(returning, ACCOUNT_OPENID_BUSY, BUSY_S);
    return HANDLED;
}
