/* One person, one form (identity_pairs.def), and the keyed hash of it. */
#include "domain/identity.h"
#include "domain/identity_key.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    enum identity_kind kind;
    bool same;
    const char *one, *other;
};

#define SAME(kind, one, other) {IDENTITY_##kind, true, one, other},
#define DIFFERENT(kind, one, other) {IDENTITY_##kind, false, one, other},
#define INVALID(kind, value)
static const struct pair pairs[] = {
#include "identity_pairs.def"
};
#undef SAME
#undef DIFFERENT
#undef INVALID

#define SAME(kind, one, other)
#define DIFFERENT(kind, one, other)
#define INVALID(kind, value) {IDENTITY_##kind, value},
static const struct {
    enum identity_kind kind;
    const char *value;
} invalid[] = {
#include "identity_pairs.def"
};

enum { PAIRS_PROMISED = 200, VALUE_MOST = 2048 };

static struct identity_key key_of(unsigned char byte)
{
    struct identity_key key = {.consultation = "one"};
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

static enum problem_code hash_of(const struct identity_key *key, int consultation,
                                 enum identity_kind kind, const char *value,
                                 struct respondent_hash *out)
{
    char copy[VALUE_MOST];
    size_t length = strlen(value);
    ck_assert_uint_lt(length, sizeof copy);
    memcpy(copy, value, length + 1);
    enum problem_code code =
        identity_hash(key, IDENTITY_NORMALISATION, consultation, kind, copy, out);
    ck_assert(sodium_is_zero((const unsigned char *)copy, length));
    return code;
}

START_TEST(table_of_pairs)
{
    const struct pair *pair = &pairs[_i];
    const struct identity_key key = key_of(1);
    struct respondent_hash one, other;
    char *left = identity_normalise(pair->kind, pair->one);
    char *right = identity_normalise(pair->kind, pair->other);
    ck_assert_msg(left && right, "%s or %s is refused", pair->one, pair->other);
    ck_assert_msg((strcmp(left, right) == 0) == pair->same, "%s %s", left, right);
    ck_assert_int_eq(hash_of(&key, 1, pair->kind, pair->one, &one), PROBLEM_NONE);
    ck_assert_int_eq(hash_of(&key, 1, pair->kind, pair->other, &other), PROBLEM_NONE);
    ck_assert((memcmp(&one, &other, sizeof one) == 0) == pair->same);
    free(left);
    free(right);
}
END_TEST

START_TEST(table_is_long_enough)
{
    ck_assert_uint_ge(sizeof pairs / sizeof *pairs, PAIRS_PROMISED);
}
END_TEST

START_TEST(table_of_invalid)
{
    const struct identity_key key = key_of(1);
    struct respondent_hash hash;
    char *normal = identity_normalise(invalid[_i].kind, invalid[_i].value);
    ck_assert_msg(!normal, "%s becomes %s", invalid[_i].value, normal ? normal : "");
    ck_assert_int_eq(hash_of(&key, 1, invalid[_i].kind, invalid[_i].value, &hash),
                     PROBLEM_IDENTITY_INVALID);
}
END_TEST

/* An OpenID Connect subject is nobody's without its issuer, and neither is touched. */
START_TEST(subjects_are_as_they_are)
{
    static const struct {
        const char *issuer, *subject;
    } others[] = {{"https://a.example", "Ann"},  {"https://a.example/", "ann"},
                  {"https://a.example", "ann "}, {"https://a.examplea", "nn"},
                  {"https://b.example", "ann"},  {"", "https://a.exampleann"}};
    const struct identity_key key = key_of(1), other_key = key_of(2);
    struct respondent_hash one, again, other;
    identity_hash_subject(&key, 1, 1, "https://a.example", "ann", &one);
    identity_hash_subject(&key, 1, 1, "https://a.example", "ann", &again);
    ck_assert_mem_eq(&one, &again, sizeof one);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        identity_hash_subject(&key, 1, 1, others[i].issuer, others[i].subject, &other);
        ck_assert_mem_ne(&one, &other, sizeof one);
    }
    identity_hash_subject(&key, 1, 2, "https://a.example", "ann", &other);
    ck_assert_mem_ne(&one, &other, sizeof one);
    identity_hash_subject(&key, 2, 1, "https://a.example", "ann", &other);
    ck_assert_mem_ne(&one, &other, sizeof one);
    identity_hash_subject(&other_key, 1, 1, "https://a.example", "ann", &other);
    ck_assert_mem_ne(&one, &other, sizeof one);
    char typed[] = "ann";
    ck_assert_int_eq(identity_hash(&key, 1, 1, IDENTITY_OPENID, typed, &other),
                     PROBLEM_IDENTITY_INVALID);
}
END_TEST

