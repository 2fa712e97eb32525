/* The members of an institution: everybody sees who they are, coordinators invite and change them.
 * Which institution it is follows from the session; what they may not do, they are told by the
 * database's functions. */
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

enum { REST = 64 };

static bool coordinates(const struct request *request)
{
    return request->official->member_roles & MEMBER_COORDINATOR;
}

static void list_show(struct request *request, const struct faults *faults)
{
    json_t *members = NULL;
    if (!body_members(request, NULL, "/members", &members))
        return;
    json_t *page =
        json_pack("{s:o, s:o}", "members", members, "action", desk_address(request, "/members"));
    if (coordinates(request))
        json_object_set_new(page, "invite", desk_invited_view(request, faults, MEMBER_DRAFTER));
    reply_document(request,
                   desk_document(request, &(struct desk_page){.status = faults ? 422 : 200,
                                                              .template = "institution_members",
                                                              .title_key = "institution.members",
                                                              .rest = faults ? NULL : "/members",
                                                              .faults = faults,
                                                              .page = page}));
}

enum handled member_list_page(struct request *request)
{
    list_show(request, NULL);
    return HANDLED;
}

/* The one of the address, out of the list; NULL: a problem is set. New reference. */
static json_t *member_find(struct request *request)
{
    const char *login = request_part(request, "login");
    json_t *members = NULL, *found = NULL, *member;
    size_t i;
    if (!body_members(request, NULL, "/members", &members))
        return NULL;
    json_array_foreach(json_object_get(members, "list"), i,
                       member) if (strcmp(json_string_value(json_object_get(member, "login")),
                                          login) == 0) found = json_incref(member);
    json_decref(members);
    if (!found)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return found;
}

static void member_show(struct request *request, const struct faults *faults)
{
    json_t *member = member_find(request);
    char rest[REST];
    if (!member)
        return;
    snprintf(rest, sizeof rest, "/members/%s", request_part(request, "login"));
    json_t *page = json_pack(
        "{s:b, s:o, s:o, s:o, s:b, s:o}", "coordinates", coordinates(request), "member",
        json_incref(member), "choice",
        desk_parts(request, faults, (unsigned)json_integer_value(json_object_get(member, "bits"))),
        "back", desk_address(request, "/members"), "done",
        !faults && request_query(request, "done"), "error",
        faults ? desk_error(request, faults, "/sure") : json_null());
    reply_document(request,
                   desk_document(request, &(struct desk_page){.status = faults ? 422 : 200,
                                                              .template = "institution_member",
                                                              .title = json_string_value(
                                                                  json_object_get(member, "name")),
                                                              .rest = faults ? NULL : rest,
                                                              .faults = faults,
                                                              .page = page}));
    json_decref(member);
}

enum handled member_page(struct request *request)
{
    member_show(request, NULL);
    return HANDLED;
}

/* Runs an act on a member. True: done; else a reply is set, the refusal at `pointer` of `show`'s
 * page. */
static bool act(struct request *request, enum statement statement, struct params *params,
                const char *pointer, void (*show)(struct request *, const struct faults *))
{
    struct rows rows = {0};
    struct faults faults = {0};
    bool done = false;
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        done = outcome && strcmp(outcome, "done") == 0;
        if (outcome && strcmp(outcome, "not-found") == 0) {
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        } else if (!done) {
            faults_add(&faults, desk_outcome(outcome), 0, "%s", pointer);
            show(request, &faults);
        }
    }
    rows_clear(&rows);
    return done;
}

enum handled member_invite_form(struct request *request)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct faults faults = {0};
    struct desk_invited invited = {0};
    struct params params = {0};
    if (!desk_invited_read(request, &invited, &faults)) {
        list_show(request, &faults);
        free(invited.name);
        return HANDLED;
    }
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_int4(&params, request->official->id);
    params_text(&params, request->official->institution);
    params_text(&params, invited.login);
    params_text(&params, invited.name);
    params_int2(&params, (int)invited.roles);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (act(request, STATEMENT_INSTITUTION_INVITE, &params, "/member/login", list_show))
        desk_link_show(request, "institution", "institution.invited", invited.login, ticket,
                       "/members");
    free(invited.name);
    sodium_memzero(ticket, sizeof ticket);
    return HANDLED;
}

/* The account and what becomes of it. */
static void params_of(const struct request *request, struct params *params)
{
    params_int4(params, request->official->id);
    params_text(params, request_part(request, "login"));
}

static void member_done(struct request *request)
{
    char rest[REST + 8];
    snprintf(rest, sizeof rest, "/members/%s?done=1", request_part(request, "login"));
    desk_redirect(request, rest);
}

/* By a coordinator, or by the second of two. */
static void link_make(struct request *request, enum statement statement)
{
    char ticket[TICKET_TEXT], rest[REST];
    struct digest digest;
    struct params params = {0};
    ticket_make(service_of(request)->clock, ticket, &digest);
    params_of(request, &params);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    snprintf(rest, sizeof rest, "/members%s%s", coordinates(request) ? "/" : "",
             coordinates(request) ? request_part(request, "login") : "");
    if (act(request, statement, &params, "/member", member_show))
        desk_link_show(request, "institution", "institution.link-made",
                       request_part(request, "login"), ticket, rest);
    sodium_memzero(ticket, sizeof ticket);
}

/* What ends in a link that is shown. It takes away what the member signs in with, so who does it
 * alone is asked whether that is meant. False: something else is asked for. */
static bool link_asked(struct request *request, const char *go)
{
    struct faults faults = {0};
    if (strcmp(go, "confirm") == 0) {
        link_make(request, STATEMENT_INSTITUTION_RESET_CONFIRM);
    } else if (strcmp(go, "link") != 0) {
        return false;
    } else if (form_value(&request->form, "/sure")) {
        link_make(request, STATEMENT_INSTITUTION_MEMBER_LINK);
    } else {
        faults_add(&faults, PROBLEM_LINK_NOT_SURE, 0, "/sure");
        member_show(request, &faults);
    }
    return true;
}

enum handled member_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    enum statement statement = STATEMENT_INSTITUTION_MEMBER_ENABLE;
    struct params params = {0};
    struct faults faults = {0};
    if (link_asked(request, go))
        return HANDLED;
    params_of(request, &params);
    if (strcmp(go, "parts") == 0) {
        statement = STATEMENT_INSTITUTION_MEMBER_ROLES;
        params_int2(&params, (int)desk_parts_read(request, &faults));
    } else if (strcmp(go, "end-link") == 0) {
        statement = STATEMENT_INSTITUTION_MEMBER_LINK_END;
    } else if (strcmp(go, "propose") == 0 || strcmp(go, "drop") == 0) {
        statement =
            *go == 'p' ? STATEMENT_INSTITUTION_RESET_PROPOSE : STATEMENT_INSTITUTION_RESET_DROP;
    } else if (strcmp(go, "enable") == 0 || strcmp(go, "disable") == 0) {
        params_bool(&params, strcmp(go, "enable") == 0);
    } else {
        params_clear(&params);
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
        return HANDLED;
    }
    params_text(&params, request->official->network);
    if (faults.count) {
        params_clear(&params);
        member_show(request, &faults);
    } else if (act(request, statement, &params, "/member", member_show)) {
        member_done(request);
    }
    return HANDLED;
}
