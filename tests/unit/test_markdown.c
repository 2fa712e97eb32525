/* Markdown to safe markup: what it becomes, what it cannot become, and how long that takes. */
#include "allowed_html.h"
#include "base/text.h"
#include "represent/markdown.h"
#include "represent/markup.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct pages *pages;

static void load(void)
{
    char error[256] = "";
    pages = pages_load(STATIC_FOLDER, error, sizeof error);
    ck_assert_msg(pages != NULL, "%s", error);
}

static void unload(void)
{
    pages_free(pages);
}

static json_t *markup_of(const char *text, enum language page)
{
    struct markdown *markdown = NULL;
    ck_assert_msg(markdown_parse(text, &markdown) == PROBLEM_NONE, "refused: %.80s", text);
    const struct markdown_place place = {pages, page, LANGUAGE_EN, "measure-1-3", 3};
    json_t *value = markdown_markup(markdown, &place);
    ck_assert_ptr_nonnull(value);
    char error[256] = "";
    ck_assert_msg(allowed_html(markup_text(value), error, sizeof error), "%s in: %s", error,
                  markup_text(value));
    markdown_free(markdown);
    return value;
}

#define P(inside) "<p class=\"govuk-body\">" inside "</p>\n"
#define A(address, words)                                                                          \
    "<a class=\"govuk-link\" href=\"" address "\" rel=\"nofollow noopener\"><bdi>" words           \
    "</bdi></a>"

