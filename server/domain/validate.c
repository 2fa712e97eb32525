/* From a JSON document to a checked submission, or all its faults. What is known of a field stands
 * in the tables; the readers say what is right for it. */
#include "domain/reader.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* More than any identity needs (RFC 5321 §4.5.3.1: 254 bytes), in whatever form it is typed. */
enum { IDENTITY_TEXT_MOST = 1024 };

static void read_kind(struct reader *reader, const char *name, json_t *value)
{
    static const char *const words[] = {
        [KIND_INDIVIDUAL] = "individual",
        [KIND_ORGANISATION] = "organisation",
    };
    int kind = reader_word(reader, name, value, words, sizeof words / sizeof *words);
    if (kind > 0)
        reader->out->kind = (enum respondent_kind)kind;
}

static void read_organisation(struct reader *reader, const char *name, json_t *value)
{
    size_t before = reader->faulty;
    char *text = reader_text(reader, name, value, reader->consultation->limits.name_points);
    if (text && reader->out->kind == KIND_INDIVIDUAL)
        reader_fault(reader, PROBLEM_NAME_NOT_ALLOWED, 0, name);
    if (!text && reader->out->kind == KIND_ORGANISATION && reader->faulty == before)
        reader_fault(reader, PROBLEM_REQUIRED, 0, name);
    reader->out->organisation = text;
}

static void read_sector(struct reader *reader, const char *name, json_t *value)
{
    const char *code = reader_string(reader, name, value);
    if (!code)
        return;
    const struct sector *sector = consultation_sector(reader->consultation, code);
    if (!sector)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else if (!(reader->out->sector = strdup(sector->code)))
        reader_fault(reader, PROBLEM_INTERNAL, 0, name);
}

static void read_language(struct reader *reader, const char *name, json_t *value)
{
    const char *tag = reader_string(reader, name, value);
    if (!tag)
        return;
    enum language language = language_find(tag);
    if (language == LANGUAGES)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else
        reader->out->language = language;
}

static void read_publication(struct reader *reader, const char *name, json_t *value)
{
    static const char *const words[] = {
        [CONSENT_NONE] = "none",
        [CONSENT_WITHOUT_NAME] = "without-name",
        [CONSENT_WITH_NAME] = "with-name",
    };
    int consent = reader_word(reader, name, value, words, sizeof words / sizeof *words);
    if (consent == CONSENT_WITH_NAME && reader->out->kind == KIND_INDIVIDUAL)
        reader_fault(reader, PROBLEM_NAME_NOT_ALLOWED, 0, name);
    else if (consent >= 0)
        reader->out->consent = (enum consent)consent;
    reader->unpublished = consent == CONSENT_NONE;
}

static void read_identity_kind(struct reader *reader, const char *name, json_t *value)
{
    static const char *const words[] = {
        [IDENTITY_EMAIL] = "email",
        [IDENTITY_MOBILE] = "mobile",
        [IDENTITY_HKID] = "hkid",
    };
    int kind = reader_word(reader, name, value, words, sizeof words / sizeof *words);
    if (kind < 0)
        return;
    if (reader->consultation->identity_kinds >> kind & 1)
        reader->out->identity_kind = (enum identity_kind)kind;
    else
        reader_fault(reader, PROBLEM_IDENTITY_KIND, 0, name);
}

/* Hashes a copy, so that the form can be shown again with what was typed; the input's own is wiped
 * on success. */
static void read_identity_value(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (!text || reader->out->identity_kind == IDENTITY_NONE)
        return;
    char copy[IDENTITY_TEXT_MOST];
    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy) {
        reader_fault(reader, PROBLEM_IDENTITY_INVALID, 0, name);
        sodium_memzero(copy, sizeof copy);
        return;
    }
    enum problem_code code = PROBLEM_UNAVAILABLE; /* the consultation's key is not there */
    if (reader->key)
        code = identity_hash(reader->key, reader->consultation->normalisation,
                             reader->consultation->id, reader->out->identity_kind, copy,
                             &reader->out->respondent);
    if (code != PROBLEM_NONE)
        reader_fault(reader, code, 0, name);
    reader->identity_value = value;
}

static void read_identity(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"kind", true, false, read_identity_kind},
        {"value", true, false, read_identity_value},
    };
    if (reader->amends) {
        reader_fault(reader, PROBLEM_UNKNOWN_FIELD, 0, name);
    } else if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    } else {
        size_t back = reader_enter(reader, name);
        reader_object(reader, value, fields, sizeof fields / sizeof *fields);
        reader_leave(reader, back);
    }
}

/* Whether it is right is judged by whoever knows the submission key. */
static void read_proof_of_work(struct reader *reader, const char *name, json_t *value)
{
    reader_string(reader, name, value);
}

/* What no single field can tell. */
static void check_whole(struct reader *reader, json_t *input)
{
    const struct submission *out = reader->out;
    if (out->kind == KIND_ORGANISATION && !json_object_get(input, "organisation"))
        reader_fault(reader, PROBLEM_REQUIRED, 0, "organisation");
    if (!reader->amends && !json_object_get(input, "identity"))
        reader_fault(reader, PROBLEM_REQUIRED, 0, "identity");
    bool said = reader->tried || out->priorities || out->remark_count;
    for (size_t i = 0; i < MEASURES_MOST; i++)
        said = said || out->stances[i] != STANCE_ABSENT;
    if (!said)
        reader_fault(reader, PROBLEM_NOTHING_SAID, 0, "answers");
}

bool submission_read(struct consultation *consultation, const struct identity_key *key,
                     json_t *input, bool amends, struct submission *out, struct faults *faults)
{
    /* In this order: whose name may be published depends on the kind, and each answer on the
     * consent of the whole. */
    static const struct field fields[] = {
        {"kind", true, false, read_kind},
        {"organisation", false, false, read_organisation},
        {"sector", false, false, read_sector},
        {"language", true, false, read_language},
        {"publication", true, false, read_publication},
        {"answers", false, true, read_answers},
        {"priorities", false, true, read_priorities},
        {"views", false, true, read_views},
        {"identity", false, false, read_identity},
        {"proof_of_work", false, false, read_proof_of_work},
    };
    struct reader reader = {
        .consultation = consultation,
        .key = key,
        .amends = amends,
        .out = out,
        .faults = faults,
    };
    *out = (struct submission){.consultation = consultation_hold(consultation)};
    memset(out->stances, STANCE_ABSENT, sizeof out->stances);
    if (!json_is_object(input)) {
        reader_fault(&reader, PROBLEM_WRONG_TYPE, 0, "");
        return false;
    }
    reader_object(&reader, input, fields, sizeof fields / sizeof *fields);
    check_whole(&reader, input);
    if (!reader.faulty && reader.identity_value)
        sodium_memzero((void *)(uintptr_t)json_string_value(reader.identity_value),
                       json_string_length(reader.identity_value));
    return !reader.faulty;
}
