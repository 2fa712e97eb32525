/* The holder of a code, on pages; see holder.h. */
#include "resources/holder.h"

#include "http/reply.h"
#include "represent/wording.h"
#include "resources/receipt_view.h"
#include "resources/sending.h"
#include "service.h"

#include <stdio.h>

json_t *holder_code_error(const struct request *request, enum problem_code problem)
{
    const struct pages *pages = service_of(request)->pages;
    char key[64];
    snprintf(key, sizeof key, "problem.%s.detail", problem_slug(problem));
    if (problem != PROBLEM_TOO_MANY_REQUESTS)
        return wording_string(pages, request->language, key, NULL);
    json_t *context = json_pack("{s:o*}", "retry", sending_retry_words(request));
    json_t *text = wording_string(pages, request->language, "receipt.code-tries", context);
    json_decref(context);
    return text;
}

/* A wrong code: the receipt's page again, where it is asked for. */
static void code_again(struct request *request, enum problem_code problem, int retry_s)
{
    struct receipt receipt;
    struct consultation *consultation = NULL;
    if (stored_receipt_find(request, request->parts[1], &receipt) == PROBLEM_NONE)
        consultation = catalogue_find(service_of(request)->catalogue, receipt.consultation);
    sending_retry_header(request, problem, retry_s);
    if (consultation)
        reply_document(
            request, receipt_page_document(request, consultation, &receipt,
                                           &(struct receipt_page){.status = problem_status(problem),
                                                                  .code_problem = problem}));
    else
        reply_problem(request, problem, NULL);
    consultation_release(consultation);
}

bool holder_open(struct request *request, struct form *form, struct stored *stored)
{
    int retry_s = 0;
    *stored = (struct stored){0};
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, form);
    buf_clear(&request->body);
    if (!ok) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
        return false;
    }
    const char *code = form_value(form, "/code");
    enum problem_code problem = PROBLEM_UNAUTHORIZED;
    if (code && *code)
        problem = stored_open(request, request->parts[1], code, stored, &retry_s);
    if (problem == PROBLEM_NONE)
        return true;
    if (problem == PROBLEM_UNAUTHORIZED)
        reply_header(request, "WWW-Authenticate", "Receipt");
    code_again(request, problem, retry_s);
    return false;
}
