/* The answer form: new, and again in another language with all that was filled in. */
#include "http/reply.h"
#include "resources/answer_view.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/routes.h"

enum handled answer_page(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    reply_document(request,
                   answer_document(request, consultation, &(struct answer_page){.status = 200}));
    consultation_release(consultation);
    return HANDLED;
}

enum handled answer_again(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    struct form form = {0};
    if (!consultation)
        return HANDLED;
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, &form);
    buf_clear(&request->body);
    if (ok)
        reply_document(request,
                       answer_document(request, consultation,
                                       &(struct answer_page){.status = 200, .form = &form}));
    else
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    form_clear(&form);
    consultation_release(consultation);
    return HANDLED;
}
