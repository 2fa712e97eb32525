/* Suppression of small cells: examples, and a solver that plays the reader who knows the rule. */
#include "domain/counts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { H = COUNT_HIDDEN };

static const struct {
    int64_t minimum;
    int64_t cells[HEADINGS];
    int64_t shown[HEADINGS];
} rows[] = {
    {10, {0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0}},
    {10, {10, 0, 11, 12, 0, 99, 10}, {10, 0, 11, 12, 0, 99, 10}},
    {10, {1, 2, 3, 0, 1, 2, 0}, {H, H, H, H, H, H, H}},          /* nine in all */
    {10, {40, 3, 50, 0, 12, 20, 10}, {40, H, H, 0, 12, 20, 10}}, /* merged with what follows */
    {10, {40, 30, 50, 0, 12, 20, 1}, {40, 30, 50, 0, 12, H, H}}, /* a rest joins what was before */
    {10, {40, 30, 50, 0, 12, 4, 3}, {40, 30, 50, 0, H, H, H}},
    {10,
     {9, 40, 40, 0, 9, 0, 50},
     {H, H, 40, 0, H, H, H}}, /* two nines do not tell on each other */
    {10, {0, 0, 15, 0, 0, 0, 3}, {0, 0, H, H, H, H, H}},
    {10, {5, 5, 0, 0, 0, 0, 10}, {H, H, 0, 0, 0, 0, 10}},
    {3, {2, 1, 3, 0, 0, 0, 0}, {H, H, 3, 0, 0, 0, 0}},
    {2, {1, 7, 0, 4, 0, 0, 2}, {H, H, 0, H, H, H, H}}, /* two is taken as three */
    {1, {1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 6, 7}},
};

START_TEST(row_is_merged_by_position)
{
    int64_t cells[HEADINGS];
    memcpy(cells, rows[_i].cells, sizeof cells);
    counts_suppress_row(cells, HEADINGS, rows[_i].minimum);
    for (int i = 0; i < HEADINGS; i++)
        ck_assert_msg(cells[i] == rows[_i].shown[i], "row %d, cell %d: %d, not %d", _i, i,
                      (int)cells[i], (int)rows[_i].shown[i]);
}
END_TEST

START_TEST(row_of_one_or_too_many)
{
    int64_t one[] = {4}, enough[] = {10}, many[17] = {100};
    counts_suppress_row(one, 1, 10);
    counts_suppress_row(enough, 1, 10);
    counts_suppress_row(many, 17, 10);
    ck_assert_int_eq(one[0], H);
    ck_assert_int_eq(enough[0], 10);
    ck_assert_int_eq(many[0], H);
    ck_assert_int_eq(many[16], H);
}
END_TEST

START_TEST(spans_are_zero_or_enough)
{
    static const int64_t days[] = {0, 3, 0, 8, 12, 0, 0, 4, 0};
    static const bool expected[] = {true, true, false, false, true, false, false, false, false};
    bool starts[9];
    counts_spans(days, 9, 10, starts);
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq(starts[i], expected[i]);
}
END_TEST

/* A good measure: everything shown. Each case below changes one thing of it. */
static struct measure_counts measure_good(void)
{
    return (struct measure_counts){
        .by_kind = {{30, 20, 10, 10, 10, 10, 10}, {10, 10, 0, 0, 10, 0, 0}},
        .remarks = 40,
        .priorities = 20};
}

static void measure_all_hidden(const struct measure_counts *m)
{
    ck_assert_int_eq(m->total, H);
    ck_assert_int_eq(m->remarks, H);
    ck_assert_int_eq(m->priorities, H);
    for (int kind = 0; kind < KINDS; kind++) {
        ck_assert_int_eq(m->kind_total[kind], H);
        for (int heading = 0; heading < HEADINGS; heading++)
            ck_assert_int_eq(m->by_kind[kind][heading], H);
    }
    for (int heading = 0; heading < HEADINGS; heading++)
        ck_assert_int_eq(m->by_heading[heading], H);
}

START_TEST(measure_shows_all_it_can)
{
    struct measure_counts m = measure_good();
    counts_suppress_measure(&m, 10);
    ck_assert_int_eq(m.total, 130);
    ck_assert_int_eq(m.kind_total[0], 100);
    ck_assert_int_eq(m.kind_total[1], 30);
    ck_assert_int_eq(m.by_heading[0], 40);
    ck_assert_int_eq(m.by_kind[1][4], 10);
    ck_assert_int_eq(m.remarks, 40);
    ck_assert_int_eq(m.priorities, 20);
}
END_TEST

