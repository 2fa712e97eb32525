/* A tally for page templates; see tally_view.h. */
#include "resources/tally_view.h"

#include "base/parse.h"
#include "domain/counts.h"
#include "represent/markup.h"
#include "represent/wording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *tally_figures(const struct consultation *consultation, enum tally_scope scope,
                      const char *code)
{
    switch (scope) {
    case TALLY_WHOLE:
        return json_object_get(consultation->release, "whole");
    case TALLY_DIRECTION:
        return json_object_get(json_object_get(consultation->release, "directions"), code);
    case TALLY_MEASURE:
        return json_object_get(json_object_get(consultation->release, "measures"), code);
    }
    return NULL;
}

json_t *tally_address(const struct consultation *consultation, enum tally_scope scope,
                      const char *code, const char *tail)
{
    switch (scope) {
    case TALLY_WHOLE:
        break;
    case TALLY_DIRECTION:
        return json_sprintf("/v1/consultations/%s/directions/%s/tally%s", consultation->slug, code,
                            tail);
    case TALLY_MEASURE:
        return json_sprintf("/v1/consultations/%s/measures/%s/tally%s", consultation->slug, code,
                            tail);
    }
    return json_sprintf("/v1/consultations/%s/tally%s", consultation->slug, tail);
}

json_t *tally_page_address(const struct consultation *consultation, enum tally_scope scope,
                           const char *code, enum language language)
{
    const char *tag = language_tag(language);
    switch (scope) {
    case TALLY_WHOLE:
        break;
    case TALLY_DIRECTION:
        return json_sprintf("/%s/consultations/%s/directions/%s", tag, consultation->slug, code);
    case TALLY_MEASURE:
        return json_sprintf("/%s/consultations/%s/measures/%s", tag, consultation->slug, code);
    }
    return json_sprintf("/%s/consultations/%s/tally", tag, consultation->slug);
}

json_t *release_view(const struct consultation *consultation, enum language language,
                     const struct pages *pages)
{
    const json_t *release = json_object_get(consultation->release, "release");
    const char *at = json_string_value(json_object_get(release, "released_at"));
    int64_t at_us = 0;
    if (!at || !parse_time(at, &at_us))
        return NULL;
    json_t *view = json_pack("{s:O, s:s, s:o*}", "number", json_object_get(release, "number"), "at",
                             at, "at_text", wording_moment(pages, language, MOMENT_MINUTE, at_us));
    if (json_is_true(json_object_get(release, "final")))
        json_object_set_new(view, "final", json_true());
    return view;
}

json_t *none_yet_view(const struct consultation *consultation, enum language language,
                      const struct pages *pages)
{
    json_t *view = json_pack("{s:i}", "threshold", consultation->publication.release_threshold);
    if (view && consultation->publication.after_close)
        json_object_set_new(
            view, "after_close",
            wording_moment(pages, language, MOMENT_END, consultation_figures_us(consultation)));
    return view;
}

json_t *figure_view(const json_t *figure)
{
    if (!json_is_integer(figure))
        return json_pack("{s:b}", "hidden", 1);
    return json_pack("{s:o}", "count", wording_count(json_integer_value(figure)));
}

json_t *share_view(const json_t *share)
{
    if (!json_is_number(share))
        return NULL;
    long permille = lround(json_number_value(share) * 1000.0);
    return json_sprintf("%ld.%ld%%", permille / 10, permille % 10);
}

json_t *heading_label(const struct consultation *consultation, const json_t *code,
                      enum language language, const struct pages *pages)
{
    if (!json_is_integer(code))
        return wording_string(pages, language, "tally.remark-only", NULL);
    json_int_t stance = json_integer_value(code);
    if (stance < 0 || stance >= STANCES)
        return NULL;
    return json_string(consultation->stance_labels[stance].body[language]);
}

/* What the parts of a view are made from. */
struct source {
    const struct consultation *consultation;
    const struct pages *pages;
    enum language language;
    const json_t *figures;
    json_t *view;
};

static json_t *label_of(const struct source *source, const json_t *heading)
{
    return heading_label(source->consultation, json_object_get(heading, "code"), source->language,
                         source->pages);
}

