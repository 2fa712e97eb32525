/* Names of attached files: whatever is sent, what is stored is harmless everywhere. */
#include "attachment/file_name.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#define JPG "jpg|jpeg"

static void expect_name(const char *sent, const char *extensions, const char *stored)
{
    char once[FILE_NAME_TEXT], twice[FILE_NAME_TEXT];
    file_name_clean(sent, extensions, once);
    ck_assert_str_eq(once, stored);
    file_name_clean(once, extensions, twice);
    ck_assert_str_eq(once, twice);
}

/* The same table is held against deploy/file_response.py, which says beforehand what a file will be
 * called. */
START_TEST(names)
{
    json_t *rows = json_load_file(SOURCE_FOLDER "/tests/data/file_names.json", 0, NULL), *row;
    size_t i;
    ck_assert_uint_ge(json_array_size(rows), 30);
    json_array_foreach(rows, i, row) expect_name(json_string_value(json_array_get(row, 0)),
                                                 json_string_value(json_array_get(row, 1)),
                                                 json_string_value(json_array_get(row, 2)));
    json_decref(rows);
    expect_name("\xff\xfe.pdf", "pdf", "attachment.pdf");
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
    tcase_add_test(tests, names);
    tcase_add_test(tests, long_names);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
