/* Signing in by name and password, and out. The same words, and the same
 * time, whether there is such an account, it is disabled, or the password is another one. */
#include "access/password.h"
#include "base/parse.h"
#include "http/reply.h"
#include "http/worker.h"
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
#include <strings.h>
#include <time.h>

enum { BUSY_S = 5, WAIT_MOST_US = 10000000 };

static struct document *sign_in_document(struct request *request, enum problem_code problem,
                                         const char *login)
{
    struct faults faults = {0};
    const struct desk_page page = {
        .status = problem == PROBLEM_NONE ? 200 : problem_status(problem),
        .template = "official_sign_in",
        .title_key = route_side(request->route) == SIDE_INSTITUTION ? "institution.sign-in"
                                                                    : "official.sign-in",
        .rest = "/sign-in",
        .faults = &faults,
        .page = json_pack("{s:o, s:s, s:o}", "action", desk_address(request, "/sign-in"), "login",
                          login, "openid", account_openid_view(request)),
    };
    if (problem != PROBLEM_NONE)
        faults_add(&faults, problem, 0, "/login");
    return desk_document(request, &page);
}

enum handled sign_in_page(struct request *request)
{
    reply_document(request, sign_in_document(request, PROBLEM_NONE, ""));
    return HANDLED;
}

/* Names are taken in any case, with space around them. */
static void login_read(const char *typed, char login[LOGIN_MOST + 1])
{
    size_t length = 0;
    typed += strspn(typed, " \t");
    for (; *typed && length < LOGIN_MOST; typed++)
        login[length++] = (char)(*typed >= 'A' && *typed <= 'Z' ? *typed + 32 : *typed);
    while (length && login[length - 1] == ' ')
        length--;
    login[length] = '\0';
    if (!parse_slug(login, LOGIN_MOST))
        login[0] = '\0';
}

static bool refusal_record(struct request *request, int32_t id)
{
    struct params params = {0};
    params_int4(&params, id);
    params_text(&params, request->official->network);
    params_text(&params, "password");
    return desk_run(request, STATEMENT_OFFICIAL_REFUSED, &params, NULL);
}

/* A new ticket at each sign-in: one that was planted before is worth nothing. */
static void session_begin(struct request *request, int32_t id, const char *hash)
{
    const struct service *service = service_of(request);
    char ticket[TICKET_TEXT], agent[SESSION_AGENT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(service->clock, ticket, &digest);
    session_agent(request, agent);
    params_int4(&params, id);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    params_text(&params, agent);
    params_int4(&params, (int32_t)service->settings.session_hours);
    params_text(&params, hash);
    if (desk_run(request, STATEMENT_OFFICIAL_BEGIN, &params, &rows)) {
        int64_t stage = row_int(&rows, 0, 0);
        if (stage == 0) {
            atomic_fetch_add(&service_of(request)->sign_ins.refused, 1);
            reply_document(request, sign_in_document(request, PROBLEM_SIGN_IN_WRONG, ""));
        } else {
            if (stage != 1)
                atomic_fetch_add(&service_of(request)->sign_ins.done, 1);
            gate_cookie_set(request, ticket);
            desk_redirect(request, stage == 1 ? "/sign-in/code" : "");
        }
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
}

/* A password on its way to be judged; the request's `private`. */
struct trying {
    struct job job; /* first: the worker gives it back */
    struct request *request;
    int32_t id; /* 0: nobody's */
    bool has_hash, is_stranger;
    char hash[PASSWORD_HASH_TEXT];
    char login[LOGIN_MOST + 1];
};

static void trying_free(void *private)
{
    struct trying *trying = private;
    sodium_memzero(trying, sizeof *trying);
    free(trying);
}

/* Whom it is about, found at the desk. NULL: a problem is set. */
static struct trying *trying_new(struct request *request, const char *login, bool *known)
{
    struct trying *trying = calloc(1, sizeof *trying);
    struct params params = {0};
    struct rows rows = {0};
    if (!trying) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return NULL;
    }
    *trying = (struct trying){.request = request};
    request->private = trying;
    request->private_free = trying_free;
    memcpy(trying->login, login, sizeof trying->login);
    params_text(&params, login);
    params_text(&params, request->official->network);
    params_bool(&params, route_side(request->route) == SIDE_INSTITUTION);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_FIND, &params, &rows);
    *known = false;
    if (ok && rows_count(&rows) == 1) {
        trying->id = (int32_t)row_int(&rows, 0, 0);
        trying->has_hash = true;
        snprintf(trying->hash, sizeof trying->hash, "%s", row_text(&rows, 0, 1));
        *known = row_bool(&rows, 0, 2);
    }
    rows_clear(&rows);
    return ok ? trying : NULL;
}

/* As long as the work took, so that strangers have half a processor at most. */
static void rest(int64_t us)
{
    const struct timespec pause = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

/* On a porter's thread. The same work whoever it is; what has waited too long is not worth doing,
 * for its sender has gone. */
static void trying_run(struct job *job, struct db *db)
{
    struct trying *trying = (struct trying *)(void *)job;
    struct request *request = trying->request;
    const struct clock *clock = service_of(request)->clock;
    int64_t began = clock_monotonic_us(clock);
    bool is_stranger = trying->is_stranger;
    request->db = db;
    if (began - request->arrived_us > WAIT_MOST_US) {
        atomic_fetch_add(&service_of(request)->sign_ins.slowed, 1);
        desk_retry(request, BUSY_S);
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
    } else if (password_is(trying->has_hash ? trying->hash : NULL,
                           form_text(&request->form, "/password"))) {
        session_begin(request, trying->id, trying->hash);
    } else {
        atomic_fetch_add(&service_of(request)->sign_ins.refused, 1);
        session_limits_take(request, trying->login);
        if (trying->id == 0 || refusal_record(request, trying->id))
            reply_document(request, sign_in_document(request, PROBLEM_SIGN_IN_WRONG,
                                                     form_text(&request->form, "/login")));
    }
    request_finish(request);
    if (is_stranger)
        rest(clock_monotonic_us(clock) - began);
}

/* Two porters: one for those who have signed in from that network before, one for everybody else,
 * so that a flood from anywhere stands in nobody's way who comes from where they always do. */
enum handled sign_in_form(struct request *request)
{
    struct service *service = service_of(request);
    char login[LOGIN_MOST + 1];
    const char *typed = form_text(&request->form, "/login");
    bool known = false;
    login_read(typed, login);
    int retry = session_limits_wait(request, login);
    if (retry > 0) {
        atomic_fetch_add(&service->sign_ins.slowed, 1);
        desk_retry(request, retry);
        reply_document(request, sign_in_document(request, PROBLEM_TOO_MANY_REQUESTS, typed));
        return HANDLED;
    }
    struct trying *trying = trying_new(request, login, &known);
    if (!trying)
        return HANDLED;
    trying->job.run = trying_run;
    trying->is_stranger = !known;
    if (worker_push(known ? service->porter : service->strangers, &trying->job))
        return HANDLED_LATER;
    atomic_fetch_add(&service->sign_ins.slowed, 1);
    desk_retry(request, BUSY_S);
    reply_document(request, sign_in_document(request, PROBLEM_UNAVAILABLE, typed));
    return HANDLED;
}

enum handled sign_out_form(struct request *request)
{
    struct params params = {0};
    params_bytes(&params, request->official->session.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_SIGN_OUT, &params, NULL)) {
        gate_cookie_set(request, NULL);
        desk_redirect(request, "/sign-in");
    }
    return HANDLED;
}
