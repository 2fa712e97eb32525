/* Sections of a response, and its document's bytes; see response.h. Reading one is
 * response_read.c's. */
#include "domain/response.h"

#include "base/text.h"

#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those that every consultation has. */
static const struct section fixed[SECTION_KINDS] = {
    [SECTION_SUMMARY] = {.code = "summary", .limit = 10000, .required = true},
    [SECTION_DIRECTION] = {.limit = 20000, .takes_stance = true},
    [SECTION_MEASURE] = {.limit = 20000, .takes_stance = true},
    [SECTION_QUESTION] = {.limit = 20000},
    [SECTION_EVIDENCE] = {.code = "evidence", .limit = 10000},
    [SECTION_INTERESTS] = {.code = "interests", .limit = 5000, .required = true},
    [SECTION_APPROVER] = {.code = "approver", .limit = 300, .required = true},
};

static const char *const media_types[] = {"application/pdf", "image/png", "image/jpeg",
                                          "image/webp"};

size_t sections_count(const struct consultation *consultation)
{
    return 4 + consultation->direction_count + consultation->measure_count +
           consultation->question_count;
}

static struct section section_of(enum section_kind kind, const char *of, size_t index, int wording)
{
    static const char *const words[SECTION_KINDS] = {
        [SECTION_DIRECTION] = "direction",
        [SECTION_MEASURE] = "measure",
        [SECTION_QUESTION] = "question",
    };
    struct section section = fixed[kind];
    section.kind = kind;
    section.index = index;
    section.wording = wording;
    if (words[kind])
        snprintf(section.code, sizeof section.code, "%s-%s", words[kind], of);
    return section;
}

/* A direction has three texts; the version of the whole is raised by each correction of one. */
static struct section section_direction(const struct consultation *consultation, size_t index)
{
    const struct direction *direction = &consultation->directions[index];
    int wording =
        direction->title.version + direction->full_title.version + direction->background.version;
    return section_of(SECTION_DIRECTION, direction->code, index, wording > 2 ? wording - 2 : 1);
}

struct section section_at(const struct consultation *consultation, size_t at)
{
    static const enum section_kind last[] = {SECTION_EVIDENCE, SECTION_INTERESTS, SECTION_APPROVER};
    if (at == 0)
        return section_of(SECTION_SUMMARY, "", 0, 0);
    at--;
    for (size_t i = 0; i < consultation->direction_count; i++) {
        const struct direction *direction = &consultation->directions[i];
        if (at == 0)
            return section_direction(consultation, i);
        if (at <= direction->measures) {
            size_t index = direction->first_measure + at - 1;
            const struct measure *measure = &consultation->measures[index];
            return section_of(SECTION_MEASURE, measure->code, index, measure->text.version);
        }
        at -= 1 + direction->measures;
    }
    if (at < consultation->question_count) {
        const struct question *question = &consultation->questions[at];
        char ordinal[12];
        snprintf(ordinal, sizeof ordinal, "%d", question->ordinal);
        return section_of(SECTION_QUESTION, ordinal, at, question->text.version);
    }
    at -= consultation->question_count;
    return section_of(last[at < 3 ? at : 2], "", 0, 0);
}

size_t section_find(const struct consultation *consultation, const char *code)
{
    for (size_t at = 0; at < sections_count(consultation); at++)
        if (strcmp(section_at(consultation, at).code, code) == 0)
            return at;
    return SIZE_MAX;
}

enum problem_code section_text(const struct section *section, const char *bytes, size_t length,
                               char **text, long *over)
{
    char *normal = NULL;
    size_t trimmed = 0;
    *text = NULL;
    if (!text_normalise(bytes, length, &normal))
        return PROBLEM_BAD_TEXT;
    /* What stands before the first word stays: white space may mean something in Markdown there. */
    const char *first = text_trim(normal, &trimmed);
    normal[trimmed ? (size_t)(first - normal) + trimmed : 0] = '\0';
    long points = (long)text_points(normal);
    if (points > section->limit) {
        free(normal);
        if (over)
            *over = points - section->limit;
        return PROBLEM_TOO_LONG;
    }
    *text = normal;
    return PROBLEM_NONE;
}

bool response_init(struct response *out, struct consultation *consultation)
{
    *out = (struct response){.consultation = consultation_hold(consultation)};
    out->sections = calloc(sections_count(consultation), sizeof *out->sections);
    for (size_t i = 0; out->sections && i < sections_count(consultation); i++)
        out->sections[i].stance = STANCE_ABSENT;
    return out->sections != NULL;
}

