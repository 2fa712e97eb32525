/* The page of an entry, and its receipt. static/pages/official_entry.mustache and
 * official_receipt.mustache tell the fields. */
#include "represent/form.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/journey_view.h"
#include "resources/officials/desk.h"
#include "resources/officials/entry.h"
#include "resources/receipt_view.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 80 };

void entry_address(const struct consultation *consultation, const char *tail,
                   char rest[ENTRY_ADDRESS])
{
    snprintf(rest, ENTRY_ADDRESS, "/consultations/%s%s", consultation->slug, tail);
}

static json_t *address_of(const struct request *request, const struct consultation *consultation,
                          const char *tail)
{
    char rest[ENTRY_ADDRESS];
    entry_address(consultation, tail, rest);
    return desk_address(request, rest);
}

json_t *entry_consultation(const struct request *request, const struct consultation *consultation)
{
    json_t *view = consultation_view(request, consultation, false);
    json_object_del(view, "tally");
    return view;
}

/* {error, options: [{value, label, checked, first}]} of words that the strings `prefix` name. */
static json_t *choice_view(const struct journey_view *view, const char *pointer, const char *prefix,
                           const char *const *values, const char *chosen)
{
    json_t *options = json_array();
    for (; *values; values++) {
        char key[KEY];
        snprintf(key, sizeof key, "%s%s", prefix, *values);
        json_array_append_new(options, json_pack("{s:s, s:o, s:b, s:b}", "value", *values, "label",
                                                 journey_word(view, key, NULL), "checked",
                                                 strcmp(*values, chosen) == 0, "first",
                                                 !json_array_size(options)));
    }
    return json_pack("{s:O*, s:o}", "error", form_fault(view->faults, pointer), "options", options);
}

static json_t *channels_view(const struct journey_view *view, const struct entry_form *form)
{
    const char *names[CHANNEL_TELEPHONE - CHANNEL_PAPER + 2] = {NULL};
    for (int channel = CHANNEL_PAPER; channel <= CHANNEL_TELEPHONE; channel++)
        names[channel - CHANNEL_PAPER] = channel_name(channel);
    return choice_view(view, "/channel", "dashboard.", names, form->channel_text);
}

static json_t *languages_view(const struct journey_view *view, const struct entry_form *form)
{
    const char *tags[LANGUAGES + 1] = {NULL};
    for (int language = 0; language < LANGUAGES; language++)
        tags[language] = language_tag((enum language)language);
    return choice_view(view, "/language", "language.", tags, form->language_text);
}

/* Nothing given is a choice too: for paper. */
static json_t *identity_view(const struct journey_view *view, const struct entry_form *form)
{
    const char *names[IDENTITY_KINDS + 1] = {NULL};
    size_t count = 0;
    for (int kind = IDENTITY_NONE + 1; kind < IDENTITY_OPENID; kind++)
        if (view->journey->consultation->identity_kinds >> kind & 1)
            names[count++] = identity_kind_name((enum identity_kind)kind);
    json_t *choice =
        choice_view(view, "/identity/kind", "answer.identity-", names, form->identity_kind);
    json_t *whole = form_fault(view->faults, "/identity");
    if (whole)
        json_object_set(choice, "error", whole);
    json_object_set_new(choice, "none", json_boolean(!*form->identity_kind));
    json_object_set_new(choice, "value",
                        json_pack("{s:O*}", "error", form_fault(view->faults, "/identity/value")));
    return choice;
}

/* {value, selected} of each wording there has been, where there was more than one: what was read on
 * paper may be an older one. */
static json_t *versions_view(const struct journey_view *view, const struct measure *measure)
{
    char name[FAULT_POINTER], number[FORM_NUMBER];
    if (measure->text.version < 2)
        return NULL;
    snprintf(name, sizeof name, "/answers/%s/version", measure->code);
    const char *shown = form_shown(view->journey->state.answers, name, number);
    json_t *list = json_array();
    for (int version = measure->text.version; version > 0; version--) {
        char text[FORM_NUMBER];
        snprintf(text, sizeof text, "%d", version);
        json_array_append_new(
            list, json_pack("{s:s, s:b}", "value", text, "selected", strcmp(shown, text) == 0));
    }
    return json_pack("{s:o}", "list", list);
}

