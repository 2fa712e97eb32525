/* What the specification leaves to us: errors of the compiler, safe markup, bounds, plain text. */
#include "represent/markup.h"
#include "represent/template.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *source, *said;
} refusals[] = {
    {"{{{raw}}}", "raw insertion"},
    {"{{& raw}}", "raw insertion"},
    {"{{ {raw} }}", "raw insertion"},
    {"{{=<% %>=}}<%& raw %>", "raw insertion"},
    {"{{open", "not closed"},
    {"{{#a}}", "'a' is not closed"},
    {"{{/a}}", "'a' is closed but was not opened"},
    {"{{#a}}{{#b}}{{/a}}{{/b}}", "'a' is closed where 'b' is open"},
    {"{{}}", "'' is no name"},
    {"{{a b}}", "'a b' is no name"},
    {"{{a..b}}", "'a..b' is no name"},
    {"{{.a}}", "'.a' is no name"},
    {"{{$block}}", "'$block' is no name"},
    {"{{<parent}}", "'<parent' is no name"},
    {"{{=a=}}", "delimiters"},
    {"{{= a b c =}}", "delimiters"},
    {"one\ntwo\n{{x y}}", "page, line 3"},
};

START_TEST(refused)
{
    char error[128] = "";
    struct template *t = template_compile("page", refusals[_i].source, error, sizeof error);
    ck_assert_ptr_null(t);
    ck_assert_msg(strstr(error, refusals[_i].said) != NULL, "%s: %s", refusals[_i].source, error);
}
END_TEST

static char *rendered(const char *source, json_t *data, bool is_text, bool plain)
{
    char error[128] = "";
    struct template *t = is_text ? template_compile_text("t", source, error, sizeof error)
                                 : template_compile("t", source, error, sizeof error);
    ck_assert_msg(t != NULL, "%s", error);
    struct buf out = {0};
    bool ok = plain ? template_render_plain(t, &data, 1, NULL, NULL, &out)
                    : template_render(t, &data, 1, NULL, NULL, &out);
    template_free(t);
    json_decref(data);
    ck_assert(ok);
    return buf_take(&out, NULL);
}

static const struct {
    const char *source, *data, *out;
    bool is_text, plain;
} renders[] = {
    {"<{{a}}>", "{\"a\":\"<&\\\"'>\"}", "<&lt;&amp;&quot;&#39;&gt;>", false, false},
    {"<{{a}}>", "{\"a\":\"<\"}", "&lt;&lt;&gt;", true, false},
    {"<{{a}}>", "{\"a\":\"<\"}", "<<>", true, true},
    {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":\"\"}", "y", false, false},
    {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":0}", "x", false, false},
    {"{{a}}{{b}}{{c}}", "{\"a\":{\"x\":1},\"b\":[1],\"c\":null}", "", false, false},
    {"{{a.b}}", "{\"a\":{\"c\":1},\"b\":2}", "", false, false},
    {"{{#a}}{{x.y}}{{/a}}", "{\"a\":{\"x\":{}},\"x\":{\"y\":1}}", "", false, false},
    {"{{a}}", "{\"a\":{\"markup\":\"<b>\"}}", "", false, false},
};

START_TEST(rendered_as)
{
    json_t *data = json_loads(renders[_i].data, 0, NULL);
    char *out = rendered(renders[_i].source, data, renders[_i].is_text, renders[_i].plain);
    ck_assert_str_eq(out, renders[_i].out);
    free(out);
}
END_TEST

START_TEST(no_parser_makes_markup)
{
    ck_assert_ptr_null(json_loads("{\"\xffmarkup\":\"<script>\"}", 0, NULL));
    json_t *value = markup_paragraphs("a", LANGUAGE_EN);
    ck_assert_str_eq(markup_text(value), "<p>a</p>\n");
    ck_assert_msg(json_dumps(value, 0) == NULL, "markup was written as JSON");
    json_decref(value);
    json_t *text = json_string("<p>");
    ck_assert_ptr_null(markup_text(text));
    ck_assert_ptr_null(markup_text(NULL));
    json_decref(text);
}
END_TEST

static const struct {
    const char *text, *markup;
} paragraphs[] = {
    {"", ""},
    {"a", "<p>a</p>\n"},
    {"a\nb", "<p>a<br>b</p>\n"},
    {"a\n\nb", "<p>a</p>\n<p>b</p>\n"},
    {"\n\na\n\n\n\nb\n", "<p>a</p>\n<p>b</p>\n"},
    {"<b> & \"c\"", "<p>&lt;b&gt; &amp; &quot;c&quot;</p>\n"},
    {"to 河套、（香港） & Co", "<p>to <span lang=\"zh-Hant\">河套、（香港）</span> &amp; Co</p>\n"},
    {"設\n建", "<p><span lang=\"zh-Hant\">設</span><br><span lang=\"zh-Hant\">建</span></p>\n"},
    {"𠮷", "<p><span lang=\"zh-Hant\">𠮷</span></p>\n"},
    {"“é” — 「a」 ½ 😀", "<p>“é” — 「a」 ½ 😀</p>\n"},
};

