/* A form's state between its steps; see sealed_form.h. */
#include "domain/sealed_form.h"

#include "domain/crockford.h"
#include "domain/wipe.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEAL_VERSION = 1,
    SEAL_HEAD = 1 + 2 + 4, /* version, master's id, day */
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEAL_LEAST = SEAL_HEAD + SEAL_NONCE + SEAL_TAG,
    PAD_BLOCK = 512,
    PADDED_MOST = FORM_STATE_BYTES_MOST + PAD_BLOCK,
    SEALED_MOST = SEAL_LEAST + PADDED_MOST,
    BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};
static const int64_t day_us = INT64_C(86400) * 1000000;

bool form_state_open(const struct clock *clock, struct form_state *out)
{
    *out = (struct form_state){.opened_us = clock_utc_us(clock)};
    clock_uuid(clock, &out->key);
    out->answers = json_object();
    out->kept = json_array();
    return out->answers && out->kept;
}

void form_state_clear(struct form_state *state)
{
    json_decref(state->answers);
    json_decref(state->kept);
    sodium_memzero(state, sizeof *state); /* a return code may be among it */
}

/* The members that not every form has. False: no memory. */
static bool rest_write(const struct form_state *state, json_t *whole)
{
    if (*state->amends &&
        json_object_set_new(whole, "amends",
                            json_pack("{s:s, s:i}", "number", state->amends, "generation",
                                      state->amends_generation)) != 0)
        return false;
    return !*state->saved || json_object_set_new(whole, "saved", json_string(state->saved)) == 0;
}

char *form_state_write(const struct form_state *state, const char *slug, size_t *length)
{
    char key[UUID_TEXT + 1], *bytes = NULL;
    format_uuid(&state->key, key);
    json_t *whole =
        json_pack("{s:s, s:s, s:I, s:O, s:O}", "consultation", slug, "key", key, "opened",
                  (json_int_t)state->opened_us, "answers", state->answers, "kept", state->kept);
    if (whole && rest_write(state, whole))
        bytes = json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(whole);
    *length = bytes ? strlen(bytes) : 0;
    if (*length <= FORM_STATE_BYTES_MOST)
        return bytes;
    wipe_free(bytes);
    return NULL;
}

enum sealed_form_outcome form_state_read(const char *bytes, size_t length, const char *slug,
                                         struct form_state *out)
{
    *out = (struct form_state){0};
    json_t *whole = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    const char *of = NULL, *key = NULL, *amends = NULL, *saved = NULL;
    json_int_t opened = 0;
    enum sealed_form_outcome outcome = SEALED_FORM_BROKEN;
    if (whole &&
        json_unpack(whole, "{s:s, s:s, s:I, s:O, s:O, s?{s:s, s:i !}, s?s !}", "consultation", &of,
                    "key", &key, "opened", &opened, "answers", &out->answers, "kept", &out->kept,
                    "amends", "number", &amends, "generation", &out->amends_generation, "saved",
                    &saved) == 0 &&
        json_is_object(out->answers) && json_is_array(out->kept) && parse_uuid(key, &out->key) &&
        (!amends || number_read(amends, out->amends)) &&
        (!saved || crockford_read(saved, RETURN_CODE_TEXT, out->saved))) {
        out->opened_us = opened;
        outcome = strcmp(of, slug) == 0 ? SEALED_FORM_OPENED : SEALED_FORM_FOREIGN;
    }
    json_decref(whole);
    return outcome;
}

/* Big-endian numbers. */
static void number_put(unsigned char *at, size_t bytes, uint32_t value)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static uint32_t number_get(const unsigned char *at, size_t bytes)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* The key of what bears this head: of its master and its day. */
static bool day_key(const struct keys *keys, const unsigned char *head, struct digest *key)
{
    return keys_derive(keys, (int)number_get(head + 1, 2), "form", head + 3, 4, key);
}

/* nonce and tag around `padded` bytes at `head + SEAL_HEAD + SEAL_NONCE`, sealed where they stand.
 */
