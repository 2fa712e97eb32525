/* The document of a release from exact sums: who is hidden, what adds up, which days are merged. */
#include "publish/release.h"

#include "support/handmade.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t day_us = INT64_C(86400000000);

static struct consultation *consultation;
static struct release_sums sums;
static json_t *document;

/* The tenth day of the window. */
static void setup(void)
{
    consultation = handmade_consultation();
    consultation->publication = (struct publication){.cell_minimum = 10, .percentage_base = 30};
    consultation->opens_us = INT64_C(1795449600000000); /* 2026-11-24T00:00:00+08:00 */
    consultation->closes_us = consultation->opens_us + 60 * day_us;
    ck_assert(release_sums_init(&sums, consultation, consultation->opens_us + 9 * day_us));
    document = NULL;
}

static void teardown(void)
{
    json_decref(document);
    release_sums_clear(&sums);
    consultation_release(consultation);
}

static void publish(void)
{
    const struct release_mark mark = {.number = 7,
                                      .released_us = consultation->opens_us + 9 * day_us};
    document = release_document(consultation, &sums, &mark);
    ck_assert_ptr_nonnull(document);
}

/* Answers of one kind on a day of the window, from 0: strongly oppose, oppose, …, no opinion first.
 */
static void answer(int ordinal, int kind, int day, int64_t n0, int64_t n4, int64_t n5)
{
    const int64_t cells[CELLS] = {n0, 0, 0, 0, n4, n5, 0, 0, 0};
    ck_assert(release_sums_cells(&sums, ordinal, kind, sums.first_day + day, cells));
}

/* -1 for null; aborts where the path leads nowhere. Indices of arrays are numbers in the path. */
static int64_t figure(const char *path)
{
    const json_t *value = document;
    char name[32];
    int length = 0;
    for (const char *p = path; value && *p && sscanf(p, "%31[^/]%n", name, &length) == 1;) {
        value = json_is_array(value) ? json_array_get(value, strtoul(name, NULL, 10))
                                     : json_object_get(value, name);
        p += length + (p[length] == '/');
    }
    ck_assert_msg(value != NULL, "no %s", path);
    return json_is_null(value) ? -1 : json_integer_value(value);
}

START_TEST(days_are_hong_kongs)
{
    ck_assert_int_eq(release_day(0), 0);
    ck_assert_int_eq(release_day(INT64_C(57599999999)), 0); /* 15:59:59 UTC */
    ck_assert_int_eq(release_day(INT64_C(57600000000)), 1);
    ck_assert_int_eq(release_day(-8 * INT64_C(3600000000) - 1), -1);
    ck_assert_uint_eq(sums.days, 10);
    release_sums_clear(&sums);
    ck_assert(release_sums_init(&sums, consultation, consultation->closes_us + day_us));
    ck_assert_uint_eq(sums.days, 60);
}
END_TEST

START_TEST(what_is_not_the_consultations_is_refused)
{
    const int64_t cells[CELLS] = {1};
    const int64_t counts[SUBMISSION_COUNTS] = {1};
    ck_assert(!release_sums_cells(&sums, 0, KIND_INDIVIDUAL, 0, cells));
    ck_assert(!release_sums_cells(&sums, 16, KIND_INDIVIDUAL, 0, cells));
    ck_assert(!release_sums_cells(&sums, 1, 3, 0, cells));
    ck_assert(!release_sums_submissions(&sums, 0, counts));
}
END_TEST

START_TEST(headings_and_shares)
{
    answer(1, KIND_INDIVIDUAL, 0, 12, 30, 40);
    answer(1, KIND_ORGANISATION, 3, 0, 20, 10);
    publish();
    ck_assert_int_eq(figure("measures/1-1/answers"), 112);
    ck_assert_int_eq(figure("measures/1-1/by_stance/0/count"), 50);
    ck_assert_int_eq(figure("measures/1-1/by_stance/0/code"), 5);
    ck_assert_int_eq(figure("measures/1-1/by_stance/1/count"), 50);
    ck_assert_int_eq(figure("measures/1-1/by_stance/5/count"), 12);
    ck_assert_int_eq(figure("measures/1-1/by_stance/5/code"), 0);
    ck_assert_int_eq(figure("measures/1-1/by_stance/6/code"), -1);
    ck_assert_int_eq(figure("measures/1-1/by_kind/1/answers"), 30);
    ck_assert_int_eq(figure("measures/1-1/by_kind/1/by_stance/0/count"), 10);
    char *text = json_dumps(json_object_get(json_object_get(document, "measures"), "1-1"),
                            JSON_COMPACT | JSON_REAL_PRECISION(3));
    ck_assert_ptr_nonnull(strstr(text, "\"count\":50,\"share\":0.5}"));
    free(text);
}
END_TEST

