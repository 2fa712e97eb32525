/* Words in remarks: what is found, what is not, and what is marked. */
#include "base/buf.h"
#include "domain/fold.h"
#include "domain/remark_words.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The text with «» around what is marked; "-" if it does not fit. Caller frees. */
static char *marked(const struct word_query *query, const char *text)
{
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0;
    struct buf out = {0};
    if (!word_query_match(query, text, spans, &count))
        return strdup("-");
    size_t point = 0, span = 0;
    for (const char *p = text;; p++) {
        if (((unsigned char)*p & 0xc0) == 0x80) {
            buf_byte(&out, *p);
            continue;
        }
        if (span < count && point == spans[span].from + spans[span].length) {
            buf_text(&out, "»");
            span++;
        }
        if (span < count && point == spans[span].from)
            buf_text(&out, "«");
        if (!*p)
            break;
        buf_byte(&out, *p);
        point++;
    }
    ck_assert_uint_eq(span, count);
    return buf_take(&out, NULL);
}

/* Every term of the query is one of the text's. */
static bool narrowed(const struct word_query *query, const char *text)
{
    size_t count = 0, at = 0;
    int32_t *terms = remark_terms(text, &count);
    ck_assert_ptr_nonnull(terms);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_ge(terms[i], 0);
        ck_assert(i == 0 || terms[i - 1] < terms[i]);
        at += at < query->term_count && query->terms[at] == terms[i];
    }
    free(terms);
    return at == query->term_count;
}

static const struct {
    const char *query, *text, *wanted;
} cases[] = {
    /* two characters, one, three, and not across a mark of punctuation */
    {"創新", "支持創新科技，創新為本", "支持«創新»科技，«創新»為本"},
    {"稅", "減稅", "減«稅»"},
    {"創新科", "支持創新科技", "支持«創新科»技"},
    {"創新", "創意與革新", "-"},
    {"新科", "創新，科技", "-"},
    {"新科", "創新科技", "創«新科»技"},
    /* each word anywhere, a phrase in its order */
    {"科技 土地", "土地不足，科技先行", "«土地»不足，«科技»先行"},
    {"科技 土地", "科技先行", "-"},
    {"\"traffic noise\"", "Traffic noise is bad; noise and traffic",
     "«Traffic» «noise» is bad; noise and traffic"},
    {"\"noise traffic\"", "Traffic noise", "-"},
    {"noise traffic", "Traffic noise", "«Traffic» «noise»"},
    {"「土地供應」", "增加土地供應", "增加«土地供應»"},
    /* English by its stem, whatever the case and the width */
    {"university", "Two UNIVERSITIES, and the university's own",
     "Two «UNIVERSITIES», and the «university»'s own"},
    {"supported", "I support it", "I «support» it"},
    {"port", "I support it", "-"},
    {"ＡＩ", "use ai now", "use «ai» now"},
    {"five-year", "a five year plan", "a «five» «year» plan"},
    /* both scripts, and the two together */
    {"創新", "支持创新科技", "支持«创新»科技"},
    {"创新", "支持創新", "支持«創新»"},
    {"裏", "這裡", "這«裡»"},
    {"AI技術", "發展 AI 技術", "發展 «AI» «技術»"},
    {"AI 教育", "教育要有AI", "«教育»要有«AI»"},
    /* nothing is a wildcard or a hole */
    {"100%", "100 times", "«100» times"},
    {"a_c", "abc", "-"},
    {"創新", "", "-"},
};

START_TEST(found_and_marked)
{
    struct word_query query;
    ck_assert_int_eq(word_query_read(cases[_i].query, &query), WORDS_READ);
    char *is = marked(&query, cases[_i].text);
    ck_assert_str_eq(is, cases[_i].wanted);
    /* What fits is in the index under the query's terms. */
    if (strcmp(is, "-") != 0)
        ck_assert(narrowed(&query, cases[_i].text));
    free(is);
}
END_TEST