START_TEST(measure_split_goes_with_one_small_cell)
{
    struct measure_counts m = measure_good();
    m.by_kind[1][2] = 3;
    counts_suppress_measure(&m, 10);
    ck_assert_int_eq(m.by_heading[2], 13);
    ck_assert_int_eq(m.kind_total[1], 33);
    ck_assert_int_eq(m.by_kind[1][2], H);
    ck_assert_int_eq(m.by_kind[0][0], H);
}
END_TEST

START_TEST(measure_kinds_go_with_a_small_kind)
{
    struct measure_counts m = measure_good();
    memset(m.by_kind[1], 0, sizeof m.by_kind[1]);
    m.by_kind[1][0] = 4;
    counts_suppress_measure(&m, 10);
    ck_assert_int_eq(m.total, 104);
    ck_assert_int_eq(m.by_heading[0], 34);
    ck_assert_int_eq(m.kind_total[0], H);
    ck_assert_int_eq(m.kind_total[1], H);
}
END_TEST

START_TEST(measure_remarks_and_what_is_left_of_them)
{
    static const struct {
        int64_t remarks, priorities, remarks_shown, priorities_shown;
    } cases[] = {
        {10, 0, 10, 0}, /* all remarks are bare ones */
        {11, 9, H, H},  /* one remark beside a stance; nine priorities */
        {20, 10, 20, 10},
        {122, 121, H, H}, /* eight answers without a remark, nine without priority */
        {130, 130, 130, 130},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct measure_counts m = measure_good();
        m.remarks = cases[i].remarks;
        m.priorities = cases[i].priorities;
        counts_suppress_measure(&m, 10);
        ck_assert_int_eq(m.remarks, cases[i].remarks_shown);
        ck_assert_int_eq(m.priorities, cases[i].priorities_shown);
    }
    struct measure_counts m = measure_good();
    m.by_kind[0][HEADING_REMARK_ONLY] = 2;
    counts_suppress_measure(&m, 10);
    ck_assert_int_eq(m.by_heading[HEADING_REMARK_ONLY], H);
    ck_assert_int_eq(m.remarks, H);
}
END_TEST

START_TEST(measure_too_small_hides_all)
{
    struct measure_counts m = {.by_kind = {{9}}, .remarks = 0};
    counts_suppress_measure(&m, 10);
    measure_all_hidden(&m);
}
END_TEST

START_TEST(sum_is_shown_where_every_part_is)
{
    struct measure_counts a = measure_good(), b = measure_good(), sum;
    b.by_kind[0][1] = 4;
    b.by_kind[1][1] = 0;
    counts_suppress_measure(&a, 10);
    counts_suppress_measure(&b, 10);
    const struct measure_counts *parts[] = {&a, &b};
    counts_sum(parts, 2, &sum);
    ck_assert_int_eq(sum.total, a.total + b.total);
    ck_assert_int_eq(sum.by_heading[0], 80);
    ck_assert_int_eq(sum.by_heading[1], H);
    ck_assert_int_eq(sum.by_heading[2], H);
    ck_assert_int_eq(sum.by_heading[4], 40);
    ck_assert_int_eq(sum.by_kind[0][0], H);
    ck_assert_int_eq(sum.kind_total[0], a.kind_total[0] + b.kind_total[0]);
}
END_TEST

START_TEST(share_of_stances_only)
{
    struct measure_counts m = measure_good();
    counts_suppress_measure(&m, 10);
    ck_assert_int_eq(counts_share(&m, 0, 30), 364); /* 40 of 110 */
    ck_assert_int_eq(counts_share(&m, HEADING_NO_OPINION, 30), H);
    ck_assert_int_eq(counts_share(&m, HEADING_REMARK_ONLY, 30), H);
    ck_assert_int_eq(counts_share(&m, 0, 111), H);
    m.by_heading[3] = H;
    ck_assert_int_eq(counts_share(&m, 0, 30), H);
    struct measure_counts none = {0};
    ck_assert_int_eq(counts_share(&none, 0, 0), H);
}
END_TEST

/* The solver asserts by ck_abort_msg, since ck_assert writes a mark each time it is passed. It
 * makes every exact table of a family, publishes each, and puts together those that look the same
 * when published: these are all the tables a reader who knows the rule cannot tell apart. A figure
 * that is small, not zero and hidden must have more than one value among them. */

enum { FIGURES_MOST = 26 };

struct table {
    signed char shown[FIGURES_MOST];
    signed char exact[FIGURES_MOST];
};

struct family {
    size_t figures;
    int64_t minimum;
    struct table *list;
    size_t count, capacity;
};

