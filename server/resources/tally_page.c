/* The page of the whole tally, with each measure's line; see tally.c. */
#include "http/reply.h"
#include "represent/frame.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>

/* Support and strong support together, of all stances; NULL where shares are hidden. */
static json_t *support_share(const json_t *figures)
{
    double share = 0;
    for (size_t i = 0; i < 2; i++) {
        const json_t *one =
            json_object_get(json_array_get(json_object_get(figures, "by_stance"), i), "share");
        if (!json_is_number(one))
            return NULL;
        share += json_number_value(one);
    }
    json_t *sum = json_real(share);
    json_t *text = share_view(sum);
    json_decref(sum);
    return text;
}

static int64_t most_answers(const struct consultation *consultation)
{
    int64_t most = 0;
    for (size_t i = 0; i < consultation->measure_count; i++) {
        const json_t *figures =
            tally_figures(consultation, TALLY_MEASURE, consultation->measures[i].code);
        int64_t answers = json_integer_value(json_object_get(figures, "answers"));
        most = answers > most ? answers : most;
    }
    return most;
}

static json_t *measure_row(const struct request *request, const struct consultation *consultation,
                           const struct measure *measure, int64_t most)
{
    const json_t *figures = tally_figures(consultation, TALLY_MEASURE, measure->code);
    json_t *row = json_pack(
        "{s:s, s:s, s:o}", "code", measure->code, "text", measure->text.body[request->language],
        "href", tally_page_address(consultation, TALLY_MEASURE, measure->code, request->language));
    if (!figures)
        return row;
    const json_t *answers = json_object_get(figures, "answers");
    json_t *view = json_object();
    if (json_is_integer(answers)) {
        json_object_set_new(view, "answers", wording_count(json_integer_value(answers)));
        json_object_set_new(view, "bar", markup_bar(json_integer_value(answers), most));
    } else {
        json_object_set_new(view, "hidden", json_true());
    }
    json_t *support = support_share(figures);
    json_object_set_new(view, support ? "support" : "no_share", support ? support : json_true());
    json_object_set_new(row, "figures", view);
    return row;
}

static json_t *direction_rows(const struct request *request,
                              const struct consultation *consultation)
{
    int64_t most = most_answers(consultation);
    json_t *rows = json_array();
    for (size_t i = 0; i < consultation->direction_count; i++) {
        const struct direction *direction = &consultation->directions[i];
        json_t *measures = json_array();
        for (size_t m = 0; m < direction->measures; m++)
            json_array_append_new(
                measures, measure_row(request, consultation,
                                      &consultation->measures[direction->first_measure + m], most));
        json_array_append_new(rows,
                              json_pack("{s:s, s:s, s:o, s:o}", "code", direction->code, "title",
                                        direction->title.body[request->language], "href",
                                        tally_page_address(consultation, TALLY_DIRECTION,
                                                           direction->code, request->language),
                                        "measures", measures));
    }
    return rows;
}

static void page_fill(const struct request *request, const struct consultation *consultation,
                      json_t *page)
{
    json_object_set_new(
        page, "tally",
        tally_view(consultation, TALLY_WHOLE, NULL, request->language, service_of(request)->pages));
    json_object_set_new(page, "tally_json", tally_address(consultation, TALLY_WHOLE, NULL, ""));
    json_object_set_new(page, "tally_csv", tally_address(consultation, TALLY_WHOLE, NULL, ".csv"));
    json_object_set_new(page, "releases_json",
                        json_sprintf("/v1/consultations/%s/releases", consultation->slug));
    json_object_set_new(page, "directions", direction_rows(request, consultation));
}

enum handled tally_page(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 1);
    if (!consultation)
        return HANDLED;
    char json[CONSULTATION_ADDRESS];
    snprintf(json, sizeof json, "/v1/consultations/%s/tally", consultation->slug);
    struct document *document = consultation_document(request, consultation, 200, "tally", false);
    if (document) {
        page_fill(request, consultation, document->page);
        struct frame frame = {.title_key = "tally.title", .json = json};
        if (!consultation_frame(request, consultation, document, frame, "/tally")) {
            document_free(document);
            document = NULL;
        }
    }
    reply_document(request, document);
    consultation_release(consultation);
    return HANDLED;
}