START_TEST(terms_narrow_down)
{
    struct word_query query;
    ck_assert_int_eq(word_query_read("創新", &query), WORDS_READ);
    ck_assert_uint_eq(query.term_count, 1);
    ck_assert(!narrowed(&query, "創意與革新"));
    ck_assert_int_eq(word_query_read("創新科技 AI", &query), WORDS_READ);
    ck_assert_uint_eq(query.term_count, 4);
    ck_assert(narrowed(&query, "ai 创新科技"));
}
END_TEST

START_TEST(queries_have_bounds)
{
    struct word_query query;
    char text[3 * (WORD_QUERY_POINTS + 1) + 1] = "";
    ck_assert_int_eq(word_query_read("", &query), WORDS_NONE);
    ck_assert_int_eq(word_query_read(" \"\" ，！- ", &query), WORDS_NONE);
    for (int i = 0; i < WORD_QUERY_POINTS; i++)
        strcat(text, "創");
    ck_assert_int_eq(word_query_read(text, &query), WORDS_READ);
    strcat(text, "新");
    ck_assert_int_eq(word_query_read(text, &query), WORDS_TOO_LONG);
    ck_assert_int_eq(word_query_read("a b c d e f g h", &query), WORDS_READ);
    ck_assert_uint_eq(query.phrase_count, WORD_PHRASES_MOST);
    ck_assert_int_eq(word_query_read("a b c d e f g h i", &query), WORDS_TOO_MANY);
}
END_TEST

/* So many places are marked, in order, and the first ones. */
START_TEST(marks_have_bounds)
{
    struct word_query query;
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0;
    char text[2 * 100 + 1] = "";
    for (int i = 0; i < 100; i++)
        strcat(text, "a ");
    ck_assert_int_eq(word_query_read("a", &query), WORDS_READ);
    ck_assert(word_query_match(&query, text, spans, &count));
    ck_assert_uint_eq(count, WORD_SPANS_MOST);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(spans[i].from, 2 * i);
        ck_assert_uint_eq(spans[i].length, 1);
    }
}
END_TEST

START_TEST(scripts_are_one)
{
    ck_assert_uint_eq(fold_script(0x5275), 0x521b); /* 創 */
    ck_assert_uint_eq(fold_script(0x521b), 0x521b);
    ck_assert_uint_eq(fold_script(0x88cf), fold_script(0x88e1)); /* 裏 裡 */
    ck_assert_uint_eq(fold_script('a'), 'a');
    for (uint32_t point = 0x3400; point < 0xa000; point++)
        ck_assert_uint_eq(fold_script(fold_script(point)), fold_script(point));
}
END_TEST

/* The index holds terms of folded characters: when another version of OpenCC's tables folds others,
 * REMARK_TERMS_VERSION is raised, and then the digest here is the new one. */
START_TEST(folded_as_the_index_has_it)
{
    crypto_generichash_state state;
    unsigned char hash[8];
    char text[2 * sizeof hash + 1];
    crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES_MIN);
    for (uint32_t point = 0x3400; point < 0x40000; point++) {
        const uint32_t form = fold_script(point);
        const unsigned char bytes[] = {(unsigned char)(form >> 16), (unsigned char)(form >> 8),
                                       (unsigned char)form};
        crypto_generichash_update(&state, bytes, sizeof bytes);
    }
    unsigned char whole[crypto_generichash_BYTES_MIN];
    crypto_generichash_final(&state, whole, sizeof whole);
    memcpy(hash, whole, sizeof hash);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    ck_assert_int_eq(REMARK_TERMS_VERSION, 2);
    ck_assert_str_eq(text, "2599be87bcecacf3");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("remark_words");
    TCase *tcase = tcase_create("remark_words");
    tcase_add_loop_test(tcase, found_and_marked, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(tcase, terms_narrow_down);
    tcase_add_test(tcase, queries_have_bounds);
    tcase_add_test(tcase, marks_have_bounds);
    tcase_add_test(tcase, scripts_are_one);
    tcase_add_test(tcase, folded_as_the_index_has_it);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
