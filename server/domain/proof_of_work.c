/* Challenges against robots, and their solutions; see proof_of_work.h. */
#include "domain/proof_of_work.h"

#include <assert.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    RANDOM_BYTES = 12,
    RANDOM_TEXT = 2 * RANDOM_BYTES,
    HASH_BYTES = crypto_hash_sha256_BYTES,
    HASH_TEXT = 2 * HASH_BYTES,
    SALT_TEXT = 96,
    TRY_TEXT = SALT_TEXT + 24, /* salt and number */
    BASE64 = sodium_base64_VARIANT_ORIGINAL
};
static_assert((int)crypto_auth_hmacsha256_KEYBYTES == DIGEST_BYTES, "a derived key signs");

static const char algorithm[] = "SHA-256";
static const int64_t expires_most_s = INT64_C(99999999999); /* in the year 5138 */

/* What a challenge is for. */
struct purpose {
    const struct keys *keys;
    const char *slug;
    const struct uuid *submission_key;
    int master;
    int64_t expires_s; /* since 1970 UTC */
};

/* The parameters end with '&': else the number's first digits could be taken for the last of the
 * time, and one solution would serve for many times (ALTCHA's advisory of December 2025). */
static void salt_write(const unsigned char random[RANDOM_BYTES], const struct purpose *purpose,
                       char salt[SALT_TEXT])
{
    char hex[RANDOM_TEXT + 1];
    sodium_bin2hex(hex, sizeof hex, random, RANDOM_BYTES);
    snprintf(salt, SALT_TEXT, "%s?expires=%lld&master=%d&", hex, (long long)purpose->expires_s,
             purpose->master);
}

/* The number that stands behind `name` at *at and before the next '&'; moves *at to that. */
static bool parameter_read(const char **at, const char *name, int64_t most, int64_t *out)
{
    char digits[16];
    if (strncmp(*at, name, strlen(name)) != 0)
        return false;
    const char *value = *at + strlen(name);
    size_t length = strcspn(value, "&");
    if (length >= sizeof digits)
        return false;
    memcpy(digits, value, length);
    digits[length] = '\0';
    *at = value + length;
    return parse_integer(digits, 1, most, out);
}

/* Takes time and master out of a salt, if it is written just as salt_write does. */
static bool salt_read(const char *salt, struct purpose *purpose)
{
    unsigned char random[RANDOM_BYTES];
    char again[SALT_TEXT];
    int64_t master = 0;
    if (sodium_hex2bin(random, sizeof random, salt, RANDOM_TEXT, NULL, NULL, NULL) != 0)
        return false;
    const char *at = salt + RANDOM_TEXT;
    if (!parameter_read(&at, "?expires=", expires_most_s, &purpose->expires_s) ||
        !parameter_read(&at, "&master=", INT_MAX, &master))
        return false;
    purpose->master = (int)master;
    salt_write(random, purpose, again);
    return strcmp(salt, again) == 0;
}

static void challenge_of(const char *salt, int64_t number, char challenge[HASH_TEXT + 1])
{
    unsigned char hash[HASH_BYTES];
    char attempt[TRY_TEXT];
    int length = snprintf(attempt, sizeof attempt, "%s%lld", salt, (long long)number);
    crypto_hash_sha256(hash, (const unsigned char *)attempt, (unsigned long long)length);
    sodium_bin2hex(challenge, HASH_TEXT + 1, hash, sizeof hash);
}