static bool box_ticked(const struct journey_view *view, const char *format, const char *code)
{
    char name[FAULT_POINTER];
    snprintf(name, sizeof name, "/%.*s%s%s", (int)strcspn(format, "{"), format, code,
             strchr(format, '}') + 1);
    return journey_ticked(view, name);
}

static json_t *measure_view(const struct journey_view *view, const struct measure *measure)
{
    json_t *fields = measure_fields(view, measure);
    json_t *more = json_pack("{s:s, s:s, s:i, s:o*, s:b, s:b}", "code", measure->code, "text",
                             journey_text(view, &measure->text), "version", measure->text.version,
                             "versions", versions_view(view, measure), "priority",
                             box_ticked(view, "priorities/{}", measure->code), "withhold",
                             box_ticked(view, "answers/{}/withhold", measure->code));
    json_object_update(fields, more);
    json_decref(more);
    return fields;
}

/* Each measure in one row, each direction a part. */
static json_t *directions_view(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    json_t *directions = json_array();
    for (size_t d = 0; d < consultation->direction_count; d++) {
        const struct direction *direction = &consultation->directions[d];
        json_t *measures = json_array();
        for (size_t i = 0; i < direction->measures; i++)
            json_array_append_new(
                measures,
                measure_view(view, &consultation->measures[direction->first_measure + i]));
        json_array_append_new(directions, json_pack("{s:s, s:s, s:o}", "code", direction->code,
                                                    "title", journey_text(view, &direction->title),
                                                    "measures", measures));
    }
    return directions;
}

static void questions_withhold(const struct journey_view *view)
{
    json_t *list = json_object_get(view->page, "views"), *question;
    size_t i;
    json_array_foreach(list, i, question)
    {
        const char *code = json_string_value(json_object_get(question, "code"));
        json_object_set_new(question, "withhold",
                            json_boolean(box_ticked(view, "views/{}/withhold", code)));
    }
}

/* {title, detail, new_key}: what befell the form as a whole. A key that was used before is either
 * another form's, mistyped or copied, or this page's, sent again with something else in it. */
static json_t *problem_view(const struct journey_view *view, const struct entry_form *form)
{
    enum problem_code problem = view->journey->problem;
    char title[KEY], detail[KEY], new_key[UUID_TEXT + 1] = "";
    bool reused = problem == PROBLEM_KEY_REUSED;
    if (problem == PROBLEM_NONE)
        return NULL;
    snprintf(title, sizeof title, "problem.%s.title", problem_slug(problem));
    snprintf(detail, sizeof detail, "problem.%s.detail", problem_slug(problem));
    if (reused && !form->is_printed)
        format_uuid(&view->journey->state.key, new_key);
    const char *said = !reused ? detail : form->is_printed ? "entry.key-used" : "entry.sent-before";
    json_t *out = json_pack("{s:o, s:o, s:b}", "title", journey_word(view, title, NULL), "detail",
                            journey_word(view, said, NULL), "key_used", reused && form->is_printed);
    if (*new_key)
        json_object_set_new(out, "new_key", json_string(new_key));
    return out;
}

/* Whether anything can be entered now, and until when; only for showing. */
static json_t *time_view(const struct journey_view *view)
{
    const struct consultation *consultation = view->journey->consultation;
    const struct service *service = service_of(view->journey->request);
    int64_t now_us = clock_utc_us(service->clock);
    return json_pack("{s:o, s:b, s:b}", "until",
                     wording_moment(service->pages, view->journey->request->language, MOMENT_END,
                                    consultation->entry_us),
                     "early", now_us < consultation->opens_us, "over",
                     now_us >= consultation->entry_us);
}

static json_t *entry_fields(const struct journey_view *view, const struct entry_form *form)
{
    const struct request *request = view->journey->request;
    const struct consultation *consultation = view->journey->consultation;
    char made_key[UUID_TEXT + 1];
    format_uuid(&form->made_key, made_key);
    return json_pack(
        "{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:{s:s, s:s, s:s, s:O*}, s:o, s:o*, s:o}",
        "action", address_of(request, consultation, "/entries"), "list",
        address_of(request, consultation, "/entries"), "paper_form",
        address_of(request, consultation, "/paper-form"), "made_key", made_key, "channel",
        channels_view(view, form), "language", languages_view(view, form), "key",
        form_field(view->faults, "/submission_key", form->key_text), "without_key",
        form->without_key, "received_on", "day", form->day, "month", form->month, "year",
        form->year, "error", form_fault(view->faults, "/received_on"), "identity",
        identity_view(view, form), "problem", problem_view(view, form), "time", time_view(view));
}

