/* A lost code renewed by proof of the identity, on pages: the address or a sign-in is asked for,
 * then the code that was sent there or shown after it, and the reply to the right one is the
 * receipt's page with its new code. No page depends on whose the number is. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/asking.h"
#include "resources/consultation_view.h"
#include "resources/proof.h"
#include "resources/receipt_view.h"
#include "resources/renewing.h"
#include "resources/routes.h"
#include "resources/sending.h"
#include "resources/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a page of the way shows. */
struct renewal_shown {
    const struct consultation *consultation;
    const char *number;
    int status;
    enum problem_code problem;    /* of the whole; NONE: none */
    enum problem_code fault;      /* of the field; NONE: none */
    const struct uuid *challenge; /* the code is asked for; NULL: the address is */
    const struct uuid *key;
    bool sign_in; /* the code is one that is shown after signing in */
};

static json_t *problem_word(const struct request *request, enum problem_code problem,
                            const char *what)
{
    char key[64];
    snprintf(key, sizeof key, "problem.%s.%s", problem_slug(problem), what);
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static json_t *address_of(const struct request *request, const char *number, const char *what)
{
    return json_sprintf("/%s/receipts/%s%s", language_tag(request->language), number, what);
}

static void problem_add(const struct request *request, enum problem_code problem, json_t *page)
{
    if (problem == PROBLEM_NONE)
        return;
    json_object_set_new(
        page, "problem",
        json_pack("{s:o, s:o, s:o*}", "title", problem_word(request, problem, "title"), "detail",
                  problem_word(request, problem, "detail"), "retry", sending_retry_words(request)));
}

static json_t *code_of(const struct request *request, const struct renewal_shown *shown)
{
    const struct service *service = service_of(request);
    char challenge[UUID_TEXT + 1], key[UUID_TEXT + 1];
    bool outbox = mail_way(service->mail, shown->consultation->rehearsal) == MAIL_OUTBOX;
    format_uuid(shown->challenge, challenge);
    format_uuid(shown->key, key);
    return json_pack("{s:s, s:s, s:b, s:i}", "challenge", challenge, "key", key, "outbox", outbox,
                     "minutes", PROOF_MINUTES);
}

/* Its address is good once: after a wrong code, which somebody was shown, it is left out. */
static json_t *sign_in_of(const struct request *request, const struct renewal_shown *shown)
{
    const struct service *service = service_of(request);
    char challenge[UUID_TEXT + 1], key[UUID_TEXT + 1];
    struct buf address = {0};
    bool known = shown->fault != PROBLEM_PROOF_WRONG &&
                 sign_in_address(service, shown->consultation, request->language, shown->challenge,
                                 &address);
    format_uuid(shown->challenge, challenge);
    format_uuid(shown->key, key);
    json_t *sign_in = json_pack("{s:s, s:s, s:s, s:i, s:s*}", "challenge", challenge, "key", key,
                                "name", sign_in_name(request), "minutes", PROOF_MINUTES, "href",
                                known ? address.data : NULL);
    buf_clear(&address);
    return sign_in;
}

/* Which proofs can be begun now. */
static void offers_add(const struct request *request, const struct consultation *consultation,
                       json_t *page)
{
    const struct service *service = service_of(request);
    bool mails = proof_is_offered(service, consultation, PROOF_EMAIL_CODE);
    bool visits = proof_is_offered(service, consultation, PROOF_OPENID);
    json_object_set_new(page, "offered", json_boolean(mails));
    json_object_set_new(page, "any", json_boolean(mails || visits));
    if (visits)
        json_object_set_new(
            page, "openid",
            json_pack("{s:s, s:b}", "name", sign_in_name(request), "or", (int)mails));
}

static bool page_fill(const struct request *request, const struct renewal_shown *shown,
                      json_t *page)
{
    const struct service *service = service_of(request);
    json_object_set_new(page, "number", json_string(shown->number));
    json_object_set_new(page, "receipt", address_of(request, shown->number, ""));
    json_object_set_new(page, "again", address_of(request, shown->number, "/renewal"));
    json_object_set_new(
        page, "action",
        address_of(request, shown->number, shown->challenge ? "/renewal" : "/challenges"));
    if (!shown->challenge)
        offers_add(request, shown->consultation, page);
    else if (shown->sign_in)
        json_object_set_new(page, "sign_in", sign_in_of(request, shown));
    else
        json_object_set_new(page, "code", code_of(request, shown));
    problem_add(request, shown->problem, page);
    if (shown->fault == PROBLEM_NONE)
        return true;
    json_t *error = shown->challenge ? problem_word(request, shown->fault, "detail")
                                     : wording_string(service->pages, request->language,
                                                      "renewal.address-wrong", NULL);
    return json_object_set_new(page, "error", error) == 0;
}

static const char *template_of(const struct renewal_shown *shown)
{
    if (!shown->challenge)
        return "renewal";
    return shown->sign_in ? "renewal_sign_in" : "renewal_code";
}

static const char *title_of(const struct renewal_shown *shown)
{
    if (!shown->challenge)
        return "renewal.title";
    return shown->sign_in ? "answer.sign-in-title" : "renewal.code-title";
}

/* The step that a /go of its form leads to, besides judging the code. */
static const char show_again[] = "show";

/* The page that asks for the code is had in another language by what its form carries. */
static json_t *carried_of(const struct renewal_shown *shown)
{
    char challenge[UUID_TEXT + 1], key[UUID_TEXT + 1];
    if (!shown->challenge)
        return NULL;
    format_uuid(shown->challenge, challenge);
    format_uuid(shown->key, key);
    return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "name", "/go", "value",
                     show_again, "name", "/key", "value", key, "name", "/proof/challenge", "value",
                     challenge, "name", "/identity/kind", "value",
                     identity_kind_name(shown->sign_in ? IDENTITY_OPENID : IDENTITY_EMAIL));
}

