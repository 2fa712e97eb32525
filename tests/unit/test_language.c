/* Tags, and the choice by Accept-Language. */
#include "domain/language.h"

#include <check.h>
#include <stdlib.h>

START_TEST(tags_round_trip)
{
    for (int language = 0; language < LANGUAGES; language++)
        ck_assert_int_eq(language_find(language_tag((enum language)language)), language);
    ck_assert_int_eq(language_find("zh-hant"), LANGUAGES);
    ck_assert_int_eq(language_find(""), LANGUAGES);
}
END_TEST

static const struct {
    const char *header;
    enum language language;
} choices[] = {
    {NULL, LANGUAGE_ZH_HANT},
    {"", LANGUAGE_ZH_HANT},
    {"en", LANGUAGE_EN},
    {"EN-gb", LANGUAGE_EN},
    {"zh", LANGUAGE_ZH_HANT},
    {"zh-HK", LANGUAGE_ZH_HANT},
    {"zh-TW", LANGUAGE_ZH_HANT},
    {"zh-MO", LANGUAGE_ZH_HANT},
    {"zh-CN", LANGUAGE_ZH_HANS},
    {"zh-SG", LANGUAGE_ZH_HANS},
    {"zh-hans-HK", LANGUAGE_ZH_HANS},
    {"zh-Hant-CN", LANGUAGE_ZH_HANT},
    {"yue-HK", LANGUAGE_ZH_HANT},
    {"*", LANGUAGE_ZH_HANT},
    {"fr", LANGUAGE_ZH_HANT},
    {"fr, en;q=0.5", LANGUAGE_EN},
    {"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", LANGUAGE_EN},
    {"zh-CN;q=0.3,en;q=0.7", LANGUAGE_EN},
    {"en;q=0.7,zh-CN;q=0.7", LANGUAGE_EN},
    {"en;q=0, zh-CN;q=0.001", LANGUAGE_ZH_HANS},
    {"en ; q=0.2 , zh-CN ; q=0.9", LANGUAGE_ZH_HANS},
    {"en;q=abc, zh-CN;q=0.1", LANGUAGE_ZH_HANS},
    {"en;q=1.5, zh-CN;q=0.1", LANGUAGE_ZH_HANS},
    {",,en,,", LANGUAGE_EN},
    {";q=1,en", LANGUAGE_EN},
    {"eng", LANGUAGE_ZH_HANT},
    {"e", LANGUAGE_ZH_HANT},
    {"-en", LANGUAGE_ZH_HANT},
};

START_TEST(header_chooses)
{
    ck_assert_msg(language_match(choices[_i].header) == choices[_i].language, "%s",
                  choices[_i].header ? choices[_i].header : "(none)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *tcase = tcase_create("language");
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, tags_round_trip);
    tcase_add_loop_test(tcase, header_chooses, 0, sizeof choices / sizeof *choices);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
