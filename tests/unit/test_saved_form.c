/* A form kept under a return code: found and opened by that code alone. */
#include "domain/saved_form.h"
#include "domain/wipe.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static char slug[] = "plan";

static struct form_state filled(size_t words)
{
    struct form_state state;
    ck_assert(form_state_open(&clock_system, &state));
    char *text = calloc(1, words + 1);
    memset(text, 'a', words);
    json_object_set_new(state.answers, "views", json_pack("{s:{s:s}}", "1", "text", text));
    memcpy(state.amends, "7H3K9QXW2M", sizeof state.amends);
    state.amends_generation = 1;
    free(text);
    return state;
}

static const struct {
    const char *typed;
    bool right;
} codes[] = {
    {"0000 0000 0000 0000 0000", true},
    {"oooo-OOOO-0000-0000-0000", true},
    {"00000000000000000000", true},
    {"0000 0000 0000 0000 0001", false}, /* its check */
    {"0000 0000 0000 0000 1000", false},
    {"0000 0000 0000 0000 000", false},
    {"0000 0000 0000 0000 0000 0", false},
    {"0000 0000 0000 0000 000U", false},
    {"", false},
};

START_TEST(codes_as_typed)
{
    char code[RETURN_CODE_TEXT + 1] = "";
    ck_assert_msg(return_code_read(codes[_i].typed, code) == codes[_i].right, "%s",
                  codes[_i].typed);
    if (codes[_i].right)
        ck_assert_str_eq(code, "00000000000000000000");
}
END_TEST

/* Every wrong character, and every two exchanged neighbours but where code and check meet. */
START_TEST(mistyped_is_noticed)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char code[RETURN_CODE_TEXT + 1], other[RETURN_CODE_TEXT + 1], read[RETURN_CODE_TEXT + 1];
    return_code_make(&clock_system, code);
    ck_assert(return_code_read(code, read));
    ck_assert_str_eq(code, read);
    for (int at = 0; at < RETURN_CODE_TEXT; at++)
        for (const char *c = alphabet; *c; c++) {
            memcpy(other, code, sizeof other);
            other[at] = *c;
            ck_assert(return_code_read(other, read) == (strcmp(other, code) == 0));
        }
    for (int at = 0; at + 1 < RETURN_CODE_TEXT; at++) {
        if (at == RETURN_CODE_TEXT - 3)
            continue;
        memcpy(other, code, sizeof other);
        other[at] = code[at + 1];
        other[at + 1] = code[at];
        ck_assert(return_code_read(other, read) == (strcmp(other, code) == 0));
    }
}
END_TEST

START_TEST(comes_back_by_its_code)
{
    struct form_state state = filled(10), back;
    char code[RETURN_CODE_TEXT + 1];
    size_t length = 0, again_length = 0;
    return_code_make(&clock_system, code);
    unsigned char *sealed = saved_form_seal(&clock_system, code, slug, &state, &length);
    unsigned char *again = saved_form_seal(&clock_system, code, slug, &state, &again_length);
    ck_assert_uint_eq(length, again_length);
    ck_assert_mem_ne(sealed, again, length);
    ck_assert_int_eq(saved_form_open(code, slug, sealed, length, &back), SEALED_FORM_OPENED);
    ck_assert(json_equal(back.answers, state.answers));
    ck_assert_mem_eq(&back.key, &state.key, sizeof back.key);
    ck_assert_int_eq(back.opened_us, state.opened_us);
    ck_assert_str_eq(back.amends, state.amends);
    ck_assert_str_eq(back.saved, code);
    form_state_clear(&back);
    form_state_clear(&state);
    free(sealed);
    free(again);
}
END_TEST

static void expect_closed(const char *code, const char *of, const void *sealed, size_t length)
{
    struct form_state back;
    ck_assert_int_eq(saved_form_open(code, of, sealed, length, &back), SEALED_FORM_BROKEN);
    form_state_clear(&back);
}

START_TEST(opens_for_nothing_else)
{
    struct form_state state = filled(10);
    char code[RETURN_CODE_TEXT + 1], other[RETURN_CODE_TEXT + 1];
    size_t length = 0;
    struct digest find, other_find;
    return_code_make(&clock_system, code);
    return_code_make(&clock_system, other);
    unsigned char *sealed = saved_form_seal(&clock_system, code, slug, &state, &length);
    expect_closed(other, slug, sealed, length);
    expect_closed(code, "other", sealed, length);
    expect_closed(code, slug, sealed, length - 1);
    expect_closed(code, slug, sealed, 0);
    for (size_t at = 0; at < length; at += 37) {
        sealed[at] ^= 1;
        expect_closed(code, slug, sealed, length);
        sealed[at] ^= 1;
    }
    /* What finds it is not what opens it. */
    saved_form_find(code, &find);
    saved_form_find(other, &other_find);
    ck_assert_mem_ne(find.bytes, other_find.bytes, DIGEST_BYTES);
    unsigned char plain[4096];
    ck_assert_int_ne(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + 24,
                                                                length - 24, (unsigned char *)slug,
                                                                strlen(slug), sealed, find.bytes),
                     0);
    form_state_clear(&state);
    free(sealed);
}
END_TEST

/* Made with Python: hashlib.blake2b(tag, key=code, digest_size=32). */
START_TEST(derivation_is_known)
{
    struct digest find;
    char hex[2 * DIGEST_BYTES + 1];
    saved_form_find("00000000000000000000", &find);
    digest_hex(&find, hex);
    ck_assert_str_eq(hex, "a0e4607a233a0ce2b817b368815531708f494520144282978a6bd824a8223b67");
}
END_TEST

START_TEST(length_tells_a_bucket)
{
    static const struct {
        size_t words, padded;
    } rows[] = {{0, 1024},    {500, 1024},      {900, 2048},
                {1500, 2048}, {100000, 131072}, {240000, 262144}};
    char code[RETURN_CODE_TEXT + 1];
    size_t length = 0;
    return_code_make(&clock_system, code);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct form_state state = filled(rows[i].words);
        unsigned char *sealed = saved_form_seal(&clock_system, code, slug, &state, &length);
        ck_assert_ptr_nonnull(sealed);
        ck_assert_uint_eq(length, rows[i].padded + SAVED_FORM_AROUND);
        free(sealed);
        form_state_clear(&state);
    }
    struct form_state over = filled(FORM_STATE_BYTES_MOST);
    ck_assert_ptr_null(saved_form_seal(&clock_system, code, slug, &over, &length));
    form_state_clear(&over);
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    Suite *suite = suite_create("saved_form");
    TCase *tests = tcase_create("saved_form");
    tcase_add_loop_test(tests, codes_as_typed, 0, sizeof codes / sizeof codes[0]);
    tcase_add_test(tests, mistyped_is_noticed);
    tcase_add_test(tests, comes_back_by_its_code);
    tcase_add_test(tests, opens_for_nothing_else);
    tcase_add_test(tests, derivation_is_known);
    tcase_add_test(tests, length_tells_a_bucket);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
