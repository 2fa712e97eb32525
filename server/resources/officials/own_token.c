/* Tokens for scripts: listed, made, shown once, revoked; and what a script sees of its own. */
#include "base/parse.h"
#include "base/text.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/own_account.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_ID, LABEL, ROLE, SLUG, CREATED, EXPIRES, USED };
enum { LABEL_MOST = 60, DAYS_MOST = 365, SCOPE_TEXT = 96 };

/* "publisher five-year-plan-iti": what the form's choice says, and the list. */
static json_t *scope_view(const struct request *request, enum official_role role, const char *slug)
{
    json_t *scope = desk_role(request, role);
    struct consultation *consultation =
        slug ? catalogue_find(service_of(request)->catalogue, slug) : NULL;
    const char *title = consultation ? consultation->title.body[request->language] : slug;
    json_object_set_new(scope, "value", json_sprintf("%s %s", role_name(role), slug ? slug : ""));
    if (title)
        json_object_set_new(scope, "title", json_string(title));
    if (consultation && consultation->rehearsal)
        json_object_set_new(scope, "rehearsal", json_true());
    consultation_release(consultation);
    return scope;
}

static json_t *token_view(const struct request *request, const struct rows *rows, int row)
{
    const struct pages *pages = service_of(request)->pages;
    enum language language = request->language;
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o}", "id", row_text(rows, row, TOKEN_ID), "label",
        row_text(rows, row, LABEL), "scope",
        scope_view(request, (enum official_role)row_int(rows, row, ROLE),
                   row_text(rows, row, SLUG)),
        "created", wording_moment(pages, language, MOMENT_MINUTE, row_time(rows, row, CREATED)),
        "expires", wording_moment(pages, language, MOMENT_MINUTE, row_time(rows, row, EXPIRES)),
        "used",
        row_is_null(rows, row, USED)
            ? json_null()
            : wording_moment(pages, language, MOMENT_MINUTE, row_time(rows, row, USED)));
}

static bool list_read(struct request *request, json_t *page)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_TOKENS, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++)
        json_array_append_new(list, token_view(request, &rows, row));
    rows_clear(&rows);
    if (json_array_size(list))
        json_object_set_new(page, "tokens", json_pack("{s:O}", "list", list));
    json_decref(list);
    return ok;
}

static bool scopes_read(struct request *request, json_t *page)
{
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, request->official->login);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_GRANTS, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++)
        json_array_append_new(list, scope_view(request, (enum official_role)row_int(&rows, row, 1),
                                               row_text(&rows, row, 0)));
    rows_clear(&rows);
    if (request->official->administrator)
        json_array_append_new(list, scope_view(request, ROLE_ADMINISTRATOR, NULL));
    if (json_array_size(list))
        json_object_set_new(page, "scopes", json_pack("{s:O}", "list", list));
    json_decref(list);
    return ok;
}

bool own_tokens_read(struct request *request, json_t *page)
{
    return list_read(request, page) && scopes_read(request, page);
}

/* What the form for a new token says. */
struct wanted {
    char *label; /* owned */
    enum official_role role;
    char slug[SLUG_MOST + 1];
    int64_t days;
};

static void scope_read(const char *typed, struct wanted *out, struct faults *faults)
{
    char scope[SCOPE_TEXT];
    snprintf(scope, sizeof scope, "%s", typed);
    char *space = strchr(scope, ' ');
    if (space)
        *space = '\0';
    out->role = role_find(scope);
    if (!space || out->role == ROLES || (space[1] && !parse_slug(space + 1, SLUG_MOST)) ||
        (out->role == ROLE_ADMINISTRATOR) != (space[1] == '\0'))
        faults_add(faults, *typed ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/scope");
    else
        snprintf(out->slug, sizeof out->slug, "%s", space + 1);
}

static void wanted_read(const struct request *request, struct wanted *out, struct faults *faults)
{
    const char *label = form_text(&request->form, "/label");
    if (!text_normalise(label, strlen(label), &out->label))
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "/label");
    else if (!*out->label)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/label");
    else if (text_points(out->label) > LABEL_MOST)
        faults_add(faults, PROBLEM_TOO_LONG, LABEL_MOST, "/label");
    scope_read(form_text(&request->form, "/scope"), out, faults);
    if (!parse_integer(form_text(&request->form, "/days"), 1, DAYS_MOST, &out->days))
        faults_add(faults, PROBLEM_NUMBER_INVALID, DAYS_MOST, "/days");
}

