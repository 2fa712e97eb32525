/* BLAKE2b-256 over parts against known values, and that no two lists of parts share bytes. */
#include "domain/digest.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Values of Python's hashlib.blake2b(…, digest_size=32), an implementation of its own. */
static const struct {
    const char *key; /* 32 characters or NULL */
    const char *parts[3];
    const char *hex;
} vectors[] = {
    {NULL, {NULL}, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
    {NULL, {"abc"}, "7481e9dc42d8247a21e3207b4865a791d7ab7f7119c932efd03508b1148efc29"},
    {NULL, {"ab", "c"}, "9b29c83bca563845c8445a09a80da00b8193336d231891003eb004de0b9b1b5e"},
    {NULL, {"a", "bc"}, "1a867ce4c94ebddb11f32a75b6ed9a72c33a73f0a935f03197c53360bb7e9a75"},
    {NULL, {"abc", ""}, "ac609ffe90d50d9dd3e591eeb19f516ec6bc0ce9736a41eef322b486bae6d867"},
    {"0123456789abcdef0123456789abcdef",
     {"abc"},
     "dd144d6d44b12a9e881e88213a0d2872616901fe938bbea53210119a060a88d1"},
    {"1123456789abcdef0123456789abcdef",
     {"abc"},
     "7897c7a8ac87239429ae9127f5f26a1ee0018c3f2de9b22c9248fc8f8cb52d85"},
};

START_TEST(known_values)
{
    char hex[2 * DIGEST_BYTES + 1];
    struct digest digest;
    struct digest_part parts[3];
    size_t count = 0;
    for (; count < 3 && vectors[_i].parts[count]; count++)
        parts[count] =
            (struct digest_part){vectors[_i].parts[count], strlen(vectors[_i].parts[count])};
    digest_parts((const unsigned char *)vectors[_i].key, parts, count, &digest);
    digest_hex(&digest, hex);
    ck_assert_str_eq(hex, vectors[_i].hex);
}
END_TEST

/* As we write it and no other way: what is signed or names a file has one spelling. */
START_TEST(hex_has_one_spelling)
{
    static const char *const bad[] = {
        "",
        "0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
        "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde ",
    };
    const char *good = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    struct digest digest;
    char again[2 * DIGEST_BYTES + 1];
    ck_assert(digest_of_hex(good, &digest));
    digest_hex(&digest, again);
    ck_assert_str_eq(again, good);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!digest_of_hex(bad[i], &digest), "%s", bad[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("digest");
    TCase *values = tcase_create("values");
    tcase_add_loop_test(values, known_values, 0, sizeof vectors / sizeof *vectors);
    tcase_add_test(values, hex_has_one_spelling);
    suite_add_tcase(suite, values);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
