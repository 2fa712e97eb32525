/* The signed statement of a receipt by its number; and the page that its holder was shown once, in
 * another language. */
#include "http/reply.h"
#include "resources/holder.h"
#include "resources/receipt_check.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/sending.h"

static void receipt_refuse(struct request *request, enum problem_code problem)
{
    sending_retry_header(request, problem, 0);
    reply_problem(request, problem, NULL);
}

enum handled receipt_get(struct request *request)
{
    struct receipt receipt;
    enum problem_code problem = stored_receipt_find(request, request->parts[0], &receipt);
    if (problem != PROBLEM_NONE) {
        receipt_refuse(request, problem);
        return HANDLED;
    }
    json_t *model = receipt_document(service_of(request)->keys, &receipt);
    struct document *document = document_new(200, request->language);
    if (document && !document_say(document, model)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}

enum handled receipt_page(struct request *request)
{
    struct receipt receipt;
    enum problem_code problem = stored_receipt_find(request, request->parts[1], &receipt);
    struct consultation *consultation = NULL;
    if (problem == PROBLEM_NONE) {
        consultation = catalogue_find(service_of(request)->catalogue, receipt.consultation);
        problem = consultation ? PROBLEM_NONE : PROBLEM_UNAVAILABLE;
    }
    if (problem == PROBLEM_NONE)
        reply_document(request, receipt_page_document(request, consultation, &receipt,
                                                      &(struct receipt_page){.status = 200}));
    else if (problem == PROBLEM_NOT_FOUND)
        receipt_check_unknown(request, request->parts[1]);
    else
        receipt_refuse(request, problem);
    consultation_release(consultation);
    return HANDLED;
}

enum handled receipt_form(struct request *request)
{
    struct form form = {0};
    struct stored stored;
    if (holder_open(request, &form, &stored)) {
        struct receipt_page page = {
            .status = 200, .holder = true, .submission = &stored.submission};
        receipt_page_carried(&form, &page);
        if (page.renewed)
            page.submission = NULL;
        reply_document(request,
                       receipt_page_document(request, stored.consultation, &stored.receipt, &page));
    }
    stored_clear(&stored);
    form_clear(&form);
    return HANDLED;
}
