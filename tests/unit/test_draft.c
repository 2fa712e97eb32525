/* The rules of a consultation's document: each case changes one thing in a document known to be
 * good. The same cases are put to the JSON Schema by tests/contract/consultations.mjs. */
#include "base/buf.h"
#include "domain/draft.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA SOURCE_FOLDER "/tests/data/"
#define OURS SOURCE_FOLDER "/schema/consultations/five-year-plan-iti.json"

enum { TOKEN = 80, PLACE = 128 };

struct seen {
    size_t count;
    char pointer[PLACE]; /* of the first */
    enum problem_code code;
};

static void see(void *context, const char *pointer, enum problem_code code, long limit)
{
    struct seen *seen = context;
    (void)limit;
    if (seen->count++)
        return;
    snprintf(seen->pointer, sizeof seen->pointer, "%s", pointer);
    seen->code = code;
}

static json_t *load(const char *path)
{
    json_t *value = json_load_file(path, 0, NULL);
    ck_assert_msg(value != NULL, "%s", path);
    return value;
}

/* As the JSON Schema test does: every item a copy of the first, its codes those of its place. */
static void fill_list(json_t *list, size_t count)
{
    json_t *first = json_deep_copy(json_array_get(list, 0));
    const char *hyphen = strchr(json_string_value(json_object_get(first, "code")), '-');
    long outer = strtol(json_string_value(json_object_get(first, "code")), NULL, 10);
    json_array_clear(list);
    for (size_t i = 1; i <= count; i++) {
        char code[TOKEN];
        size_t place = 0;
        json_t *item = json_deep_copy(first), *measure = NULL;
        if (hyphen)
            snprintf(code, sizeof code, "%ld-%zu", outer, i);
        else
            snprintf(code, sizeof code, "%zu", i);
        json_object_set_new(item, "code", json_string(code));
        json_array_foreach(json_object_get(item, "measures"), place, measure)
        {
            snprintf(code, sizeof code, "%zu-%zu", i, place + 1);
            json_object_set_new(measure, "code", json_string(code));
        }
        json_array_append_new(list, item);
    }
    json_decref(first);
}

static void fill_map(json_t *map, size_t count)
{
    json_t *first = json_deep_copy(json_object_iter_value(json_object_iter(map)));
    json_object_clear(map);
    for (size_t i = 1; i <= count; i++) {
        char name[TOKEN];
        snprintf(name, sizeof name, "s%zu", i);
        json_object_set(map, name, first);
    }
    json_decref(first);
}

static json_t *repeated(const json_t *repeat)
{
    struct buf text = {0};
    json_int_t times = json_integer_value(json_array_get(repeat, 1));
    for (json_int_t i = 0; i < times; i++)
        buf_text(&text, json_string_value(json_array_get(repeat, 0)));
    json_t *string = json_stringn(text.data, text.length);
    buf_clear(&text);
    return string;
}

static void unescape(char *token)
{
    char *out = token;
    for (const char *p = token; *p; p++) {
        char c = *p;
        if (c == '~')
            c = *++p == '1' ? '/' : '~';
        *out++ = c;
    }
    *out = '\0';
}

static json_t *child(json_t *parent, const char *token)
{
    return json_is_array(parent) ? json_array_get(parent, strtoul(token, NULL, 10))
                                 : json_object_get(parent, token);
}

/* Changes the document as the case says; gives the changed one. */
static json_t *change(json_t *document, const json_t *change)
{
    const char *at = json_string_value(json_object_get(change, "at"));
    json_t *fill = json_object_get(change, "fill"), *repeat = json_object_get(change, "repeat");
    json_t *value = json_incref(json_object_get(change, "value")), *parent = document;
    char token[TOKEN] = "";
    if (!*at) {
        json_decref(document);
        return value;
    }
    for (const char *p = at; *p;) {
        size_t length = strcspn(p + 1, "/");
        if (p != at)
            parent = child(parent, token);
        snprintf(token, sizeof token, "%.*s", (int)length, p + 1);
        unescape(token);
        p += length + 1;
    }
    json_t *old = child(parent, token);
    if (repeat)
        value = repeated(repeat);
    if (fill && json_is_array(old))
        fill_list(old, (size_t)json_integer_value(fill));
    else if (fill)
        fill_map(old, (size_t)json_integer_value(fill));
    else if (!value)
        json_object_del(parent, token);
    else if (json_is_array(parent))
        json_array_set_new(parent, strtoul(token, NULL, 10), value);
    else
        json_object_set_new(parent, token, value);
    return document;
}

