/* Forms with files, as browsers send them and as nobody should. */
#include "http/multipart.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TYPE "multipart/form-data; boundary=x"
#define PART(name, value)                                                                          \
    "--x\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define END "--x--\r\n"

static const struct {
    const char *type, *body;
    const char *file; /* value of /file; NULL: refused */
} rows[] = {
    {TYPE, PART("/file", "words") END, "words"},
    {TYPE, PART("/code", "c") PART("/file", "words") END, "words"},
    {TYPE, PART("/file", "") END, ""},
    {TYPE, PART("/file", "a\r\nb\r\n--y\r\n") END, "a\r\nb\r\n--y\r\n"},
    {TYPE, PART("/file", "\xe5\xa5\xbd") END, "\xe5\xa5\xbd"},
    {"Multipart/Form-Data;boundary=\"x\"", PART("/file", "words") END, "words"},
    {"multipart/form-data; charset=utf-8; boundary=x", PART("/file", "words") END, "words"},
    {TYPE,
     "--x\r\nContent-Type: application/json\r\ncontent-disposition: form-data; name=\"/file\"; "
     "filename=\"r.json\"\r\n\r\n{}\r\n" END,
     "{}"},
    {TYPE, PART("/file", "words") "--x--", "words"},
    {"application/x-www-form-urlencoded", PART("/file", "words") END, NULL},
    {"multipart/form-data", PART("/file", "words") END, NULL},
    {"multipart/form-data; boundary=", PART("/file", "words") END, NULL},
    {"multipart/form-data; boundary=\"x", PART("/file", "words") END, NULL},
    {"multipart/form-datax; boundary=x", PART("/file", "words") END, NULL},
    {"multipart/form-data; boundary=y", PART("/file", "words") END, NULL},
    {"multipart/form-data; "
     "boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
     END, NULL},
    {NULL, PART("/file", "words") END, NULL},
    {TYPE, "", NULL},
    {TYPE, "--x", NULL},
    {TYPE, "--x\r\n", NULL},
    {TYPE, PART("/file", "words"), NULL},
    {TYPE, PART("/file", "words") "--x", NULL},
    {TYPE, PART("/file", "words") "--xy--", NULL},
    {TYPE, "before\r\n" PART("/file", "words") END, NULL},
    {TYPE, PART("/file", "\xff") END, NULL},
    {TYPE, "--x\r\nContent-Disposition: form-data; name=\"/file\r\n\r\nwords\r\n" END, NULL},
    {TYPE, "--x\r\nContent-Disposition: form-data\r\n\r\nwords\r\n" END, NULL},
    {TYPE, "--x\r\nContent-Type: text/plain\r\n\r\nwords\r\n" END, NULL},
    {TYPE, "--x\r\nContent-Disposition: form-data; name=\"/file\"\r\nwords\r\n" END, NULL},
};

START_TEST(bodies)
{
    struct form form;
    bool ok = multipart_read(rows[_i].type, rows[_i].body, strlen(rows[_i].body), &form);
    ck_assert_msg(ok == (rows[_i].file != NULL), "%s", rows[_i].body);
    if (ok)
        ck_assert_str_eq(form_value(&form, "/file"), rows[_i].file);
    else
        ck_assert_ptr_null(form.memory);
    form_clear(&form);
}
END_TEST

START_TEST(a_nul_is_no_text)
{
    static const char body[] = PART("/file", "a\0b") END;
    struct form form;
    ck_assert(!multipart_read(TYPE, body, sizeof body - 1, &form));
}
END_TEST

START_TEST(parts_are_bounded)
{
    static const char part[] = PART("/file", "words");
    char body[(MULTIPART_PARTS_MOST + 1) * sizeof part + sizeof END] = "";
    struct form form;
    for (int i = 0; i < MULTIPART_PARTS_MOST; i++)
        strcat(body, part);
    size_t length = strlen(body);
    strcat(body, END);
    ck_assert(multipart_read(TYPE, body, strlen(body), &form));
    ck_assert_uint_eq(form.count, MULTIPART_PARTS_MOST);
    form_clear(&form);
    body[length] = '\0';
    strcat(body, part);
    strcat(body, END);
    ck_assert(!multipart_read(TYPE, body, strlen(body), &form));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("multipart");
    TCase *tests = tcase_create("multipart");
    tcase_add_loop_test(tests, bodies, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, a_nul_is_no_text);
    tcase_add_test(tests, parts_are_bounded);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
