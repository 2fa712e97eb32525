/* Exports as their pages show them; see export_view.h. */
#include "resources/officials/export_view.h"

#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/filters.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { REST = 192, ID_TEXT = 32 };

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

json_t *export_address(const struct request *request, const struct consultation *consultation,
                       const char *tail, const struct submission_filter *filter)
{
    char rest[REST];
    snprintf(rest, sizeof rest, "/consultations/%s/%s", consultation->slug, tail);
    json_t *query = filters_query(filter, FILTER_FIELDS, NULL, NULL);
    json_t *path = desk_address(request, rest);
    json_t *whole =
        json_sprintf("%s%s", json_string_value(path), query ? json_string_value(query) : "");
    json_decref(query);
    json_decref(path);
    return whole;
}

static const struct {
    const char *label, *hint;
} what_keys[EXPORT_WHATS] = {[EXPORT_SUBMISSIONS] = {"export.submissions",
                                                     "export.submissions-hint"},
                             [EXPORT_TALLIES] = {"export.tallies", "export.tallies-hint"},
                             [EXPORT_CODEBOOK] = {"export.codebook", "export.codebook-hint"}},
  format_keys[EXPORT_FORMATS] = {[EXPORT_CSV] = {"export.csv", "export.csv-hint"},
                                 [EXPORT_NDJSON] = {"export.ndjson", "export.ndjson-hint"},
                                 [EXPORT_XLSX] = {"export.xlsx", "export.xlsx-hint"}};

static const struct {
    const char *key, *tag;
} states[] = {
    [EXPORT_WAITS] = {"export.waits", "grey"},     [EXPORT_RUNS] = {"export.runs", "blue"},
    [EXPORT_READY] = {"export.ready", "green"},    [EXPORT_DONE] = {"export.done", "green"},
    [EXPORT_EXPIRED] = {"export.expired", "grey"}, [EXPORT_FAILED] = {"export.failed", "red"},
};

static const char *why_key(enum export_result result)
{
    switch (result) {
    case EXPORT_SPOOL:
        return "export.why-spool";
    case EXPORT_REFUSED:
        return "export.why-left";
    case EXPORT_CANCELLED:
        return "export.why-ended";
    case EXPORT_BARRED:
        return "export.why-barred";
    case EXPORT_OK:
    case EXPORT_UNKNOWN_CONSULTATION:
    case EXPORT_UNKNOWN_MEASURE:
    case EXPORT_WORDS:
    case EXPORT_UNFILTERED:
    case EXPORT_DATABASE:
    case EXPORT_MEMORY:
        break;
    }
    return "export.why-database";
}

/* The first has the name for an id: to it a fault leads. */
static json_t *option(const struct request *request, const char *name, const char *value,
                      bool first, const char *label, const char *hint, const char *chosen)
{
    char id[ID_TEXT];
    snprintf(id, sizeof id, "%s%s%s", name, first ? "" : "-", first ? "" : value);
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "id", id, "name", name, "value", value,
                     "label", words(request, label), "hint", words(request, hint), "chosen",
                     chosen && strcmp(chosen, value) == 0);
}

json_t *export_whats_view(const struct request *request, const char *chosen)
{
    json_t *list = json_array();
    for (int what = 0; what < EXPORT_WHATS; what++)
        json_array_append_new(list, option(request, "what",
                                           export_what_name((enum export_what)what), what == 0,
                                           what_keys[what].label, what_keys[what].hint, chosen));
    return list;
}

json_t *export_formats_view(const struct request *request, const char *chosen)
{
    json_t *list = json_array();
    for (int format = 0; format < EXPORT_FORMATS; format++)
        json_array_append_new(
            list, option(request, "format", export_format_name((enum export_format)format),
                         format == 0, format_keys[format].label, format_keys[format].hint, chosen));
    return list;
}

static json_t *address(const struct request *request, const struct export_view *export,
                       const char *rest)
{
    char whole[REST];
    snprintf(whole, sizeof whole, "/consultations/%s/exports/%s%s", export->order.slug, export->id,
             rest);
    return desk_address(request, whole);
}

static json_t *size_view(int64_t bytes)
{
    static const double kilo = 1e3, mega = 1e6;
    return (double)bytes < mega ? json_sprintf("%.1f kB", (double)bytes / kilo)
                                : json_sprintf("%.1f MB", (double)bytes / mega);
}

static json_t *whole_view(const struct request *request, const struct export_view *export)
{
    return json_pack("{s:o, s:o, s:s, s:o}", "rows", wording_count(export->file.rows), "size",
                     size_view(export->file.bytes), "sha256", export->file.sha256, "manifest",
                     address(request, export, "/manifest"));
}

/* All submissions are counted beforehand, nothing else is. */
static bool knows_how_many(const struct export_view *export)
{
    return export->order.what == EXPORT_SUBMISSIONS && !export->order.filter.set && export->about;
}

static void how_far(const struct export_view *export, json_t *view)
{
    json_object_set_new(view, "rows", wording_count(export->rows));
    if (!knows_how_many(export))
        return;
    json_object_set_new(view, "about", wording_count(export->about));
    if (export->order.format == EXPORT_XLSX && export->rows >= export->about)
        json_object_set_new(view, "packing", json_true());
    json_object_set_new(view, "value",
                        json_integer(export->rows < export->about ? export->rows : export->about));
    json_object_set_new(view, "most", json_integer(export->about));
}

json_t *export_view_model(const struct request *request, const struct export_view *export)
{
    char name[EXPORT_FILE_NAME];
    enum export_state state = export->state;
    const char *state_key = export->ending ? "export.ending" : states[state].key;
    export_file_name(&export->file, name);
    json_t *view = json_pack("{s:o, s:o, s:o, s:o, s:s, s:b, s:n}", "name",
                             json_sprintf("%s-%s", export->order.slug, name), "href",
                             address(request, export, ""), "started",
                             wording_moment(service_of(request)->pages, request->language,
                                            MOMENT_SECOND, export->started_us),
                             "state", words(request, state_key), "tag", states[state].tag, "going",
                             state <= EXPORT_RUNS, "about");
    if (state <= EXPORT_RUNS)
        how_far(export, view);
    if (*export->file.sha256)
        json_object_set_new(view, "whole", whole_view(request, export));
    if (state == EXPORT_READY)
        json_object_set_new(view, "workbook", address(request, export, "/workbook"));
    if (state <= EXPORT_READY && !export->ending)
        json_object_set_new(view, "end", address(request, export, "/end"));
    if (state == EXPORT_FAILED)
        json_object_set_new(view, "why", words(request, why_key(export->result)));
    return view;
}
