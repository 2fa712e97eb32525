/* Whether an institution is verified, and verifying it by a code mailed to an address at one of its
 * domains. The address is in the mail's queue and nowhere else: not in the database, not in a log,
 * and not on the page that follows. */
#include "base/parse.h"
#include "domain/identity.h"
#include "domain/proof.h"
#include "domain/wipe.h"
#include "http/limiter.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/body.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERIFIED_AT, VERIFIED_BY, AWAITED };
/* An hour: enough for mistakes, too few to fill a colleague's mailbox. */
enum { WINDOW_S = 600, LETTERS = 5, LETTERS_WINDOW_S = 3600 };

static const char address_field[] = "/verification/address";
static const char code_field[] = "/verification/code";

static enum mail_way way_of(const struct request *request)
{
    return mail_way(service_of(request)->mail, request->official->fictitious);
}

/* What the page asks of a coordinator while it is not verified. */
static void asking_view(const struct request *request, const struct faults *faults, bool awaited,
                        json_t *page)
{
    static const struct desk_field address = {.name = address_field,
                                              .label_key = "institution.address",
                                              .hint_key = "institution.address-hint"};
    static const struct desk_field code = {
        .name = code_field, .label_key = "institution.code", .digits = true};
    if (way_of(request) == MAIL_NONE) {
        json_object_set_new(page, "no_mail", json_true());
        return;
    }
    if (awaited)
        json_object_set_new(page, "code", desk_field(request, faults, &code));
    json_object_set_new(page, "address", desk_field(request, faults, &address));
}

static json_t *verification_view(struct request *request, const struct rows *rows,
                                 const struct faults *faults)
{
    const struct official *official = request->official;
    json_t *domains = body_domains(request, official->institution);
    if (!domains)
        return NULL;
    bool verified = !row_is_null(rows, 0, VERIFIED_AT);
    json_t *page = json_pack("{s:O, s:o, s:b}", "domains", domains, "action",
                             desk_address(request, "/verification"), "done",
                             !faults && request_query(request, "done") != NULL);
    if (verified)
        json_object_set_new(page, "verified",
                            json_pack("{s:o, s:b}", "at",
                                      wording_moment(service_of(request)->pages, request->language,
                                                     MOMENT_MINUTE, row_time(rows, 0, VERIFIED_AT)),
                                      "by_domain", row_int(rows, 0, VERIFIED_BY) == 0));
    else if (official->member_roles & MEMBER_COORDINATOR && json_string_length(domains))
        asking_view(request, faults, row_bool(rows, 0, AWAITED), page);
    json_decref(domains);
    return page;
}

static void verification_show(struct request *request, int status, const struct faults *faults)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    json_t *page = desk_run(request, STATEMENT_INSTITUTION_VERIFICATION, &params, &rows)
                       ? verification_view(request, &rows, faults)
                       : NULL;
    if (page)
        reply_document(request, desk_document(request, &(struct desk_page){
                                                           .status = status,
                                                           .template = "institution_verification",
                                                           .title_key = "institution.verification",
                                                           .rest = faults ? NULL : "/verification",
                                                           .faults = faults,
                                                           .page = page}));
    rows_clear(&rows);
}

enum handled verification_page(struct request *request)
{
    verification_show(request, 200, NULL);
    return HANDLED;
}

static void refuse(struct request *request, enum problem_code problem, const char *pointer)
{
    struct faults faults = {0};
    faults_add(&faults, problem, 0, "%s", pointer);
    verification_show(request, problem_status(problem) == 429 ? 429 : 422, &faults);
}

static bool letter_say(const struct request *request, const char *key, json_t *context, char *out,
                       size_t size)
{
    json_t *words = wording_string(service_of(request)->pages, request->language, key, context);
    int length = snprintf(out, size, "%s", words ? json_string_value(words) : "");
    json_decref(words);
    return length > 0 && length < (int)size;
}

