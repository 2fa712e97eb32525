/* ID tokens, checked; see id_token.h. cjose opens them and knows the signatures; what may be in
 * them is judged here. Nothing in a token's header but its algorithm and the key's name is
 * followed: no key that it brings, no address. */
#include "openid/id_token.h"

#include <cjose/cjose.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { LEEWAY_S = 60, AGE_MOST_S = 600, AUDIENCES_MOST = 16, RSA_TEXT_LEAST = 342 /* 2048 bits */ };

const char *id_token_fault_name(enum id_token_fault fault)
{
    static const char *const names[ID_TOKEN_FAULTS] = {
        [ID_TOKEN_GOOD] = "good",           [ID_TOKEN_MALFORMED] = "malformed",
        [ID_TOKEN_ALGORITHM] = "algorithm", [ID_TOKEN_KEY_UNKNOWN] = "key-unknown",
        [ID_TOKEN_SIGNATURE] = "signature", [ID_TOKEN_ISSUER] = "issuer",
        [ID_TOKEN_AUDIENCE] = "audience",   [ID_TOKEN_PARTY] = "party",
        [ID_TOKEN_EXPIRED] = "expired",     [ID_TOKEN_ISSUED] = "issued",
        [ID_TOKEN_STALE] = "stale",         [ID_TOKEN_NONCE] = "nonce",
        [ID_TOKEN_SUBJECT] = "subject",
    };
    return names[fault];
}

/* Which key an algorithm needs: members that make its public half, and no others, are given to the
 * library. */
static const struct algorithm {
    const char *name, *type, *curve;
    const char *members[3];
} algorithms[] = {
    {"RS256", "RSA", NULL, {"n", "e", NULL}},
    {"PS256", "RSA", NULL, {"n", "e", NULL}},
    {"ES256", "EC", "P-256", {"x", "y", NULL}},
};

static const struct algorithm *algorithm_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof algorithms / sizeof *algorithms; i++)
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

static bool is_text(const json_t *object, const char *name, const char *wanted, bool unsaid)
{
    const json_t *value = json_object_get(object, name);
    if (!value)
        return unsaid;
    return json_is_string(value) && strcmp(json_string_value(value), wanted) == 0;
}

/* cjose asserts what its base64url is like, which would end the process: nothing else reaches it.
 */
