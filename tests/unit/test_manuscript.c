/* Documents from elsewhere: real ones that pandoc and Python make, hostile ones among them; and how
 * their text is shared out. */
#include "domain/consultation.h"
#include "process/archive.h"
#include "process/manuscript.h"
#include "process/program.h"
#include "support/handmade.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static const struct manuscript_reader reader = {"/usr/bin/pandoc", "/tmp", false};

static const struct {
    const char *markdown, *sections; /* as JSON */
} splits[] = {
    {"", "{}"},
    {"# Title\n\nBefore.\n\n## Measure 1-3\n\nText.\n\n### Why\n\nMore.\n",
     "{\"measure-1-3\":\"Text.\\n\\n### Why\\n\\nMore.\",\"summary\":\"# Title\\n\\nBefore.\"}"},
    {"# 1-1\na\n# 措施 1–2\nb\n# 措施１－３：\nc\n# Measure 1-4: Something of ours\nd\n",
     "{\"measure-1-1\":\"a\",\"measure-1-2\":\"b\",\"measure-1-3\":\"c\","
     "\"measure-1-4\":\"# Measure 1-4: Something of ours\\nd\"}"},
    {"# 方向一\na\n# Direction 2\nb\n# 問題3\nc\n# Question 9\nd\n# 9-9\ne\n",
     "{\"direction-1\":\"a\",\"direction-2\":\"b\","
     "\"question-3\":\"c\\n# Question 9\\nd\\n# 9-9\\ne\"}"},
    /* titles, with and without a number of their own */
    {"# Talent Centre!\na\n## 2.1 發展 人才\nb\n# （三）**Ask**\nc\n# 1-2 Talent  centre\nd\n"
     "# 1-1: talent centre\ne\n",
     "{\"direction-1\":\"b\",\"measure-1-1\":\"a\\n\\ne\",\"measure-1-2\":\"# 1-2 Talent  "
     "centre\\nd\","
     "\"question-1\":\"c\"}"},
    {"# 摘要\na\n# Evidence\n- <https://x.hk>\n# 利益申報\nNone.\n",
     "{\"evidence\":\"- <https://x.hk>\",\"interests\":\"None.\",\"summary\":\"a\"}"},
    /* a heading above the named one ends it */
    {"## 1-1\na\n## Reasons\nb\n# Conclusion\nc\n### 1-1\nd\n",
     "{\"measure-1-1\":\"a\\n## Reasons\\nb\\n\\nd\",\"summary\":\"# Conclusion\\nc\"}"},
    /* what only looks like one */
    {"# 1-1\n```\n# 1-2\n```\n    # 1-3\n\\# 1-4\n#1-5\n~~~~\n~~~\n# 1-6\n~~~~\n",
     "{\"measure-1-1\":\"```\\n# 1-2\\n```\\n    # 1-3\\n\\\\# 1-4\\n#1-5\\n~~~~\\n~~~\\n# 1-6\\n"
     "~~~~\"}"},
    {"# 2026-27\n# 1-3-4\n# 1-12\n# 1.1\n# 1-1a\na", "{\"measure-1-1\":\"# 1-1a\\na\",\"summary\":"
                                                     "\"# 2026-27\\n# 1-3-4\\n# 1-12\\n# 1.1\"}"},
    /* footnotes go with those that refer to them */
    {"a[^1]\n\n# 1-1\n\nb[^2][^1]\n\n# 1-2\n\nc\n\n[^1]: one\n\n    more\n\n[^2]: two[^3]\n\n"
     "[^3]: three\n\n[^4]: nobody's\n",
     "{\"measure-1-1\":\"b[^2][^1]\\n\\n[^1]: one\\n\\n    more\\n\\n[^2]: two[^3]\\n\\n"
     "[^3]: three\",\"measure-1-2\":\"c\",\"summary\":\"a[^1]\\n\\n[^1]: one\\n\\n    more\\n\\n"
     "[^4]: nobody's\"}"},
};

