/* Addresses kept for one more letter: found by their name, bounded, and wiped in time. */
#include "mail/kept.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 3 };

static struct kept list[COUNT];

static struct kept entry(int name, enum kept_state state, int64_t until_us)
{
    struct kept made = {.state = state, .way = MAIL_SMTP, .until_us = until_us};
    made.name[0] = (unsigned char)name;
    snprintf(made.to, sizeof made.to, "p%d@example.org", name);
    return made;
}

static bool add(int name, enum kept_state state, int64_t until_us)
{
    struct kept made = entry(name, state, until_us);
    return kept_add(list, COUNT, &made);
}

static struct kept *find(int name)
{
    const unsigned char bytes[MAIL_KEPT_NAME] = {(unsigned char)name};
    return kept_find(list, COUNT, bytes);
}

static void setup(void)
{
    memset(list, 0, sizeof list);
}

START_TEST(found_by_name)
{
    ck_assert_ptr_null(find(0)); /* a free place has no name */
    ck_assert(add(1, KEPT_READY, 10) && add(2, KEPT_READY, 20));
    ck_assert_str_eq(find(2)->to, "p2@example.org");
    ck_assert_ptr_null(find(3));
}
END_TEST

START_TEST(bounded)
{
    for (int i = 1; i <= COUNT; i++)
        ck_assert(add(i, KEPT_READY, 10 * i));
    ck_assert(!add(9, KEPT_READY, 90));
    ck_assert_ptr_null(find(9));
    /* Those that were sent to make room, the oldest first; those that wait never do. */
    find(1)->state = KEPT_TAKEN;
    find(3)->state = KEPT_TAKEN;
    ck_assert(add(9, KEPT_READY, 90));
    ck_assert(!find(1) && find(2) && find(3) && find(9));
    ck_assert(add(8, KEPT_READY, 80));
    ck_assert(!find(3) && find(2));
    ck_assert(!add(7, KEPT_READY, 70));
}
END_TEST

START_TEST(a_free_place_first)
{
    ck_assert(add(1, KEPT_TAKEN, 10) && add(2, KEPT_READY, 20));
    ck_assert(find(1) && find(2));
}
END_TEST

START_TEST(wiped_in_time)
{
    static const struct kept none;
    ck_assert_int_eq(kept_sweep(list, COUNT, 5), INT64_MAX);
    ck_assert(add(1, KEPT_READY, 30) && add(2, KEPT_TAKEN, 20));
    ck_assert_int_eq(kept_sweep(list, COUNT, 19), 20);
    ck_assert(find(1) && find(2));
    ck_assert_int_eq(kept_sweep(list, COUNT, 20), 30);
    ck_assert(find(1) && !find(2));
    ck_assert_int_eq(kept_sweep(list, COUNT, 31), INT64_MAX);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_mem_eq(&list[i], &none, sizeof none);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kept");
    TCase *cases = tcase_create("kept");
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, found_by_name);
    tcase_add_test(cases, bounded);
    tcase_add_test(cases, a_free_place_first);
    tcase_add_test(cases, wiped_in_time);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
