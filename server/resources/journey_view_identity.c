/* The last steps: who sends it, and the code that was sent to their address or shown to them. */
#include "domain/identity.h"
#include "domain/proof.h"
#include "represent/form.h"
#include "represent/wording.h"
#include "resources/journey_view.h"
#include "resources/proof.h"
#include "resources/sign_in.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>

static bool is_taken(const struct journey_view *view, enum proof_kind kind)
{
    const struct journey *journey = view->journey;
    return proof_is_offered(service_of(journey->request), journey->consultation, kind);
}

/* Where nothing is taken as it is declared, only what a code can be sent to. */
static json_t *kinds_of(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    bool declared = is_taken(view, PROOF_DECLARED);
    json_t *kinds = json_array();
    for (int kind = IDENTITY_NONE + 1; kind < IDENTITY_KINDS; kind++) {
        const char *name = identity_kind_name((enum identity_kind)kind);
        char key[64];
        if (!(consultation->identity_kinds >> kind & 1) || (!declared && kind != IDENTITY_EMAIL) ||
            (!declared && !is_taken(view, PROOF_EMAIL_CODE)))
            continue;
        snprintf(key, sizeof key, "answer.identity-%s", name);
        json_t *option =
            json_pack("{s:s, s:o, s:b}", "value", name, "label", journey_word(view, key, NULL),
                      "checked", json_array_size(kinds) == 0);
        if (option && json_array_size(kinds) == 0)
            json_object_set_new(option, "first", json_true());
        json_array_append_new(kinds, option);
    }
    return kinds;
}

/* {unproven, send_number}: a code is sent to an address; one may also go on without. NULL: none is
 * sent, as for one that amends another and keeps its identity. */
static json_t *proof_of(const struct journey_view *view)
{
    if (*view->journey->state.amends || !is_taken(view, PROOF_EMAIL_CODE))
        return NULL;
    return json_pack("{s:b, s:b}", "unproven", is_taken(view, PROOF_DECLARED), "send_number",
                     view->journey->send_number);
}

/* {name, only}: one may sign in at the provider of that name. NULL: not, as for one that amends
 * another.
 */
static json_t *openid_of(const struct journey_view *view, bool only)
{
    if (*view->journey->state.amends || !is_taken(view, PROOF_OPENID))
        return NULL;
    return json_pack("{s:s, s:b}", "name", sign_in_name(view->journey->request), "only", only);
}

/* One kind is a hidden field, several are a choice. What was typed as the identity itself is never
 * shown again. */
bool view_identity(const struct journey_view *view)
{
    json_t *kinds = kinds_of(view), *identity = NULL;
    if (json_array_size(kinds) == 0)
        identity = NULL;
    else if (json_array_size(kinds) == 1)
        identity = json_pack("{s:O}", "one_kind", json_array_get(kinds, 0));
    else
        identity =
            json_pack("{s:O*, s:b, s:O}", "error", form_fault(view->faults, "/identity/kind"),
                      "choose", 1, "kinds", kinds);
    json_decref(kinds);
    return page_add(view, json_pack("{s:o*, s:{s:O*}, s:{s:O*}, s:o*, s:o*}", "identity", identity,
                                    "value", "error", form_fault(view->faults, "/identity/value"),
                                    "trap", "error", form_fault(view->faults, "/leave_empty"),
                                    "proof", proof_of(view), "openid", openid_of(view, !identity)));
}

bool view_code(const struct journey_view *view)
{
    const struct journey *journey = view->journey;
    const struct service *service = service_of(journey->request);
    bool outbox = mail_way(service->mail, journey->consultation->rehearsal) == MAIL_OUTBOX;
    return page_add(view,
                    json_pack("{s:{s:s, s:b, s:b, s:b, s:i, s:O*}, s:{s:O*}}", "code", "challenge",
                              journey->challenge, "unproven", is_taken(view, PROOF_DECLARED),
                              "send_number", journey->send_number, "outbox", outbox, "minutes",
                              PROOF_MINUTES, "error", form_fault(view->faults, "/proof/code"),
                              "trap", "error", form_fault(view->faults, "/leave_empty")));
}

bool view_sign_in(const struct journey_view *view)
{
    const struct journey *journey = view->journey;
    struct uuid challenge;
    struct buf address = {0};
    bool known = parse_uuid(journey->challenge, &challenge) &&
                 sign_in_address(service_of(journey->request), journey->consultation,
                                 journey->request->language, &challenge, &address);
    json_t *more = json_pack("{s:{s:s, s:s*, s:s, s:i, s:O*}, s:{s:O*}}", "sign_in", "challenge",
                             journey->challenge, "href", known ? address.data : NULL, "name",
                             sign_in_name(journey->request), "minutes", PROOF_MINUTES, "error",
                             form_fault(view->faults, "/proof/code"), "trap", "error",
                             form_fault(view->faults, "/leave_empty"));
    buf_clear(&address);
    return page_add(view, more);
}

/* The code in groups of four, and until when the form is kept under it. */
bool view_saved(const struct journey_view *view)
{
    const struct journey *journey = view->journey;
    const struct request *request = journey->request;
    const char *code = journey->state.saved;
    char spoken[RETURN_CODE_TEXT + 5] = "";
    if (!*code)
        return true;
    snprintf(spoken, sizeof spoken, "%.4s %.4s %.4s %.4s %.4s", code, code + 4, code + 8, code + 12,
             code + 16);
    json_t *until = journey->saved_until_us
                        ? wording_moment(service_of(request)->pages, request->language,
                                         MOMENT_MINUTE, journey->saved_until_us)
                        : NULL;
    json_t *more =
        json_pack("{s:{s:s, s:o*, s:o}}", "saved", "code", spoken, "until", until, "action",
                  json_sprintf("/%s/saved-answers", language_tag(request->language)));
    sodium_memzero(spoken, sizeof spoken);
    return page_add(view, more);
}
