/* http/limiter: so many in a window for one prefix, given back evenly, and a table that never
 * grows. */
#include "http/limiter.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int64_t now_us = 1000000000;

static int64_t test_now(void *context)
{
    (void)context;
    return now_us;
}

static void test_random(void *context, void *bytes, size_t length)
{
    (void)context;
    memset(bytes, 7, length);
}

static const struct clock test_clock = {
    .monotonic_us = test_now, .utc_us = test_now, .random = test_random};

static const struct limit ten_a_minute = {.purpose = "submission", .most = 10, .window_s = 60};

static int taken(struct limiter *limiter, const struct limit *limit, const char *address, int tries)
{
    int count = 0;
    for (int i = 0; i < tries; i++)
        count += limiter_take(limiter, limit, address) == 0;
    return count;
}

START_TEST(so_many_and_then_evenly)
{
    struct limiter *limiter = limiter_new(64, &test_clock);
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    ck_assert_int_eq(limiter_take(limiter, &ten_a_minute, "192.0.2.1"), 6);
    now_us += 5999999;
    ck_assert_int_eq(limiter_take(limiter, &ten_a_minute, "192.0.2.1"), 1);
    now_us += 1;
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 1);
    now_us += 60000000;
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    now_us += 3600000000;
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    limiter_free(limiter);
}
END_TEST

static const struct {
    const char *one, *other;
    bool same;
} pairs[] = {
    {"192.0.2.1", "192.0.2.2", false},
    {"192.0.2.1", "::ffff:192.0.2.1", true},
    {"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true},
    {"2001:db8:0:1::1", "2001:db8:0:2::1", false},
    {"unix:", "", true},
    {"192.0.2.1", "unix:", false},
    {"1.2.3.4", "102:304::", false}, /* the same first bytes in the other family */
};

START_TEST(prefix)
{
    struct limiter *limiter = limiter_new(64, &test_clock);
    ck_assert_int_eq(taken(limiter, &ten_a_minute, pairs[_i].one, 50), 10);
    ck_assert_int_eq(taken(limiter, &ten_a_minute, pairs[_i].other, 50), pairs[_i].same ? 0 : 10);
    limiter_free(limiter);
}
END_TEST

START_TEST(purposes_and_numbers_are_apart)
{
    struct limiter *limiter = limiter_new(64, &test_clock);
    struct limit a = {.purpose = "code", .about = "AAAAAAAAAA", .most = 3, .window_s = 86400};
    struct limit b = {.purpose = "code", .about = "BBBBBBBBBB", .most = 3, .window_s = 86400};
    struct limit all = {.purpose = "code", .most = 3, .window_s = 600};
    ck_assert_int_eq(taken(limiter, &a, "192.0.2.1", 9), 3);
    ck_assert_int_eq(taken(limiter, &b, "192.0.2.1", 9), 3);
    ck_assert_int_eq(taken(limiter, &all, "192.0.2.1", 9), 3);
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    limiter_free(limiter);
}
END_TEST

START_TEST(asking_takes_nothing)
{
    struct limiter *limiter = limiter_new(64, &test_clock);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(limiter_wait(limiter, &ten_a_minute, "192.0.2.1"), 0);
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    ck_assert_int_eq(limiter_wait(limiter, &ten_a_minute, "192.0.2.1"), 6);
    limiter_free(limiter);
}
END_TEST

START_TEST(zero_is_no_limit)
{
    struct limiter *limiter = limiter_new(64, &test_clock);
    struct limit none = {.purpose = "submission", .most = 0, .window_s = 600};
    ck_assert_int_eq(taken(limiter, &none, "192.0.2.1", 1000), 1000);
    limiter_free(limiter);
}
END_TEST

/* More prefixes than places: each still gets its own budget at least, and the one that is used up
 * longest stays remembered when those beside it are nearly full again. */
START_TEST(full_table_forgets_leniently)
{
    struct limiter *limiter = limiter_new(8, &test_clock);
    char address[32];
    ck_assert_int_eq(taken(limiter, &ten_a_minute, "192.0.2.1", 50), 10);
    for (int i = 0; i < 1000; i++) {
        snprintf(address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
        ck_assert_int_eq(limiter_take(limiter, &ten_a_minute, address), 0);
    }
    ck_assert_int_ne(limiter_wait(limiter, &ten_a_minute, "192.0.2.1"), 0);
    limiter_free(limiter);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limiter");
    TCase *all = tcase_create("all");
    tcase_add_test(all, so_many_and_then_evenly);
    tcase_add_loop_test(all, prefix, 0, sizeof pairs / sizeof pairs[0]);
    tcase_add_test(all, purposes_and_numbers_are_apart);
    tcase_add_test(all, asking_takes_nothing);
    tcase_add_test(all, zero_is_no_limit);
    tcase_add_test(all, full_table_forgets_leniently);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
