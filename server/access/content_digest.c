/* Content-Digest; see content_digest.h. */
#include "access/content_digest.h"

#include "base/structured_field.h"

#include <string.h>

/* One digest of the dictionary. False: it is there and no digest of that length. */
static bool take(const struct structured_dictionary *field, const char *algorithm, size_t length,
                 unsigned char *out, bool *given)
{
    const struct structured_member *member = structured_member(field, algorithm);
    *given = member != NULL;
    if (!member)
        return true;
    if (member->item.value.kind != STRUCTURED_BYTES || member->item.value.length != length)
        return false;
    memcpy(out, member->item.value.text, length);
    return true;
}

enum problem_code content_digest_read(const char *field, struct content_digest *out)
{
    *out = (struct content_digest){0};
    if (!field)
        return PROBLEM_DIGEST_MISSING;
    struct structured_dictionary *read = structured_read(field, strlen(field));
    if (!read)
        return PROBLEM_DIGEST_MALFORMED;
    bool ok = take(read, "sha-256", sizeof out->sha256, out->sha256, &out->sha256_given) &&
              take(read, "sha-512", sizeof out->sha512, out->sha512, &out->sha512_given);
    structured_free(read);
    if (!ok)
        return PROBLEM_DIGEST_MALFORMED;
    return out->sha256_given || out->sha512_given ? PROBLEM_NONE : PROBLEM_DIGEST_MISSING;
}

void content_hash_begin(struct content_hash *hash)
{
    crypto_hash_sha256_init(&hash->sha256);
    crypto_hash_sha512_init(&hash->sha512);
}

void content_hash_add(struct content_hash *hash, const void *bytes, size_t length)
{
    crypto_hash_sha256_update(&hash->sha256, bytes, length);
    crypto_hash_sha512_update(&hash->sha512, bytes, length);
}

enum problem_code content_hash_check(struct content_hash *hash,
                                     const struct content_digest *expected)
{
    unsigned char sha256[crypto_hash_sha256_BYTES], sha512[crypto_hash_sha512_BYTES];
    crypto_hash_sha256_final(&hash->sha256, sha256);
    crypto_hash_sha512_final(&hash->sha512, sha512);
    bool right =
        (expected->sha256_given || expected->sha512_given) &&
        (!expected->sha256_given || memcmp(sha256, expected->sha256, sizeof sha256) == 0) &&
        (!expected->sha512_given || memcmp(sha512, expected->sha512, sizeof sha512) == 0);
    return right ? PROBLEM_NONE : PROBLEM_DIGEST_WRONG;
}

enum problem_code content_digest_check(const char *field, const void *body, size_t length)
{
    struct content_digest expected;
    struct content_hash hash;
    enum problem_code code = content_digest_read(field, &expected);
    if (code != PROBLEM_NONE)
        return code;
    content_hash_begin(&hash);
    content_hash_add(&hash, body, length);
    return content_hash_check(&hash, &expected);
}
