/* What the steps of the form send becomes the interface's submission: the same one, whichever way
 * it was sent. */
#include "resources/form_input.h"
#include "support/client.h"
#include "support/fixture.h"
#include "support/handmade.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct faults faults;

/* Taken into answers that are there already, which it may be NULL. */
static json_t *taken_into(json_t *answers, const char *body)
{
    struct form form = {0};
    struct consultation *consultation = handmade_consultation();
    faults = (struct faults){0};
    ck_assert(form_read(body, strlen(body), &form));
    if (!answers)
        answers = json_object();
    form_take(&form, consultation, form_carried, answers, &faults);
    form_clear(&form);
    consultation_release(consultation);
    return answers;
}

START_TEST(the_same_both_ways)
{
    json_t *submission = fixture_submission();
    fixture_set(submission, "/sector", json_string("student"));
    fixture_set(submission, "/answers/1-1/version", json_integer(1));
    fixture_set(submission, "/answers/2-1/publish", json_false());
    char *body = fixture_form(submission, "state");
    json_t *input = taken_into(NULL, body);
    ck_assert_uint_eq(faults.count, 0);
    /* A box can only withhold: what is to be published is not said. The identity is no answer. */
    fixture_set(submission, "/language", NULL);
    fixture_set(submission, "/identity", NULL);
    fixture_set(submission, "/answers/1-1/publish", NULL);
    fixture_set(submission, "/views/1/publish", NULL);
    ck_assert(json_equal(submission, input));
    free(body);
    json_decref(submission);
    json_decref(input);
}
END_TEST

static const struct {
    const char *body, *pointer, *value; /* JSON; NULL: nothing there */
} cases[] = {
    {"%2Fkind=", "/kind", NULL},
    {"%2Fkind=+%0D%0A", "/kind", NULL},
    {"%2Fkind=individual", "/kind", "\"individual\""},
    {"%2Fstate=x", "/state", NULL},
    {"%2Fanswers%2F1-1%2Fstance=5", "/answers/1-1/stance", "5"},
    {"%2Fanswers%2F1-1%2Fstance=five", "/answers/1-1/stance", "\"five\""},
    {"%2Fanswers%2F1-1%2Fstance=4.0", "/answers/1-1/stance", "\"4.0\""},
    {"%2Fanswers%2F1-1%2Fstance=", "/answers", NULL},
    {"%2Fanswers%2F1-1%2Fversion=1", "/answers", NULL},
    {"%2Fanswers%2F1-1%2Fversion=1&%2Fanswers%2F1-1%2Fwithhold=1", "/answers", NULL},
    {"%2Fanswers%2F1-1%2Fremark=+x+&%2Fanswers%2F1-1%2Fwithhold=1", "/answers/1-1/publish",
     "false"},
    {"%2Fanswers%2F1-1%2Fremark=+x+", "/answers/1-1/remark", "\" x \""},
    {"%2Fviews%2F1%2Fversion=1", "/views", NULL},
    {"%2Fviews%2F1%2Ftext=x&%2Fviews%2F1%2Fversion=1", "/views/1/version", "1"},
    {"%2Fpriorities%2F1-1=1&%2Fpriorities%2F2-1=1&%2Fpriorities%2F1-1=1", "/priorities",
     "[\"1-1\",\"2-1\"]"},
    {"%2Fidentity%2Fkind=email&%2Fidentity%2Fvalue=a", "/identity", NULL},
    {"%2Fpersonal%2F0=mask", "/personal", NULL},
};

START_TEST(fields)
{
    json_t *input = taken_into(NULL, cases[_i].body);
    ck_assert_uint_eq(faults.count, 0);
    const json_t *value = json_at(input, cases[_i].pointer);
    json_t *wanted = cases[_i].value ? json_loads(cases[_i].value, JSON_DECODE_ANY, NULL) : NULL;
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    ck_assert_msg(wanted ? json_equal(wanted, value) : !value, "%s", text ? text : "nothing");
    free(text);
    json_decref(wanted);
    json_decref(input);
}
END_TEST

/* What is no field of any step is refused, and not carried on. */
START_TEST(unknown)
{
    static const char *const bodies[] = {
        "%2Fextra=1",
        "extra=1",
        "%2Flanguage=en",
        "%2Fa%2Fb=1",
        "%2Fanswers=1",
        "%2Fanswers%2F1-1=1",
        "%2Fanswers%2F9-9%2Fstance=1",
        "%2Fanswers%2F1-1%2Fpublish=1",
        "%2Fanswers%2F1-1%2Fstance%2Fx=1",
        "%2Fanswers%2F1-1%2Ftext=1",
        "%2Fviews%2F9%2Ftext=1",
        "%2Fpriorities%2F9-9=1",
        "%2Fpriorities=1-1",
        "%2Fanswers%2F..%2Fremark=1",
        "%2F=1",
        "=1",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        json_t *answers = taken_into(NULL, bodies[i]);
        ck_assert_msg(faults.count == 1 && faults.list[0].code == PROBLEM_UNKNOWN_FIELD, "%s",
                      bodies[i]);
        ck_assert_msg(json_object_size(answers) == 0, "%s", bodies[i]);
        json_decref(answers);
    }
}
END_TEST

