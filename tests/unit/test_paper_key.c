/* Submission keys on paper: made, read as people type them, and the same key proper each time; a
 * wrong symbol is no other form's. */
#include "domain/paper_key.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void counted(void *context, void *bytes, size_t length)
{
    unsigned char *next = context;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (*next)++;
}

static unsigned char start;
static const struct clock fixed = {.random = counted, .context = &start};

START_TEST(made_and_read)
{
    char key[PAPER_KEY_TEXT + 1], spoken[PAPER_KEY_SPOKEN], other[PAPER_KEY_TEXT + 1];
    struct uuid one, again, next;
    start = 7;
    paper_key_make(&fixed, key);
    ck_assert_uint_eq(strlen(key), PAPER_KEY_TEXT);
    paper_key_make(&fixed, other);
    ck_assert_str_ne(key, other);
    paper_key_spoken(key, spoken);
    ck_assert_uint_eq(strlen(spoken), PAPER_KEY_SPOKEN - 1);
    ck_assert(paper_key_read(key, &one));
    ck_assert(paper_key_read(spoken, &again));
    ck_assert_mem_eq(&one, &again, sizeof one);
    ck_assert(paper_key_read(other, &next));
    ck_assert(memcmp(&one, &next, sizeof one) != 0);
    /* RFC 9562 §5.8: version 8, variant 10. */
    ck_assert_int_eq(one.bytes[6] >> 4, 8);
    ck_assert_int_eq(one.bytes[8] >> 6, 2);
}
END_TEST

/* What is printed today must be readable for as long as forms lie about. */
START_TEST(known_key)
{
    struct uuid key;
    char text[UUID_TEXT + 1];
    ck_assert(paper_key_read(" 0o0O-oooo\t0000 000\xef\xbc\x90\r\n", &key));
    format_uuid(&key, text);
    ck_assert_str_eq(text, "c3231705-fb5d-828e-8a45-ce50e751a5f8");
}
END_TEST

START_TEST(every_slip_is_found)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char key[PAPER_KEY_TEXT + 1];
    struct uuid read;
    start = 200;
    paper_key_make(&fixed, key);
    for (size_t i = 0; i < PAPER_KEY_TEXT; i++) {
        char slip[PAPER_KEY_TEXT + 1];
        for (const char *symbol = alphabet; *symbol; symbol++) {
            memcpy(slip, key, sizeof slip);
            slip[i] = *symbol;
            ck_assert_msg(paper_key_read(slip, &read) == (*symbol == key[i]), "%s", slip);
        }
        for (size_t j = i + 1; j < PAPER_KEY_TEXT; j++) {
            memcpy(slip, key, sizeof slip);
            slip[i] = key[j];
            slip[j] = key[i];
            ck_assert_msg(paper_key_read(slip, &read) == (key[i] == key[j]), "%s", slip);
        }
    }
}
END_TEST

START_TEST(no_key)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "0000",
                                        "0000 0000 0000 000",
                                        "0000 0000 0000 00000",
                                        "U000 0000 0000 0000",
                                        "0000 0000 0000 000é",
                                        "00000000-0000-4000-8000-000000000000"};
    struct uuid key = {{9}};
    ck_assert(!paper_key_read(texts[_i], &key));
    ck_assert_int_eq(key.bytes[0], 9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paper_key");
    TCase *cases = tcase_create("paper_key");
    tcase_add_test(cases, made_and_read);
    tcase_add_test(cases, known_key);
    tcase_add_test(cases, every_slip_is_found);
    tcase_add_loop_test(cases, no_key, 0, 8);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
