/* The page of a step: what all steps have in common; see journey.h.
 * static/pages/answer_top.mustache tells the fields. */
#include "resources/journey_view.h"

#include "domain/proof_of_work.h"
#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/sending.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *journey_word(const struct journey_view *view, const char *key, json_t *context)
{
    const struct request *request = view->journey->request;
    return wording_string(service_of(request)->pages, request->language, key, context);
}

const char *journey_text(const struct journey_view *view, const struct text *text)
{
    return text->body[view->journey->request->language];
}

json_t *journey_field(const struct journey_view *view, const char *name)
{
    char number[FORM_NUMBER];
    return form_field(view->faults, name, form_shown(view->journey->state.answers, name, number));
}

bool journey_ticked(const struct journey_view *view, const char *name)
{
    char number[FORM_NUMBER];
    return *form_shown(view->journey->state.answers, name, number) != '\0';
}

/* The title of the step, which names its measure or direction. */
static json_t *step_title(const struct journey_view *view)
{
    const struct place *place = &view->journey->place;
    json_t *context =
        json_pack("{s:s*, s:s*}", "measure", place->measure ? place->measure->code : NULL,
                  "direction", place->direction ? place->direction->code : NULL);
    bool amends = place->step == STEP_IDENTITY && *view->journey->state.amends;
    json_t *title =
        journey_word(view, amends ? "answer.amend-title" : step_title_key(place->step), context);
    json_decref(context);
    return title;
}

/* {title, detail} of what befell the form as a whole, or NULL. */
static json_t *problem_of(const struct journey_view *view)
{
    static const char *const sealed[][2] = {
        [SEALED_FORM_OPENED] = {NULL, NULL},
        [SEALED_FORM_BROKEN] = {"answer.broken", "answer.broken-meaning"},
        [SEALED_FORM_EXPIRED] = {"answer.expired", "answer.expired-meaning"},
        [SEALED_FORM_FOREIGN] = {"answer.foreign", "answer.foreign-meaning"},
        [SEALED_FORM_FAILED] = {NULL, NULL},
    };
    const struct journey *journey = view->journey;
    const char *slug = problem_slug(journey->problem);
    char title[64], detail[64];
    if (sealed[journey->sealed][0])
        return json_pack("{s:o, s:o}", "title",
                         journey_word(view, sealed[journey->sealed][0], NULL), "detail",
                         journey_word(view, sealed[journey->sealed][1], NULL));
    if (journey->problem == PROBLEM_NONE)
        return NULL;
    snprintf(title, sizeof title, "problem.%s.title", slug);
    snprintf(detail, sizeof detail, "problem.%s.detail", slug);
    return json_pack("{s:o, s:o, s:b, s:o*}", "title", journey_word(view, title, NULL), "detail",
                     journey_word(view, detail, NULL), "renew",
                     journey->problem == PROBLEM_KEY_REUSED, "retry",
                     sending_retry_words(journey->request));
}

/* {until, late}: the end of the grace; absent without one. */
static json_t *grace_of(const struct journey_view *view, enum journey_time time)
{
    const struct journey *journey = view->journey;
    const struct consultation *consultation = journey->consultation;
    if (consultation->grace_us <= consultation->closes_us)
        return NULL;
    return json_pack("{s:o, s:b}", "until",
                     wording_moment(service_of(journey->request)->pages, journey->request->language,
                                    MOMENT_MINUTE, consultation->grace_us),
                     "late", time == JOURNEY_GRACE);
}

/* {key, challenge (JSON as text), fresh}: what the browser's script works with; see
 * static/pages/answer_browser.mustache. */
static json_t *browser_of(const struct journey *journey)
{
    const struct service *service = service_of(journey->request);
    char key[UUID_TEXT + 1];
    format_uuid(&journey->state.key, key);
    json_t *challenge =
        proof_of_work_challenge(service->keys, service->clock, journey->consultation->slug,
                                &journey->state.key, service->settings.proof_of_work_most);
    char *text = challenge ? json_dumps(challenge, JSON_COMPACT) : NULL;
    json_t *browser = text ? json_pack("{s:s, s:s, s:b}", "key", key, "challenge", text, "fresh",
                                       journey->sent_state == NULL)
                           : NULL;
    free(text);
    json_decref(challenge);
    return browser;
}