static void token_show(struct request *request, const char *ticket, const struct wanted *wanted)
{
    reply_document(
        request,
        desk_document(
            request,
            &(struct desk_page){.status = 201,
                                .template = "official_token",
                                .title_key = "official.token-made",
                                .page = json_pack("{s:s, s:s, s:o, s:o}", "token", ticket, "label",
                                                  wanted->label, "scope",
                                                  scope_view(request, wanted->role,
                                                             *wanted->slug ? wanted->slug : NULL),
                                                  "back", desk_address(request, "/own-account"))}));
}

static void token_make(struct request *request, const struct wanted *wanted, struct faults *faults)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_int4(&params, request->official->id);
    params_text(&params, *wanted->slug ? wanted->slug : NULL);
    params_int2(&params, (int)wanted->role);
    params_text(&params, wanted->label);
    params_int4(&params, (int32_t)wanted->days);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_TOKEN_MAKE, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "made") == 0)
            token_show(request, ticket, wanted);
        else
            faults_add(faults, desk_outcome(outcome), 0, "/scope");
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
}

static json_t *typed_view(const struct request *request)
{
    return json_pack("{s:s, s:s}", "label", form_text(&request->form, "/label"), "days",
                     form_text(&request->form, "/days"));
}

static void token_revoke(struct request *request, const char *id)
{
    struct uuid token;
    struct params params = {0};
    if (!parse_uuid(id, &token)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/revoke");
        return;
    }
    params_int4(&params, request->official->id);
    params_uuid(&params, &token);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_TOKEN_REVOKE, &params, NULL))
        desk_redirect(request, "/own-account");
}

enum handled own_tokens_form(struct request *request)
{
    const char *revoke = form_value(&request->form, "/revoke");
    struct faults faults = {0};
    struct wanted wanted = {0};
    if (revoke) {
        token_revoke(request, revoke);
        return HANDLED;
    }
    wanted_read(request, &wanted, &faults);
    if (!faults.count)
        token_make(request, &wanted, &faults);
    if (faults.count)
        own_account_show(request, &faults, typed_view(request));
    free(wanted.label);
    return HANDLED;
}

enum { WHO_SLUG = 7, WHO_ROLE, WHO_EXPIRES };

/* GET /v1/official: whose token it is and what it is for. */
enum handled official_get(struct request *request)
{
    const struct official *official = request->official;
    const char *sent = request_header(request, "Authorization");
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    char expires[RFC3339_TEXT];
    if (!sent || !ticket_read(sent + strlen("Bearer "), &digest)) {
        reply_problem(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
        return HANDLED;
    }
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    if (desk_run(request, STATEMENT_OFFICIAL_TOKEN, &params, &rows)) {
        struct document *document = NULL;
        if (rows_count(&rows) == 1) {
            format_time(row_time(&rows, 0, WHO_EXPIRES), expires);
            document = document_new(200, request->language);
        }
        if (document &&
            !document_say(document,
                          json_pack("{s:s, s:s, s:s?, s:s}", "login", official->login, "role",
                                    role_name((enum official_role)row_int(&rows, 0, WHO_ROLE)),
                                    "consultation", row_text(&rows, 0, WHO_SLUG), "expires_at",
                                    expires))) {
            document_free(document);
            document = NULL;
        }
        reply_document(request, document);
    }
    rows_clear(&rows);
    return HANDLED;
}
