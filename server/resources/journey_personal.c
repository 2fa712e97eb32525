/* Personal data in what was written, and what its writer decides about it; see journey.h. */
#include "resources/journey.h"

#include "base/buf.h"
#include "domain/wipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands in place of something masked; shorter than anything that is found. */
static const char mask[] = "***";

/* More than anybody writes: every finding is held against all of them. */
enum { KEPT_MOST = 1000 };

static bool is_kept(const struct journey *journey, const char *text)
{
    const json_t *kept = journey->state.kept;
    for (size_t i = 0; i < json_array_size(kept); i++)
        if (strcmp(json_string_value(json_array_get(kept, i)), text) == 0)
            return true;
    return false;
}

static bool is_found(const struct journey *journey, const char *text)
{
    for (size_t i = 0; i < journey->finding_count; i++)
        if (strcmp(journey->findings[i].text, text) == 0)
            return true;
    return false;
}

static void finding_add(struct journey *journey, const char *pointer, const char *text,
                        const struct personal_finding *personal)
{
    char *own = strndup(text + personal->at, personal->length);
    if (!own || journey->finding_count == FINDINGS_MOST || is_kept(journey, own) ||
        is_found(journey, own)) {
        wipe_free(own);
        return;
    }
    struct finding *finding = &journey->findings[journey->finding_count++];
    *finding = (struct finding){.kind = personal->kind, .text = own};
    snprintf(finding->pointer, sizeof finding->pointer, "%s", pointer);
}

/* Calls `each` with every text that was written, in the order of the steps. */
static void texts_each(struct journey *journey,
                       void (*each)(struct journey *journey, const char *pointer, json_t *said,
                                    const char *member))
{
    const struct consultation *consultation = journey->consultation;
    char pointer[FAULT_POINTER];
    json_t *answers = json_object_get(journey->state.answers, "answers");
    json_t *views = json_object_get(journey->state.answers, "views");
    for (size_t i = 0; i < consultation->measure_count; i++) {
        const char *code = consultation->measures[i].code;
        snprintf(pointer, sizeof pointer, "/answers/%s/remark", code);
        each(journey, pointer, json_object_get(answers, code), "remark");
    }
    for (size_t i = 0; i < consultation->question_count; i++) {
        const char *code = consultation->questions[i].code;
        snprintf(pointer, sizeof pointer, "/views/%s/text", code);
        each(journey, pointer, json_object_get(views, code), "text");
    }
}

static void text_find(struct journey *journey, const char *pointer, json_t *said,
                      const char *member)
{
    struct personal_finding found[FINDINGS_MOST];
    const char *text = json_string_value(json_object_get(said, member));
    size_t count = text ? personal_data_find(text, found, FINDINGS_MOST) : 0;
    for (size_t i = 0; i < count; i++)
        finding_add(journey, pointer, text, &found[i]);
}

static void findings_clear(struct journey *journey)
{
    for (size_t i = 0; i < journey->finding_count; i++)
        wipe_free(journey->findings[i].text);
    journey->finding_count = 0;
}

void journey_find(struct journey *journey)
{
    findings_clear(journey);
    texts_each(journey, text_find);
}

static bool is_undecided(const struct journey *journey, const char *text)
{
    return !is_kept(journey, text);
}

/* The text with a mask wherever something `unwanted` was found in it, in one pass: what is found is
 * longer than its mask, so that there is room for all of it. */
static void text_mask(const struct journey *journey, json_t *said, const char *member,
                      bool (*unwanted)(const struct journey *journey, const char *text))
{
    const char *text = json_string_value(json_object_get(said, member));
    size_t most = text ? strlen(text) / sizeof mask + 1 : 0, from = 0;
    struct personal_finding *found = text ? calloc(most, sizeof *found) : NULL;
    size_t count = found ? personal_data_find(text, found, most) : 0;
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        char *own = strndup(text + found[i].at, found[i].length);
        if (own && unwanted(journey, own)) {
            buf_add(&out, text + from, found[i].at - from);
            buf_text(&out, mask);
            from = found[i].at + found[i].length;
        }
        wipe_free(own);
    }
    if (from) {
        buf_text(&out, text + from);
        if (buf_ok(&out))
            json_object_set_new(said, member, json_string(out.data));
    }
    buf_clear(&out);
    free(found);
}

static void found_mask(struct journey *journey, const char *pointer, json_t *said,
                       const char *member)
{
    (void)pointer;
    text_mask(journey, said, member, is_found);
}

static void undecided_mask(struct journey *journey, const char *pointer, json_t *said,
                           const char *member)
{
    (void)pointer;
    text_mask(journey, said, member, is_undecided);
}

void journey_mask_all(struct journey *journey)
{
    texts_each(journey, undecided_mask);
    journey_find(journey);
}

void journey_decide(struct journey *journey, const struct form *form)
{
    size_t left = 0;
    journey_find(journey);
    for (size_t i = 0; i < journey->finding_count; i++) {
        struct finding *finding = &journey->findings[i];
        char name[32];
        snprintf(name, sizeof name, "/personal/%zu", i);
        const char *decision = form_value(form, name);
        if (decision && strcmp(decision, "mask") == 0) {
            journey->findings[left++] = *finding;
            continue;
        }
        if (decision && strcmp(decision, "keep") == 0 &&
            json_array_size(journey->state.kept) < KEPT_MOST)
            json_array_append_new(journey->state.kept, json_string(finding->text));
        wipe_free(finding->text);
    }
    journey->finding_count = left;
    if (left)
        texts_each(journey, found_mask);
    findings_clear(journey);
}
