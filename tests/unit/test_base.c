/* base/log, base/clock, base/problem: small things that must hold. */
#include "base/clock.h"
#include "base/log.h"
#include "base/problem.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What log_event writes to standard error while `format` is said with `value`. */
static void log_said(char *out, size_t size, const char *value)
{
    int ends[2];
    int kept = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_event(LOG_LEVEL_WARNING, "test-event", "value=%s", value);
    dup2(kept, STDERR_FILENO);
    ssize_t length = read(ends[0], out, size - 1);
    out[length > 0 ? length : 0] = '\0';
    close(ends[0]);
    close(ends[1]);
    close(kept);
}

START_TEST(log_is_one_line_whatever_the_value)
{
    char line[2048];
    log_said(line, sizeof line, "a\n<3>forged b=\x1b[31m");
    ck_assert_str_eq(line, "<4>test-event value=a?<3>forged b=?[31m\n");
}
END_TEST

START_TEST(log_cuts_what_is_too_long)
{
    char line[4096], value[3000];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_said(line, sizeof line, value);
    ck_assert_uint_le(strlen(line), 1024);
    ck_assert_int_eq(line[strlen(line) - 1], '\n');
}
END_TEST

START_TEST(clock_goes_on_and_draws)
{
    unsigned char a[16] = {0}, b[16] = {0};
    int64_t before = clock_monotonic_us(&clock_system);
    ck_assert_int_ge(clock_monotonic_us(&clock_system), before);
    ck_assert_int_gt(clock_utc_us(&clock_system), 1767225600000000); /* 2026 */
    clock_random(&clock_system, a, sizeof a);
    clock_random(&clock_system, b, sizeof b);
    ck_assert(memcmp(a, b, sizeof a) != 0);
}
END_TEST

START_TEST(problem_codes_are_found_again)
{
    for (int code = PROBLEM_NONE + 1; code < PROBLEM_COUNT; code++) {
        ck_assert_int_eq(problem_find(problem_slug((enum problem_code)code)), code);
        ck_assert_int_ge(problem_status((enum problem_code)code), 400);
        ck_assert_int_lt(problem_status((enum problem_code)code), 600);
    }
    ck_assert_int_eq(problem_find("nothing-of-the-kind"), PROBLEM_NONE);
}
END_TEST

START_TEST(faults_beyond_the_last_place_are_counted)
{
    static struct faults faults;
    for (int i = 0; i < FAULTS_MOST + 3; i++)
        faults_add(&faults, PROBLEM_TOO_LONG, 2000, "/answers/%d/remark", i);
    ck_assert_uint_eq(faults.count, FAULTS_MOST);
    ck_assert_uint_eq(faults.lost, 3);
    ck_assert_str_eq(faults.list[7].pointer, "/answers/7/remark");
    ck_assert_int_eq(faults.list[7].limit, 2000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *all = tcase_create("all");
    tcase_add_test(all, log_is_one_line_whatever_the_value);
    tcase_add_test(all, log_cuts_what_is_too_long);
    tcase_add_test(all, clock_goes_on_and_draws);
    tcase_add_test(all, problem_codes_are_found_again);
    tcase_add_test(all, faults_beyond_the_last_place_are_counted);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
