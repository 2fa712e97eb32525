/* CSV fields and documents, and that the protecting apostrophe can be undone exactly. */
#include "represent/writer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *field;
} fields[] = {
    {"", "\"\""},
    {"plain", "plain"},
    {"a,b", "\"a,b\""},
    {"a \"b\"", "\"a \"\"b\"\"\""},
    {"two\nlines", "\"two\nlines\""},
    {"=1+1", "'=1+1"},
    {"+852", "'+852"},
    {"-1", "'-1"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"\ttab", "'\ttab"},
    {"\rcr", "\"'\rcr\""},
    {"\nlf", "\"'\nlf\""},
    {"＝１", "'＝１"},
    {"＋１", "'＋１"},
    {"－１", "'－１"},
    {"＠１", "'＠１"},
    {"'quoted'", "''quoted'"},
    {"'=1", "''=1"},
    {"=a,\"b\"", "\"'=a,\"\"b\"\"\""},
    {"a=1", "a=1"},
    {" =1", " =1"},
    {"意見，很好", "意見，很好"},
};
enum { FIELDS = sizeof fields / sizeof *fields };

START_TEST(field_is_written)
{
    struct buf out = {0};
    csv_field(&out, fields[_i].text, strlen(fields[_i].text));
    ck_assert_str_eq(out.data, fields[_i].field);
    buf_clear(&out);
}
END_TEST

/* What the codebook tells readers to do: unquote, then take one leading apostrophe off. */
START_TEST(field_reads_back)
{
    struct buf out = {0}, back = {0};
    csv_field(&out, fields[_i].text, strlen(fields[_i].text));
    const char *p = out.data, *end = out.data + out.length;
    bool quoted = *p == '"';
    for (p += quoted, end -= quoted; p < end; p++) {
        buf_byte(&back, *p);
        p += quoted && *p == '"';
    }
    const char *text = back.data ? back.data : "";
    ck_assert_str_eq(text + (*text == '\''), fields[_i].text);
    buf_clear(&out);
    buf_clear(&back);
}
END_TEST

static struct document *document_of(json_t *columns, json_t *rows)
{
    struct document *document = document_new(200, LANGUAGE_EN);
    ck_assert_ptr_nonnull(document);
    document->columns = columns;
    document->rows = rows;
    return document;
}

START_TEST(document_is_written)
{
    struct document *document =
        document_of(json_pack("[s, s, s]", "code", "-count", "share"),
                    json_pack("[[s, i, f], [n, i, n]]", "1-1", -12, 0.412, 0));
    struct buf out = {0};
    ck_assert(write_csv(document, &out));
    ck_assert_str_eq(out.data, "\xef\xbb\xbf"
                               "code,'-count,share\r\n1-1,-12,0.412\r\n,0,\r\n");
    buf_clear(&out);
    document_free(document);
}
END_TEST

START_TEST(what_is_no_table_is_refused)
{
    struct buf out = {0};
    struct document *none = document_of(NULL, NULL);
    ck_assert(!write_csv(none, &out));
    document_free(none);
    struct document *nested = document_of(json_pack("[s]", "a"), json_pack("[[{s:s}]]", "b", "c"));
    ck_assert(!write_csv(nested, &out));
    document_free(nested);
    buf_clear(&out);
}
END_TEST

START_TEST(json_keeps_shares_as_they_are_meant)
{
    struct document *document = document_new(200, LANGUAGE_EN);
    ck_assert(
        document_say(document, json_pack("{s:f, s:n, s:s}", "share", 0.412, "count", "意", "<")));
    struct buf out = {0};
    ck_assert(write_json(document, &out));
    ck_assert_str_eq(out.data, "{\"share\":0.412,\"count\":null,\"意\":\"<\"}");
    buf_clear(&out);
    document_free(document);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *cases = tcase_create("fields and documents");
    tcase_add_loop_test(cases, field_is_written, 0, FIELDS);
    tcase_add_loop_test(cases, field_reads_back, 0, FIELDS);
    tcase_add_test(cases, document_is_written);
    tcase_add_test(cases, what_is_no_table_is_refused);
    tcase_add_test(cases, json_keeps_shares_as_they_are_meant);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
