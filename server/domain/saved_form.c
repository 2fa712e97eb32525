/* A form's state kept under a return code; see saved_form.h. */
#include "domain/saved_form.h"

#include "domain/crockford.h"
#include "domain/wipe.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    CODE_OWN = RETURN_CODE_TEXT - CROCKFORD_CHECK,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
static_assert(NONCE + TAG == SAVED_FORM_AROUND, "what stands around the padded bytes");
static_assert(RETURN_CODE_TEXT >= crypto_generichash_KEYBYTES_MIN, "a code is a key of BLAKE2b");
static_assert((int)SAVED_FORM_MOST > (int)FORM_STATE_BYTES_MOST, "every state fits");

static const char find_tag[] = "consultation-saved-form-find-v1";
static const char key_tag[] = "consultation-saved-form-key-v1";

void return_code_make(const struct clock *clock, char code[RETURN_CODE_TEXT + 1])
{
    unsigned char bytes[(CODE_OWN * 5 + 7) / 8];
    clock_random(clock, bytes, sizeof bytes);
    crockford_write(bytes, CODE_OWN, code);
    crockford_check(code, CODE_OWN, code + CODE_OWN);
    code[RETURN_CODE_TEXT] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

bool return_code_read(const char *typed, char code[RETURN_CODE_TEXT + 1])
{
    char check[CROCKFORD_CHECK];
    if (!crockford_read(typed, RETURN_CODE_TEXT, code))
        return false;
    crockford_check(code, CODE_OWN, check);
    if (memcmp(check, code + CODE_OWN, CROCKFORD_CHECK) == 0)
        return true;
    sodium_memzero(code, RETURN_CODE_TEXT);
    return false;
}

static void derive(const char code[RETURN_CODE_TEXT + 1], const char *tag, struct digest *out)
{
    crypto_generichash(out->bytes, DIGEST_BYTES, (const unsigned char *)tag, strlen(tag),
                       (const unsigned char *)code, RETURN_CODE_TEXT);
}

void saved_form_find(const char code[RETURN_CODE_TEXT + 1], struct digest *out)
{
    derive(code, find_tag, out);
}

/* sodium_pad adds at least one byte. */
static size_t bucket_of(size_t length)
{
    size_t bucket = SAVED_FORM_LEAST;
    while (bucket <= length)
        bucket *= 2;
    return bucket;
}

unsigned char *saved_form_seal(const struct clock *clock, const char code[RETURN_CODE_TEXT + 1],
                               const char *slug, const struct form_state *state, size_t *length)
{
    struct form_state plain = *state;
    struct digest key;
    size_t bytes_length = 0, padded = 0;
    *plain.saved = '\0'; /* what opens it need not be within */
    char *bytes = form_state_write(&plain, slug, &bytes_length);
    size_t bucket = bytes ? bucket_of(bytes_length) : 0;
    unsigned char *sealed = bytes ? malloc(SAVED_FORM_AROUND + bucket) : NULL;
    if (sealed) {
        unsigned char *body = sealed + NONCE;
        memcpy(body, bytes, bytes_length);
        sodium_pad(&padded, body, bytes_length, bucket, bucket);
        clock_random(clock, sealed, NONCE);
        derive(code, key_tag, &key);
        crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body, padded,
                                                   (const unsigned char *)slug, strlen(slug), NULL,
                                                   sealed, key.bytes);
        *length = SAVED_FORM_AROUND + padded;
    }
    sodium_memzero(&key, sizeof key);
    sodium_memzero(plain.saved, sizeof plain.saved);
    wipe_free(bytes);
    return sealed;
}

enum sealed_form_outcome saved_form_open(const char code[RETURN_CODE_TEXT + 1], const char *slug,
                                         const void *bytes, size_t length, struct form_state *out)
{
    struct digest key;
    *out = (struct form_state){0};
    if (length < SAVED_FORM_AROUND + SAVED_FORM_LEAST ||
        length > SAVED_FORM_AROUND + SAVED_FORM_MOST)
        return SEALED_FORM_BROKEN;
    size_t padded = length - SAVED_FORM_AROUND, plain = 0;
    unsigned char *body = malloc(padded);
    if (!body)
        return SEALED_FORM_FAILED;
    const unsigned char *sealed = bytes;
    derive(code, key_tag, &key);
    bool ok = crypto_aead_xchacha20poly1305_ietf_decrypt(
                  body, NULL, NULL, sealed + NONCE, length - NONCE, (const unsigned char *)slug,
                  strlen(slug), sealed, key.bytes) == 0 &&
              sodium_unpad(&plain, body, padded, padded) == 0;
    enum sealed_form_outcome outcome =
        ok ? form_state_read((const char *)body, plain, slug, out) : SEALED_FORM_BROKEN;
    if (outcome == SEALED_FORM_OPENED)
        memcpy(out->saved, code, RETURN_CODE_TEXT + 1);
    sodium_memzero(&key, sizeof key);
    wipe_free(body);
    return outcome;
}
