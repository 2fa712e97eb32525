/* Words in a consultation's texts, in three languages. */
#include "base/arena.h"
#include "domain/glossary.h"
#include "domain/search.h"
#include "represent/markup.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct direction directions[] = {
    {.ordinal = 1,
     .code = "1",
     .full_title = {.version = 1, .body = {"加快建設", "Accelerate the centre", "加快建设"}},
     .background = {.version = 1,
                    .body = {"第一段：InnoHK平台。\n\n第二段：ＡＩ超算中心。",
                             "First: the InnoHK platform.\n\nSecond: the AI centre at Cyberport.",
                             "第一段：InnoHK平台。\n\n第二段：AI超算中心。"}},
     .measures = 2}};
static struct measure measures[] = {
    {.ordinal = 1,
     .code = "1-1",
     .text =
         {.version = 1,
          .body = {"深入實施「人工智能+」行動，加快人工智能科研成果轉化",
                   "Implement the \"AI+\" initiative; use <b>artificial intelligence</b> & data",
                   "深入实施“人工智能+”行动，加快人工智能科研成果转化"}}},
    {.ordinal = 2,
     .code = "1-2",
     .text = {.version = 1, .body = {"吸引人才來港", "Attract talent", "吸引人才来香港"}}}};
static struct question questions[] = {
    {.ordinal = 1, .code = "1", .text = {1, {"有何意見？", "Your views?", "有何意见？"}, {0}}}};

static struct term terms[] = {{.code = "park",
                               .word = {1, {"園區", "Park", "园区"}, {0}},
                               .forms = {1, {"園區", "Park\nHK", "园区"}, {0}},
                               .meaning = {1, {"一個地方。", "A place.", "一个地方。"}, {0}}}};

static struct consultation sample = {.direction_count = 1,
                                     .measure_count = 2,
                                     .question_count = 1,
                                     .term_count = 1,
                                     .terms = terms,
                                     .directions = directions,
                                     .measures = measures,
                                     .questions = questions};
static struct search_index *sample_index;
static struct search_found found;

static void setup(void)
{
    sample.memory = arena_new();
    sample_index = search_index_new(&sample);
    ck_assert_ptr_nonnull(sample_index);
}

static void teardown(void)
{
    arena_free(sample.memory);
}

static const struct {
    const char *query;
    enum language language;
    size_t count;
    bool some;
    const char *first; /* marked text of the first hit */
} cases[] = {
    {"人才", LANGUAGE_ZH_HANT, 1, false, "吸引<mark>人才</mark>來港"},
    {"人工智能", LANGUAGE_ZH_HANT, 1, false,
     "深入實施「<mark>人工智能</mark>+」行動，加快<mark>人工智能</mark>科研成果轉化"},
    {"ATTRACT", LANGUAGE_EN, 1, false, "<mark>Attract</mark> talent"},
    {"ａｔｔｒａｃｔ", LANGUAGE_EN, 1, false, "<mark>Attract</mark> talent"},
    {"ai超算", LANGUAGE_ZH_HANT, 1, false, "第二段：<mark>ＡＩ超算</mark>中心。"},
    {"innohk", LANGUAGE_ZH_HANS, 1, false, "第一段：<mark>InnoHK</mark>平台。"},
    /* the other Chinese writing, shown in the reader's own, since the two run parallel */
    {"实施", LANGUAGE_ZH_HANT, 1, false,
     "深入<mark>實施</mark>「人工智能+」行動，加快人工智能科研成果轉化"},
    /* and in the text that has it where they do not */
    {"来香港", LANGUAGE_ZH_HANT, 1, false, "吸引人才<mark>来香港</mark>"},
    {"talent", LANGUAGE_ZH_HANT, 1, false, "Attract <mark>talent</mark>"},
    /* all words, wherever they stand */
    {"data initiative", LANGUAGE_EN, 1, false,
     "Implement the &quot;AI+&quot; <mark>initiative</mark>; use &lt;b&gt;artificial "
     "intelligence&lt;/b&gt; &amp; <mark>data</mark>"},
    {"“AI+”", LANGUAGE_EN, 1, false, NULL},
    {"　人才　吸引　", LANGUAGE_ZH_HANT, 1, false, "<mark>吸引人才</mark>來港"},
    /* none has the whole: most of its parts */
    {"人工智能應用", LANGUAGE_ZH_HANT, 1, true, NULL},
    {"talent nowhere", LANGUAGE_EN, 1, true, "Attract <mark>talent</mark>"},
    {"沒有這個", LANGUAGE_ZH_HANT, 0, true, NULL},
    {"<b>", LANGUAGE_EN, 1, false, NULL},
    {"\xf0\xa0\x80\x80", LANGUAGE_EN, 0, true, NULL},
};
enum { CASES = sizeof cases / sizeof *cases };

