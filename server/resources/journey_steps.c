/* The steps of the form: one table of their names, pages and fields, and the ways between them. */
#include "resources/journey.h"

#include <stdio.h>
#include <string.h>

static const char *const no_fields[] = {NULL};
static const char *const measure_fields[] = {"/answers/{}/stance", "/answers/{}/remark",
                                             "/answers/{}/version", NULL};
static const char *const priority_fields[] = {"/priorities", NULL};
static const char *const view_fields[] = {"/views/*/text", "/views/*/version", NULL};
static const char *const about_fields[] = {
    "/kind", "/organisation", "/sector", "/publication", "/answers/*/withhold", "/views/*/withhold",
    NULL};

/* A step a measure, not a direction: on a phone seven measures with their choices are ten screens,
 * and a fault in one is far from the others; one measure is one screen, is saved when left, and is
 * the same page on the quick way. */
static const struct {
    const char *name;
    const char *template;
    const char *title_key;
    const char *const *fields;
    bool (*view)(const struct journey_view *view);
} steps[STEPS] = {
    [STEP_TASKS] = {"tasks", "answer_tasks", "answer.title", no_fields, view_tasks},
    [STEP_DIRECTION] = {"direction", "answer_direction", "answer.direction-title", no_fields,
                        view_direction},
    [STEP_MEASURE] = {"measure", "answer_measure", "answer.measure-title", measure_fields,
                      view_measure},
    [STEP_PRIORITIES] = {"priorities", "answer_priorities", "answer.priorities-title",
                         priority_fields, view_priorities},
    [STEP_VIEWS] = {"views", "answer_views", "answer.views", view_fields, view_views},
    [STEP_ABOUT] = {"about", "answer_about", "answer.about-title", about_fields, view_about},
    [STEP_CHECK] = {"check", "answer_check", "answer.check-title", no_fields, view_check},
    [STEP_IDENTITY] = {"identity", "answer_identity", "answer.identity-title", no_fields,
                       view_identity},
    [STEP_CODE] = {"code", "answer_code", "answer.code-title", no_fields, view_code},
    [STEP_SIGN_IN] = {"sign-in", "answer_sign_in", "answer.sign-in-title", no_fields, view_sign_in},
    [STEP_SAVED] = {"saved", "answer_saved", "saved.done", no_fields, view_saved},
};

const char *step_template(enum step step)
{
    return steps[step].template;
}

bool step_is_proof(enum step step)
{
    return step == STEP_CODE || step == STEP_SIGN_IN;
}

const char *step_title_key(enum step step)
{
    return steps[step].title_key;
}

const char *const *step_fields(enum step step)
{
    return steps[step].fields;
}

bool step_view(const struct journey_view *view)
{
    return steps[view->journey->place.step].view(view);
}

void place_field(const struct place *place, const char *pattern, char name[FAULT_POINTER])
{
    const char *code = strstr(pattern, "{}");
    if (code && place->measure)
        snprintf(name, FAULT_POINTER, "%.*s%s%s", (int)(code - pattern), pattern,
                 place->measure->code, code + 2);
    else
        snprintf(name, FAULT_POINTER, "%s", pattern);
}

void place_name(const struct place *place, char text[PLACE_TEXT])
{
    const char *name = steps[place->step].name;
    if (place->step == STEP_MEASURE)
        snprintf(text, PLACE_TEXT, "%s-%s", name, place->measure->code);
    else if (place->step == STEP_DIRECTION)
        snprintf(text, PLACE_TEXT, "%s-%s", name, place->direction->code);
    else
        snprintf(text, PLACE_TEXT, "%s", name);
}

struct place place_of_measure(const struct consultation *consultation,
                              const struct measure *measure)
{
    return (struct place){.step = STEP_MEASURE,
                          .direction = &consultation->directions[measure->direction],
                          .measure = measure};
}

bool place_find(const struct consultation *consultation, const char *text, struct place *out)
{
    for (enum step step = 0; step < STEPS; step++) {
        size_t length = strlen(steps[step].name);
        if (strncmp(text, steps[step].name, length) != 0)
            continue;
        const char *code = text[length] == '-' ? text + length + 1 : NULL;
        const struct measure *measure =
            step == STEP_MEASURE && code ? consultation_measure(consultation, code) : NULL;
        *out = (struct place){.step = step};
        if (measure)
            *out = place_of_measure(consultation, measure);
        else if (step == STEP_DIRECTION && code)
            out->direction = consultation_direction(consultation, code);
        bool coded = step == STEP_DIRECTION || step == STEP_MEASURE;
        if (coded ? out->direction != NULL : text[length] == '\0')
            return true;
    }
    return false;
}

/* The direction's first measure on which nothing is said yet; its first one if there is none. */
static struct place first_unanswered(const struct journey *journey)
{
    const struct direction *direction = journey->place.direction;
    const struct measure *measures = journey->consultation->measures + direction->first_measure;
    const json_t *answers = json_object_get(journey->state.answers, "answers");
    for (size_t i = 0; i < direction->measures; i++)
        if (!json_object_get(answers, measures[i].code))
            return place_of_measure(journey->consultation, &measures[i]);
    return place_of_measure(journey->consultation, measures);
}

static struct place measure_next(const struct journey *journey)
{
    const struct direction *direction = journey->place.direction;
    const struct measure *next = journey->place.measure + 1;
    const struct measure *last =
        journey->consultation->measures + direction->first_measure + direction->measures;
    if (journey->quick)
        return (struct place){.step = STEP_ABOUT};
    return next < last ? place_of_measure(journey->consultation, next)
                       : (struct place){.step = STEP_TASKS};
}

struct place place_next(const struct journey *journey)
{
    const struct place check = {.step = STEP_CHECK};
    if (journey->from_check)
        return check;
    switch (journey->place.step) {
    case STEP_DIRECTION:
        return first_unanswered(journey);
    case STEP_MEASURE:
        return measure_next(journey);
    case STEP_ABOUT:
        return journey->quick ? check : (struct place){.step = STEP_TASKS};
    case STEP_PRIORITIES:
    case STEP_VIEWS:
        return (struct place){.step = STEP_TASKS};
    case STEP_CHECK:
    case STEP_IDENTITY:
    case STEP_CODE: /* left by sending only */
    case STEP_SIGN_IN:
        return (struct place){.step = STEP_IDENTITY};
    case STEP_SAVED:
        return journey->quick ? place_of_measure(journey->consultation, journey->quick)
                              : (struct place){.step = STEP_TASKS};
    case STEP_TASKS:
    case STEPS:
        break;
    }
    return check;
}

struct place place_back(const struct journey *journey)
{
    const struct place tasks = {.step = STEP_TASKS}, about = {.step = STEP_ABOUT};
    if (journey->from_check)
        return (struct place){.step = STEP_CHECK};
    switch (journey->place.step) {
    case STEP_MEASURE:
        return journey->quick
                   ? journey->place
                   : (struct place){.step = STEP_DIRECTION, .direction = journey->place.direction};
    case STEP_ABOUT:
        return journey->quick ? place_of_measure(journey->consultation, journey->quick) : tasks;
    case STEP_CHECK:
        return journey->quick ? about : tasks;
    case STEP_IDENTITY:
        return (struct place){.step = STEP_CHECK};
    case STEP_CODE:
    case STEP_SIGN_IN:
        return (struct place){.step = STEP_IDENTITY};
    case STEP_TASKS:
    case STEP_DIRECTION:
    case STEP_PRIORITIES:
    case STEP_VIEWS:
    case STEP_SAVED:
    case STEPS:
        break;
    }
    return tasks;
}