static void family_add(struct family *family, const int64_t *exact, const int64_t *shown)
{
    if (family->count == family->capacity) {
        family->capacity = family->capacity ? 2 * family->capacity : 1024;
        family->list = realloc(family->list, family->capacity * sizeof *family->list);
        if (!family->list)
            ck_abort_msg("no memory");
    }
    struct table *table = &family->list[family->count++];
    memset(table, 0, sizeof *table);
    for (size_t i = 0; i < family->figures; i++) {
        table->exact[i] = (signed char)exact[i];
        table->shown[i] = (signed char)shown[i];
    }
}

static int table_order(const void *a, const void *b)
{
    return memcmp(((const struct table *)a)->shown, ((const struct table *)b)->shown, FIGURES_MOST);
}

/* The fewest values any small hidden figure can have, and the asserted bound. */
static void family_solve(struct family *family, size_t least, const char *name)
{
    if (!family->list)
        ck_abort_msg("no table was made");
    qsort(family->list, family->count, sizeof *family->list, table_order);
    size_t groups = 0, hidden = 0;
    int fewest = 64;
    for (size_t from = 0, to; from < family->count; from = to) {
        uint64_t values[FIGURES_MOST] = {0}; /* bit n: n is possible */
        for (to = from; to < family->count && !table_order(&family->list[from], &family->list[to]);
             to++)
            for (size_t i = 0; i < family->figures; i++)
                values[i] |= UINT64_C(1) << family->list[to].exact[i];
        groups++;
        for (size_t t = from; t < to; t++)
            for (size_t i = 0; i < family->figures; i++) {
                const struct table *table = &family->list[t];
                bool small = counts_small(table->exact[i], family->minimum);
                if (small && table->shown[i] != H)
                    ck_abort_msg("%s: small figure shown", name);
                if (!small)
                    continue;
                hidden++;
                int possible = __builtin_popcountll(values[i]);
                fewest = possible < fewest ? possible : fewest;
            }
    }
    printf("%s, minimum %d: %zu tables, %zu publications, %zu small figures hidden, at least %d "
           "possible values each\n",
           name, (int)family->minimum, family->count, groups, hidden, fewest);
    ck_assert_uint_gt(hidden, 0);
    ck_assert_msg((size_t)fewest >= least, "%s: a hidden figure has %d possible values", name,
                  fewest);
    free(family->list);
}

/* Calls `each` for every way of putting at most `total` into `count` cells. */
static void compositions(int64_t *cells, size_t at, size_t count, int64_t total,
                         void (*each)(void *context, const int64_t *cells), void *context)
{
    if (at == count) {
        each(context, cells);
        return;
    }
    for (cells[at] = 0; cells[at] <= total; cells[at]++)
        compositions(cells, at + 1, count, total - cells[at], each, context);
}

struct measures {
    struct family family;
    const int *headings; /* that may be other than zero */
    size_t heading_count;
    size_t kinds;
    bool remarks;
    int64_t total;
};

static void measure_list(const struct measure_counts *m, int64_t *out)
{
    memcpy(out, m->by_heading, sizeof m->by_heading);
    memcpy(out + HEADINGS, m->by_kind, sizeof m->by_kind);
    out[3 * HEADINGS] = m->kind_total[0];
    out[3 * HEADINGS + 1] = m->kind_total[1];
    out[3 * HEADINGS + 2] = m->total;
    out[3 * HEADINGS + 3] = m->remarks;
}

static void measure_publish(void *context, const int64_t *cells)
{
    struct measures *measures = context;
    struct measure_counts m = {0};
    for (size_t kind = 0; kind < measures->kinds; kind++)
        for (size_t i = 0; i < measures->heading_count; i++)
            m.by_kind[kind][measures->headings[i]] = cells[kind * measures->heading_count + i];
    struct measure_counts sums = m;
    counts_suppress_measure(&sums, 1);
    int64_t bare = sums.by_heading[HEADING_REMARK_ONLY];
    for (int64_t remarks = bare; remarks <= (measures->remarks ? sums.total : bare); remarks++) {
        int64_t exact[FIGURES_MOST] = {0}, shown[FIGURES_MOST] = {0};
        m.remarks = sums.remarks = remarks;
        measure_list(&sums, exact);
        struct measure_counts published = m;
        counts_suppress_measure(&published, measures->family.minimum);
        measure_list(&published, shown);
        family_add(&measures->family, exact, shown);
    }
}

static const int all_headings[] = {0, 1, 2, 3, 4, 5, 6};
static const int some_headings[] = {0, 4, 6};
static const int four_headings[] = {1, 2, 3, 6};

