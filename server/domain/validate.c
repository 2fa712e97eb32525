/* From a JSON document to a checked submission, or all its faults. What is known of a field stands
 * in the tables; the readers say what is right for it. */
#include "domain/reader.h"

#include <string.h>

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

void read_language(struct reader *reader, const char *name, json_t *value)
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
    check_identity(reader, input);
    bool said = reader->tried || out->priorities || out->remark_count;
    for (size_t i = 0; i < MEASURES_MOST; i++)
        said = said || out->stances[i] != STANCE_ABSENT;
    if (!said)
        reader_fault(reader, PROBLEM_NOTHING_SAID, 0, "answers");
}

bool submission_read(struct consultation *consultation, const struct identity_key *key,
                     json_t *input, enum identity_rule rule, struct submission *out,
                     struct faults *faults)
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
        {"proof", false, false, read_proof},
        {"proof_of_work", false, false, read_proof_of_work},
    };
    struct reader reader = {
        .consultation = consultation,
        .key = key,
        .rule = rule,
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
    reader_wipe(&reader);
    return !reader.faulty;
}
