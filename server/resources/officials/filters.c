/* Filters of officials' lists of submissions; see filters.h. */
#include "resources/officials/filters.h"

#include "base/parse.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/reading.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { VALUES_MOST = 8 };
static const int64_t day_us = INT64_C(86400000000), hong_kong_us = INT64_C(28800000000);

static const char *const label_keys[FILTER_FIELDS] = {
    [FILTER_MEASURE] = "tally.measure",
    [FILTER_STANCE] = "reading.stance",
    [FILTER_KIND] = "reconciliation.kind",
    [FILTER_STATE] = "reconciliation.state",
    [FILTER_LANGUAGE] = "dashboard.language",
    [FILTER_FROM] = "reading.from",
    [FILTER_TO] = "reading.to",
    [FILTER_MODERATION] = "reading.moderation",
    [FILTER_TEXT] = "reading.text",
};
/* What a list offers; a measure's stand in the consultation. */
static const char *const values[FILTER_FIELDS][VALUES_MOST] = {
    [FILTER_STANCE] = {"5", "4", "3", "2", "1", "0"},
    [FILTER_KIND] = {"individual", "organisation"},
    [FILTER_STATE] = {"counted", "held", "superseded", "withdrawn", "set-aside"},
    [FILTER_LANGUAGE] = {"zh-Hant", "zh-Hans", "en"},
    [FILTER_MODERATION] = {"waiting", "passed", "edited", "refused"},
};
static const enum filter_field selects[] = {FILTER_MEASURE, FILTER_STANCE, FILTER_MODERATION,
                                            FILTER_STATE,   FILTER_KIND,   FILTER_LANGUAGE};
static const enum filter_field days[] = {FILTER_FROM, FILTER_TO};
/* What is set of these says something of what respondents said. */
static const unsigned said =
    1u << FILTER_MEASURE | 1u << FILTER_STANCE | 1u << FILTER_MODERATION | 1u << FILTER_TEXT;

static const char *query_value(void *context, const char *name)
{
    return request_query(context, name);
}

bool filters_read(const struct request *request, const struct consultation *consultation,
                  struct list_wanted *out, struct faults *faults)
{
    return list_wanted_read(consultation, query_value, (void *)(uintptr_t)request, out, faults);
}

/* RFC 3986 §2.1. */
static void escaped(struct buf *out, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (strchr(plain, *p))
            buf_byte(out, (char)*p);
        else
            buf_format(out, "%%%02X", *p);
}

static void parameter(struct buf *out, const char *name, const char *value)
{
    buf_format(out, "%c%s=", out->length ? '&' : '?', name);
    escaped(out, value);
}

json_t *filters_query(const struct submission_filter *filter, enum filter_field without,
                      const char *name, const char *number)
{
    char scratch[FILTER_TEXT_BYTES + 1];
    struct buf out = {0};
    for (int field = 0; field < FILTER_FIELDS; field++) {
        const char *value = submission_filter_value(filter, (enum filter_field)field, scratch);
        if (value && field != (int)without)
            parameter(&out, submission_filter_name((enum filter_field)field), value);
    }
    if (name)
        parameter(&out, name, number);
    json_t *query = buf_ok(&out) ? json_stringn(out.data ? out.data : "", out.length) : NULL;
    buf_clear(&out);
    return query;
}

static json_t *measure_label(const struct request *request, const struct consultation *consultation,
                             const char *code)
{
    const struct measure *measure = consultation_measure(consultation, code);
    return json_sprintf("%s %s", code, measure ? measure->text.body[request->language] : "");
}

static json_t *day_label(const struct request *request, const char *value)
{
    int32_t day = 0;
    parse_date(value, &day);
    return wording_moment(service_of(request)->pages, request->language, MOMENT_DAY,
                          day * day_us - hong_kong_us);
}

/* A value in words. */
static json_t *value_label(const struct request *request, const struct consultation *consultation,
                           enum filter_field field, const char *value)
{
    switch (field) {
    case FILTER_MEASURE:
        return measure_label(request, consultation, value);
    case FILTER_STANCE:
        return json_string(consultation->stance_labels[value[0] - '0'].body[request->language]);
    case FILTER_KIND:
        return reading_words(request, "kind.", value);
    case FILTER_STATE:
        return reading_words(request, "reconciliation.", value);
    case FILTER_LANGUAGE:
        return reading_words(request, "language.", value);
    case FILTER_MODERATION:
        return reading_words(request, "moderation.", value);
    case FILTER_FROM:
    case FILTER_TO:
        return day_label(request, value);
    case FILTER_TEXT:
    case FILTER_FIELDS:
        break;
    }
    return json_string(value);
}

static const char *typed(const struct request *request, enum filter_field field)
{
    const char *value = request_query(request, submission_filter_name(field));
    return value ? value : "";
}

/* What is wrong with a parameter, in words that fit it. */
static json_t *message_of(const struct request *request, const char *name)
{
    const char *key = "problem.unknown-value.detail";
    if (strcmp(name, submission_filter_name(FILTER_TEXT)) == 0)
        key = "reading.fault-text";
    else if (strcmp(name, submission_filter_name(FILTER_FROM)) == 0 ||
             strcmp(name, submission_filter_name(FILTER_TO)) == 0)
        key = "problem.date-invalid.detail";
    else if (strcmp(name, "before") == 0 || strcmp(name, "after") == 0)
        key = "reading.fault-place";
    return reading_words(request, key, "");
}