void response_clear(struct response *response)
{
    for (size_t i = 0; response->sections && i < sections_count(response->consultation); i++)
        free(response->sections[i].text);
    for (size_t i = 0; i < response->attachment_count; i++)
        free(response->attachments[i].name);
    free(response->sections);
    free(response->attachments);
    consultation_release(response->consultation);
    *response = (struct response){0};
}

bool response_put(struct response *response, const char *code, int stance, int wording,
                  const char *text)
{
    size_t at = section_find(response->consultation, code);
    if (at == SIZE_MAX)
        return false;
    char *copy = text && *text ? strdup(text) : NULL;
    if (text && *text && !copy)
        return false;
    struct response_section *section = &response->sections[at];
    free(section->text);
    *section = (struct response_section){.stance = stance, .wording = wording, .text = copy};
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct response_attachment *)a)->name,
                  ((const struct response_attachment *)b)->name);
}

bool response_attach(struct response *response, const char *name, const char *media_type,
                     int64_t bytes, const struct digest *sha256)
{
    const char *type = NULL;
    for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++)
        if (strcmp(media_types[i], media_type) == 0)
            type = media_types[i];
    size_t count = response->attachment_count;
    char *copy = type ? strdup(name) : NULL;
    struct response_attachment *more =
        copy ? realloc(response->attachments, (count + 1) * sizeof *more) : NULL;
    if (!more) {
        free(copy);
        return false;
    }
    more[count] = (struct response_attachment){
        .name = copy, .media_type = type, .bytes = bytes, .sha256 = *sha256};
    qsort(more, count + 1, sizeof *more, by_name);
    response->attachments = more;
    response->attachment_count = count + 1;
    return true;
}

bool response_section_says(const struct response_section *section)
{
    return section->stance != STANCE_ABSENT || (section->text && *section->text);
}

void response_missing(const struct response *response, struct faults *faults)
{
    bool said = false;
    for (size_t i = 0; i < sections_count(response->consultation); i++) {
        struct section section = section_at(response->consultation, i);
        bool says = response_section_says(&response->sections[i]);
        if (section.required && !says)
            faults_add(faults, PROBLEM_REQUIRED, 0, "/sections/%s", section.code);
        said = said || (says && (section.takes_stance || section.kind == SECTION_QUESTION));
    }
    if (!said)
        faults_add(faults, PROBLEM_NOTHING_SAID, 0, "/sections");
}

static json_t *section_document(const struct response_section *section)
{
    json_t *document = json_object();
    if (section->stance != STANCE_ABSENT)
        json_object_set_new(document, "stance", json_integer(section->stance));
    if (section->text)
        json_object_set_new(document, "text", json_string(section->text));
    if (section->wording > 0)
        json_object_set_new(document, "version", json_integer(section->wording));
    return document;
}

static json_t *attachment_document(const struct response_attachment *attachment)
{
    char sha256[2 * DIGEST_BYTES + 1];
    digest_hex(&attachment->sha256, sha256);
    return json_pack("{ss ss sI ss}", "name", attachment->name, "media_type",
                     attachment->media_type, "bytes", (json_int_t)attachment->bytes, "sha256",
                     sha256);
}

char *response_canonical(const struct response *response, size_t *length)
{
    json_t *sections = json_object(), *attachments = json_array();
    for (size_t i = 0; i < sections_count(response->consultation); i++)
        if (response_section_says(&response->sections[i]))
            json_object_set_new(sections, section_at(response->consultation, i).code,
                                section_document(&response->sections[i]));
    for (size_t i = 0; i < response->attachment_count; i++)
        json_array_append_new(attachments, attachment_document(&response->attachments[i]));
    json_t *document = json_pack(
        "{ss ss ss ss ss si so so}", "format", "institutional-response-v1", "consultation",
        response->consultation->slug, "institution", response->institution, "number",
        response->number, "language", language_tag(response->language), "publish",
        response->publish ? 1 : 0, "sections", sections, "attachments", attachments);
    char *text = document ? json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(document);
    if (text)
        *length = strlen(text);
    return text;
}

void response_digest(const char *document, size_t length, struct digest *out)
{
    static_assert(crypto_hash_sha256_BYTES == DIGEST_BYTES, "a digest is 32 bytes");
    crypto_hash_sha256(out->bytes, (const unsigned char *)document, length);
}