START_TEST(case_has_its_verdict)
{
    json_t *cases = load(DATA "consultations/cases.json");
    const json_t *item = json_array_get(cases, (size_t)_i), *fault = json_object_get(item, "fault");
    const char *name = json_string_value(json_object_get(item, "name"));
    json_t *document = change(load(DATA "consultations/sample.json"), item);
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    ck_assert_msg(draft_check(document, &report) == !fault, "%s: %s", name, seen.pointer);
    if (fault) {
        ck_assert_msg(seen.count == 1, "%s: %zu faults", name, seen.count);
        ck_assert_str_eq(seen.pointer, json_string_value(json_object_get(fault, "pointer")));
        ck_assert_str_eq(problem_slug(seen.code),
                         json_string_value(json_object_get(fault, "code")));
    }
    json_decref(document);
    json_decref(cases);
}
END_TEST

START_TEST(every_fault_is_told)
{
    json_t *document = load(DATA "consultations/sample.json");
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    json_object_clear(document);
    ck_assert(!draft_check(document, &report));
    ck_assert_uint_eq(seen.count, 12);
    ck_assert(!draft_check(document, NULL));
    json_decref(document);
}
END_TEST

static const char *const malformed[] = {
    "",
    "{",
    "7",
    "{\"slug\":\"a\",\"slug\":\"a\"}",
    "{\"slug\":\"a\\u0000\"}",
    "{\"slug\":\"\\ud800\"}",
    "{\"slug\":\"\xed\xa0\x80\"}",
    "{\"slug\":\"\xff\"}",
    "{\"slug\":99999999999999999999}",
    "{} {}",
};

START_TEST(malformed_is_refused)
{
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    ck_assert_ptr_null(draft_parse(malformed[_i], strlen(malformed[_i]), &report));
    ck_assert_uint_eq(seen.count, 1);
    ck_assert_str_eq(seen.pointer, "");
    ck_assert_int_eq(seen.code, PROBLEM_MALFORMED);
}
END_TEST

START_TEST(window_must_go_forward)
{
    json_t *document = load(DATA "consultations/sample.json");
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    json_object_set_new(document, "window",
                        json_pack("{ssss}", "opens_at", "2026-11-24T09:00:00+08:00", "closes_at",
                                  "2026-11-24T09:00:00+08:00"));
    ck_assert(!draft_check(document, &report));
    ck_assert_str_eq(seen.pointer, "/window/closes_at");
    ck_assert_int_eq(seen.code, PROBLEM_UNKNOWN_VALUE);
    json_decref(document);
}
END_TEST

static const struct draft_text *text_of(const struct draft *draft, const char *key)
{
    for (size_t i = 0; i < draft->text_count; i++)
        if (strcmp(draft->texts[i].key, key) == 0)
            return &draft->texts[i];
    ck_abort_msg("no text %s", key);
}

