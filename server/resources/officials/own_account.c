/* One's own account: sessions, password, recovery codes. Tokens are own_token.c's. */
#include "resources/officials/own_account.h"

#include "access/password.h"
#include "access/totp.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/account_openid.h"
#include "resources/officials/gate.h"
#include "resources/officials/recovery.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <string.h>

enum { SESSION_ID, STARTED, SEEN, NETWORK, AGENT, IS_THIS };
enum { PASSWORD_CHANGED, SECOND_FACTOR, CODES_LEFT, BOUND };
enum { TRIES = 10, WINDOW_S = 900 };

static json_t *moment(const struct request *request, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE, us);
}

/* False: a problem is set. *out: {list: […]}. */
static bool sessions_read(struct request *request, json_t **out)
{
    const struct official *official = request->official;
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, official->id);
    params_bytes(&params, official->session.bytes, DIGEST_BYTES);
    params_int4(&params, (int32_t)service_of(request)->settings.session_idle_minutes);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_SESSIONS, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s, s:s, s:b}", "id",
                                              row_text(&rows, row, SESSION_ID), "started",
                                              moment(request, row_time(&rows, row, STARTED)),
                                              "seen", moment(request, row_time(&rows, row, SEEN)),
                                              "network", row_text(&rows, row, NETWORK), "agent",
                                              row_text(&rows, row, AGENT), "current",
                                              row_bool(&rows, row, IS_THIS)));
    rows_clear(&rows);
    *out = json_pack("{s:b, s:o}", "others", json_array_size(list) > 1, "list", list);
    return ok;
}

static bool facts_read(struct request *request, json_t *page)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_OWN, &params, &rows);
    if (ok && rows_count(&rows) == 1) {
        json_object_set_new(page, "password_changed",
                            moment(request, row_time(&rows, 0, PASSWORD_CHANGED)));
        if (row_bool(&rows, 0, SECOND_FACTOR))
            json_object_set_new(page, "codes_left", wording_count(row_int(&rows, 0, CODES_LEFT)));
        json_object_set_new(page, "openid", account_openid_view(request));
        if (!row_is_null(&rows, 0, BOUND))
            json_object_set_new(page, "bound", moment(request, row_time(&rows, 0, BOUND)));
    }
    rows_clear(&rows);
    return ok;
}

/* What the last form did. */
static void done_show(const struct request *request, json_t *page)
{
    static const char *const forms[][2] = {{"password", "password_done"},
                                           {"sessions", "sessions_done"},
                                           {"openid", "openid_done"},
                                           {"openid-ended", "openid_ended"}};
    const char *done = request_query(request, "done");
    for (size_t i = 0; done && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(done, forms[i][0]) == 0)
            json_object_set_new(page, forms[i][1], json_true());
}

/* The page with the tokens' form as it was typed. */
void own_account_show(struct request *request, const struct faults *faults, json_t *typed)
{
    json_t *sessions = NULL, *page = json_object();
    bool ok = facts_read(request, page) && sessions_read(request, &sessions) &&
              own_tokens_read(request, page);
    if (sessions)
        json_object_set_new(page, "sessions", sessions);
    if (!faults)
        done_show(request, page);
    json_object_set_new(page, "typed", typed ? typed : json_object());
    if (faults)
        json_object_set_new(page, "error",
                            json_pack("{s:o, s:o, s:o}", "label",
                                      desk_error(request, faults, "/label"), "scope",
                                      desk_error(request, faults, "/scope"), "days",
                                      desk_error(request, faults, "/days")));
    if (!ok) {
        json_decref(page);
        return;
    }
    reply_document(
        request, desk_document(request, &(struct desk_page){.status = faults ? 422 : 200,
                                                            .template = "official_own_account",
                                                            .title_key = "official.own-account",
                                                            .rest = faults ? NULL : "/own-account",
                                                            .faults = faults,
                                                            .page = page}));
}

enum handled own_account_page(struct request *request)
{
    own_account_show(request, NULL, NULL);
    return HANDLED;
}

enum handled own_sessions_form(struct request *request)
{
    const struct official *official = request->official;
    const char *which = form_text(&request->form, "/session");
    struct uuid session;
    struct params params = {0};
    if (strcmp(which, "others") != 0 && !parse_uuid(which, &session)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/session");
        return HANDLED;
    }
    params_int4(&params, official->id);
    if (strcmp(which, "others") == 0)
        params_null(&params);
    else
        params_uuid(&params, &session);
    params_bytes(&params, official->session.bytes, DIGEST_BYTES);
    params_text(&params, official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_SESSIONS_END, &params, NULL))
        desk_redirect(request, "/own-account?done=sessions");
    return HANDLED;
}

