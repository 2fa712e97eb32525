/* The register of institutions as administrators see it: the list, one institution, and what is
 * done to it. What they may not do, they are told by the database's functions. */
#include "resources/officials/institutions.h"

#include "http/reply.h"
#include "resources/institutions/body.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGISTERED_AT = BODY_MORE, COORDINATORS };
enum { MEMBERS = BODY_MORE };
enum { PAGE_INSTITUTIONS = 100, NOTE_MOST = 500 };

static json_t *list_row(const struct request *request, const struct rows *rows, int row)
{
    char rest[INSTITUTION_REST];
    json_t *view = body_view(request, rows, row);
    snprintf(rest, sizeof rest, "/institutions/%s", row_text(rows, row, BODY_SLUG));
    json_object_set_new(view, "href", desk_address(request, rest));
    json_object_set_new(view, "members", json_integer(row_int(rows, row, MEMBERS)));
    return view;
}

void institution_list_show(struct request *request, const struct faults *faults)
{
    const char *after = faults ? NULL : request_query(request, "after");
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, after ? after : "");
    params_int4(&params, PAGE_INSTITUTIONS + 1);
    if (desk_run(request, STATEMENT_INSTITUTION_LIST, &params, &rows)) {
        int count = rows_count(&rows);
        json_t *list = json_array(), *page = institution_fields(request, faults, NULL, NULL);
        for (int row = 0; row < count && row < PAGE_INSTITUTIONS; row++)
            json_array_append_new(list, list_row(request, &rows, row));
        if (count > PAGE_INSTITUTIONS)
            json_object_set_new(
                page, "next",
                json_sprintf("?after=%s", row_text(&rows, PAGE_INSTITUTIONS - 1, BODY_SLUG)));
        json_object_set_new(page, "institutions", json_pack("{s:o}", "list", list));
        json_object_set_new(page, "action", desk_address(request, "/institutions"));
        reply_document(request, desk_document(request, &(struct desk_page){
                                                           .status = faults ? 422 : 200,
                                                           .template = "official_institutions",
                                                           .title_key = "institution.register",
                                                           .rest = faults ? NULL : "/institutions",
                                                           .faults = faults,
                                                           .page = page}));
    }
    rows_clear(&rows);
}

enum handled institution_list_page(struct request *request)
{
    institution_list_show(request, NULL);
    return HANDLED;
}

/* All that one page says. NULL: a problem is set. */
static json_t *institution_view(struct request *request, const struct rows *rows,
                                const struct faults *faults)
{
    static const struct desk_field note = {.name = "/verification/note",
                                           .label_key = "institution.verify-note",
                                           .hint_key = "institution.verify-note-hint"};
    const char *slug = row_text(rows, 0, BODY_SLUG);
    char rest[INSTITUTION_REST];
    json_t *members = NULL, *domains = body_domains(request, slug);
    if (!domains || !body_members(request, slug, NULL, &members)) {
        json_decref(domains);
        return NULL;
    }
    snprintf(rest, sizeof rest, "/institutions/%s", slug);
    json_t *page = institution_fields(request, faults, rows, json_string_value(domains));
    json_object_set_new(page, "body", body_view(request, rows, 0));
    json_object_set_new(page, "members", members);
    json_object_set_new(page, "href", desk_address(request, rest));
    json_object_set_new(
        page, "resets",
        json_sprintf("%s/resets", json_string_value(json_object_get(page, "href"))));
    json_object_set_new(page, "domains", domains);
    json_object_set_new(page, "note", desk_field(request, faults, &note));
    json_object_set_new(page, "coordinated", json_boolean(row_int(rows, 0, COORDINATORS) > 0));
    json_object_set_new(page, "invite", desk_invited_view(request, faults, MEMBER_COORDINATOR));
    json_object_set_new(page, "done",
                        json_boolean(!faults && request_query(request, "done") != NULL));
    return page;
}

