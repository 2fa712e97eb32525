/* Signed requests; see message_signature.h. Section numbers are RFC 9421's. */
#include "access/message_signature.h"

#include <stdio.h>
#include <string.h>

static const char *const filing_components[] = {"@method", "content-digest", "content-type", NULL};

const struct message_policy message_policy_filing = {
    .components = filing_components,
    .address = true,
    .age_most = 300,
    .skew = 60,
};

/* False, so that a check can end with it. */
static bool refuse(struct fault *fault, enum problem_code code, const char *what)
{
    *fault = (struct fault){.code = code};
    snprintf(fault->pointer, sizeof fault->pointer, "%s", what);
    return false;
}

/* The two fields, §4. False: `fault` is filled. */
static bool read_field(const struct message *message, const char *name, const char *title,
                       struct structured_dictionary **out, struct fault *fault)
{
    struct buf text = {.limit = STRUCTURED_FIELD};
    bool there = message->field(message->closure, name, 0) != NULL;
    if (message_field(message, name, &text))
        *out = structured_read(text.data ? text.data : "", text.length);
    buf_clear(&text);
    if (!there || (*out && !(*out)->count))
        return refuse(fault, PROBLEM_SIGNATURE_MISSING, title);
    return *out || refuse(fault, PROBLEM_SIGNATURE_MALFORMED, title);
}

static bool has_tag(const struct structured_member *member, const char *tag)
{
    const struct structured_value *value = structured_parameter(&member->item, "tag");
    return value && value->kind == STRUCTURED_STRING && strcmp(value->text, tag) == 0;
}

/* §3.2 step 1.1: which signature is meant; two that could be are refused. */
static bool choose(struct message_signature *out, const char *tag, struct fault *fault)
{
    for (size_t i = 0; i < out->input->count; i++) {
        const struct structured_member *member = &out->input->members[i];
        if (tag && !has_tag(member, tag))
            continue;
        if (out->covered)
            return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, "Signature-Input");
        out->covered = member;
    }
    if (!out->covered)
        return refuse(fault, PROBLEM_SIGNATURE_MISSING, "Signature-Input");
    out->label = out->covered->key;
    if (out->covered->item.value.kind != STRUCTURED_LIST ||
        out->covered->item_count > MESSAGE_COMPONENTS)
        return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, "Signature-Input");
    return true;
}

/* §4.2: the one of the same label. */
static bool take_bytes(const struct structured_dictionary *field, struct message_signature *out,
                       struct fault *fault)
{
    const struct structured_member *member = structured_member(field, out->label);
    if (!member)
        return refuse(fault, PROBLEM_SIGNATURE_MISSING, "Signature");
    if (member->item.value.kind != STRUCTURED_BYTES ||
        member->item.value.length != sizeof out->bytes)
        return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, "Signature");
    memcpy(out->bytes, member->item.value.text, sizeof out->bytes);
    return true;
}

static bool take_text(const struct message_signature *signature, const char *key, const char **out,
                      struct fault *fault)
{
    const struct structured_value *value = structured_parameter(&signature->covered->item, key);
    if (!value)
        return true;
    if (value->kind != STRUCTURED_STRING || !value->length || value->length > MESSAGE_TEXT)
        return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, key);
    *out = value->text;
    return true;
}

static bool take_time(const struct message_signature *signature, const char *key, int64_t *out,
                      struct fault *fault)
{
    const struct structured_value *value = structured_parameter(&signature->covered->item, key);
    if (!value)
        return true;
    if (value->kind != STRUCTURED_INTEGER || value->integer <= 0)
        return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, key);
    *out = value->integer;
    return true;
}

/* §2.3. Parameters that we do not know are part of what is signed, and are let be. */
static bool take_parameters(struct message_signature *out, const struct message_policy *policy,
                            struct fault *fault)
{
    const char *algorithm = NULL;
    if (!take_text(out, "keyid", &out->key_id, fault) ||
        !take_text(out, "nonce", &out->nonce, fault) || !take_text(out, "tag", &out->tag, fault) ||
        !take_text(out, "alg", &algorithm, fault) ||
        !take_time(out, "created", &out->created, fault) ||
        !take_time(out, "expires", &out->expires, fault))
        return false;
    if (algorithm && strcmp(algorithm, "ed25519") != 0)
        return refuse(fault, PROBLEM_SIGNATURE_UNSUPPORTED, "alg");
    if (!out->key_id)
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "keyid");
    if (!out->created)
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "created");
    if (policy->nonce && !out->nonce)
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "nonce");
    return true;
}

