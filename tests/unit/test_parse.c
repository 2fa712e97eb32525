/* base/parse: each reader takes the whole text or nothing, and leaves *out alone when it refuses.
 */
#include "base/parse.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *text;
    int64_t least, most;
    bool ok;
    int64_t value;
} integers[] = {
    {"0", 0, 9, true, 0},
    {"-1", -5, 5, true, -1},
    {"007", 0, 9, true, 7},
    {"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
    {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
    {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
    {"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
    {"10", 0, 9, false, 0},
    {"-1", 0, 9, false, 0},
    {"", 0, 9, false, 0},
    {"-", -9, 9, false, 0},
    {"+1", 0, 9, false, 0},
    {" 1", 0, 9, false, 0},
    {"1 ", 0, 9, false, 0},
    {"1e3", 0, 9999, false, 0},
    {"0x1", 0, 9999, false, 0},
};

START_TEST(integer)
{
    int64_t value = 42;
    ck_assert_int_eq(
        parse_integer(integers[_i].text, integers[_i].least, integers[_i].most, &value),
        integers[_i].ok);
    ck_assert_int_eq(value, integers[_i].ok ? integers[_i].value : 42);
}
END_TEST

static const struct {
    const char *text;
    bool ok;
} uuids[] = {
    {"6f9619ff-8b86-d011-b42d-00cf4fc964ff", true},
    {"6F9619FF-8B86-D011-B42D-00CF4FC964FF", true},
    {"00000000-0000-0000-0000-000000000000", false},
    {"6f9619ff8b86d011b42d00cf4fc964ff", false},
    {"6f9619ff-8b86-d011-b42d-00cf4fc964f", false},
    {"6f9619ff-8b86-d011-b42d-00cf4fc964fff", false},
    {"6f9619ff-8b86-d011-b42d_00cf4fc964ff", false},
    {"6f9619fg-8b86-d011-b42d-00cf4fc964ff", false},
    {"{f9619ff-8b86-d011-b42d-00cf4fc964ff", false},
    {"", false},
};

START_TEST(uuid)
{
    struct uuid value;
    char text[UUID_TEXT + 1];
    ck_assert_int_eq(parse_uuid(uuids[_i].text, &value), uuids[_i].ok);
    if (!uuids[_i].ok)
        return;
    format_uuid(&value, text);
    ck_assert_str_eq(text, "6f9619ff-8b86-d011-b42d-00cf4fc964ff");
}
END_TEST

static const struct {
    const char *text;
    const char *utc; /* NULL: refused */
} times[] = {
    {"2026-11-24T00:00:00+08:00", "2026-11-23T16:00:00Z"},
    {"2026-11-23T16:00:00Z", "2026-11-23T16:00:00Z"},
    {"2026-11-23t16:00:00.999z", "2026-11-23T16:00:00Z"},
    {"2026-11-23T10:30:00-05:30", "2026-11-23T16:00:00Z"},
    {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
    {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
    {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
    {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
    {"2026-02-29T00:00:00Z", NULL},
    {"1900-02-29T00:00:00Z", NULL},
    {"2026-13-01T00:00:00Z", NULL},
    {"2026-00-01T00:00:00Z", NULL},
    {"2026-01-32T00:00:00Z", NULL},
    {"2026-01-00T00:00:00Z", NULL},
    {"2026-01-01T24:00:00Z", NULL},
    {"2026-01-01T00:60:00Z", NULL},
    {"2026-06-30T23:59:60Z", NULL},
    {"2026-01-01T00:00:00", NULL},
    {"2026-01-01T00:00:00.Z", NULL},
    {"2026-01-01 00:00:00Z", NULL},
    {"2026-01-01T00:00:00+8:00", NULL},
    {"2026-01-01T00:00:00+08", NULL},
    {"2026-01-01T00:00:00Zx", NULL},
    {"26-01-01T00:00:00Z", NULL},
    {"2026-01-01", NULL},
    {"", NULL},
};

START_TEST(time)
{
    int64_t us = 0;
    char text[RFC3339_TEXT];
    ck_assert_int_eq(parse_time(times[_i].text, &us), times[_i].utc != NULL);
    if (!times[_i].utc)
        return;
    format_time(us, text);
    ck_assert_str_eq(text, times[_i].utc);
}
END_TEST

START_TEST(time_keeps_microseconds)
{
    int64_t us = 0;
    ck_assert(parse_time("1970-01-01T00:00:01.234567Z", &us));
    ck_assert_int_eq(us, 1234567);
    ck_assert(parse_time("1970-01-01T00:00:01.2345678999Z", &us));
    ck_assert_int_eq(us, 1234567);
}
END_TEST

static const struct {
    const char *text;
    bool ok;
} dates[] = {
    {"2026-11-23", true}, {"0001-01-01", true}, {"9999-12-31", true},   {"2026-02-30", false},
    {"2026-2-03", false}, {"20260203", false},  {"2026-02-03 ", false}, {"", false},
};

START_TEST(date)
{
    int32_t day = 0;
    char text[11];
    ck_assert_int_eq(parse_date(dates[_i].text, &day), dates[_i].ok);
    if (!dates[_i].ok)
        return;
    format_date(day, text);
    ck_assert_str_eq(text, dates[_i].text);
}
END_TEST

START_TEST(days_follow_each_other)
{
    int32_t before = -800, day = 0;
    char text[11];
    for (int i = 0; i < 1600; i++, before++) {
        format_date(before, text);
        ck_assert(parse_date(text, &day));
        ck_assert_int_eq(day, before);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t most;
    bool ok;
} slugs[] = {
    {"hk-plan-2026", 60, true}, {"a", 60, true},    {"0", 60, true},    {"", 60, false},
    {"abc", 2, false},          {"-a", 60, false},  {"a-", 60, false},  {"a--b", 60, false},
    {"A", 60, false},           {"a_b", 60, false}, {"a/b", 60, false}, {"é", 60, false},
    {"..", 60, false},
};

START_TEST(slug)
{
    ck_assert_int_eq(parse_slug(slugs[_i].text, slugs[_i].most), slugs[_i].ok);
}
END_TEST

static const struct {
    const char *text;
    bool plus;
    const char *decoded; /* NULL: refused */
} percents[] = {
    {"plain", false, "plain"},  {"%E5%8C%97", false, "北"},
    {"%e5%8c%97", false, "北"}, {"a%2Fb", false, "a/b"},
    {"%252F", false, "%2F"},    {"a+b", false, "a+b"},
    {"a+b%2B", true, "a b+"},   {"", false, ""},
    {"%", false, NULL},         {"%4", false, NULL},
    {"abc%4", false, NULL},     {"%4g", false, NULL},
    {"%g4", false, NULL},       {"%00", false, NULL},
    {"n%00ul", false, NULL},
};

START_TEST(percent)
{
    char text[64];
    strcpy(text, percents[_i].text);
    size_t length = strlen(text);
    bool ok = parse_percent(text, &length, percents[_i].plus);
    ck_assert_int_eq(ok, percents[_i].decoded != NULL);
    if (!ok)
        return;
    ck_assert_str_eq(text, percents[_i].decoded);
    ck_assert_uint_eq(length, strlen(percents[_i].decoded));
}
END_TEST

static const struct {
    const char *bytes;
    bool ok;
} texts[] = {
    {"", true},
    {"ascii", true},
    {"北京", true},
    {"\xf0\x9f\x98\x80", true},
    {"\xf4\x8f\xbf\xbf", true},
    {"\xf4\x90\x80\x80", false}, /* beyond U+10FFFF */
    {"\xed\xa0\x80", false},     /* a surrogate */
    {"\xc0\xaf", false},         /* '/' in two bytes */
    {"\xe0\x80\xaf", false},
    {"\xc3", false},
    {"\x80", false},
    {"\xff", false},
    {"a\xe5\x8c", false},
};

START_TEST(utf8)
{
    ck_assert_int_eq(parse_utf8(texts[_i].bytes, strlen(texts[_i].bytes)), texts[_i].ok);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

int main(void)
{
    Suite *suite = suite_create("parse");
    TCase *all = tcase_create("all");
    LOOP(integer, integers);
    LOOP(uuid, uuids);
    LOOP(time, times);
    tcase_add_test(all, time_keeps_microseconds);
    LOOP(date, dates);
    tcase_add_test(all, days_follow_each_other);
    LOOP(slug, slugs);
    LOOP(percent, percents);
    LOOP(utf8, texts);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
