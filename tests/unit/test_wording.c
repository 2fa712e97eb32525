/* Times, numbers and faults in words, in three languages. */
#include "base/parse.h"
#include "represent/form.h"
#include "represent/wording.h"

#include <check.h>
#include <stdlib.h>

static struct pages *load(void)
{
    char error[256] = "";
    struct pages *pages = pages_load(STATIC_FOLDER, error, sizeof error);
    ck_assert_msg(pages != NULL, "%s", error);
    return pages;
}

static const struct {
    const char *utc;
    enum moment moment;
    enum language language;
    const char *text;
} moments[] = {
    {"2027-01-23T01:30:15Z", MOMENT_DAY, LANGUAGE_EN, "23 January 2027"},
    {"2027-01-23T01:30:15Z", MOMENT_DAY, LANGUAGE_ZH_HANT, "2027年1月23日"},
    {"2027-01-23T01:30:15Z", MOMENT_MINUTE, LANGUAGE_EN,
     "09:30 on 23 January 2027 (Hong Kong time)"},
    {"2027-01-23T01:30:15Z", MOMENT_SECOND, LANGUAGE_ZH_HANS, "2027年1月23日 09:30:15（香港时间）"},
    {"2027-01-23T16:00:00Z", MOMENT_SECOND, LANGUAGE_EN,
     "00:00:00 on 24 January 2027 (Hong Kong time)"},
    {"2027-01-23T16:00:00Z", MOMENT_UTC, LANGUAGE_EN, "16:00:00 on 23 January 2027 (UTC)"},
    {"2027-01-23T16:00:00Z", MOMENT_END, LANGUAGE_EN, "24:00 on 23 January 2027 (Hong Kong time)"},
    {"2027-01-23T16:00:00Z", MOMENT_END, LANGUAGE_ZH_HANT, "2027年1月23日 24:00（香港時間）"},
    {"2027-02-28T16:00:00Z", MOMENT_END, LANGUAGE_EN, "24:00 on 28 February 2027 (Hong Kong time)"},
    {"2027-01-23T15:59:00Z", MOMENT_END, LANGUAGE_EN, "23:59 on 23 January 2027 (Hong Kong time)"},
    {"2026-12-31T16:00:00Z", MOMENT_DAY, LANGUAGE_EN, "1 January 2027"},
    {"2026-12-31T16:00:00Z", MOMENT_END, LANGUAGE_EN, "24:00 on 31 December 2026 (Hong Kong time)"},
};

START_TEST(moment_in_words)
{
    struct pages *pages = load();
    int64_t utc_us = 0;
    ck_assert(parse_time(moments[_i].utc, &utc_us));
    json_t *text = wording_moment(pages, moments[_i].language, moments[_i].moment, utc_us);
    ck_assert_str_eq(json_string_value(text), moments[_i].text);
    json_decref(text);
    pages_free(pages);
}
END_TEST

static const struct {
    int64_t count;
    const char *text;
} counts[] = {
    {0, "0"},          {7, "7"},          {999, "999"},
    {1000, "1,000"},   {12345, "12,345"}, {1234567, "1,234,567"},
    {-1000, "-1,000"},
};

START_TEST(count_in_words)
{
    json_t *text = wording_count(counts[_i].count);
    ck_assert_str_eq(json_string_value(text), counts[_i].text);
    json_decref(text);
}
END_TEST

static const struct {
    enum problem_code code;
    const char *pointer;
    long limit;
    const char *href, *where, *message;
} faults_of[] = {
    {PROBLEM_NOTHING_SAID, "", 0, "#answer", "",
     "Give at least one stance, one remark or one answer to a question."},
    {PROBLEM_TOO_LONG, "/answers/1-3/remark", 2000, "#answers-1-3-remark",
     "Measure 1-3: ", "Shorten this to at most 2,000 characters."},
    {PROBLEM_TOO_MANY, "/priorities", 3, "#priorities",
     "Measures that matter most: ", "Choose at most 3."},
    {PROBLEM_TOO_LONG, "/views/2/text", 5000, "#views-2-text",
     "Question 2: ", "Shorten this to at most 5,000 characters."},
    {PROBLEM_REQUIRED, "/publication", 0, "#publication", "",
     "Choose whether we may publish what you said."},
};
enum { FAULTS_OF = sizeof faults_of / sizeof *faults_of };

START_TEST(faults_in_words)
{
    struct pages *pages = load();
    static struct faults faults;
    /* In the order of the page, whatever the order in which they were found. */
    for (size_t i = FAULTS_OF; i-- > 0;)
        faults_add(&faults, faults_of[i].code, faults_of[i].limit, "%s", faults_of[i].pointer);
    json_t *form = form_faults(pages, LANGUAGE_EN, &faults);
    for (size_t i = 0; i < FAULTS_OF; i++) {
        const json_t *fault = json_array_get(json_object_get(form, "list"), i);
        ck_assert_str_eq(json_string_value(json_object_get(fault, "href")), faults_of[i].href);
        ck_assert_str_eq(json_string_value(json_object_get(fault, "where")), faults_of[i].where);
        ck_assert_str_eq(json_string_value(json_object_get(fault, "message")),
                         faults_of[i].message);
        ck_assert_ptr_eq(form_fault(form, faults_of[i].pointer), json_object_get(fault, "message"));
    }
    ck_assert_ptr_null(form_fault(form, "/kind"));
    ck_assert_ptr_null(form_fault(NULL, "/kind"));
    json_t *field = form_field(form, "/publication", NULL);
    ck_assert_str_eq(json_string_value(json_object_get(field, "value")), "");
    ck_assert_ptr_nonnull(json_object_get(field, "error"));
    json_decref(field);
    json_decref(form);
    pages_free(pages);
}
END_TEST

static const struct {
    const char *seconds; /* as a Retry-After header has it */
    enum language language;
    const char *text; /* NULL: nothing is said */
} waits[] = {
    {"1", LANGUAGE_EN, "You can try again in 1 second."},
    {"119", LANGUAGE_EN, "You can try again in 119 seconds."},
    {"120", LANGUAGE_EN, "You can try again in 2 minutes."},
    {"541", LANGUAGE_EN, "You can try again in 10 minutes."},
    {"7199", LANGUAGE_EN, "You can try again in 120 minutes."},
    {"7201", LANGUAGE_EN, "You can try again in 3 hours."},
    {"600", LANGUAGE_ZH_HANT, "最快可在 10 分鐘後再試。"},
    {"86400", LANGUAGE_ZH_HANS, "最快可在 24 小时后再试。"},
    {"Wed, 21 Oct 2026 07:28:00 GMT", LANGUAGE_EN, NULL},
    {NULL, LANGUAGE_EN, NULL},
};

START_TEST(wait_in_words)
{
    struct pages *pages = load();
    json_t *text = wording_retry(pages, waits[_i].language, waits[_i].seconds);
    ck_assert_pstr_eq(json_string_value(text), waits[_i].text);
    json_decref(text);
    pages_free(pages);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wording");
    TCase *cases = tcase_create("words");
    tcase_add_loop_test(cases, moment_in_words, 0, sizeof moments / sizeof *moments);
    tcase_add_loop_test(cases, count_in_words, 0, sizeof counts / sizeof *counts);
    tcase_add_loop_test(cases, wait_in_words, 0, sizeof waits / sizeof *waits);
    tcase_add_test(cases, faults_in_words);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