/* What stands within the outermost element. */
static const struct {
    const char *text, *markup;
} golden[] = {
    {"", ""},
    {"a *b* **c** ~~d~~ `e<`", P("a <em>b</em> <strong>c</strong> <s>d</s> <code>e&lt;</code>")},
    {"a  \nb\nc\\\nd", P("a<br>\nb\nc<br>\nd")},
    {"# a\n\n### b\n\n## c\n\n# d",
     "<h3 class=\"govuk-heading-s\">a</h3>\n<h4 class=\"govuk-heading-s\">b</h4>\n"
     "<h4 class=\"govuk-heading-s\">c</h4>\n<h3 class=\"govuk-heading-s\">d</h3>\n"},
    {"# a\n## b\n### c\n#### d\n##### e",
     "<h3 class=\"govuk-heading-s\">a</h3>\n<h4 class=\"govuk-heading-s\">b</h4>\n"
     "<h5 class=\"govuk-heading-s\">c</h5>\n<h6 class=\"govuk-heading-s\">d</h6>\n"
     "<h6 class=\"govuk-heading-s\">e</h6>\n"},
    {"#\n\na", P("a")},
    {"- a\n- b", "<ul class=\"govuk-list govuk-list--bullet\">\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"3. a\n\n4. b", "<ol class=\"govuk-list govuk-list--number\" start=\"3\">\n<li>" P(
                         "a") "</li>\n<li>" P("b") "</li>\n</ol>\n"},
    {"> a", "<blockquote class=\"govuk-inset-text\">\n" P("a") "</blockquote>\n"},
    {"```js\n<b>\n```", "<pre class=\"app-markdown__code\"><code>&lt;b&gt;\n</code></pre>\n"},
    {"a\n\n---\n\nb", P("a") "<hr class=\"govuk-section-break govuk-section-break--m "
                             "govuk-section-break--visible\">\n" P("b")},
    {"| a | b |\n|--:|:-:|\n| 1 | *2* |",
     "<div class=\"app-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table\">"
     "<table class=\"govuk-table\">\n<thead class=\"govuk-table__head\">\n"
     "<tr class=\"govuk-table__row\">"
     "<th class=\"govuk-table__header app-markdown__right\" scope=\"col\">a</th>"
     "<th class=\"govuk-table__header app-markdown__centre\" scope=\"col\">b</th></tr>\n</thead>\n"
     "<tbody class=\"govuk-table__body\">\n<tr class=\"govuk-table__row\">"
     "<td class=\"govuk-table__cell app-markdown__right\">1</td>"
     "<td class=\"govuk-table__cell app-markdown__centre\"><em>2</em></td></tr>\n</tbody>\n"
     "</table></div>\n"},
    {"a[^x] b[^x]\n\n[^x]: why\n",
     P("a<sup id=\"measure-1-3-reference-1\"><a class=\"govuk-link\" "
       "href=\"#measure-1-3-note-1\" "
       "aria-label=\"Note 1\">[1]</a></sup> b<sup><a "
       "class=\"govuk-link\" "
       "href=\"#measure-1-3-note-1\" aria-label=\"Note "
       "1\">[1]</a></sup>") "<p class=\"govuk-body-s "
                            "app-markdown__notes\">Notes</p>\n"
                            "<ol class=\"govuk-list "
                            "govuk-list--number\">\n<li "
                            "id=\"measure-1-3-note-1\">" P("why") "<a class=\"govuk-link\" "
                                                                  "href=\"#measure-1-3-"
                                                                  "reference-1\" "
                                                                  "aria-label=\"Back to the "
                                                                  "text of note "
                                                                  "1\">↩</a></li>\n</ol>\n"},
    /* links */
    {"[a](https://x.hk/?b=1&c 'd\"e')", P(A("https://x.hk/?b=1&amp;c", "a"))},
    {"[*a*](HTTP://x.hk)", P(A("HTTP://x.hk", "<em>a</em>"))},
    {"[](https://x.hk)", P(A("https://x.hk", "https://x.hk"))},
    {"<mailto:a@x.hk> <b@x.hk>",
     P(A("mailto:a@x.hk", "mailto:a@x.hk") " " A("mailto:b@x.hk", "b@x.hk"))},
    {"[a](https://x.hk/香)", P(A("https://x.hk/%E9%A6%99", "a"))},
    {"見https://x.hk/a_b_c?d=1&e。(https://y.hk/f(g)).",
     P("見" A("https://x.hk/a_b_c?d=1&amp;e", "https://x.hk/a_b_c?d=1&amp;e") "。(" A(
         "https://y.hk/f(g)", "https://y.hk/f(g)") ").")},
    {"`https://x.hk` xhttps://y.hk https://",
     P("<code>https://x.hk</code> xhttps://y.hk https://")},
    {"[a https://x.hk](https://y.hk)", P(A("https://y.hk", "a https://x.hk"))},
    {"![a *b*](https://x.hk/c.png)", P(A("https://x.hk/c.png", "a <em>b</em>"))},
    {"![a](c.png)", P("a")},
    {"[![a](https://x.hk/c.png)](https://y.hk)", P(A("https://y.hk", "a"))},
    {"![a [b](https://y.hk)](https://x.hk)", P(A("https://x.hk", "a b"))},
    /* what may be no link says where it would lead */
    {"[a](javascript:alert(1))", P("a <bdi>(javascript:alert(1))</bdi>")},
    {"[a](&#106;avascript&colon;x)", P("a <bdi>(javascript:x)</bdi>")},
    {"[a](JaVaScRiPt:x)", P("a <bdi>(JaVaScRiPt:x)</bdi>")},
    {"[a](<java\tscript:x>)", P("a <bdi>(java\tscript:x)</bdi>")},
    {"[a](data:text/html,x)", P("a <bdi>(data:text/html,x)</bdi>")},
    {"[a](//x.hk)", P("a <bdi>(//x.hk)</bdi>")},
    {"[a](https://gov.hk@x.hk/)", P("a <bdi>(https://gov.hk@x.hk/)</bdi>")},
    {"[a](https:\\\\x.hk)", P("a <bdi>(https:\\x.hk)</bdi>")},
    {"[a](mailto:b@x.hk?bcc=c@x.hk)", P("a <bdi>(mailto:b@x.hk?bcc=c@x.hk)</bdi>")},
    {"[a][b]\n\n[b]: vbscript:x", P("a <bdi>(vbscript:x)</bdi>")},
    {"[a](https://x.hk/&quot;onclick=&quot;x)",
     P("a <bdi>(https://x.hk/&quot;onclick=&quot;x)</bdi>")},
    {"[a](https://x.hk/'onclick='x)", P(A("https://x.hk/&#39;onclick=&#39;x", "a"))},
    /* HTML is words */
    {"a <b onclick=\"x\">c</b> &lt;d&gt;",
     P("a &lt;b onclick=&quot;x&quot;&gt;c&lt;/b&gt; &lt;d&gt;")},
    {"<script>\nalert(1)\n</script>", P("&lt;script&gt;<br>alert(1)<br>&lt;/script&gt;")},
    {"<!-- a -->\n", P("&lt;!-- a --&gt;")},
    {"[^<b>]\n\n[^<b>]: a",
     P("<sup id=\"measure-1-3-reference-1\"><a class=\"govuk-link\" href=\"#measure-1-3-note-1\" "
       "aria-label=\"Note 1\">[1]</a></sup>") "<p class=\"govuk-body-s "
                                              "app-markdown__notes\">Notes</p>\n"
                                              "<ol class=\"govuk-list govuk-list--number\">\n<li "
                                              "id=\"measure-1-3-note-1\">" P(
                                                  "a") "<a class=\"govuk-link\" "
                                                       "href=\"#measure-1-3-reference-1\" "
                                                       "aria-label=\"Back to the text of note "
                                                       "1\">↩</a></li>\n</ol>\n"},
};

