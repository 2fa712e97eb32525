/* JSON within a script element: what could end the element, or begin a comment, never stands in it.
 */
#include "represent/markup.h"
#include "represent/script_json.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *written;
} cases[] = {
    {"plain words", "[\"plain words\"]"},
    {"</script>", "[\"\\u003c/script\\u003e\"]"},
    {"</SCRIPT ><script>alert(1)</script>",
     "[\"\\u003c/SCRIPT \\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e\"]"},
    {"<!-- <script>", "[\"\\u003c!-- \\u003cscript\\u003e\"]"},
    {"-->", "[\"--\\u003e\"]"},
    {"]]>", "[\"]]\\u003e\"]"},
    {"&lt;/script&gt;", "[\"\\u0026lt;/script\\u0026gt;\"]"},
    {"I&T", "[\"I\\u0026T\"]"},
    {"x\xe2\x80\xa8y\xe2\x80\xa9z", "[\"x\\u2028y\\u2029z\"]"},
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
    {"\xe2\x80\xa7 \xe2\x80\xaa", "[\"\xe2\x80\xa7 \xe2\x80\xaa\"]"}, /* their neighbours */
    {"\"\\\"", "[\"\\\"\\\\\\\"\"]"},
    {"\xe9\xa6\x99\xe6\xb8\xaf", "[\"\xe9\xa6\x99\xe6\xb8\xaf\"]"},
    {"", "[\"\"]"},
};
enum { CASES = sizeof cases / sizeof *cases };

static char *written(const char *text)
{
    struct buf out = {0};
    json_t *value = json_pack("[s]", text);
    ck_assert(script_json(value, &out));
    json_decref(value);
    return buf_take(&out, NULL);
}

START_TEST(escaped)
{
    char *text = written(cases[_i].text);
    ck_assert_str_eq(text, cases[_i].written);
    ck_assert_ptr_null(strpbrk(text, "<>&"));
    free(text);
}
END_TEST

START_TEST(reads_back_the_same)
{
    char *text = written(cases[_i].text);
    json_t *value = json_loads(text, 0, NULL);
    ck_assert_str_eq(json_string_value(json_array_get(value, 0)), cases[_i].text);
    json_decref(value);
    free(text);
}
END_TEST

/* Names of members are strings like any other. */
START_TEST(names_are_escaped)
{
    struct buf out = {0};
    json_t *value = json_pack("{s:i}", "</script>", 1);
    ck_assert(script_json(value, &out));
    ck_assert_str_eq(out.data, "{\"\\u003c/script\\u003e\":1}");
    buf_clear(&out);
    json_decref(value);
}
END_TEST

START_TEST(markup_carries_it)
{
    json_t *value = json_pack("{s:s}", "name", "</script>&");
    json_t *markup = markup_script_json(value);
    ck_assert_str_eq(markup_text(markup), "{\"name\":\"\\u003c/script\\u003e\\u0026\"}");
    json_decref(markup);
    json_decref(value);
    ck_assert_ptr_null(markup_script_json(NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("script_json");
    TCase *tests = tcase_create("script_json");
    tcase_add_loop_test(tests, escaped, 0, CASES);
    tcase_add_loop_test(tests, reads_back_the_same, 0, CASES);
    tcase_add_test(tests, names_are_escaped);
    tcase_add_test(tests, markup_carries_it);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
