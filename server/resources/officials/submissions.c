/* Officials' list of submissions: newest first, by filters in its address, which are a form and
 * words as well. */
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/export_view.h"
#include "resources/officials/filters.h"
#include "resources/officials/reading.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { TRIES = 3 };

/* One reading of the list. */
struct reading {
    struct list_wanted wanted;
    struct faults faults;
    json_t *model; /* owned; NULL: there were faults */
};

/* False: a problem is set. */
static bool reading_run(struct request *request, const struct consultation *consultation,
                        struct reading *reading)
{
    if (!filters_read(request, consultation, &reading->wanted, &reading->faults))
        return true;
    enum db_status status = DB_AGAIN;
    for (int tries = 0; status == DB_AGAIN && tries < TRIES; tries++)
        status = list_read(request->answers, consultation, &reading->wanted, &reading->model);
    if (status != DB_REFUSED)
        return desk_judge(request, status);
    faults_add(&reading->faults, PROBLEM_UNKNOWN_VALUE, 0, "/%s",
               reading->wanted.way == LIST_AFTER ? "after" : "before");
    return true;
}

/* Which submissions were shown, and by which filters. */
static bool reading_record(struct request *request, const struct consultation *consultation,
                           const struct reading *reading)
{
    json_t *detail = filters_record(&reading->wanted.filter), *numbers = json_array(), *item;
    size_t i;
    json_array_foreach(json_object_get(reading->model, "submissions"), i, item)
        json_array_append(numbers, json_object_get(item, "number"));
    json_object_set_new(detail, "numbers", numbers);
    return desk_record(request, "submissions-listed", consultation->id, detail);
}

/* How many measures were answered, and how: {answers, support, neutral, oppose, none, remarks}. */
static json_t *counts_view(const struct request *request, const json_t *item)
{
    int counts[STANCES] = {0}, answers = 0;
    const json_t *remarks = json_object_get(item, "remarks");
    json_t *stance;
    const char *code;
    json_object_foreach(json_object_get(item, "answers"), code, stance)
    {
        counts[json_integer_value(stance)]++;
        answers++;
    }
    json_t *context =
        json_pack("{s:i, s:i, s:i, s:i, s:i, s:I}", "answers", answers, "support",
                  counts[4] + counts[5], "neutral", counts[3], "oppose", counts[1] + counts[2],
                  "none", counts[STANCE_NO_OPINION], "remarks", json_integer_value(remarks));
    json_t *view = wording_string(service_of(request)->pages, request->language,
                                  remarks ? "reading.counts-remarks" : "reading.counts", context);
    json_decref(context);
    return view;
}

/* What was said on the measure that is asked for, or null. */
static json_t *stance_view(const struct request *request, const struct consultation *consultation,
                           const struct list_wanted *wanted, const json_t *item)
{
    const json_t *stance =
        json_object_get(json_object_get(item, "answers"), wanted->filter.measure);
    if (!wanted->measure || !stance)
        return json_null();
    const struct text *label = &consultation->stance_labels[json_integer_value(stance)];
    return json_pack("{s:s, s:s}", "code", wanted->filter.measure, "label",
                     label->body[request->language]);
}

static json_t *marked_view(const json_t *hit)
{
    struct search_span spans[WORD_SPANS_MOST];
    const json_t *marks = json_object_get(hit, "marks");
    size_t count = 0;
    for (; count < json_array_size(marks) && count < WORD_SPANS_MOST; count++) {
        const json_t *mark = json_array_get(marks, count);
        spans[count] =
            (struct search_span){.from = (size_t)json_integer_value(json_array_get(mark, 0)),
                                 .length = (size_t)json_integer_value(json_array_get(mark, 1))};
    }
    const char *text = json_string_value(json_object_get(hit, "text"));
    return markup_marked(text ? text : "", spans, count);
}

static json_t *hits_view(const struct request *request, const struct consultation *consultation,
                         const json_t *item)
{
    json_t *list = json_array(), *hit;
    size_t i;
    json_array_foreach(json_object_get(item, "hits"), i, hit)
    {
        const char *moderation = json_string_value(json_object_get(hit, "moderation"));
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "subject",
                                        reading_subject(request, consultation, hit), "moderation",
                                        reading_moderation(request, moderation ? moderation : ""),
                                        "text", marked_view(hit)));
    }
    return list;
}

