/* The submission sent by a browser's form, from its last steps: the answers out of the sealed
 * state, the identity as it was typed or the code that proves it. The reply is a page, the
 * receipt's or a step's again. */
#include "http/reply.h"
#include "resources/challenge_form.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/journey.h"
#include "resources/number_letter.h"
#include "resources/proof.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/saving.h"
#include "resources/sending.h"

#include <string.h>

/* What is wrong with the code alone is said beside it; a challenge that is over leads back to where
 * another one is asked for. */
static void problem_place(struct journey *journey, const struct sending *sending,
                          enum problem_code problem)
{
    bool over = problem == PROBLEM_CHALLENGE_EXPIRED || problem == PROBLEM_CHALLENGE_TRIES;
    bool wrong = problem == PROBLEM_PROOF_WRONG || problem == PROBLEM_PROOF_AWAITED ||
                 problem == PROBLEM_PROOF_REQUIRED;
    if (!step_is_proof(journey->sent_place.step) || over)
        journey->place = (struct place){.step = STEP_IDENTITY};
    if (wrong)
        proof_faults(sending, &journey->faults);
    else
        journey->problem = problem;
}

/* The step it was sent from again with everything but the identity. */
static void form_again(struct request *request, enum problem_code problem)
{
    const struct sending *sending = sending_of(request);
    struct journey journey;
    sending_retry_header(request, problem, sending->retry_s);
    if (journey_take(request, sending->consultation, &sending->form, &journey)) {
        problem_place(&journey, sending, problem);
        reply_document(request, journey_document(&journey, problem_status(problem)));
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    journey_clear(&journey);
}

/* Who asked for it and proved the address is told when this server has nothing to send it to, as
 * after a restart. */
static enum number_letter letter_of(const struct sending *sending)
{
    enum number_letter letter = number_letter_send(sending);
    bool asked = *form_text(&sending->form, "/send_number") && sending->submission.proven &&
                 !sending->entry.replayed;
    return letter == NUMBER_LETTER_NONE && asked ? NUMBER_LETTER_FAILED : letter;
}

/* On the HTTP thread, once the writer has answered. */
static enum handled form_taken(struct request *request)
{
    const struct sending *sending = sending_of(request);
    const struct entry *entry = &sending->entry;
    if (entry->problem != PROBLEM_NONE) {
        form_again(request, entry->problem);
        return HANDLED;
    }
    if (sending->is_kept)
        saving_forget(service_of(request), &sending->kept);
    char address[RECEIPT_ADDRESS];
    receipt_address(entry->receipt.number, address);
    reply_header(request, "Location", address);
    reply_document(
        request, receipt_page_document(request, sending->consultation, &entry->receipt,
                                       &(struct receipt_page){.status = 201,
                                                              .holder = true,
                                                              .replayed = entry->replayed,
                                                              .letter = letter_of(sending),
                                                              .submission = &sending->submission}));
    return HANDLED;
}

static void identity_put(json_t *input, const struct form *form)
{
    json_t *identity = json_object();
    const char *kind = form_text(form, "/identity/kind"),
               *value = form_text(form, "/identity/value");
    if (*kind)
        json_object_set_new(identity, "kind", json_string(kind));
    if (value[strspn(value, " \t\r\n")])
        json_object_set_new(identity, "value", json_string(value));
    json_object_set_new(input, "identity", identity);
}

/* The challenge with its code, or without where the button says so. */
static void proof_put(json_t *input, const struct journey *journey, const struct form *form)
{
    json_t *proof = json_pack("{s:s}", "challenge", journey->challenge);
    if (strcmp(form_text(form, "/go"), "unproven") != 0)
        json_object_set_new(proof, "code", json_string(form_text(form, "/proof/code")));
    json_object_set_new(input, "proof", proof);
}

/* The answers with the identity or its proof, as the interface would be sent them. One that amends
 * another has that one's. */
static json_t *whole_input(const struct journey *journey, const struct form *form)
{
    json_t *input = journey_input(journey);
    if (*journey->state.amends)
        return input;
    if (step_is_proof(journey->place.step))
        proof_put(input, journey, form);
    else
        identity_put(input, form);
    return input;
}

/* What the steps before must have made right, which nobody sees who goes through them. */
static bool steps_judge(struct journey *journey)
{
    if (journey->sealed != SEALED_FORM_OPENED) {
        journey->place = (struct place){.step = STEP_TASKS};
        return false;
    }
    bool right = journey_judge(journey);
    journey_find(journey);
    for (size_t i = 0; i < journey->finding_count; i++)
        faults_add(&journey->faults, PROBLEM_REQUIRED, 0, "/personal/%zu", i);
    if (right && !journey->finding_count)
        return true;
    journey->place = (struct place){.step = STEP_CHECK};
    return false;
}

/* A field that people do not see: programs fill in whatever there is. */
static bool trap_judge(struct journey *journey, const struct form *form)
{
    if (!*form_text(form, "/leave_empty"))
        return true;
    faults_add(&journey->faults, PROBLEM_MUST_BE_EMPTY, 0, "/leave_empty");
    return false;
}

/* The form as a submission. False: the journey's faults say why not. */
static bool form_check(struct journey *journey, struct sending *sending,
                       const struct identity_key *key)
{
    const struct form_state *state = &journey->state;
    json_t *input = whole_input(journey, &sending->form);
    bool ok = submission_read(sending->consultation, key, input,
                              *state->amends ? IDENTITY_OF_OTHER : IDENTITY_AS_TAKEN,
                              &sending->submission, &journey->faults);
    json_decref(input);
    sending->submission.key = state->key;
    sending->submission.opened_us = state->opened_us;
    sending->is_kept = *state->saved;
    if (sending->is_kept)
        saved_form_find(state->saved, &sending->kept);
    memcpy(sending->submission.supersedes, state->amends, sizeof state->amends);
    sending->submission.supersedes_generation = state->amends_generation;
    sending->submission.channel = CHANNEL_WEB;
    /* A script solves it, unseen. One that is wrong or has expired while somebody thought about an
     * answer is nothing a person could mend; and to refuse it would keep out no robot, which needs
     * only leave it out. So it counts as not there. */
    sending_prove(sending, form_value(&sending->form, "/proof_of_work"));
    form_forget(&sending->form, "/identity/value");
    form_forget(&sending->form, "/proof/code");
    return ok;
}

/* False after faults, which journey_document shows. */
static bool form_send(struct journey *journey, struct form *form, const struct identity_key *key,
                      enum handled *handled)
{
    struct sending *sending = sending_new(journey->request, journey->consultation);
    *handled = HANDLED;
    if (!sending) {
        reply_problem(journey->request, PROBLEM_INTERNAL, NULL);
        return true;
    }
    sending->form = *form;
    sending->form_read = true;
    *form = (struct form){0};
    if (!form_check(journey, sending, key))
        return false;
    *handled = proof_send(sending, form_taken);
    if (*handled == HANDLED)
        form_taken(journey->request);
    return true;
}

/* From the last step or the code's. False: the journey says why nothing was done. */
static bool last_step(struct journey *journey, struct form *form, enum handled *handled)
{
    const struct service *service = service_of(journey->request);
    const struct identity_key *key = keys_identity_of(service->keys, journey->consultation);
    if (!step_is_proof(journey->place.step))
        journey->place = (struct place){.step = STEP_IDENTITY};
    if (!steps_judge(journey) || !trap_judge(journey, form))
        return false;
    bool amends = *journey->state.amends;
    if (!key && !amends) {
        journey->problem = PROBLEM_UNAVAILABLE;
        return false;
    }
    return !amends && challenge_form_wanted(journey, form)
               ? challenge_form(journey, form, key, handled)
               : form_send(journey, form, key, handled);
}

static enum handled form_go(struct request *request, struct consultation *consultation,
                            struct form *form)
{
    struct journey journey;
    enum handled handled = HANDLED;
    if (!journey_take(request, consultation, form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    } else if (!last_step(&journey, form, &handled)) {
        bool faulty = journey.problem == PROBLEM_NONE;
        sending_retry_header(request, journey.problem, 0);
        reply_document(request,
                       journey_document(&journey, faulty ? 422 : problem_status(journey.problem)));
    }
    journey_clear(&journey);
    return handled;
}

enum handled submission_form(struct request *request)
{
    struct form form = {0};
    enum handled handled = HANDLED;
    struct consultation *consultation = consultation_announced(request, 1);
    if (!consultation)
        return HANDLED;
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, &form);
    buf_clear(&request->body);
    if (ok)
        handled = form_go(request, consultation, &form);
    else
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    form_clear(&form);
    consultation_release(consultation);
    return handled;
}
