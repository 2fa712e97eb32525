/* The officials' dashboard from handmade sums: what adds up, how measures are ranked, and the three
 * ways in which a figure is written. */
#include "represent/drawing.h"
#include "represent/markup.h"
#include "resources/dashboard_view.h"

#include "support/handmade.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { TODAY = 20790 };
static const int64_t day_us = INT64_C(86400000000);

static struct consultation *consultation;
static struct dashboard dashboard;

/* The third day of the window. */
static void setup(void)
{
    consultation = handmade_consultation();
    consultation->opens_us = (TODAY - 2) * day_us;
    consultation->closes_us = consultation->opens_us + 60 * day_us;
    ck_assert(dashboard_init(&dashboard, consultation, TODAY * day_us, TODAY, TODAY - 1, TODAY));
}

static void teardown(void)
{
    dashboard_clear(&dashboard);
    consultation_release(consultation);
}

static void sent(int day, int kind, bool proven, int language, int64_t counted, int64_t held)
{
    const int64_t counts[DASHBOARD_COUNTS] = {counted + held, counted, held, 0, 0, 0};
    ck_assert(dashboard_submissions(&dashboard, day, kind, proven, language, 1, counts));
}

static void answered(int ordinal, int age, int64_t n1, int64_t n2, int64_t n3, int64_t n4,
                     int64_t n5, int64_t priorities)
{
    const int64_t cells[DASHBOARD_CELLS] = {0, n1, n2, n3, n4, n5, 0, 0, priorities};
    ck_assert(dashboard_answers(&dashboard, ordinal, age, cells));
}

static int64_t sum(const json_t *list, const char *column)
{
    int64_t all = 0;
    json_t *row;
    size_t i;
    json_array_foreach(list, i, row) all += json_integer_value(json_object_get(row, column));
    return all;
}

START_TEST(figures_add_up)
{
    static const char *const names[] = {"days", "kinds", "proof", "languages", "channels"};
    sent(TODAY, 1, false, 0, 5, 2);
    sent(TODAY, 2, true, 1, 3, 0);
    sent(TODAY - 1, 1, true, 2, 11, 1);
    answered(1, AGE_TODAY, 0, 0, 0, 3, 2, 1);
    answered(1, AGE_YESTERDAY, 1, 0, 0, 0, 0, 0);
    json_t *model = dashboard_model(consultation, &dashboard);
    const json_t *figures = json_object_get(model, "figures");
    ck_assert_uint_eq(json_object_size(figures), FIGURES);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_int_eq(sum(json_object_get(figures, names[i]), "received"), 22);
        ck_assert_int_eq(sum(json_object_get(figures, names[i]), "counted"), 19);
        ck_assert_int_eq(sum(json_object_get(figures, names[i]), "held"), 3);
    }
    const json_t *days = json_object_get(figures, "days");
    ck_assert_uint_eq(json_array_size(days), 3); /* the opening's day as well */
    ck_assert_int_eq(sum(json_object_get(figures, "directions"), "support"), 3);
    const json_t *since = json_object_get(model, "since_yesterday");
    const json_t *today = json_object_get(since, "today");
    ck_assert_int_eq(json_integer_value(json_object_get(today, "received")), 10);
    ck_assert_int_eq(json_integer_value(json_object_get(today, "answers")), 5);
    const json_t *yesterday = json_object_get(since, "yesterday");
    ck_assert_int_eq(json_integer_value(json_object_get(yesterday, "counted")), 11);
    ck_assert_int_eq(json_integer_value(json_object_get(yesterday, "answers")), 1);
    json_decref(model);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    const int64_t counts[DASHBOARD_COUNTS] = {1, 1}, cells[DASHBOARD_CELLS] = {1};
    ck_assert(!dashboard_submissions(&dashboard, TODAY + 1, 1, false, 0, 1, counts));
    ck_assert(!dashboard_submissions(&dashboard, TODAY - 3, 1, false, 0, 1, counts));
    ck_assert(!dashboard_submissions(&dashboard, TODAY, 3, false, 0, 1, counts));
    ck_assert(!dashboard_submissions(&dashboard, TODAY, 1, false, 3, 1, counts));
    ck_assert(!dashboard_submissions(&dashboard, TODAY, 1, false, 0, 7, counts));
    ck_assert(!dashboard_answers(&dashboard, 0, AGE_TODAY, cells));
    ck_assert(!dashboard_answers(&dashboard, 16, AGE_TODAY, cells));
    ck_assert(!dashboard_answers(&dashboard, 1, AGES, cells));
    ck_assert_int_eq(dashboard.all[DASHBOARD_RECEIVED], 0);
}
END_TEST

static double value_of(int ordinal, enum dashboard_ranking ranking)
{
    double value = -1;
    ck_assert(dashboard_rank_value(&dashboard, ordinal, ranking, &value));
    return value;
}