START_TEST(sums_show_where_all_parts_do)
{
    for (int ordinal = 1; ordinal <= 15; ordinal++)
        answer(ordinal, KIND_INDIVIDUAL, 0, 10, 10, 10);
    answer(3, KIND_INDIVIDUAL, 0, 0, -7, 0); /* three support measure 3, of the first direction */
    publish();
    ck_assert_int_eq(figure("measures/1-3/by_stance/1/count"), -1);
    ck_assert_int_eq(figure("directions/1/by_stance/1/count"), -1);
    ck_assert_int_eq(figure("whole/by_stance/1/count"), -1);
    ck_assert_int_eq(figure("directions/1/by_stance/0/count"), 70);
    ck_assert_int_eq(figure("directions/2/by_stance/1/count"), 40);
    ck_assert_int_eq(figure("directions/1/answers"), 203);
    ck_assert_int_eq(figure("whole/answers"), 443);
}
END_TEST

START_TEST(days_are_merged_together)
{
    for (int ordinal = 1; ordinal <= 15; ordinal++) {
        answer(ordinal, KIND_INDIVIDUAL, 1, 0, 10, 0);
        answer(ordinal, KIND_INDIVIDUAL, 2, 0, 10, 0);
    }
    answer(1, KIND_INDIVIDUAL, 4, 0, 3, 0);
    answer(1, KIND_INDIVIDUAL, 6, 0, 20, 0);
    publish();
    ck_assert_int_eq(figure("measures/1-1/by_day/0/answers"), 0);
    ck_assert_int_eq(figure("measures/1-1/by_day/1/answers"), 10);
    for (int day = 4; day <= 6; day++) {
        char path[48];
        snprintf(path, sizeof path, "measures/1-1/by_day/%d/answers", day);
        ck_assert_int_eq(figure(path), 23);
        snprintf(path, sizeof path, "directions/1/by_day/%d/answers", day);
        ck_assert_int_eq(figure(path), 23);
        snprintf(path, sizeof path, "directions/2/by_day/%d/answers", day);
        ck_assert_int_eq(figure(path), 0);
    }
    const json_t *day = json_array_get(
        json_object_get(json_object_get(json_object_get(document, "measures"), "1-1"), "by_day"),
        5);
    ck_assert_str_eq(json_string_value(json_object_get(day, "day")), "2026-11-29");
    ck_assert_str_eq(json_string_value(json_object_get(day, "span")), "2026-11-28/2026-11-30");
    ck_assert_int_eq(figure("whole/by_day/9/answers"), 0);
}
END_TEST

START_TEST(too_few_hide_all)
{
    for (int ordinal = 1; ordinal <= 15; ordinal++)
        answer(ordinal, KIND_INDIVIDUAL, 0, 0, ordinal == 2 ? 9 : 10, 0);
    publish();
    ck_assert_int_eq(figure("measures/1-2/answers"), -1);
    ck_assert_int_eq(figure("measures/1-2/by_stance/0/count"), -1);
    ck_assert_int_eq(figure("measures/1-2/by_day/0/answers"), -1);
    ck_assert_int_eq(figure("measures/1-2/by_day/9/answers"), -1);
    ck_assert_int_eq(figure("directions/1/answers"), -1);
    ck_assert_int_eq(figure("directions/1/by_day/0/answers"), -1);
    ck_assert_int_eq(figure("whole/answers"), -1);
    ck_assert_int_eq(figure("directions/2/answers"), 40);
}
END_TEST

static const struct {
    int64_t individuals[SUBMISSION_COUNTS], organisations[SUBMISSION_COUNTS];
    int64_t counted, held, superseded, withdrawn, of_individuals;
} reconciliations[] = {
    {{112, 60, 12, 20, 20, 0}, {30, 30, 0, 0, 0, 0}, 90, 12, 20, 20, 60},
    /* five held and seven withdrawn go together; who counts is still shown */
    {{92, 80, 5, 0, 7, 0}, {30, 30, 0, 0, 0, 0}, 110, -1, -1, -1, 80},
    /* five held go with those counted */
    {{85, 80, 5, 0, 0, 0}, {30, 30, 0, 0, 0, 0}, -1, -1, -1, -1, -1},
    {{85, 85, 0, 0, 0, 0}, {3, 3, 0, 0, 0, 0}, 88, 0, 0, 0, -1},
};

