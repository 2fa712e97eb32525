/* Check your answers: what was said, in the order of the steps, and what looks like personal data
 * in it; static/pages/answer_check.mustache tells the fields. */
#include "resources/journey_view.h"

#include "represent/form.h"

#include <stdio.h>
#include <string.h>

static const char *shown(const struct journey_view *view, const char *name,
                         char number[FORM_NUMBER])
{
    return form_shown(view->journey->state.answers, name, number);
}

/* The faults of a row, which lead to it: those of any of its fields. */
static json_t *row_faults(const struct journey_view *view, const char *pattern)
{
    json_t *errors = json_array();
    const json_t *list = json_object_get(view->faults, "list");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *fault = json_array_get(list, i);
        const char *pointer = json_string_value(json_object_get(fault, "pointer"));
        if (form_pointer_matches(pattern, pointer))
            json_array_append_new(errors,
                                  json_pack("{s:s, s:O}", "id",
                                            json_string_value(json_object_get(fault, "href")) + 1,
                                            "message", json_object_get(fault, "message")));
    }
    return errors;
}

static json_t *stance_label(const struct journey_view *view, const char *name)
{
    char number[FORM_NUMBER];
    const char *value = shown(view, name, number);
    if (value[0] >= '0' && value[0] <= '0' + STANCE_LAST && !value[1])
        return json_string(
            journey_text(view, &view->journey->consultation->stance_labels[value[0] - '0']));
    return *value ? json_string(value) : NULL;
}

/* One measure; NULL where nothing was said about it. */
static json_t *row_of_measure(const struct journey_view *view, const struct measure *measure)
{
    const struct place place = place_of_measure(view->journey->consultation, measure);
    char stance[FAULT_POINTER], remark[FAULT_POINTER], withhold[FAULT_POINTER],
        priority[FAULT_POINTER], pattern[FAULT_POINTER], go[PLACE_TEXT], number[FORM_NUMBER];
    place_name(&place, go);
    place_field(&place, "/answers/{}/stance", stance);
    place_field(&place, "/answers/{}/remark", remark);
    place_field(&place, "/answers/{}/withhold", withhold);
    place_field(&place, "/priorities/{}", priority);
    place_field(&place, "/answers/{}", pattern);
    bool prior = journey_ticked(view, priority);
    if (!journey_ticked(view, stance) && !journey_ticked(view, remark) && !prior)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:o*, s:s, s:b, s:b, s:o}", "code", measure->code, "text",
                     journey_text(view, &measure->text), "go", go, "stance",
                     stance_label(view, stance), "remark", shown(view, remark, number), "withheld",
                     journey_ticked(view, withhold), "priority", prior, "errors",
                     row_faults(view, pattern));
}

static json_t *directions_of(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *directions = json_array();
    for (size_t d = 0; d < consultation->direction_count; d++) {
        const struct direction *direction = &consultation->directions[d];
        json_t *rows = json_array();
        for (size_t i = 0; i < direction->measures; i++) {
            json_t *row =
                row_of_measure(view, &consultation->measures[direction->first_measure + i]);
            if (row)
                json_array_append_new(rows, row);
        }
        if (json_array_size(rows))
            json_array_append_new(directions,
                                  json_pack("{s:s, s:s, s:O}", "code", direction->code, "title",
                                            journey_text(view, &direction->title), "rows", rows));
        json_decref(rows);
    }
    return directions;
}

static json_t *views_of(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *list = json_array();
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        char text[FAULT_POINTER], withhold[FAULT_POINTER], pattern[FAULT_POINTER],
            number[FORM_NUMBER];
        snprintf(text, sizeof text, "/views/%s/text", question->code);
        snprintf(withhold, sizeof withhold, "/views/%s/withhold", question->code);
        snprintf(pattern, sizeof pattern, "/views/%s", question->code);
        if (journey_ticked(view, text))
            json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "text",
                                                  journey_text(view, &question->text), "view",
                                                  shown(view, text, number), "withheld",
                                                  journey_ticked(view, withhold), "errors",
                                                  row_faults(view, pattern)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return NULL;
}

