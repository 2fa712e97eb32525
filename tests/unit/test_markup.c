/* Safe markup: lines over days, and marked text. */
#include "domain/search.h"
#include "represent/markup.h"

#include <check.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int64_t values[4];
    size_t count;
    const char *path;
} lines[] = {
    {{10, 20}, 2, " d=\"M0 1600V850H3000V100H6000V1600\"/>"},
    {{0, 5, 5, 0}, 4, " d=\"M0 1600V1600H1500V100H3000V100H4500V1600H6000V1600\"/>"},
    {{1}, 1, " d=\"M0 1600V100H6000V1600\"/>"},
    {{0, 0}, 2, " d=\"M0 1600V1600H3000V1600H6000V1600\"/>"},
    {{INT64_MAX / 2, INT64_MAX}, 2, "V100H6000V1600\"/>"},
};

START_TEST(line)
{
    json_t *value = markup_line(lines[_i].values, lines[_i].count);
    ck_assert_msg(strstr(markup_text(value), lines[_i].path) != NULL, "%s", markup_text(value));
    ck_assert_ptr_null(strstr(markup_text(value), "style="));
    ck_assert_ptr_nonnull(strstr(markup_text(value), "aria-hidden=\"true\""));
    json_decref(value);
}
END_TEST

static const struct {
    const char *text;
    struct search_span spans[2];
    size_t count;
    const char *marked;
} texts[] = {
    {"plain <b>", {{0, 0}}, 0, "plain &lt;b&gt;"},
    {"a<b&c", {{1, 1}, {3, 1}}, 2, "a<mark>&lt;</mark>b<mark>&amp;</mark>c"},
    {"人才來港", {{0, 2}}, 1, "<mark>人才</mark>來港"},
    {"來港人才", {{2, 2}}, 1, "來港<mark>人才</mark>"},
    {"\xf0\xa0\xae\xb7野", {{1, 1}}, 1, "\xf0\xa0\xae\xb7<mark>野</mark>"},
    {"short", {{4, 9}}, 1, "shor<mark>t</mark>"},
    {"", {{0, 0}}, 0, ""},
};

START_TEST(marked)
{
    json_t *value = markup_marked(texts[_i].text, texts[_i].spans, texts[_i].count);
    ck_assert_str_eq(markup_text(value), texts[_i].marked);
    json_decref(value);
}
END_TEST

/* The address sanitizer has terabytes of shadow mapped, and keeps what is freed from being used
 * again; there is nothing to look for then. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif
enum { SECRET = 32, PIECE = 1 << 16 };

/* The secret's letters, so that looking for it makes no copy of it. */
static char letter(size_t i)
{
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(i * 11 + 5) % 32];
}

static bool has_secret(const char *bytes, size_t length)
{
    for (size_t at = 0; at + SECRET <= length; at++) {
        size_t i = 0;
        while (i < SECRET && bytes[at + i] == letter(i))
            i++;
        if (i == SECRET)
            return true;
    }
    return false;
}

/* In what was allocated, be it free again. */
static bool heap_has_secret(void)
{
    static char piece[PIECE + SECRET];
    char mapping[512];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    ck_assert_ptr_nonnull(maps);
    ck_assert_int_ge(memory, 0);
    while (fgets(mapping, sizeof mapping, maps)) {
        char *rest = NULL;
        off_t from = (off_t)strtoull(mapping, &rest, 16), to = (off_t)strtoull(rest + 1, &rest, 16);
        bool anonymous = !strchr(mapping, '/') && !strchr(mapping, '[');
        if (strncmp(rest, " rw", 3) != 0 || (!anonymous && !strstr(mapping, "[heap]")))
            continue;
        for (off_t at = from; !found && at < to; at += PIECE) {
            ssize_t got = pread(memory, piece, sizeof piece, at);
            found = got > 0 && has_secret(piece, (size_t)got);
        }
    }
    close(memory);
    fclose(maps);
    return found;
}

static json_t *secret_picture(void)
{
    char text[] = "otpauth://totp/example.org:ann?secret=................................&issuer=x";
    char *at = strstr(text, "secret=") + strlen("secret=");
    for (size_t i = 0; i < SECRET; i++)
        at[i] = letter(i);
    json_t *value = markup_qr(text, "A <picture>");
    sodium_memzero(text, sizeof text);
    return value;
}

/* What is encoded may be the secret of somebody's one-time codes, or the code of a receipt. */
START_TEST(picture_leaves_no_trace)
{
    json_t *value = secret_picture();
    ck_assert_ptr_nonnull(strstr(markup_text(value), "aria-label=\"A &lt;picture&gt;\""));
    ck_assert(!heap_has_secret());
    char *kept = malloc(SECRET);
    ck_assert_ptr_nonnull(kept);
    for (size_t i = 0; i < SECRET; i++)
        kept[i] = letter(i);
    ck_assert(heap_has_secret());
    free(kept);
    json_decref(value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("markup");
    TCase *tests = tcase_create("markup");
    tcase_add_loop_test(tests, line, 0, sizeof lines / sizeof *lines);
    tcase_add_loop_test(tests, marked, 0, sizeof texts / sizeof *texts);
    if (!SANITIZED)
        tcase_add_test(tests, picture_leaves_no_trace);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
