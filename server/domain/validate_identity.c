/* Reading who takes part: an identity that is said, the proof of one, or what asks for a proof. */
#include "domain/proof.h"
#include "domain/reader.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any identity needs (RFC 5321 §4.5.3.1: 254 bytes), in whatever form it is typed. */
enum { IDENTITY_TEXT_MOST = 1024 };

static void read_identity_kind(struct reader *reader, const char *name, json_t *value)
{
    static const char *const words[] = {
        [IDENTITY_EMAIL] = "email",
        [IDENTITY_MOBILE] = "mobile",
        [IDENTITY_HKID] = "hkid",
        [IDENTITY_OPENID] = "openid",
    };
    int kind = reader_word(reader, name, value, words, sizeof words / sizeof *words);
    if (kind < 0)
        return;
    bool taken = reader->consultation->identity_kinds >> kind & 1;
    if (kind == IDENTITY_OPENID) /* nobody can say it: a provider does, when it is asked */
        taken = reader->address && reader->consultation->proofs >> PROOF_OPENID & 1;
    else if (reader->address)
        taken = taken && kind == IDENTITY_EMAIL;
    if (taken)
        reader->out->identity_kind = (enum identity_kind)kind;
    else
        reader_fault(reader, PROBLEM_IDENTITY_KIND, 0, name);
}

/* The one form of it, for whoever writes to it. */
static void keep_address(struct reader *reader, const char *value)
{
    char *normal = identity_normalise(reader->out->identity_kind, value);
    if (!normal)
        return; /* identity_hash says so */
    snprintf(reader->address, PROOF_ADDRESS, "%s", normal);
    sodium_memzero(normal, strlen(normal));
    free(normal);
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
    if (reader->address)
        keep_address(reader, copy);
    enum problem_code code = PROBLEM_UNAVAILABLE; /* the consultation's key is not there */
    if (reader->key)
        code = identity_hash(reader->key, reader->consultation->normalisation,
                             reader->consultation->id, reader->out->identity_kind, copy,
                             &reader->out->respondent);
    sodium_memzero(copy, sizeof copy);
    if (code != PROBLEM_NONE)
        reader_fault(reader, code, 0, name);
    reader->identity_value = value;
}

static void read_inside(struct reader *reader, const char *name, json_t *value,
                        const struct field *fields, size_t count)
{
    if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
        return;
    }
    size_t back = reader_enter(reader, name);
    reader_object(reader, value, fields, count);
    reader_leave(reader, back);
}

void read_identity(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"kind", true, false, read_identity_kind},
        {"value", true, false, read_identity_value},
    };
    const char *kind = json_string_value(json_object_get(value, "kind"));
    bool unsaid = reader->address && kind && strcmp(kind, identity_kind_name(IDENTITY_OPENID)) == 0;
    if (reader->rule == IDENTITY_OF_OTHER)
        reader_fault(reader, PROBLEM_UNKNOWN_FIELD, 0, name);
    else
        read_inside(reader, name, value, fields, unsaid ? 1 : sizeof fields / sizeof *fields);
}

static void read_challenge_id(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (text && !parse_uuid(text, &reader->out->challenge))
        reader_fault(reader, PROBLEM_CHALLENGE_EXPIRED, 0, name);
}

static void read_code(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (text && !proof_code_read(text, reader->out->proof_code))
        reader_fault(reader, *text ? PROBLEM_PROOF_WRONG : PROBLEM_REQUIRED, 0, name);
}

void read_proof(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"challenge", true, false, read_challenge_id},
        {"code", false, false, read_code},
    };
    bool declared = reader->consultation->proofs & 1u << PROOF_DECLARED;
    reader->out->with_proof = true;
    if (reader->rule == IDENTITY_OF_OTHER)
        reader_fault(reader, PROBLEM_UNKNOWN_FIELD, 0, name);
    else if (!(reader->consultation->proofs & (1u << PROOF_EMAIL_CODE | 1u << PROOF_OPENID)))
        reader_fault(reader, PROBLEM_PROOF_NOT_TAKEN, 0, name);
    else
        read_inside(reader, name, value, fields, sizeof fields / sizeof *fields);
    if (json_is_object(value) && !json_object_get(value, "code") && !declared)
        reader_fault(reader, PROBLEM_REQUIRED, 0, "proof/code");
}

void check_identity(struct reader *reader, const json_t *input)
{
    bool said = json_object_get(input, "identity") != NULL;
    bool attested = reader->rule == IDENTITY_ATTESTED;
    if (reader->rule == IDENTITY_OF_OTHER || reader->rule == IDENTITY_NOT_NEEDED)
        return;
    if (reader->out->with_proof) {
        if (said) /* it is the challenge's */
            reader_fault(reader, PROBLEM_UNKNOWN_FIELD, 0, "identity");
    } else if (!attested && !(reader->consultation->proofs & 1u << PROOF_DECLARED)) {
        reader_fault(reader, PROBLEM_PROOF_REQUIRED, 0, "proof");
    } else if (!said) {
        reader_fault(reader, PROBLEM_REQUIRED, 0, "identity");
    }
}

static void read_submission_key(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (text && !parse_uuid(text, &reader->out->key))
        reader_fault(reader, PROBLEM_KEY_INVALID, 0, name);
}

static void read_send_number(struct reader *reader, const char *name, json_t *value)
{
    if (json_is_boolean(value))
        reader->send_number = json_is_true(value);
    else
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
}

bool challenge_read(struct consultation *consultation, const struct identity_key *key,
                    json_t *input, enum language usual, struct challenge *out,
                    struct faults *faults)
{
    static const struct field fields[] = {
        {"identity", true, false, read_identity},
        {"submission_key", true, false, read_submission_key},
        {"language", false, false, read_language},
        {"send_number", false, false, read_send_number},
    };
    struct submission about = {.language = usual};
    struct reader reader = {.consultation = consultation,
                            .key = key,
                            .out = &about,
                            .faults = faults,
                            .address = out->address};
    *out = (struct challenge){0};
    if (json_is_object(input))
        reader_object(&reader, input, fields, sizeof fields / sizeof *fields);
    else
        reader_fault(&reader, PROBLEM_WRONG_TYPE, 0, "");
    reader_wipe(&reader);
    out->submission_key = about.key;
    out->identity_kind = about.identity_kind;
    out->respondent = about.respondent;
    out->language = about.language;
    out->send_number = reader.send_number;
    sodium_memzero(&about, sizeof about);
    return !reader.faulty;
}

static void read_renewing_proof(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"challenge", true, false, read_challenge_id},
        {"code", true, false, read_code},
    };
    read_inside(reader, name, value, fields, sizeof fields / sizeof *fields);
}

bool renewal_read(struct consultation *consultation, json_t *input, struct renewal *out,
                  struct faults *faults)
{
    static const struct field fields[] = {{"proof", true, false, read_renewing_proof}};
    struct submission about = {0};
    struct reader reader = {.consultation = consultation, .out = &about, .faults = faults};
    if (json_is_object(input))
        reader_object(&reader, input, fields, sizeof fields / sizeof *fields);
    else
        reader_fault(&reader, PROBLEM_WRONG_TYPE, 0, "");
    *out = (struct renewal){.challenge = about.challenge};
    memcpy(out->code, about.proof_code, sizeof out->code);
    sodium_memzero(&about, sizeof about);
    return !reader.faulty;
}
