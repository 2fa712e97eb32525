/* Each figure of the dashboard as a file: CSV of its table, SVG of its drawing. Looking at sums is
 * no act; taking them away is one. */
#include "http/reply.h"
#include "represent/drawing.h"
#include "represent/wording.h"
#include "represent/writer.h"
#include "resources/officials/dashboard.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_TEXT = 160 };

struct figure_file {
    const struct consultation *consultation;
    const struct dashboard *dashboard;
    enum dashboard_figure figure;
};

/* False: no memory. */
typedef bool (*figure_write)(const struct request *request, const struct figure_file *file,
                             struct buf *out);

static bool csv_write(const struct request *request, const struct figure_file *file,
                      struct buf *out)
{
    struct document *document = document_new(200, request->language);
    json_t *table = dashboard_table(file->consultation, file->dashboard, file->figure);
    bool ok = document && table;
    if (ok) {
        document->columns = json_incref(json_object_get(table, "columns"));
        document->rows = json_incref(json_object_get(table, "rows"));
        ok = write_csv(document, out);
    }
    document_free(document);
    json_decref(table);
    return ok;
}

/* What the drawing is of, and as of when. */
static void about_write(const struct request *request, const struct figure_file *file,
                        struct buf *out)
{
    const struct pages *pages = service_of(request)->pages;
    json_t *moment =
        json_pack("{s:o}", "at_text",
                  wording_moment(pages, request->language, MOMENT_SECOND, file->dashboard->at_us));
    buf_format(out, "%s%s", file->consultation->title.body[request->language],
               request->language == LANGUAGE_EN ? ". " : "。");
    out->failed |= !pages_string(pages, request->language, "dashboard.at", moment, out);
    if (file->consultation->rehearsal) {
        buf_byte(out, ' ');
        out->failed |= !pages_string(pages, request->language, "official.rehearsal", NULL, out);
    }
    json_decref(moment);
}

/* What dashboard_drawn counts. */
static json_t *unit_of(const struct request *request, const struct figure_file *file)
{
    if (file->figure == FIGURE_DIRECTIONS)
        return dashboard_words(request, "tally.answers");
    json_t *heads = dashboard_heads(request, file->consultation, file->figure);
    json_t *unit = json_incref(json_array_get(heads, 0));
    json_decref(heads);
    return unit;
}

/* The labels stay `rows`'s and the numbers `sums`'s. */
static void texts_fill(const struct figure_file *file, const json_t *table, const json_t *rows,
                       json_t *sums, const char **labels, const char **shown)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        labels[i] = json_string_value(json_object_get(row, "label"));
        json_array_append_new(
            sums, dashboard_drawn(file->figure, json_array_get(json_object_get(table, "rows"), i),
                                  json_object_get(row, "cells")));
        shown[i] = json_string_value(json_array_get(sums, i));
    }
}

static bool svg_write(const struct request *request, const struct figure_file *file,
                      struct buf *out)
{
    json_t *table = dashboard_table(file->consultation, file->dashboard, file->figure);
    json_t *rows = dashboard_rows(request, file->consultation, file->figure, table);
    json_t *heading = dashboard_heading(request, file->figure), *unit = unit_of(request, file);
    json_t *sums = json_array();
    size_t count = json_array_size(rows);
    const char **labels = calloc(2 * count + 1, sizeof *labels);
    struct buf about = {0};
    about_write(request, file, &about);
    bool ok = table && rows && heading && unit && sums && labels && buf_ok(&about);
    if (ok) {
        texts_fill(file, table, rows, sums, labels, labels + count);
        struct drawing drawing = {.language = language_tag(request->language),
                                  .title = json_string_value(heading),
                                  .about = about.data,
                                  .unit = json_string_value(unit),
                                  .labels = labels,
                                  .shown = labels + count};
        dashboard_chart_file(file->figure, table, &drawing, out);
        ok = buf_ok(out);
    }
    buf_clear(&about);
    free(labels);
    json_decref(sums);
    json_decref(unit);
    json_decref(heading);
    json_decref(rows);
    json_decref(table);
    return ok;
}

static void file_reply(struct request *request, const struct figure_file *file, const char *format,
                       const char *type, const struct buf *bytes)
{
    char name[NAME_TEXT];
    const char *figure = dashboard_figure_name(file->figure);
    if (!desk_record(request, "figure-downloaded", file->consultation->id,
                     json_pack("{s:s, s:s}", "figure", figure, "format", format)))
        return;
    snprintf(name, sizeof name, "attachment; filename=\"%s-%s.%s\"", file->consultation->slug,
             figure, format);
    reply_header(request, "Content-Disposition", name);
    reply_bytes(request, 200, type, bytes->data ? bytes->data : "", bytes->length);
}

static enum handled file_get(struct request *request, const char *format, const char *type,
                             figure_write write)
{
    struct dashboard dashboard;
    struct buf out = {0};
    enum dashboard_figure figure = dashboard_figure_find(request_part(request, "figure"));
    if (figure == FIGURES) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    struct consultation *consultation = dashboard_of(request, &dashboard);
    if (consultation) {
        const struct figure_file file = {consultation, &dashboard, figure};
        if (write(request, &file, &out))
            file_reply(request, &file, format, type, &out);
        else
            reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    buf_clear(&out);
    dashboard_clear(&dashboard);
    consultation_release(consultation);
    return HANDLED;
}

enum handled official_figure_csv(struct request *request)
{
    return file_get(request, "csv", "text/csv; charset=utf-8; header=present", csv_write);
}

enum handled official_figure_svg(struct request *request)
{
    return file_get(request, "svg", "image/svg+xml", svg_write);
}