static json_t *error_of(const struct request *request, const struct faults *faults,
                        enum filter_field field)
{
    const char *name = submission_filter_name(field);
    for (size_t i = 0; i < faults->count; i++)
        if (strcmp(faults->list[i].pointer + 1, name) == 0)
            return message_of(request, name);
    return json_null();
}

/* "Measure: ", or "" where the message names what it is about. */
static json_t *where_of(const struct request *request, const char *name)
{
    int field = 0;
    while (field < FILTER_FIELDS &&
           strcmp(name, submission_filter_name((enum filter_field)field)) != 0)
        field++;
    if (field == FILTER_FIELDS)
        return json_string("");
    json_t *label = reading_words(request, label_keys[field], "");
    json_t *colon = reading_words(request, "answer.colon", "");
    json_t *where = json_sprintf("%s%s", json_string_value(label), json_string_value(colon));
    json_decref(label);
    json_decref(colon);
    return where;
}

json_t *filters_faults(const struct request *request, const struct faults *faults)
{
    json_t *list = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const char *name = faults->list[i].pointer + 1;
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "href", json_sprintf("#%s", name),
                                              "where", where_of(request, name), "message",
                                              message_of(request, name)));
    }
    return json_pack("{s:o}", "list", list);
}

static json_t *option(const char *value, json_t *name, const char *chosen)
{
    return json_pack("{s:s, s:o, s:b}", "value", value, "name", name, "chosen",
                     strcmp(value, chosen) == 0);
}

/* All of a direction's measures under its title. */
static void measure_groups(const struct request *request, const struct consultation *consultation,
                           const char *chosen, json_t *groups)
{
    for (size_t d = 0; d < consultation->direction_count; d++) {
        const struct direction *direction = &consultation->directions[d];
        json_t *options = json_array();
        for (size_t m = 0; m < direction->measures; m++) {
            const char *code = consultation->measures[direction->first_measure + m].code;
            json_array_append_new(options,
                                  option(code, measure_label(request, consultation, code), chosen));
        }
        json_array_append_new(groups,
                              json_pack("{s:o, s:o}", "group",
                                        json_sprintf("%s %s", direction->code,
                                                     direction->title.body[request->language]),
                                        "options", options));
    }
}

static json_t *select_view(const struct request *request, const struct consultation *consultation,
                           const struct faults *faults, enum filter_field field)
{
    const char *chosen = typed(request, field);
    json_t *options = json_array(), *groups = json_array();
    json_array_append_new(options, option("", reading_words(request, "reading.any", ""), chosen));
    for (size_t v = 0; v < VALUES_MOST && values[field][v]; v++)
        json_array_append_new(
            options, option(values[field][v],
                            value_label(request, consultation, field, values[field][v]), chosen));
    json_array_append_new(groups, json_pack("{s:n, s:o}", "group", "options", options));
    if (field == FILTER_MEASURE)
        measure_groups(request, consultation, chosen, groups);
    return json_pack("{s:s, s:o, s:o, s:o}", "id", submission_filter_name(field), "label",
                     reading_words(request, label_keys[field], ""), "error",
                     error_of(request, faults, field), "groups", groups);
}

json_t *filters_form(const struct request *request, const struct consultation *consultation,
                     const struct faults *faults)
{
    json_t *lists = json_array(), *dates = json_array(), *error = NULL;
    bool open = false;
    for (size_t i = 0; i < sizeof selects / sizeof selects[0]; i++) {
        json_t *view = select_view(request, consultation, faults, selects[i]);
        open = open || json_is_string(json_object_get(view, "error"));
        json_array_append_new(lists, view);
    }
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        error = error_of(request, faults, days[i]);
        open = open || json_is_string(error);
        json_array_append_new(dates, json_pack("{s:s, s:o, s:s, s:o}", "id",
                                               submission_filter_name(days[i]), "label",
                                               reading_words(request, label_keys[days[i]], ""),
                                               "value", typed(request, days[i]), "error", error));
    }
    return json_pack("{s:{s:s, s:o}, s:o, s:o, s:b}", "text", "value", typed(request, FILTER_TEXT),
                     "error", error_of(request, faults, FILTER_TEXT), "selects", lists, "days",
                     dates, "open", open);
}

json_t *filters_words(const struct request *request, const struct consultation *consultation,
                      const struct submission_filter *filter, const char *action)
{
    char scratch[FILTER_TEXT_BYTES + 1];
    json_t *list = json_array();
    for (int i = 0; i < FILTER_FIELDS; i++) {
        enum filter_field field = (enum filter_field)i;
        const char *value = submission_filter_value(filter, field, scratch);
        if (!value)
            continue;
        json_t *query = filters_query(filter, field, NULL, NULL);
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o}", "name", reading_words(request, label_keys[field], ""),
                      "value", value_label(request, consultation, field, value), "href",
                      json_sprintf("%s%s", action, query ? json_string_value(query) : "")));
        json_decref(query);
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

json_t *filters_record(const struct submission_filter *filter)
{
    char scratch[FILTER_TEXT_BYTES + 1];
    json_t *plain = json_object(), *named = json_array();
    for (int i = 0; i < FILTER_FIELDS; i++) {
        const char *name = submission_filter_name((enum filter_field)i);
        const char *value = submission_filter_value(filter, (enum filter_field)i, scratch);
        if (value && said & 1u << i)
            json_array_append_new(named, json_string(name));
        else if (value)
            json_object_set_new(plain, name, json_string(value));
    }
    json_t *record = json_object();
    if (json_object_size(plain))
        json_object_set(record, "filters", plain);
    if (json_array_size(named))
        json_object_set(record, "filtered_by", named);
    json_decref(plain);
    json_decref(named);
    return record;
}