/* A form is its own form: normalising twice changes nothing. */
START_TEST(forms_are_stable)
{
    char *once = identity_normalise(pairs[_i].kind, pairs[_i].other);
    ck_assert_ptr_nonnull(once);
    char *twice = identity_normalise(pairs[_i].kind, once);
    ck_assert_ptr_nonnull(twice);
    ck_assert_str_eq(once, twice);
    free(once);
    free(twice);
}
END_TEST

/* Made with Python's hashlib.blake2b over the same parts. */
START_TEST(known_value)
{
    static const char wanted[] = "6b5716d5e20f532deb872c07c84bb31b5a94e30f87dc7c0d44dcd74b5fd9b29b";
    const struct identity_key key = key_of(7);
    struct respondent_hash hash;
    char hex[2 * IDENTITY_HASH_BYTES + 1];
    ck_assert_int_eq(hash_of(&key, 42, IDENTITY_EMAIL, "Chan@Example.org", &hash), PROBLEM_NONE);
    sodium_bin2hex(hex, sizeof hex, hash.bytes, sizeof hash.bytes);
    ck_assert_str_eq(hex, wanted);
}
END_TEST

/* Everything that goes into the hash changes it. */
START_TEST(every_part_counts)
{
    const struct identity_key key = key_of(1), another = key_of(2);
    struct respondent_hash hash, changed;
    hash_of(&key, 1, IDENTITY_MOBILE, "91234567", &hash);
    hash_of(&another, 1, IDENTITY_MOBILE, "91234567", &changed);
    ck_assert_mem_ne(&hash, &changed, sizeof hash);
    hash_of(&key, 2, IDENTITY_MOBILE, "91234567", &changed);
    ck_assert_mem_ne(&hash, &changed, sizeof hash);
    hash_of(&key, 1, IDENTITY_MOBILE, "91234568", &changed);
    ck_assert_mem_ne(&hash, &changed, sizeof hash);
}
END_TEST

START_TEST(unknown_rules_are_refused)
{
    const struct identity_key key = key_of(1);
    struct respondent_hash hash;
    char value[] = "a@x.example", none[] = "a@x.example";
    ck_assert_int_eq(
        identity_hash(&key, IDENTITY_NORMALISATION + 1, 1, IDENTITY_EMAIL, value, &hash),
        PROBLEM_IDENTITY_INVALID);
    ck_assert_int_eq(identity_hash(&key, IDENTITY_NORMALISATION, 1, IDENTITY_NONE, none, &hash),
                     PROBLEM_IDENTITY_INVALID);
    ck_assert_uint_eq(strlen(value), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *table = tcase_create("table"), *hash = tcase_create("hash");
    tcase_add_loop_test(table, table_of_pairs, 0, sizeof pairs / sizeof *pairs);
    tcase_add_loop_test(table, forms_are_stable, 0, sizeof pairs / sizeof *pairs);
    tcase_add_loop_test(table, table_of_invalid, 0, sizeof invalid / sizeof *invalid);
    tcase_add_test(table, table_is_long_enough);
    tcase_add_test(hash, known_value);
    tcase_add_test(hash, every_part_counts);
    tcase_add_test(hash, subjects_are_as_they_are);
    tcase_add_test(hash, unknown_rules_are_refused);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, hash);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
