/* The same submission sent by a browser's form: the reply is a page, the receipt's or the form's
 * again. */
#include "http/reply.h"
#include "resources/answer_view.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/sending.h"

#include <stdlib.h>

/* The form again with everything that was filled in, but for the identity. */
static void form_again(struct request *request, enum problem_code problem,
                       const struct faults *faults)
{
    const struct sending *sending = sending_of(request);
    bool whole = problem != PROBLEM_INVALID;
    sending_retry_header(request, problem, sending->retry_s);
    reply_document(request, answer_document(request, sending->consultation,
                                            &(struct answer_page){
                                                .status = problem_status(problem),
                                                .form = &sending->form,
                                                .faults = faults,
                                                .problem = whole ? problem : PROBLEM_NONE,
                                            }));
}

/* On the HTTP thread, once the writer has answered. */
static enum handled form_taken(struct request *request)
{
    const struct sending *sending = sending_of(request);
    const struct entry *entry = &sending->entry;
    if (entry->problem != PROBLEM_NONE) {
        form_again(request, entry->problem, NULL);
        return HANDLED;
    }
    char address[RECEIPT_ADDRESS];
    receipt_address(entry->receipt.number, address);
    reply_header(request, "Location", address);
    reply_document(request, receipt_page_document(
                                request, sending->consultation, &entry->receipt,
                                &(struct receipt_page){
                                    .status = 201, .holder = true, .replayed = entry->replayed}));
    return HANDLED;
}

/* Reads the form into the submission; replies with the form again if that cannot be. */
static bool form_check(struct request *request, struct sending *sending)
{
    const struct identity_key *key =
        keys_identity(service_of(request)->keys, sending->consultation->slug);
    const char *own = form_value(&sending->form, "/submission_key");
    struct faults *faults = calloc(1, sizeof *faults);
    json_t *input = form_input(&sending->form, request->language);
    bool ok = false;
    form_forget(&sending->form, "/identity/value");
    if (!faults || !input)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    else if (!key)
        form_again(request, PROBLEM_UNAVAILABLE, NULL);
    else if (!own || !parse_uuid(own, &sending->submission.key))
        form_again(request, own ? PROBLEM_KEY_INVALID : PROBLEM_KEY_MISSING, NULL);
    else
        ok = true;
    struct uuid kept = sending->submission.key;
    if (ok &&
        !submission_read(sending->consultation, key, input, false, &sending->submission, faults)) {
        form_again(request, PROBLEM_INVALID, faults);
        ok = false;
    }
    sending->submission.key = kept;
    json_decref(input);
    free(faults);
    return ok;
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
    if (!form_check(request, sending))
        return HANDLED;
    sending->submission.channel = CHANNEL_WEB;
    /* A script solves it, unseen. One that is wrong or has expired while somebody thought about an
     * answer is nothing a person could mend; and to refuse it would keep out no robot, which needs
     * only leave it out. So it counts as not there. */
    sending_prove(sending, form_value(&sending->form, "/proof_of_work"));
    return sending_push(sending, form_taken) == HANDLED_LATER ? HANDLED_LATER : form_taken(request);
}