static const struct {
    const char *name;
    const int *headings;
    size_t heading_count, kinds;
    bool remarks;
    int64_t minimum, total;
} families[] = {
    {"seven headings", all_headings, 7, 1, false, 3, 11},
    {"seven headings", all_headings, 7, 1, false, 4, 11},
    {"seven headings by kind", all_headings, 7, 2, false, 3, 6},
    {"four headings by kind", four_headings, 4, 2, false, 3, 9},
    {"four headings by kind", four_headings, 4, 2, false, 4, 9},
    {"three headings by kind, remarks", some_headings, 3, 2, true, 3, 10},
    {"three headings, remarks", some_headings, 3, 1, true, 5, 20},
    {"three headings", some_headings, 3, 1, false, 10, 50},
    {"three headings by kind", some_headings, 3, 2, false, 5, 14},
};

START_TEST(solver_finds_no_cell_of_a_measure)
{
    struct measures measures = {
        .family = {.figures = 3 * HEADINGS + 4, .minimum = families[_i].minimum},
        .headings = families[_i].headings,
        .heading_count = families[_i].heading_count,
        .kinds = families[_i].kinds,
        .remarks = families[_i].remarks};
    int64_t cells[2 * HEADINGS] = {0};
    compositions(cells, 0, measures.heading_count * measures.kinds, families[_i].total,
                 measure_publish, &measures);
    family_solve(&measures.family, (size_t)families[_i].minimum - 1, families[_i].name);
}
END_TEST

/* A row whose total everybody knows even where it is small, as that of the submissions received. */
static void row_publish(void *context, const int64_t *cells)
{
    struct family *family = context;
    int64_t exact[FIGURES_MOST] = {0}, shown[FIGURES_MOST] = {0};
    for (size_t i = 0; i + 1 < family->figures; i++)
        exact[i] = shown[i] = cells[i];
    counts_suppress_row(shown, family->figures - 1, family->minimum);
    int64_t total = 0;
    for (size_t i = 0; i + 1 < family->figures; i++)
        total += cells[i];
    shown[family->figures - 1] = total;
    family_add(family, exact, shown);
}

START_TEST(solver_finds_no_cell_of_a_row)
{
    struct family family = {.figures = 6, .minimum = _i};
    int64_t cells[5];
    compositions(cells, 0, 5, 2 * _i + 3, row_publish, &family);
    family_solve(&family, 2, "row of five with its total known");
}
END_TEST

/* Days: what is published is where spans begin and what they sum to. */
static void days_publish(void *context, const int64_t *cells)
{
    struct family *family = context;
    size_t days = family->figures / 2;
    bool starts[FIGURES_MOST];
    int64_t exact[FIGURES_MOST] = {0}, shown[FIGURES_MOST] = {0};
    counts_spans(cells, days, family->minimum, starts);
    if (!starts[0])
        ck_abort_msg("no span begins on the first day");
    for (size_t i = 0, span = 0; i < days; i++) {
        span = starts[i] ? i : span;
        exact[i] = cells[i];
        shown[days + span] += cells[i];
        bool alone = starts[i] && (i + 1 == days || starts[i + 1]);
        shown[i] = alone ? cells[i] : H;
    }
    int64_t total = 0;
    for (size_t i = 0; i < days; i++)
        total += cells[i];
    for (size_t i = 0; i < days && counts_small(total, family->minimum); i++)
        shown[i] = shown[days + i] = H;
    for (size_t i = 0; i < days; i++)
        if (shown[days + i] != H && counts_small(shown[days + i], family->minimum))
            ck_abort_msg("a small span is shown");
    family_add(family, exact, shown);
}

START_TEST(solver_finds_no_day)
{
    struct family family = {.figures = 12, .minimum = _i};
    int64_t cells[6];
    compositions(cells, 0, 6, 2 * _i + 3, days_publish, &family);
    family_solve(&family, (size_t)_i - 1, "six days");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("counts");
    TCase *rule = tcase_create("rule");
    tcase_add_loop_test(rule, row_is_merged_by_position, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_test(rule, row_of_one_or_too_many);
    tcase_add_test(rule, spans_are_zero_or_enough);
    tcase_add_test(rule, measure_shows_all_it_can);
    tcase_add_test(rule, measure_split_goes_with_one_small_cell);
    tcase_add_test(rule, measure_kinds_go_with_a_small_kind);
    tcase_add_test(rule, measure_remarks_and_what_is_left_of_them);
    tcase_add_test(rule, measure_too_small_hides_all);
    tcase_add_test(rule, sum_is_shown_where_every_part_is);
    tcase_add_test(rule, share_of_stances_only);
    suite_add_tcase(suite, rule);
    TCase *solver = tcase_create("solver");
    tcase_set_timeout(solver, 120);
    tcase_add_loop_test(solver, solver_finds_no_cell_of_a_measure, 0,
                        (int)(sizeof families / sizeof *families));
    tcase_add_loop_test(solver, solver_finds_no_cell_of_a_row, 2, 7);
    tcase_add_loop_test(solver, solver_finds_no_day, 3, 6);
    suite_add_tcase(suite, solver);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
