/* A page as a PDF: made by WeasyPrint, and read again by poppler's programs. */
#include "process/print.h"
#include "process/printed.h"
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

static struct digest digest_nr(int number)
{
    struct digest digest = {{0}};
    memcpy(digest.bytes, &number, sizeof number);
    return digest;
}

static bool has(struct printed *printed, int number)
{
    struct digest digest = digest_nr(number);
    uint64_t length = 0;
    int file = printed_find(printed, &digest, &length);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static void put(struct printed *printed, int number, uint64_t length)
{
    struct digest digest = digest_nr(number);
    int file = printed_file(printed);
    ck_assert_int_ge(file, 0);
    printed_keep(printed, &digest, file, length);
    close(file);
}

/* So many and no more, and so many bytes: what was asked for least lately goes first. */
START_TEST(keeps_what_is_asked_for)
{
    struct printed *printed = printed_new("/tmp");
    for (int i = 0; i < 64; i++)
        put(printed, i, 1);
    ck_assert(has(printed, 0));
    put(printed, 64, 1);
    ck_assert(has(printed, 0) && !has(printed, 1) && has(printed, 2) && has(printed, 64));
    put(printed, 100, 100u * MIB);
    put(printed, 101, 100u * MIB);
    ck_assert(has(printed, 64) && has(printed, 100) && has(printed, 101));
    put(printed, 102, 100u * MIB);
    ck_assert(has(printed, 102) && has(printed, 101) && !has(printed, 2) && !has(printed, 100));
    put(printed, 101, 257u * MIB); /* what never fits changes nothing */
    ck_assert(has(printed, 101) && has(printed, 102));
    printed_free(printed);
}
END_TEST

/* For five minutes, each page by itself; the sixty-fifth takes the place of the first. */
START_TEST(remembers_what_failed)
{
    static const int64_t minute = 60000000;
    struct printed *printed = printed_new("/tmp");
    struct digest one = digest_nr(1), two = digest_nr(2);
    ck_assert(!printed_failed(printed, &one, minute));
    printed_fail(printed, &one, minute);
    ck_assert(printed_failed(printed, &one, minute) && !printed_failed(printed, &two, minute));
    ck_assert(printed_failed(printed, &one, 6 * minute - 1));
    ck_assert(!printed_failed(printed, &one, 6 * minute));
    for (int i = 2; i < 66; i++) {
        struct digest digest = digest_nr(i);
        printed_fail(printed, &digest, minute);
    }
    ck_assert(printed_failed(printed, &two, minute) && !printed_failed(printed, &one, minute));
    printed_free(printed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("print");
    TCase *tests = tcase_create("print");
    tcase_add_test(tests, makes_a_pdf);
    tcase_add_test(tests, makes_none);
    tcase_add_test(tests, keeps_what_is_asked_for);
    tcase_add_test(tests, remembers_what_failed);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