/* What every step carries and says. False: no memory, or more than a form can carry. */
static bool common_add(struct journey_view *view, const char *state, enum journey_time time)
{
    const struct journey *journey = view->journey;
    const struct request *request = journey->request;
    char step[PLACE_TEXT], way[PLACE_TEXT] = "full";
    place_name(&journey->place, step);
    if (journey->quick)
        snprintf(way, sizeof way, "quick-%s", journey->quick->code);
    bool first = journey->place.step == STEP_TASKS || (journey->quick && !journey->from_check &&
                                                       journey->place.measure == journey->quick);
    bool sends = journey->place.step == STEP_IDENTITY || step_is_proof(journey->place.step);
    json_t *answer = json_pack(
        "{s:o, s:o, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:o, s:o*, s:o*, s:s*, s:o*}", "steps",
        consultation_address(request, journey->consultation, "/answer"), "action",
        consultation_address(request, journey->consultation, sends ? "/submissions" : "/answer"),
        "state", state, "step", step, "way", way, "from", journey->from_check ? "check" : "",
        "back", !first, "quick", journey->quick != NULL, "change", 1, "title", step_title(view),
        "grace", grace_of(view, time), "problem", problem_of(view), "amends",
        *journey->state.amends ? journey->state.amends : NULL, "save",
        journey->place.step == STEP_SAVED || step_is_proof(journey->place.step)
            ? NULL
            : consultation_address(request, journey->consultation, "/saved-answers"));
    return answer && json_object_set_new(answer, "browser", browser_of(journey)) == 0 &&
           json_object_set_new(view->page, "answer", answer) == 0 &&
           (!view->faults || json_object_set(view->page, "faults", view->faults) == 0);
}

static bool frame_add(const struct journey_view *view, struct document *document, bool form)
{
    const struct journey *journey = view->journey;
    char action[CONSULTATION_ADDRESS];
    snprintf(action, sizeof action, "/consultations/%s/answer", journey->consultation->slug);
    json_t *title = step_title(view);
    /* While there is a form, another language is a button of it, so that nothing typed is lost. */
    const struct frame frame = {
        .title = json_string_value(title),
        .form = form ? "answer" : NULL,
        .action = action,
        .unlisted = true,
        .faulty = view->faults || journey->problem != PROBLEM_NONE ||
                  journey->sealed != SEALED_FORM_OPENED,
    };
    bool ok = title && consultation_frame(journey->request, journey->consultation, document, frame,
                                          form ? NULL : "/answer");
    json_decref(title);
    return ok;
}

static struct document *finished(struct journey_view *view, struct document *document, bool ok)
{
    json_decref(view->faults);
    view->faults = NULL;
    if (ok)
        return document;
    document_free(document);
    return NULL;
}

/* Not open (any more): says so, and shows what was filled in, which was not sent. */
static struct document *over_document(const struct journey *journey, int status)
{
    struct document *document = consultation_document(journey->request, journey->consultation,
                                                      status, "answer_over", false);
    struct journey_view view = {.journey = journey, .page = document ? document->page : NULL};
    struct journey titled = *journey;
    titled.place = (struct place){.step = STEP_TASKS};
    titled.problem = PROBLEM_NONE;
    titled.sealed = SEALED_FORM_OPENED;
    bool ok = document && view_check(&view) &&
              json_object_set_new(view.page, "filled",
                                  json_boolean(json_object_size(journey->state.answers) > 0)) == 0;
    view.journey = &titled;
    return finished(&view, document, ok && frame_add(&view, document, false));
}

struct document *journey_document(struct journey *journey, int status)
{
    const struct request *request = journey->request;
    const struct service *service = service_of(request);
    enum journey_time time = journey_time(journey);
    if (journey->place.step == STEP_CHECK && !journey->judged) {
        journey_judge(journey);
        journey_find(journey);
    }
    if (status == 200 && journey->faults.count)
        status = problem_status(PROBLEM_INVALID);
    if (time == JOURNEY_BEFORE || time == JOURNEY_OVER)
        return over_document(journey,
                             journey->sent_state ? problem_status(PROBLEM_CLOSED) : status);
    char *own = sealed_form_seal(service->keys, service->clock, journey->consultation->slug,
                                 &journey->state);
    const char *state = own;
    if (!own && journey->sent_state) {
        /* More than a form can carry: it stays what it was, and what was typed is shown again. */
        journey->place = journey->sent_place;
        journey->problem = PROBLEM_CONTENT_TOO_LARGE;
        state = journey->sent_state;
        status = problem_status(journey->problem);
    }
    struct document *document =
        state ? consultation_document(request, journey->consultation, status,
                                      step_template(journey->place.step), false)
              : NULL;
    struct journey_view view = {.journey = journey, .page = document ? document->page : NULL};
    if (journey->faults.count)
        view.faults = form_faults(service->pages, request->language, &journey->faults);
    bool ok = document && common_add(&view, state, time) && step_view(&view);
    struct document *page = finished(&view, document, ok && frame_add(&view, document, true));
    free(own);
    return page;
}
