/* What the files of an export are; see export.h. */
#include "export/inside.h"

#include "base/parse.h"

#include <stdio.h>
#include <string.h>

static const char software[] = "consultation " SOFTWARE_VERSION;

static const char *const whats[EXPORT_WHATS] = {[EXPORT_SUBMISSIONS] = "submissions",
                                                [EXPORT_TALLIES] = "tallies",
                                                [EXPORT_CODEBOOK] = "codebook"};
static const char *const formats[EXPORT_FORMATS] = {
    [EXPORT_CSV] = "csv", [EXPORT_NDJSON] = "ndjson", [EXPORT_XLSX] = "xlsx"};

const char *export_what_name(enum export_what what)
{
    return whats[what];
}

const char *export_format_name(enum export_format format)
{
    return formats[format];
}

enum export_what export_what_find(const char *name)
{
    int what = 0;
    while (what < EXPORT_WHATS && strcmp(name, whats[what]) != 0)
        what++;
    return (enum export_what)what;
}

enum export_format export_format_find(const char *name)
{
    int format = 0;
    while (format < EXPORT_FORMATS && strcmp(name, formats[format]) != 0)
        format++;
    return (enum export_format)format;
}

const char *export_result_name(enum export_result result)
{
    switch (result) {
    case EXPORT_OK:
        return "whole";
    case EXPORT_UNKNOWN_CONSULTATION:
    case EXPORT_UNKNOWN_MEASURE:
    case EXPORT_WORDS:
    case EXPORT_UNFILTERED:
        return "terms";
    case EXPORT_DATABASE:
        return "database";
    case EXPORT_SPOOL:
        return "spool";
    case EXPORT_REFUSED:
        return "taker-left";
    case EXPORT_CANCELLED:
        return "cancelled";
    case EXPORT_BARRED:
        return "right-ended";
    case EXPORT_MEMORY:
        return "memory";
    }
    return "";
}

void export_file_name(const struct export_file *file, char name[EXPORT_FILE_NAME])
{
    snprintf(name, EXPORT_FILE_NAME, "%s.%s", whats[file->what], formats[file->format]);
}

json_t *manifest_filters(const struct submission_filter *filter)
{
    json_t *filters = json_object();
    char scratch[FILTER_TEXT_BYTES + 1];
    for (int field = 0; field < FILTER_FIELDS; field++) {
        const char *value = submission_filter_value(filter, (enum filter_field)field, scratch);
        if (value)
            json_object_set_new(filters, submission_filter_name((enum filter_field)field),
                                json_string(value));
    }
    return filters;
}

static json_t *manifest_file(const struct export_file *file)
{
    char name[EXPORT_FILE_NAME];
    export_file_name(file, name);
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "name", name, "what",
                  export_what_name(file->what), "format", export_format_name(file->format), "rows",
                  (json_int_t)file->rows, "bytes", (json_int_t)file->bytes, "sha256", file->sha256);
    if (file->format == EXPORT_XLSX && file->what == EXPORT_SUBMISSIONS)
        json_object_set_new(out, "remarks", json_integer(file->remarks));
    return out;
}

char *export_manifest(const struct export *export)
{
    char moment[RFC3339_TEXT];
    format_time(export->moment_us, moment);
    json_t *files = json_array();
    for (size_t i = 0; i < export->written; i++)
        json_array_append_new(files, manifest_file(&export->terms->files[i]));
    json_t *root =
        json_pack("{s:s, s:s, s:s, s:i, s:o, s:o}", "consultation", export->terms->slug,
                  "snapshot_at", moment, "software", software, "schema", (int)SCHEMA_VERSION,
                  "filters", manifest_filters(&export->terms->filter), "files", files);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    return text;
}

static bool pair(row_taker *take, void *context, const char *name, const char *value)
{
    struct cell cells[] = {cell_text(name), cell_text(value)};
    return take(context, cells);
}

bool manifest_rows(const struct export *export, row_taker *take, void *context)
{
    char moment[RFC3339_TEXT], scratch[FILTER_TEXT_BYTES + 1], name[EXPORT_FILE_NAME];
    format_time(export->moment_us, moment);
    bool ok = pair(take, context, "consultation", export->terms->slug) &&
              pair(take, context, "snapshot_at", moment) &&
              pair(take, context, "software", software);
    for (int field = 0; ok && field < FILTER_FIELDS; field++) {
        const char *value =
            submission_filter_value(&export->terms->filter, (enum filter_field)field, scratch);
        snprintf(name, sizeof name, "filter %s", submission_filter_name((enum filter_field)field));
        ok = !value || pair(take, context, name, value);
    }
    return ok;
}
