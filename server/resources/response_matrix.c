/* Institutions by measures: who takes which stance, side by side, and how often each was taken.
 * Never mixed with what citizens say. */
#include "domain/response.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/response_published.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER, SECTION, STANCE, SAYS }; /* of response_published_stances */
static const char rest[] = "/responses/matrix";

/* One field of it; `says`: there is a text. */
struct matrix_cell {
    int stance; /* -1: none taken */
    bool says;
};

struct matrix {
    const struct consultation *consultation;
    const struct rows *rows; /* institutions, as response_published_list gives them */
    size_t count;
    struct matrix_cell (*cells)[MEASURES_MOST]; /* by institution and measure; owned */
};

static size_t institution_at(const struct matrix *matrix, const char *number)
{
    size_t at = 0;
    while (at < matrix->count &&
           strcmp(row_text(matrix->rows, (int)at, PUBLISHED_NUMBER), number) != 0)
        at++;
    return at;
}

/* A response that came between the two statements has no row, and comes with the next revision. */
static bool matrix_fill(struct matrix *matrix, const struct rows *stances)
{
    matrix->cells = calloc(matrix->count + 1, sizeof *matrix->cells);
    if (!matrix->cells)
        return false;
    for (size_t i = 0; i < matrix->count; i++)
        for (size_t m = 0; m < MEASURES_MOST; m++)
            matrix->cells[i][m].stance = -1;
    for (int row = 0; row < rows_count(stances); row++) {
        size_t i = institution_at(matrix, row_text(stances, row, NUMBER));
        size_t at = section_find(matrix->consultation, row_text(stances, row, SECTION));
        if (i == matrix->count || at == SIZE_MAX)
            continue;
        struct section section = section_at(matrix->consultation, at);
        if (section.kind != SECTION_MEASURE)
            continue;
        struct matrix_cell *cell = &matrix->cells[i][section.index];
        cell->says = row_bool(stances, row, SAYS);
        if (!row_is_null(stances, row, STANCE))
            cell->stance = (int)row_int(stances, row, STANCE);
    }
    return true;
}

static void counts_of(const struct matrix *matrix, size_t measure, int counts[STANCES])
{
    memset(counts, 0, STANCES * sizeof *counts);
    for (size_t i = 0; i < matrix->count; i++)
        if (matrix->cells[i][measure].stance >= 0)
            counts[matrix->cells[i][measure].stance]++;
}

static json_t *row_model(const struct request *request, const struct matrix *matrix, size_t i)
{
    const struct consultation *c = matrix->consultation;
    json_t *stances = json_object();
    for (size_t m = 0; m < c->measure_count; m++)
        if (matrix->cells[i][m].stance >= 0)
            json_object_set_new(stances, c->measures[m].code,
                                json_integer(matrix->cells[i][m].stance));
    return json_pack("{s:s, s:I, s:o, s:o}", "number",
                     row_text(matrix->rows, (int)i, PUBLISHED_NUMBER), "version",
                     (json_int_t)row_int(matrix->rows, (int)i, PUBLISHED_VERSION), "institution",
                     published_institution(request, matrix->rows, (int)i), "stances", stances);
}

static json_t *matrix_model(const struct request *request, const struct matrix *matrix)
{
    const struct consultation *c = matrix->consultation;
    json_t *measures = json_array(), *responses = json_array();
    for (size_t m = 0; m < c->measure_count; m++) {
        int counts[STANCES];
        char code[2] = "0";
        json_t *tally = json_object();
        counts_of(matrix, m, counts);
        for (int stance = 0; stance < STANCES; stance++) {
            code[0] = (char)('0' + stance);
            json_object_set_new(tally, code, json_integer(counts[stance]));
        }
        json_array_append_new(measures,
                              json_pack("{s:s, s:s, s:o}", "code", c->measures[m].code, "text",
                                        c->measures[m].text.body[request->language],
                                        "responses_by_stance", tally));
    }
    for (size_t i = 0; i < matrix->count; i++)
        json_array_append_new(responses, row_model(request, matrix, i));
    return json_pack("{s:s, s:s, s:o, s:o, s:{s:o, s:o, s:o}}", "consultation", c->slug, "language",
                     language_tag(request->language), "measures", measures, "responses", responses,
                     "links", "self", json_sprintf("/v1/consultations/%s%s", c->slug, rest), "csv",
                     json_sprintf("/v1/consultations/%s%s.csv", c->slug, rest), "page",
                     consultation_address(request, c, rest));
}

/* A row for each stance that was taken. */
static void table_fill(const struct request *request, const struct matrix *matrix,
                       struct document *document)
{
    const struct consultation *c = matrix->consultation;
    document->columns =
        json_pack("[s, s, s, s, s, s, s, s, s]", "consultation", "institution", "name", "kind",
                  "number", "version", "measure", "stance", "stance_label");
    document->rows = json_array();
    for (size_t i = 0; i < matrix->count; i++) {
        json_t *institution = published_institution(request, matrix->rows, (int)i);
        for (size_t m = 0; m < c->measure_count; m++) {
            int stance = matrix->cells[i][m].stance;
            if (stance >= 0)
                json_array_append_new(
                    document->rows,
                    json_pack("[s, O, O, O, s, I, s, i, s]", c->slug,
                              json_object_get(institution, "slug"),
                              json_object_get(institution, "name"),
                              json_object_get(institution, "kind"),
                              row_text(matrix->rows, (int)i, PUBLISHED_NUMBER),
                              (json_int_t)row_int(matrix->rows, (int)i, PUBLISHED_VERSION),
                              c->measures[m].code, stance,
                              c->stance_labels[stance].body[request->language]));
        }
        json_decref(institution);
    }
}

