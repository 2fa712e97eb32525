/* What officials' handlers share; see desk.h. */
#include "resources/officials/desk.h"

#include "domain/wipe.h"
#include "http/reply.h"
#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/officials/crumbs.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

/* A filter's text is 1,200 bytes at the most, escaped. */
enum { TRIES = 3, ADDRESS = 2048, CARRIED_MOST = 64 * 1024 };

bool desk_run(struct request *request, enum statement statement, struct params *params,
              struct rows *rows)
{
    bool own = statement_texts[statement].roles & 1u << DB_OFFICIAL;
    struct db *db = own || !request->answers ? request->db : request->answers;
    enum db_status status = DB_AGAIN;
    for (int tries = 0; status == DB_AGAIN && tries < TRIES; tries++) {
        if (rows)
            rows_clear(rows);
        status = db_ready(db);
        if (status == DB_OK)
            status = db_run(db, statement, params, rows);
    }
    params_clear(params);
    return desk_judge(request, status);
}

bool desk_judge(struct request *request, enum db_status status)
{
    if (status == DB_OK)
        return true;
    bool fault = status == DB_FAULT || status == DB_REFUSED;
    reply_problem(request, fault ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    return false;
}

bool desk_record(struct request *request, const char *action, int32_t consultation_id,
                 json_t *detail)
{
    const struct official *official = request->official;
    struct params params = {0};
    json_t *all = detail ? detail : json_object();
    bool machine = official->id == 0;
    struct uuid key;
    if (*official->token && !machine)
        json_object_set_new(all, "token", json_string(official->token));
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    if (machine && parse_uuid(official->token, &key))
        params_uuid(&params, &key);
    else
        params_int4(&params, official->id);
    params_text(&params, official->network);
    params_text(&params, action);
    if (consultation_id)
        params_int4(&params, consultation_id);
    else
        params_null(&params);
    params_text(&params, text);
    wipe_free(text);
    return desk_run(request, machine ? STATEMENT_INSTITUTION_KEY_AUDIT : STATEMENT_OFFICIAL_AUDIT,
                    &params, NULL);
}

static const char *desk_folder(const struct request *request)
{
    return route_side(request->route) == SIDE_INSTITUTION ? "institution" : "officials";
}

static void address_of(const struct request *request, const char *rest, char address[ADDRESS])
{
    snprintf(address, ADDRESS, "/%s/%s%s", language_tag(request->language), desk_folder(request),
             rest);
}

void desk_redirect(struct request *request, const char *rest)
{
    char address[ADDRESS];
    address_of(request, rest, address);
    reply_redirect(request, 303, address);
}

json_t *desk_address(const struct request *request, const char *rest)
{
    char address[ADDRESS];
    address_of(request, rest, address);
    return json_string(address);
}

static json_t *navigation(const struct request *request)
{
    const struct official *official = request->official;
    json_t *out = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "name", official->name, "login",
                            official->login, "home", desk_address(request, ""), "own_account",
                            desk_address(request, "/own-account"), "sign_out",
                            desk_address(request, "/sign-out"), "form_token", official->form_token);
    if (out && official->institution_id) {
        if (json_object_set_new(out, "institution",
                                json_pack("{s:s, s:o, s:o, s:o}", "name",
                                          official->institution_name, "members",
                                          desk_address(request, "/members"), "verification",
                                          desk_address(request, "/verification"), "keys",
                                          desk_address(request, "/keys"))) == 0)
            return out;
        json_decref(out);
        return NULL;
    }
    if (out && official->administrator &&
        (json_object_set_new(out, "accounts", desk_address(request, "/accounts")) != 0 ||
         json_object_set_new(out, "institutions", desk_address(request, "/institutions")) != 0 ||
         json_object_set_new(out, "acts", desk_address(request, "/acts")) != 0)) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* Wrong by itself, so wrong again when it is sent again, whatever happened meanwhile. */
static bool is_typed_wrong(enum problem_code code)
{
    static const enum problem_code wrong[] = {
        PROBLEM_BAD_TEXT,      PROBLEM_CLOCK_INVALID, PROBLEM_DATE_INVALID, PROBLEM_DOMAIN_INVALID,
        PROBLEM_LOGIN_INVALID, PROBLEM_MUST_BE_EMPTY, PROBLEM_NOT_FILTERED, PROBLEM_NUMBER_INVALID,
        PROBLEM_REQUIRED,      PROBLEM_SLUG_INVALID,  PROBLEM_TOO_LONG,     PROBLEM_TOO_MANY,
        PROBLEM_WORDS_REMOVED,
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (code == wrong[i])
            return true;
    return false;
}

static bool is_secret(const char *name)
{
    static const char *const secrets[] = {"/password", "/again", "/present", "/code", "/token"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strcmp(name, secrets[i]) == 0)
            return true;
    return false;
}

static bool is_form_reply(const struct request *request, const struct desk_page *page)
{
    return !page->rest && strcmp(request->method, "POST") == 0;
}

/* Whether a reply may be had in another language by sending the form again: never one that might be
 * done this time, for who changes the language asks for nothing else; nor one with a secret, which
 * is written into no page; nor one with files, which no page can send along. */
static bool may_carry(const struct request *request, const struct desk_page *page)
{
    size_t size = 0, wrong = 0;
    if (!is_form_reply(request, page) ||
        request->route->representations & (ROUTE_TAKES_FILES | ROUTE_SPOOLED))
        return false;
    for (size_t i = 0; page->faults && i < page->faults->count; i++)
        wrong += is_typed_wrong(page->faults->list[i].code);
    for (size_t i = 0; i < request->form.count; i++) {
        const struct field *field = &request->form.fields[i];
        if (is_secret(field->name))
            return false;
        size += strlen(field->name) + strlen(field->value);
    }
    return (wrong > 0 || page->is_looked_at) && size <= CARRIED_MOST;
}

/* What is sent in the place of a field. */
static const char *carried_value(const struct desk_page *page, const struct field *field)
{
    bool does = page->is_looked_at && strcmp(field->name, "/go") == 0 &&
                strcmp(field->value, "confirm") == 0;
    return does ? "change" : field->value;
}

/* [{name, value}] of the form; NULL: it is not carried. New reference. */
static json_t *carried_of(const struct request *request, const struct desk_page *page)
{
    if (!may_carry(request, page))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < request->form.count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "name", request->form.fields[i].name, "value",
                                        carried_value(page, &request->form.fields[i])));
    return list;
}

