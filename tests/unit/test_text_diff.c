/* What changed between two texts, by words and by characters, and two changes made into one. */
#include "domain/text_diff.h"

#include "base/buf.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* [-gone-]{+come+} */
static const struct {
    const char *old, *new, *shown;
} cases[] = {
    {"", "", ""},
    {"same", "same", "same"},
    {"", "new", "{+new+}"},
    {"old", "", "[-old-]"},
    {"one two three", "one 2 three", "one [-two-]{+2+} three"},
    {"one two three", "one three", "one [-two -]three"},
    {"don't", "do not", "[-don't-]{+do not+}"},
    {"colour", "colours", "[-colour-]{+colours+}"},
    {"我們支持這項措施。", "我們不支持這項措施。", "我們{+不+}支持這項措施。"},
    {"支持AI發展", "支持IT發展", "支持[-AI-]{+IT+}發展"},
    {"用 Python 3 開發", "用 Rust 開發", "用 [-Python 3-]{+Rust+} 開發"},
    {"a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
    {"a\nb\nc", "a\nB\nc", "a\n[-b-]{+B+}\nc"},
    {"é", "e\xcc\x81", "[-é-]{+e\xcc\x81+}"},
    {"🙂 ok", "🙃 ok", "[-🙂-]{+🙃+} ok"},
    {"alpha beta gamma", "one two three", "[-alpha beta gamma-]{+one two three+}"},
};

static char *shown(const char *old, const char *new)
{
    struct text_diff diff;
    struct buf out = {0}, was = {0}, is = {0};
    ck_assert(text_diff(old, new, &diff));
    for (size_t i = 0; i < diff.count; i++) {
        const struct diff_part *part = &diff.parts[i];
        static const char *const marks[][2] = {{"", ""}, {"[-", "-]"}, {"{+", "+}"}};
        ck_assert_uint_gt(part->length, 0);
        ck_assert(i == 0 || diff.parts[i - 1].kind != part->kind ||
                  part->kind == DIFF_SAME); /* windows may lie apart */
        buf_text(&out, marks[part->kind][0]);
        buf_add(&out, part->text, part->length);
        buf_text(&out, marks[part->kind][1]);
        if (part->kind != DIFF_INSERTED)
            buf_add(&was, part->text, part->length);
        if (part->kind != DIFF_DELETED)
            buf_add(&is, part->text, part->length);
    }
    ck_assert_str_eq(was.data ? was.data : "", old);
    ck_assert_str_eq(is.data ? is.data : "", new);
    text_diff_clear(&diff);
    buf_clear(&was);
    buf_clear(&is);
    if (!out.data)
        buf_text(&out, "");
    return buf_take(&out, NULL);
}

START_TEST(words_and_characters)
{
    char *is = shown(cases[_i].old, cases[_i].new);
    ck_assert_str_eq(is, cases[_i].shown);
    free(is);
}
END_TEST

/* Random texts of few words: both come out again, whatever is marked (asserted in shown). */
START_TEST(both_come_out_again)
{
    static const char *const words[] = {"a", "b", " ", "\n", "字", "文", "word", "。", "é"};
    unsigned seed = 7;
    for (int round = 0; round < 3000; round++) {
        struct buf text[2] = {{0}, {0}};
        for (int t = 0; t < 2; t++) {
            buf_text(&text[t], "");
            for (unsigned i = 0; i < (unsigned)round % 40; i++) {
                seed = seed * 1103515245u + 12345u;
                buf_text(&text[t], words[(seed >> 16) % 9]);
            }
        }
        free(shown(text[0].data, text[1].data));
        buf_clear(&text[0]);
        buf_clear(&text[1]);
    }
}
END_TEST

/* Two that have nothing in common, each as long as can be, and all of one line. */
START_TEST(bounded)
{
    struct buf old = {0}, new = {0};
    struct timespec from, to;
    for (int i = 0; i < 20000; i++) {
        buf_format(&old, "%c ", 'a' + i % 7);
        buf_format(&new, "%c ", 'a' + (i * i + 3) % 11);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    free(shown(old.data, new.data));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    ck_assert_int_lt(to.tv_sec - from.tv_sec, 8);
    buf_clear(&old);
    buf_clear(&new);
}
END_TEST

static const struct {
    const char *base, *one, *other, *merged; /* NULL: they touch */
} merges[] = {
    {"a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"},
    {"a\nb\nc\nd\n", "a\nb\nc\nd\ne\n", "x\na\nb\nc\nd\n", "x\na\nb\nc\nd\ne\n"},
    {"a\nb\nc\nd\n", "a\nc\nd\n", "a\nb\nc\n", "a\nc\n"},
    {"a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", "a\nB\nc\n"},
    {"a\nb\nc\nd\ne", "A\nb\nC\nd\ne", "a\nb\nC\nd\nE", "A\nb\nC\nd\nE"},
    {"a\nb\n", "a\nb\n", "", ""},
    {"a\nb\nc\n", "A\nb\nc\n", "a\nB\nc\n", NULL},
    {"a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", NULL},
    {"", "mine", "theirs", NULL},
    {"a", "a", "b", "b"},
};

START_TEST(two_changes_in_one)
{
    char *is = text_merge(merges[_i].base, merges[_i].one, merges[_i].other);
    char *back = text_merge(merges[_i].base, merges[_i].other, merges[_i].one);
    if (merges[_i].merged) {
        ck_assert_ptr_nonnull(is);
        ck_assert_str_eq(is, merges[_i].merged);
        ck_assert_str_eq(back, merges[_i].merged);
    } else {
        ck_assert_ptr_null(is);
        ck_assert_ptr_null(back);
    }
    free(is);
    free(back);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_diff");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 30);
    tcase_add_loop_test(all, words_and_characters, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(all, two_changes_in_one, 0, sizeof merges / sizeof *merges);
    tcase_add_test(all, both_come_out_again);
    tcase_add_test(all, bounded);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
