/* What the templates of the steps read; static/pages/answer_<step>.mustache tell the fields. */
#include "resources/journey_view.h"

#include "represent/form.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"

#include <stdio.h>
#include <string.h>

bool page_add(const struct journey_view *view, json_t *more)
{
    bool ok = more && json_object_update(view->page, more) == 0;
    json_decref(more);
    return ok;
}

/* {error, options} of a choice. */
static json_t *choice_of(const struct journey_view *view, const char *name, json_t *options)
{
    return json_pack("{s:O*, s:o}", "error", form_fault(view->faults, name), "options", options);
}

/* One option of a choice; takes the label over. The first bears the field's own id. */
static void option_add(json_t *options, const char *value, json_t *label, const char *marked,
                       bool mark)
{
    json_t *option = json_pack("{s:s, s:o, s:b}", "value", value, "label", label, marked, mark);
    if (option && json_array_size(options) == 0)
        json_object_set_new(option, "first", json_true());
    json_array_append_new(options, option);
}

static const json_t *answer_to(const struct journey_view *view, const struct measure *measure)
{
    return json_object_get(json_object_get(view->journey->state.answers, "answers"), measure->code);
}

/* What was said on a measure in short: its stance, or that there is a remark; NULL for nothing. */
static json_t *answer_in_short(const struct journey_view *view, const struct measure *measure)
{
    const json_t *answer = answer_to(view, measure);
    const json_t *stance = json_object_get(answer, "stance");
    json_int_t value = json_integer_value(stance);
    if (json_is_integer(stance) && value >= STANCE_NO_OPINION && value <= STANCE_LAST)
        return json_string(journey_text(view, &view->journey->consultation->stance_labels[value]));
    return answer ? journey_word(view, "answer.remark-only", NULL) : NULL;
}

/* {go, label, status, done}: one line of the list of tasks. Takes the words over. */
static json_t *task_of(const struct place *place, json_t *label, json_t *status, bool done)
{
    char go[PLACE_TEXT];
    place_name(place, go);
    return json_pack("{s:s, s:o, s:o, s:b}", "go", go, "label", label, "status", status, "done",
                     done);
}

static json_t *task_direction(const struct journey_view *view, const struct direction *direction)
{
    const struct measure *measures =
        view->journey->consultation->measures + direction->first_measure;
    int64_t answered = 0;
    for (size_t i = 0; i < direction->measures; i++)
        answered += answer_to(view, &measures[i]) != NULL;
    json_t *context = json_pack("{s:o, s:o}", "answered", wording_count(answered), "measures",
                                wording_count((int64_t)direction->measures));
    const struct place place = {.step = STEP_DIRECTION, .direction = direction};
    json_t *task =
        task_of(&place, json_string(journey_text(view, &direction->title)),
                journey_word(view, answered ? "answer.answered" : "answer.none-answered", context),
                answered > 0);
    json_decref(context);
    return task;
}

static json_t *task_named(const struct journey_view *view, enum step step, const char *label_key,
                          bool done, const char *undone_key)
{
    const struct place place = {.step = step};
    return task_of(&place, journey_word(view, label_key, NULL),
                   journey_word(view, done ? "answer.done" : undone_key, NULL), done);
}

bool view_tasks(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    const json_t *answers = view->journey->state.answers;
    json_t *directions = json_array(), *others = json_array();
    for (size_t i = 0; i < consultation->direction_count; i++)
        json_array_append_new(directions, task_direction(view, &consultation->directions[i]));
    json_array_append_new(others, task_named(view, STEP_PRIORITIES, "answer.priorities-title",
                                             json_object_get(answers, "priorities") != NULL,
                                             "answer.optional"));
    if (consultation->question_count)
        json_array_append_new(others, task_named(view, STEP_VIEWS, "answer.views",
                                                 json_object_get(answers, "views") != NULL,
                                                 "answer.optional"));
    bool about = json_object_get(answers, "kind") && json_object_get(answers, "publication");
    json_array_append_new(
        others, task_named(view, STEP_ABOUT, "answer.about-title", about, "answer.needed"));
    return page_add(view, json_pack("{s:o, s:o}", "directions", directions, "others", others));
}

