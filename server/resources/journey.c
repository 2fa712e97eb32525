/* What a step sent, and where it leads; see journey.h. Fields of the form besides the answers':
 *   /state  the sealed state            /step  the step it was sent from, "measure-1-3"
 *   /way    "quick-1-3" or "full"       /from  "check" where that step was opened to change it
 *   /go     the button: next, back, change-<step>, mask-all, renew, full, or a step
 *   /personal/0 …  what is to become of each piece of personal data: mask or keep */
#include "resources/journey.h"

#include "domain/wipe.h"
#include "resources/form_input.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char quick_prefix[] = "quick-", change_prefix[] = "change-";

bool journey_new(struct request *request, struct consultation *consultation,
                 const struct measure *quick, struct journey *out)
{
    *out = (struct journey){.request = request, .consultation = consultation, .quick = quick};
    if (quick)
        out->place = place_of_measure(consultation, quick);
    return form_state_open(service_of(request)->clock, &out->state);
}

/* The form's answers, which say only what differs from saying nothing. Where nothing was to be
 * published no single answer was kept back: they follow what is chosen anew for all. */
static json_t *answers_of(const struct stored *stored)
{
    static const char *const groups[] = {"answers", "views"};
    json_t *answers = stored_document(stored), *said;
    const bool none = stored->submission.consent == CONSENT_NONE;
    const char *code;
    json_object_del(answers, "language");
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        json_t *members = json_object_get(answers, groups[i]);
        json_object_foreach(members, code, said)
        {
            if (none || json_is_true(json_object_get(said, "publish")))
                json_object_del(said, "publish");
        }
        if (json_object_size(members) == 0)
            json_object_del(answers, groups[i]);
    }
    if (json_array_size(json_object_get(answers, "priorities")) == 0)
        json_object_del(answers, "priorities");
    return answers;
}

bool journey_amend(struct request *request, const struct stored *stored,
                   const struct measure *measure, struct journey *out)
{
    const struct receipt *receipt = &stored->receipt;
    *out = (struct journey){.request = request, .consultation = stored->consultation};
    if (measure) {
        out->place = place_of_measure(stored->consultation, measure);
        out->from_check = true;
    }
    if (!form_state_open(service_of(request)->clock, &out->state))
        return false;
    json_decref(out->state.answers);
    out->state.answers = answers_of(stored);
    memcpy(out->state.amends, receipt->number, sizeof out->state.amends);
    out->state.amends_generation = receipt->generation;
    return out->state.answers != NULL;
}

static bool state_take(struct journey *journey, const struct form *form)
{
    const struct service *service = service_of(journey->request);
    journey->sent_state = form_text(form, "/state");
    journey->sealed = sealed_form_open(service->keys, service->clock, journey->consultation->slug,
                                       journey->sent_state, &journey->state);
    if (journey->sealed == SEALED_FORM_OPENED)
        return true;
    form_state_clear(&journey->state);
    return journey->sealed != SEALED_FORM_FAILED &&
           form_state_open(service->clock, &journey->state);
}

static void place_take(struct journey *journey, const struct form *form)
{
    const char *way = form_text(form, "/way");
    if (strncmp(way, quick_prefix, sizeof quick_prefix - 1) == 0)
        journey->quick = consultation_measure(journey->consultation, way + sizeof quick_prefix - 1);
    journey->from_check = strcmp(form_text(form, "/from"), "check") == 0;
    struct uuid challenge;
    if (parse_uuid(form_text(form, "/proof/challenge"), &challenge))
        format_uuid(&challenge, journey->challenge);
    journey->send_number = *form_text(form, "/send_number");
    if (!place_find(journey->consultation, form_text(form, "/step"), &journey->place))
        journey->place = (struct place){.step = STEP_TASKS};
    if (step_is_proof(journey->place.step) && !*journey->challenge)
        journey->place = (struct place){.step = STEP_IDENTITY};
    journey->sent_place = journey->place;
}

bool journey_take(struct request *request, struct consultation *consultation,
                  const struct form *form, struct journey *out)
{
    *out = (struct journey){.request = request, .consultation = consultation};
    if (!state_take(out, form))
        return false;
    place_take(out, form);
    for (const char *const *pattern = step_fields(out->place.step); *pattern; pattern++) {
        char name[FAULT_POINTER];
        place_field(&out->place, *pattern, name);
        form_forget_field(out->state.answers, name);
    }
    form_take(form, consultation, form_carried, out->state.answers, &out->faults);
    if (out->place.step == STEP_CHECK)
        journey_decide(out, form);
    return true;
}

