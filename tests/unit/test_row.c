/* store/params and store/row: each type's bytes as PostgreSQL's *_send functions write them, read
 * back; every bound. */
#include "store/row.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* 2026-11-23T16:00:00Z and its day. */
static const int64_t MOMENT_US = INT64_C(1795449600000000);
enum { DAY = 20780 };

static void add_int2(struct params *p)
{
    params_int2(p, -2);
}
static void add_int4(struct params *p)
{
    params_int4(p, 0x01020304);
}
static void add_int8(struct params *p)
{
    params_int8(p, INT64_MIN);
}
static void add_true(struct params *p)
{
    params_bool(p, true);
}
static void add_text(struct params *p)
{
    params_text(p, "意見");
}
static void add_nothing(struct params *p)
{
    params_text(p, "");
}
static void add_null_text(struct params *p)
{
    params_text(p, NULL);
}
static void add_bytes(struct params *p)
{
    params_bytes(p, "a\0b", 3);
}
static void add_uuid(struct params *p)
{
    params_uuid(p, &(struct uuid){{0x01, 0x23, [15] = 0xff}});
}
static void add_time(struct params *p)
{
    params_time(p, MOMENT_US);
}
static void add_before(struct params *p)
{
    params_time(p, 0);
}
static void add_date(struct params *p)
{
    params_date(p, DAY);
}
static void add_array(struct params *p)
{
    array_begin(p, ELEMENT_INT2);
    array_int2(p, 7);
    array_null(p);
    array_end(p);
}
static void add_texts(struct params *p)
{
    array_begin(p, ELEMENT_TEXT);
    array_text(p, "x");
    array_text(p, "");
    array_text(p, NULL);
    array_end(p);
}
static void add_empty(struct params *p)
{
    array_begin(p, ELEMENT_UUID);
    array_end(p);
}

#define BYTES(text) (text), sizeof(text) - 1

/* As `select encode(int2send(-2), 'hex')` and the like print them. */
static const struct {
    const char *name;
    void (*add)(struct params *p);
    const char *bytes;
    size_t length;
    bool null;
} vectors[] = {
    {"int2", add_int2, BYTES("\xff\xfe"), false},
    {"int4", add_int4, BYTES("\1\2\3\4"), false},
    {"int8", add_int8, BYTES("\x80\0\0\0\0\0\0\0"), false},
    {"bool", add_true, BYTES("\1"), false},
    {"text", add_text, BYTES("\xe6\x84\x8f\xe8\xa6\x8b"), false},
    {"empty text", add_nothing, BYTES(""), false},
    {"null text", add_null_text, BYTES(""), true},
    {"bytes", add_bytes, BYTES("a\0b"), false},
    {"uuid", add_uuid, BYTES("\x01\x23\0\0\0\0\0\0\0\0\0\0\0\0\0\xff"), false},
    {"timestamptz", add_time, BYTES("\0\3\3\xf2\x74\x66\xe0\0"), false},
    {"before 2000", add_before, BYTES("\xff\xfc\xa2\xfe\xc4\xc8\x20\0"), false},
    {"date", add_date, BYTES("\0\0\x26\x5f"), false},
    {"array", add_array,
     BYTES("\0\0\0\1\0\0\0\1\0\0\0\x15\0\0\0\2\0\0\0\1\0\0\0\2\0\7\xff\xff\xff\xff"), false},
    {"texts", add_texts,
     BYTES("\0\0\0\1\0\0\0\1\0\0\0\x19\0\0\0\3\0\0\0\1\0\0\0\1x\0\0\0\0\xff\xff\xff\xff"), false},
    {"empty array", add_empty, BYTES("\0\0\0\0\0\0\0\0\0\0\x0b\x86"), false},
};

START_TEST(bytes_of_each_type)
{
    struct params params = {0};
    vectors[_i].add(&params);
    ck_assert(!params.failed);
    ck_assert_int_eq(params.count, 1);
    if (vectors[_i].null) {
        ck_assert_int_eq(params.lengths[0], -1);
    } else {
        ck_assert_msg((size_t)params.lengths[0] == vectors[_i].length, "%s: %d bytes",
                      vectors[_i].name, params.lengths[0]);
        if (vectors[_i].length)
            ck_assert_mem_eq(params.data + params.offsets[0], vectors[_i].bytes,
                             vectors[_i].length);
    }
    params_clear(&params);
}
END_TEST

START_TEST(many_stand_one_after_another)
{
    struct params params = {0};
    for (int round = 0; round < 2; round++) {
        params_int4(&params, 1);
        params_null(&params);
        add_array(&params);
        params_text(&params, "end");
        ck_assert_int_eq(params.count, 4);
        ck_assert_mem_eq(params.data + params.offsets[3], "end", 3);
        ck_assert_mem_eq(params.data + params.offsets[0], "\0\0\0\1", 4);
        params_reset(&params);
        ck_assert_int_eq(params.count, 0);
    }
    params_clear(&params);
    ck_assert_ptr_null(params.data);
}
END_TEST

