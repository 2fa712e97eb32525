/* server/base/structured_field: what is read, written and refused. */
#include "base/structured_field.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct structured_dictionary *read_text(const char *text)
{
    return structured_read(text, strlen(text));
}

static void written(const char *text, struct buf *out)
{
    struct structured_dictionary *read = read_text(text);
    ck_assert_msg(read != NULL, "%s", text);
    for (size_t i = 0; i < read->count; i++) {
        const struct structured_member *member = &read->members[i];
        buf_format(out, "%s%s=", i ? ", " : "", member->key);
        if (member->item.value.kind == STRUCTURED_LIST)
            structured_write_list(out, member);
        else
            structured_write_item(out, &member->item);
    }
    ck_assert(buf_ok(out));
    structured_free(read);
}

/* The first three from RFC 9421 §2.1.1 and RFC 9651 §3.2; "=?1" stands where §4.1.2 writes none. */
static const struct {
    const char *sent, *canonical;
} good[] = {
    {"  a=1,    b=2;x=1;y=2,   c=(a   b   c)", "a=1, b=2;x=1;y=2, c=(a b c)"},
    {"en=\"Applepie\", da=:w4ZibGV0w6ZydGU=:", "en=\"Applepie\", da=:w4ZibGV0w6ZydGU=:"},
    {"a=?0, b, c; foo=bar", "a=?0, b=?1, c=?1;foo=bar"},
    {"rating=-15, feelings=(joy sadness)", "rating=-15, feelings=(joy sadness)"},
    {"a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid", "a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid"},
    {"a=( \"x\";p=1;  q  \"y\" );r=\"s\"", "a=(\"x\";p=1;q \"y\");r=\"s\""},
    {"a=\"\\\\ \\\"\"", "a=\"\\\\ \\\"\""},
    {"a=1\t,\tb=2  ", "a=1, b=2"},
    {"*a_-.*=*tok:/%", "*a_-.*=*tok:/%"},
    {"a=999999999999999, b=-999999999999999", "a=999999999999999, b=-999999999999999"},
    {"a=007, b=-0", "a=7, b=0"},
    {"a=::, b=()", "a=::, b=()"},
    {"a=();x=?0;y=?1", "a=();x=?0;y"},
    {"", ""},
    {"   ", ""},
};

START_TEST(reads_and_writes)
{
    struct buf out = {0};
    written(good[_i].sent, &out);
    ck_assert_str_eq(out.data ? out.data : "", good[_i].canonical);
    buf_clear(&out);
}
END_TEST

static const char *const bad[] = {
    "a=1,",
    "a=1,,b=2",
    ",a=1",
    "a=1 b=2",
    "a=",
    "=1",
    "A=1",
    "1=1",
    "a =1",
    "a= 1",
    "a=1;",
    "a=1;B",
    "a=1; =2",
    "a=1 ;b",
    "a=1;b= 2",
    "\ta=1",
    "a=1\n",
    "a=(1",
    "a=1)",
    "a=(1,2)",
    "a=(1\t2)",
    "a=(1\"x\")",
    "a=((1))",
    "a=(1)x",
    "a=\"x",
    "a=\"\\x\"",
    "a=\"\\",
    "a=\"\x7f\"",
    "a=\"\t\"",
    "a=\"\xc3\xa9\"",
    "a=:YQ==",
    "a=:YQ:",
    "a=:YR==:",
    "a=:YQ===:",
    "a=:Y Q==:",
    "a=:Y-_=:",
    "a=?2",
    "a=?",
    "a=?10",
    "a=-",
    "a=--1",
    "a=+1",
    "a=1.5",
    "a=1.",
    "a=1e3",
    "a=1000000000000000",
    "a=@1659578233",
    "a=%\"f\"",
    "a=1, a=2",
    "a=1;b=1;b=2",
    "a=(x;b;b)",
    "a={1}",
    "a='x'",
};

START_TEST(refuses)
{
    struct structured_dictionary *read = read_text(bad[_i]);
    ck_assert_msg(read == NULL, "%s", bad[_i]);
}
END_TEST

START_TEST(a_nul_ends_nothing)
{
    struct structured_dictionary *read = structured_read("a=1\0b", 5);
    ck_assert_ptr_null(read);
    ck_assert_ptr_null(structured_read("a=\"\0\"", 5));
    read = structured_read("a=:AAE=:", 8);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(read->members[0].item.value.length, 2);
    ck_assert_int_eq(memcmp(read->members[0].item.value.text, "\0\1", 3), 0);
    structured_free(read);
}
END_TEST

START_TEST(values_are_found)
{
    struct structured_dictionary *read =
        read_text("sig=(\"@method\" \"x\";sf);created=12;tag=\"t\"");
    ck_assert_ptr_nonnull(read);
    ck_assert_ptr_null(structured_member(read, "si"));
    const struct structured_member *sig = structured_member(read, "sig");
    ck_assert_ptr_nonnull(sig);
    ck_assert_uint_eq(sig->item_count, 2);
    ck_assert_str_eq(sig->items[1].value.text, "x");
    ck_assert_int_eq(structured_parameter(&sig->items[1], "sf")->integer, 1);
    ck_assert_ptr_null(structured_parameter(&sig->items[0], "sf"));
    ck_assert_int_eq(structured_parameter(&sig->item, "created")->integer, 12);
    ck_assert_str_eq(structured_parameter(&sig->item, "tag")->text, "t");
    structured_free(read);
}
END_TEST

/* `head`, then `count` times `part`, each with its number if so, then `tail`. */
static struct structured_dictionary *repeated(const char *head, const char *part, bool numbered,
                                              int count, const char *tail)
{
    struct buf text = {0};
    buf_text(&text, head);
    for (int i = 0; i < count; i++) {
        buf_text(&text, part);
        if (numbered)
            buf_format(&text, "%d", i);
    }
    buf_text(&text, tail);
    struct structured_dictionary *read = structured_read(text.data, text.length);
    buf_clear(&text);
    return read;
}

/* At each bound, and one beyond it. */
START_TEST(bounds)
{
    static const struct {
        const char *head, *part, *tail;
        bool numbered;
        int most;
    } cases[] = {
        {"z", ",a", "", true, STRUCTURED_MEMBERS - 1},
        {"a=(", " x", ")", false, STRUCTURED_ITEMS},
        {"a=1", ";p", "", true, STRUCTURED_PARAMETERS},
        {"a=\"", ".", "\"", false, STRUCTURED_FIELD - 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int over = 0; over < 2; over++) {
            struct structured_dictionary *read =
                repeated(cases[i].head, cases[i].part, cases[i].numbered, cases[i].most + over,
                         cases[i].tail);
            ck_assert_msg((read == NULL) == over, "%zu %d", i, over);
            structured_free(read);
        }
}
END_TEST

/* As many texts as possible of as few bytes as possible: room for all their ends. */
START_TEST(short_texts_have_room)
{
    struct structured_dictionary *read = repeated("a=(", " *;a;b;c", false, 42, ")");
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(read->members[0].item_count, 42);
    ck_assert_str_eq(read->members[0].items[41].parameters[2].key, "c");
    structured_free(read);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("structured_field");
    TCase *tests = tcase_create("all");
    if (sodium_init() < 0)
        return 1;
    tcase_add_loop_test(tests, reads_and_writes, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tests, refuses, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, a_nul_ends_nothing);
    tcase_add_test(tests, values_are_found);
    tcase_add_test(tests, bounds);
    tcase_add_test(tests, short_texts_have_room);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
