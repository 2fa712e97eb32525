/* base/text: what people type, in one form. */
#include "base/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *bytes;
    const char *normal; /* NULL: refused */
} normals[] = {
    {"plain", "plain"},
    {"", ""},
    {"a\r\nb\rc\nd", "a\nb\nc\nd"},
    {"a\r\r\nb", "a\n\nb"},
    {"tab\tkept", "tab\tkept"},
    {"e\xcc\x81", "\xc3\xa9"},                                /* e and acute: one letter */
    {"\xe2\x80\x8f\xe2\x80\x8d", "\xe2\x80\x8f\xe2\x80\x8d"}, /* bidi mark and joiner stay */
    {"\xef\xbc\xa1", "\xef\xbc\xa1"},                         /* full-width A stays as written */
    {"\x01", NULL},
    {"\x1b[0m", NULL},
    {"\x7f", NULL},
    {"\xc2\x85", NULL}, /* C1: NEL */
    {"\xc2\xa0", "\xc2\xa0"},
    {"\xc3", NULL},
    {"\xed\xa0\x80", NULL},
};

START_TEST(normalise)
{
    char *out = NULL;
    bool ok = text_normalise(normals[_i].bytes, strlen(normals[_i].bytes), &out);
    ck_assert_int_eq(ok, normals[_i].normal != NULL);
    if (ok)
        ck_assert_str_eq(out, normals[_i].normal);
    free(out);
}
END_TEST

START_TEST(normalise_refuses_a_nul)
{
    char *out = NULL;
    ck_assert(!text_normalise("a\0b", 3, &out));
}
END_TEST

START_TEST(compatible_is_ascii_where_it_can_be)
{
    char *out = NULL;
    ck_assert(text_compatible("\xef\xbc\xa1\xef\xbc\x91", 6, &out));
    ck_assert_str_eq(out, "A1");
    free(out);
    ck_assert(!text_compatible("\xc3", 1, &out));
}
END_TEST

START_TEST(points_are_not_bytes)
{
    ck_assert_uint_eq(text_points(""), 0);
    ck_assert_uint_eq(text_points("abc"), 3);
    ck_assert_uint_eq(text_points("北部都會區"), 5);
    ck_assert_uint_eq(text_points("\xf0\x9f\x98\x80"), 1);
}
END_TEST

static const struct {
    const char *text, *trimmed;
} trims[] = {
    {"  a b ", "a b"},  {"\t\n", ""}, {"", ""}, {"\xe3\x80\x80x\xe3\x80\x80", "x"},
    {"\xc2\xa0y", "y"}, {"z", "z"},
};

START_TEST(trim)
{
    size_t length = 99;
    const char *window = text_trim(trims[_i].text, &length);
    ck_assert_uint_eq(length, strlen(trims[_i].trimmed));
    ck_assert(memcmp(window, trims[_i].trimmed, length) == 0);
}
END_TEST

static const struct {
    const char *text, *key;
    size_t words;
} titles[] = {
    {"", "", 0},
    {"Talent Centre, HK", "talentcentrehk", 3},
    {"１－３ 人才「匯聚」", "13人才匯聚", 6},
    {"It's 1,000 co-ops. Én", "its1000coopsén", 4},
    {"カナ，한국", "カナ한국", 4},
    {"- ' .", "", 0},
};

START_TEST(title_and_words)
{
    char *key = NULL;
    ck_assert(text_title_key(titles[_i].text, strlen(titles[_i].text), &key));
    ck_assert_str_eq(key, titles[_i].key);
    ck_assert_uint_eq(text_words(titles[_i].text), titles[_i].words);
    free(key);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, normalise, 0, sizeof normals / sizeof normals[0]);
    tcase_add_test(all, normalise_refuses_a_nul);
    tcase_add_test(all, compatible_is_ascii_where_it_can_be);
    tcase_add_test(all, points_are_not_bytes);
    tcase_add_loop_test(all, trim, 0, sizeof trims / sizeof trims[0]);
    tcase_add_loop_test(all, title_and_words, 0, sizeof titles / sizeof titles[0]);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
