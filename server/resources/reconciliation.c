/* Where every submission went, as of the newest release: JSON, CSV and a page. */
#include "domain/set_aside.h"
#include "http/reply.h"
#include "publish/release.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>

static const char *const states[] = {"counted", "held", "superseded", "withdrawn", "set_aside"};
enum { STATES = sizeof states / sizeof *states, KEY = 48 };

static json_t *address(const struct consultation *consultation, const char *tail)
{
    return json_sprintf("/v1/consultations/%s/reconciliation%s", consultation->slug, tail);
}

static void model_fill(const struct request *request, const struct consultation *consultation,
                       json_t *model)
{
    json_t *release = json_object_get(consultation->release, "release");
    json_t *figures = json_object_get(consultation->release, "reconciliation");
    json_object_set_new(model, "consultation", json_string(consultation->slug));
    json_object_set_new(model, "language", json_string(language_tag(request->language)));
    json_object_set(model, "release", release ? release : json_null());
    json_object_set_new(model, "thresholds",
                        json_pack("{s:i, s:i}", "cell_minimum",
                                  consultation->publication.cell_minimum, "percentage_base",
                                  consultation->publication.percentage_base));
    if (figures)
        json_object_set(model, "reconciliation", figures);
    else
        json_object_set_new(model, "reconciliation", release_no_submissions());
    json_object_set_new(model, "links",
                        json_pack("{s:o, s:o, s:o, s:o}", "self", address(consultation, ""), "csv",
                                  address(consultation, ".csv"), "page",
                                  json_sprintf("/%s/consultations/%s/reconciliation",
                                               language_tag(request->language), consultation->slug),
                                  "consultation",
                                  json_sprintf("/v1/consultations/%s", consultation->slug)));
}

static void row_add(json_t *rows, const json_t *model, const char *state, const char *kind,
                    const char *reason, json_t *count)
{
    const json_t *release = json_object_get(model, "release");
    json_t *number = json_object_get(release, "number");
    json_t *released_at = json_object_get(release, "released_at");
    json_array_append_new(
        rows, json_pack("[O, O, O, s, s, s, O]", json_object_get(model, "consultation"),
                        number ? number : json_null(), released_at ? released_at : json_null(),
                        state, kind, reason, count));
}

/* A row a state, then the counted ones by kind of respondent, and those set aside by reason. */
static void table_fill(struct document *document)
{
    const json_t *figures = json_object_get(document->model, "reconciliation");
    const char *kind, *reason;
    json_t *count;
    document->columns = json_pack("[s, s, s, s, s, s, s]", "consultation", "release", "released_at",
                                  "state", "kind", "reason", "submissions");
    document->rows = json_array();
    row_add(document->rows, document->model, "received", "all", "all",
            json_object_get(figures, "received"));
    for (int i = 0; i < STATES; i++)
        row_add(document->rows, document->model, states[i], "all", "all",
                json_object_get(figures, states[i]));
    json_object_foreach(json_object_get(figures, "by_kind"), kind, count)
        row_add(document->rows, document->model, "counted", kind, "all", count);
    json_object_foreach(json_object_get(figures, "set_aside_by_reason"), reason, count)
        row_add(document->rows, document->model, "set_aside", "all", reason, count);
}

enum handled reconciliation_get(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 0);
    if (!consultation)
        return HANDLED;
    struct document *document = document_new(200, request->language);
    if (document) {
        document->depends = consultation->id;
        model_fill(request, consultation, document->model);
        if (request->representation == REPRESENT_CSV)
            table_fill(document);
    }
    reply_document(request, document);
    consultation_release(consultation);
    return HANDLED;
}