/* "?show=all": what a page was asked for by its address is asked for in other languages, too. */
static const char *own_query(const struct request *request)
{
    const char *query = strchr(request_target(request), '?');
    return query ? query : "";
}

/* Generated answers must not be taken for a real consultation's on any page of theirs. */
static bool is_rehearsal(const struct request *request)
{
    const char *slug = request_part(request, "slug");
    struct consultation *consultation =
        slug ? catalogue_find_any(service_of(request)->catalogue, slug) : NULL;
    bool rehearsal = consultation && consultation->rehearsal;
    consultation_release(consultation);
    return rehearsal;
}

/* False: no memory or an unknown string. */
static bool frame_fill(struct request *request, struct document *document,
                       const struct desk_page *page)
{
    char rest[ADDRESS] = "", own[ADDRESS], above[TARGET_PATH];
    const size_t tag = 1 + strlen(language_tag(request->language));
    const char *path = request->path + tag;
    json_t *carried = carried_of(request, page);
    /* What was done, and what is shown once, has no other language. */
    bool anew = !carried && is_form_reply(request, page) && page->status >= 400 &&
                reply_page_above(request, above);
    snprintf(own, sizeof own, "%s%s", path, own_query(request));
    if (page->rest)
        snprintf(rest, sizeof rest, "/%s%s", desk_folder(request), page->rest);
    bool is_own = strcmp(request->method, "GET") == 0 && strcmp(rest, path) == 0;
    const struct frame frame = {.title = page->title,
                                .title_key = page->title_key,
                                .rest = anew          ? above + tag
                                        : !page->rest ? NULL
                                        : is_own      ? own
                                                      : rest,
                                .anew = anew,
                                .action = own,
                                .carried = carried,
                                .rehearsal = is_rehearsal(request),
                                .unlisted = true,
                                .faulty = page->faults && page->faults->count};
    bool ok = page_frame(service_of(request)->pages, document, &frame);
    json_decref(carried);
    return ok;
}

struct document *desk_document(struct request *request, const struct desk_page *page)
{
    const struct service *service = service_of(request);
    bool faulty = page->faults && page->faults->count;
    struct document *document = document_new(page->status, request->language);
    if (!document) {
        json_decref(page->page);
        return NULL;
    }
    document->template = page->template;
    document->page = page->page ? page->page : json_object();
    bool ok = frame_fill(request, document, page);
    if (ok && request->route->access != ACCESS_DOOR)
        ok = json_object_set_new(document->page,
                                 request->route->access == ACCESS_HALF ? "half" : "official",
                                 navigation(request)) == 0;
    if (ok && route_side(request->route) == SIDE_INSTITUTION)
        ok = json_object_set_new(document->page, "institution_side", json_true()) == 0;
    if (ok)
        ok = crumbs_add(request, document);
    if (ok && faulty)
        ok = json_object_set_new(document->page, "faults",
                                 form_faults(service->pages, request->language, page->faults)) == 0;
    if (ok)
        return document;
    document_free(document);
    return NULL;
}

json_t *desk_error(const struct request *request, const struct faults *faults, const char *pointer)
{
    json_t *all = form_faults(service_of(request)->pages, request->language, faults);
    json_t *message = json_incref(form_fault(all, pointer));
    json_decref(all);
    return message ? message : json_null();
}

void desk_retry(struct request *request, int seconds)
{
    char text[16];
    snprintf(text, sizeof text, "%d", seconds > 0 ? seconds : 1);
    reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, text);
}

enum problem_code desk_outcome(const char *outcome)
{
    enum problem_code problem = outcome ? problem_find(outcome) : PROBLEM_NONE;
    return problem == PROBLEM_NONE ? PROBLEM_INTERNAL : problem;
}

json_t *desk_role(const struct request *request, enum official_role role)
{
    char key[32];
    snprintf(key, sizeof key, "role.%s", role_name(role));
    return json_pack("{s:s, s:o}", "role", role_name(role), "label",
                     wording_string(service_of(request)->pages, request->language, key, NULL));
}

json_t *desk_act(const struct request *request, const char *action)
{
    char key[80];
    struct buf words = {0};
    snprintf(key, sizeof key, "act.%s", action);
    bool said = pages_string(service_of(request)->pages, request->language, key, NULL, &words) &&
                buf_ok(&words);
    json_t *value =
        said ? json_stringn(words.data ? words.data : "", words.length) : json_string(action);
    buf_clear(&words);
    return value;
}
