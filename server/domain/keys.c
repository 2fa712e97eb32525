/* What the keys are used for; reading and making them is keys_load.c's and keys_make.c's. */
#include "domain/keys.h"

#include "base/parse.h"
#include "domain/keys_memory.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char identity_check_tag[] = "consultation-identity-check";
static const char derive_tag[] = "consultation-derive";
static const char id_prefix[] = "receipt-";

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    sodium_free(keys->masters);
    sodium_free(keys->receipts);
    sodium_free(keys->identities);
    struct added_key *added = atomic_load_explicit(&keys->added, memory_order_acquire);
    while (added) {
        struct added_key *next = added->next;
        sodium_free(added);
        added = next;
    }
    free(keys);
}

static const struct master_key *master_find(const struct keys *keys, int id)
{
    for (size_t i = 0; i < keys->master_count; i++)
        if (keys->masters[i].id == id)
            return &keys->masters[i];
    return NULL;
}

static const struct receipt_key *receipt_find(const struct keys *keys, int id)
{
    for (size_t i = 0; i < keys->receipt_count; i++)
        if (keys->receipts[i].id == id)
            return &keys->receipts[i];
    return NULL;
}

const struct identity_key *keys_identity(const struct keys *keys, const char *slug)
{
    const struct added_key *added = atomic_load_explicit(&keys->added, memory_order_acquire);
    for (; added; added = added->next)
        if (strcmp(added->key.consultation, slug) == 0)
            return &added->key;
    for (size_t i = 0; i < keys->identity_count; i++)
        if (strcmp(keys->identities[i].consultation, slug) == 0)
            return &keys->identities[i];
    return NULL;
}

const struct identity_key *keys_identity_of(const struct keys *keys,
                                            const struct consultation *consultation)
{
    const struct identity_key *key = keys_identity(keys, consultation->slug);
    return key && keys_identity_fits(key, consultation) ? key : NULL;
}

int keys_newest_master(const struct keys *keys)
{
    return keys->master_count ? keys->masters[keys->master_count - 1].id : 0;
}

int keys_newest_receipt(const struct keys *keys)
{
    for (size_t i = keys->receipt_count; i-- > 0;)
        if (keys->receipts[i].has_secret)
            return keys->receipts[i].id;
    return 0;
}

bool keys_has_receipt(const struct keys *keys, int receipt_key)
{
    return receipt_find(keys, receipt_key) != NULL;
}

void keys_identity_check(const struct identity_key *key, struct digest *out)
{
    const struct digest_part part = {identity_check_tag, sizeof identity_check_tag - 1};
    digest_parts(key->bytes, &part, 1, out);
}

bool keys_identity_fits(const struct identity_key *key, const struct consultation *consultation)
{
    struct digest own;
    keys_identity_check(key, &own);
    return sodium_memcmp(&own, &consultation->identity_check, sizeof own) == 0;
}

bool keys_master_check(const struct keys *keys, int master, struct digest *out)
{
    return keys_derive(keys, master, "check", "", 0, out);
}

bool keys_derive(const struct keys *keys, int master, const char *purpose, const void *input,
                 size_t length, struct digest *out)
{
    const struct master_key *key = master_find(keys, master);
    if (!key)
        return false;
    const struct digest_part purpose_parts[] = {
        {derive_tag, sizeof derive_tag - 1},
        {purpose, strlen(purpose)},
    };
    const struct digest_part input_part = {input, length};
    struct digest derived;
    digest_parts(key->bytes, purpose_parts, 2, &derived);
    digest_parts(derived.bytes, &input_part, 1, out);
    sodium_memzero(&derived, sizeof derived);
    return true;
}

bool keys_sign(const struct keys *keys, int receipt_key, const void *bytes, size_t length,
               unsigned char signature[SIGNATURE_BYTES])
{
    const struct receipt_key *key = receipt_find(keys, receipt_key);
    return key && key->has_secret &&
           crypto_sign_detached(signature, NULL, bytes, length, key->secret_half) == 0;
}

bool keys_verify(const struct keys *keys, int receipt_key, const void *bytes, size_t length,
                 const unsigned char signature[SIGNATURE_BYTES])
{
    const struct receipt_key *key = receipt_find(keys, receipt_key);
    return key && crypto_sign_verify_detached(signature, bytes, length, key->public_half) == 0;
}

void keys_id_text(int receipt_key, char text[KEY_ID_TEXT])
{
    snprintf(text, KEY_ID_TEXT, "%s%d", id_prefix, receipt_key);
}

int keys_id_read(const char *text)
{
    int64_t id = 0;
    size_t prefix = sizeof id_prefix - 1;
    if (strncmp(text, id_prefix, prefix) != 0 || text[prefix] == '0' ||
        !parse_integer(text + prefix, 1, KEY_ID_MOST, &id))
        return 0;
    return (int)id;
}
