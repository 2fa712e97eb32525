/* Forms with files, as browsers send them and as nobody should. */
#include "http/multipart.h"
#include "http/upload.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

static struct upload spooled(const void *body, size_t length)
{
    struct upload upload = {.file = memfd_create("body", MFD_CLOEXEC), .length = length};
    ck_assert_int_eq(write(upload.file, body, length), (ssize_t)length);
    return upload;
}

/* What is refused in memory is refused in a file, and what is taken says the same. */
START_TEST(spooled_bodies)
{
    struct form form;
    struct upload upload = spooled(rows[_i].body, strlen(rows[_i].body));
    bool ok = upload_read_form(rows[_i].type, &upload, &form);
    ck_assert_msg(ok == (rows[_i].file != NULL), "%s", rows[_i].body);
    if (ok && upload.count == 0)
        ck_assert_str_eq(form_value(&form, "/file"), rows[_i].file);
    else if (ok)
        ck_assert_uint_eq(upload.files[0].length, strlen(rows[_i].file));
    else
        ck_assert_ptr_null(form.memory);
    form_clear(&form);
    close(upload.file);
}
END_TEST

#define FILE_PART(name, file, value)                                                               \
    "--x\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file                   \
    "\"\r\nContent-Type: application/pdf\r\n\r\n" value "\r\n"

/* A file may be any bytes, lie across the windows, and hold what looks like a delimiter. */
START_TEST(spooled_files)
{
    enum { LARGE = 200000 };
    static const char before[] = PART("/form_token", "t") FILE_PART("/file", "a%22b.pdf", ""),
                      after[] = "\r\n" FILE_PART("/none", "", "") END;
    size_t head = sizeof before - 3; /* without the line end behind the empty value */
    char *body = malloc(head + LARGE + sizeof after);
    for (size_t shift = 0; shift < 12; shift++) {
        size_t length = LARGE - shift;
        memcpy(body, before, head);
        for (size_t i = 0; i < length; i++)
            body[head + i] = "\r\n--y\0\xff\r\n-"[i % 10];
        memcpy(body + head + length, after, sizeof after - 1);
        struct upload upload = spooled(body, head + length + sizeof after - 1);
        struct form form;
        ck_assert(upload_read_form(TYPE, &upload, &form));
        ck_assert_str_eq(form_value(&form, "/form_token"), "t");
        ck_assert_uint_eq(upload.count, 1);
        ck_assert_str_eq(upload.files[0].field, "/file");
        ck_assert_str_eq(upload.files[0].name, "a%22b.pdf");
        ck_assert_uint_eq(upload.files[0].start, head);
        ck_assert_uint_eq(upload.files[0].length, length);
        form_clear(&form);
        close(upload.file);
    }
    free(body);
}
END_TEST

static const char *const refused[] = {
    FILE_PART("/a", "a", "") FILE_PART("/b", "b", "") FILE_PART("/c", "c", "")
        FILE_PART("/d", "d", "") FILE_PART("/e", "e", "") END, /* one file too many */
    "--x\r\nContent-Disposition: form-data; name=\"/file\"; filename=\"a\r\n\r\nwords\r\n" END,
    FILE_PART("/file", "\xff.pdf", "") END,
    FILE_PART("/file", "a.pdf", "words") "--x",
};

START_TEST(spooled_and_refused)
{
    struct form form;
    struct upload upload = spooled(refused[_i], strlen(refused[_i]));
    ck_assert(!upload_read_form(TYPE, &upload, &form));
    ck_assert_uint_eq(upload.count, 0);
    close(upload.file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("multipart");
    TCase *tests = tcase_create("multipart");
    tcase_add_loop_test(tests, bodies, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, a_nul_is_no_text);
    tcase_add_test(tests, parts_are_bounded);
    tcase_add_loop_test(tests, spooled_bodies, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, spooled_files);
    tcase_add_loop_test(tests, spooled_and_refused, 0, sizeof refused / sizeof refused[0]);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
