/* Asking for a code or a sign-in by the form: the same request as the interface's, and the step
 * where the code is typed. What is typed as an address goes no farther than here. */
#include "resources/challenge_form.h"

#include "http/reply.h"
#include "resources/asking.h"
#include "resources/form_input.h"
#include "resources/proof.h"
#include "resources/sending.h"

#include <string.h>

static bool wants_sign_in(const struct form *form)
{
    return strcmp(form_text(form, "/go"), identity_kind_name(IDENTITY_OPENID)) == 0;
}

bool challenge_form_wanted(const struct journey *journey, const struct form *form)
{
    if (wants_sign_in(form))
        return proof_is_offered(service_of(journey->request), journey->consultation, PROOF_OPENID);
    return journey->place.step == STEP_IDENTITY &&
           strcmp(form_text(form, "/identity/kind"), identity_kind_name(IDENTITY_EMAIL)) == 0 &&
           strcmp(form_text(form, "/go"), "unproven") != 0 &&
           proof_is_offered(service_of(journey->request), journey->consultation, PROOF_EMAIL_CODE);
}

/* On the HTTP thread, once it was asked: the step where the code is typed, or the identity's again.
 */
static enum handled challenge_form_asked(struct request *request)
{
    const struct asking *asking = asking_of(request);
    struct journey journey;
    int status = 200;
    if (!journey_take(request, asking->consultation, &asking->form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        journey_clear(&journey);
        return HANDLED;
    }
    if (asking->problem == PROBLEM_NONE) {
        format_uuid(&asking->id, journey.challenge);
        journey.place.step =
            asking->challenge.identity_kind == IDENTITY_OPENID ? STEP_SIGN_IN : STEP_CODE;
    } else {
        journey.place = (struct place){.step = STEP_IDENTITY};
        sending_retry_header(request, asking->problem, asking->retry_s);
        journey.problem = asking->problem;
        status = problem_status(asking->problem);
    }
    reply_document(request, journey_document(&journey, status));
    journey_clear(&journey);
    return HANDLED;
}

static json_t *challenge_input(const struct journey *journey, const struct form *form)
{
    char key[UUID_TEXT + 1];
    const char *value = form_text(form, "/identity/value");
    format_uuid(&journey->state.key, key);
    const char *kind = wants_sign_in(form) ? identity_kind_name(IDENTITY_OPENID)
                                           : form_text(form, "/identity/kind");
    json_t *input = json_pack("{s:{s:s}, s:s}", "identity", "kind", kind, "submission_key", key);
    if (!wants_sign_in(form) && value[strspn(value, " \t\r\n")])
        json_object_set_new(json_object_get(input, "identity"), "value", json_string(value));
    if (*form_text(form, "/send_number"))
        json_object_set_new(input, "send_number", json_true());
    return input;
}

bool challenge_form(struct journey *journey, struct form *form, const struct identity_key *key,
                    enum handled *handled)
{
    struct asking *asking = asking_new(journey->request, journey->consultation);
    *handled = HANDLED;
    if (!asking) {
        reply_problem(journey->request, PROBLEM_INTERNAL, NULL);
        return true;
    }
    json_t *input = challenge_input(journey, form);
    bool ok = challenge_read(journey->consultation, key, input, journey->request->language,
                             &asking->challenge, &journey->faults);
    json_decref(input);
    form_forget(form, "/identity/value");
    asking->form = *form;
    asking->form_read = true;
    *form = (struct form){0};
    if (!ok)
        return false;
    *handled = asking_send(asking, challenge_form_asked);
    if (*handled == HANDLED)
        challenge_form_asked(journey->request);
    return true;
}
