/* domain/visit: what a way to the provider and back remembers, and that nobody else can say it. */
#include "domain/visit.h"
#include "support/handmade.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct keys *keys;
static const struct uuid challenge = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

static void same(const struct visit *a, const struct visit *b)
{
    ck_assert_str_eq(a->slug, b->slug);
    ck_assert_int_eq(a->authorization.language, b->authorization.language);
    ck_assert_mem_eq(&a->challenge, &b->challenge, sizeof a->challenge);
    ck_assert_int_eq(a->master, b->master);
    ck_assert_str_eq(a->authorization.nonce, b->authorization.nonce);
    ck_assert_str_eq(a->authorization.verifier, b->authorization.verifier);
    ck_assert_str_eq(a->authorization.code_challenge, b->authorization.code_challenge);
}

START_TEST(comes_back_as_it_went)
{
    static const char *const slugs[] = {
        "a", "five-year-plan-iti", "a123456789-123456789-123456789-123456789-123456789-123456789"};
    for (size_t i = 0; i < sizeof slugs / sizeof *slugs; i++)
        for (enum language language = 0; language < LANGUAGES; language++) {
            struct visit visit, back;
            ck_assert(
                visit_make(keys, keys_newest_master(keys), slugs[i], language, &challenge, &visit));
            ck_assert_uint_eq(strlen(visit.authorization.verifier), 43); /* RFC 7636: 43 to 128 */
            ck_assert_uint_eq(strlen(visit.authorization.code_challenge), 43);
            ck_assert_str_ne(visit.authorization.nonce, visit.authorization.verifier);
            ck_assert(visit_read(keys, visit.authorization.state, &back));
            same(&visit, &back);
            ck_assert_ptr_null(strstr(visit.authorization.state, visit.authorization.verifier));
        }
}
END_TEST

START_TEST(differs_by_all_that_it_names)
{
    int master = keys_newest_master(keys);
    struct uuid other = challenge;
    struct visit one, two;
    other.bytes[15] ^= 1;
    ck_assert(visit_make(keys, master, "a", LANGUAGE_EN, &challenge, &one));
    ck_assert(visit_make(keys, master, "a", LANGUAGE_EN, &other, &two));
    ck_assert_str_ne(one.authorization.verifier, two.authorization.verifier);
    ck_assert_str_ne(one.authorization.nonce, two.authorization.nonce);
    ck_assert(visit_make(keys, master, "b", LANGUAGE_EN, &challenge, &two));
    ck_assert_str_ne(one.authorization.verifier, two.authorization.verifier);
    ck_assert(!visit_make(keys, master + 1, "a", LANGUAGE_EN, &challenge, &two));
    ck_assert(!visit_make(keys, master,
                          "a123456789-123456789-123456789-123456789-123456789-123456789x",
                          LANGUAGE_EN, &challenge, &two));
}
END_TEST

START_TEST(what_was_changed_or_cut_is_refused)
{
    struct visit visit, back;
    char state[AUTHORIZATION_STATE + 8];
    ck_assert(visit_make(keys, keys_newest_master(keys), "five-year-plan-iti", LANGUAGE_EN,
                         &challenge, &visit));
    size_t length = strlen(visit.authorization.state);
    for (size_t i = 0; i < length; i++) {
        memcpy(state, visit.authorization.state, length + 1);
        state[i] = state[i] == 'A' ? 'B' : 'A';
        ck_assert_msg(!visit_read(keys, state, &back), "at %zu", i);
        memcpy(state, visit.authorization.state, length + 1);
        state[i] = '\0';
        ck_assert_msg(!visit_read(keys, state, &back), "cut at %zu", i);
    }
    memcpy(state, visit.authorization.state, length + 1);
    memcpy(state + length, "AAAA", 5);
    ck_assert(!visit_read(keys, state, &back));
    ck_assert(!visit_read(keys, "%%%", &back));
}
END_TEST

/* RFC 7636, appendix B, by the same two steps: 32 bytes, and the hash of their text. */
START_TEST(challenge_is_the_verifiers_hash)
{
    static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    struct visit visit;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[AUTHORIZATION_TEXT];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    sodium_bin2base64(text, sizeof text, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    ck_assert_str_eq(text, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    ck_assert(visit_make(keys, keys_newest_master(keys), "a", LANGUAGE_EN, &challenge, &visit));
    crypto_hash_sha256(hash, (const unsigned char *)visit.authorization.verifier,
                       strlen(visit.authorization.verifier));
    sodium_bin2base64(text, sizeof text, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    ck_assert_str_eq(text, visit.authorization.code_challenge);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visit");
    TCase *one = tcase_create("visit");
    tcase_add_test(one, comes_back_as_it_went);
    tcase_add_test(one, differs_by_all_that_it_names);
    tcase_add_test(one, what_was_changed_or_cut_is_refused);
    tcase_add_test(one, challenge_is_the_verifiers_hash);
    suite_add_tcase(suite, one);
    SRunner *runner = srunner_create(suite);
    char folder[HANDMADE_FOLDER];
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    keys = handmade_keys(folder);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    keys_free(keys);
    handmade_keys_remove(folder);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
