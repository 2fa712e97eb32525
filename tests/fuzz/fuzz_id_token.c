/* What a provider sends, in three places: a token as it is (nobody else's is ever good), the claims
 * of one that is rightly signed, and a set of keys or the provider's own document. */
#include "openid/id_token.h"
#include "openid/metadata.h"

#include <cjose/cjose.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct id_token_wanted wanted = {
    .issuer = "https://p.example", .client = "us", .nonce = "n-1", .now_s = 1800000000};
static cjose_jwk_t *pair;
static json_t *keys;

static void keys_make(void)
{
    cjose_err error;
    pair = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
    char *text = pair ? cjose_jwk_to_json(pair, false, &error) : NULL;
    json_t *key = text ? json_loads(text, 0, NULL) : NULL;
    if (!key)
        abort();
    json_object_set_new(key, "kid", json_string("one"));
    keys = json_pack("{s:[o]}", "keys", key);
    free(text);
}

static enum id_token_fault check(const char *token, const json_t *set)
{
    char *subject = NULL;
    enum id_token_fault fault = id_token_check(token, set, &wanted, &subject);
    if ((fault == ID_TOKEN_GOOD) != (subject != NULL))
        abort();
    if (subject && (!*subject || strlen(subject) > SUBJECT_MOST))
        abort();
    free(subject);
    return fault;
}

static void signed_check(const uint8_t *data, size_t size)
{
    cjose_err error;
    const char *token = NULL;
    json_t *header = json_pack("{s:s, s:s}", "alg", "ES256", "kid", "one");
    json_t *set = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    cjose_jws_t *made = cjose_jws_sign(pair, header, data, size, &error);
    if (made && cjose_jws_export(made, &token, &error)) {
        check(token, keys);
        if (check(token, set) == ID_TOKEN_GOOD) /* by a key that is not the pair's */
            abort();
    }
    cjose_jws_release(made);
    json_decref(set);
    json_decref(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct metadata metadata;
    if (!keys)
        keys_make();
    char *text = calloc(1, size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    if (check(text, keys) == ID_TOKEN_GOOD)
        abort();
    signed_check(data, size);
    metadata_read(text, size, "https://p.example", &metadata);
    free(text);
    return 0;
}