static bool is_timely(const struct message_signature *signature,
                      const struct message_policy *policy, int64_t now_s, struct fault *fault)
{
    if (signature->created > now_s + policy->skew || signature->created < now_s - policy->age_most)
        return refuse(fault, PROBLEM_SIGNATURE_UNTIMELY, "created");
    if (signature->expires && signature->expires <= now_s)
        return refuse(fault, PROBLEM_SIGNATURE_UNTIMELY, "expires");
    return true;
}

/* Plainly, without parameters, which would make another value of it. */
static bool covers(const struct message_signature *signature, const char *name)
{
    for (size_t i = 0; i < signature->covered->item_count; i++) {
        const struct structured_item *item = &signature->covered->items[i];
        if (item->value.kind == STRUCTURED_STRING && !item->parameter_count &&
            strcmp(item->value.text, name) == 0)
            return true;
    }
    return false;
}

static bool covers_enough(const struct message *message, const struct message_signature *signature,
                          const struct message_policy *policy, struct fault *fault)
{
    for (size_t i = 0; policy->components[i]; i++)
        if (!covers(signature, policy->components[i]))
            return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, policy->components[i]);
    if (!policy->address || covers(signature, "@target-uri"))
        return true;
    if (!covers(signature, "@authority"))
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "@authority");
    if (covers(signature, "@request-target"))
        return true;
    if (!covers(signature, "@path"))
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "@path");
    if (strchr(message->target, '?') && !covers(signature, "@query"))
        return refuse(fault, PROBLEM_SIGNATURE_INCOMPLETE, "@query");
    return true;
}

bool message_signature_read(const struct message *message, const struct message_policy *policy,
                            int64_t now_s, struct message_signature *out, struct fault *fault)
{
    struct structured_dictionary *bytes = NULL;
    *out = (struct message_signature){0};
    bool ok = read_field(message, "signature-input", "Signature-Input", &out->input, fault) &&
              read_field(message, "signature", "Signature", &bytes, fault) &&
              choose(out, policy->tag, fault) && take_bytes(bytes, out, fault) &&
              take_parameters(out, policy, fault) && is_timely(out, policy, now_s, fault) &&
              covers_enough(message, out, policy, fault);
    structured_free(bytes);
    if (!ok)
        message_signature_clear(out);
    return ok;
}

/* §2.5 step 2.1: the line's beginning, which must not have come before. */
static bool add_name(struct buf *out, const struct structured_member *covered, size_t nth)
{
    struct buf before = {0}, name = {0};
    bool twice = false;
    structured_write_item(&name, &covered->items[nth]);
    for (size_t i = 0; i < nth && !twice; i++) {
        buf_reset(&before);
        structured_write_item(&before, &covered->items[i]);
        twice = !buf_ok(&before) || !buf_ok(&name) || strcmp(before.data, name.data) == 0;
    }
    if (!twice && buf_ok(&name))
        buf_add(out, name.data, name.length);
    bool ok = !twice && buf_ok(&name);
    buf_text(out, ": ");
    buf_clear(&before);
    buf_clear(&name);
    return ok;
}

bool message_signature_base(const struct message *message, const struct structured_member *covered,
                            struct buf *out, struct fault *fault)
{
    for (size_t i = 0; i < covered->item_count; i++) {
        const struct structured_item *item = &covered->items[i];
        const char *what = item->value.kind == STRUCTURED_STRING ? item->value.text : "";
        if (!add_name(out, covered, i))
            return refuse(fault, PROBLEM_SIGNATURE_MALFORMED, what);
        enum problem_code code = message_component(message, item, out);
        if (code != PROBLEM_NONE)
            return refuse(fault, code, what);
        buf_byte(out, '\n');
    }
    buf_text(out, "\"@signature-params\": ");
    structured_write_list(out, covered);
    return buf_ok(out) || refuse(fault, PROBLEM_SIGNATURE_MALFORMED, "Signature-Input");
}

bool message_signature_verify(const struct message *message,
                              const struct message_signature *signature,
                              const unsigned char key[crypto_sign_PUBLICKEYBYTES],
                              struct fault *fault)
{
    struct buf base = {.limit = MESSAGE_BASE};
    bool ok = message_signature_base(message, signature->covered, &base, fault);
    if (ok && crypto_sign_verify_detached(signature->bytes, (const unsigned char *)base.data,
                                          base.length, key) != 0)
        ok = refuse(fault, PROBLEM_SIGNATURE_WRONG, "Signature");
    buf_clear(&base);
    return ok;
}

void message_signature_clear(struct message_signature *signature)
{
    structured_free(signature->input);
    *signature = (struct message_signature){0};
}
