/* Windows by Hong Kong's calendar, and which side of one a moment lies on. */
#include "base/parse.h"
#include "domain/consultation.h"
#include "domain/window.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

static int64_t moment(const char *text)
{
    int64_t us = 0;
    ck_assert_msg(parse_time(text, &us), "%s", text);
    return us;
}

static const struct {
    const char *now, *opens, *closes;
} defaults[] = {
    {"2026-11-24T09:30:59.999+08:00", "2026-11-24T09:30:00+08:00", "2027-01-25T00:00:00+08:00"},
    /* the date is Hong Kong's, not UTC's */
    {"2026-11-23T15:59:59Z", "2026-11-23T23:59:00+08:00", "2027-01-24T00:00:00+08:00"},
    {"2026-11-23T16:00:00Z", "2026-11-24T00:00:00+08:00", "2027-01-25T00:00:00+08:00"},
    /* clamped to the month's end */
    {"2026-12-31T12:00:00+08:00", "2026-12-31T12:00:00+08:00", "2027-03-01T00:00:00+08:00"},
    {"2027-12-30T12:00:00+08:00", "2027-12-30T12:00:00+08:00", "2028-03-01T00:00:00+08:00"},
    {"2027-12-29T12:00:00+08:00", "2027-12-29T12:00:00+08:00", "2028-03-01T00:00:00+08:00"},
    {"2027-12-28T12:00:00+08:00", "2027-12-28T12:00:00+08:00", "2028-02-29T00:00:00+08:00"},
    {"2026-07-31T12:00:00+08:00", "2026-07-31T12:00:00+08:00", "2026-10-01T00:00:00+08:00"},
    {"2026-06-30T12:00:00+08:00", "2026-06-30T12:00:00+08:00", "2026-08-31T00:00:00+08:00"},
    {"2026-07-30T12:00:00+08:00", "2026-07-30T12:00:00+08:00", "2026-10-01T00:00:00+08:00"},
    {"2026-01-31T00:00:00+08:00", "2026-01-31T00:00:00+08:00", "2026-04-01T00:00:00+08:00"},
    /* nothing changes where others put their clocks forward or back */
    {"2026-03-29T01:30:00+08:00", "2026-03-29T01:30:00+08:00", "2026-05-30T00:00:00+08:00"},
    {"2026-10-25T02:30:00+08:00", "2026-10-25T02:30:00+08:00", "2026-12-26T00:00:00+08:00"},
};

START_TEST(default_span)
{
    struct window_span span = window_default(moment(defaults[_i].now));
    ck_assert_int_eq(span.opens_us, moment(defaults[_i].opens));
    ck_assert_int_eq(span.closes_us, moment(defaults[_i].closes));
}
END_TEST

START_TEST(default_span_ignores_time_zone)
{
    setenv("TZ", "America/New_York", 1);
    tzset();
    struct window_span span = window_default(moment("2026-12-31T12:00:00+08:00"));
    ck_assert_int_eq(span.closes_us, moment("2027-03-01T00:00:00+08:00"));
}
END_TEST

START_TEST(rehearsal_opened_before)
{
    struct window_span span = window_rehearsal(moment("2026-11-24T09:30:10+08:00"), 30);
    ck_assert_int_eq(span.opens_us, moment("2026-10-25T09:30:00+08:00"));
    ck_assert_int_eq(span.closes_us, moment("2027-01-25T00:00:00+08:00"));
}
END_TEST

static const struct {
    const char *text;
    bool good;
} moments[] = {
    {"2026-11-24T09:00:00+08:00", true},  {"2028-02-29T00:00:00+08:00", true},
    {"2027-02-29T00:00:00+08:00", false}, {"2026-04-31T00:00:00+08:00", false},
    {"2026-11-24T24:00:00+08:00", false}, {"2026-11-24T09:60:00+08:00", false},
    {"2026-11-24T09:00:01+08:00", false}, {"2026-11-24T09:00:00Z", false},
    {"2026-11-24T01:00:00+00:00", false}, {"1999-11-24T09:00:00+08:00", false},
    {"2026-11-24 09:00:00+08:00", false}, {"", false},
};

START_TEST(moment_form)
{
    int64_t us = 7;
    ck_assert_msg(window_moment(moments[_i].text, &us) == moments[_i].good, "%s", moments[_i].text);
    ck_assert_int_eq(us, moments[_i].good ? moment(moments[_i].text) : 7);
}
END_TEST

static const struct {
    const char *year, *month, *day, *clock, *moment; /* NULL: refused */
} fields[] = {
    {"2026", "11", "24", "09:30", "2026-11-24T09:30:00+08:00"},
    {"2028", "02", "29", "00:00", "2028-02-29T00:00:00+08:00"},
    {"2099", "12", "31", "23:59", "2099-12-31T23:59:00+08:00"},
    {"2027", "2", "29", "00:00", NULL},
    {"2027", "13", "1", "00:00", NULL},
    {"2027", "0", "1", "00:00", NULL},
    {"2027", "1", "32", "00:00", NULL},
    {"27", "1", "1", "00:00", NULL},
    {"2100", "1", "1", "00:00", NULL},
    {"2027", "1", "1", "24:00", NULL},
    {"2027", "1", "1", "9:00", NULL},
    {"2027", "1", "1", "", NULL},
    {"2027", "1", "1", "09:00:00", NULL},
    {"2027", "", "1", "00:00", NULL},
    {"2027", "1", " 1", "00:00", NULL},
};

static int whole(const char *text)
{
    int64_t value = 0;
    ck_assert(parse_integer(text, 0, 9999, &value));
    return (int)value;
}

START_TEST(fields_and_back)
{
    int64_t us = 7;
    const char *wanted = fields[_i].moment;
    bool good =
        window_fields(fields[_i].year, fields[_i].month, fields[_i].day, fields[_i].clock, &us);
    ck_assert_int_eq(good, wanted != NULL);
    ck_assert_int_eq(us, wanted ? moment(wanted) : 7);
    struct window_parts parts;
    window_split(us, &parts);
    if (good) {
        ck_assert_int_eq(parts.year, whole(fields[_i].year));
        ck_assert_int_eq(parts.month, whole(fields[_i].month));
        ck_assert_int_eq(parts.day, whole(fields[_i].day));
        ck_assert_str_eq(parts.clock, fields[_i].clock);
    }
}
END_TEST

START_TEST(window_is_half_open)
{
    struct consultation consultation = {.opens_us = 100, .closes_us = 200};
    ck_assert_int_eq(consultation_window(&consultation, 99), WINDOW_BEFORE);
    ck_assert_int_eq(consultation_window(&consultation, 100), WINDOW_OPEN);
    ck_assert_int_eq(consultation_window(&consultation, 199), WINDOW_OPEN);
    ck_assert_int_eq(consultation_window(&consultation, 200), WINDOW_CLOSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("window");
    TCase *tcase = tcase_create("window");
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, default_span, 0, sizeof defaults / sizeof *defaults);
    tcase_add_test(tcase, default_span_ignores_time_zone);
    tcase_add_test(tcase, rehearsal_opened_before);
    tcase_add_loop_test(tcase, moment_form, 0, sizeof moments / sizeof *moments);
    tcase_add_loop_test(tcase, fields_and_back, 0, sizeof fields / sizeof *fields);
    tcase_add_test(tcase, window_is_half_open);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