static struct document *renewal_document(const struct request *request,
                                         const struct renewal_shown *shown)
{
    struct document *document = consultation_document(request, shown->consultation, shown->status,
                                                      template_of(shown), false);
    char rest[RECEIPT_ADDRESS];
    json_t *carried = carried_of(shown);
    snprintf(rest, sizeof rest, "/receipts/%s/renewal", shown->number);
    const struct frame frame = {
        .title_key = title_of(shown),
        .rest = shown->challenge ? NULL : rest,
        .action = rest,
        .carried = carried,
        .rehearsal = shown->consultation->rehearsal,
        .unlisted = true,
        .faulty = shown->status >= 400,
    };
    bool ok = document && page_fill(request, shown, document->page) &&
              page_frame(service_of(request)->pages, document, &frame);
    json_decref(carried);
    if (ok)
        return document;
    document_free(document);
    return NULL;
}

enum handled renewal_page(struct request *request)
{
    struct receipt receipt;
    struct consultation *consultation = renewing_consultation(request, &receipt);
    if (consultation)
        reply_document(
            request, renewal_document(request, &(struct renewal_shown){.consultation = consultation,
                                                                       .number = receipt.number,
                                                                       .status = 200}));
    consultation_release(consultation);
    return HANDLED;
}

/* On the HTTP thread, once the letter waits to be sent or a sign-in is awaited: the code's page,
 * or the address's again. */
static enum handled renewal_asked(struct request *request)
{
    const struct asking *asking = asking_of(request);
    struct renewal_shown shown = {
        .consultation = asking->consultation, .number = asking->renews, .status = 200};
    if (asking->problem == PROBLEM_NONE) {
        shown.challenge = &asking->id;
        shown.key = &asking->challenge.submission_key;
        shown.sign_in = asking->challenge.identity_kind == IDENTITY_OPENID;
    } else {
        sending_retry_header(request, asking->problem, asking->retry_s);
        shown.problem = asking->problem;
        shown.status = problem_status(asking->problem);
    }
    reply_document(request, renewal_document(request, &shown));
    return HANDLED;
}

static bool wants_sign_in(const struct form *form, const char *name)
{
    return strcmp(form_text(form, name), identity_kind_name(IDENTITY_OPENID)) == 0;
}

/* The address or the wish to sign in as the interface would be sent it, with a key for the way from
 * here. */
static bool address_read(struct asking *asking, const struct form *form, struct faults *faults)
{
    const struct service *service = service_of(asking->request);
    char key[UUID_TEXT + 1];
    struct uuid made;
    bool visits = wants_sign_in(form, "/go");
    const char *value = form_text(form, "/identity/value");
    clock_uuid(service->clock, &made);
    format_uuid(&made, key);
    json_t *input = json_pack("{s:{s:s}, s:s}", "identity", "kind",
                              identity_kind_name(visits ? IDENTITY_OPENID : IDENTITY_EMAIL),
                              "submission_key", key);
    if (!visits && value[strspn(value, " \t\r\n")])
        json_object_set_new(json_object_get(input, "identity"), "value", json_string(value));
    bool ok =
        challenge_read(asking->consultation, keys_identity_of(service->keys, asking->consultation),
                       input, asking->request->language, &asking->challenge, faults);
    json_decref(input);
    return ok;
}