static json_t *string_of(const struct request *request, const char *group, const char *word,
                         const char *more)
{
    char key[KEY];
    snprintf(key, sizeof key, "%s.%s%s", group, word, more);
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

/* {label, meaning, hidden | count} of each state; tells whether one is hidden. */
static json_t *state_rows(const struct request *request, const json_t *figures, bool *hidden)
{
    static const char *const words[STATES] = {"counted", "held", "superseded", "withdrawn",
                                              "set-aside"};
    json_t *rows = json_array();
    for (int i = 0; i < STATES; i++) {
        const json_t *count = json_object_get(figures, states[i]);
        json_t *row = figure_view(count);
        json_object_set_new(row, "state", json_string(words[i]));
        json_object_set_new(row, "label", string_of(request, "reconciliation", words[i], ""));
        json_object_set_new(row, "meaning",
                            string_of(request, "reconciliation", words[i], "-meaning"));
        json_array_append_new(rows, row);
        *hidden = *hidden || !json_is_integer(count);
    }
    return rows;
}

/* NULL where the counted ones by kind are hidden. */
static json_t *kind_rows(const struct request *request, const json_t *figures)
{
    json_t *rows = json_array(), *count;
    const char *kind;
    json_object_foreach(json_object_get(figures, "by_kind"), kind, count)
    {
        if (!json_is_integer(count)) {
            json_decref(rows);
            return NULL;
        }
        json_t *row = figure_view(count);
        json_object_set_new(row, "label", string_of(request, "kind", kind, ""));
        json_array_append_new(rows, row);
    }
    return rows;
}

/* NULL where nobody was set aside, their number is hidden, or a release of before there were
 * reasons has none; `hidden` as in state_rows. */
static json_t *reason_rows(const struct request *request, const json_t *figures, bool *hidden)
{
    const json_t *reasons = json_object_get(figures, "set_aside_by_reason");
    if (!reasons || json_integer_value(json_object_get(figures, "set_aside")) == 0)
        return NULL;
    json_t *rows = json_array();
    for (int i = 0; i < SET_ASIDE_REASONS; i++) {
        const char *code = set_aside_code((enum set_aside_reason)i);
        const json_t *count = json_object_get(reasons, code);
        json_t *row = figure_view(count);
        json_object_set_new(row, "label", string_of(request, "set-aside", code, ""));
        json_object_set_new(row, "meaning", string_of(request, "set-aside", code, "-meaning"));
        json_array_append_new(rows, row);
        *hidden = *hidden || !json_is_integer(count);
    }
    return rows;
}

static void page_fill(const struct request *request, const struct consultation *consultation,
                      json_t *page)
{
    const struct pages *pages = service_of(request)->pages;
    const json_t *figures = json_object_get(consultation->release, "reconciliation");
    json_object_set_new(page, "json", address(consultation, ""));
    json_object_set_new(page, "csv", address(consultation, ".csv"));
    if (!figures) {
        json_object_set_new(page, "none_yet",
                            none_yet_view(consultation, request->language, pages));
        return;
    }
    bool hidden = false;
    json_object_set_new(page, "released", release_view(consultation, request->language, pages));
    json_object_set_new(page, "total", figure_view(json_object_get(figures, "received")));
    json_object_set_new(page, "rows", state_rows(request, figures, &hidden));
    json_t *kinds = kind_rows(request, figures);
    if (kinds)
        json_object_set_new(page, "kinds", json_pack("{s:o}", "rows", kinds));
    json_t *reasons = reason_rows(request, figures, &hidden);
    if (reasons)
        json_object_set_new(page, "reasons", json_pack("{s:o}", "rows", reasons));
    if (hidden || !kinds)
        json_object_set_new(page, "some_hidden",
                            json_pack("{s:i}", "minimum", consultation->publication.cell_minimum));
}

enum handled reconciliation_page(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    char json[CONSULTATION_ADDRESS];
    snprintf(json, sizeof json, "/v1/consultations/%s/reconciliation", consultation->slug);
    struct document *document =
        consultation_document(request, consultation, 200, "reconciliation", false);
    if (document) {
        page_fill(request, consultation, document->page);
        struct frame frame = {.title_key = "reconciliation.title", .json = json};
        if (!consultation_frame(request, consultation, document, frame, "/reconciliation")) {
            document_free(document);
            document = NULL;
        }
    }
    reply_document(request, document);
    consultation_release(consultation);
    return HANDLED;
}
