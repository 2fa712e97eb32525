/* Safe markup: lines over days, and marked text. */
#include "domain/search.h"
#include "represent/markup.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int64_t values[4];
    size_t count;
    const char *path;
} lines[] = {
    {{10, 20}, 2, " d=\"M0 1600V850H3000V100H6000V1600\"/>"},
    {{0, 5, 5, 0}, 4, " d=\"M0 1600V1600H1500V100H3000V100H4500V1600H6000V1600\"/>"},
    {{1}, 1, " d=\"M0 1600V100H6000V1600\"/>"},
    {{0, 0}, 2, " d=\"M0 1600V1600H3000V1600H6000V1600\"/>"},
    {{INT64_MAX / 2, INT64_MAX}, 2, "V100H6000V1600\"/>"},
};

START_TEST(line)
{
    json_t *value = markup_line(lines[_i].values, lines[_i].count);
    ck_assert_msg(strstr(markup_text(value), lines[_i].path) != NULL, "%s", markup_text(value));
    ck_assert_ptr_null(strstr(markup_text(value), "style="));
    ck_assert_ptr_nonnull(strstr(markup_text(value), "aria-hidden=\"true\""));
    json_decref(value);
}
END_TEST

static const struct {
    const char *text;
    struct search_span spans[2];
    size_t count;
    const char *marked;
} texts[] = {
    {"plain <b>", {{0, 0}}, 0, "plain &lt;b&gt;"},
    {"a<b&c", {{1, 1}, {3, 1}}, 2, "a<mark>&lt;</mark>b<mark>&amp;</mark>c"},
    {"人才來港", {{0, 2}}, 1, "<mark>人才</mark>來港"},
    {"來港人才", {{2, 2}}, 1, "來港<mark>人才</mark>"},
    {"\xf0\xa0\xae\xb7野", {{1, 1}}, 1, "\xf0\xa0\xae\xb7<mark>野</mark>"},
    {"short", {{4, 9}}, 1, "shor<mark>t</mark>"},
    {"", {{0, 0}}, 0, ""},
};

START_TEST(marked)
{
    json_t *value = markup_marked(texts[_i].text, texts[_i].spans, texts[_i].count);
    ck_assert_str_eq(markup_text(value), texts[_i].marked);
    json_decref(value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("markup");
    TCase *tests = tcase_create("markup");
    tcase_add_loop_test(tests, line, 0, sizeof lines / sizeof *lines);
    tcase_add_loop_test(tests, marked, 0, sizeof texts / sizeof *texts);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