void institution_show(struct request *request, const struct faults *faults)
{
    struct params params = {0};
    struct rows rows = {0};
    char rest[INSTITUTION_REST];
    params_text(&params, request_part(request, "institution"));
    bool ok = desk_run(request, STATEMENT_INSTITUTION_GET, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    }
    json_t *page = ok ? institution_view(request, &rows, faults) : NULL;
    if (page) {
        snprintf(rest, sizeof rest, "/institutions/%s", row_text(&rows, 0, BODY_SLUG));
        const char *name = row_text(&rows, 0, BODY_NAMES + (int)request->language);
        reply_document(
            request, desk_document(request, &(struct desk_page){.status = faults ? 422 : 200,
                                                                .template = "official_institution",
                                                                .title = name,
                                                                .rest = faults ? NULL : rest,
                                                                .faults = faults,
                                                                .page = page}));
    }
    rows_clear(&rows);
}

enum handled institution_page(struct request *request)
{
    institution_show(request, NULL);
    return HANDLED;
}

bool institution_act(struct request *request, enum statement statement, struct params *params,
                     const char *pointer)
{
    struct rows rows = {0};
    struct faults faults = {0};
    bool done = false;
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        done = outcome && strcmp(outcome, "done") == 0;
        if (outcome && strcmp(outcome, "not-found") == 0)
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        else if (!done) {
            faults_add(&faults, desk_outcome(outcome), 0, "%s", pointer);
            institution_show(request, &faults);
        }
    }
    rows_clear(&rows);
    return done;
}

void institution_done(struct request *request)
{
    char rest[INSTITUTION_REST];
    snprintf(rest, sizeof rest, "/institutions/%s?done=1", request_part(request, "institution"));
    desk_redirect(request, rest);
}

enum handled institution_verification_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    struct faults faults = {0};
    struct params params = {0};
    bool verify = strcmp(go, "verify") == 0;
    if (!verify && strcmp(go, "end") != 0) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
        return HANDLED;
    }
    char *note = desk_text(request, "/verification/note", NOTE_MOST, verify, &faults);
    if (!note) {
        institution_show(request, &faults);
        return HANDLED;
    }
    params_int4(&params, request->official->id);
    params_text(&params, request_part(request, "institution"));
    params_bool(&params, verify);
    params_text(&params, note);
    params_text(&params, request->official->network);
    if (institution_act(request, STATEMENT_INSTITUTION_VERIFY, &params, "/verification"))
        institution_done(request);
    free(note);
    return HANDLED;
}

enum handled institution_state_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    struct params params = {0};
    if (strcmp(go, "close") != 0 && strcmp(go, "reopen") != 0) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
        return HANDLED;
    }
    params_int4(&params, request->official->id);
    params_text(&params, request_part(request, "institution"));
    params_bool(&params, strcmp(go, "close") == 0);
    params_text(&params, request->official->network);
    if (institution_act(request, STATEMENT_INSTITUTION_CLOSE, &params, "/state"))
        institution_done(request);
    return HANDLED;
}

/* The link is shown to the administrator, once, to be passed on. */
static void link_show(struct request *request, const char *title, const char *login,
                      const char *ticket)
{
    char rest[INSTITUTION_REST];
    snprintf(rest, sizeof rest, "/institutions/%s", request_part(request, "institution"));
    desk_link_show(request, "institution", title, login, ticket, rest);
}

/* The second of two who reset a member that approves, where the institution has nobody for it. */
enum handled institution_reset_form(struct request *request)
{
    const char *login = form_text(&request->form, "/member/login");
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_int4(&params, request->official->id);
    params_text(&params, login);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (institution_act(request, STATEMENT_INSTITUTION_RESET_CONFIRM, &params, "/members"))
        link_show(request, "institution.link-made", login, ticket);
    sodium_memzero(ticket, sizeof ticket);
    return HANDLED;
}

/* The first member. */
enum handled institution_members_form(struct request *request)
{
    const char *slug = request_part(request, "institution");
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct faults faults = {0};
    struct desk_invited invited = {0};
    struct params params = {0};
    if (!desk_invited_read(request, &invited, &faults)) {
        institution_show(request, &faults);
        free(invited.name);
        return HANDLED;
    }
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_int4(&params, request->official->id);
    params_text(&params, slug);
    params_text(&params, invited.login);
    params_text(&params, invited.name);
    params_int2(&params, (int)invited.roles);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (institution_act(request, STATEMENT_INSTITUTION_INVITE, &params, "/member/login"))
        link_show(request, "institution.invited", invited.login, ticket);
    free(invited.name);
    sodium_memzero(ticket, sizeof ticket);
    return HANDLED;
}