/* A step's fields stand for what was there; the rest stays. */
START_TEST(one_step_after_another)
{
    json_t *answers = taken_into(NULL, "%2Fanswers%2F1-1%2Fremark=x&%2Fanswers%2F1-1%2Fwithhold=1"
                                       "&%2Fpriorities%2F1-1=1&%2Fkind=individual");
    answers = taken_into(answers, "%2Fanswers%2F1-2%2Fstance=2&%2Fkind=organisation");
    ck_assert_str_eq(json_string_value(json_at(answers, "/kind")), "organisation");
    ck_assert_str_eq(json_string_value(json_at(answers, "/answers/1-1/remark")), "x");
    form_forget_field(answers, "/answers/*/withhold");
    form_forget_field(answers, "/priorities");
    ck_assert_ptr_null(json_at(answers, "/answers/1-1/publish"));
    ck_assert_ptr_null(json_at(answers, "/priorities"));
    form_forget_field(answers, "/answers/1-2/stance");
    answers = taken_into(answers, "%2Fanswers%2F1-1%2Fremark=");
    ck_assert_ptr_null(json_at(answers, "/answers"));
    json_decref(answers);
}
END_TEST

START_TEST(shown_as_it_was_sent)
{
    json_t *answers = taken_into(NULL, "%2Fanswers%2F1-1%2Fstance=4&%2Fanswers%2F1-1%2Fwithhold=1"
                                       "&%2Fpriorities%2F2-1=1&%2Fkind=individual"
                                       "&%2Fanswers%2F1-2%2Fstance=five");
    static const char *const shown[][2] = {
        {"/answers/1-1/stance", "4"}, {"/answers/1-1/withhold", "1"},
        {"/answers/1-1/remark", ""},  {"/answers/1-2/stance", "five"},
        {"/priorities/2-1", "1"},     {"/priorities/1-1", ""},
        {"/kind", "individual"},      {"/sector", ""},
        {"/views/1/text", ""},        {"nothing", ""},
    };
    char number[FORM_NUMBER];
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        ck_assert_str_eq(form_shown(answers, shown[i][0], number), shown[i][1]);
    json_decref(answers);
}
END_TEST

START_TEST(pointers)
{
    static const struct {
        const char *pattern, *pointer;
        bool matches;
    } rows[] = {
        {"/kind", "/kind", true},
        {"/kind", "/kinds", false},
        {"/priorities", "/priorities/3", true},
        {"/answers/1-1/remark", "/answers/1-1/remark", true},
        {"/answers/1-1/remark", "/answers/1-1", false},
        {"/answers/1-1/remark", "/answers", false},
        {"/answers/*/withhold", "/answers/2-1/publish", true},
        {"/answers/*/withhold", "/answers/2-1/remark", false},
        {"/answers/1-1", "/answers/1-1/stance", true},
        {"/kind", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(form_pointer_matches(rows[i].pattern, rows[i].pointer) == rows[i].matches,
                      "%s %s", rows[i].pattern, rows[i].pointer);
}
END_TEST

START_TEST(forgotten_where_it_stands)
{
    static const char body[] = "%2Fidentity%2Fvalue=a%40x.example&%2Fkind=individual"
                               "&%2Fidentity%2Fvalue=b%40x.example";
    struct form form = {0};
    ck_assert(form_read(body, sizeof body - 1, &form));
    form_forget(&form, "/identity/value");
    ck_assert_ptr_null(memmem(form.memory, form.memory_size, "x.example", 9));
    ck_assert_str_eq(form_value(&form, "/identity/value"), "");
    ck_assert_str_eq(form_value(&form, "/kind"), "individual");
    form_clear(&form);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("form_input");
    TCase *all = tcase_create("form_input");
    tcase_add_test(all, the_same_both_ways);
    tcase_add_loop_test(all, fields, 0, sizeof cases / sizeof *cases);
    tcase_add_test(all, unknown);
    tcase_add_test(all, one_step_after_another);
    tcase_add_test(all, shown_as_it_was_sent);
    tcase_add_test(all, pointers);
    tcase_add_test(all, forgotten_where_it_stands);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