START_TEST(becomes)
{
    json_t *value = markup_of(golden[_i].text, LANGUAGE_EN);
    char wanted[4096];
    snprintf(wanted, sizeof wanted, "<div class=\"app-markdown\" dir=\"auto\">\n%s</div>\n",
             golden[_i].markup);
    ck_assert_str_eq(markup_text(value), wanted);
    json_decref(value);
}
END_TEST

START_TEST(languages_are_told)
{
    json_t *value = markup_of("a[^1]\n\n|b|\n|-|\n\n[^1]: c", LANGUAGE_ZH_HANT);
    const char *text = markup_text(value);
    ck_assert_ptr_nonnull(strstr(text, "<div class=\"app-markdown\" dir=\"auto\" lang=\"en\">"));
    ck_assert_ptr_nonnull(strstr(text, " lang=\"zh-Hant\" aria-label=\"表格\"><table "
                                       "class=\"govuk-table\" lang=\"en\">"));
    ck_assert_ptr_nonnull(strstr(text, " lang=\"zh-Hant\">註釋</p>"));
    json_decref(value);
}
END_TEST

static const struct {
    const char *text, *plain;
    size_t words;
} said[] = {
    {"", "", 0},
    {"# 標題\n\n第一*段* two-words it's 1,000。", "標題\n第一段 two-words it's 1,000。", 8},
    {"- a\n- b\n\n> c", "a\nb\nc", 3},
    {"|人|b|\n|-|-|\n|c|d|", "人\tb\nc\td", 4},
    {"[a](https://x.hk) ![b](c) `d` <e>", "a b d <e>", 4},
    {"a[^1]\n\n[^1]: b", "a[1]\nb", 3},
    {"カナ 한국 ﾊ 2026", "カナ 한국 ﾊ 2026", 6},
};

START_TEST(says)
{
    struct markdown *markdown = NULL;
    ck_assert_int_eq(markdown_parse(said[_i].text, &markdown), PROBLEM_NONE);
    char *plain = markdown_plain(markdown);
    ck_assert_str_eq(plain, said[_i].plain);
    ck_assert_uint_eq(markdown_words(markdown), said[_i].words);
    free(plain);
    markdown_free(markdown);
}
END_TEST

