/* The gate of the officials' routes; see gate.h. */
#include "resources/officials/gate.h"

#include "http/cookie.h"
#include "http/reply.h"
#include "resources/institutions/machine.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, LOGIN, NAME, ADMINISTRATOR, CONSULTATION, ROLE_BITS };
enum { STAGE = ROLE_BITS + 1, INSTITUTION_ID, MEMBER_BITS, SLUG, FICTITIOUS, NAMES };
enum { TOKEN_ID = ROLE_BITS + 1 };
enum { STAGE_HALF = 1, STAGE_WHOLE = 2, COOKIE_TEXT = 256 };

static bool is_here(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strncmp(host, "localhost", 9) == 0 ||
           strncmp(host, "[::1]", 5) == 0;
}

const char *gate_cookie_name(const struct request *request, const char *name)
{
    const char *base = service_of(request)->base_url;
    if (strncmp(base, "https://", 8) == 0)
        return name;
    return strncmp(base, "http://", 7) == 0 && is_here(base + 7) ? name + strlen("__Host-") : NULL;
}

const char *gate_cookie(const struct request *request)
{
    static const char *const names[2] = {"__Host-official", "__Host-member"};
    return gate_cookie_name(request, names[route_side(request->route) == SIDE_INSTITUTION]);
}

void gate_cookie_set(struct request *request, const char *ticket)
{
    char cookie[COOKIE_TEXT];
    const char *name = gate_cookie(request);
    snprintf(cookie, sizeof cookie, "%s=%s; Path=/%s; HttpOnly; SameSite=Strict%s", name,
             ticket ? ticket : "", strncmp(name, "__Host-", 7) == 0 ? "; Secure" : "",
             ticket ? "" : "; Max-Age=0");
    reply_header(request, "Set-Cookie", cookie);
    sodium_memzero(cookie, sizeof cookie);
}

bool gate_cookie_read(const struct request *request, struct digest *out)
{
    char ticket[TICKET_TEXT];
    const char *name = gate_cookie(request);
    bool ok = name &&
              cookie_value(request_header(request, "Cookie"), name, ticket, sizeof ticket) &&
              ticket_read(ticket, out);
    sodium_memzero(ticket, sizeof ticket);
    return ok;
}

/* The network and not the machine: the record of acts is kept for ever and nothing in it can be
 * erased, and "from our office or not" is what it must be able to tell. The front's log keeps the
 * same parts. */
static void network_of(const char *address, char network[NETWORK_TEXT])
{
    unsigned char bytes[16];
    char text[INET6_ADDRSTRLEN];
    if (strncasecmp(address, "::ffff:", 7) == 0)
        address += 7;
    if (inet_pton(AF_INET, address, bytes) == 1) {
        snprintf(network, NETWORK_TEXT, "%d.%d.%d.0/24", bytes[0], bytes[1], bytes[2]);
        return;
    }
    if (inet_pton(AF_INET6, address, bytes) == 1) {
        memset(bytes + 6, 0, sizeof bytes - 6);
        snprintf(network, NETWORK_TEXT, "%s/48", inet_ntop(AF_INET6, bytes, text, sizeof text));
        return;
    }
    snprintf(network, NETWORK_TEXT, "-");
}

static bool is_page(const struct request *request)
{
    return request->route->representations & 1u << REPRESENT_PAGE;
}

static void refuse(struct request *request, enum problem_code code)
{
    if (code == PROBLEM_SIGN_IN_REQUIRED && !is_page(request))
        reply_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    reply_problem(request, code, NULL);
}

/* Who only wants to read is led to the sign-in; what somebody sent in is not thrown away by a
 * redirect. */
static void ask_to_sign_in(struct request *request, const char *rest)
{
    if (is_page(request) && strcmp(request->route->method, "GET") == 0)
        desk_redirect(request, rest);
    else
        refuse(request, PROBLEM_SIGN_IN_REQUIRED);
}

static void official_take(struct official *official, const struct rows *rows)
{
    official->id = (int32_t)row_int(rows, 0, ID);
    snprintf(official->login, sizeof official->login, "%s", row_text(rows, 0, LOGIN));
    snprintf(official->name, sizeof official->name, "%s", row_text(rows, 0, NAME));
    official->administrator = row_bool(rows, 0, ADMINISTRATOR);
    official->consultation_id = (int32_t)row_int(rows, 0, CONSULTATION);
    official->roles = (unsigned)row_int(rows, 0, ROLE_BITS);
}

/* The institution of a member's session; none of an official's. */
static void institution_take(struct official *official, const struct rows *rows,
                             enum language language)
{
    int name = NAMES + (int)language;
    official->institution_id = (int32_t)row_int(rows, 0, INSTITUTION_ID);
    official->member_roles = (unsigned)row_int(rows, 0, MEMBER_BITS);
    if (official->institution_id == 0)
        return;
    official->fictitious = row_bool(rows, 0, FICTITIOUS);
    snprintf(official->institution, sizeof official->institution, "%s", row_text(rows, 0, SLUG));
    snprintf(official->institution_name, sizeof official->institution_name, "%s",
             row_text(rows, 0, name));
}

