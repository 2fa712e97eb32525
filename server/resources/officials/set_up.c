/* The set-up of an account by its link: the token of the link, then password and first one-time
 * code on one page, then the recovery codes, once. On the porter's thread. */
#include "access/password.h"
#include "access/totp.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/recovery.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { ID, LOGIN, NAME, SECOND_FACTOR, SEALED, MASTER };
enum { TRIES = 30, WINDOW_S = 600, ISSUER_TEXT = 80 };

/* Whose set-up it is, as far as it has come. */
struct set_up {
    struct digest token;
    int32_t id;
    char login[LOGIN_MOST + 1];
    char name[OFFICIAL_NAME_BYTES];
    bool second_factor;
    bool has_secret;
    struct totp_secret secret;
};

static struct document *token_document(struct request *request, enum problem_code problem)
{
    struct faults faults = {0};
    if (problem != PROBLEM_NONE)
        faults_add(&faults, problem, 0, "/token");
    return desk_document(
        request, &(struct desk_page){
                     .status = problem == PROBLEM_NONE ? 200 : problem_status(problem),
                     .template = "official_set_up",
                     .title_key = "official.set-up",
                     .rest = problem == PROBLEM_NONE ? "/set-up" : NULL,
                     .faults = &faults,
                     .page = json_pack("{s:o}", "action", desk_address(request, "/set-up"))});
}

enum handled set_up_page(struct request *request)
{
    reply_document(request, token_document(request, PROBLEM_NONE));
    return HANDLED;
}

/* The secret that the page shows: the one that is kept, or a new one. False: a problem is set. */
static bool secret_make(struct request *request, struct set_up *set_up)
{
    const struct service *service = service_of(request);
    unsigned char sealed[TOTP_SEALED_BYTES];
    int master = keys_newest_master(service->keys);
    struct params params = {0};
    struct rows rows = {0};
    totp_make(service->clock, &set_up->secret);
    if (!totp_seal(service->keys, master, service->clock, set_up->id, &set_up->secret, sealed)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return false;
    }
    params_bytes(&params, set_up->token.bytes, DIGEST_BYTES);
    params_bytes(&params, sealed, sizeof sealed);
    params_int2(&params, master);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_SETUP_SECRET, &params, &rows);
    /* Two pages asked for at once: the other's stays, and this one is asked for again. */
    if (ok && !row_bool(&rows, 0, 0)) {
        desk_retry(request, 1);
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        ok = false;
    }
    set_up->has_secret = ok;
    rows_clear(&rows);
    return ok;
}

static bool set_up_read(struct request *request, const struct rows *rows, struct set_up *out)
{
    size_t length = 0;
    out->id = (int32_t)row_int(rows, 0, ID);
    snprintf(out->login, sizeof out->login, "%s", row_text(rows, 0, LOGIN));
    snprintf(out->name, sizeof out->name, "%s", row_text(rows, 0, NAME));
    out->second_factor = row_bool(rows, 0, SECOND_FACTOR);
    const void *sealed = row_bytes(rows, 0, SEALED, &length);
    if (!out->second_factor || !sealed)
        return true;
    out->has_secret = totp_open(service_of(request)->keys, (int)row_int(rows, 0, MASTER), out->id,
                                sealed, length, &out->secret);
    if (!out->has_secret)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    return out->has_secret;
}

/* False: a reply is set. Tries with tokens that are none are bounded by network. */
static bool set_up_open(struct request *request, struct set_up *out)
{
    const struct limit limit = {.purpose = "set-up", .most = TRIES, .window_s = WINDOW_S};
    struct limiter *limiter = service_of(request)->limiter;
    struct params params = {0};
    struct rows rows = {0};
    const char *typed = form_text(&request->form, "/token");
    const char *hash = strrchr(typed, '#'); /* the whole link was pasted */
    char token[TICKET_TEXT];
    snprintf(token, sizeof token, "%.*s", TICKET_TEXT - 1,
             (hash ? hash + 1 : typed) + strspn(hash ? hash + 1 : typed, " \t"));
    int retry = limiter_wait(limiter, &limit, request->address);
    bool is_ticket = ticket_read(token, &out->token);
    sodium_memzero(token, sizeof token);
    if (retry > 0) {
        desk_retry(request, retry);
        reply_document(request, token_document(request, PROBLEM_TOO_MANY_REQUESTS));
        return false;
    }
    bool ok = is_ticket;
    if (is_ticket) {
        params_bytes(&params, out->token.bytes, DIGEST_BYTES);
        params_bool(&params, route_side(request->route) == SIDE_INSTITUTION);
        if (!desk_run(request, STATEMENT_OFFICIAL_SETUP_OPEN, &params, &rows)) {
            rows_clear(&rows);
            return false;
        }
        ok = rows_count(&rows) == 1;
    }
    if (!ok) {
        limiter_take(limiter, &limit, request->address);
        reply_document(request, token_document(request, PROBLEM_SET_UP_TOKEN_WRONG));
    } else {
        ok = set_up_read(request, &rows, out);
    }
    rows_clear(&rows);
    if (ok && out->second_factor && !out->has_secret)
        return secret_make(request, out);
    return ok;
}