static json_t *items_view(const struct request *request, const struct consultation *consultation,
                          const struct reading *reading)
{
    json_t *list = json_array(), *item;
    json_t *query = filters_query(&reading->wanted.filter, FILTER_FIELDS, NULL, NULL);
    size_t i;
    json_array_foreach(json_object_get(reading->model, "submissions"), i, item)
    {
        json_t *view = reading_facts(request, item);
        json_t *address = json_sprintf("/%s%s", json_string_value(json_object_get(item, "number")),
                                       json_string_value(query));
        json_object_set_new(view, "href",
                            reading_address(request, consultation, json_string_value(address)));
        json_object_set_new(view, "counts", counts_view(request, item));
        json_object_set_new(view, "stance",
                            stance_view(request, consultation, &reading->wanted, item));
        json_object_set_new(view, "hits", hits_view(request, consultation, item));
        json_array_append_new(list, view);
        json_decref(address);
    }
    json_decref(query);
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

/* Address of the page that lies before or after a submission, or null. */
static json_t *way_address(const struct request *request, const struct consultation *consultation,
                           const struct reading *reading, const char *way, const json_t *number)
{
    if (!json_is_string(number))
        return json_null();
    json_t *query =
        filters_query(&reading->wanted.filter, FILTER_FIELDS, way, json_string_value(number));
    json_t *address = reading_address(request, consultation, json_string_value(query));
    json_decref(query);
    return address;
}

/* Up to where all was looked through, and where that goes on: {number, href}, or null. */
static json_t *unfinished_view(const struct request *request,
                               const struct consultation *consultation,
                               const struct reading *reading)
{
    bool newer = reading->wanted.way == LIST_AFTER;
    const json_t *number = json_object_get(reading->model, newer ? "newer" : "older");
    if (!json_is_true(json_object_get(reading->model, "unfinished")) || !json_is_string(number))
        return json_null();
    return json_pack(
        "{s:s, s:o}", "number", json_string_value(number), "href",
        way_address(request, consultation, reading, newer ? "after" : "before", number));
}

/* {newer, older}: the pages on both sides, or null; null where there is neither. */
static json_t *ways_view(const struct request *request, const struct consultation *consultation,
                         const struct reading *reading)
{
    const json_t *newer = json_object_get(reading->model, "newer");
    const json_t *older = json_object_get(reading->model, "older");
    if (!json_is_string(newer) && !json_is_string(older))
        return json_null();
    return json_pack("{s:o, s:o}", "newer",
                     way_address(request, consultation, reading, "after", newer), "older",
                     way_address(request, consultation, reading, "before", older));
}

/* A fault of where a page begins has no field to lead to, so it leads to where all pages begin. */
static json_t *start_view(const struct reading *reading)
{
    for (size_t i = 0; i < reading->faults.count; i++) {
        const char *name = reading->faults.list[i].pointer + 1;
        if (strcmp(name, "before") == 0 || strcmp(name, "after") == 0)
            return json_pack("{s:s}", "id", name);
    }
    return json_null();
}

static json_t *page_view(const struct request *request, const struct consultation *consultation,
                         const struct reading *reading)
{
    const json_t *model = reading->model;
    const struct submission_filter *filter = &reading->wanted.filter;
    json_t *action = reading_address(request, consultation, "");
    json_t *query = filters_query(filter, FILTER_FIELDS, NULL, NULL);
    json_t *page = json_pack(
        "{s:O, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:b, s:o}", "action", action, "form",
        filters_form(request, consultation, &reading->faults), "filters",
        model ? filters_words(request, consultation, filter, json_string_value(action))
              : json_null(),
        "first", reading_address(request, consultation, json_string_value(query)), "start",
        start_view(reading), "submissions", items_view(request, consultation, reading), "ways",
        ways_view(request, consultation, reading), "faulty", !model, "unfinished",
        unfinished_view(request, consultation, reading), "elsewhere",
        reading->wanted.way != LIST_FIRST, "exports",
        export_address(request, consultation, "exports", filter));
    json_decref(query);
    json_decref(action);
    return page;
}

static struct document *list_document(struct request *request,
                                      const struct consultation *consultation,
                                      const struct reading *reading)
{
    const char *way = reading->wanted.way == LIST_AFTER ? "after" : "before";
    bool here = reading->model && reading->wanted.way != LIST_FIRST;
    json_t *query = filters_query(&reading->wanted.filter, FILTER_FIELDS, here ? way : NULL,
                                  reading->wanted.from);
    json_t *rest = json_sprintf("/consultations/%s/submissions%s", consultation->slug,
                                json_string_value(query));
    struct document *document =
        desk_document(request, &(struct desk_page){
                                   .status = reading->model ? 200 : 422,
                                   .template = "official_submissions",
                                   .title_key = "reading.title",
                                   .rest = json_string_value(rest),
                                   .faults = &reading->faults,
                                   .page = page_view(request, consultation, reading),
                               });
    if (document && reading->faults.count)
        json_object_set_new(document->page, "faults", filters_faults(request, &reading->faults));
    json_decref(rest);
    json_decref(query);
    return document;
}

enum handled official_submissions_page(struct request *request)
{
    struct reading reading = {0};
    struct consultation *consultation =
        catalogue_find(service_of(request)->catalogue, request_part(request, "slug"));
    if (!consultation)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    else if (reading_run(request, consultation, &reading) &&
             (!reading.model || reading_record(request, consultation, &reading)))
        reply_document(request, list_document(request, consultation, &reading));
    json_decref(reading.model);
    consultation_release(consultation);
    return HANDLED;
}
