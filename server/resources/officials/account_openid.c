/* To the OpenID Connect provider of accounts, from the sign-in's page or one's own account. The
 * browser is led on by a header beside a link: the answer to a form may not redirect to another
 * site (form-action of our policy), and the session's cookie, which is Strict, goes along only from
 * a page of ours. */
#include "resources/officials/account_openid.h"

#include "http/cookie.h"
#include "http/reply.h"
#include "represent/frame.h"
#include "resources/officials/desk.h"
#include "resources/officials/gate.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COOKIE_TEXT = 256, AWAY_S = 5, BUSY_S = 5 };

static const struct words {
    const char *title_key;
    const char *key; /* what is true in the page */
    int status;
} words[] = {
    [ACCOUNT_OPENID_LEAVES] = {"account-openid.leaves", "leaves", 200},
    [ACCOUNT_OPENID_SIGNED_IN] = {"account-openid.signed-in", "signed_in", 200},
    [ACCOUNT_OPENID_BOUND] = {"account-openid.bound", "bound", 200},
    [ACCOUNT_OPENID_CANCELLED] = {"account-openid.not-done", "cancelled", 200},
    [ACCOUNT_OPENID_OVER] = {"account-openid.not-done", "over", 422},
    [ACCOUNT_OPENID_REFUSED] = {"account-openid.not-done", "refused", 422},
    [ACCOUNT_OPENID_UNKNOWN] = {"account-openid.not-done", "unknown", 403},
    [ACCOUNT_OPENID_TAKEN] = {"account-openid.not-done", "taken", 409},
    [ACCOUNT_OPENID_KEPT] = {"account-openid.not-done", "kept", 409},
    [ACCOUNT_OPENID_SIGNED_OUT] = {"account-openid.not-done", "signed_out", 401},
    [ACCOUNT_OPENID_AWAY] = {"account-openid.not-done", "away", 503},
    [ACCOUNT_OPENID_TOO_OFTEN] = {"account-openid.not-done", "too_often", 429},
    [ACCOUNT_OPENID_BUSY] = {"account-openid.not-done", "busy", 503},
};

static const char *folder(const struct request *request)
{
    return route_side(request->route) == SIDE_INSTITUTION ? "institution" : "officials";
}

bool account_openid_is_offered(const struct request *request)
{
    return provider_is_set(service_of(request)->account_provider);
}

const char *account_openid_name(const struct request *request)
{
    const struct settings *settings = &service_of(request)->settings;
    const char *const names[LANGUAGES] = {
        [LANGUAGE_ZH_HANT] = settings->accounts_openid_name_zh_hant,
        [LANGUAGE_EN] = settings->accounts_openid_name_en,
        [LANGUAGE_ZH_HANS] = settings->accounts_openid_name_zh_hans,
    };
    return names[request->language];
}

json_t *account_openid_view(const struct request *request)
{
    return account_openid_is_offered(request)
               ? json_pack("{s:s}", "name", account_openid_name(request))
               : json_null();
}

void account_openid_return_address(const struct request *request, char out[ACCOUNT_OPENID_RETURN])
{
    snprintf(out, ACCOUNT_OPENID_RETURN, "%s/openid/%s", service_of(request)->base_url,
             folder(request));
}

static const char *cookie_name(const struct request *request)
{
    static const char *const names[2] = {"__Host-official-openid", "__Host-member-openid"};
    return gate_cookie_name(request, names[route_side(request->route) == SIDE_INSTITUTION]);
}

void account_openid_cookie_set(struct request *request, const char *text)
{
    char cookie[COOKIE_TEXT];
    const char *name = cookie_name(request);
    snprintf(cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", name,
             text ? text : "", text ? ACCOUNT_VISIT_S : 0,
             strncmp(name, "__Host-", 7) == 0 ? "; Secure" : "");
    reply_header(request, "Set-Cookie", cookie);
    sodium_memzero(cookie, sizeof cookie);
}

bool account_openid_cookie_read(const struct request *request, const char *state,
                                struct account_visit *out)
{
    const struct service *service = service_of(request);
    char text[ACCOUNT_VISIT_TEXT];
    *out = (struct account_visit){0};
    bool ok =
        cookie_value(request_header(request, "Cookie"), cookie_name(request), text, sizeof text) &&
        account_visit_read(service->keys, service->clock,
                           route_side(request->route) == SIDE_INSTITUTION, text, state, out);
    sodium_memzero(text, sizeof text);
    return ok;
}