static bool is_hidden(const json_t *object, const char *member)
{
    return !json_is_integer(json_object_get(object, member));
}

static void add_headings(const struct source *source)
{
    const char *labels[HEADINGS] = {0};
    int64_t counts[HEADINGS] = {0};
    json_t *rows = json_array(), *heading;
    size_t i;
    json_array_foreach(json_object_get(source->figures, "by_stance"), i, heading)
    {
        json_t *row = figure_view(json_object_get(heading, "count"));
        json_object_set(row, "stance", json_object_get(heading, "stance"));
        json_object_set_new(row, "label", label_of(source, heading));
        json_t *share = share_view(json_object_get(heading, "share"));
        json_object_set_new(row, share ? "share" : "no_share", share ? share : json_true());
        json_array_append_new(rows, row);
        if (i >= HEADINGS)
            continue;
        const char *label = json_string_value(json_object_get(row, "label"));
        labels[i] = label ? label : "";
        counts[i] = is_hidden(heading, "count")
                        ? COUNT_HIDDEN
                        : json_integer_value(json_object_get(heading, "count"));
    }
    if (json_array_size(rows) == HEADINGS)
        json_object_set_new(source->view, "bars", markup_bars(labels, counts, HEADINGS, 0));
    json_object_set_new(source->view, "headings", rows);
}

static json_t *kind_label(const struct source *source, const char *kind)
{
    char key[40];
    snprintf(key, sizeof key, "kind.%s", kind);
    return wording_string(source->pages, source->language, key, NULL);
}

/* One row a heading, one cell a kind. */
static json_t *kind_rows(const struct source *source, const json_t *kinds, bool *split)
{
    json_t *rows = json_array(), *heading;
    size_t i;
    json_array_foreach(json_object_get(source->figures, "by_stance"), i, heading)
    {
        json_t *cells = json_array();
        for (size_t k = 0; k < json_array_size(kinds); k++) {
            const json_t *cell =
                json_array_get(json_object_get(json_array_get(kinds, k), "by_stance"), i);
            *split = *split && !is_hidden(cell, "count");
            json_array_append_new(cells, figure_view(json_object_get(cell, "count")));
        }
        json_array_append_new(
            rows, json_pack("{s:o*, s:o}", "label", label_of(source, heading), "cells", cells));
    }
    return rows;
}

/* Adds nothing if nothing of kinds is shown; true if something of them is hidden. */
static bool add_kinds(const struct source *source)
{
    const json_t *kinds = json_object_get(source->figures, "by_kind");
    json_t *columns = json_array(), *totals = json_array(), *kind;
    bool shown = false, hidden = false, split = true;
    size_t i;
    json_array_foreach(kinds, i, kind)
    {
        const char *name = json_string_value(json_object_get(kind, "kind"));
        json_array_append_new(
            columns, json_pack("{s:s, s:o*}", "kind", name, "label", kind_label(source, name)));
        json_array_append_new(totals, figure_view(json_object_get(kind, "answers")));
        shown = shown || !is_hidden(kind, "answers");
        hidden = hidden || is_hidden(kind, "answers");
    }
    json_t *rows = kind_rows(source, kinds, &split);
    json_t *view = json_pack("{s:o, s:o, s:o}", "columns", columns, "totals", totals, "rows", rows);
    if (split)
        json_object_set_new(view, "split", json_true());
    if (shown)
        json_object_set(source->view, "kinds", view);
    json_decref(view);
    return hidden || !split;
}

/* How many days from `from` on share its span. */
static size_t span_length(const json_t *days, size_t from)
{
    const json_t *span = json_object_get(json_array_get(days, from), "span");
    size_t to = from;
    while (to < json_array_size(days) &&
           json_equal(json_object_get(json_array_get(days, to), "span"), span))
        to++;
    return to - from;
}

/* A day as people read it; NULL if it is none. */
static json_t *day_text(const struct source *source, const json_t *day)
{
    int32_t number = 0;
    const char *date = json_string_value(json_object_get(day, "day"));
    if (!date || !parse_date(date, &number))
        return NULL;
    return wording_moment(source->pages, source->language, MOMENT_DAY,
                          number * INT64_C(86400000000));
}

