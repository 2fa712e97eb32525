/* One-time codes by time; see totp.h. */
#include "access/totp.h"

#include "domain/proof.h"

#include <assert.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP_S = 30,
    DIGITS = 6,
    NEIGHBOURS = 1,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
};
static_assert((int)PROOF_CODE == 6, "both are six digits");
static_assert((int)TOTP_SEALED_BYTES == (int)NONCE + (int)TOTP_SECRET_BYTES +
                                            (int)crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "nonce, secret, tag");

bool totp_start(void)
{
    return oath_init() == OATH_OK;
}

void totp_make(const struct clock *clock, struct totp_secret *out)
{
    clock_random(clock, out->bytes, sizeof out->bytes);
}

/* Named for whom it is, so that a row copied to another account opens nothing. */
static bool seal_key(const struct keys *keys, int master, int32_t official_id, struct digest *out)
{
    return keys_derive(keys, master, "official-totp", &official_id, sizeof official_id, out);
}

bool totp_seal(const struct keys *keys, int master, const struct clock *clock, int32_t official_id,
               const struct totp_secret *secret, unsigned char sealed[TOTP_SEALED_BYTES])
{
    struct digest key;
    if (!seal_key(keys, master, official_id, &key))
        return false;
    clock_random(clock, sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, secret->bytes,
                                               sizeof secret->bytes, NULL, 0, NULL, sealed,
                                               key.bytes);
    sodium_memzero(&key, sizeof key);
    return true;
}

bool totp_open(const struct keys *keys, int master, int32_t official_id, const void *sealed,
               size_t length, struct totp_secret *out)
{
    struct digest key;
    const unsigned char *bytes = sealed;
    if (length != TOTP_SEALED_BYTES || !seal_key(keys, master, official_id, &key))
        return false;
    bool ok =
        crypto_aead_xchacha20poly1305_ietf_decrypt(out->bytes, NULL, NULL, bytes + NONCE,
                                                   length - NONCE, NULL, 0, bytes, key.bytes) == 0;
    sodium_memzero(&key, sizeof key);
    return ok;
}

bool totp_is(const struct totp_secret *secret, int64_t utc_us, int64_t last, const char *typed,
             int64_t *step)
{
    char code[PROOF_CODE + 1], right[DIGITS + 1];
    int64_t now = utc_us / 1000000 / STEP_S;
    bool found = false;
    if (!proof_code_read(typed, code))
        return false;
    /* RFC 6238 §5.2: the neighbours too, each once. */
    for (int64_t s = now - NEIGHBOURS; s <= now + NEIGHBOURS; s++) {
        if (s <= last ||
            oath_hotp_generate((const char *)secret->bytes, sizeof secret->bytes, (uint64_t)s,
                               DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, right) != OATH_OK)
            continue;
        if (sodium_memcmp(right, code, DIGITS) == 0 && !found) {
            *step = s;
            found = true;
        }
    }
    sodium_memzero(right, sizeof right);
    return found;
}

/* 20 bytes are 32 symbols exactly, so there is no padding. */
static void base32(const struct totp_secret *secret, char text[TOTP_SECRET_TEXT + 1])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i < TOTP_SECRET_TEXT; i++) {
        size_t bit = i * 5;
        unsigned pair = (unsigned)secret->bytes[bit / 8] << 8;
        if (bit / 8 + 1 < TOTP_SECRET_BYTES)
            pair |= secret->bytes[bit / 8 + 1];
        text[i] = digits[pair >> (11 - bit % 8) & 31];
    }
    text[TOTP_SECRET_TEXT] = '\0';
}

void totp_text(const struct totp_secret *secret, char text[TOTP_SECRET_TEXT + 8])
{
    char plain[TOTP_SECRET_TEXT + 1];
    base32(secret, plain);
    for (size_t i = 0, at = 0; i < TOTP_SECRET_TEXT; i++) {
        if (i && i % 4 == 0)
            text[at++] = ' ';
        text[at++] = plain[i];
    }
    text[TOTP_SECRET_TEXT + 7] = '\0';
    sodium_memzero(plain, sizeof plain);
}

void totp_address(const struct totp_secret *secret, const char *issuer, const char *login,
                  char text[TOTP_ADDRESS])
{
    char plain[TOTP_SECRET_TEXT + 1];
    base32(secret, plain);
    snprintf(text, TOTP_ADDRESS, "otpauth://totp/%s:%s?secret=%s&issuer=%s", issuer, login, plain,
             issuer);
    sodium_memzero(plain, sizeof plain);
}