/* By token. False: a reply is set. */
static bool admit_token(struct request *request)
{
    const char *sent = request_header(request, "Authorization");
    struct official *official = request->official;
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    bool is_token = sent && strncasecmp(sent, "Bearer ", 7) == 0 && ticket_read(sent + 7, &digest);
    if (!is_token) {
        refuse(request, PROBLEM_SIGN_IN_REQUIRED);
        return false;
    }
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, request_part(request, "slug"));
    bool ok = desk_run(request, STATEMENT_OFFICIAL_TOKEN, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        refuse(request, PROBLEM_SIGN_IN_REQUIRED);
        ok = false;
    }
    if (ok) {
        official_take(official, &rows);
        snprintf(official->token, sizeof official->token, "%s", row_text(&rows, 0, TOKEN_ID));
    }
    rows_clear(&rows);
    return ok;
}

/* By a session's cookie, at the stage that the route is for. False: a reply is set. */
static bool admit_session(struct request *request)
{
    const struct service *service = service_of(request);
    struct official *official = request->official;
    struct params params = {0};
    struct rows rows = {0};
    bool half = request->route->access == ACCESS_HALF;
    if (!gate_cookie_read(request, &official->session)) {
        ask_to_sign_in(request, "/sign-in");
        return false;
    }
    params_bytes(&params, official->session.bytes, DIGEST_BYTES);
    params_int4(&params, (int32_t)service->settings.session_idle_minutes);
    params_text(&params, request_part(request, "slug"));
    params_bool(&params, route_side(request->route) == SIDE_INSTITUTION);
    bool unseen = (unsigned)request->route->access & ACCESS_UNSEEN;
    if (!desk_run(request, unseen ? STATEMENT_OFFICIAL_SESSION_UNSEEN : STATEMENT_OFFICIAL_SESSION,
                  &params, &rows)) {
        rows_clear(&rows);
        return false;
    }
    int64_t stage = rows_count(&rows) == 1 ? row_int(&rows, 0, STAGE) : 0;
    bool ok = stage == (half ? STAGE_HALF : STAGE_WHOLE);
    if (!ok && half && stage == STAGE_WHOLE)
        desk_redirect(request, "");
    else if (!ok)
        ask_to_sign_in(request, stage == STAGE_HALF ? "/sign-in/code" : "/sign-in");
    else
        official_take(official, &rows);
    if (ok)
        institution_take(official, &rows, request->language);
    rows_clear(&rows);
    if (ok && !form_token_make(service->keys, &official->session, official->form_token)) {
        refuse(request, PROBLEM_INTERNAL);
        ok = false;
    }
    return ok;
}

/* Deny by default: what is no access of the officials' side is refused. */
static bool may(const struct request *request)
{
    const struct official *official = request->official;
    unsigned access = request->route->access;
    if (access == ACCESS_HALF || access == ACCESS_OFFICIAL)
        return true;
    if (access_is_institution(request->route->access))
        return official->institution_id && (access & ACCESS_MACHINE || access & ACCESS_MEMBER ||
                                            official->member_roles << 21 & access & ACCESS_MEMBERS);
    if (access & ACCESS_ADMINISTRATOR && official->administrator)
        return true;
    return (official->roles << 8 & access & ~(unsigned)ACCESS_ADMINISTRATOR & ~0xffu) != 0;
}

/* Of one that is spooled the form comes with the files, once it is there. */
static bool form_take(struct request *request)
{
    bool form = strcmp(request->route->method, "POST") == 0 || request->is_form;
    if (!is_page(request) || !form || request->body_awaited)
        return true;
    bool ok = request->upload.file >= 0 ? upload_read_form(request_header(request, "Content-Type"),
                                                           &request->upload, &request->form)
                                        : form_read(request->body.data ? request->body.data : "",
                                                    request->body.length, &request->form);
    buf_clear(&request->body);
    if (!ok)
        refuse(request, PROBLEM_MALFORMED);
    return ok;
}

static const char *header_token(const struct request *request)
{
    const char *sent = request_header(request, "X-Form-Token");
    return sent ? sent : "";
}

/* In the form; or where a page's script sends it by another method, in a header, which no other
 * site's page can set. */
static bool form_is_own(struct request *request)
{
    bool form = strcmp(request->route->method, "POST") == 0;
    if (request->route->token == TOKEN_NONE || (form && request->body_awaited) ||
        form_token_is(request->official->form_token,
                      form ? form_text(&request->form, "/form_token") : header_token(request)))
        return true;
    refuse(request, PROBLEM_FORM_TOKEN_WRONG);
    return false;
}

bool gate_admit(struct request *request)
{
    request->official = calloc(1, sizeof *request->official);
    if (!request->official) {
        refuse(request, PROBLEM_INTERNAL);
        return false;
    }
    network_of(request->address, request->official->network);
    if (is_page(request) && !gate_cookie(request)) {
        refuse(request, PROBLEM_INSECURE_ADDRESS);
        return false;
    }
    if (!form_take(request))
        return false;
    if (request->route->access == ACCESS_DOOR)
        return true;
    bool machine = (unsigned)request->route->access & ACCESS_MACHINE;
    if (!(is_page(request) ? admit_session(request)
          : machine        ? machine_admit(request)
                           : admit_token(request)))
        return false;
    if (!may(request)) {
        refuse(request, PROBLEM_ROLE_MISSING);
        return false;
    }
    return form_is_own(request);
}