bool view_direction(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    const struct direction *direction = view->journey->place.direction;
    json_t *measures = json_array();
    for (size_t i = 0; i < direction->measures; i++) {
        const struct measure *measure = &consultation->measures[direction->first_measure + i];
        const struct place place = place_of_measure(consultation, measure);
        char go[PLACE_TEXT];
        place_name(&place, go);
        json_array_append_new(measures,
                              json_pack("{s:s, s:s, s:s, s:o*}", "go", go, "code", measure->code,
                                        "text", journey_text(view, &measure->text), "said",
                                        answer_in_short(view, measure)));
    }
    return page_add(view,
                    json_pack("{s:{s:s, s:s, s:o}, s:o}", "direction", "code", direction->code,
                              "title", journey_text(view, &direction->title), "href",
                              direction_address(view->journey->request, consultation, direction),
                              "measures", measures));
}

static json_t *stance_of(const struct journey_view *view, const char *name)
{
    json_t *options = json_array();
    char number[FORM_NUMBER];
    const char *chosen = form_shown(view->journey->state.answers, name, number);
    for (int i = 0; i < STANCES; i++) {
        int stance = STANCE_LAST - i; /* 5 to 1, and no opinion after them */
        char value[8];
        snprintf(value, sizeof value, "%d", stance);
        option_add(
            options, value,
            json_string(journey_text(view, &view->journey->consultation->stance_labels[stance])),
            "checked", strcmp(chosen, value) == 0);
    }
    option_add(options, "", journey_word(view, "answer.not-answered", NULL), "checked", !*chosen);
    return choice_of(view, name, options);
}

json_t *measure_fields(const struct journey_view *view, const struct measure *measure)
{
    const struct place place = place_of_measure(view->journey->consultation, measure);
    char stance[FAULT_POINTER], remark[FAULT_POINTER];
    place_field(&place, "/answers/{}/stance", stance);
    place_field(&place, "/answers/{}/remark", remark);
    return json_pack("{s:o, s:o}", "stance", stance_of(view, stance), "remark",
                     journey_field(view, remark));
}

bool view_measure(const struct journey_view *view)
{
    const struct place *place = &view->journey->place;
    const struct consultation *consultation = view->journey->consultation;
    const struct measure *measure = place->measure;
    size_t at = (size_t)(measure - consultation->measures) - place->direction->first_measure + 1;
    return page_add(view, measure_fields(view, measure)) &&
           page_add(
               view,
               json_pack("{s:{s:s, s:s, s:i, s:o, s:o, s:o}, s:{s:s, s:s, s:o}, s:{s:o, s:i}}",
                         "measure", "code", measure->code, "text",
                         journey_text(view, &measure->text), "version", measure->text.version,
                         "href", measure_address(view->journey->request, consultation, measure),
                         "at", wording_count((int64_t)at), "of",
                         wording_count((int64_t)place->direction->measures), "direction", "code",
                         place->direction->code, "title",
                         journey_text(view, &place->direction->title), "href",
                         direction_address(view->journey->request, consultation, place->direction),
                         "limits", "remark", wording_count(consultation->limits.remark_points),
                         "most", consultation->limits.remark_points));
}

bool view_priorities(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *directions = json_array();
    bool first = true;
    for (size_t d = 0; d < consultation->direction_count; d++) {
        const struct direction *direction = &consultation->directions[d];
        json_t *measures = json_array();
        for (size_t i = 0; i < direction->measures; i++, first = false) {
            const struct measure *measure = &consultation->measures[direction->first_measure + i];
            char name[FAULT_POINTER];
            snprintf(name, sizeof name, "/priorities/%s", measure->code);
            json_array_append_new(measures,
                                  json_pack("{s:s, s:s, s:b, s:b}", "code", measure->code, "text",
                                            journey_text(view, &measure->text), "checked",
                                            journey_ticked(view, name), "first", first));
        }
        json_array_append_new(directions, json_pack("{s:s, s:s, s:o}", "code", direction->code,
                                                    "title", journey_text(view, &direction->title),
                                                    "measures", measures));
    }
    return page_add(view, json_pack("{s:{s:O*, s:o}, s:{s:o}}", "priorities", "error",
                                    form_fault(view->faults, "/priorities"), "directions",
                                    directions, "limits", "priorities",
                                    wording_count(consultation->limits.priorities)));
}

