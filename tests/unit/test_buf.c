/* base/buf: growth, the bound, the error that sticks. */
#include "base/buf.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(grows_and_ends_in_nul)
{
    struct buf b = {0};
    for (int i = 0; i < 1000; i++)
        buf_format(&b, "%03d,", i);
    ck_assert(buf_ok(&b));
    ck_assert_uint_eq(b.length, 4000);
    ck_assert_uint_eq(strlen(b.data), 4000);
    ck_assert(memcmp(b.data + 3996, "999,", 5) == 0);
    buf_clear(&b);
    ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(keeps_bytes_that_are_no_text)
{
    struct buf b = {0};
    buf_add(&b, "a\0b", 3);
    buf_byte(&b, '\0');
    ck_assert_uint_eq(b.length, 4);
    ck_assert(memcmp(b.data, "a\0b\0", 5) == 0);
    buf_clear(&b);
}
END_TEST

START_TEST(limit_is_exact)
{
    struct buf b = {.limit = 5};
    buf_text(&b, "12345");
    ck_assert(buf_ok(&b));
    buf_byte(&b, '6');
    ck_assert(!buf_ok(&b));
    buf_clear(&b);
    ck_assert_uint_eq(b.limit, 5);
}
END_TEST

START_TEST(error_sticks_until_reset)
{
    struct buf b = {.limit = 3};
    buf_text(&b, "12");
    buf_text(&b, "345");
    buf_text(&b, "6");
    ck_assert(!buf_ok(&b));
    ck_assert_ptr_null(buf_take(&b, NULL));
    buf_text(&b, "1");
    buf_text(&b, "too long");
    buf_reset(&b);
    ck_assert(buf_ok(&b));
    buf_text(&b, "abc");
    ck_assert_str_eq(b.data, "abc");
    buf_clear(&b);
}
END_TEST

START_TEST(take_hands_over_and_empties)
{
    struct buf b = {0};
    size_t length = 0;
    buf_text(&b, "mine");
    char *text = buf_take(&b, &length);
    ck_assert_str_eq(text, "mine");
    ck_assert_uint_eq(length, 4);
    ck_assert_ptr_null(b.data);
    free(text);
    text = buf_take(&b, &length); /* nothing was put in: an empty text, not a failure */
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(length, 0);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("buf");
    TCase *all = tcase_create("all");
    tcase_add_test(all, grows_and_ends_in_nul);
    tcase_add_test(all, keeps_bytes_that_are_no_text);
    tcase_add_test(all, limit_is_exact);
    tcase_add_test(all, error_sticks_until_reset);
    tcase_add_test(all, take_hands_over_and_empties);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