START_TEST(ours_is_read)
{
    json_t *document = load(OURS);
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    struct draft draft;
    ck_assert_msg(draft_check(document, &report), "%s %s", seen.pointer, problem_slug(seen.code));
    ck_assert(draft_read(document, false, &report, &draft));
    ck_assert_str_eq(draft.slug, "five-year-plan-iti");
    ck_assert(!draft.rehearsal && !draft.window_named);
    ck_assert_uint_eq(draft.direction_count, 3);
    ck_assert_uint_eq(draft.measures[0], 7);
    ck_assert_uint_eq(draft.measures[1], 4);
    ck_assert_uint_eq(draft.measures[2], 4);
    ck_assert_uint_eq(draft.question_count, 3);
    ck_assert_uint_eq(draft.text_count,
                      4 + 3 * 3 + 15 + 3 + 6 + draft.sector_count + 3 * draft.term_count);
    ck_assert_uint_eq(draft.identity_kinds, 1u << IDENTITY_EMAIL | 1u << IDENTITY_MOBILE);
    ck_assert_uint_eq(draft.proofs,
                      1u << PROOF_DECLARED | 1u << PROOF_EMAIL_CODE | 1u << PROOF_OPENID);
    ck_assert_int_eq(draft.publication.release_interval_s, 600);
    ck_assert_int_eq(draft.publication.release_threshold, 10);
    ck_assert_int_eq(draft.publication.blackout_s, 86400);
    for (size_t i = 0; i < draft.text_count; i++)
        for (int language = 0; language < LANGUAGES; language++)
            ck_assert_ptr_nonnull(draft.texts[i].body[language]);
    ck_assert_str_eq(text_of(&draft, "measure/2-3")->pointer, "/directions/1/measures/2/text");
    ck_assert_str_eq(text_of(&draft, "direction/3/full-title")->pointer,
                     "/directions/2/full_title");
    ck_assert_str_eq(text_of(&draft, "stance/5")->pointer, "/stances/5");
    ck_assert_str_eq(text_of(&draft, "question/1")->pointer, "/questions/0/text");
    ck_assert_str_eq(text_of(&draft, "title")->pointer, "/title");
    json_decref(document);
}
END_TEST

START_TEST(ours_as_its_rehearsal)
{
    json_t *document = load(OURS);
    struct seen seen = {0};
    struct draft_report report = {see, &seen};
    struct draft draft;
    ck_assert(draft_read(document, true, &report, &draft));
    ck_assert_str_eq(draft.slug, "five-year-plan-iti-rehearsal");
    ck_assert(draft.rehearsal);
    ck_assert_int_eq(draft.days_back, 30);
    ck_assert_int_eq(draft.publication.release_interval_s, 1);
    ck_assert_int_eq(draft.publication.release_threshold, 1);
    ck_assert_int_eq(draft.publication.blackout_s, 0);
    json_object_del(document, "rehearsal");
    ck_assert(!draft_read(document, true, &report, &draft));
    ck_assert_str_eq(seen.pointer, "/rehearsal");
    ck_assert_int_eq(seen.code, PROBLEM_REQUIRED);
    json_decref(document);
}
END_TEST

/* Word for word as printed, but for the one misprint, which is noted. */
START_TEST(measures_are_the_articles)
{
    json_t *document = load(OURS);
    struct draft_report report = {0};
    struct draft draft;
    FILE *file = fopen(DATA "article_measures.txt", "r");
    char line[512];
    size_t noted = 0;
    ck_assert_ptr_nonnull(file);
    ck_assert(draft_read(document, false, &report, &draft));
    for (size_t direction = 0; direction < draft.direction_count; direction++)
        for (size_t measure = 0; measure < draft.measures[direction]; measure++) {
            char key[64];
            snprintf(key, sizeof key, "measure/%zu-%zu", direction + 1, measure + 1);
            const struct draft_text *text = text_of(&draft, key);
            ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
            line[strcspn(line, "\n")] = '\0';
            char *misprint = strstr(line, "建设");
            if (misprint) {
                memcpy(misprint, "建設", strlen("建設"));
                ck_assert_ptr_nonnull(text->note[LANGUAGE_ZH_HANT]);
                noted++;
            } else {
                ck_assert_ptr_null(text->note[LANGUAGE_ZH_HANT]);
            }
            ck_assert_str_eq(text->body[LANGUAGE_ZH_HANT], line);
        }
    ck_assert_ptr_null(fgets(line, sizeof line, file));
    ck_assert_uint_eq(noted, 1);
    fclose(file);
    json_decref(document);
}
END_TEST

int main(void)
{
    json_t *cases = json_load_file(DATA "consultations/cases.json", 0, NULL);
    int count = (int)json_array_size(cases);
    json_decref(cases);
    Suite *suite = suite_create("draft");
    TCase *tcase = tcase_create("draft");
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, case_has_its_verdict, 0, count ? count : 1);
    tcase_add_test(tcase, every_fault_is_told);
    tcase_add_loop_test(tcase, malformed_is_refused, 0, sizeof malformed / sizeof *malformed);
    tcase_add_test(tcase, window_must_go_forward);
    tcase_add_test(tcase, ours_is_read);
    tcase_add_test(tcase, ours_as_its_rehearsal);
    tcase_add_test(tcase, measures_are_the_articles);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