/* {line, from, to, most}: answers a day, those of merged days spread evenly over them, which is all
 * that the release tells of them. NULL for less than two days, or nothing shown. */
static json_t *line_of(const struct source *source, const json_t *days)
{
    size_t count = json_array_size(days);
    int64_t *values = count > 1 ? calloc(count, sizeof *values) : NULL;
    int64_t most = 0;
    for (size_t from = 0, length; values && from < count; from += length) {
        length = span_length(days, from);
        const json_t *answers = json_object_get(json_array_get(days, from), "answers");
        for (size_t i = from; i < from + length; i++)
            values[i] = json_integer_value(answers) * 1000 / (int64_t)length;
        most = values[from] > most ? values[from] : most;
    }
    json_t *view = most ? json_pack("{s:o, s:o, s:o, s:o}", "line", markup_line(values, count),
                                    "from", day_text(source, json_array_get(days, 0)), "to",
                                    day_text(source, json_array_get(days, count - 1)), "most",
                                    wording_count((most + 500) / 1000))
                        : NULL;
    free(values);
    return view;
}

static void add_days(const struct source *source)
{
    const json_t *days = json_object_get(source->figures, "by_day");
    json_t *rows = json_array();
    for (size_t from = 0, length; from < json_array_size(days); from += length) {
        length = span_length(days, from);
        const json_t *last = json_array_get(days, from + length - 1);
        for (size_t i = from; i < from + length; i++) {
            const json_t *day = json_array_get(days, i);
            const json_t *answers = json_object_get(day, "answers");
            json_t *row = figure_view(answers);
            json_object_set(row, "day", json_object_get(day, "day"));
            json_object_set(row, "span", json_object_get(day, "span"));
            json_object_set(row, "from", json_object_get(json_array_get(days, from), "day"));
            json_object_set(row, "to", json_object_get(last, "day"));
            json_object_set_new(row, "merged", json_boolean(length > 1));
            json_object_set_new(row, "first", json_boolean(i == from));
            json_object_set_new(row, "length", json_integer((json_int_t)length));
            json_array_append_new(rows, row);
        }
    }
    if (json_array_size(rows))
        json_object_set_new(
            source->view, "days",
            json_pack("{s:O, s:o*}", "rows", rows, "over_time", line_of(source, days)));
    json_decref(rows);
}

static bool any_heading_hidden(const json_t *figures)
{
    json_t *heading;
    size_t i;
    json_array_foreach(json_object_get(figures, "by_stance"), i,
                       heading) if (is_hidden(heading, "count")) return true;
    return is_hidden(figures, "remarks") || is_hidden(figures, "priorities");
}

static void add_figures(const struct source *source)
{
    json_t *view = source->view;
    const json_t *figures = source->figures;
    int minimum = source->consultation->publication.cell_minimum;
    if (is_hidden(figures, "answers")) {
        json_object_set_new(view, "too_few", json_pack("{s:i}", "minimum", minimum));
        return;
    }
    json_object_set_new(view, "shown", json_true());
    json_object_set_new(view, "answers",
                        wording_count(json_integer_value(json_object_get(figures, "answers"))));
    add_headings(source);
    bool some_hidden = add_kinds(source);
    add_days(source);
    json_object_set_new(view, "remarks", figure_view(json_object_get(figures, "remarks")));
    json_object_set_new(view, "priorities", figure_view(json_object_get(figures, "priorities")));
    if (some_hidden || any_heading_hidden(figures))
        json_object_set_new(view, "some_hidden", json_pack("{s:i}", "minimum", minimum));
}

json_t *tally_view(const struct consultation *consultation, enum tally_scope scope,
                   const char *code, enum language language, const struct pages *pages)
{
    struct source source = {
        .consultation = consultation,
        .pages = pages,
        .language = language,
        .figures = tally_figures(consultation, scope, code),
        .view = json_object(),
    };
    if (scope == TALLY_MEASURE)
        json_object_set_new(source.view, "measure", json_true());
    if (!source.figures) {
        json_object_set_new(source.view, "none_yet", none_yet_view(consultation, language, pages));
        return source.view;
    }
    json_object_set_new(source.view, "released", release_view(consultation, language, pages));
    add_figures(&source);
    return source.view;
}