START_TEST(words_of_other_languages)
{
    json_t *english = markup_words("a 建", LANGUAGE_EN),
           *hans = markup_words("a 建", LANGUAGE_ZH_HANS);
    ck_assert_str_eq(markup_text(english), "a <span lang=\"zh-Hant\">建</span>");
    ck_assert_str_eq(markup_text(hans), "a 建");
    ck_assert_ptr_null(markup_words(NULL, LANGUAGE_EN));
    json_decref(english);
    json_decref(hans);
}
END_TEST

START_TEST(paragraphs_of_text)
{
    json_t *value = markup_paragraphs(paragraphs[_i].text, LANGUAGE_EN);
    ck_assert_str_eq(markup_text(value), paragraphs[_i].markup);
    char *out = rendered("{{a}}", json_pack("{s:o}", "a", value), false, false);
    ck_assert_str_eq(out, paragraphs[_i].markup);
    free(out);
}
END_TEST

START_TEST(bars_of_counts)
{
    static const char *const labels[] = {"<most>", "half", "hidden", "none"};
    static const int64_t counts[] = {200, 100, -1, 0};
    json_t *value = markup_bars(labels, counts, 4, 0);
    const char *svg = markup_text(value);
    ck_assert_ptr_nonnull(strstr(svg, "aria-hidden=\"true\""));
    ck_assert_ptr_nonnull(strstr(svg, "&lt;most&gt;"));
    ck_assert_ptr_nonnull(strstr(svg, "class=\"fill h0\" y=\"22\" width=\"100%\""));
    ck_assert_ptr_nonnull(strstr(svg, "class=\"fill h1\" y=\"68\" width=\"50%\""));
    ck_assert_ptr_nonnull(strstr(svg, "class=\"hidden\""));
    ck_assert_ptr_null(strstr(svg, "fill h2"));
    ck_assert_ptr_nonnull(strstr(svg, "class=\"fill h3\" y=\"160\" width=\"0%\""));
    json_decref(value);
    static const struct {
        int64_t count, most;
        const char *part;
    } rows[] = {
        {1, 3, "width=\"33.33%\""},
        {5, 3, "<rect width=\"100%\""},
        {0, 0, "width=\"0%\""},
        {-1, 3, "aria-hidden=\"true\"></svg>"},
        {INT64_MAX / 2, INT64_MAX, "width=\"50%\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *bar = markup_bar(rows[i].count, rows[i].most);
        ck_assert_msg(strstr(markup_text(bar), rows[i].part) != NULL, "%s", markup_text(bar));
        json_decref(bar);
    }
}
END_TEST

static const struct template *itself(void *context, const char *name)
{
    (void)name;
    return context;
}

START_TEST(nesting_is_bounded)
{
    char error[128];
    json_t *data = json_pack("{s:b}", "a", 1);
    struct buf out = {0};
    struct template *endless = template_compile("endless", "x{{> endless}}", error, sizeof error);
    ck_assert(!template_render(endless, &data, 1, itself, endless, &out));
    template_free(endless);
    struct template *deep = template_compile(
        "deep", "{{#a}}{{#a}}{{#a}}{{> deep}}{{/a}}{{/a}}{{/a}}", error, sizeof error);
    ck_assert(!template_render(deep, &data, 1, itself, deep, &out));
    template_free(deep);
    struct buf source = {0};
    for (int i = 0; i < 33; i++)
        buf_text(&source, "{{#a}}");
    ck_assert_ptr_null(template_compile("many", source.data, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "32 sections"));
    buf_clear(&source);
    buf_clear(&out);
    json_decref(data);
}
END_TEST

START_TEST(no_room_is_told)
{
    char error[128];
    json_t *data = json_pack("{s:s}", "a", "0123456789");
    struct template *t = template_compile("t", "{{a}}{{a}}", error, sizeof error);
    struct buf out = {.limit = 15};
    ck_assert(!template_render(t, &data, 1, NULL, NULL, &out));
    buf_clear(&out);
    template_free(t);
    json_decref(data);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *cases = tcase_create("ours");
    tcase_add_loop_test(cases, refused, 0, sizeof refusals / sizeof *refusals);
    tcase_add_loop_test(cases, rendered_as, 0, sizeof renders / sizeof *renders);
    tcase_add_loop_test(cases, paragraphs_of_text, 0, sizeof paragraphs / sizeof *paragraphs);
    tcase_add_test(cases, words_of_other_languages);
    tcase_add_test(cases, no_parser_makes_markup);
    tcase_add_test(cases, bars_of_counts);
    tcase_add_test(cases, nesting_is_bounded);
    tcase_add_test(cases, no_room_is_told);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