START_TEST(grows_and_keeps)
{
    struct params params = {0};
    array_begin(&params, ELEMENT_INT4);
    for (int i = 0; i < 10000; i++)
        array_int4(&params, i);
    array_end(&params);
    params_int2(&params, 9);
    ck_assert(!params.failed);
    ck_assert_int_eq(params.lengths[0], 20 + 10000 * 8);
    ck_assert_mem_eq(params.data + params.offsets[0] + 20 + 9999 * 8 + 4, "\0\0\x27\x0f", 4);
    ck_assert_mem_eq(params.data + params.offsets[1], "\0\x09", 2);
    params_clear(&params);
}
END_TEST

START_TEST(too_many_fail)
{
    struct params params = {0};
    for (int i = 0; i < PARAMS_MOST; i++)
        params_bool(&params, true);
    ck_assert(!params.failed);
    params_bool(&params, true);
    ck_assert(params.failed);
    ck_assert_int_eq(params.count, PARAMS_MOST);
    params_reset(&params);
    ck_assert(!params.failed);
    params_clear(&params);
}
END_TEST

START_TEST(out_of_range_fails)
{
    static const int values[] = {INT16_MAX + 1, INT16_MIN - 1};
    for (size_t i = 0; i < 2; i++) {
        struct params params = {0};
        params_int2(&params, values[i]);
        ck_assert(params.failed);
        params_reset(&params);
        array_begin(&params, ELEMENT_INT2);
        array_int2(&params, values[i]);
        array_end(&params);
        ck_assert(params.failed);
        params_clear(&params);
    }
}
END_TEST

/* A result of one row whose columns are the vectors' bytes and, last, a NULL. */
static struct rows rows_of_vectors(void)
{
    enum { COUNT = sizeof vectors / sizeof vectors[0] };
    char name[] = "c";
    PGresAttDesc columns[COUNT + 1];
    memset(columns, 0, sizeof columns);
    for (int i = 0; i <= COUNT; i++)
        columns[i] = (PGresAttDesc){.name = name, .format = 1, .typlen = -1};
    struct rows rows = {.result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK)};
    ck_assert(PQsetResultAttrs(rows.result, COUNT + 1, columns));
    for (int i = 0; i < COUNT; i++)
        ck_assert(PQsetvalue(rows.result, 0, i, (char *)(uintptr_t)vectors[i].bytes,
                             vectors[i].null ? -1 : (int)vectors[i].length));
    ck_assert(PQsetvalue(rows.result, 0, COUNT, NULL, -1));
    return rows;
}

START_TEST(columns_read_back)
{
    struct rows rows = rows_of_vectors();
    size_t length = 99;
    ck_assert_int_eq(rows_count(&rows), 1);
    ck_assert_int_eq(row_int(&rows, 0, 0), -2);
    ck_assert_int_eq(row_int(&rows, 0, 1), 0x01020304);
    ck_assert(row_int(&rows, 0, 2) == INT64_MIN);
    ck_assert(row_bool(&rows, 0, 3));
    ck_assert_str_eq(row_text(&rows, 0, 4), "意見");
    ck_assert_str_eq(row_text(&rows, 0, 5), "");
    ck_assert(!row_is_null(&rows, 0, 5));
    ck_assert_mem_eq(row_bytes(&rows, 0, 7, &length), "a\0b", 3);
    ck_assert_uint_eq(length, 3);
    ck_assert(row_time(&rows, 0, 9) == MOMENT_US);
    ck_assert(row_time(&rows, 0, 10) == 0);
    ck_assert_int_eq(row_date(&rows, 0, 11), DAY);
    rows_clear(&rows);
    ck_assert_int_eq(rows_count(&rows), 0);
}
END_TEST

START_TEST(null_reads_as_nothing)
{
    struct rows rows = rows_of_vectors();
    int last = (int)(sizeof vectors / sizeof vectors[0]);
    size_t length = 99;
    ck_assert(row_is_null(&rows, 0, last));
    ck_assert_int_eq(row_int(&rows, 0, last), 0);
    ck_assert(!row_bool(&rows, 0, last));
    ck_assert_ptr_null(row_text(&rows, 0, last));
    ck_assert_ptr_null(row_bytes(&rows, 0, last, &length));
    ck_assert_uint_eq(length, 0);
    ck_assert_int_eq(row_time(&rows, 0, last), 0);
    ck_assert_int_eq(row_date(&rows, 0, last), 0);
    rows_clear(&rows);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("row");
    TCase *params = tcase_create("params");
    tcase_add_loop_test(params, bytes_of_each_type, 0, sizeof vectors / sizeof vectors[0]);
    tcase_add_test(params, many_stand_one_after_another);
    tcase_add_test(params, grows_and_keeps);
    tcase_add_test(params, too_many_fail);
    tcase_add_test(params, out_of_range_fails);
    suite_add_tcase(suite, params);
    TCase *columns = tcase_create("columns");
    tcase_add_test(columns, columns_read_back);
    tcase_add_test(columns, null_reads_as_nothing);
    suite_add_tcase(suite, columns);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