/* Into the place that was reserved. False: it was given back. */
static bool letter_send(struct request *request, const char *address, const char *code)
{
    const struct service *service = service_of(request);
    struct letter letter = {.to = ""};
    json_t *context = json_pack("{s:s, s:s, s:s, s:i}", "code", code, "institution",
                                request->official->institution_name, "name",
                                request->official->name, "minutes", PROOF_MINUTES);
    snprintf(letter.to, sizeof letter.to, "%s", address);
    bool ok =
        context &&
        letter_say(request, "mail.institution-subject", context, letter.subject,
                   sizeof letter.subject) &&
        letter_say(request, "mail.institution-text", context, letter.text, sizeof letter.text);
    if (ok)
        mail_push(service->mail, &letter, way_of(request),
                  clock_monotonic_us(service->clock) + PROOF_MINUTES * INT64_C(60) * 1000000);
    else
        mail_give_back(service->mail);
    json_decref(context);
    sodium_memzero(&letter, sizeof letter);
    return ok;
}

/* Seconds to wait, 0: none. By network like every code, and by institution. */
static int share_take(const struct request *request)
{
    struct service *service = service_of(request);
    const struct limit share = {
        .purpose = "challenge", .most = service->settings.codes_per_prefix, .window_s = WINDOW_S};
    const struct limit letters = {.purpose = "institution-code",
                                  .about = request->official->institution,
                                  .most = LETTERS,
                                  .window_s = LETTERS_WINDOW_S};
    int wait = limiter_take(service->limiter, &share, request->address);
    return wait ? wait : limiter_take(service->limiter, &letters, "");
}

/* The code is written down, as a digest, before its letter leaves. */
static void code_ask(struct request *request, const char *address)
{
    struct service *service = service_of(request);
    const struct official *official = request->official;
    char code[PROOF_CODE + 1];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    const char *outcome = NULL;
    proof_code_make(service->clock, code);
    bool ok =
        institution_code_hash(service->keys, official->institution_id, official->id, code, &digest);
    params_int4(&params, official->id);
    params_text(&params, strrchr(address, '@') + 1);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, official->network);
    if (!ok) {
        params_clear(&params);
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    } else if (desk_run(request, STATEMENT_INSTITUTION_CHALLENGE, &params, &rows)) {
        outcome = row_text(&rows, 0, 0);
        if (!outcome || strcmp(outcome, "done") != 0)
            refuse(request, desk_outcome(outcome), address_field);
    }
    if (!outcome || strcmp(outcome, "done") != 0)
        mail_give_back(service->mail);
    else if (letter_send(request, address, code))
        desk_redirect(request, "/verification");
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    rows_clear(&rows);
    sodium_memzero(code, sizeof code);
}

enum handled verification_code_form(struct request *request)
{
    const char *typed = form_text(&request->form, address_field);
    char *address = identity_normalise(IDENTITY_EMAIL, typed);
    int wait = 0;
    if (way_of(request) == MAIL_NONE) {
        refuse(request, PROBLEM_PROOF_NOT_TAKEN, address_field);
    } else if (!address) {
        refuse(request, *typed ? PROBLEM_ADDRESS_INVALID : PROBLEM_REQUIRED, address_field);
    } else if ((wait = share_take(request)) > 0) {
        desk_retry(request, wait);
        refuse(request, PROBLEM_TOO_MANY_REQUESTS, address_field);
    } else if (!mail_reserve(service_of(request)->mail)) {
        desk_retry(request, WINDOW_S / 60);
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
    } else {
        code_ask(request, address);
    }
    wipe_free(address);
    return HANDLED;
}

enum handled verification_form(struct request *request)
{
    const struct official *official = request->official;
    const char *typed = form_text(&request->form, code_field);
    char code[PROOF_CODE + 1];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    if (!proof_code_read(typed, code)) {
        refuse(request, *typed ? PROBLEM_PROOF_WRONG : PROBLEM_REQUIRED, code_field);
        return HANDLED;
    }
    if (!institution_code_hash(service_of(request)->keys, official->institution_id, official->id,
                               code, &digest)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    params_int4(&params, official->id);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_text(&params, official->network);
    if (desk_run(request, STATEMENT_INSTITUTION_CHALLENGE_ANSWER, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0)
            desk_redirect(request, "/verification?done=1");
        else
            refuse(request, desk_outcome(outcome), code_field);
    }
    rows_clear(&rows);
    sodium_memzero(code, sizeof code);
    return HANDLED;
}