/* {label, value, errors} of one thing about the respondent. Takes the value over. */
static json_t *about_row(const struct journey_view *view, const char *label_key, json_t *value,
                         const char *pattern)
{
    return json_pack("{s:o, s:o*, s:o}", "label", journey_word(view, label_key, NULL), "value",
                     value, "errors", row_faults(view, pattern));
}

static json_t *word_of(const struct journey_view *view, const char *name, const char *prefix,
                       const char *const *words)
{
    char number[FORM_NUMBER], key[64];
    const char *value = shown(view, name, number);
    for (; *words; words++)
        if (strcmp(*words, value) == 0) {
            snprintf(key, sizeof key, "%s%s", prefix, value);
            return journey_word(view, key, NULL);
        }
    return NULL;
}

static json_t *about_of(const struct journey_view *view)
{
    static const char *const kinds[] = {"individual", "organisation", NULL};
    static const char *const publications[] = {"none", "without-name", "with-name", NULL};
    char number[FORM_NUMBER];
    const char *organisation = shown(view, "/organisation", number);
    const struct sector *sector =
        consultation_sector(view->journey->consultation, shown(view, "/sector", number));
    json_t *rows = json_array();
    json_array_append_new(rows, about_row(view, "answer.kind",
                                          word_of(view, "/kind", "answer.kind-", kinds), "/kind"));
    if (*organisation || form_fault(view->faults, "/organisation"))
        json_array_append_new(rows, about_row(view, "answer.organisation",
                                              json_string(organisation), "/organisation"));
    if (sector || form_fault(view->faults, "/sector"))
        json_array_append_new(
            rows,
            about_row(view, "answer.sector",
                      sector ? json_string(journey_text(view, &sector->label)) : NULL, "/sector"));
    json_array_append_new(
        rows, about_row(view, "answer.publication",
                        word_of(view, "/publication", "answer.publication-", publications),
                        "/publication"));
    return rows;
}

/* A summary of several is of use only if each says what is to be decided on. */
static void fault_name(const struct journey_view *view, const char *pointer, json_t *kind,
                       const char *text)
{
    const json_t *faults = json_object_get(view->faults, "list");
    json_t *context = json_pack("{s:O, s:s}", "kind", kind, "text", text);
    for (size_t i = 0; i < json_array_size(faults); i++) {
        json_t *fault = json_array_get(faults, i);
        if (strcmp(json_string_value(json_object_get(fault, "pointer")), pointer) == 0)
            json_object_set_new(fault, "where", journey_word(view, "faults.personal", context));
    }
    json_decref(context);
}

/* {list: [{at, kind (label), text, error}]} of what is to be decided; NULL: nothing. */
static json_t *personal_of(const struct journey_view *view)
{
    const struct journey *journey = view->journey;
    json_t *list = json_array();
    for (size_t i = 0; i < journey->finding_count; i++) {
        const struct finding *finding = &journey->findings[i];
        char key[64], name[32];
        snprintf(key, sizeof key, "answer.personal-%s", personal_kind_name(finding->kind));
        snprintf(name, sizeof name, "/personal/%zu", i);
        json_t *kind = journey_word(view, key, NULL);
        fault_name(view, name, kind, finding->text);
        json_array_append_new(list,
                              json_pack("{s:i, s:o, s:s, s:O*}", "at", (int)i, "kind", kind, "text",
                                        finding->text, "error", form_fault(view->faults, name)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return NULL;
}

bool view_check(const struct journey_view *view)
{
    json_t *nothing = form_fault(view->faults, "/answers");
    json_t *more =
        json_pack("{s:o, s:o*, s:o, s:o*, s:O*, s:o}", "directions", directions_of(view), "views",
                  views_of(view), "about", about_of(view), "personal", personal_of(view), "nothing",
                  nothing, "priority_errors", row_faults(view, "/priorities"));
    bool ok = more && json_object_update(view->page, more) == 0;
    json_decref(more);
    return ok;
}