static bool seal_in_place(const struct keys *keys, const struct clock *clock, unsigned char *head,
                          size_t padded)
{
    struct digest key;
    unsigned char *nonce = head + SEAL_HEAD, *body = nonce + SEAL_NONCE;
    head[0] = SEAL_VERSION;
    number_put(head + 1, 2, (uint32_t)keys_newest_master(keys));
    number_put(head + 3, 4, (uint32_t)(clock_utc_us(clock) / day_us));
    clock_random(clock, nonce, SEAL_NONCE);
    if (!day_key(keys, head, &key))
        return false;
    crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body, padded, head, SEAL_HEAD, NULL,
                                               nonce, key.bytes);
    sodium_memzero(&key, sizeof key);
    return true;
}

char *sealed_form_seal(const struct keys *keys, const struct clock *clock, const char *slug,
                       const struct form_state *state)
{
    size_t length = 0, padded = 0;
    char *text = NULL, *bytes = form_state_write(state, slug, &length);
    unsigned char *sealed = bytes ? malloc(SEAL_LEAST + length + PAD_BLOCK) : NULL;
    if (sealed) {
        unsigned char *body = sealed + SEAL_HEAD + SEAL_NONCE;
        memcpy(body, bytes, length);
        bool ok = sodium_pad(&padded, body, length, PAD_BLOCK, length + PAD_BLOCK) == 0 &&
                  seal_in_place(keys, clock, sealed, padded);
        if (!ok)
            sodium_memzero(body, length);
        size_t whole = SEAL_LEAST + padded, size = sodium_base64_ENCODED_LEN(whole, BASE64);
        text = ok ? malloc(size) : NULL;
        if (text)
            sodium_bin2base64(text, size, sealed, whole, BASE64);
    }
    wipe_free(bytes);
    free(sealed);
    return text;
}

/* Of what was decoded from base64url, opened where it stands. */
static enum sealed_form_outcome open_in_place(const struct keys *keys, const struct clock *clock,
                                              const char *slug, unsigned char *sealed, size_t whole,
                                              struct form_state *out)
{
    struct digest key;
    if (whole < SEAL_LEAST || sealed[0] != SEAL_VERSION || !day_key(keys, sealed, &key))
        return SEALED_FORM_BROKEN;
    /* A day ahead: servers' clocks differ around midnight. */
    int64_t age = clock_utc_us(clock) / day_us - (int64_t)number_get(sealed + 3, 4);
    unsigned char *nonce = sealed + SEAL_HEAD, *body = nonce + SEAL_NONCE;
    size_t length = whole - SEAL_HEAD - SEAL_NONCE, padded = length - SEAL_TAG;
    enum sealed_form_outcome outcome = SEALED_FORM_BROKEN;
    if (age > SEALED_FORM_DAYS)
        outcome = SEALED_FORM_EXPIRED;
    else if (age >= -1 &&
             crypto_aead_xchacha20poly1305_ietf_decrypt(body, NULL, NULL, body, length, sealed,
                                                        SEAL_HEAD, nonce, key.bytes) == 0 &&
             sodium_unpad(&length, body, padded, PAD_BLOCK) == 0)
        outcome = form_state_read((const char *)body, length, slug, out);
    sodium_memzero(&key, sizeof key);
    return outcome;
}

enum sealed_form_outcome sealed_form_open(const struct keys *keys, const struct clock *clock,
                                          const char *slug, const char *text,
                                          struct form_state *out)
{
    *out = (struct form_state){0};
    size_t length = strlen(text), whole = 0;
    if (length > sodium_base64_ENCODED_LEN(SEALED_MOST, BASE64))
        return SEALED_FORM_BROKEN;
    unsigned char *sealed = malloc(length + 1);
    if (!sealed)
        return SEALED_FORM_FAILED;
    enum sealed_form_outcome outcome = SEALED_FORM_BROKEN;
    if (sodium_base642bin(sealed, length + 1, text, length, NULL, &whole, NULL, BASE64) == 0)
        outcome = open_in_place(keys, clock, slug, sealed, whole, out);
    sodium_memzero(sealed, length + 1);
    free(sealed);
    return outcome;
}
