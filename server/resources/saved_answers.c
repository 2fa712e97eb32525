/* Save and come back: an unfinished form kept under a return code, and taken up again with it on
 * another device. The code comes and goes by POST, so that no address holds it. */
#include "http/reply.h"
#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/form_input.h"
#include "resources/journey.h"
#include "resources/routes.h"
#include "resources/saving.h"
#include "resources/sending.h"

#include <stdio.h>
#include <string.h>

/* On the HTTP thread, once it is kept: its code; or the step again, with why not. */
static enum handled answers_kept(struct request *request)
{
    const struct saving *saving = saving_of(request);
    struct journey journey;
    int status = 200;
    if (!journey_take(request, saving->consultation, &saving->form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        journey_clear(&journey);
        return HANDLED;
    }
    if (saving->problem == PROBLEM_NONE) {
        memcpy(journey.state.saved, saving->code, sizeof journey.state.saved);
        journey.saved_until_us = saving->expires_us;
        journey.place = (struct place){.step = STEP_SAVED};
        status = 201;
    } else {
        sending_retry_header(request, saving->problem, saving->retry_s);
        journey.problem = saving->problem;
        status = problem_status(saving->problem);
    }
    reply_document(request, journey_document(&journey, status));
    journey_clear(&journey);
    return HANDLED;
}

/* Under the code that it was kept under before, so that what somebody wrote down stays right.
 * False: it cannot be carried. */
static bool answers_seal(struct saving *saving, const struct journey *journey)
{
    const struct clock *clock = service_of(saving->request)->clock;
    if (*journey->state.saved)
        memcpy(saving->code, journey->state.saved, sizeof saving->code);
    else
        return_code_make(clock, saving->code);
    saving->sealed = saved_form_seal(clock, saving->code, saving->consultation->slug,
                                     &journey->state, &saving->sealed_length);
    return saving->sealed != NULL;
}

/* False: the journey says why nothing is kept. */
static bool answers_keep(struct saving *saving, struct journey *journey, enum handled *handled)
{
    enum journey_time time = journey_time(journey);
    if (journey->faults.count || journey->sealed != SEALED_FORM_OPENED ||
        (time != JOURNEY_OPEN && time != JOURNEY_GRACE))
        return false;
    if (!answers_seal(saving, journey)) {
        journey->problem = PROBLEM_CONTENT_TOO_LARGE;
        return false;
    }
    *handled = saving_send(saving, SAVING_PUT, answers_kept);
    if (*handled == HANDLED)
        answers_kept(saving->request);
    return true;
}

enum handled saved_answers_keep(struct request *request)
{
    struct journey journey = {0};
    enum handled handled = HANDLED;
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    struct saving *saving = saving_new(request);
    if (!saving) {
        consultation_release(consultation);
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    saving->consultation = consultation;
    saving->form_read = form_read(request->body.data ? request->body.data : "",
                                  request->body.length, &saving->form);
    buf_clear(&request->body);
    /* The last steps' fields come along, and need not wait for the database. */
    form_forget(&saving->form, "/identity/value");
    form_forget(&saving->form, "/proof/code");
    if (!saving->form_read) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    } else if (!journey_take(request, consultation, &saving->form, &journey)) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    } else if (!answers_keep(saving, &journey, &handled)) {
        journey.judged = true;
        reply_document(request, journey_document(&journey, journey.problem == PROBLEM_NONE
                                                               ? 200
                                                               : problem_status(journey.problem)));
    }
    journey_clear(&journey);
    return handled;
}

/* Why a return code opens nothing; after sending_retry_header. New reference. */
static json_t *code_fault(const struct request *request, enum problem_code problem)
{
    char key[64] = "saved.tries";
    json_t *context = NULL;
    if (problem == PROBLEM_TOO_MANY_REQUESTS)
        context = json_pack("{s:o*}", "retry", sending_retry_words(request));
    else
        snprintf(key, sizeof key, "problem.%s.detail", problem_slug(problem));
    json_t *text = wording_string(service_of(request)->pages, request->language, key, context);
    json_decref(context);
    return text;
}

/* The page that asks for a code. `problem` NONE: none yet, or what it opened is erased. */
static struct document *asking_document(const struct request *request, enum problem_code problem,
                                        bool erased)
{
    const struct service *service = service_of(request);
    bool faulty = problem != PROBLEM_NONE;
    const struct frame frame = {
        .title_key = "saved.title", .rest = "/saved-answers", .faulty = faulty};
    struct document *document =
        document_new(faulty ? problem_status(problem) : 200, request->language);
    if (!document)
        return NULL;
    document->template = "saved_answers";
    document->page = json_pack("{s:o, s:b}", "action",
                               json_sprintf("/%s/saved-answers", language_tag(request->language)),
                               "erased", erased);
    if (faulty)
        json_object_set_new(document->page, "error", code_fault(request, problem));
    if (document->page && page_frame(service->pages, document, &frame))
        return document;
    document_free(document);
    return NULL;
}

enum handled saved_answers_page(struct request *request)
{
    reply_document(request, asking_document(request, PROBLEM_NONE, false));
    return HANDLED;
}

static void answers_show(struct request *request, struct saving *saving)
{
    struct journey journey = {.request = request, .consultation = saving->consultation};
    journey.state = saving->state;
    saving->state = (struct form_state){0};
    reply_document(request, journey_document(&journey, 200));
    journey_clear(&journey);
}

/* On the HTTP thread, with what the code opened. */
static enum handled answers_opened(struct request *request)
{
    struct saving *saving = saving_of(request);
    if (saving->problem == PROBLEM_NONE && saving->act == SAVING_GET) {
        answers_show(request, saving);
        return HANDLED;
    }
    sending_retry_header(request, saving->problem, saving->retry_s);
    reply_document(request,
                   asking_document(request, saving->problem, saving->problem == PROBLEM_NONE));
    return HANDLED;
}

enum handled saved_answers_open(struct request *request)
{
    struct saving *saving = saving_new(request);
    if (!saving) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    saving->form_read = form_read(request->body.data ? request->body.data : "",
                                  request->body.length, &saving->form);
    buf_clear(&request->body);
    if (!saving->form_read) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
        return HANDLED;
    }
    const char *typed = form_value(&saving->form, "/code"), *go = form_value(&saving->form, "/go");
    enum saving_act act = go && strcmp(go, "erase") == 0 ? SAVING_ERASE : SAVING_GET;
    /* A mistyped one is told by its check characters, and is no try. */
    if (!typed || !return_code_read(typed, saving->code)) {
        reply_document(request, asking_document(request, PROBLEM_RETURN_CODE_WRONG, false));
        return HANDLED;
    }
    if (saving_send(saving, act, answers_opened) == HANDLED_LATER)
        return HANDLED_LATER;
    return answers_opened(request);
}
