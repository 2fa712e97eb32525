/* Blank forms to be printed and filled in by hand, each with a submission key of its own: what
 * bears the same key counts once. A key is kept nowhere before its form is used. */
#include "domain/paper_key.h"
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/officials/entry.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>

enum { COPIES_MOST = 20 };

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

/* {key, qr}: one form's own. */
static json_t *copy_view(const struct request *request, json_t *label, int64_t at)
{
    char key[PAPER_KEY_TEXT + 1], spoken[PAPER_KEY_SPOKEN];
    paper_key_make(service_of(request)->clock, key);
    paper_key_spoken(key, spoken);
    return json_pack("{s:s, s:o, s:I}", "key", spoken, "qr",
                     markup_qr(key, json_string_value(label)), "at", (json_int_t)at);
}

static json_t *copies_view(const struct request *request, int64_t copies)
{
    json_t *list = json_array(), *label = words(request, "paper.qr");
    for (int64_t i = 1; i <= copies; i++)
        json_array_append_new(list, copy_view(request, label, i));
    json_decref(label);
    return list;
}

static json_t *directions_view(const struct request *request, const struct consultation *c)
{
    json_t *directions = json_array();
    for (size_t d = 0; d < c->direction_count; d++) {
        const struct direction *direction = &c->directions[d];
        json_t *measures = json_array();
        for (size_t i = 0; i < direction->measures; i++) {
            const struct measure *measure = &c->measures[direction->first_measure + i];
            json_t *view = json_pack("{s:s, s:s}", "code", measure->code, "text",
                                     measure->text.body[request->language]);
            if (measure->text.version > 1)
                json_object_set_new(view, "version", json_integer(measure->text.version));
            json_array_append_new(measures, view);
        }
        json_array_append_new(
            directions, json_pack("{s:s, s:s, s:o}", "code", direction->code, "title",
                                  direction->title.body[request->language], "measures", measures));
    }
    return directions;
}

/* 5 to 1, then no opinion: the figures are what a clerk types. */
static json_t *stances_view(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (int stance = STANCE_LAST; stance >= STANCE_NO_OPINION; stance--)
        json_array_append_new(list,
                              json_pack("{s:o, s:s}", "value", json_sprintf("%d", stance), "label",
                                        c->stance_labels[stance].body[request->language]));
    return list;
}

static json_t *sectors_view(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->sector_count; i++)
        json_array_append_new(list, json_string(c->sectors[i].label.body[request->language]));
    return list;
}

static json_t *identities_view(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (int kind = IDENTITY_NONE + 1; kind < IDENTITY_OPENID; kind++) {
        char key[64];
        snprintf(key, sizeof key, "answer.identity-%s",
                 identity_kind_name((enum identity_kind)kind));
        if (c->identity_kinds >> kind & 1)
            json_array_append_new(list, words(request, key));
    }
    return list;
}

static json_t *page_view(const struct request *request, const struct consultation *c,
                         int64_t copies)
{
    json_t *questions = question_texts(request, c);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o*, s:{s:o}}", "consultation",
                     entry_consultation(request, c), "copies", copies_view(request, copies), "most",
                     json_integer(COPIES_MOST), "directions", directions_view(request, c),
                     "stances", stances_view(request, c), "sectors", sectors_view(request, c),
                     "identities", identities_view(request, c), "questions", questions, "limits",
                     "priorities", wording_count(c->limits.priorities));
}

/* `asked`: what was typed as their number, or NULL. */
static void forms_show(struct request *request, const struct consultation *c, int64_t copies,
                       const char *asked, const struct faults *faults)
{
    char rest[ENTRY_ADDRESS];
    json_t *page = page_view(request, c, copies);
    json_t *field = json_pack("{s:s, s:o}", "value", asked && *asked ? asked : "1", "error",
                              desk_error(request, faults, "/copies"));
    json_object_set_new(page, "count", field);
    entry_address(c, "/paper-form", rest);
    reply_document(request, desk_document(request, &(struct desk_page){
                                                       .status = faults->count ? 422 : 200,
                                                       .template = "official_paper_form",
                                                       .title_key = "paper.title",
                                                       .rest = rest,
                                                       .faults = faults,
                                                       .page = page,
                                                   }));
}

enum handled official_paper_form_page(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 1);
    const char *asked = request_query(request, "copies");
    int64_t copies = 1;
    struct faults faults = {0};
    if (!consultation)
        return HANDLED;
    if (asked && *asked && !parse_integer(asked, 1, COPIES_MOST, &copies)) {
        faults_add(&faults, PROBLEM_NUMBER_INVALID, COPIES_MOST, "/copies");
        copies = 0;
    }
    if (faults.count || desk_record(request, "paper-forms-made", consultation->id,
                                    json_pack("{s:I, s:s}", "copies", (json_int_t)copies,
                                              "language", language_tag(request->language))))
        forms_show(request, consultation, copies, asked, &faults);
    consultation_release(consultation);
    return HANDLED;
}
