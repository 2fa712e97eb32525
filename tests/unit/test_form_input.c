/* The answer form becomes the interface's submission: the same one, whichever way it was sent. */
#include "resources/form_input.h"
#include "support/client.h"
#include "support/fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static json_t *input_of(const char *body)
{
    struct form form = {0};
    ck_assert(form_read(body, strlen(body), &form));
    json_t *input = form_input(&form, LANGUAGE_EN);
    form_clear(&form);
    return input;
}

START_TEST(the_same_both_ways)
{
    char key[FIXTURE_KEY];
    json_t *submission = fixture_submission();
    fixture_set(submission, "/sector", json_string("student"));
    fixture_set(submission, "/answers/1-1/version", json_integer(1));
    fixture_set(submission, "/answers/2-1/publish", json_false());
    fixture_key(key);
    char *body = fixture_form(submission, key);
    body[strcspn(body, "\r\n")] = '\0';
    json_t *input = input_of(body);
    /* A box can only withhold: what is to be published is not said. */
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
    {"%2Fsubmission_key=x", "/submission_key", NULL},
    {"", "/language", "\"en\""},
    {"%2Flanguage=fr", "/language", "\"en\""},
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
    {"%2Fpriorities%2F1-1=1&%2Fpriorities%2F2-1=1", "/priorities", "[\"1-1\",\"2-1\"]"},
    {"%2Fidentity%2Fkind=email", "/identity/kind", "\"email\""},
    {"%2Fextra=1", "/extra", "\"1\""},
    {"extra=1", "/extra", "\"1\""},
    {"%2Fa%2Fb=1", "/a/b", "\"1\""},
    {"%2Fa=1&%2Fa%2Fb=2", "/a", "\"1\""},
    {"%2Fa%2Fb%2Fc%2Fd=1", "/a", NULL},
    {"%2F=1", "/kind", NULL},
};

START_TEST(fields)
{
    json_t *input = input_of(cases[_i].body);
    const json_t *value = json_at(input, cases[_i].pointer);
    json_t *wanted = cases[_i].value ? json_loads(cases[_i].value, JSON_DECODE_ANY, NULL) : NULL;
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    ck_assert_msg(wanted ? json_equal(wanted, value) : !value, "%s", text ? text : "nothing");
    free(text);
    json_decref(wanted);
    json_decref(input);
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
    tcase_add_test(all, forgotten_where_it_stands);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