bool own_present_is_right(struct request *request, struct faults *faults, bool *replied)
{
    const struct limit limit = {.purpose = "own-password",
                                .about = request->official->login,
                                .most = TRIES,
                                .window_s = WINDOW_S};
    struct limiter *limiter = service_of(request)->limiter;
    struct params params = {0};
    struct rows rows = {0};
    if (limiter_wait(limiter, &limit, request->address) > 0) {
        faults_add(faults, PROBLEM_TOO_MANY_REQUESTS, 0, "/present");
        return false;
    }
    params_text(&params, request->official->login);
    params_text(&params, request->official->network);
    params_bool(&params, request->official->institution_id != 0);
    *replied = !desk_run(request, STATEMENT_OFFICIAL_FIND, &params, &rows);
    bool right = !*replied && password_is(rows_count(&rows) == 1 ? row_text(&rows, 0, 1) : NULL,
                                          form_text(&request->form, "/present"));
    rows_clear(&rows);
    if (!right && !*replied) {
        limiter_take(limiter, &limit, request->address);
        faults_add(faults, PROBLEM_SIGN_IN_WRONG, 0, "/present");
    }
    return right;
}

static struct document *password_document(struct request *request, const struct faults *faults)
{
    return desk_document(
        request, &(struct desk_page){
                     .status = faults->count ? 422 : 200,
                     .template = "official_password",
                     .title_key = "official.change-password",
                     .rest = "/own-account/password",
                     .faults = faults,
                     .page = json_pack("{s:o, s:{s:o, s:o, s:o}}", "action",
                                       desk_address(request, "/own-account/password"), "error",
                                       "present", desk_error(request, faults, "/present"),
                                       "password", desk_error(request, faults, "/password"),
                                       "again", desk_error(request, faults, "/again"))});
}

enum handled own_password_page(struct request *request)
{
    struct faults faults = {0};
    reply_document(request, password_document(request, &faults));
    return HANDLED;
}

static void password_change(struct request *request)
{
    const struct official *official = request->official;
    char hash[PASSWORD_HASH_TEXT], ticket[TICKET_TEXT];
    struct digest next;
    struct params params = {0};
    struct rows rows = {0};
    if (!password_hash(form_text(&request->form, "/password"), hash)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    }
    ticket_make(service_of(request)->clock, ticket, &next);
    params_int4(&params, official->id);
    params_bytes(&params, official->session.bytes, DIGEST_BYTES);
    params_bytes(&params, next.bytes, DIGEST_BYTES);
    params_text(&params, hash);
    params_text(&params, official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_PASSWORD, &params, &rows)) {
        if (row_bool(&rows, 0, 0)) {
            gate_cookie_set(request, ticket);
            desk_redirect(request, "/own-account?done=password");
        } else {
            reply_problem(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
        }
    }
    rows_clear(&rows);
    sodium_memzero(hash, sizeof hash);
    sodium_memzero(ticket, sizeof ticket);
}

enum handled own_password_form(struct request *request)
{
    struct faults faults = {0};
    bool replied = false;
    const char *password = form_text(&request->form, "/password");
    bool right = own_present_is_right(request, &faults, &replied); /* first on the page */
    enum problem_code problem = password_check(password, request->official->login);
    if (problem != PROBLEM_NONE)
        faults_add(&faults, problem, problem == PROBLEM_TOO_LONG ? PASSWORD_MOST : 0, "/password");
    else if (strcmp(password, form_text(&request->form, "/again")) != 0)
        faults_add(&faults, PROBLEM_PASSWORDS_DIFFER, 0, "/again");
    if (right && !faults.count)
        password_change(request);
    else if (!replied)
        reply_document(request, password_document(request, &faults));
    return HANDLED;
}

static struct document *recovery_asked(struct request *request, const struct faults *faults)
{
    return desk_document(
        request,
        &(struct desk_page){.status = faults->count ? 422 : 200,
                            .template = "official_new_codes",
                            .title_key = "official.new-codes",
                            .rest = "/own-account/recovery-codes",
                            .faults = faults,
                            .page = json_pack("{s:o, s:{s:o}}", "action",
                                              desk_address(request, "/own-account/recovery-codes"),
                                              "error", "present",
                                              desk_error(request, faults, "/present"))});
}

enum handled own_recovery_page(struct request *request)
{
    struct faults faults = {0};
    reply_document(request, recovery_asked(request, &faults));
    return HANDLED;
}

enum handled own_recovery_form(struct request *request)
{
    struct faults faults = {0};
    struct recovery_set codes;
    struct params params = {0};
    bool replied = false;
    if (!own_present_is_right(request, &faults, &replied)) {
        if (!replied)
            reply_document(request, recovery_asked(request, &faults));
        return HANDLED;
    }
    recovery_set_make(service_of(request)->clock, &codes);
    params_int4(&params, request->official->id);
    recovery_set_params(&codes, true, &params);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_RECOVERY, &params, NULL))
        reply_document(request, recovery_document(request, &codes));
    sodium_memzero(&codes, sizeof codes);
    return HANDLED;
}