static json_t *limits_view(const struct limits *limits)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "organisation", wording_count(limits->name_points),
                     "question", wording_count(limits->question_points), "remark",
                     wording_count(limits->remark_points), "priorities",
                     wording_count(limits->priorities));
}

static bool page_fill(const struct journey_view *view, const struct entry_form *form)
{
    const struct consultation *consultation = view->journey->consultation;
    bool ok = view_about(view) && view_views(view);
    questions_withhold(view);
    return ok && page_add(view, json_pack("{s:o, s:o, s:o, s:o, s:{s:O*}}", "consultation",
                                          entry_consultation(view->journey->request, consultation),
                                          "entry", entry_fields(view, form), "directions",
                                          directions_view(view), "limits",
                                          limits_view(&consultation->limits), "priorities", "error",
                                          form_fault(view->faults, "/priorities")));
}

struct document *entry_form_document(struct entry_form *form, int status)
{
    const struct journey *journey = &form->journey;
    struct request *request = journey->request;
    struct journey_view view = {.journey = journey, .page = json_object()};
    char rest[ENTRY_ADDRESS];
    entry_address(journey->consultation, "/entries/new", rest);
    if (journey->faults.count)
        view.faults = form_faults(service_of(request)->pages, request->language, &journey->faults);
    bool ok = page_fill(&view, form);
    json_decref(view.faults);
    if (!ok) {
        json_decref(view.page);
        return NULL;
    }
    return desk_document(request, &(struct desk_page){.status = status,
                                                      .template = "official_entry",
                                                      .title_key = "entry.title",
                                                      .rest = status == 200 ? rest : NULL,
                                                      .faults = &journey->faults,
                                                      .page = view.page});
}

/* The next one of the same pile has the same channel, day and language. */
static json_t *next_address(const struct request *request, const struct submission *submission)
{
    char tail[ENTRY_ADDRESS], date[11];
    format_date(submission->assisted.received_day, date);
    snprintf(tail, sizeof tail, "/entries/new?channel=%s&received_on=%s&language=%s",
             channel_name(submission->channel), date, language_tag(submission->language));
    return address_of(request, submission->consultation, tail);
}

/* Of one that was entered before, what was typed now is not what was recorded then. */
static bool receipt_fill(const struct request *request, const struct sending *sending, json_t *page)
{
    const struct submission *submission = &sending->submission;
    const struct pages *pages = service_of(request)->pages;
    char key[KEY];
    snprintf(key, sizeof key, "dashboard.%s", channel_name(submission->channel));
    json_object_set_new(page, "replayed", json_boolean(sending->entry.replayed));
    json_object_set_new(page, "consultation", entry_consultation(request, sending->consultation));
    json_object_set_new(page, "address",
                        json_sprintf("%s/%s/receipts/%s", service_of(request)->base_url,
                                     language_tag(request->language),
                                     sending->entry.receipt.number));
    if (!sending->entry.replayed)
        json_object_set_new(
            page, "came",
            json_pack("{s:o, s:o}", "channel", wording_string(pages, request->language, key, NULL),
                      "received_on",
                      wording_moment(pages, request->language, MOMENT_DAY,
                                     submission->assisted.received_day * INT64_C(86400000000))));
    return receipt_holder_fields(request, &sending->entry.receipt, submission, page);
}

struct document *entry_receipt_document(struct request *request, const struct sending *sending)
{
    json_t *page = json_object();
    json_object_set_new(page, "next", next_address(request, &sending->submission));
    json_object_set_new(page, "list", address_of(request, sending->consultation, "/entries"));
    request->language = sending->submission.language;
    if (receipt_fill(request, sending, page))
        return desk_document(request, &(struct desk_page){.status = 201,
                                                          .template = "official_receipt",
                                                          .title_key = "receipt.done",
                                                          .page = page});
    json_decref(page);
    return NULL;
}
