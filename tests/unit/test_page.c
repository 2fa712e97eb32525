/* Pages of static/pages over contexts of tests/data/pages, against golden files beside them.
 * `test_page --write FOLDER [CONTEXTS]` writes the pages in all languages, to look at them or to
 * make the golden files, the English ones, anew. */
#include "domain/search.h"
#include "represent/frame.h"
#include "represent/markup.h"
#include "represent/share.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The only script that a page may have; nothing that runs is in line, only data. */
#define SCRIPT "<script type=\"module\" src=\"/static/app."
#define SCRIPT_DATA "<script type=\"application/ld+json\">"

#define CONTEXTS SOURCE_FOLDER "/tests/data/pages"

static const char *const names[] = {
    "start",
    "booklet",
    "consultation",
    "direction",
    "measure",
    "measure_none",
    "tally",
    "reconciliation",
    "answer_tasks",
    "answer_direction",
    "answer_measure",
    "answer_priorities",
    "answer_views",
    "answer_about",
    "answer_check",
    "answer_identity",
    "answer_code",
    "answer_over",
    "receipt",
    "receipt_found",
    "receipt_check",
    "receipt_genuine",
    "submission",
    "withdrawn",
    "problem",
    "problem_code",
    "privacy",
    "search",
    "search_long",
    "search_none",
    "glossary",
    "institutions",
    "responses",
    "response",
    "response_matrix",
    "remarks",
    "remarks_none",
    "answer_saved",
    "saved_answers",
    "renewal",
    "renewal_code",
    "renewal_sign_in",
    "openid_return_renewal",
    "receipt_renewed",
    "offline",
    "official_sign_in",
    "account_openid",
    "official_choose",
    "official_home",
    "official_own_account",
    "official_account",
    "official_acts",
    "official_submissions",
    "official_submission",
    "official_exports",
    "official_export",
    "official_entry",
    "official_entries",
    "official_receipt",
    "official_paper_form",
};
enum { NAMES = sizeof names / sizeof *names };

static struct pages *load(void)
{
    char error[256] = "";
    struct pages *pages = pages_load(STATIC_FOLDER, error, sizeof error);
    ck_assert_msg(pages != NULL, "%s", error);
    return pages;
}

static json_t *bars_made(const json_t *bars)
{
    const char *labels[16];
    int64_t counts[16];
    size_t count = json_array_size(bars);
    for (size_t i = 0; i < count; i++) {
        labels[i] = json_string_value(json_array_get(json_array_get(bars, i), 0));
        counts[i] = json_integer_value(json_array_get(json_array_get(bars, i), 1));
    }
    return markup_bars(labels, counts, count, 0);
}

static json_t *marked_made(const json_t *marked)
{
    const json_t *place = json_array_get(marked, 1);
    const struct search_span span = {(size_t)json_integer_value(json_array_get(place, 0)),
                                     (size_t)json_integer_value(json_array_get(place, 1))};
    return markup_marked(json_string_value(json_array_get(marked, 0)), &span, 1);
}

static json_t *line_made(const json_t *line)
{
    int64_t values[64];
    size_t count = json_array_size(line);
    for (size_t i = 0; i < count; i++)
        values[i] = json_integer_value(json_array_get(line, i));
    return markup_line(values, count);
}

/* {"$line": [value, …]}, {"$marked": [text, [from, length]]}, {"$paragraphs": text}, {"$bar":
 * [count, most]}, {"$bars": [[label, count], …]}, {"$qr": [text, label]} become markup. */
static json_t *context_made(const json_t *value)
{
    const char *text = json_string_value(json_object_get(value, "$paragraphs"));
    json_t *bar = json_object_get(value, "$bar"), *bars = json_object_get(value, "$bars");
    json_t *qr = json_object_get(value, "$qr");
    if (text)
        return markup_paragraphs(text, LANGUAGE_EN);
    if (bar)
        return markup_bar(json_integer_value(json_array_get(bar, 0)),
                          json_integer_value(json_array_get(bar, 1)));
    if (bars)
        return bars_made(bars);
    if (json_object_get(value, "$line"))
        return line_made(json_object_get(value, "$line"));
    if (json_object_get(value, "$marked"))
        return marked_made(json_object_get(value, "$marked"));
    if (qr)
        return markup_qr(json_string_value(json_array_get(qr, 0)),
                         json_string_value(json_array_get(qr, 1)));
    if (json_is_array(value)) {
        json_t *list = json_array();
        for (size_t i = 0; i < json_array_size(value); i++)
            json_array_append_new(list, context_made(json_array_get(value, i)));
        return list;
    }
    if (!json_is_object(value))
        return json_deep_copy(value);
    json_t *object = json_object();
    for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
         at = json_object_iter_next((json_t *)(uintptr_t)value, at))
        json_object_set_new(object, json_object_iter_key(at),
                            context_made(json_object_iter_value(at)));
    return object;
}

