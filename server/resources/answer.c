/* The steps of the form: begun at the list of tasks or at one measure, and gone through by POST,
 * with all that was filled in sealed in the form. Sending is submission_form.c's. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/journey.h"
#include "resources/routes.h"

static enum handled answer_begin(struct request *request, struct consultation *consultation,
                                 const struct measure *quick)
{
    struct journey journey;
    reply_document(request, journey_new(request, consultation, quick, &journey)
                                ? journey_document(&journey, 200)
                                : NULL);
    journey_clear(&journey);
    return HANDLED;
}

enum handled answer_page(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    enum handled handled = answer_begin(request, consultation, NULL);
    consultation_release(consultation);
    return handled;
}

enum handled answer_measure_page(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    enum handled handled = HANDLED;
    if (!consultation)
        return HANDLED;
    const struct measure *measure = consultation_measure(consultation, request->parts[2]);
    if (measure)
        handled = answer_begin(request, consultation, measure);
    else
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    consultation_release(consultation);
    return handled;
}

enum handled answer_step(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    struct form form = {0};
    struct journey journey = {0};
    if (!consultation)
        return HANDLED;
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, &form);
    buf_clear(&request->body);
    if (!ok) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    } else if (!journey_take(request, consultation, &form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    } else {
        journey_go(&journey, &form);
        reply_document(request, journey_document(&journey, 200));
    }
    journey_clear(&journey);
    form_clear(&form);
    consultation_release(consultation);
    return HANDLED;
}
