/* The answer form as its page; see answer_view.h and static/pages/answer.mustache. */
#include "resources/answer_view.h"

#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { NAME_TEXT = 96 };

/* What every part of the form needs. */
struct view {
    const struct request *request;
    const struct consultation *consultation;
    const struct form *form;
    json_t *faults; /* as form_faults gives; NULL: none */
};

static json_t *word(const struct view *view, const char *key)
{
    return wording_string(service_of(view->request)->pages, view->request->language, key, NULL);
}

static const char *words_of(const struct view *view, const struct text *text)
{
    return text->body[view->request->language];
}

/* What was sent in that field; "" if nothing was. */
static const char *sent(const struct view *view, const char *name)
{
    const char *value = view->form ? form_value(view->form, name) : NULL;
    return value ? value : "";
}

static json_t *field_of(const struct view *view, const char *name)
{
    return form_field(view->faults, name, sent(view, name));
}

static json_t *box_of(const struct view *view, const char *name)
{
    return json_pack("{s:b}", "checked", *sent(view, name) != '\0');
}

/* {error, options: […]} of a choice; `add` fills the options. */
static json_t *choice_of(const struct view *view, const char *name, json_t *options)
{
    return json_pack("{s:O*, s:o}", "error", form_fault(view->faults, name), "options", options);
}

/* One option of a choice; takes the label over. */
static void option_add(json_t *options, const char *value, json_t *label, const char *marked,
                       bool mark)
{
    json_t *option = json_pack("{s:s, s:o, s:b}", "value", value, "label", label, marked, mark);
    if (option && json_array_size(options) == 0)
        json_object_set_new(option, "first", json_true());
    json_array_append_new(options, option);
}

static json_t *stance_of(const struct view *view, const char *name)
{
    json_t *options = json_array();
    const char *chosen = sent(view, name);
    bool any = false;
    for (int i = 0; i < STANCES; i++) {
        int stance = STANCE_LAST - i; /* 5 to 1, and no opinion after them */
        char value[8];
        snprintf(value, sizeof value, "%d", stance);
        bool mark = strcmp(chosen, value) == 0;
        any = any || mark;
        option_add(options, value,
                   json_string(words_of(view, &view->consultation->stance_labels[stance])),
                   "checked", mark);
    }
    option_add(options, "", word(view, "answer.not-answered"), "checked", !any);
    return choice_of(view, name, options);
}

static json_t *measure_of(const struct view *view, const struct measure *measure)
{
    char stance[NAME_TEXT], remark[NAME_TEXT], withhold[NAME_TEXT], priority[NAME_TEXT];
    snprintf(stance, sizeof stance, "/answers/%s/stance", measure->code);
    snprintf(remark, sizeof remark, "/answers/%s/remark", measure->code);
    snprintf(withhold, sizeof withhold, "/answers/%s/withhold", measure->code);
    snprintf(priority, sizeof priority, "/priorities/%s", measure->code);
    bool open = *sent(view, remark) || *sent(view, withhold) || form_fault(view->faults, remark);
    return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:b, s:o, s:o}", "code", measure->code, "text",
                     words_of(view, &measure->text), "version", measure->text.version, "href",
                     measure_address(view->request, view->consultation, measure), "stance",
                     stance_of(view, stance), "remark", field_of(view, remark), "open_remark", open,
                     "withhold", box_of(view, withhold), "priority", box_of(view, priority));
}

static json_t *directions_of(const struct view *view)
{
    const struct consultation *consultation = view->consultation;
    json_t *directions = json_array();
    for (size_t i = 0; i < consultation->direction_count; i++) {
        const struct direction *direction = &consultation->directions[i];
        json_t *measures = json_array();
        for (size_t m = 0; m < direction->measures; m++)
            json_array_append_new(
                measures, measure_of(view, &consultation->measures[direction->first_measure + m]));
        json_array_append_new(directions,
                              json_pack("{s:s, s:s, s:o, s:o}", "code", direction->code, "title",
                                        words_of(view, &direction->title), "href",
                                        direction_address(view->request, consultation, direction),
                                        "measures", measures));
    }
    return directions;
}

static json_t *views_of(const struct view *view)
{
    const struct consultation *consultation = view->consultation;
    json_t *views = json_array();
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        char text[NAME_TEXT], withhold[NAME_TEXT];
        snprintf(text, sizeof text, "/views/%s/text", question->code);
        snprintf(withhold, sizeof withhold, "/views/%s/withhold", question->code);
        json_array_append_new(views, json_pack("{s:s, s:s, s:i, s:o, s:o}", "code", question->code,
                                               "text", words_of(view, &question->text), "version",
                                               question->text.version, "view", field_of(view, text),
                                               "withhold", box_of(view, withhold)));
    }
    return views;
}

/* A choice among words of the contract, labelled by the strings `prefix` and the word; `usual` is
 * marked on a new form. */
static json_t *words_choice(const struct view *view, const char *name, const char *prefix,
                            const char *const *values, const char *usual)
{
    json_t *options = json_array();
    const char *chosen = view->form ? sent(view, name) : usual;
    for (; *values; values++) {
        char key[NAME_TEXT];
        snprintf(key, sizeof key, "%s%s", prefix, *values);
        option_add(options, *values, word(view, key), "checked", strcmp(chosen, *values) == 0);
    }
    return choice_of(view, name, options);
}