/* Patterns repeated up to the most bytes: `first`, then `again` until half is full, then `last`. */
static const struct {
    const char *first, *again, *last;
} patterns[] = {
    {"", "[", "["},
    {"", "![", "]("},
    {"", "[^", "[^"},
    {"", "[a](", ")"},
    {"", "*", "*"},
    {"", "*a ", " a*"},
    {"", "_a **b", "c"},
    {"", "`", "a`"},
    {"", "a``b```c", "`"},
    {"", "<", "<?"},
    {"", "<!--", "<a "},
    {"", "&", "&#"},
    {"", "~~a ", "~"},
    {"", ">", "\n"},
    {"", "> ", ">\n"},
    {"", "- ", "\n"},
    {"", "* - ", "\n"},
    {"", "1. ", "b\n"},
    {"|", "a|", "\n|-|"},
    {"a|b\n-|-\n", "|\n", "|"},
    {"", "https://", "("},
    {"", "https://x.hk ", "https://x.hk/((((("},
    {"", "[a]: b\n", "[a] "},
    {"[a]: "
     "/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n",
     "[a]", "[a] "},
    {"[^a]: b\n\n", "[^a]", "[^a]\n\n"},
    {"", "[^a]: b\n", "[^a] "},
    {"", "\\", "\\a"},
    {"", "a\n", "===\n"},
    {"- a\n", "\n  ", "- a\n"},
    {"", "# a\n", "#\n"},
    {"", "\"", "'"},
    {"", "http", "http"},
    {"", "*_", "_*"},
    {"", "人", "。"},
    {"x ", "<? ", "<![CDATA["},
    {"x ", "**a[^a]: ", "*[^a]: "},
    {"", "<?\n", "\n"},
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static char *pattern_fill(size_t i, size_t most)
{
    char *text = malloc(most + 1);
    size_t length = strlen(patterns[i].first);
    memcpy(text, patterns[i].first, length);
    for (const char *part = patterns[i].again; length + strlen(part) <= most;) {
        memcpy(text + length, part, strlen(part));
        length += strlen(part);
        part = length > most / 2 ? patterns[i].last : patterns[i].again;
    }
    text[length] = '\0';
    return text;
}

/* The sanitizers and valgrind have a time of their own. */
static double time_most(void)
{
    return getenv("CK_FORK") ? 20 : 0.5;
}

START_TEST(takes_no_longer)
{
    char *text = pattern_fill((size_t)_i, MARKDOWN_BYTES_MOST);
    double begin = seconds();
    struct markdown *markdown = NULL;
    enum problem_code code = markdown_parse(text, &markdown);
    ck_assert(code == PROBLEM_NONE || code == PROBLEM_TOO_COMPLEX);
    if (code == PROBLEM_NONE) {
        char *plain = markdown_plain(markdown);
        const struct markdown_place place = {pages, LANGUAGE_EN, LANGUAGE_EN, "summary", 2};
        json_t *value = markdown_markup(markdown, &place);
        ck_assert_double_lt(seconds() - begin, time_most());
        char error[256] = "";
        ck_assert_msg(allowed_html(markup_text(value), error, sizeof error), "%s", error);
        json_decref(value);
        free(plain);
    }
    markdown_free(markdown);
    double took = seconds() - begin;
    printf("%-10.10s %s %.3f s\n", patterns[_i].again, code == PROBLEM_NONE ? "taken" : "refused",
           took);
    free(text);
}
END_TEST

START_TEST(refuses)
{
    struct markdown *markdown = NULL;
    char *text = malloc(1000001);
    memset(text, 'a', 1000000);
    text[1000000] = '\0';
    ck_assert_int_eq(markdown_parse(text, &markdown), PROBLEM_TOO_LONG);
    text[MARKDOWN_BYTES_MOST] = '\0';
    ck_assert_int_eq(markdown_parse(text, &markdown), PROBLEM_NONE);
    markdown_free(markdown);
    markdown = NULL;
    free(text);
    ck_assert_int_eq(markdown_parse("a\xff", &markdown), PROBLEM_BAD_TEXT);
    ck_assert_int_eq(markdown_parse("> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > "
                                    "> > > > > > > > > > > > > > > > a",
                                    &markdown),
                     PROBLEM_TOO_COMPLEX);
    ck_assert_ptr_null(markdown);
}
END_TEST

/* The walker is no yes-man. */
START_TEST(walker_refuses)
{
    static const char *const bad[] = {
        "<script>",
        "<p onclick=\"x\"></p>",
        "<a class=\"x\" href=\"javascript:x\" rel=\"nofollow noopener\"></a>",
        "<p>",
        "</p>",
        "a > b",
        "&nbsp;",
        "<a href=\"https://x.hk\"></a>",
        "<li id=\"a\"></li><li id=\"a\"></li>",
        "<em><p></em></p>",
        "<p><p></p></p>",
        "<img>",
        "<p class='a'></p>",
    };
    char error[256] = "";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!allowed_html(bad[i], error, sizeof error), "%s", bad[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("markdown");
    TCase *tests = tcase_create("markdown");
    tcase_add_unchecked_fixture(tests, load, unload);
    tcase_add_loop_test(tests, becomes, 0, sizeof golden / sizeof *golden);
    tcase_add_test(tests, languages_are_told);
    tcase_add_loop_test(tests, says, 0, sizeof said / sizeof *said);
    tcase_add_loop_test(tests, takes_no_longer, 0, sizeof patterns / sizeof *patterns);
    tcase_add_test(tests, refuses);
    tcase_add_test(tests, walker_refuses);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