/* What an authenticator shows beside the code: our host. */
static void issuer_of(const struct service *service, char issuer[ISSUER_TEXT])
{
    const char *mark = strstr(service->base_url, "://");
    const char *host = mark ? mark + 3 : "consultation";
    size_t length =
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    snprintf(issuer, ISSUER_TEXT, "%.*s", (int)length, host);
}

static void secret_show(struct request *request, const struct set_up *set_up, json_t *page)
{
    const struct service *service = service_of(request);
    char text[TOTP_SECRET_TEXT + 8], address[TOTP_ADDRESS], issuer[ISSUER_TEXT];
    issuer_of(service, issuer);
    totp_text(&set_up->secret, text);
    totp_address(&set_up->secret, issuer, set_up->login, address);
    json_t *label =
        wording_string(service->pages, request->language, "official.secret-picture", NULL);
    json_object_set_new(page, "secret",
                        json_pack("{s:s, s:o}", "text", text, "picture",
                                  markup_qr(address, json_string_value(label))));
    json_decref(label);
    sodium_memzero(text, sizeof text);
    sodium_memzero(address, sizeof address);
}

static struct document *choose_document(struct request *request, const struct set_up *set_up,
                                        const struct faults *faults)
{
    json_t *page = json_pack(
        "{s:o, s:s, s:s, s:s, s:{s:o, s:o, s:o}}", "action", desk_address(request, "/set-up"),
        "token", form_text(&request->form, "/token"), "login", set_up->login, "name", set_up->name,
        "error", "password", desk_error(request, faults, "/password"), "again",
        desk_error(request, faults, "/again"), "code", desk_error(request, faults, "/code"));
    if (page && set_up->second_factor)
        secret_show(request, set_up, page);
    return desk_document(request, &(struct desk_page){.status = faults->count ? 422 : 200,
                                                      .template = "official_choose",
                                                      .title_key = "official.set-up",
                                                      .faults = faults,
                                                      .page = page});
}

/* All that is wrong, so that it can be put right at once. */
static void set_up_judge(struct request *request, const struct set_up *set_up, int64_t *step,
                         struct faults *faults)
{
    const char *password = form_text(&request->form, "/password");
    enum problem_code problem = password_check(password, set_up->login);
    if (problem != PROBLEM_NONE)
        faults_add(faults, problem, problem == PROBLEM_TOO_LONG ? PASSWORD_MOST : 0, "/password");
    else if (strcmp(password, form_text(&request->form, "/again")) != 0)
        faults_add(faults, PROBLEM_PASSWORDS_DIFFER, 0, "/again");
    if (set_up->second_factor && !totp_is(&set_up->secret, clock_utc_us(service_of(request)->clock),
                                          0, form_text(&request->form, "/code"), step))
        faults_add(faults, PROBLEM_ONE_TIME_CODE_WRONG, 0, "/code");
}

static void set_up_finish(struct request *request, const struct set_up *set_up, int64_t step)
{
    char hash[PASSWORD_HASH_TEXT];
    struct recovery_set codes;
    struct params params = {0};
    struct rows rows = {0};
    if (!password_hash(form_text(&request->form, "/password"), hash)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    }
    recovery_set_make(service_of(request)->clock, &codes);
    params_bytes(&params, set_up->token.bytes, DIGEST_BYTES);
    params_text(&params, hash);
    if (set_up->second_factor)
        params_int8(&params, step);
    else
        params_null(&params);
    recovery_set_params(&codes, set_up->second_factor, &params);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_SETUP_FINISH, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "set-up") == 0)
            reply_document(request,
                           recovery_document(request, set_up->second_factor ? &codes : NULL));
        else
            reply_document(request, token_document(request, desk_outcome(outcome)));
    }
    rows_clear(&rows);
    sodium_memzero(hash, sizeof hash);
    sodium_memzero(&codes, sizeof codes);
}

enum handled set_up_form(struct request *request)
{
    struct set_up set_up = {0};
    struct faults faults = {0};
    int64_t step = 0;
    if (set_up_open(request, &set_up)) {
        bool chosen = form_value(&request->form, "/password") != NULL;
        if (chosen)
            set_up_judge(request, &set_up, &step, &faults);
        if (!chosen || faults.count)
            reply_document(request, choose_document(request, &set_up, &faults));
        else
            set_up_finish(request, &set_up, step);
    }
    sodium_memzero(&set_up, sizeof set_up);
    return HANDLED;
}
