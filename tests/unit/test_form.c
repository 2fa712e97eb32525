/* http/form: a form's body as pairs. */
#include "http/form.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *body;
    int count; /* -1: refused */
    const char *pairs;
} bodies[] = {
    {"", 0, ""},
    {"a=1", 1, "a=1;"},
    {"a=1&b=2", 2, "a=1;b=2;"},
    {"a=1&a=2", 2, "a=1;a=2;"},
    {"a", 1, "a=;"},
    {"a=", 1, "a=;"},
    {"=b", 1, "=b;"},
    {"&&a=1&", 1, "a=1;"},
    {"a=b=c", 1, "a=b=c;"},
    {"a+b=c+d", 1, "a b=c d;"},
    {"%2Fanswers%2F1-3%2Fremark=%E5%A5%BD", 1, "/answers/1-3/remark=好;"},
    {"a=%0D%0A", 1, "a=\r\n;"},
    {"a=%26%3D", 1, "a=&=;"},
    {"a=%", -1, ""},
    {"a=%4", -1, ""},
    {"a=%zz", -1, ""},
    {"%zz=a", -1, ""},
    {"a=%00", -1, ""},
    {"a=%ff", -1, ""},
    {"a=\xff", -1, ""},
    {"ok=1&bad=%ff", -1, ""},
};

START_TEST(read)
{
    struct form form;
    char said[256] = "";
    bool ok = form_read(bodies[_i].body, strlen(bodies[_i].body), &form);
    ck_assert_int_eq(ok, bodies[_i].count >= 0);
    if (!ok) {
        ck_assert_uint_eq(form.count, 0);
        ck_assert_ptr_null(form.fields);
        return;
    }
    ck_assert_uint_eq(form.count, (size_t)bodies[_i].count);
    size_t at = 0;
    for (size_t i = 0; i < form.count; i++)
        at += (size_t)snprintf(said + at, sizeof said - at, "%s=%s;", form.fields[i].name,
                               form.fields[i].value);
    ck_assert_str_eq(said, bodies[_i].pairs);
    form_clear(&form);
}
END_TEST

START_TEST(a_raw_nul_is_refused)
{
    struct form form;
    ck_assert(!form_read("a=b\0c", 5, &form));
    ck_assert(!form_read("a\0=b", 4, &form));
    ck_assert(!form_read("\0", 1, &form));
}
END_TEST

START_TEST(fields_are_bounded)
{
    static char body[2 * FORM_FIELDS_MOST + 2];
    struct form form;
    for (size_t i = 0; i < FORM_FIELDS_MOST; i++)
        memcpy(body + 2 * i, "a&", 2);
    ck_assert(form_read(body, 2 * FORM_FIELDS_MOST - 1, &form));
    ck_assert_uint_eq(form.count, FORM_FIELDS_MOST);
    form_clear(&form);
    ck_assert(!form_read(body, 2 * FORM_FIELDS_MOST, &form));
}
END_TEST

START_TEST(value_is_the_first_of_its_name)
{
    struct form form;
    ck_assert(form_read("a=1&b=2&a=3", 11, &form));
    ck_assert_str_eq(form_value(&form, "a"), "1");
    ck_assert_ptr_null(form_value(&form, "c"));
    form_clear(&form);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("form");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, read, 0, sizeof bodies / sizeof bodies[0]);
    tcase_add_test(all, a_raw_nul_is_refused);
    tcase_add_test(all, fields_are_bounded);
    tcase_add_test(all, value_is_the_first_of_its_name);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