static enum handled renewal_ask(struct request *request, struct consultation *consultation,
                                const struct receipt *receipt, const struct form *form)
{
    struct asking *asking = asking_new(request, consultation);
    struct faults *faults = calloc(1, sizeof *faults);
    enum handled handled = HANDLED;
    if (!asking || !faults) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    } else {
        snprintf(asking->renews, sizeof asking->renews, "%s", receipt->number);
        if (!keys_identity_of(service_of(request)->keys, consultation)) {
            asking->problem = PROBLEM_UNAVAILABLE; /* the consultation's key is not there */
            renewal_asked(request);
        } else if (!address_read(asking, form, faults)) {
            reply_document(request, renewal_document(request, &(struct renewal_shown){
                                                                  .consultation = consultation,
                                                                  .number = receipt->number,
                                                                  .status = 422,
                                                                  .fault = PROBLEM_INVALID}));
        } else if ((handled = asking_send(asking, renewal_asked)) == HANDLED) {
            renewal_asked(request);
        }
    }
    free(faults);
    return handled;
}

/* False after a reply. The body is wiped. */
static bool form_take_body(struct request *request, struct form *form)
{
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, form);
    buf_clear(&request->body);
    if (!ok)
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    return ok;
}

enum handled renewal_challenge_form(struct request *request)
{
    struct form form = {0};
    struct receipt receipt;
    enum handled handled = HANDLED;
    if (!form_take_body(request, &form))
        return HANDLED;
    struct consultation *consultation = renewing_consultation(request, &receipt);
    if (consultation)
        handled = renewal_ask(request, consultation, &receipt, &form);
    consultation_release(consultation);
    form_clear(&form);
    return handled;
}

/* The page that asks for the code; its problem, if there is one, is the code's. */
static struct document *code_document(const struct request *request,
                                      const struct renewing *renewing, int status)
{
    return renewal_document(request,
                            &(struct renewal_shown){.consultation = renewing->consultation,
                                                    .number = renewing->receipt.number,
                                                    .status = status,
                                                    .fault = renewing->problem,
                                                    .challenge = &renewing->renewal.challenge,
                                                    .key = &renewing->key,
                                                    .sign_in = renewing->sign_in});
}

/* A wrong code is said beside its field; what else speaks against it, where another is asked for.
 */
static struct document *renewal_again(const struct request *request,
                                      const struct renewing *renewing)
{
    enum problem_code problem = renewing->problem;
    int status = problem_status(problem);
    if (problem == PROBLEM_PROOF_WRONG || problem == PROBLEM_PROOF_AWAITED ||
        problem == PROBLEM_REQUIRED)
        return code_document(request, renewing, status);
    return renewal_document(request, &(struct renewal_shown){.consultation = renewing->consultation,
                                                             .number = renewing->receipt.number,
                                                             .status = status,
                                                             .problem = problem});
}

/* On the HTTP thread, once the clerk has judged: as careful with the new code as with the first. */
static enum handled renewal_judged(struct request *request)
{
    const struct renewing *renewing = renewing_of(request);
    if (renewing->problem == PROBLEM_NONE) {
        reply_document(request,
                       receipt_page_document(
                           request, renewing->consultation, &renewing->receipt,
                           &(struct receipt_page){.status = 200, .holder = true, .renewed = true}));
    } else {
        sending_retry_header(request, renewing->problem, renewing->retry_s);
        reply_document(request, renewal_again(request, renewing));
    }
    return HANDLED;
}

/* What the form carries. */
static bool challenge_taken(struct renewing *renewing, const struct form *form)
{
    renewing->sign_in = wants_sign_in(form, "/identity/kind");
    return parse_uuid(form_text(form, "/key"), &renewing->key) &&
           parse_uuid(form_text(form, "/proof/challenge"), &renewing->renewal.challenge);
}

/* What was typed into it. */
static enum problem_code code_read(struct renewing *renewing, const struct form *form)
{
    const char *code = form_text(form, "/proof/code");
    if (!code[strspn(code, " \t\r\n")])
        return PROBLEM_REQUIRED;
    return proof_code_read(code, renewing->renewal.code) ? PROBLEM_NONE : PROBLEM_PROOF_WRONG;
}

enum handled renewal_form(struct request *request)
{
    struct form form = {0};
    if (!form_take_body(request, &form))
        return HANDLED;
    struct renewing *renewing = renewing_new(request);
    bool again = false;
    if (renewing && !challenge_taken(renewing, &form))
        renewing->problem = PROBLEM_CHALLENGE_EXPIRED;
    else if (renewing && (again = strcmp(form_text(&form, "/go"), show_again) == 0))
        reply_document(request, code_document(request, renewing, 200));
    else if (renewing)
        renewing->problem = code_read(renewing, &form);
    form_clear(&form);
    if (!renewing || again)
        return HANDLED;
    if (renewing->problem == PROBLEM_NONE &&
        renewing_send(renewing, renewal_judged) == HANDLED_LATER)
        return HANDLED_LATER;
    return renewal_judged(request);
}
