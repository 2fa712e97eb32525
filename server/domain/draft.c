/* A checked document as the importer stores it; see draft.h. */
#include "domain/draft.h"

#include "domain/draft_rules.h"
#include "domain/window.h"

#include <stdio.h>
#include <string.h>

void draft_direction_code(size_t direction, char code[CODE_TEXT])
{
    snprintf(code, CODE_TEXT, "%u", (unsigned)(direction + 1) % 1000);
}

void draft_measure_code(size_t direction, size_t measure, char code[CODE_TEXT])
{
    snprintf(code, CODE_TEXT, "%u-%u", (unsigned)(direction + 1) % 100,
             (unsigned)(measure + 1) % 1000);
}

static long integer_at(const json_t *object, const char *name)
{
    long value = 0;
    draft_integer(json_object_get(object, name), &value);
    return value;
}

/* The rules bound the number of texts below the list's size. What is no words has one `value` for
 * all languages. */
static void add_text(struct draft *draft, const json_t *parent, const char *name,
                     const char *pointer, const char *key)
{
    struct draft_text *out = &draft->texts[draft->text_count++];
    const json_t *text = json_object_get(parent, name), *note = json_object_get(text, "note");
    snprintf(out->key, sizeof out->key, "%s", key);
    snprintf(out->pointer, sizeof out->pointer, "%s/%s", pointer, name);
    out->version = (int)integer_at(text, "version");
    const char *value = json_string_value(json_object_get(text, "value"));
    for (int language = 0; language < LANGUAGES; language++) {
        const char *tag = language_tag((enum language)language);
        out->body[language] = value ? value : json_string_value(json_object_get(text, tag));
        out->note[language] = json_string_value(json_object_get(note, tag));
    }
}

static void read_direction(struct draft *draft, size_t place, const json_t *direction)
{
    static const char *const parts[][2] = {
        {"title", "title"}, {"full_title", "full-title"}, {"background", "background"}};
    char code[CODE_TEXT], key[DRAFT_KEY_TEXT], pointer[DRAFT_KEY_TEXT];
    size_t index = 0;
    const json_t *measure = NULL, *measures = json_object_get(direction, "measures");
    draft_direction_code(place, code);
    snprintf(pointer, sizeof pointer, "/directions/%zu", place);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(key, sizeof key, "direction/%s/%s", code, parts[i][1]);
        add_text(draft, direction, parts[i][0], pointer, key);
    }
    draft->measures[place] = json_array_size(measures);
    json_array_foreach(measures, index, measure)
    {
        draft_measure_code(place, index, code);
        snprintf(key, sizeof key, "measure/%s", code);
        snprintf(pointer, sizeof pointer, "/directions/%zu/measures/%zu", place, index);
        add_text(draft, measure, "text", pointer, key);
    }
}

static void read_question(struct draft *draft, size_t place, const json_t *question)
{
    char code[CODE_TEXT], key[DRAFT_KEY_TEXT], pointer[DRAFT_KEY_TEXT];
    draft_direction_code(place, code);
    snprintf(key, sizeof key, "question/%s", code);
    snprintf(pointer, sizeof pointer, "/questions/%zu", place);
    add_text(draft, question, "text", pointer, key);
}

static void read_contact_details(struct draft *draft, const json_t *details)
{
    for (enum contact_part part = 0; part < CONTACT_PARTS; part++) {
        const char *name = contact_part_name(part);
        char key[DRAFT_KEY_TEXT];
        snprintf(key, sizeof key, DRAFT_CONTACT "%s", name);
        if (json_object_get(details, name))
            add_text(draft, details, name, "/contact_details", key);
    }
}

static void read_texts(struct draft *draft, const json_t *document)
{
    static const char *const heads[] = {"title", "summary", "introduction", "contact"};
    const json_t *item = NULL, *directions = json_object_get(document, "directions");
    const json_t *questions = json_object_get(document, "questions");
    size_t place = 0;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        add_text(draft, document, heads[i], "", heads[i]);
    read_contact_details(draft, json_object_get(document, "contact_details"));
    draft->direction_count = json_array_size(directions);
    json_array_foreach(directions, place, item) read_direction(draft, place, item);
    draft->question_count = json_array_size(questions);
    json_array_foreach(questions, place, item) read_question(draft, place, item);
    for (char code[] = "0"; code[0] < '0' + STANCES; code[0]++) {
        char key[] = "stance/0";
        key[sizeof key - 2] = code[0];
        add_text(draft, json_object_get(document, "stances"), code, "/stances", key);
    }
}