void journey_clear(struct journey *journey)
{
    form_state_clear(&journey->state);
    for (size_t i = 0; i < journey->finding_count; i++)
        wipe_free(journey->findings[i].text);
    journey->finding_count = 0;
}

enum journey_time journey_time(const struct journey *journey)
{
    const struct consultation *consultation = journey->consultation;
    int64_t now_us = clock_utc_us(service_of(journey->request)->clock);
    if (now_us < consultation->opens_us)
        return JOURNEY_BEFORE;
    if (now_us < consultation->closes_us)
        return JOURNEY_OPEN;
    bool in_time = journey->sealed == SEALED_FORM_OPENED &&
                   journey->state.opened_us < consultation->closes_us &&
                   now_us < consultation->grace_us;
    return in_time ? JOURNEY_GRACE : JOURNEY_OVER;
}

json_t *journey_input(const struct journey *journey)
{
    json_t *input = json_deep_copy(journey->state.answers);
    json_object_set_new(input, "language", json_string(language_tag(journey->request->language)));
    return input;
}

/* The rules of a whole submission, as if it amended another: those have no identity of their own.
 */
static void whole_judge(struct journey *journey)
{
    struct submission submission;
    json_t *input = journey_input(journey);
    submission_read(journey->consultation, NULL, input, IDENTITY_OF_OTHER, &submission,
                    &journey->faults);
    submission_clear(&submission);
    json_decref(input);
}

bool journey_judge(struct journey *journey)
{
    journey->judged = true;
    whole_judge(journey);
    return journey->faults.count == 0;
}

/* Only what is wrong with the fields of the step itself, and fields it does not have. */
static bool step_judge(struct journey *journey)
{
    struct faults *faults = &journey->faults;
    size_t kept = faults->count, count = kept;
    whole_judge(journey);
    for (size_t i = kept; i < faults->count; i++) {
        bool own = false;
        for (const char *const *pattern = step_fields(journey->place.step); *pattern; pattern++) {
            char name[FAULT_POINTER];
            place_field(&journey->place, *pattern, name);
            own = own || form_pointer_matches(name, faults->list[i].pointer);
        }
        if (own)
            faults->list[count++] = faults->list[i];
    }
    faults->count = count;
    journey->judged = true;
    return count == 0;
}

/* From checking on to the identity: with nothing wrong and nothing undecided. */
static bool check_judge(struct journey *journey)
{
    bool right = journey_judge(journey);
    journey_find(journey);
    for (size_t i = 0; i < journey->finding_count; i++)
        faults_add(&journey->faults, PROBLEM_REQUIRED, 0, "/personal/%zu", i);
    return right && journey->finding_count == 0;
}

static void renew(struct journey *journey)
{
    struct form_state fresh;
    if (form_state_open(service_of(journey->request)->clock, &fresh)) {
        journey->state.key = fresh.key;
        journey->state.opened_us = fresh.opened_us;
    }
    form_state_clear(&fresh);
    journey->place = (struct place){.step = STEP_CHECK};
}

static void go_next(struct journey *journey)
{
    bool right = journey->place.step == STEP_CHECK ? check_judge(journey) : step_judge(journey);
    if (!right)
        return;
    journey->place = place_next(journey);
    journey->from_check = false;
    journey->judged = false;
}

void journey_go(struct journey *journey, const struct form *form)
{
    const char *go = form_text(form, "/go");
    bool change = strncmp(go, change_prefix, sizeof change_prefix - 1) == 0;
    if (journey->faults.count) {
        journey->judged = true; /* what cannot be taken is said before anything else */
    } else if (journey->sealed != SEALED_FORM_OPENED) {
        /* Says what happened where the fields of this step are still seen. */
        if (step_fields(journey->place.step)[0] == NULL)
            journey->place = (struct place){.step = STEP_TASKS};
    } else if (strcmp(go, "next") == 0) {
        go_next(journey);
    } else if (strcmp(go, "back") == 0) {
        journey->place = place_back(journey);
        journey->from_check = false;
    } else if (strcmp(go, "mask-all") == 0) {
        journey_mask_all(journey);
    } else if (strcmp(go, "renew") == 0) {
        renew(journey);
    } else if (strcmp(go, "full") == 0) {
        journey->quick = NULL;
        journey->from_check = false;
        journey->place = (struct place){.step = STEP_TASKS};
    } else if (*go) {
        struct place place;
        if (place_find(journey->consultation, change ? go + sizeof change_prefix - 1 : go,
                       &place) &&
            (!step_is_proof(place.step) || *journey->challenge)) {
            journey->place = place;
            journey->from_check = change;
        }
    }
}
