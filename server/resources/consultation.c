/* Consultations: the list, one of them, and its page. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/passage.h"
#include "resources/proof.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

enum { CONSULTATIONS_MOST = 100 };

static json_t *links(const struct request *request, const struct consultation *c)
{
    static const char *const rests[] = {"directions", "measures",       "questions",
                                        "glossary",   "search",         "tally",
                                        "releases",   "reconciliation", "submissions"};
    json_t *links = json_pack("{s:o, s:o}", "self", json_sprintf("/v1/consultations/%s", c->slug),
                              "page", consultation_address(request, c, ""));
    for (size_t i = 0; links && i < sizeof rests / sizeof *rests; i++)
        json_object_set_new(links, rests[i],
                            json_sprintf("/v1/consultations/%s/%s", c->slug, rests[i]));
    return links;
}

static json_t *summary_model(const struct request *request, const struct consultation *c)
{
    char opens_at[RFC3339_TEXT], closes_at[RFC3339_TEXT];
    format_time(c->opens_us, opens_at);
    format_time(c->closes_us, closes_at);
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:I, s:o}", "slug", c->slug, "title",
                     c->title.body[request->language], "summary",
                     c->summary.body[request->language], "rehearsal", c->rehearsal ? 1 : 0, "state",
                     consultation_state(request, c), "opens_at", opens_at, "closes_at", closes_at,
                     "received",
                     (json_int_t)catalogue_received(service_of(request)->catalogue, c->id), "links",
                     links(request, c));
}

static json_t *directions_model(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    size_t count = consultation_is_withheld(request, c) ? 0 : c->direction_count;
    for (size_t i = 0; i < count; i++) {
        const struct direction *direction = &c->directions[i];
        json_t *codes = json_array();
        for (size_t m = 0; m < direction->measures; m++)
            json_array_append_new(codes,
                                  json_string(c->measures[direction->first_measure + m].code));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "code", direction->code, "title",
                                              direction->title.body[request->language], "measures",
                                              codes));
    }
    return list;
}

static json_t *stances_model(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (int code = STANCES - 1; code >= 0; code--)
        json_array_append_new(list, json_pack("{s:i, s:s}", "code", code, "label",
                                              c->stance_labels[code].body[request->language]));
    return list;
}

static json_t *sectors_model(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->sector_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "code", c->sectors[i].code, "label",
                                              c->sectors[i].label.body[request->language]));
    return list;
}

static json_t *identity_kinds_model(const struct consultation *c)
{
    json_t *list = json_array();
    for (int kind = IDENTITY_EMAIL; kind < IDENTITY_KINDS; kind++)
        if (c->identity_kinds & 1u << kind)
            json_array_append_new(list, json_string(identity_kind_name((enum identity_kind)kind)));
    return list;
}

static json_t *proofs_model(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (int kind = PROOF_DECLARED; kind < PROOF_KINDS; kind++)
        if (proof_is_offered(service_of(request), c, (enum proof_kind)kind))
            json_array_append_new(list, json_string(proof_kind_name((enum proof_kind)kind)));
    return list;
}

/* In the order in which they were made. */
static json_t *extensions_model(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->extension_count; i++) {
        const struct extension *extension = &c->extensions[i];
        char at[RFC3339_TEXT], from[RFC3339_TEXT], to[RFC3339_TEXT];
        format_time(extension->extended_us, at);
        format_time(extension->previous_us, from);
        format_time(extension->closes_us, to);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "extended_at", at,
                                              "previous_closes_at", from, "closes_at", to, "reason",
                                              extension->reason[request->language]));
    }
    return list;
}

/* Absent parts were not given. */
static json_t *contact_model(const struct request *request, const struct consultation *c)
{
    json_t *model = json_object();
    for (enum contact_part part = 0; part < CONTACT_PARTS; part++) {
        const char *text = c->contact_details[part].body[request->language];
        if (text)
            json_object_set_new(model, contact_part_name(part), json_string(text));
    }
    return model;
}

