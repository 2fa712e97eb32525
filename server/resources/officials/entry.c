/* Assisted entry: an answer that came on paper, at a counter, by e-mail or by telephone is typed in
 * by a clerk and goes the way of all others, through the queue to the one writer. */
#include "resources/officials/entry.h"

#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

enum handled official_entry_page(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 1);
    struct entry_form form;
    if (!consultation)
        return HANDLED;
    reply_document(request, entry_form_new(request, consultation, &form)
                                ? entry_form_document(&form, 200)
                                : NULL);
    entry_form_clear(&form);
    consultation_release(consultation);
    return HANDLED;
}

/* The form again with all but the identity, and what came of it. */
static void form_again(struct request *request, struct entry_form *form, enum problem_code problem)
{
    if (problem == PROBLEM_RECEIVED_OUTSIDE)
        faults_add(&form->journey.faults, problem, 0, "/received_on");
    else
        form->journey.problem = problem;
    sending_retry_header(request, problem, 0);
    reply_document(request, entry_form_document(
                                form, problem == PROBLEM_NONE ? 422 : problem_status(problem)));
}

/* On the HTTP thread, once the writer has answered. Who entered it was written down with it. */
static enum handled entry_taken(struct request *request)
{
    const struct sending *sending = sending_of(request);
    struct entry_form form;
    if (sending->entry.problem == PROBLEM_NONE) {
        reply_document(request, entry_receipt_document(request, sending));
        return HANDLED;
    }
    if (entry_form_take(request, sending->consultation, &form))
        form_again(request, &form, sending->entry.problem);
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    entry_form_clear(&form);
    return HANDLED;
}

static enum handled entry_send(struct request *request, struct consultation *consultation,
                               struct entry_form *form)
{
    struct sending *sending = sending_new(request, consultation);
    if (!sending) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    bool ok = entry_form_judge(form, &sending->submission);
    form_forget(&request->form, "/identity/value");
    if (!ok) {
        form_again(request, form, PROBLEM_NONE);
        return HANDLED;
    }
    /* Once it is pushed the request is the writer's. */
    return sending_push_entered(sending, entry_taken) == HANDLED_LATER ? HANDLED_LATER
                                                                       : entry_taken(request);
}

enum handled official_entry_form(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 1);
    struct entry_form form;
    enum handled handled = HANDLED;
    if (!consultation)
        return HANDLED;
    if (entry_form_take(request, consultation, &form))
        handled = entry_send(request, consultation, &form);
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    entry_form_clear(&form);
    consultation_release(consultation);
    return handled;
}
