/* The texts of a consultation, one after the other; see passage.h. */
#include "resources/passage.h"

#include "represent/markup.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { HEADS = 4, DIRECTION_TEXTS = 3 };

static bool set(struct passage *out, const char *label_key, const char *code,
                const struct text *text, const char *pattern)
{
    *out = (struct passage){.label_key = label_key, .code = code, .text = text};
    const char *place = strchr(pattern, '#');
    int before = place ? (int)(place - pattern) : (int)strlen(pattern);
    snprintf(out->key, sizeof out->key, "%.*s%s%s", before, pattern, code, place ? place + 1 : "");
    return true;
}

static bool head_at(const struct consultation *c, size_t place, struct passage *out)
{
    static const char *const keys[HEADS][2] = {{"title", "passage.title"},
                                               {"summary", "passage.summary"},
                                               {"introduction", "passage.introduction"},
                                               {"contact", "passage.contact"}};
    const struct text *const texts[HEADS] = {&c->title, &c->summary, &c->introduction, &c->contact};
    return set(out, keys[place][1], "", texts[place], keys[place][0]);
}

/* Of those that the consultation has. */
static bool contact_at(const struct consultation *c, size_t *place, struct passage *out)
{
    static const char *const keys[CONTACT_PARTS][2] = {
        [CONTACT_POST] = {"contact/post", "passage.contact-post"},
        [CONTACT_ADDRESS] = {"contact/address", "passage.contact-address"},
        [CONTACT_TELEPHONE] = {"contact/telephone", "passage.contact-telephone"},
        [CONTACT_EMAIL] = {"contact/email", "passage.contact-email"}};
    for (enum contact_part part = 0; part < CONTACT_PARTS; part++) {
        if (!c->contact_details[part].version)
            continue;
        if ((*place)-- == 0)
            return set(out, keys[part][1], "", &c->contact_details[part], keys[part][0]);
    }
    return false;
}

static bool direction_at(const struct direction *direction, size_t place, struct passage *out)
{
    static const char *const keys[DIRECTION_TEXTS][2] = {
        {"direction/#/title", "passage.direction-title"},
        {"direction/#/full-title", "passage.direction-full-title"},
        {"direction/#/background", "passage.direction-background"}};
    const struct text *const texts[DIRECTION_TEXTS] = {&direction->title, &direction->full_title,
                                                       &direction->background};
    return set(out, keys[place][1], direction->code, texts[place], keys[place][0]);
}

bool passage_at(const struct consultation *c, size_t place, struct passage *out)
{
    if (place < HEADS)
        return head_at(c, place, out);
    place -= HEADS;
    if (contact_at(c, &place, out))
        return true;
    for (size_t i = 0; i < c->direction_count; i++) {
        const struct direction *direction = &c->directions[i];
        if (place < DIRECTION_TEXTS)
            return direction_at(direction, place, out);
        place -= DIRECTION_TEXTS;
        if (place < direction->measures) {
            const struct measure *measure = &c->measures[direction->first_measure + place];
            return set(out, "passage.measure", measure->code, &measure->text, "measure/#");
        }
        place -= direction->measures;
    }
    if (place >= c->question_count)
        return false;
    const struct question *question = &c->questions[place];
    return set(out, "passage.question", question->code, &question->text, "question/#");
}

void passage_name(const struct passage *passage, char name[PASSAGE_NAME])
{
    snprintf(name, PASSAGE_NAME, "%s", passage->key);
    for (char *p = name; *p; p++)
        if (*p == '/')
            *p = '.';
}

bool passage_named(const struct consultation *consultation, const char *name, struct passage *out)
{
    char own[PASSAGE_NAME];
    for (size_t i = 0; passage_at(consultation, i, out); i++) {
        passage_name(out, own);
        if (strcmp(own, name) == 0)
            return true;
    }
    return false;
}

json_t *passage_label(const struct request *request, const struct passage *passage)
{
    json_t *context = json_pack("{s:s}", "code", passage->code);
    json_t *label =
        wording_string(service_of(request)->pages, request->language, passage->label_key, context);
    json_decref(context);
    return label;
}

json_t *corrections_view(const struct request *request, const struct consultation *consultation)
{
    json_t *list = NULL;
    struct passage passage;
    for (size_t i = 0; passage_at(consultation, i, &passage); i++) {
        const char *note = passage.text->note[request->language];
        if (!note)
            continue;
        list = list ? list : json_array();
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "label", passage_label(request, &passage),
                                        "note", markup_words(note, request->language)));
    }
    return list ? json_pack("{s:o}", "list", list) : NULL;
}
