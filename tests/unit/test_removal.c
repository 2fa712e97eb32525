/* Words may be taken out of what somebody wrote, and nothing else. */
#include "domain/moderation.h"
#include "domain/removal.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *original, *edited;
    const char *shown; /* NULL: refused */
    const char *spans;
} cases[] = {
    {"call me", "call me", "call me", "{}"},
    {"call me on 91234567 now", "call me on  now", "call me on […] now", "{[11,19)}"},
    {"call me on 91234567 now", "call me on […] now", "call me on […] now", "{[11,19)}"},
    {"call me on 91234567 now", "call me on [...] now", "call me on […] now", "{[11,19)}"},
    {"call me", " me", "[…] me", "{[0,4)}"},
    {"call me", "call ", "call […]", "{[5,7)}"},
    {"one two three four", "two four", "[…]two[…] four", "{[0,4),[7,13)}"},
    {"請致電９１２３４５６７查詢", "請致電查詢", "請致電［…］查詢", "{[3,11)}"},
    {"致電91234567，謝", "致電［…］，謝", "致電［…］，謝", "{[2,10)}"},
    {"🙂 bad 🙂 good", "🙂  🙂 good", "🙂 […] 🙂 good", "{[2,5)}"},
    /* A mark of the author's own is their word. */
    {"he said […] so", "he said […] so", "he said […] so", "{}"},
    {"he said […] so", "he said  so", "he said […] so", "{[8,11)}"},
    {"as […] and 91234567", "as […] and ", "as […] and […]", "{[11,19)}"},
    {"aaaa", "aa", "[…]aa", "{[0,2)}"},
    {"x\ny\nz", "x\nz", "x[…]\nz", "{[1,3)}"},
    {"call me", "call you", NULL, NULL},
    {"call me", "call me!", NULL, NULL},
    {"call me", "me call", NULL, NULL},
    {"call me", "Call me", NULL, NULL},
    {"不支持", "支持了", NULL, NULL},
    {"call", "[…]call me", NULL, NULL},
    {"ab", "b a", NULL, NULL},
};

START_TEST(only_fewer_words)
{
    struct removals removals = {0};
    char text[REMOVALS_TEXT];
    enum problem_code problem = removals_of_edit(cases[_i].original, cases[_i].edited, &removals);
    ck_assert_int_eq(problem, cases[_i].shown ? PROBLEM_NONE : PROBLEM_WORDS_ADDED);
    if (problem != PROBLEM_NONE) {
        ck_assert_uint_eq(removals.count, 0);
        return;
    }
    char *shown = removals_apply(cases[_i].original, &removals);
    ck_assert_str_eq(shown, cases[_i].shown);
    removals_text(&removals, text);
    ck_assert_str_eq(text, cases[_i].spans);
    free(shown);
}
END_TEST

START_TEST(spans_that_meet_are_one)
{
    struct removals removals = {0};
    char text[REMOVALS_TEXT];
    static const size_t spans[][2] = {{10, 12}, {2, 4},   {20, 30}, {4, 6},
                                      {12, 12}, {11, 21}, {40, 41}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        ck_assert(removals_add(&removals, spans[i][0], spans[i][1]));
    removals_text(&removals, text);
    ck_assert_str_eq(text, "{[2,6),[10,30),[40,41)}");
    ck_assert(removals_add(&removals, 0, 100));
    removals_text(&removals, text);
    ck_assert_str_eq(text, "{[0,100)}");
    removals = (struct removals){0};
    ck_assert(removals_add_bytes(&removals, "請🙂call", strlen("請"), strlen("🙂ca")));
    removals_text(&removals, text);
    ck_assert_str_eq(text, "{[1,4)}");
}
END_TEST

START_TEST(spans_are_bounded)
{
    struct removals removals = {0};
    char original[4 * REMOVALS_MOST], edited[4 * REMOVALS_MOST];
    for (size_t i = 0; i < REMOVALS_MOST; i++)
        ck_assert(removals_add(&removals, 2 * i, 2 * i + 1));
    struct removals before = removals;
    ck_assert(!removals_add(&removals, 1000, 1001));
    ck_assert(removals_add(&removals, 0, 2));
    ck_assert_uint_eq(removals.count, REMOVALS_MOST - 1);
    ck_assert_uint_eq(before.count, REMOVALS_MOST);
    for (size_t i = 0; i <= REMOVALS_MOST; i++) {
        memcpy(original + 2 * i, "xy", 3);
        memcpy(edited + i, "y", 2);
    }
    removals = (struct removals){0};
    ck_assert_int_eq(removals_of_edit(original, edited, &removals), PROBLEM_TOO_MANY);
}
END_TEST

START_TEST(something_is_left)
{
    struct removals all = {1, {{0, 4}}}, most = {1, {{0, 3}}}, blank = {1, {{1, 3}}};
    ck_assert(removals_leave_nothing("call", &all));
    ck_assert(!removals_leave_nothing("call", &most));
    ck_assert(removals_leave_nothing(" ab\n\t", &blank));
    ck_assert(removals_leave_nothing("　字字　", &blank));
}
END_TEST

/* A long remark and half of it: within the memory and time of one request. */
START_TEST(long_ones)
{
    enum { POINTS = 5000 };
    static char original[POINTS + 1], edited[POINTS / 2 + 1];
    struct removals removals = {0};
    for (size_t i = 0; i < POINTS; i++)
        original[i] = (char)('a' + i * i % 23);
    memcpy(edited, original, POINTS / 4);
    memcpy(edited + POINTS / 4, original + 3 * POINTS / 4, POINTS / 4);
    ck_assert_int_eq(removals_of_edit(original, edited, &removals), PROBLEM_NONE);
    ck_assert_uint_eq(removals.count, 1);
    ck_assert_uint_eq(removals.list[0].to - removals.list[0].from, POINTS / 2);
}
END_TEST

/* As many marks as a form has room for, and more: time goes with the length, and not with its
 * square.
 */
START_TEST(many_marks)
{
    enum { MARKS = 400000, MARK = 5 };
    struct removals removals = {0};
    char *edited = malloc((size_t)MARKS * MARK + 1);
    ck_assert_ptr_nonnull(edited);
    for (size_t i = 0; i < MARKS; i++)
        memcpy(edited + i * MARK, "[...]", MARK);
    edited[(size_t)MARKS * MARK] = '\0';
    ck_assert_int_eq(removals_of_edit("word", edited, &removals), PROBLEM_NONE);
    ck_assert_uint_eq(removals.count, 1);
    ck_assert_uint_eq(removals.list[0].to, 4);
    free(edited);
}
END_TEST

START_TEST(names_and_reasons)
{
    size_t count = 0;
    const char *const *reasons = moderation_reasons(&count);
    ck_assert_uint_gt(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_ptr_eq(moderation_reason_find(reasons[i]), reasons[i]);
    ck_assert_ptr_null(moderation_reason_find("opinion"));
    ck_assert_ptr_null(moderation_reason_find(NULL));
    for (int i = 0; i < MODERATIONS; i++)
        ck_assert_int_eq(moderation_find(moderation_name((enum moderation)i)), i);
    ck_assert_int_eq(moderation_find("gone"), MODERATIONS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("removal");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, only_fewer_words, 0, sizeof cases / sizeof *cases);
    tcase_add_test(all, spans_that_meet_are_one);
    tcase_add_test(all, spans_are_bounded);
    tcase_add_test(all, something_is_left);
    tcase_add_test(all, long_ones);
    tcase_add_test(all, many_marks);
    tcase_add_test(all, names_and_reasons);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