static bool flag(const json_t *frame, const char *name)
{
    return json_is_true(json_object_get(frame, name));
}

static const char *word(const json_t *frame, const char *name)
{
    return json_string_value(json_object_get(frame, name));
}

static bool context_framed(const struct pages *pages, const json_t *context,
                           struct document *document)
{
    const json_t *frame = json_object_get(context, "frame");
    if (!frame)
        return page_problem(pages, document, word(context, "path"), word(context, "back"),
                            word(context, "retry_after"));
    const struct frame options = {
        .title = word(frame, "title"),
        .title_key = word(frame, "title_key"),
        .rest = word(frame, "rest"),
        .form = word(frame, "form"),
        .action = word(frame, "action"),
        .carried = json_object_get(frame, "carried"),
        .json = word(frame, "json"),
        .base_url = word(frame, "base_url"),
        .description = word(frame, "description"),
        .rehearsal = flag(frame, "rehearsal"),
        .unlisted = flag(frame, "unlisted"),
        .faulty = flag(frame, "faulty"),
    };
    bool ok = page_frame(pages, document, &options);
    const json_t *crumbs = json_object_get(frame, "crumbs");
    for (size_t i = 0; ok && i < json_array_size(crumbs); i++) {
        const json_t *crumb = json_array_get(crumbs, i);
        ok = page_crumb(document, json_string_value(json_array_get(crumb, 0)),
                        json_string_value(json_array_get(crumb, 1)));
    }
    return ok && share_linked(document, json_deep_copy(json_object_get(context, "linked")));
}

/* Caller frees. */
static char *page_made(const struct pages *pages, const char *folder, const char *name,
                       enum language language)
{
    char path[512];
    json_error_t where;
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    json_t *context = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    ck_assert_msg(context != NULL, "%s: %s", path, where.text);
    struct document *document = document_new(200, language);
    const json_t *model = json_object_get(context, "model");
    ck_assert(document && document_say(document, model ? context_made(model) : json_object()));
    document->page = context_made(json_object_get(context, "page"));
    document->template = word(context, "template");
    ck_assert_msg(context_framed(pages, context, document), "%s: no frame", name);
    struct buf out = {0};
    ck_assert_msg(write_page(pages, document, &out), "%s: not written", name);
    document_free(document);
    json_decref(context);
    return buf_take(&out, NULL);
}