static char *marked(const struct search_hit *hit)
{
    json_t *value = markup_marked(hit->unit->in[hit->language].text, hit->spans, hit->span_count);
    char *text = strdup(markup_text(value));
    json_decref(value);
    return text;
}

START_TEST(finds)
{
    ck_assert_int_eq(search_run(sample_index, cases[_i].query, cases[_i].language, &found),
                     SEARCH_FOUND);
    ck_assert_msg(found.count == cases[_i].count, "%s: %zu", cases[_i].query, found.count);
    ck_assert_msg(found.some == cases[_i].some, "%s", cases[_i].query);
    if (cases[_i].first) {
        char *text = marked(&found.hits[0]);
        ck_assert_str_eq(text, cases[_i].first);
        free(text);
    }
}
END_TEST

START_TEST(units_name_their_place)
{
    search_run(sample_index, "cyberport", LANGUAGE_EN, &found);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_int_eq(found.hits[0].unit->kind, SEARCH_BACKGROUND);
    ck_assert_str_eq(found.hits[0].unit->code, "1");
    search_run(sample_index, "意見", LANGUAGE_ZH_HANT, &found);
    ck_assert_int_eq(found.hits[0].unit->kind, SEARCH_QUESTION);
}
END_TEST

START_TEST(bounds)
{
    char query[4 * SEARCH_QUERY_POINTS + 4] = "";
    ck_assert_int_eq(search_run(sample_index, "", LANGUAGE_EN, &found), SEARCH_EMPTY);
    ck_assert_int_eq(search_run(sample_index, " \t　", LANGUAGE_EN, &found), SEARCH_EMPTY);
    for (int i = 0; i < SEARCH_QUERY_POINTS; i++)
        strcat(query, "人");
    ck_assert_int_eq(search_run(sample_index, query, LANGUAGE_EN, &found), SEARCH_FOUND);
    strcat(query, "x");
    ck_assert_int_eq(search_run(sample_index, query, LANGUAGE_EN, &found), SEARCH_TOO_LONG);
    /* more words than are looked for, and as many pieces as there may be */
    query[0] = '\0';
    for (int i = 0; i < SEARCH_QUERY_POINTS / 2; i++)
        strcat(query, "x ");
    ck_assert_int_eq(search_run(sample_index, query, LANGUAGE_EN, &found), SEARCH_FOUND);
    query[0] = '\0';
    for (int i = 0; i < SEARCH_QUERY_POINTS / 2; i++)
        strcat(query, "人x");
    ck_assert_int_eq(search_run(sample_index, query, LANGUAGE_EN, &found), SEARCH_FOUND);
}
END_TEST

START_TEST(terms_are_found_with_their_meaning)
{
    search_run(sample_index, "place", LANGUAGE_EN, &found);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_int_eq(found.hits[0].unit->kind, SEARCH_TERM);
    char *text = marked(&found.hits[0]);
    ck_assert_str_eq(text, "Park: A <mark>place</mark>.");
    free(text);
}
END_TEST

static const struct {
    enum language language;
    const char *text;
    bool occurs;
} occurrences[] = {
    {LANGUAGE_EN, "the Park", true},
    {LANGUAGE_EN, "Park.", true},
    {LANGUAGE_EN, "Parks", false},
    {LANGUAGE_EN, "CarPark", false},
    {LANGUAGE_EN, "CarPark, Park", true},
    {LANGUAGE_EN, "InnoHK", false},
    {LANGUAGE_EN, "in HK", true},
    {LANGUAGE_EN, "park", false},
    {LANGUAGE_EN, "", false},
    {LANGUAGE_ZH_HANT, "創科園區及數據", true},
    {LANGUAGE_ZH_HANT, "园区", false},
    {LANGUAGE_ZH_HANS, "创科园区AI", true},
};

START_TEST(terms_occur_as_whole_words)
{
    ck_assert_msg(term_occurs(&terms[0], occurrences[_i].language, occurrences[_i].text) ==
                      occurrences[_i].occurs,
                  "%s", occurrences[_i].text);
}
END_TEST

/* More places than are marked: the rest of the text stays as it is. */
START_TEST(spans_are_bounded)
{
    search_run(sample_index, "e", LANGUAGE_EN, &found);
    for (size_t i = 0; i < found.count; i++)
        ck_assert_uint_le(found.hits[i].span_count, SEARCH_SPANS_MOST);
    ck_assert_uint_ge(found.count, 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search");
    TCase *tests = tcase_create("search");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, finds, 0, CASES);
    tcase_add_test(tests, units_name_their_place);
    tcase_add_test(tests, terms_are_found_with_their_meaning);
    tcase_add_loop_test(tests, terms_occur_as_whole_words, 0,
                        sizeof occurrences / sizeof *occurrences);
    tcase_add_test(tests, bounds);
    tcase_add_test(tests, spans_are_bounded);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