START_TEST(is_shared_out)
{
    struct consultation *consultation = handmade_consultation();
    consultation->measures[0].text.body[LANGUAGE_EN] = "Talent centre";
    consultation->directions[0].title.body[LANGUAGE_ZH_HANT] = "發展人才";
    consultation->questions[0].text.body[LANGUAGE_EN] = "Ask?";
    json_t *sections = manuscript_split(consultation, splits[_i].markdown);
    char *text = json_dumps(sections, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(text, splits[_i].sections);
    free(text);
    json_decref(sections);
    consultation_release(consultation);
}
END_TEST

/* As long as a document may become, of nothing but headings or notes. */
START_TEST(is_shared_out_soon)
{
    static const char *const parts[] = {"# a\n", "[^a]: b\n", "# 1-1\n", "[^a]", "a\n\n"};
    struct consultation *consultation = handmade_consultation();
    char *text = malloc(2 * MIB + 1);
    size_t length = 0, part = strlen(parts[_i]);
    for (; length + part <= 2 * MIB; length += part)
        memcpy(text + length, parts[_i], part);
    text[length] = '\0';
    json_t *sections = manuscript_split(consultation, text);
    ck_assert_ptr_nonnull(sections);
    json_decref(sections);
    free(text);
    consultation_release(consultation);
}
END_TEST

/* What a program says, as a file without a name. */
static int made(const char *const *argv, const char *bytes)
{
    int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    ck_assert_int_ge(file, 0);
    const struct program program = {.argv = argv,
                                    .folder = "/tmp",
                                    .input = -1,
                                    .bytes = bytes,
                                    .length = strlen(bytes),
                                    .output = file,
                                    .output_most = 64 * MIB,
                                    .seconds = 30,
                                    .memory = 1024u * MIB,
                                    .processes = 32};
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert_int_eq(lseek(file, 0, SEEK_SET), 0);
    return file;
}

static int made_by_pandoc(const char *to, const char *markdown)
{
    const char *const argv[] = {"/usr/bin/pandoc", "--from=markdown", to, "--output=-", NULL};
    return made(argv, markdown);
}

/* Python with `out` an open archive, which is written whole at the end. */
static int made_by_python(const char *lines)
{
    static const char frame[] =
        "import io, sys, zipfile\nbytes_of = io.BytesIO()\n"
        "out = zipfile.ZipFile(bytes_of, 'w', zipfile.ZIP_DEFLATED)\n"
        "types = '<?xml version=\"1.0\"?><Types xmlns=\"http://schemas."
        "openxmlformats.org/package/2006/content-types\"/>'\n"
        "relations = '<?xml version=\"1.0\"?><Relationships xmlns=\"http://"
        "schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/"
        "officeDocument/2006/relationships/officeDocument\" "
        "Target=\"%s\"/></Relationships>'\n"
        "document = '<?xml version=\"1.0\"?>%s<w:document xmlns:w=\"http://"
        "schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
        "<w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'\n"
        "def docx(doctype, words, target='word/document.xml'):\n"
        "    out.writestr('[Content_Types].xml', types)\n"
        "    out.writestr('_rels/.rels', relations % target)\n"
        "    out.writestr('word/document.xml', document % (doctype, words))\n"
        "def patched(bytes): return bytes\n";
    static const char end[] = "\nout.close()\n"
                              "sys.stdout.buffer.write(patched(bytes_of.getvalue()))\n";
    char script[8192];
    snprintf(script, sizeof script, "%s%s%s", frame, lines, end);
    const char *const argv[] = {"/usr/bin/python3", "-I", "-", NULL};
    return made(argv, script);
}

static const char manuscript[] =
    "% A title\n% Somebody\n\n# Measure 1-3\n\nText with *stress*,\na note[^1] and ![a "
    "picture](x.png)"
    " and [here](#there)  人才。\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    "+---+---------+\n| c | d       |\n+===+=========+\n| 3 | - four  |\n|   | - five  |\n"
    "+---+---------+\n\n- one\n- two\n\n[^1]: The note.\n";

static void read_document(const char *to, bool whole_tables)
{
    int file = made_by_pandoc(to, manuscript);
    char *markdown = NULL;
    ck_assert_int_eq(manuscript_read(&reader, file, &markdown), PROBLEM_NONE);
    static const char *const wanted[] = {
        "A title",         "Somebody", "# Measure 1-3\n", "Text with *stress*, a note[^1] and ",
        "a picture",       "人才。",   "| 1   | 2   |",   "-   one\n-   two\n",
        "[^1]: The note.",
    };
    if (whole_tables)
        ck_assert_msg(strstr(markdown, "| a   | b   |") && strstr(markdown, "four five"), "%s",
                      markdown);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(strstr(markdown, wanted[i]) != NULL, "no «%s» in: %s", wanted[i], markdown);
    ck_assert_msg(!strpbrk(markdown, "<>!"), "%s", markdown);
    ck_assert_ptr_null(strstr(markdown, "#there"));
    free(markdown);
    close(file);
}

START_TEST(reads_docx)
{
    read_document("--to=docx", true);
}
END_TEST

START_TEST(reads_odt)
{
    read_document("--to=odt", false);
}
END_TEST

static const struct {
    const char *lines;
    enum problem_code code;
} hostile[] = {
    /* well, so that the others fail for one reason only */
    {"docx('', 'well')", PROBLEM_NONE},
    {"docx('', 'well'); out.writestr('a', b'\\0' * 300000000)", PROBLEM_DOCUMENT_LARGE},
    {"docx('', 'well'); out.writestr('a', b'\\0' * 90000000)", PROBLEM_DOCUMENT_LARGE},
    {"docx('', 'well')\nfor i in range(2100): out.writestr(str(i), '')", PROBLEM_DOCUMENT_LARGE},
    /* declares less than is in it */
    {"import struct\nout.writestr('[Content_Types].xml', types)\n"
     "out.writestr('_rels/.rels', relations % 'word/document.xml')\n"
     "with out.open('word/document.xml', 'w') as big:\n"
     "    begin, end = (document % ('', '|')).split('|')\n"
     "    big.write(begin.encode())\n"
     "    for i in range(1000): big.write(b'a' * 1000000)\n"
     "    big.write(end.encode())\n"
     "def patched(b):\n"
     "    at = b.rindex(b'PK\\1\\2')\n"
     "    return b[:at + 24] + struct.pack('<I', 1000) + b[at + 28:]",
     PROBLEM_DOCUMENT_LARGE},
    {"docx('', 'x')\ndef patched(b): return b[:len(b) // 2]", PROBLEM_DOCUMENT_UNREADABLE},
    {"docx('', 'x')\ndef patched(b): return b[:-1]", PROBLEM_DOCUMENT_UNREADABLE},
    {"docx('', 'x')\ndef patched(b): return b[:-22] + b[-22:-12] + b'\\xff\\xff\\xff' + b[-9:]",
     PROBLEM_DOCUMENT_UNREADABLE},
    {"docx('', '</w:t>')", PROBLEM_DOCUMENT_UNREADABLE},
    {"docx('', 'x', 'no/such.xml')", PROBLEM_DOCUMENT_UNREADABLE},
    {"out.writestr('a.txt', 'x')", PROBLEM_DOCUMENT_TYPE},
    {"out.writestr('content.xml', 'x'); docx('', 'x')", PROBLEM_DOCUMENT_TYPE},
    {"def patched(b): return b'%PDF-1.7 not a document at all, but long enough'",
     PROBLEM_DOCUMENT_TYPE},
    {"def patched(b): return b''", PROBLEM_DOCUMENT_TYPE},
};

START_TEST(refuses)
{
    int file = made_by_python(hostile[_i].lines);
    char *markdown = NULL;
    enum problem_code code = manuscript_read(&reader, file, &markdown);
    ck_assert_msg(code == hostile[_i].code, "%s: %s", hostile[_i].lines, problem_slug(code));
    ck_assert_msg(!markdown == (code != PROBLEM_NONE), "%s", markdown);
    free(markdown);
    close(file);
}
END_TEST

/* Entities of XML: a file of the machine, an address, a thousand million of laughs. Refused, or
 * read without them. */
static const char *const entities[] = {
    "docx('<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>', 'x&e;y')",
    "docx('<!DOCTYPE a [<!ENTITY e SYSTEM \"http://127.0.0.1:9/\">]>', 'x&e;y')",
    "docx('<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\">' + ''.join('<!ENTITY %s \"%s\">' % (c, 10 * "
    "('&' + "
    "chr(ord(c) - 1) + ';')) for c in 'cdefghijkl') + ']>', 'x&l;y')",
};

START_TEST(expands_nothing)
{
    int file = made_by_python(entities[_i]);
    char *markdown = NULL;
    enum problem_code code = manuscript_read(&reader, file, &markdown);
    ck_assert(code == PROBLEM_NONE || code == PROBLEM_DOCUMENT_UNREADABLE ||
              code == PROBLEM_DOCUMENT_LARGE);
    if (code == PROBLEM_NONE)
        ck_assert_uint_lt(strlen(markdown), 16);
    free(markdown);
    close(file);
}
END_TEST

START_TEST(is_away)
{
    static const struct manuscript_reader none = {"", "/tmp", false},
                                          wrong = {"/nonexistent/pandoc", "/tmp", false};
    int file = made_by_python("docx('', 'x')");
    char *markdown = NULL;
    ck_assert_int_eq(manuscript_read(&none, file, &markdown), PROBLEM_UNAVAILABLE);
    ck_assert_int_eq(manuscript_read(&wrong, file, &markdown), PROBLEM_UNAVAILABLE);
    ck_assert_ptr_null(markdown);
    close(file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manuscript");
    TCase *tests = tcase_create("manuscript");
    tcase_add_loop_test(tests, is_shared_out, 0, sizeof splits / sizeof *splits);
    tcase_add_loop_test(tests, is_shared_out_soon, 0, 5);
    tcase_add_test(tests, reads_docx);
    tcase_add_test(tests, reads_odt);
    tcase_add_loop_test(tests, refuses, 0, sizeof hostile / sizeof *hostile);
    tcase_add_loop_test(tests, expands_nothing, 0, sizeof entities / sizeof *entities);
    tcase_add_test(tests, is_away);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