bool view_views(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *views = json_array();
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        char text[FAULT_POINTER];
        snprintf(text, sizeof text, "/views/%s/text", question->code);
        json_array_append_new(views,
                              json_pack("{s:s, s:s, s:i, s:o}", "code", question->code, "text",
                                        journey_text(view, &question->text), "version",
                                        question->text.version, "view", journey_field(view, text)));
    }
    return page_add(view, json_pack("{s:o, s:{s:o, s:i}}", "views", views, "limits", "question",
                                    wording_count(consultation->limits.question_points), "most",
                                    consultation->limits.question_points));
}

/* A choice among words of the contract, labelled by the strings `prefix` and the word. */
static json_t *words_choice(const struct journey_view *view, const char *name, const char *prefix,
                            const char *const *values)
{
    json_t *options = json_array();
    char number[FORM_NUMBER];
    const char *chosen = form_shown(view->journey->state.answers, name, number);
    for (; *values; values++) {
        char key[64];
        snprintf(key, sizeof key, "%s%s", prefix, *values);
        option_add(options, *values, journey_word(view, key, NULL), "checked",
                   strcmp(chosen, *values) == 0);
    }
    return choice_of(view, name, options);
}

static json_t *sector_of(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *options = json_array();
    char number[FORM_NUMBER];
    const char *chosen = form_shown(view->journey->state.answers, "/sector", number);
    for (size_t i = 0; i < consultation->sector_count; i++) {
        const struct sector *sector = &consultation->sectors[i];
        option_add(options, sector->code, json_string(journey_text(view, &sector->label)),
                   "selected", strcmp(chosen, sector->code) == 0);
    }
    return choice_of(view, "/sector", options);
}

/* {id, name, text, checked}: a box that keeps what was written there from being published. */
static void withhold_add(const struct journey_view *view, json_t *list, const char *of,
                         const char *code, const char *text)
{
    char name[FAULT_POINTER];
    snprintf(name, sizeof name, "/%s/%s/withhold", of, code);
    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "of", of, "code", code, "text",
                                          text, "checked", journey_ticked(view, name)));
}

/* Only where words were written: figures are never published by person. */
static json_t *withheld_of(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *list = json_array();
    char name[FAULT_POINTER];
    for (size_t i = 0; i < consultation->measure_count; i++) {
        const struct measure *measure = &consultation->measures[i];
        snprintf(name, sizeof name, "/answers/%s/remark", measure->code);
        if (journey_ticked(view, name))
            withhold_add(view, list, "answers", measure->code, journey_text(view, &measure->text));
    }
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        snprintf(name, sizeof name, "/views/%s/text", question->code);
        if (journey_ticked(view, name))
            withhold_add(view, list, "views", question->code, journey_text(view, &question->text));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return NULL;
}

bool view_about(const struct journey_view *view)
{
    static const char *const kinds[] = {"individual", "organisation", NULL};
    static const char *const publications[] = {"none", "without-name", "with-name", NULL};
    const struct limits *limits = &view->journey->consultation->limits;
    return page_add(
        view,
        json_pack("{s:o, s:o, s:o, s:o, s:o*, s:{s:o}}", "kind",
                  words_choice(view, "/kind", "answer.kind-", kinds), "organisation",
                  journey_field(view, "/organisation"), "sector", sector_of(view), "publication",
                  words_choice(view, "/publication", "answer.publication-", publications),
                  "withhold", withheld_of(view), "limits", "organisation",
                  wording_count(limits->name_points)));
}
