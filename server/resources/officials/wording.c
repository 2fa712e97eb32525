/* Published wording corrected: which text, its new words and why in every language, looked at
 * beside the old ones, then done as the next version. */
#include "represent/wording.h"
#include "base/parse.h"
#include "domain/search.h"
#include "http/reply.h"
#include "represent/markup.h"
#include "resources/officials/publication.h"
#include "resources/officials/typed.h"
#include "resources/passage.h"
#include "resources/routes.h"
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* As the importer's document has it (domain/draft_rules). */
enum { TEXT_POINTS = 20000, NOTE_POINTS = 1000, REST = 128, WORDS = 256 };

/* The newest version, out of the database; strings live with the rows. */
struct present {
    struct rows rows;
    int version;
    const char *body[LANGUAGES];
};

struct correction {
    const struct consultation *consultation;
    struct passage passage;
    char rest[REST]; /* "/texts/measure.1-3" */
    struct present present;
};

/* False: a problem is set. */
static bool present_read(struct request *request, const char *key, struct present *out)
{
    struct params params = {0};
    rows_clear(&out->rows);
    params_int4(&params, request->official->consultation_id);
    params_text(&params, key);
    if (!desk_run(request, STATEMENT_WORDING_GET, &params, &out->rows))
        return false;
    if (rows_count(&out->rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    out->version = (int)row_int(&out->rows, 0, 0);
    for (int language = 0; language < LANGUAGES; language++)
        out->body[language] = row_text(&out->rows, 0, 1 + language);
    return true;
}

/* A text's beginning, for telling it from others; whole characters. New reference. */
static json_t *beginning(const char *text)
{
    size_t length = strlen(text);
    if (length <= WORDS)
        return json_string(text);
    length = WORDS;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return json_sprintf("%.*s…", (int)length, text);
}

enum handled wording_list_page(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct passage passage;
    json_t *texts = json_array();
    for (size_t i = 0; consultation && passage_at(consultation, i, &passage); i++) {
        char name[PASSAGE_NAME], own[REST], rest[PUBLICATION_REST];
        passage_name(&passage, name);
        snprintf(own, sizeof own, "/texts/%s", name);
        publication_rest(request, own, rest);
        json_array_append_new(
            texts, json_pack("{s:o, s:o, s:o, s:i, s:b}", "label", passage_label(request, &passage),
                             "href", desk_address(request, rest), "beginning",
                             beginning(passage.text->body[request->language]), "version",
                             passage.text->version, "corrected", passage.text->version > 1));
    }
    if (consultation)
        publication_show(request, "/texts",
                         &(struct desk_page){.status = 200,
                                             .template = "official_wordings",
                                             .title_key = "publication.correct",
                                             .is_looked_at = true,
                                             .page = json_pack("{s:O}", "texts", texts)});
    json_decref(texts);
    consultation_release(consultation);
    return HANDLED;
}

/* What both pages of a correction have. New reference. */
static json_t *page_of(const struct request *request, const struct correction *correction)
{
    char list[PUBLICATION_REST];
    publication_rest(request, "/texts", list);
    return json_pack("{s:o, s:i, s:o}", "label", passage_label(request, &correction->passage),
                     "version", correction->present.version, "list", desk_address(request, list));
}

/* The form: the words as they are, or as they were typed; then `present` says how they are, if that
 * is another version than the one that was corrected. */
static void form_show(struct request *request, const struct correction *correction, int status,
                      const struct form *form, const struct faults *faults)
{
    const struct present *present = &correction->present;
    json_t *page = page_of(request, correction);
    json_object_set_new(page, "texts",
                        json_pack("{s:o}", "list",
                                  typed_texts_view(request, form, "/text", "publication.text",
                                                   present->body, faults)));
    json_object_set_new(
        page, "notes",
        json_pack("{s:o}", "list",
                  typed_texts_view(request, form, "/note", "publication.note", NULL, faults)));
    if (status == problem_status(PROBLEM_CHANGED_MEANWHILE))
        json_object_set_new(page, "present",
                            json_pack("{s:o}", "list",
                                      typed_texts_view(request, NULL, "/text", "publication.text",
                                                       present->body, NULL)));
    publication_show(request, correction->rest,
                     &(struct desk_page){.status = status,
                                         .template = "official_wording",
                                         .title_key = "publication.correct",
                                         .is_looked_at = true,
                                         .faults = faults,
                                         .page = page});
}

static bool is_within(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The part in which two texts differ, in whole characters, of `text`. */
static struct search_span difference(const char *text, const char *other)
{
    size_t length = strlen(text), others = strlen(other), from = 0, tail = 0;
    while (from < length && from < others && text[from] == other[from])
        from++;
    while (from > 0 && is_within((unsigned char)text[from]))
        from--;
    while (tail < length - from && tail < others - from &&
           text[length - tail - 1] == other[others - tail - 1])
        tail++;
    while (tail > 0 && is_within((unsigned char)text[length - tail]))
        tail--;
    return (struct search_span){from, length - from - tail};
}

static json_t *marked(const char *text, const char *other)
{
    struct search_span span = difference(text, other);
    return markup_marked(text, &span, span.length ? 1 : 0);
}

static json_t *language_view(const struct request *request, enum language language)
{
    char key[32];
    snprintf(key, sizeof key, "language.%s", language_tag(language));
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

/* Old and new words side by side in every language. */
static void check_show(struct request *request, const struct correction *correction,
                       const struct typed_texts *bodies, const struct typed_texts *notes)
{
    json_t *page = page_of(request, correction), *list = json_array();
    for (int i = 0; i < LANGUAGES; i++) {
        enum language language = (enum language)i;
        const char *old = correction->present.body[i], *new = bodies->text[i];
        json_t *item = json_pack("{s:s, s:o, s:s}", "tag", language_tag(language), "label",
                                 language_view(request, language), "note", notes->text[i]);
        if (strcmp(old, new) != 0) {
            json_object_set_new(item, "old", marked(old, new));
            json_object_set_new(item, "new", marked(new, old));
        }
        json_array_append_new(list, item);
    }
    json_object_set_new(page, "texts", list);
    json_object_set_new(page, "carried", typed_carried(&request->form));
    publication_show(request, correction->rest,
                     &(struct desk_page){.status = 200,
                                         .template = "official_wording_check",
                                         .title_key = "publication.check-correction",
                                         .is_looked_at = true,
                                         .page = page});
}

/* Where a refusal of the database belongs in the form. */
static const char *refusal_pointer(enum language language)
{
    static const char *const pointers[LANGUAGES] = {"/text/zh-Hant", "/text/en", "/text/zh-Hans"};
    return pointers[language];
}

static void texts_add(struct params *params, const struct typed_texts *texts)
{
    array_begin(params, ELEMENT_TEXT);
    for (int language = 0; language < LANGUAGES; language++)
        array_text(params, texts->text[language]);
    array_end(params);
}

/* Does it, or shows the form again with why not. */
static void correction_confirm(struct request *request, struct correction *correction, int version,
                               const struct typed_texts *bodies, const struct typed_texts *notes)
{
    struct params params = {0};
    struct rows rows = {0};
    struct faults faults = {0};
    params_int4(&params, request->official->id);
    params_text(&params, request->official->network);
    params_int4(&params, request->official->consultation_id);
    params_text(&params, correction->passage.key);
    params_int2(&params, version);
    texts_add(&params, bodies);
    texts_add(&params, notes);
    if (desk_run(request, STATEMENT_WORDING_CORRECT, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0) {
            publication_done(request, "correction");
        } else if (present_read(request, correction->passage.key, &correction->present)) {
            enum problem_code code = desk_outcome(outcome);
            faults_add(&faults, code, 0, "%s", refusal_pointer(request->language));
            form_show(request, correction, problem_status(code), &request->form, &faults);
        }
    }
    rows_clear(&rows);
}

static bool is_same(const struct correction *correction, const struct typed_texts *bodies)
{
    for (int language = 0; language < LANGUAGES; language++)
        if (strcmp(correction->present.body[language], bodies->text[language]) != 0)
            return false;
    return true;
}

static void correction_answer(struct request *request, struct correction *correction)
{
    struct faults faults = {0};
    struct typed_texts bodies = {0}, notes = {0};
    const struct form *form = &request->form;
    enum typed_go go = typed_go(form);
    int64_t version = 0;
    bool named = parse_integer(form_text(form, "/version"), 1, 255, &version);
    bool whole = typed_texts(form, "/text", TEXT_POINTS, &bodies, &faults);
    typed_texts(form, "/note", NOTE_POINTS, &notes, &faults);
    if (whole && is_same(correction, &bodies))
        faults_add(&faults, PROBLEM_NOTHING_CHANGED, 0, "%s", refusal_pointer(request->language));
    if (!named)
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/version");
    else if (go == TYPED_CHANGE)
        form_show(request, correction, 200, form, NULL);
    else if (faults.count)
        form_show(request, correction, 422, form, &faults);
    else if (go == TYPED_CHECK)
        check_show(request, correction, &bodies, &notes);
    else
        correction_confirm(request, correction, (int)version, &bodies, &notes);
    typed_texts_clear(&bodies);
    typed_texts_clear(&notes);
}

/* Finds the text of the address, when words may be corrected at all; then goes on with `then`. */
static void with_correction(struct request *request,
                            void (*then)(struct request *, struct correction *))
{
    struct correction correction = {0};
    struct publication_state state;
    struct consultation *consultation = publication_consultation(request);
    correction.consultation = consultation;
    if (consultation && publication_read(request, &state)) {
        if (state.stage < STAGE_OPEN)
            reply_problem(request, PROBLEM_NOT_OPEN, NULL);
        else if (!passage_named(consultation, request_part(request, "text"), &correction.passage))
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        else if (present_read(request, correction.passage.key, &correction.present)) {
            snprintf(correction.rest, sizeof correction.rest, "/texts/%s",
                     request_part(request, "text"));
            then(request, &correction);
        }
    }
    rows_clear(&correction.present.rows);
    consultation_release(consultation);
}

static void correction_begin(struct request *request, struct correction *correction)
{
    form_show(request, correction, 200, NULL, NULL);
}

enum handled wording_page(struct request *request)
{
    with_correction(request, correction_begin);
    return HANDLED;
}

enum handled wording_form(struct request *request)
{
    with_correction(request, correction_answer);
    return HANDLED;
}