static json_t *whole_model(const struct request *request, const struct consultation *c)
{
    json_t *model = summary_model(request, c);
    json_t *more = json_pack(
        "{s:s, s:s, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:i, s:i, s:i, s:i},"
        " s:{s:i, s:i, s:i, s:i, s:i, s:b}}",
        "language", language_tag(request->language), "introduction",
        consultation_is_withheld(request, c) ? "" : c->introduction.body[request->language],
        "contact", c->contact.body[request->language], "contact_details", contact_model(request, c),
        "grace_seconds", (json_int_t)((c->grace_us - c->closes_us) / 1000000), "extensions",
        extensions_model(request, c), "directions", directions_model(request, c), "stances",
        stances_model(request, c), "sectors", sectors_model(request, c), "identity_kinds",
        identity_kinds_model(c), "proofs", proofs_model(request, c), "limits", "remark",
        c->limits.remark_points, "question", c->limits.question_points, "organisation",
        c->limits.name_points, "priorities", c->limits.priorities, "publication",
        "release_interval", c->publication.release_interval_s, "release_threshold",
        c->publication.release_threshold, "blackout", c->publication.blackout_s, "cell_minimum",
        c->publication.cell_minimum, "percentage_base", c->publication.percentage_base,
        "after_close", c->publication.after_close);
    bool ok = model && more && json_object_update(model, more) == 0;
    json_decref(more);
    if (ok)
        return model;
    json_decref(model);
    return NULL;
}

enum handled consultation_list(struct request *request)
{
    struct consultation *list[CONSULTATIONS_MOST];
    size_t count = catalogue_all(service_of(request)->catalogue, list, CONSULTATIONS_MOST);
    struct document *document = document_new(200, request->language);
    json_t *models = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(models, summary_model(request, list[i]));
        int64_t turns_us = consultation_turns(request, list[i]);
        if (document && turns_us && (!document->ends_us || turns_us < document->ends_us))
            document->ends_us = turns_us;
        consultation_release(list[i]);
    }
    if (document) {
        const char *tag = language_tag(request->language);
        document_say(document, json_pack("{s:s, s:O}", "language", tag, "consultations", models));
        document_alternate(document, "/%s", tag);
    }
    json_decref(models);
    reply_document(request, document);
    return HANDLED;
}

enum handled consultation_get(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 0);
    if (!consultation)
        return HANDLED;
    reply_document(
        request, consultation_data(request, consultation, whole_model(request, consultation), ""));
    consultation_release(consultation);
    return HANDLED;
}

/* As schema.org has it: a work whose parts are the directions. */
static json_t *linked_model(const struct request *request, const struct consultation *c)
{
    const char *site = service_of(request)->base_url;
    json_t *parts = json_array();
    size_t count = consultation_is_withheld(request, c) ? 0 : c->direction_count;
    for (size_t i = 0; i < count; i++) {
        json_t *address = direction_address(request, c, &c->directions[i]);
        json_array_append_new(parts,
                              json_pack("{s:s, s:s, s:o}", "@type", "CreativeWork", "name",
                                        c->directions[i].title.body[request->language], "url",
                                        json_sprintf("%s%s", site, json_string_value(address))));
        json_decref(address);
    }
    char opens_at[RFC3339_TEXT], closes_at[RFC3339_TEXT];
    format_time(c->opens_us, opens_at);
    format_time(c->closes_us, closes_at);
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "@type", "CreativeWork", "name",
                     c->title.body[request->language], "abstract",
                     c->summary.body[request->language], "temporalCoverage",
                     json_sprintf("%s/%s", opens_at, closes_at), "hasPart", parts);
}

enum handled consultation_page(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 1);
    if (!consultation)
        return HANDLED;
    struct document *document =
        consultation_document(request, consultation, 200, "consultation", true);
    if (document) {
        json_object_set_new(document->page, "directions", direction_doors(request, consultation));
        json_t *questions = question_texts(request, consultation);
        if (questions)
            json_object_set_new(document->page, "questions", questions);
        json_t *corrections = corrections_view(request, consultation);
        if (corrections)
            json_object_set_new(document->page, "corrections", corrections);
        json_object_set_new(document->page, "tally",
                            tally_view(consultation, TALLY_WHOLE, NULL, request->language,
                                       service_of(request)->pages));
        struct frame frame = {.title = consultation->title.body[request->language]};
        document = consultation_finish(request, consultation, document, frame, "");
        document = consultation_shared(document, linked_model(request, consultation));
    }
    reply_document(request, document);
    consultation_release(consultation);
    return HANDLED;
}