START_TEST(reconciliation_obeys_the_same_rule)
{
    release_sums_submissions(&sums, KIND_INDIVIDUAL, reconciliations[_i].individuals);
    release_sums_submissions(&sums, KIND_ORGANISATION, reconciliations[_i].organisations);
    publish();
    ck_assert_int_eq(figure("reconciliation/received"),
                     reconciliations[_i].individuals[0] + reconciliations[_i].organisations[0]);
    ck_assert_int_eq(figure("reconciliation/counted"), reconciliations[_i].counted);
    ck_assert_int_eq(figure("reconciliation/held"), reconciliations[_i].held);
    ck_assert_int_eq(figure("reconciliation/superseded"), reconciliations[_i].superseded);
    ck_assert_int_eq(figure("reconciliation/withdrawn"), reconciliations[_i].withdrawn);
    ck_assert_int_eq(figure("reconciliation/by_kind/individual"),
                     reconciliations[_i].of_individuals);
}
END_TEST

static const struct {
    int64_t aside, reasons[SET_ASIDE_REASONS], shown[SET_ASIDE_REASONS];
} asides[] = {
    {30, {20, 0, 0, 10, 0, 0}, {20, 0, 0, 10, 0, 0}},
    /* three tests go with ten of another reason, so that neither is found */
    {33, {20, 0, 0, 10, 3, 0}, {20, 0, 0, -1, -1, -1}},
    {12, {3, 3, 3, 3, 0, 0}, {-1, -1, -1, -1, 0, 0}},
    {0, {0}, {0}},
    /* where the number is hidden, reasons are as well */
    {3, {3, 0, 0, 0, 0, 0}, {-1, -1, -1, -1, -1, -1}},
};

START_TEST(reasons_obey_it_as_well)
{
    const int64_t counts[SUBMISSION_COUNTS] = {
        [COUNT_RECEIVED] = 100 + asides[_i].aside,
        [COUNT_COUNTED] = 100,
        [COUNT_SET_ASIDE] = asides[_i].aside,
    };
    release_sums_submissions(&sums, KIND_INDIVIDUAL, counts);
    release_sums_reasons(&sums, asides[_i].reasons);
    publish();
    for (int i = 0; i < SET_ASIDE_REASONS; i++) {
        char path[64];
        snprintf(path, sizeof path, "reconciliation/set_aside_by_reason/%s",
                 set_aside_code((enum set_aside_reason)i));
        ck_assert_int_eq(figure(path), asides[_i].shown[i]);
    }
}
END_TEST

START_TEST(nothing_before_the_first)
{
    json_t *none = release_no_figures(), *submissions = release_no_submissions();
    ck_assert_uint_eq(json_array_size(json_object_get(none, "by_stance")), HEADINGS);
    ck_assert_uint_eq(json_array_size(json_object_get(none, "by_day")), 0);
    ck_assert(json_is_null(json_object_get(none, "answers")));
    ck_assert(json_is_null(json_object_get(submissions, "received")));
    ck_assert(json_is_null(json_object_get(json_object_get(submissions, "set_aside_by_reason"),
                                           set_aside_code(SET_ASIDE_ON_REQUEST))));
    json_decref(none);
    json_decref(submissions);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("release");
    TCase *cases = tcase_create("release");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, days_are_hong_kongs);
    tcase_add_test(cases, what_is_not_the_consultations_is_refused);
    tcase_add_test(cases, headings_and_shares);
    tcase_add_test(cases, sums_show_where_all_parts_do);
    tcase_add_test(cases, days_are_merged_together);
    tcase_add_test(cases, too_few_hide_all);
    tcase_add_loop_test(cases, reconciliation_obeys_the_same_rule, 0,
                        (int)(sizeof reconciliations / sizeof *reconciliations));
    tcase_add_loop_test(cases, reasons_obey_it_as_well, 0, (int)(sizeof asides / sizeof *asides));
    tcase_add_test(cases, nothing_before_the_first);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