static json_t *sector_of(const struct view *view)
{
    json_t *options = json_array();
    const char *chosen = sent(view, "/sector");
    for (size_t i = 0; i < view->consultation->sector_count; i++) {
        const struct sector *sector = &view->consultation->sectors[i];
        option_add(options, sector->code, json_string(words_of(view, &sector->label)), "selected",
                   strcmp(chosen, sector->code) == 0);
    }
    return choice_of(view, "/sector", options);
}

/* One kind is a hidden field, several are a choice. What was typed as the identity itself is never
 * shown again. */
static json_t *identity_of(const struct view *view)
{
    json_t *kinds = json_array();
    const char *chosen = sent(view, "/identity/kind");
    for (int kind = IDENTITY_NONE + 1; kind < IDENTITY_KINDS; kind++) {
        const char *name = identity_kind_name((enum identity_kind)kind);
        char key[NAME_TEXT];
        if (!(view->consultation->identity_kinds >> kind & 1))
            continue;
        snprintf(key, sizeof key, "answer.identity-%s", name);
        option_add(kinds, name, word(view, key), "checked",
                   *chosen ? strcmp(chosen, name) == 0 : json_array_size(kinds) == 0);
    }
    if (json_array_size(kinds) == 1) {
        json_t *one = json_pack("{s:O}", "one_kind", json_array_get(kinds, 0));
        json_decref(kinds);
        return one;
    }
    return json_pack("{s:O*, s:b, s:o}", "error", form_fault(view->faults, "/identity/kind"),
                     "choose", 1, "kinds", kinds);
}

static json_t *limits_of(const struct limits *limits)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "remark", wording_count(limits->remark_points),
                     "question", wording_count(limits->question_points), "organisation",
                     wording_count(limits->name_points), "priorities",
                     wording_count(limits->priorities));
}

static json_t *problem_of(const struct view *view, enum problem_code problem)
{
    char title[NAME_TEXT], detail[NAME_TEXT];
    snprintf(title, sizeof title, "problem.%s.title", problem_slug(problem));
    snprintf(detail, sizeof detail, "problem.%s.detail", problem_slug(problem));
    return json_pack("{s:o, s:o}", "title", word(view, title), "detail", word(view, detail));
}

/* The key stays with the form, so that sending it twice is one submission. */
static json_t *key_of(const struct view *view)
{
    struct uuid key;
    char text[UUID_TEXT + 1];
    const char *kept = sent(view, "/submission_key");
    if (parse_uuid(kept, &key))
        return json_string(kept);
    clock_random(service_of(view->request)->clock, key.bytes, sizeof key.bytes);
    key.bytes[6] = (unsigned char)((key.bytes[6] & 0x0f) | 0x40); /* RFC 9562 §5.4 */
    key.bytes[8] = (unsigned char)((key.bytes[8] & 0x3f) | 0x80);
    format_uuid(&key, text);
    return json_string(text);
}

static bool form_add(const struct view *view, json_t *page)
{
    static const char *const kinds[] = {"individual", "organisation", NULL};
    static const char *const publications[] = {"none", "without-name", "with-name", NULL};
    json_t *more = json_pack(
        "{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:O*}, s:{s:O*}, s:o}",
        "submission_key", key_of(view), "action",
        consultation_address(view->request, view->consultation, "/submissions"), "directions",
        directions_of(view), "has_views", view->consultation->question_count > 0, "views",
        views_of(view), "kind", words_choice(view, "/kind", "answer.kind-", kinds, "individual"),
        "organisation", field_of(view, "/organisation"), "sector", sector_of(view), "publication",
        words_choice(view, "/publication", "answer.publication-", publications, ""), "identity",
        identity_of(view), "value", "error", form_fault(view->faults, "/identity/value"),
        "priorities", "error", form_fault(view->faults, "/priorities"), "limits",
        limits_of(&view->consultation->limits));
    bool ok = more && json_object_update(page, more) == 0;
    json_decref(more);
    return ok;
}

struct document *answer_document(const struct request *request,
                                 const struct consultation *consultation,
                                 const struct answer_page *page)
{
    struct document *document =
        consultation_document(request, consultation, page->status, "answer", false);
    if (!document)
        return NULL;
    const struct pages *pages = service_of(request)->pages;
    struct view view = {.request = request, .consultation = consultation, .form = page->form};
    if (page->faults && page->faults->count)
        view.faults = form_faults(pages, request->language, page->faults);
    bool ok = form_add(&view, document->page);
    if (ok && view.faults)
        ok = json_object_set(document->page, "faults", view.faults) == 0;
    if (ok && page->problem != PROBLEM_NONE)
        ok = json_object_set_new(document->page, "problem", problem_of(&view, page->problem)) == 0;
    json_decref(view.faults);
    char action[CONSULTATION_ADDRESS];
    snprintf(action, sizeof action, "/consultations/%s/answer", consultation->slug);
    /* While there is a form, another language is a button of it, so that nothing typed is lost. */
    bool open =
        consultation_window(consultation, clock_utc_us(service_of(request)->clock)) == WINDOW_OPEN;
    const struct frame frame = {
        .title_key = "answer.title",
        .form = open ? "answer" : NULL,
        .action = action,
        .unlisted = true,
        .faulty = page->faults || page->problem != PROBLEM_NONE,
    };
    if (ok && consultation_frame(request, consultation, document, frame, "/answer"))
        return document;
    document_free(document);
    return NULL;
}