/* False: no such master. */
static bool signature_of(const struct purpose *purpose, const char *challenge,
                         char signature[HASH_TEXT + 1])
{
    int64_t day = (purpose->expires_s - PROOF_OF_WORK_SECONDS) / 86400;
    char date[11];
    struct digest day_key, key;
    unsigned char hash[HASH_BYTES];
    const struct digest_part parts[] = {
        {purpose->slug, strlen(purpose->slug)},
        {purpose->submission_key->bytes, UUID_BYTES},
    };
    if (day < 0)
        return false;
    format_date((int32_t)day, date);
    if (!keys_derive(purpose->keys, purpose->master, "proof-of-work", date, strlen(date), &day_key))
        return false;
    digest_parts(day_key.bytes, parts, 2, &key);
    crypto_auth_hmacsha256(hash, (const unsigned char *)challenge, HASH_TEXT, key.bytes);
    sodium_bin2hex(signature, HASH_TEXT + 1, hash, sizeof hash);
    sodium_memzero(&day_key, sizeof day_key);
    sodium_memzero(&key, sizeof key);
    return true;
}

json_t *proof_of_work_challenge(const struct keys *keys, const struct clock *clock,
                                const char *slug, const struct uuid *submission_key, long most)
{
    const struct purpose purpose = {
        .keys = keys,
        .slug = slug,
        .submission_key = submission_key,
        .master = keys_newest_master(keys),
        .expires_s = clock_utc_us(clock) / 1000000 + PROOF_OF_WORK_SECONDS,
    };
    unsigned char random[RANDOM_BYTES];
    uint64_t number = 0;
    char salt[SALT_TEXT], challenge[HASH_TEXT + 1], signature[HASH_TEXT + 1];
    clock_random(clock, random, sizeof random);
    clock_random(clock, &number, sizeof number);
    salt_write(random, &purpose, salt);
    challenge_of(salt, (int64_t)(number % ((uint64_t)most + 1)), challenge);
    if (!signature_of(&purpose, challenge, signature))
        return NULL;
    return json_pack("{s:s, s:s, s:I, s:s, s:s}", "algorithm", algorithm, "challenge", challenge,
                     "maxnumber", (json_int_t)most, "salt", salt, "signature", signature);
}

/* The solution's document; NULL if it is none. */
static json_t *payload_read(const char *payload)
{
    char text[PROOF_OF_WORK_PAYLOAD_MOST];
    size_t length = strlen(payload), bytes = 0;
    if (length > PROOF_OF_WORK_PAYLOAD_MOST ||
        sodium_base642bin((unsigned char *)text, sizeof text, payload, length, NULL, &bytes, NULL,
                          BASE64) != 0)
        return NULL;
    return json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
}

/* In the same time whatever the texts are. */
static bool same_hash(const char *ours, const char *theirs)
{
    return strlen(theirs) == HASH_TEXT && sodium_memcmp(ours, theirs, HASH_TEXT) == 0;
}

enum problem_code proof_of_work_check(const struct keys *keys, const struct clock *clock,
                                      const char *slug, const struct uuid *submission_key,
                                      const char *payload)
{
    struct purpose purpose = {.keys = keys, .slug = slug, .submission_key = submission_key};
    const char *how = NULL, *challenge = NULL, *salt = NULL, *signature = NULL;
    char own_challenge[HASH_TEXT + 1], own_signature[HASH_TEXT + 1];
    json_int_t number = 0;
    json_t *solution = payload_read(payload);
    enum problem_code problem = PROBLEM_PROOF_OF_WORK_WRONG;
    if (!solution ||
        json_unpack(solution, "{s:s, s:s, s:I, s:s, s:s}", "algorithm", &how, "challenge",
                    &challenge, "number", &number, "salt", &salt, "signature", &signature) != 0 ||
        strcmp(how, algorithm) != 0 || number < 0 || !salt_read(salt, &purpose))
        goto out;
    challenge_of(salt, number, own_challenge);
    if (!same_hash(own_challenge, challenge) ||
        !signature_of(&purpose, own_challenge, own_signature) ||
        !same_hash(own_signature, signature))
        goto out;
    problem = clock_utc_us(clock) / 1000000 < purpose.expires_s ? PROBLEM_NONE
                                                                : PROBLEM_PROOF_OF_WORK_EXPIRED;
out:
    json_decref(solution);
    return problem;
}
