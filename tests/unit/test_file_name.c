/* Names of attached files: whatever is sent, what is stored is harmless everywhere. */
#include "attachment/file_name.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#define PDF "pdf"
#define JPG "jpg|jpeg"

static const struct {
    const char *sent, *extensions, *stored;
} rows[] = {
    {"report.pdf", PDF, "report.pdf"},
    {"Report.PDF", PDF, "Report.PDF"},
    {"a b.jpeg", JPG, "a b.jpeg"},
    {"a.png", JPG, "a.jpg"},
    {"report", PDF, "report.pdf"},
    {"report.html", PDF, "report.pdf"},
    {"report.pdf.exe", PDF, "report.pdf"},
    {"report.html.exe", PDF, "report.html.pdf"},
    {"Report 1.2", PDF, "Report 1.2.pdf"},
    {"\xe6\x84\x8f\xe8\xa6\x8b\xe6\x9b\xb8.pdf", PDF, "\xe6\x84\x8f\xe8\xa6\x8b\xe6\x9b\xb8.pdf"},
    /* paths */
    {"../../etc/passwd", PDF, "passwd.pdf"},
    {"C:\\Users\\me\\a.pdf", PDF, "a.pdf"},
    {"/", PDF, "attachment.pdf"},
    {"..", PDF, "attachment.pdf"},
    {"a/..", PDF, "attachment.pdf"},
    {".htaccess", PDF, "htaccess.pdf"},
    {"-rf.pdf", PDF, "rf.pdf"},
    {"a.pdf::$DATA", PDF, "a.pdf_$DATA.pdf"},
    /* what is not seen, or deceives */
    {"a\x01\x1f\x7f.pdf", PDF, "a.pdf"},
    {"a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie_ x.pdf"},
    {"a%0D%0Ab%22.pdf", PDF, "a b.pdf"},
    {"\xe2\x80\xaegpj\xe2\x80\xac.pdf", PDF, "gpj.pdf"}, /* U+202E, U+202C */
    {"a\xe2\x81\xa6"
     "b\xe2\x81\xa9.pdf",
     PDF, "ab.pdf"}, /* U+2066, U+2069 */
    {"\xef\xbb\xbf"
     "a.pdf",
     PDF, "a.pdf"}, /* U+FEFF */
    {"a\xe2\x80\xa8"
     "b.pdf",
     PDF, "ab.pdf"}, /* U+2028 */
    {"a\xc2\xa0\xe3\x80\x80"
     "b.pdf",
     PDF, "a b.pdf"}, /* no-break, ideographic space */
    {"a\xc2\x85"
     "b.pdf",
     PDF, "ab.pdf"}, /* C1 */
    {"\xff\xfe.pdf", PDF, "attachment.pdf"},
    {"<script>.pdf", PDF, "script.pdf"},
    {"a|b?.pdf", PDF, "a_b.pdf"},
    {"   .pdf  ", PDF, "pdf.pdf"},
    {"", PDF, "attachment.pdf"},
    /* NFC */
    {"e\xcc\x81.pdf", PDF, "\xc3\xa9.pdf"},
    /* devices */
    {"con.pdf", PDF, "xcon.pdf"},
    {"NUL", PDF, "xNUL.pdf"},
    {"Com1.tar.pdf", PDF, "xCom1.tar.pdf"},
    {"COM10.pdf", PDF, "COM10.pdf"},
    {"console.pdf", PDF, "console.pdf"},
};

START_TEST(names)
{
    char once[FILE_NAME_TEXT], twice[FILE_NAME_TEXT];
    file_name_clean(rows[_i].sent, rows[_i].extensions, once);
    ck_assert_str_eq(once, rows[_i].stored);
    file_name_clean(once, rows[_i].extensions, twice);
    ck_assert_str_eq(once, twice);
}
END_TEST

/* Of one to four bytes a character, and some that grow by NFC. */
START_TEST(long_names)
{
    static const char *const letters[] = {
        "a", "\xc3\xa9", "\xe6\x84\x8f", "\xf0\xa0\xae\xb7", "\xe0\xa5\x98", "a.", "CON."};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        char out[FILE_NAME_TEXT], *sent = calloc(1, 100000);
        for (int n = 0; n < 20000; n++)
            memcpy(sent + (size_t)n * strlen(letters[i]), letters[i], strlen(letters[i]));
        file_name_clean(sent, JPG, out);
        ck_assert_uint_le(u8_mbsnlen((const uint8_t *)out, strlen(out)), FILE_NAME_POINTS);
        ck_assert_uint_ge(u8_mbsnlen((const uint8_t *)out, strlen(out)), FILE_NAME_POINTS / 2);
        ck_assert_str_eq(out + strlen(out) - 4, ".jpg");
        free(sent);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_name");
    TCase *tests = tcase_create("file_name");
    tcase_add_loop_test(tests, names, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, long_names);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
