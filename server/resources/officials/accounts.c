/* Accounts as administrators see them: the list, one account, and what is done to it. What they may
 * not do, they are told by the database's functions. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    LIST_LOGIN,
    LIST_NAME,
    LIST_ADMINISTRATOR,
    LIST_SECOND,
    LIST_SET_UP,
    LIST_DISABLED,
    LIST_SEEN,
    LIST_GRANTS
};
enum {
    ID,
    LOGIN,
    NAME,
    ADMINISTRATOR,
    SECOND,
    SET_UP,
    DISABLED,
    SEEN,
    CREATED,
    REFUSED,
    SESSIONS,
    PROPOSER
};
enum { PAGE_ACCOUNTS = 50, REST = 128, CONSULTATIONS = 64 };

static json_t *moment(const struct request *request, const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return json_null();
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                          row_time(rows, row, column));
}

static json_t *account_row(const struct request *request, const struct rows *rows, int row)
{
    char rest[REST];
    snprintf(rest, sizeof rest, "/accounts/%s", row_text(rows, row, LIST_LOGIN));
    return json_pack(
        "{s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:o, s:o}", "login", row_text(rows, row, LIST_LOGIN),
        "name", row_text(rows, row, LIST_NAME), "href", desk_address(request, rest),
        "administrator", row_bool(rows, row, LIST_ADMINISTRATOR), "single_factor",
        !row_bool(rows, row, LIST_SECOND), "awaited", !row_bool(rows, row, LIST_SET_UP), "disabled",
        row_bool(rows, row, LIST_DISABLED), "seen", moment(request, rows, row, LIST_SEEN),
        "consultations", wording_count(row_int(rows, row, LIST_GRANTS)));
}

enum handled account_list_page(struct request *request)
{
    const char *after = request_query(request, "after");
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, after ? after : "");
    params_int4(&params, PAGE_ACCOUNTS + 1);
    if (desk_run(request, STATEMENT_OFFICIAL_LIST, &params, &rows)) {
        int count = rows_count(&rows);
        json_t *list = json_array(), *page = json_object();
        for (int row = 0; row < count && row < PAGE_ACCOUNTS; row++)
            json_array_append_new(list, account_row(request, &rows, row));
        if (count > PAGE_ACCOUNTS)
            json_object_set_new(
                page, "next",
                json_sprintf("?after=%s", row_text(&rows, PAGE_ACCOUNTS - 1, LIST_LOGIN)));
        json_object_set_new(page, "accounts", json_pack("{s:o}", "list", list));
        reply_document(request,
                       desk_document(request, &(struct desk_page){.status = 200,
                                                                  .template = "official_accounts",
                                                                  .title_key = "official.accounts",
                                                                  .rest = "/accounts",
                                                                  .page = page}));
    }
    rows_clear(&rows);
    return HANDLED;
}

static bool is_granted(const struct rows *grants, const char *slug, int role)
{
    for (int row = 0; row < rows_count(grants); row++)
        if (row_int(grants, row, 1) == role && strcmp(row_text(grants, row, 0), slug) == 0)
            return true;
    return false;
}

/* Every consultation with every role, given or not. */
static json_t *grants_view(const struct request *request, const struct rows *grants)
{
    struct consultation *all[CONSULTATIONS];
    size_t count = catalogue_all(service_of(request)->catalogue, all, CONSULTATIONS);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *roles = json_array();
        for (int role = 0; role < ROLE_ADMINISTRATOR; role++) {
            json_t *item = desk_role(request, (enum official_role)role);
            json_object_set_new(item, "granted",
                                json_boolean(is_granted(grants, all[i]->slug, role)));
            json_object_set_new(item, "slug", json_string(all[i]->slug));
            json_array_append_new(roles, item);
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b, s:{s:o}}", "title",
                                        all[i]->title.body[request->language], "slug", all[i]->slug,
                                        "rehearsal", all[i]->rehearsal, "roles", "list", roles));
        consultation_release(all[i]);
    }
    return json_pack("{s:o}", "list", list);
}

static json_t *account_view(const struct request *request, const struct rows *rows)
{
    const struct official *official = request->official;
    const char *login = row_text(rows, 0, LOGIN);
    const char *proposer = row_text(rows, 0, PROPOSER);
    bool own = strcmp(login, official->login) == 0;
    char rest[REST];
    snprintf(rest, sizeof rest, "/accounts/%s", login);
    json_t *view = json_pack(
        "{s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:b, s:o, s:o, s:o, s:o}", "login", login, "name",
        row_text(rows, 0, NAME), "href", desk_address(request, rest), "administrator",
        row_bool(rows, 0, ADMINISTRATOR), "single_factor", !row_bool(rows, 0, SECOND), "awaited",
        !row_bool(rows, 0, SET_UP), "disabled", row_bool(rows, 0, DISABLED), "own", own, "seen",
        moment(request, rows, 0, SEEN), "created", moment(request, rows, 0, CREATED), "refused",
        row_int(rows, 0, REFUSED) ? wording_count(row_int(rows, 0, REFUSED)) : json_null(),
        "sessions", wording_count(row_int(rows, 0, SESSIONS)));
    if (proposer && !own)
        json_object_set_new(view, "reset",
                            json_pack("{s:s, s:b}", "proposer", proposer, "confirmable",
                                      strcmp(proposer, official->login) != 0));
    return view;
}