static json_t *row_view(const struct request *request, const struct matrix *matrix, size_t i)
{
    const struct consultation *c = matrix->consultation;
    json_t *view = published_view(request, c, matrix->rows, (int)i);
    const char *href = json_string_value(json_object_get(view, "href"));
    json_t *cells = json_array();
    for (size_t m = 0; m < c->measure_count; m++) {
        const struct matrix_cell *cell = &matrix->cells[i][m];
        bool there = cell->says || cell->stance >= 0;
        json_array_append_new(
            cells, json_pack("{s:s, s:o, s:b, s:o}", "measure", c->measures[m].code, "stance",
                             stance_mark(request, c, cell->stance), "says", cell->says, "href",
                             there ? json_sprintf("%s#measure-%s", href, c->measures[m].code)
                                   : json_null()));
    }
    json_object_set_new(view, "cells", cells);
    return view;
}

/* [{code, sign, label, counts: [text]}]: how often each stance was taken on each measure. */
static json_t *counts_view(const struct request *request, const struct matrix *matrix)
{
    const struct consultation *c = matrix->consultation;
    static const int none[STANCES];
    json_t *list = stance_counts(request, c, none), *item;
    size_t at;
    json_array_foreach(list, at, item)
    {
        json_t *counts = json_array();
        int stance = (int)json_integer_value(json_object_get(item, "code"));
        for (size_t m = 0; m < c->measure_count; m++) {
            int taken[STANCES];
            counts_of(matrix, m, taken);
            json_array_append_new(counts, json_pack("{s:s, s:o}", "measure", c->measures[m].code,
                                                    "count", wording_count(taken[stance])));
        }
        json_object_set_new(item, "counts", counts);
    }
    return list;
}

/* [{title, code, span, measures: [{code, text, href: what institutions say on it}]}] */
static json_t *directions_view(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t d = 0; d < c->direction_count; d++) {
        const struct direction *direction = &c->directions[d];
        json_t *measures = json_array();
        for (size_t m = 0; m < direction->measures; m++) {
            const struct measure *measure = &c->measures[direction->first_measure + m];
            char address[64];
            snprintf(address, sizeof address, "/measures/%s/responses", measure->code);
            json_array_append_new(measures,
                                  json_pack("{s:s, s:s, s:o}", "code", measure->code, "text",
                                            measure->text.body[request->language], "href",
                                            consultation_address(request, c, address)));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:i, s:o}", "code", direction->code, "title",
                                        direction->title.body[request->language], "span",
                                        (int)direction->measures, "measures", measures));
    }
    return list;
}

static struct document *page_document(const struct request *request, const struct matrix *matrix)
{
    const struct consultation *c = matrix->consultation;
    struct document *document = consultation_document(request, c, 200, "response_matrix", false);
    if (!document)
        return NULL;
    json_t *page = document->page, *list = json_array();
    static const int none[STANCES];
    for (size_t i = 0; i < matrix->count; i++)
        json_array_append_new(list, row_view(request, matrix, i));
    json_object_set_new(page, "directions", directions_view(request, c));
    json_object_set_new(page, "stances", stance_counts(request, c, none));
    json_object_set_new(page, "list", consultation_address(request, c, "/responses"));
    json_object_set_new(page, "json", json_sprintf("/v1/consultations/%s%s", c->slug, rest));
    json_object_set_new(page, "csv", json_sprintf("/v1/consultations/%s%s.csv", c->slug, rest));
    if (json_array_size(list))
        json_object_set_new(
            page, "matrix",
            json_pack("{s:O, s:o}", "rows", list, "counts", counts_view(request, matrix)));
    json_decref(list);
    const struct frame frame = {.title_key = "response.matrix"};
    document = consultation_finish(request, c, document, frame, rest);
    json_t *label =
        wording_string(service_of(request)->pages, request->language, "response.list", NULL);
    json_t *up = consultation_address(request, c, "/responses");
    if (document && !page_crumb(document, json_string_value(label), json_string_value(up))) {
        document_free(document);
        document = NULL;
    }
    json_decref(label);
    json_decref(up);
    return consultation_shared(document, NULL);
}

static struct document *matrix_document(const struct request *request, const struct matrix *matrix)
{
    if (request->representation == REPRESENT_PAGE)
        return page_document(request, matrix);
    struct document *document =
        consultation_data(request, matrix->consultation, matrix_model(request, matrix), rest);
    if (document)
        table_fill(request, matrix, document);
    return document;
}

/* False: a problem is set. */
static bool matrix_read(struct request *request, struct matrix *matrix, struct rows *rows)
{
    struct params params = {0};
    struct rows stances = {0};
    params_int4(&params, matrix->consultation->id);
    bool ok = published_run(request, STATEMENT_RESPONSE_PUBLISHED_LIST, &params, rows);
    if (ok) {
        params_int4(&params, matrix->consultation->id);
        ok = published_run(request, STATEMENT_RESPONSE_PUBLISHED_STANCES, &params, &stances);
    }
    if (ok) {
        matrix->rows = rows;
        matrix->count = (size_t)rows_count(rows);
        ok = matrix_fill(matrix, &stances);
        if (!ok)
            reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    rows_clear(&stances);
    return ok;
}

static enum handled matrix_reply(struct request *request, size_t part)
{
    struct consultation *c = consultation_of(request, part);
    struct matrix matrix = {.consultation = c};
    struct rows rows = {0};
    if (c && matrix_read(request, &matrix, &rows))
        reply_document(request, matrix_document(request, &matrix));
    free(matrix.cells);
    rows_clear(&rows);
    consultation_release(c);
    return HANDLED;
}

enum handled response_matrix_get(struct request *request)
{
    return matrix_reply(request, 0);
}

enum handled response_matrix_page(struct request *request)
{
    return matrix_reply(request, 1);
}