/* Where the page leads on to, and back to where it did not. New reference. */
static json_t *way_on(const struct request *request, enum account_openid what, bool connects,
                      const char *address)
{
    switch (what) {
    case ACCOUNT_OPENID_LEAVES:
        return json_string(address);
    case ACCOUNT_OPENID_SIGNED_IN:
        return desk_address(request, "");
    case ACCOUNT_OPENID_BOUND:
        return desk_address(request, "/own-account?done=openid");
    case ACCOUNT_OPENID_CANCELLED:
    case ACCOUNT_OPENID_OVER:
    case ACCOUNT_OPENID_REFUSED:
    case ACCOUNT_OPENID_UNKNOWN:
    case ACCOUNT_OPENID_TAKEN:
    case ACCOUNT_OPENID_KEPT:
    case ACCOUNT_OPENID_SIGNED_OUT:
    case ACCOUNT_OPENID_AWAY:
    case ACCOUNT_OPENID_TOO_OFTEN:
    case ACCOUNT_OPENID_BUSY:
        break;
    }
    return desk_address(request, connects ? "/own-account" : "/sign-in");
}

static void led_on(struct request *request, const char *href)
{
    struct buf header = {0};
    buf_text(&header, "0; url=");
    buf_text(&header, href);
    if (buf_ok(&header))
        reply_header(request, "Refresh", header.data);
    buf_clear(&header);
}

void account_openid_show(struct request *request, enum account_openid what, bool connects,
                         const char *address, int retry_s)
{
    bool done = what <= ACCOUNT_OPENID_BOUND;
    struct document *document = document_new(words[what].status, request->language);
    json_t *href = way_on(request, what, connects, address);
    const struct frame frame = {
        .title_key = words[what].title_key, .unlisted = true, .faulty = !done};
    if (done && href)
        led_on(request, json_string_value(href));
    /* The provider's code stands in the address of who comes back. */
    if (strcmp(request->method, "POST") != 0)
        reply_header(request, "Referrer-Policy", "no-referrer");
    if (retry_s > 0)
        desk_retry(request, retry_s);
    if (document) {
        document->template = "account_openid";
        document->page = json_pack("{s:s, s:O, s:b, s:b}", "name", account_openid_name(request),
                                   "href", href, words[what].key, true, "connects", connects);
    }
    json_decref(href);
    if (document && !page_frame(service_of(request)->pages, document, &frame)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
}

/* The request's `private`. */
struct leaving {
    struct job job; /* first: the worker gives it back */
    struct request *request;
    bool connects;
};

static void leaving_free(void *private)
{
    free(private);
}

static void leave_address(struct leaving *leaving)
{
    struct request *request = leaving->request;
    const struct service *service = service_of(request);
    struct account_visit visit;
    char text[ACCOUNT_VISIT_TEXT], back[ACCOUNT_OPENID_RETURN];
    struct buf address = {0};
    account_openid_return_address(request, back);
    if (account_visit_make(service->keys, service->clock, request->language,
                           route_side(request->route) == SIDE_INSTITUTION,
                           leaving->connects ? &request->official->session : NULL, &visit, text) &&
        provider_address(service->account_provider, &visit.authorization, back, &address)) {
        account_openid_cookie_set(request, text);
        account_openid_show(request, ACCOUNT_OPENID_LEAVES, leaving->connects, address.data, 0);
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    buf_clear(&address);
    sodium_memzero(&visit, sizeof visit);
    sodium_memzero(text, sizeof text);
}

/* On the usher's thread. */
static void leave_run(struct job *job, struct db *db)
{
    struct leaving *leaving = (struct leaving *)(void *)job;
    struct request *request = leaving->request;
    request->db = db;
    if (provider_ready(service_of(request)->account_provider) == PROVIDER_DONE)
        leave_address(leaving);
    else
        account_openid_show(request, ACCOUNT_OPENID_AWAY, leaving->connects, NULL, AWAY_S);
    request_finish(request);
}

enum handled account_openid_leave(struct request *request)
{
    struct leaving *leaving = calloc(1, sizeof *leaving);
    if (!leaving) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    *leaving = (struct leaving){.job.run = leave_run,
                                .request = request,
                                .connects = request->route->access != ACCESS_DOOR};
    request->private = leaving;
    request->private_free = leaving_free;
    if (worker_push(service_of(request)->usher, &leaving->job))
        return HANDLED_LATER;
    account_openid_show(request, ACCOUNT_OPENID_BUSY, leaving->connects, NULL, BUSY_S);
    return HANDLED;
}

enum handled account_openid_form(struct request *request)
{
    if (account_openid_is_offered(request))
        return account_openid_leave(request);
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return HANDLED;
}