START_TEST(measures_are_ranked)
{
    int ordinals[MEASURES_MOST];
    double value;
    answered(2, AGE_BEFORE, 0, 0, 0, 0, 10, 1); /* all for it */
    answered(3, AGE_BEFORE, 5, 0, 0, 0, 5, 9);  /* torn */
    answered(4, AGE_BEFORE, 0, 10, 0, 0, 0, 9); /* all against it */
    answered(5, AGE_BEFORE, 1, 2, 4, 2, 1, 0);
    ck_assert_double_eq(value_of(2, RANK_SUPPORT), 1);
    ck_assert_double_eq(value_of(3, RANK_SUPPORT), 0.5);
    ck_assert_double_eq(value_of(5, RANK_OPPOSITION), 0.3);
    ck_assert_double_eq(value_of(2, RANK_DISAGREEMENT), 0);
    ck_assert_double_eq(value_of(3, RANK_DISAGREEMENT), 1);
    ck_assert_double_eq(value_of(5, RANK_DISAGREEMENT), 0.3); /* variance 1.2 of 4 */
    ck_assert(!dashboard_rank_value(&dashboard, 1, RANK_SUPPORT, &value));
    dashboard_rank(&dashboard, RANK_SUPPORT, ordinals);
    ck_assert_int_eq(ordinals[0], 2);
    ck_assert_int_eq(ordinals[1], 3);
    ck_assert_int_eq(ordinals[2], 5);
    ck_assert_int_eq(ordinals[3], 4);
    ck_assert_int_eq(ordinals[4], 1); /* without a value, in their order */
    ck_assert_int_eq(ordinals[5], 6);
    dashboard_rank(&dashboard, RANK_OPPOSITION, ordinals);
    ck_assert_int_eq(ordinals[0], 4);
    dashboard_rank(&dashboard, RANK_DISAGREEMENT, ordinals);
    ck_assert_int_eq(ordinals[0], 3);
    ck_assert_int_eq(ordinals[1], 5);
    dashboard_rank(&dashboard, RANK_PRIORITY, ordinals);
    ck_assert_int_eq(ordinals[0], 3); /* as often as the next one */
    ck_assert_int_eq(ordinals[1], 4);
    ck_assert_int_eq(ordinals[2], 2);
}
END_TEST

START_TEST(a_figure_is_a_table_and_a_drawing)
{
    answered(2, AGE_BEFORE, 0, 0, 0, 2, 1, 0);
    sent(TODAY, 1, false, 0, 5, 2);
    for (int figure = 0; figure < FIGURES; figure++) {
        const char *labels[MEASURES_MOST];
        struct buf file = {0};
        json_t *table = dashboard_table(consultation, &dashboard, (enum dashboard_figure)figure);
        json_t *rows = json_object_get(table, "rows"), *row;
        size_t columns = json_array_size(json_object_get(table, "columns")), i;
        ck_assert_uint_ge(json_array_size(rows), 2);
        json_array_foreach(rows, i, row)
        {
            ck_assert_uint_eq(json_array_size(row), columns);
            labels[i] = "a < b";
        }
        json_t *chart = dashboard_chart((enum dashboard_figure)figure, table, labels);
        ck_assert_ptr_nonnull(markup_text(chart));
        ck_assert_ptr_null(strstr(markup_text(chart), "a < b"));
        struct drawing drawing = {.language = "en",
                                  .title = "A & B",
                                  .about = "plan",
                                  .unit = "Received",
                                  .labels = labels,
                                  .shown = labels};
        dashboard_chart_file((enum dashboard_figure)figure, table, &drawing, &file);
        ck_assert(buf_ok(&file));
        ck_assert_ptr_nonnull(strstr(file.data, "<title id=\"title\">A &amp; B</title>"));
        ck_assert_ptr_nonnull(strstr(file.data, "a &lt; b"));
        ck_assert_ptr_null(strstr(file.data, "a < b"));
        ck_assert_ptr_nonnull(strstr(file.data, "</svg>"));
        ck_assert_int_eq(
            dashboard_figure_find(dashboard_figure_name((enum dashboard_figure)figure)), figure);
        buf_clear(&file);
        json_decref(chart);
        json_decref(table);
    }
    ck_assert_int_eq(dashboard_figure_find("nothing"), FIGURES);
    json_t *table = dashboard_table(consultation, &dashboard, FIGURE_SUPPORT);
    const json_t *rows = json_object_get(table, "rows");
    ck_assert_double_eq(json_real_value(json_array_get(json_array_get(rows, 0), 2)), 1);
    ck_assert(json_is_null(json_array_get(json_array_get(rows, 1), 2)));
    /* The whole width is all of them, whatever the greatest is. */
    const char *const labels[] = {"1-1", "1-2"};
    json_t *halves = json_pack("{s:[[s,i,f],[s,i,f]]}", "rows", "1-1", 2, 0.5, "1-2", 4, 0.25);
    json_t *chart = dashboard_chart(FIGURE_SUPPORT, halves, labels);
    ck_assert_msg(strstr(markup_text(chart), "width=\"50%\"") &&
                      strstr(markup_text(chart), "width=\"25%\""),
                  "%s", markup_text(chart));
    json_decref(chart);
    json_decref(halves);
    json_decref(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dashboard");
    TCase *tcase = tcase_create("dashboard");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, figures_add_up);
    tcase_add_test(tcase, what_cannot_be_is_refused);
    tcase_add_test(tcase, measures_are_ranked);
    tcase_add_test(tcase, a_figure_is_a_table_and_a_drawing);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