static bool is_encoded(const char *text, size_t length)
{
    unsigned char scratch[ID_TOKEN_MOST];
    size_t got = 0;
    bool ok = length > 0 && length <= sizeof scratch &&
              sodium_base642bin(scratch, sizeof scratch, text, length, NULL, &got, NULL,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    sodium_memzero(scratch, sizeof scratch);
    return ok;
}

/* Three parts, none of them empty (RFC 7515 §7.1). */
static bool token_is_encoded(const char *token)
{
    for (int dots = 0; dots < 3; dots++) {
        size_t length = strcspn(token, ".");
        if (!is_encoded(token, length) || (token[length] == '.') != (dots < 2))
            return false;
        token += length + 1;
    }
    return true;
}

static bool members_are_encoded(const json_t *key, const struct algorithm *algorithm)
{
    for (const char *const *member = algorithm->members; *member; member++) {
        const char *text = json_string_value(json_object_get(key, *member));
        if (!text || !is_encoded(text, strlen(text)))
            return false;
    }
    return true;
}

static bool key_fits(const json_t *key, const struct algorithm *algorithm, const char *id)
{
    const char *modulus = json_string_value(json_object_get(key, "n"));
    return is_text(key, "kid", id, false) && is_text(key, "kty", algorithm->type, false) &&
           is_text(key, "use", "sig", true) && is_text(key, "alg", algorithm->name, true) &&
           (!algorithm->curve || is_text(key, "crv", algorithm->curve, false)) &&
           (algorithm->curve || (modulus && strlen(modulus) >= RSA_TEXT_LEAST)) &&
           members_are_encoded(key, algorithm);
}

/* The public half of the key that the token names; NULL: there is none that fits. */
static cjose_jwk_t *key_find(const json_t *keys, const struct algorithm *algorithm, const char *id)
{
    const json_t *list = json_object_get(keys, "keys"), *key = NULL;
    for (size_t i = 0; id && i < json_array_size(list) && !key; i++)
        if (key_fits(json_array_get(list, i), algorithm, id))
            key = json_array_get(list, i);
    if (!key)
        return NULL;
    json_t *half = json_pack("{s:s}", "kty", algorithm->type);
    if (algorithm->curve)
        json_object_set_new(half, "crv", json_string(algorithm->curve));
    for (const char *const *member = algorithm->members; *member; member++)
        json_object_set(half, *member, json_object_get(key, *member));
    cjose_err error;
    cjose_jwk_t *made = half ? cjose_jwk_import_json(half, &error) : NULL;
    json_decref(half);
    return made;
}

static bool audience_is(const json_t *claims, const char *client)
{
    const json_t *audience = json_object_get(claims, "aud");
    if (!json_is_array(audience))
        return is_text(claims, "aud", client, false);
    bool ours = false;
    for (size_t i = 0; i < json_array_size(audience); i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        if (!one || i >= AUDIENCES_MOST)
            return false;
        ours = ours || strcmp(one, client) == 0;
    }
    return ours;
}

/* With several audiences it must say that it was made for us; if it says for whom, for us. */
static bool party_is(const json_t *claims, const char *client)
{
    return is_text(claims, "azp", client, json_array_size(json_object_get(claims, "aud")) < 2);
}

static bool nonce_is(const json_t *claims, const char *wanted)
{
    const char *nonce = json_string_value(json_object_get(claims, "nonce"));
    size_t length = strlen(wanted);
    return nonce && strlen(nonce) == length && sodium_memcmp(nonce, wanted, length) == 0;
}

/* As Core has it, a subject is at most 255 ASCII characters. */
static bool subject_is(const char *subject)
{
    if (!subject || !*subject || strlen(subject) > SUBJECT_MOST)
        return false;
    for (const char *p = subject; *p; p++)
        if (*p < 0x20 || *p > 0x7e)
            return false;
    return true;
}

/* Who asked for a max_age is told when it was (Core §2, auth_time). */
static bool is_fresh(const json_t *claims, int64_t now_s, int fresh_s)
{
    const json_t *signed_in = json_object_get(claims, "auth_time");
    return fresh_s == 0 || (json_is_integer(signed_in) &&
                            json_integer_value(signed_in) >= now_s - fresh_s - LEEWAY_S &&
                            json_integer_value(signed_in) <= now_s + LEEWAY_S);
}

static enum id_token_fault time_judge(const json_t *claims, int64_t now_s, int fresh_s)
{
    const json_t *expires = json_object_get(claims, "exp"),
                 *issued = json_object_get(claims, "iat"), *from = json_object_get(claims, "nbf");
    if (!json_is_integer(expires) || json_integer_value(expires) <= now_s - LEEWAY_S)
        return ID_TOKEN_EXPIRED;
    if (!json_is_integer(issued) || json_integer_value(issued) > now_s + LEEWAY_S ||
        json_integer_value(issued) < now_s - AGE_MOST_S)
        return ID_TOKEN_ISSUED;
    if (from && (!json_is_integer(from) || json_integer_value(from) > now_s + LEEWAY_S))
        return ID_TOKEN_ISSUED;
    return is_fresh(claims, now_s, fresh_s) ? ID_TOKEN_GOOD : ID_TOKEN_STALE;
}

static enum id_token_fault claims_judge(const json_t *claims, const struct id_token_wanted *wanted)
{
    if (!json_is_object(claims))
        return ID_TOKEN_MALFORMED;
    if (!is_text(claims, "iss", wanted->issuer, false))
        return ID_TOKEN_ISSUER;
    if (!audience_is(claims, wanted->client))
        return ID_TOKEN_AUDIENCE;
    if (!party_is(claims, wanted->client))
        return ID_TOKEN_PARTY;
    if (!nonce_is(claims, wanted->nonce))
        return ID_TOKEN_NONCE;
    if (!subject_is(json_string_value(json_object_get(claims, "sub"))))
        return ID_TOKEN_SUBJECT;
    return time_judge(claims, wanted->now_s, wanted->fresh_s);
}

/* `signed_token` was verified. */
static enum id_token_fault claims_check(cjose_jws_t *signed_token,
                                        const struct id_token_wanted *wanted, char **subject)
{
    uint8_t *plain = NULL; /* the token's own */
    size_t length = 0;
    cjose_err error;
    if (!cjose_jws_get_plaintext(signed_token, &plain, &length, &error))
        return ID_TOKEN_MALFORMED;
    json_t *claims = json_loadb((const char *)plain, length, JSON_REJECT_DUPLICATES, NULL);
    enum id_token_fault fault = claims_judge(claims, wanted);
    if (fault == ID_TOKEN_GOOD)
        *subject = strdup(json_string_value(json_object_get(claims, "sub")));
    if (fault == ID_TOKEN_GOOD && !*subject)
        fault = ID_TOKEN_MALFORMED;
    json_decref(claims);
    return fault;
}

static enum id_token_fault signed_check(cjose_jws_t *signed_token, const json_t *keys,
                                        const struct id_token_wanted *wanted, char **subject)
{
    cjose_err error;
    cjose_header_t *header = cjose_jws_get_protected(signed_token);
    const struct algorithm *algorithm =
        algorithm_find(cjose_header_get(header, CJOSE_HDR_ALG, &error));
    /* What must be understood (RFC 7515 §4.1.11) is not: nothing of the kind is. */
    if (!algorithm || json_object_get(header, "crit"))
        return ID_TOKEN_ALGORITHM;
    cjose_jwk_t *key = key_find(keys, algorithm, cjose_header_get(header, CJOSE_HDR_KID, &error));
    if (!key)
        return ID_TOKEN_KEY_UNKNOWN;
    enum id_token_fault fault = ID_TOKEN_SIGNATURE;
    if (cjose_jws_verify(signed_token, key, &error))
        fault = claims_check(signed_token, wanted, subject);
    cjose_jwk_release(key);
    return fault;
}

/* "none" has no signature and so is no token that is opened, like what is no token at all: told
 * apart, so that the log says what was tried. */
static enum id_token_fault unopened(const char *token)
{
    unsigned char head[512];
    size_t length = 0;
    const char *end = strchr(token, '.');
    if (!end || sodium_base642bin(head, sizeof head, token, (size_t)(end - token), NULL, &length,
                                  NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return ID_TOKEN_MALFORMED;
    json_t *header = json_loadb((const char *)head, length, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(header, "alg"));
    enum id_token_fault fault =
        name && !algorithm_find(name) ? ID_TOKEN_ALGORITHM : ID_TOKEN_MALFORMED;
    json_decref(header);
    return fault;
}

enum id_token_fault id_token_check(const char *token, const json_t *keys,
                                   const struct id_token_wanted *wanted, char **subject)
{
    cjose_err error;
    size_t length = strlen(token);
    *subject = NULL;
    if (length > ID_TOKEN_MOST)
        return ID_TOKEN_MALFORMED;
    if (!token_is_encoded(token))
        return unopened(token);
    cjose_jws_t *signed_token = cjose_jws_import(token, length, &error);
    if (!signed_token)
        return unopened(token);
    enum id_token_fault fault = signed_check(signed_token, keys, wanted, subject);
    cjose_jws_release(signed_token);
    return fault;
}
