/* Workbooks: a table that is longer than a sheet goes on in the next; the spool's bound is kept.
 * And rows as CSV and NDJSON, cell by cell. */
#include "export/book.h"
#include "export/packing.h"
#include "export/writers.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHEET = 4, ROWS = 7 };

static const struct column_about number = {"number", TYPE_INTEGER, NULL, {"", "", ""}};
static const struct column_about text = {"text", TYPE_TEXT, NULL, {"", "", ""}};
static const struct column_about list = {"list", TYPE_LIST, NULL, {"", "", ""}};
static const struct column_about truth = {"truth", TYPE_BOOLEAN, NULL, {"", "", ""}};
static const struct column_about day = {"day", TYPE_DATE, NULL, {"", "", ""}};

static struct table table;
static struct buf out;
static struct stream stream;

static bool take(void *context, const void *bytes, size_t length)
{
    buf_add(context, bytes, length);
    return buf_ok(context);
}

static bool refuse(void *context, const void *bytes, size_t length)
{
    (void)context;
    (void)bytes;
    (void)length;
    return false;
}

static bool always(void *context)
{
    (void)context;
    return true;
}

/* So many times. */
static bool some(void *context)
{
    int *left = context;
    return (*left)-- > 0;
}

static void setup(void)
{
    table = (struct table){.name = "things"};
    table_add(&table, &number, NULL);
    table_add(&table, &list, NULL);
    table_add(&table, &text, "a/1/");
    table_add(&table, &truth, "a/1/");
    table_add(&table, &text, "a/2/");
    table_add(&table, &day, "b/");
    stream_begin(&stream, (struct export_sink){take, &out});
}

static void teardown(void)
{
    stream_clear(&stream);
    buf_clear(&out);
}

static const struct {
    struct cell cells[6];
    const char *csv, *ndjson;
} rows[] = {
    {{{.kind = CELL_INTEGER, .number = -12},
      {.kind = CELL_LIST, .text = "1-1 2-3", .length = 7},
      {.kind = CELL_TEXT, .text = "=1,\"2\"", .length = 6},
      {.kind = CELL_BOOLEAN, .number = 1},
      {.kind = CELL_TEXT, .text = "", .length = 0},
      {.kind = CELL_DATE, .number = 20000}},
     "-12,1-1 2-3,\"'=1,\"\"2\"\"\",true,\"\",2024-10-04\r\n",
     "{\"number\":-12,\"list\":[\"1-1\",\"2-3\"],\"a\":{\"1\":{\"text\":\"=1,\\\"2\\\"\",\"truth\":"
     "true},\"2\":{\"text\":\"\"}},\"b\":{\"day\":\"2024-10-04\"}}\n"},
    {{{.kind = CELL_NULL}, {.kind = CELL_LIST, .text = "", .length = 0}},
     ",,,,,\r\n",
     "{\"number\":null,\"list\":[],\"a\":{},\"b\":{}}\n"},
    {{{.kind = CELL_INTEGER, .number = 7},
      {.kind = CELL_LIST, .text = "x", .length = 1},
      {.kind = CELL_ABSENT},
      {.kind = CELL_ABSENT},
      {.kind = CELL_TEXT, .text = "\xe6\x84\x8f", .length = 3},
      {.kind = CELL_ABSENT}},
     "7,x,,,\xe6\x84\x8f,\r\n",
     "{\"number\":7,\"list\":[\"x\"],\"a\":{\"2\":{\"text\":\"\xe6\x84\x8f\"}},\"b\":{}}\n"},
};

START_TEST(row_is_written)
{
    csv_row(&stream, &table, rows[_i].cells);
    ck_assert_str_eq(stream.buf.data, rows[_i].csv);
    buf_reset(&stream.buf);
    ndjson_row(&stream, &table, rows[_i].cells);
    ck_assert_str_eq(stream.buf.data, rows[_i].ndjson);
}
END_TEST