static char *golden(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, CONTEXTS "/%s.html", name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    char *text = calloc(1, 512 * 1024);
    size_t length = fread(text, 1, 512 * 1024 - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* Names of files with a hash in them change with every style; the golden files have none. */
static void without_hashes(char *text)
{
    for (char *p = text; (p = strstr(p, "/static/")) != NULL;) {
        char *suffix = p + strcspn(p, "\"");
        p += strlen("/static/");
        while (suffix > p && *suffix != '.')
            suffix--;
        char *hash = suffix;
        while (hash > p && *--hash != '.')
            ;
        if (hash > p)
            memmove(hash, suffix, strlen(suffix) + 1);
    }
}

START_TEST(same_as_golden)
{
    struct pages *pages = load();
    char *page = page_made(pages, CONTEXTS, names[_i], LANGUAGE_EN);
    char *expected = golden(names[_i]);
    without_hashes(page);
    size_t same = 0;
    while (page[same] && page[same] == expected[same])
        same++;
    ck_assert_msg(!strcmp(page, expected), "%s differs at «%.60s», expected «%.60s»", names[_i],
                  page + same, expected + same);
    free(expected);
    free(page);
    pages_free(pages);
}
END_TEST

START_TEST(in_every_language)
{
    struct pages *pages = load();
    for (int i = 0; i < LANGUAGES; i++) {
        char *page = page_made(pages, CONTEXTS, names[_i], (enum language)i);
        char lang[64];
        snprintf(lang, sizeof lang, "<html lang=\"%s\" ", language_tag((enum language)i));
        ck_assert_ptr_nonnull(strstr(page, lang));
        ck_assert_ptr_null(strstr(page, "{{"));
        ck_assert_ptr_nonnull(strstr(page, "<h1"));
        ck_assert_ptr_null(strstr(page, " style="));
        for (const char *p = page; (p = strstr(p, "<script")) != NULL; p++)
            ck_assert_msg(!strncmp(p, SCRIPT, strlen(SCRIPT)) ||
                              !strncmp(p, SCRIPT_DATA, strlen(SCRIPT_DATA)),
                          "%.60s", p);
        free(page);
    }
    pages_free(pages);
}
END_TEST

START_TEST(hostile_text_stays_text)
{
    struct pages *pages = load();
    static const char hostile[] = "\"><script>alert('1')</script>&amp;{{frame.home}}";
    struct document *document = document_new(200, LANGUAGE_EN);
    document->template = "problem";
    document_say(document, json_pack("{s:s, s:i, s:s, s:s}", "title", hostile, "status", 404,
                                     "detail", hostile, "code", "not-found"));
    ck_assert(page_problem(pages, document, "/en/\"><b>", "/en/\"><b>", NULL));
    struct buf out = {0};
    ck_assert(write_page(pages, document, &out));
    ck_assert_ptr_null(strstr(out.data, "<script>"));
    ck_assert_ptr_null(strstr(out.data, "<b>"));
    ck_assert_ptr_nonnull(strstr(
        out.data, "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;{{frame."));
    buf_clear(&out);
    document_free(document);
    pages_free(pages);
}
END_TEST

START_TEST(strings_are_plain_text)
{
    struct pages *pages = load();
    struct buf out = {0};
    json_t *limit = json_pack("{s:s}", "limit", "<2,000>");
    ck_assert(pages_string(pages, LANGUAGE_EN, "problem.too-long.detail", limit, &out));
    ck_assert_str_eq(out.data, "Shorten this to at most <2,000> characters.");
    ck_assert(!pages_string(pages, LANGUAGE_EN, "no.such.string", NULL, &out));
    json_decref(limit);
    buf_clear(&out);
    pages_free(pages);
}
END_TEST

/* What a page names is what is served under that name. */
START_TEST(assets_by_their_hash)
{
    static const char link[] = "<link rel=\"stylesheet\" href=\"/static/";
    struct pages *pages = load();
    char *page = page_made(pages, CONTEXTS, "start", LANGUAGE_EN);
    char *name = strstr(page, link);
    ck_assert_ptr_nonnull(name);
    name += strlen(link);
    name[strcspn(name, "\"")] = '\0';
    ck_assert_msg(strncmp(name, "app.", 4) == 0 && strlen(name) == strlen("app..css") + 20, "%s",
                  name);
    struct asset asset;
    ck_assert(pages_file(pages, name, &asset));
    ck_assert_str_eq(asset.type, "text/css; charset=utf-8");
    ck_assert_uint_gt(asset.length, 1000);
    ck_assert(!pages_file(pages, "app.css", &asset));
    ck_assert(!pages_file(pages, "other.css", &asset));
    ck_assert(pages_root_file(pages, "robots.txt", &asset));
    free(page);
    pages_free(pages);
}
END_TEST

START_TEST(problem_in_other_languages)
{
    struct pages *pages = load();
    static const struct {
        const char *path;
        bool linked;
    } rows[] = {
        {"/en/no-such", true}, {"/en", true},    {"/en/no%such", false},
        {"/english", false},   {"/v1/x", false}, {NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document *document = document_new(404, LANGUAGE_EN);
        document_say(document, json_pack("{s:s, s:s}", "title", "T", "code", "not-found"));
        ck_assert(page_problem(pages, document, rows[i].path, rows[i].path, "5"));
        json_t *frame = json_object_get(document->page, "frame");
        ck_assert_msg((json_object_get(frame, "languages") != NULL) == rows[i].linked, "%s",
                      rows[i].path);
        ck_assert((json_object_get(document->page, "back") != NULL) == rows[i].linked);
        document_free(document);
    }
    pages_free(pages);
}
END_TEST

/* Of --write. */
static const char *write_to, *write_of = CONTEXTS;

START_TEST(write_all)
{
    struct pages *pages = load();
    for (int i = 0; i < LANGUAGES; i++) {
        char path[512];
        char *page = page_made(pages, write_of, names[_i], (enum language)i);
        snprintf(path, sizeof path, "%s/%s.%s.html", write_to, names[_i],
                 language_tag((enum language)i));
        without_hashes(page);
        FILE *file = fopen(path, "wb");
        ck_assert_msg(file && fputs(page, file) >= 0 && fclose(file) == 0, "%s", path);
        free(page);
    }
    pages_free(pages);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("page");
    TCase *cases = tcase_create("pages");
    if (argc >= 3 && !strcmp(argv[1], "--write")) {
        write_to = argv[2];
        write_of = argc > 3 ? argv[3] : CONTEXTS;
        tcase_add_loop_test(cases, write_all, 0, NAMES);
    } else {
        tcase_add_loop_test(cases, same_as_golden, 0, NAMES);
        tcase_add_loop_test(cases, in_every_language, 0, NAMES);
        tcase_add_test(cases, hostile_text_stays_text);
        tcase_add_test(cases, strings_are_plain_text);
        tcase_add_test(cases, assets_by_their_hash);
        tcase_add_test(cases, problem_in_other_languages);
    }
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
