/* Public halves of the receipt keys as a JWK Set (RFC 7517; Ed25519 as an OKP key, RFC 8037),
 * written and read. */
#include "domain/keys.h"

#include "domain/keys_memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* base64url without padding (RFC 4648 §5) of 32 bytes, with its NUL. */
enum { X_TEXT = sodium_base64_ENCODED_LEN(PUBLIC_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) };

json_t *keys_jwks(const struct keys *keys)
{
    json_t *list = json_array();
    for (size_t i = keys->receipt_count; i-- > 0;) {
        const struct receipt_key *key = &keys->receipts[i];
        char x[X_TEXT], id[KEY_ID_TEXT];
        sodium_bin2base64(x, sizeof x, key->public_half, PUBLIC_BYTES,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        keys_id_text(key->id, id);
        json_array_append_new(list, json_pack("{ss ss ss ss ss ss}", "kty", "OKP", "crv", "Ed25519",
                                              "use", "sig", "alg", "EdDSA", "kid", id, "x", x));
    }
    return json_pack("{so}", "keys", list);
}

static bool key_read(const json_t *jwk, struct receipt_key *key)
{
    const char *kty = json_string_value(json_object_get(jwk, "kty"));
    const char *crv = json_string_value(json_object_get(jwk, "crv"));
    const char *kid = json_string_value(json_object_get(jwk, "kid"));
    const char *x = json_string_value(json_object_get(jwk, "x"));
    size_t length = 0;
    if (!kty || !crv || !kid || !x || strcmp(kty, "OKP") != 0 || strcmp(crv, "Ed25519") != 0)
        return false;
    key->id = keys_id_read(kid);
    key->has_public = true;
    return key->id != 0 &&
           sodium_base642bin(key->public_half, PUBLIC_BYTES, x, strlen(x), NULL, &length, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           length == PUBLIC_BYTES;
}

struct keys *keys_from_jwks(const json_t *set)
{
    const json_t *list = json_object_get(set, "keys");
    size_t count = json_array_size(list);
    struct keys *keys = count ? calloc(1, sizeof *keys) : NULL;
    if (!keys)
        return NULL;
    keys->receipts = sodium_allocarray(count, sizeof *keys->receipts);
    bool ok = keys->receipts != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        keys->receipts[i] = (struct receipt_key){0};
        /* A set may hold keys of other kinds; those are passed over (RFC 7517 §5). */
        if (key_read(json_array_get(list, i), &keys->receipts[keys->receipt_count]))
            keys->receipt_count++;
    }
    if (ok && keys->receipt_count)
        return keys;
    keys_free(keys);
    return NULL;
}