/* The account of the address with a status; `problem` NONE: nothing was refused. */
static void account_show(struct request *request, enum problem_code problem)
{
    const char *login = request_part(request, "login"), *done = request_query(request, "done");
    struct params params = {0}, grant_params = {0};
    struct rows rows = {0}, grants = {0};
    params_text(&params, login);
    params_text(&grant_params, login);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_GET, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    }
    if (ok && desk_run(request, STATEMENT_OFFICIAL_GRANTS, &grant_params, &grants)) {
        struct faults faults = {0};
        char rest[REST];
        snprintf(rest, sizeof rest, "/accounts/%s", login);
        if (problem != PROBLEM_NONE)
            faults_add(&faults, problem, 0, "/account");
        json_t *page =
            json_pack("{s:o, s:o, s:b}", "account", account_view(request, &rows), "grants",
                      grants_view(request, &grants), "done", done && problem == PROBLEM_NONE);
        reply_document(
            request,
            desk_document(request,
                          &(struct desk_page){
                              .status = problem == PROBLEM_NONE ? 200 : problem_status(problem),
                              .template = "official_account",
                              .title = row_text(&rows, 0, NAME),
                              .rest = problem == PROBLEM_NONE ? rest : NULL,
                              .faults = &faults,
                              .page = page}));
    }
    params_clear(&grant_params);
    rows_clear(&grants);
    rows_clear(&rows);
}

enum handled account_page(struct request *request)
{
    account_show(request, PROBLEM_NONE);
    return HANDLED;
}

/* Runs an act that gives done or why not; shows the account again. */
static void act(struct request *request, enum statement statement, struct params *params)
{
    struct rows rows = {0};
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        char rest[REST];
        snprintf(rest, sizeof rest, "/accounts/%s?done=1", request_part(request, "login"));
        if (outcome && strcmp(outcome, "done") == 0)
            desk_redirect(request, rest);
        else if (outcome && strcmp(outcome, "not-found") == 0)
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        else
            account_show(request, desk_outcome(outcome));
    }
    rows_clear(&rows);
}

static void params_of(const struct request *request, struct params *params)
{
    params_int4(params, request->official->id);
    params_text(params, request_part(request, "login"));
}

/* "/grant" or "/end" holds a role's name and a slug. */
enum handled account_grants_form(struct request *request)
{
    const char *end = form_value(&request->form, "/end");
    const char *what = end ? end : form_text(&request->form, "/grant");
    char name[32];
    size_t length = strcspn(what, " ");
    snprintf(name, sizeof name, "%.*s", (int)length, what);
    enum official_role role = role_find(name);
    const char *slug = what[length] ? what + length + 1 : "";
    struct params params = {0};
    if (role >= ROLE_ADMINISTRATOR || !parse_slug(slug, SLUG_MOST)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, end ? "/end" : "/grant");
        return HANDLED;
    }
    params_of(request, &params);
    params_text(&params, slug);
    params_int2(&params, (int)role);
    params_bool(&params, end == NULL);
    params_text(&params, request->official->network);
    act(request, STATEMENT_OFFICIAL_GRANT, &params);
    return HANDLED;
}

enum handled account_state_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    bool enable = strcmp(go, "enable") == 0;
    struct params params = {0};
    params_of(request, &params);
    if (enable || strcmp(go, "disable") == 0) {
        params_bool(&params, enable);
        params_text(&params, request->official->network);
        act(request, STATEMENT_OFFICIAL_ENABLE, &params);
    } else if (strcmp(go, "sign-out") == 0) {
        params_text(&params, request->official->network);
        act(request, STATEMENT_OFFICIAL_END_SESSIONS, &params);
    } else {
        params_clear(&params);
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
    }
    return HANDLED;
}

/* The second of two: the new link is shown to them, once. */
static void reset_confirm(struct request *request)
{
    const struct service *service = service_of(request);
    const char *login = request_part(request, "login");
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(service->clock, ticket, &digest);
    params_of(request, &params);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_RESET_CONFIRM, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        char rest[REST];
        snprintf(rest, sizeof rest, "/accounts/%s", login);
        if (outcome && strcmp(outcome, "done") == 0)
            desk_link_show(request, "officials", "official.reset-done", login, ticket, rest);
        else if (outcome && strcmp(outcome, "not-found") == 0)
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        else
            account_show(request, desk_outcome(outcome));
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
}

enum handled account_reset_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    struct params params = {0};
    if (strcmp(go, "confirm") == 0) {
        reset_confirm(request);
        return HANDLED;
    }
    if (strcmp(go, "propose") != 0 && strcmp(go, "drop") != 0) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
        return HANDLED;
    }
    params_of(request, &params);
    params_text(&params, request->official->network);
    act(request,
        strcmp(go, "drop") == 0 ? STATEMENT_OFFICIAL_RESET_END : STATEMENT_OFFICIAL_RESET_PROPOSE,
        &params);
    return HANDLED;
}
