/* Filters of submissions: what is read is said again, and each refusal has its reason. */
#include "domain/filter.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *value;
} good[] = {{"measure", "1-3"},       {"measure", "12-3"},       {"stance", "5"},
            {"stance", "0"},          {"kind", "individual"},    {"kind", "organisation"},
            {"state", "counted"},     {"state", "set-aside"},    {"state", "withdrawn"},
            {"language", "zh-Hans"},  {"from", "2026-11-25"},    {"to", "2026-12-31"},
            {"moderation", "edited"}, {"moderation", "waiting"}, {"text", "土地 100% _"}};

static const struct {
    const char *name, *value;
    enum problem_code problem;
} bad[] = {
    {"utm_source", "x", PROBLEM_UNKNOWN_FIELD}, {"measure", "1", PROBLEM_UNKNOWN_VALUE},
    {"measure", "1-", PROBLEM_UNKNOWN_VALUE},   {"measure", "-1", PROBLEM_UNKNOWN_VALUE},
    {"measure", "1-3x", PROBLEM_UNKNOWN_VALUE}, {"measure", "1234-1234", PROBLEM_UNKNOWN_VALUE},
    {"stance", "6", PROBLEM_UNKNOWN_VALUE},     {"stance", "-1", PROBLEM_UNKNOWN_VALUE},
    {"kind", "person", PROBLEM_UNKNOWN_VALUE},  {"state", "set aside", PROBLEM_UNKNOWN_VALUE},
    {"language", "fr", PROBLEM_UNKNOWN_VALUE},  {"from", "2026-02-30", PROBLEM_UNKNOWN_VALUE},
    {"to", "tomorrow", PROBLEM_UNKNOWN_VALUE},  {"moderation", "1", PROBLEM_UNKNOWN_VALUE},
    {"text", "\x01", PROBLEM_BAD_TEXT},         {"text", "\xff", PROBLEM_BAD_TEXT},
};

START_TEST(read_and_said_again)
{
    struct submission_filter filter = {0};
    char scratch[FILTER_TEXT_BYTES + 1];
    ck_assert_int_eq(submission_filter_set(&filter, good[_i].name, good[_i].value), PROBLEM_NONE);
    int found = 0;
    for (int field = 0; field < FILTER_FIELDS; field++) {
        const char *value = submission_filter_value(&filter, (enum filter_field)field, scratch);
        if (!value)
            continue;
        found++;
        ck_assert_str_eq(submission_filter_name((enum filter_field)field), good[_i].name);
        ck_assert_str_eq(value, good[_i].value);
    }
    ck_assert_int_eq(found, 1);
    ck_assert_int_eq(submission_filter_set(&filter, good[_i].name, good[_i].value),
                     PROBLEM_DUPLICATE);
}
END_TEST

START_TEST(refused_and_not_set)
{
    struct submission_filter filter = {0};
    ck_assert_int_eq(submission_filter_set(&filter, bad[_i].name, bad[_i].value), bad[_i].problem);
    ck_assert_uint_eq(filter.set, 0);
}
END_TEST

START_TEST(empty_sets_nothing)
{
    struct submission_filter filter = {0};
    for (int field = 0; field < FILTER_FIELDS; field++)
        ck_assert_int_eq(
            submission_filter_set(&filter, submission_filter_name((enum filter_field)field), ""),
            PROBLEM_NONE);
    ck_assert_uint_eq(filter.set, 0);
}
END_TEST

/* Code points are counted, in the normal form that remarks have. */
START_TEST(text_is_bounded)
{
    struct submission_filter filter = {0};
    char text[4 * (FILTER_POINTS + 1) + 1] = "";
    for (int i = 0; i <= FILTER_POINTS; i++)
        strcat(text, "\xf0\xa0\x80\x80"); /* U+20000 */
    ck_assert_int_eq(submission_filter_set(&filter, "text", text), PROBLEM_TOO_LONG);
    text[FILTER_TEXT_BYTES] = '\0';
    ck_assert_int_eq(submission_filter_set(&filter, "text", text), PROBLEM_NONE);
    ck_assert_str_eq(filter.text, text);
    filter = (struct submission_filter){0};
    ck_assert_int_eq(submission_filter_set(&filter, "text", "e\xcc\x81"), PROBLEM_NONE);
    ck_assert_str_eq(filter.text, "\xc3\xa9");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filter");
    TCase *cases = tcase_create("filter");
    tcase_add_loop_test(cases, read_and_said_again, 0, (int)(sizeof good / sizeof *good));
    tcase_add_loop_test(cases, refused_and_not_set, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(cases, empty_sets_nothing);
    tcase_add_test(cases, text_is_bounded);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