static void read_sectors(struct draft *draft, json_t *sectors)
{
    const char *code = NULL;
    json_t *label = NULL;
    json_object_foreach(sectors, code, label)
    {
        char key[DRAFT_KEY_TEXT];
        draft->sectors[draft->sector_count++] = code;
        snprintf(key, sizeof key, "sector/%s", code);
        add_text(draft, sectors, code, "/sectors", key);
    }
}

static void read_terms(struct draft *draft, json_t *terms)
{
    static const char *const parts[] = {"word", "forms", "meaning"};
    const char *code = NULL;
    json_t *term = NULL;
    json_object_foreach(terms, code, term)
    {
        char key[DRAFT_KEY_TEXT], pointer[DRAFT_KEY_TEXT];
        draft->terms[draft->term_count++] = code;
        snprintf(pointer, sizeof pointer, "/glossary/%s", code);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            snprintf(key, sizeof key, "term/%s/%s", code, parts[i]);
            add_text(draft, term, parts[i], pointer, key);
        }
    }
}

static void read_publication(struct publication *out, const json_t *from)
{
    *out = (struct publication){
        .release_interval_s = (int)integer_at(from, "release_interval_s"),
        .release_threshold = (int)integer_at(from, "release_threshold"),
        .blackout_s = (int)integer_at(from, "blackout_s"),
        .cell_minimum = (int)integer_at(from, "cell_minimum"),
        .percentage_base = (int)integer_at(from, "percentage_base"),
        .after_close = json_is_true(json_object_get(from, "after_close")),
    };
}

/* A document that says nothing of proofs takes what is declared. */
static void read_proofs(struct draft *draft, const json_t *proof)
{
    if (!proof || json_is_true(json_object_get(proof, "declared")))
        draft->proofs |= 1u << PROOF_DECLARED;
    if (json_is_true(json_object_get(proof, "email_code")))
        draft->proofs |= 1u << PROOF_EMAIL_CODE;
    if (json_is_true(json_object_get(proof, "openid")))
        draft->proofs |= 1u << PROOF_OPENID;
}

static void read_settings(struct draft *draft, const json_t *document)
{
    static const struct {
        const char *name;
        enum identity_kind kind;
    } kinds[] = {{"email", IDENTITY_EMAIL}, {"mobile", IDENTITY_MOBILE}, {"hkid", IDENTITY_HKID}};
    const json_t *settings = json_object_get(document, "settings");
    const json_t *limits = json_object_get(document, "limits");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_is_true(json_object_get(json_object_get(settings, "identity"), kinds[i].name)))
            draft->identity_kinds |= 1u << kinds[i].kind;
    read_proofs(draft, json_object_get(settings, "proof"));
    draft->grace_s = (int)integer_at(settings, "grace_s");
    draft->entry_days = (int)integer_at(settings, "entry_days");
    draft->limits = (struct limits){
        .remark_points = (int)integer_at(limits, "remark_points"),
        .question_points = (int)integer_at(limits, "question_points"),
        .name_points = (int)integer_at(limits, "name_points"),
        .priorities = (int)integer_at(limits, "priorities"),
    };
    read_publication(&draft->publication, json_object_get(settings, "publication"));
}

static void read_window(struct draft *draft, const json_t *window)
{
    const char *opens = json_string_value(json_object_get(window, "opens_at"));
    const char *closes = json_string_value(json_object_get(window, "closes_at"));
    draft->window_named = opens && closes && window_moment(opens, &draft->opens_us) &&
                          window_moment(closes, &draft->closes_us);
}

bool draft_read(const json_t *document, bool rehearsal, const struct draft_report *report,
                struct draft *out)
{
    const json_t *of_rehearsal = json_object_get(document, "rehearsal");
    if (rehearsal && !of_rehearsal) {
        report->fault(report->context, "/rehearsal", PROBLEM_REQUIRED, 0);
        return false;
    }
    *out = (struct draft){.rehearsal = rehearsal};
    snprintf(out->slug, sizeof out->slug, "%s%s",
             json_string_value(json_object_get(document, "slug")), rehearsal ? "-rehearsal" : "");
    read_texts(out, document);
    read_sectors(out, json_object_get(document, "sectors"));
    read_terms(out, json_object_get(document, "glossary"));
    read_settings(out, document);
    if (rehearsal) {
        out->days_back = (int)integer_at(of_rehearsal, "opens_days_back");
        read_publication(&out->publication, json_object_get(of_rehearsal, "publication"));
    } else {
        read_window(out, json_object_get(document, "window"));
    }
    return true;
}
