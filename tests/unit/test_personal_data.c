/* What is found in what people write, and what is left alone. */
#include "domain/personal_data.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 };

/* The text with each finding between brackets, behind the first letter of its kind. */
static char *marked(const char *text)
{
    struct personal_finding found[MOST];
    size_t count = personal_data_find(text, found, MOST), from = 0;
    char *out = calloc(1, strlen(text) + 4 * MOST + 1);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_ge(found[i].at, from);
        ck_assert_uint_gt(found[i].length, 0);
        strncat(out, text + from, found[i].at - from);
        strncat(out, personal_kind_name(found[i].kind), 1);
        strcat(out, "[");
        strncat(out, text + found[i].at, found[i].length);
        strcat(out, "]");
        from = found[i].at + found[i].length;
    }
    strcat(out, text + from);
    return out;
}

static const struct {
    const char *text;
    const char *marked; /* NULL: nothing is found */
} cases[] = {
    /* Identity cards: with a valid check digit only. */
    {"A123456(3)", "h[A123456(3)]"},
    {"my number is a1234563.", "my number is h[a1234563]."},
    {"AB987654(3)?", "h[AB987654(3)]?"},
    {"Ａ１２３４５６（３）", "h[Ａ１２３４５６（３）]"},
    {"身分證Z683365(A)，謝謝", "身分證h[Z683365(A)]，謝謝"},
    {"G123456(A)", "h[G123456(A)]"},
    {"A 123456 (3)", "h[A 123456 (3)]"},
    {"A123456(4)", NULL},
    {"A123456", NULL},
    {"A12345(6)", NULL},
    {"XA123456(3)", NULL},
    {"A123456(3", NULL},
    {"A1234563B", NULL},
    {"ABC123456(3)", NULL},
    /* Telephones of Hong Kong's plan. */
    {"call 91234567", "call t[91234567]"},
    {"9123 4567", "t[9123 4567]"},
    {"9123-4567", "t[9123-4567]"},
    {"９１２３　４５６７", "t[９１２３　４５６７]"},
    {"+852 9123 4567", "t[+852 9123 4567]"},
    {"(852) 2123 4567", "t[(852) 2123 4567]"},
    {"852-2123-4567", "t[852-2123-4567]"},
    {"85221234567", "t[85221234567]"},
    {"+85251234567.", "t[+85251234567]."},
    {"電話：6123 4567。", "電話：t[6123 4567]。"},
    {"致電61234567查詢", "致電t[61234567]查詢"},
    {"12345678", NULL},
    {"02345678", NULL},
    {"9123456", NULL},
    {"912345678", NULL},
    {"9123 45678", NULL},
    {"$25000000", NULL},
    {"50000000元", NULL},
    {"3.14159265", NULL},
    {"2026-2030", NULL},
    {"2026 2030", NULL},
    {"20261125", NULL},
    {"x91234567", NULL},
    {"+86 9123 4567", "+86 t[9123 4567]"},
    /* E-mail. */
    {"write to a.b+c@example.org!", "write to e[a.b+c@example.org]!"},
    {"電郵a@b.com.hk謝謝", "電郵e[a@b.com.hk]謝謝"},
    {"ａ＠ｂ．ｃｏｍ", "e[ａ＠ｂ．ｃｏｍ]"},
    {"a@b.com.", "e[a@b.com]."},
    {"<a@b-c.org>", "<e[a@b-c.org]>"},
    {"a@b", NULL},
    {"a@b.1", NULL},
    {"@example.org", NULL},
    {"a@", NULL},
    {"a b@ c.com", NULL},
    {"I&T @ 2030", NULL},
    /* Streets, in English. */
    {"I live at 12 Nathan Road.", "I live at a[12 Nathan Road]."},
    {"12A Queen's Road Central", "a[12A Queen's Road] Central"},
    {"88-90 Des Voeux St, 5/F", "a[88-90 Des Voeux St], 5/F"},
    {"3, Prince Edward Road", "a[3, Prince Edward Road]"},
    {"Flat A, 12/F, Hope House, 3 Fa Yuen Street", "a[Flat A, 12/F, Hope House, 3 Fa Yuen Street]"},
    {"Room 1203, 12/F", "a[Room 1203, 12/F]"},
    {"Unit 5 12th Floor", "a[Unit 5 12th Floor]"},
    {"the Road to 2030", NULL},
    {"3 ways to mend the road", NULL},
    {"Nathan Road", NULL},
    {"flat 12", NULL},
    {"Room for 3", NULL},
    {"12 Big Ideas", NULL},
    /* Streets and estates, in Chinese. */
    {"我住在彌敦道100號12樓", "我住在a[彌敦道100號12樓]"},
    {"皇后大道中九十九號", "a[皇后大道中九十九號]"},
    {"弥敦道１００号", "a[弥敦道１００号]"},
    {"德輔道中 68 號", "a[德輔道中 68 號]"},
    {"富善邨善鄰樓1203室", "a[富善邨善鄰樓1203室]"},
    {"太古城金楓閣8樓B室", "a[太古城金楓閣8樓B室]"},
    {"美孚新邨8座", "a[美孚新邨8座]"},
    {"這條道路有100個出口", NULL},
    {"第1號提案", NULL},
    {"一帶一路", NULL},
    {"科學園第3座", NULL},
    {"", NULL},
    {"\xe4\xb8\x80", NULL},
};

START_TEST(found_or_not)
{
    char *is = marked(cases[_i].text);
    ck_assert_str_eq(is, cases[_i].marked ? cases[_i].marked : cases[_i].text);
    free(is);
}
END_TEST

START_TEST(several_in_one)
{
    char *is = marked("陳大文 A123456(3)，9123 4567／a@b.com，彌敦道1號。");
    ck_assert_str_eq(is, "陳大文 h[A123456(3)]，t[9123 4567]／e[a@b.com]，a[彌敦道1號]。");
    free(is);
}
END_TEST

START_TEST(bounded)
{
    struct personal_finding found[2];
    ck_assert_uint_eq(personal_data_find("9123 4567 9123 4568 9123 4569", found, 2), 2);
    ck_assert_uint_eq(personal_data_find("9123 4567", found, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("personal_data");
    TCase *all = tcase_create("personal_data");
    tcase_add_loop_test(all, found_or_not, 0, sizeof cases / sizeof *cases);
    tcase_add_test(all, several_in_one);
    tcase_add_test(all, bounded);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
