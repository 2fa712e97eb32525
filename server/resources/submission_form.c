/* The submission sent by a browser's form, from its last step: the answers out of the sealed state,
 * the identity as it was typed. The reply is a page, the receipt's or a step's again. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/journey.h"
#include "resources/proof.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/sending.h"

#include <string.h>

/* The last step again with everything but the identity. `faults` may be NULL. */
static void form_again(struct request *request, enum problem_code problem,
                       const struct faults *faults)
{
    const struct sending *sending = sending_of(request);
    struct journey journey;
    sending_retry_header(request, problem, sending->retry_s);
    if (journey_take(request, sending->consultation, &sending->form, &journey)) {
        if (faults)
            journey.faults = *faults;
        else
            journey.problem = problem;
        journey.place = (struct place){.step = STEP_IDENTITY};
        reply_document(request, journey_document(&journey, problem_status(problem)));
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    journey_clear(&journey);
}

/* On the HTTP thread, once the writer has answered. */
static enum handled form_taken(struct request *request)
{
    const struct sending *sending = sending_of(request);
    const struct entry *entry = &sending->entry;
    struct faults faults;
    if (proof_faults(sending, &faults)) {
        form_again(request, PROBLEM_INVALID, &faults);
        return HANDLED;
    }
    if (entry->problem != PROBLEM_NONE) {
        form_again(request, entry->problem, NULL);
        return HANDLED;
    }
    char address[RECEIPT_ADDRESS];
    receipt_address(entry->receipt.number, address);
    reply_header(request, "Location", address);
    reply_document(
        request, receipt_page_document(request, sending->consultation, &entry->receipt,
                                       &(struct receipt_page){.status = 201,
                                                              .holder = true,
                                                              .replayed = entry->replayed,
                                                              .submission = &sending->submission}));
    return HANDLED;
}

static const char *sent(const struct form *form, const char *name)
{
    const char *value = form_value(form, name);
    return value ? value : "";
}

/* The answers with the identity, as the interface would be sent them. */
static json_t *whole_input(const struct journey *journey, const struct form *form)
{
    json_t *input = journey_input(journey), *identity = json_object();
    const char *kind = sent(form, "/identity/kind"), *value = sent(form, "/identity/value");
    if (*kind)
        json_object_set_new(identity, "kind", json_string(kind));
    if (value[strspn(value, " \t\r\n")])
        json_object_set_new(identity, "value", json_string(value));
    json_object_set_new(input, "identity", identity);
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
    if (!*sent(form, "/leave_empty"))
        return true;
    faults_add(&journey->faults, PROBLEM_MUST_BE_EMPTY, 0, "/leave_empty");
    return false;
}

/* The form as a submission. False: the journey's place, faults and problem say why not. */
static bool form_check(struct journey *journey, struct sending *sending)
{
    const struct service *service = service_of(journey->request);
    const struct identity_key *key = keys_identity_of(service->keys, sending->consultation);
    journey->place = (struct place){.step = STEP_IDENTITY};
    if (!steps_judge(journey) || !trap_judge(journey, &sending->form))
        return false;
    if (!key) {
        journey->problem = PROBLEM_UNAVAILABLE;
        return false;
    }
    json_t *input = whole_input(journey, &sending->form);
    bool ok = submission_read(sending->consultation, key, input, false, &sending->submission,
                              &journey->faults);
    json_decref(input);
    sending->submission.key = journey->state.key;
    sending->submission.opened_us = journey->state.opened_us;
    sending->submission.channel = CHANNEL_WEB;
    /* A script solves it, unseen. One that is wrong or has expired while somebody thought about an
     * answer is nothing a person could mend; and to refuse it would keep out no robot, which needs
     * only leave it out. So it counts as not there. */
    sending_prove(sending, form_value(&sending->form, "/proof_of_work"));
    return ok;
}

static enum handled form_send(struct request *request, struct sending *sending)
{
    struct journey journey;
    if (!journey_take(request, sending->consultation, &sending->form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        journey_clear(&journey);
        return HANDLED;
    }
    bool ok = form_check(&journey, sending);
    form_forget(&sending->form, "/identity/value");
    if (!ok) {
        bool faulty = journey.problem == PROBLEM_NONE;
        reply_document(request,
                       journey_document(&journey, faulty ? 422 : problem_status(journey.problem)));
    }
    journey_clear(&journey);
    if (!ok)
        return HANDLED;
    return proof_send(sending, form_taken) == HANDLED_LATER ? HANDLED_LATER : form_taken(request);
}

enum handled submission_form(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    struct sending *sending = sending_new(request, consultation);
    consultation_release(consultation);
    if (!sending) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    sending->form_read = form_read(request->body.data ? request->body.data : "",
                                   request->body.length, &sending->form);
    buf_clear(&request->body);
    if (!sending->form_read) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
        return HANDLED;
    }
    return form_send(request, sending);
}
