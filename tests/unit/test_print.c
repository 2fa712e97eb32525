/* A page as a PDF: made by WeasyPrint, and read again by poppler's programs. */
#include "process/print.h"
#include "process/program.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static const struct printer printer = {"/usr/bin/python3", "/tmp", false};

static const char page[] =
    "<!DOCTYPE html><html lang=\"zh-Hant\"><head><meta charset=\"utf-8\"><title>回應 "
    "Response</title>"
    "<style>@page { size: A4; margin: 2cm } body { font-family: \"Noto Sans CJK HK\", sans-serif }"
    "</style></head><body><h1>機構回應</h1><p lang=\"en\">An institutional response.</p>"
    "<table><thead><tr><th scope=\"col\">措施</th><th scope=\"col\">Stance</th></tr></thead>"
    "<tbody><tr><td>人才</td><td>Support</td></tr></tbody></table>"
    "<p><img src=\"file:///etc/passwd\" alt=\"one\"><img src=\"http://127.0.0.1:9/\" alt=\"two\">"
    "<a href=\"https://example.hk/\">link</a></p></body></html>";

static int nameless(void)
{
    int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    ck_assert_int_ge(file, 0);
    return file;
}

/* What a program says of a file. Caller frees. */
static char *said(const char *const *argv, int file)
{
    ck_assert_int_eq(lseek(file, 0, SEEK_SET), 0);
    const struct program program = {.argv = argv,
                                    .folder = "/tmp",
                                    .input = file,
                                    .output = -1,
                                    .output_most = MIB,
                                    .seconds = 20,
                                    .memory = 512u * MIB,
                                    .processes = 8};
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    return result.output;
}

START_TEST(makes_a_pdf)
{
    static const char *const text_of[] = {"/usr/bin/pdftotext", "-layout", "-", "-", NULL};
    static const char *const facts_of[] = {"/usr/bin/pdfinfo", "-", NULL};
    static const char *const structure_of[] = {"/usr/bin/pdfinfo", "-struct", "-", NULL};
    static const char *const fonts_of[] = {"/usr/bin/pdffonts", "-", NULL};
    int file = nameless();
    size_t written = 0;
    ck_assert_int_eq(print_page(&printer, page, strlen(page), file, &written), PROBLEM_NONE);
    struct stat about;
    ck_assert_int_eq(fstat(file, &about), 0);
    ck_assert_uint_eq(written, (size_t)about.st_size);
    const struct {
        const char *const *argv;
        const char *wanted[6];
    } looks[] = {
        {text_of, {"機構回應", "An institutional response.", "措施", "人才", "Support", "one"}},
        {facts_of, {"Tagged:          yes", "回應 Response"}},
        {structure_of, {"H1", "Table", "TH", "TD", "Link"}},
        {fonts_of, {"Noto-Sans-CJK"}},
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        char *text = said(looks[i].argv, file);
        for (size_t w = 0; w < 6 && looks[i].wanted[w]; w++)
            ck_assert_msg(strstr(text, looks[i].wanted[w]) != NULL, "no «%s» in: %s",
                          looks[i].wanted[w], text);
        ck_assert_ptr_null(strstr(text, "root:"));
        free(text);
    }
    close(file);
}
END_TEST

START_TEST(makes_none)
{
    static const struct printer none = {"", "/tmp", false}, wrong = {"/nonexistent", "/tmp", false};
    int file = nameless();
    size_t written = 0;
    ck_assert_int_eq(print_page(&none, page, strlen(page), file, &written), PROBLEM_UNAVAILABLE);
    ck_assert_int_eq(print_page(&wrong, page, strlen(page), file, &written), PROBLEM_UNAVAILABLE);
    char *large = calloc(1, PRINT_PAGE_MOST + 1);
    ck_assert_int_eq(print_page(&printer, large, PRINT_PAGE_MOST + 1, file, &written),
                     PROBLEM_CONTENT_TOO_LARGE);
    free(large);
    ck_assert_int_eq(print_page(&printer, "\xff", 1, file, &written), PROBLEM_INTERNAL);
    ck_assert_uint_eq(written, 0);
    close(file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("print");
    TCase *tests = tcase_create("print");
    tcase_add_test(tests, makes_a_pdf);
    tcase_add_test(tests, makes_none);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
