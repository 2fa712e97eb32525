/* The glossary of a consultation: whole, and what of it a page needs. */
#include "domain/glossary.h"

#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/glossary_view.h"
#include "resources/routes.h"
#include "service.h"

static json_t *term_view(const struct term *term, enum language language)
{
    return json_pack("{s:s, s:s, s:s}", "code", term->code, "word", term->word.body[language],
                     "meaning", term->meaning.body[language]);
}

json_t *glossary_words(const struct request *request, const struct consultation *c,
                       const char *const *texts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->term_count; i++) {
        bool occurs = false;
        for (size_t text = 0; text < count; text++)
            occurs = occurs || term_occurs(&c->terms[i], request->language, texts[text]);
        if (occurs)
            json_array_append_new(list, term_view(&c->terms[i], request->language));
    }
    if (json_array_size(list))
        return json_pack("{s:o, s:o}", "list", list, "href",
                         consultation_address(request, c, "/glossary"));
    json_decref(list);
    return NULL;
}

static json_t *term_model(const struct request *request, const struct consultation *c,
                          const struct term *term)
{
    json_t *model = term_view(term, request->language);
    json_t *page = consultation_address(request, c, "/glossary");
    json_object_set_new(model, "version", json_integer(term->meaning.version));
    json_object_set_new(
        model, "links",
        json_pack("{s:o}", "page", json_sprintf("%s#%s", json_string_value(page), term->code)));
    json_decref(page);
    return model;
}

enum handled glossary_get(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    if (!c)
        return HANDLED;
    json_t *list = json_array();
    for (size_t i = 0; i < c->term_count; i++)
        json_array_append_new(list, term_model(request, c, &c->terms[i]));
    reply_document(
        request, consultation_data(request, c,
                                   json_pack("{s:s, s:s, s:o}", "consultation", c->slug, "language",
                                             language_tag(request->language), "terms", list),
                                   "/glossary"));
    consultation_release(c);
    return HANDLED;
}

/* As schema.org has it: a set of defined terms. */
static json_t *linked_model(const struct request *request, const struct consultation *c)
{
    json_t *terms = json_array();
    for (size_t i = 0; i < c->term_count; i++)
        json_array_append_new(
            terms, json_pack("{s:s, s:s, s:s, s:s}", "@type", "DefinedTerm", "termCode",
                             c->terms[i].code, "name", c->terms[i].word.body[request->language],
                             "description", c->terms[i].meaning.body[request->language]));
    return json_pack("{s:s, s:o}", "@type", "DefinedTermSet", "hasDefinedTerm", terms);
}

enum handled glossary_page(struct request *request)
{
    struct consultation *c = consultation_of(request, 1);
    if (!c)
        return HANDLED;
    struct document *document = consultation_document(request, c, 200, "glossary", false);
    struct frame frame = {.title_key = "glossary.title"};
    if (document) {
        json_t *list = json_array();
        for (size_t i = 0; i < c->term_count; i++)
            json_array_append_new(list, term_view(&c->terms[i], request->language));
        if (json_array_size(list))
            json_object_set_new(document->page, "words", json_pack("{s:O}", "list", list));
        json_decref(list);
        document = consultation_finish(request, c, document, frame, "/glossary");
        document = consultation_shared(document, linked_model(request, c));
    }
    reply_document(request, document);
    consultation_release(c);
    return HANDLED;
}