START_TEST(digest_is_of_what_was_passed_on)
{
    buf_text(&stream.buf, "abc");
    ck_assert(stream_end(&stream));
    ck_assert_str_eq(out.data, "abc");
    ck_assert_int_eq(stream.bytes, 3);
    /* FIPS 180-4, the first example */
    ck_assert_str_eq(stream.sha256,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    stream_clear(&stream);
    stream_begin(&stream, (struct export_sink){refuse, NULL});
    buf_text(&stream.buf, "abc");
    ck_assert(!stream_end(&stream));
}
END_TEST

/* Counts a name in the packed bytes: the directory of a zip has it once, the entry once more. */
static int times(const char *name)
{
    int count = 0;
    size_t length = strlen(name);
    for (size_t i = 0; i + length <= out.length; i++)
        count += memcmp(out.data + i, name, length) == 0;
    return count;
}

START_TEST(table_goes_on_in_the_next_sheet)
{
    const struct spool spool = {.folder = "/tmp", .bytes_most = 1000000, .sheet_rows = SHEET};
    struct book *book = book_new(&spool);
    ck_assert_ptr_nonnull(book);
    int at = book_table(book, "Things", &table, NULL);
    ck_assert_int_eq(at, 0);
    for (int i = 0; i < ROWS; i++)
        ck_assert(book_row(book, at, rows[0].cells));
    ck_assert(book_end(book, always, NULL, &stream) && stream_end(&stream));
    book_free(book);
    /* Each has a head: three rows of things a sheet, so that seven need three. */
    ck_assert_int_eq(times("xl/worksheets/sheet3.xml"), 2);
    ck_assert_int_eq(times("xl/worksheets/sheet4.xml"), 0);
}
END_TEST

static int foreign;

static bool sleeps(void *context)
{
    (void)context;
    pause();
    return true;
}

static bool fails(void *context)
{
    (void)context;
    return false;
}

static bool ends(void *context)
{
    (void)context;
    _exit(0);
}

/* Writes where it may, and finds nothing else open. */
static bool writes(void *context)
{
    return write(*(int *)context, "packed", 6) == 6 && fcntl(foreign, F_GETFD) < 0 &&
           errno == EBADF;
}

/* A process of its own: what it may touch, and that nothing of it is left however it ends. */
START_TEST(packing_is_apart)
{
    static const struct {
        bool (*pack)(void *book);
        int looks;
        bool packed;
    } cases[] = {{writes, 1000, true},
                 {fails, 1000, false},
                 {ends, 1000, false},
                 {sleeps, 3, false},
                 {sleeps, 0, false}};
    char name[] = "/tmp/test-book-XXXXXX", got[8] = "";
    int looks = cases[_i].looks, file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    foreign = open("/dev/null", O_RDONLY);
    time_t before = time(NULL);
    const struct packing packing = {.pack = cases[_i].pack,
                                    .book = &file,
                                    .go_on = some,
                                    .context = &looks,
                                    .files = {file},
                                    .file_count = 1};
    ck_assert_int_eq(packing_run(&packing), cases[_i].packed);
    ck_assert_int_le(time(NULL) - before, 5);
    ck_assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    ck_assert_int_eq(pread(file, got, sizeof got, 0), cases[_i].packed ? 6 : 0);
    close(foreign);
    close(file);
    unlink(name);
}
END_TEST

START_TEST(packing_ends_when_told)
{
    const struct spool spool = {.folder = "/tmp", .bytes_most = 1000000, .sheet_rows = SHEET};
    struct book *book = book_new(&spool);
    int looks = 0;
    ck_assert_ptr_nonnull(book);
    int at = book_table(book, "Things", &table, NULL);
    ck_assert(book_row(book, at, rows[0].cells));
    ck_assert(!book_end(book, some, &looks, &stream));
    ck_assert_int_eq(stream.bytes, 0);
    book_free(book);
}
END_TEST

START_TEST(bound_is_kept)
{
    const struct spool spool = {.folder = "/tmp", .bytes_most = 10000, .sheet_rows = SHEET_ROWS};
    struct book *book = book_new(&spool);
    ck_assert_ptr_nonnull(book);
    int at = book_table(book, "Things", &table, NULL), written = 0;
    while (written < 1000 && book_row(book, at, rows[0].cells))
        written++;
    ck_assert_int_gt(written, 2);
    ck_assert_int_lt(written, 100);
    book_free(book);
    const struct spool nowhere = {.folder = "/nowhere", .bytes_most = 1, .sheet_rows = SHEET};
    ck_assert_ptr_null(book_new(&nowhere));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("book");
    TCase *cases = tcase_create("book");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, row_is_written, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_test(cases, digest_is_of_what_was_passed_on);
    tcase_add_test(cases, table_goes_on_in_the_next_sheet);
    tcase_add_loop_test(cases, packing_is_apart, 0, 5);
    tcase_add_test(cases, packing_ends_when_told);
    tcase_add_test(cases, bound_is_kept);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
