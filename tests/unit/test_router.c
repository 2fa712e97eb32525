/* http/target and http/router: an address and a method to a route, its parts and its suffix. */
#include "http/router.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *raw;
    enum target_verdict verdict;
    const char *path; /* decoded */
    unsigned segments;
    const char *lang;
} targets[] = {
    {"/", TARGET_FINE, "/", 0, ""},
    {"/a/b", TARGET_FINE, "/a/b", 2, ""},
    {"/a/", TARGET_FINE, "/a/", 2, ""},
    {"//a", TARGET_FINE, "//a", 2, ""},
    {"/a?lang=en", TARGET_FINE, "/a", 1, "en"},
    {"/a?x=1&lang=zh-Hans&lang=en", TARGET_FINE, "/a", 1, "zh-Hans"},
    {"/a?lang=z%68-Hant", TARGET_FINE, "/a", 1, "zh-Hant"},
    {"/a?lang=much-too-long-for-a-tag", TARGET_FINE, "/a", 1, ""},
    {"/a?utm_source=x&&=&y", TARGET_FINE, "/a", 1, ""},
    {"/a?", TARGET_FINE, "/a", 1, ""},
    {"/%61%2Fb/c", TARGET_FINE, "/a/b/c", 2, ""},
    {"/%E5%8C%97", TARGET_FINE, "/北", 1, ""},
    {"/a/../b", TARGET_FINE, "/a/../b", 3, ""},
    {"http://host:80/a?lang=en", TARGET_FINE, "/a", 1, "en"},
    {"HTTPS://host/a", TARGET_FINE, "/a", 1, ""},
    {"*", TARGET_FINE, "", 0, ""},
    {"", TARGET_ODD, NULL, 0, ""},
    {"a", TARGET_ODD, NULL, 0, ""},
    {"http://host", TARGET_ODD, NULL, 0, ""},
    {"ftp://host/a", TARGET_ODD, NULL, 0, ""},
    {"host:443", TARGET_ODD, NULL, 0, ""},
    {"/n%00ul", TARGET_ODD, NULL, 0, ""},
    {"/a?b=%00", TARGET_ODD, NULL, 0, ""},
    {"/%", TARGET_ODD, NULL, 0, ""},
    {"/%4", TARGET_ODD, NULL, 0, ""},
    {"/%zz", TARGET_ODD, NULL, 0, ""},
    {"/a%", TARGET_ODD, NULL, 0, ""},
    {"/%ff", TARGET_ODD, NULL, 0, ""},
    {"/%c0%af", TARGET_ODD, NULL, 0, ""},
    {"/a?b=%ff", TARGET_ODD, NULL, 0, ""},
    {"/%0a", TARGET_ODD, NULL, 0, ""},
    {"/%7f", TARGET_ODD, NULL, 0, ""},
    {"/\xe5\x8c\x97", TARGET_ODD, NULL, 0, ""},
    {"/a b", TARGET_ODD, NULL, 0, ""},
    {"/a#b", TARGET_ODD, NULL, 0, ""},
    {"/a\\b", TARGET_ODD, NULL, 0, ""},
    {"/a\tb", TARGET_ODD, NULL, 0, ""},
    {"/1/2/3/4/5/6/7/8/9/10/11", TARGET_FINE, "/1/2/3/4/5/6/7/8/9/10/11", 11, ""},
};

START_TEST(target_is_read_once)
{
    struct target target;
    ck_assert_int_eq(target_read(targets[_i].raw, strlen(targets[_i].raw), &target),
                     targets[_i].verdict);
    if (targets[_i].verdict != TARGET_FINE)
        return;
    ck_assert_str_eq(target.path, targets[_i].path);
    ck_assert_uint_eq(target.segments, targets[_i].segments);
    ck_assert_str_eq(target.lang, targets[_i].lang);
}
END_TEST

START_TEST(target_length_is_bounded)
{
    char raw[TARGET_PATH + 2];
    struct target target;
    memset(raw, 'a', sizeof raw);
    raw[0] = '/';
    ck_assert_int_eq(target_read(raw, TARGET_PATH - 1, &target), TARGET_FINE);
    ck_assert_uint_eq(strlen(target.path), TARGET_PATH - 1);
    ck_assert_int_eq(target_read(raw, TARGET_PATH, &target), TARGET_LONG);
}
END_TEST

static enum handled never(struct request *request)
{
    (void)request;
    return HANDLED;
}

#define JSON (1u << REPRESENT_JSON)
#define ROW(method_, pattern_, access_, representations_)                                          \
    {                                                                                              \
        .method = method_, .pattern = pattern_, .handler = never, .name = "never",                 \
        .access = access_, .representations = representations_                                     \
    }

static const struct route rows[] = {
    ROW("GET", "/v1/things", ACCESS_PUBLIC, JSON),
    ROW("POST", "/v1/things", ACCESS_PUBLIC, JSON),
    ROW("GET", "/v1/things/newest", ACCESS_PUBLIC, JSON),
    ROW("GET", "/v1/things/{thing}", ACCESS_PUBLIC, JSON | 1u << REPRESENT_CSV),
    ROW("DELETE", "/v1/things/{thing}", ACCESS_CODE, JSON),
    ROW("GET", "/metrics", ACCESS_INNER, 1u << REPRESENT_BYTES),
    ROW("GET", "/", ACCESS_PUBLIC, 1u << REPRESENT_PAGE),
    ROW("GET", "/{language}", ACCESS_PUBLIC, 1u << REPRESENT_PAGE),
    ROW("GET", "/{language}/things/{thing}", ACCESS_PUBLIC, 1u << REPRESENT_PAGE),
    ROW("GET", "/robots.txt", ACCESS_PUBLIC, 1u << REPRESENT_BYTES),
    ROW("GET", "/static/{name}", ACCESS_PUBLIC, 1u << REPRESENT_BYTES),
};

#define NONE REPRESENTATIONS
enum { OUTER = false, INNER = true };

static const struct {
    const char *method, *path;
    bool inner;
    enum routed routed;
    int row;          /* -1: any */
    const char *part; /* the last one */
    enum representation suffix;
} finds[] = {
    {"GET", "/v1/things", OUTER, ROUTED, 0, NULL, NONE},
    {"HEAD", "/v1/things", OUTER, ROUTED, 0, NULL, NONE},
    {"POST", "/v1/things", OUTER, ROUTED, 1, NULL, NONE},
    {"PUT", "/v1/things", OUTER, ROUTED_METHOD, -1, NULL, NONE},
    {"GET", "/v1/things/newest", OUTER, ROUTED, 2, NULL, NONE},
    {"GET", "/v1/things/x", OUTER, ROUTED, 3, "x", NONE},
    {"DELETE", "/v1/things/x", OUTER, ROUTED, 4, "x", NONE},
    {"GET", "/v1/things/x.json", OUTER, ROUTED, 3, "x", REPRESENT_JSON},
    {"GET", "/v1/things/x.csv", OUTER, ROUTED, 3, "x", REPRESENT_CSV},
    {"GET", "/v1/things/x.y.csv", OUTER, ROUTED, 3, "x.y", REPRESENT_CSV},
    {"GET", "/v1/things.json", OUTER, ROUTED, 0, NULL, REPRESENT_JSON},
    {"GET", "/v1/things.csv", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/v1/things/.csv", OUTER, ROUTED, 3, ".csv", NONE},
    {"GET", "/v1/things/x.html", OUTER, ROUTED, 3, "x.html", NONE},
    {"GET", "/v1/things/a%2Fb", OUTER, ROUTED, 3, "a/b", NONE},
    {"GET", "/v1/things/", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/v1//things", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/v1/things/../things", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/v1/things/x/y", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/V1/things", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/", OUTER, ROUTED, 6, NULL, NONE},
    {"GET", "/zh-Hant", OUTER, ROUTED, 7, "zh-Hant", NONE},
    {"GET", "/fr", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/en/things/x", OUTER, ROUTED, 8, "x", NONE},
    {"GET", "/en/things/x.json", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/robots.txt", OUTER, ROUTED, 9, NULL, NONE},
    {"GET", "/static/a.json", OUTER, ROUTED, 10, "a.json", NONE},
    {"GET", "/static/a.css", OUTER, ROUTED, 10, "a.css", NONE},
    {"GET", "/metrics", OUTER, ROUTED_NOWHERE, -1, NULL, NONE},
    {"GET", "/metrics", INNER, ROUTED, 5, NULL, NONE},
    {"GET", "/v1/things", INNER, ROUTED_NOWHERE, -1, NULL, NONE},
};

static struct router *router_of_rows(void)
{
    char error[128] = "";
    struct router *router = router_new(rows, sizeof rows / sizeof rows[0], error, sizeof error);
    ck_assert_msg(router != NULL, "%s", error);
    return router;
}

START_TEST(find)
{
    struct router *router = router_of_rows();
    struct target target;
    struct match match;
    ck_assert_int_eq(target_read(finds[_i].path, strlen(finds[_i].path), &target), TARGET_FINE);
    enum routed routed =
        router_find(router, &target, method_find(finds[_i].method), finds[_i].inner, &match);
    ck_assert_int_eq(routed, finds[_i].routed);
    if (finds[_i].row >= 0) {
        ck_assert_ptr_eq(match.route, &rows[finds[_i].row]);
        ck_assert_uint_eq(match.number, (unsigned)finds[_i].row);
        ck_assert_int_eq(match.suffix, finds[_i].suffix);
    }
    if (finds[_i].part) {
        struct segment part = match.part[match.parts - 1];
        ck_assert_uint_eq(part.length, strlen(finds[_i].part));
        ck_assert(memcmp(target.path + part.start, finds[_i].part, part.length) == 0);
    }
    router_free(router);
}
END_TEST

START_TEST(part_length_is_bounded)
{
    struct router *router = router_of_rows();
    char path[128] = "/v1/things/";
    struct target target;
    struct match match;
    size_t start = strlen(path);
    memset(path + start, 'a', PART_TEXT);
    target_read(path, start + PART_TEXT - 1, &target);
    ck_assert_int_eq(router_find(router, &target, METHOD_GET, OUTER, &match), ROUTED);
    target_read(path, start + PART_TEXT, &target);
    ck_assert_int_eq(router_find(router, &target, METHOD_GET, OUTER, &match), ROUTED_NOWHERE);
    router_free(router);
}
END_TEST

static const struct {
    const char *path, *allow;
    bool inner;
} allows[] = {
    {"/v1/things", "GET, HEAD, POST, OPTIONS", OUTER},
    {"/v1/things/x", "GET, HEAD, DELETE, OPTIONS", OUTER},
    {"/v1/things/newest", "GET, HEAD, OPTIONS", OUTER},
    {"/metrics", "GET, HEAD, OPTIONS", INNER},
};

START_TEST(allow)
{
    struct router *router = router_of_rows();
    struct target target;
    struct match match;
    char text[ALLOW_TEXT];
    target_read(allows[_i].path, strlen(allows[_i].path), &target);
    ck_assert_int_eq(router_find(router, &target, METHOD_PATCH, allows[_i].inner, &match),
                     ROUTED_METHOD);
    router_allow(router, &match, allows[_i].inner, text);
    ck_assert_str_eq(text, allows[_i].allow);
    router_free(router);
}
END_TEST

static const struct {
    const char *path, *above; /* NULL: there is none */
} aboves[] = {
    {"/en/things/x/sent", "/en/things/x"},
    {"/en/things/x/sent/again", "/en/things/x"},
    {"/en/things/x", "/en/things/x"},
    {"/en/things", "/en"},
    {"/v1/things/x/y", NULL},
    {"/fr/things/x", NULL},
    {"/en/2/3/4/5/6/7/8/9/10/11", NULL},
};

START_TEST(a_page_is_found_above)
{
    struct router *router = router_of_rows();
    struct target target;
    target_read(aboves[_i].path, strlen(aboves[_i].path), &target);
    ck_assert_uint_eq(router_above(router, &target),
                      aboves[_i].above ? strlen(aboves[_i].above) : 0);
    router_free(router);
}
END_TEST

START_TEST(methods_are_known_unused_or_unknown)
{
    ck_assert_int_eq(method_find("GET"), METHOD_GET);
    ck_assert_int_eq(method_find("get"), METHODS);
    ck_assert_int_eq(method_find("TRACE"), METHOD_OTHER);
    ck_assert_int_eq(method_find("CONNECT"), METHOD_OTHER);
    ck_assert_int_eq(method_find("BREW"), METHODS);
    ck_assert_int_eq(method_find(""), METHODS);
}
END_TEST

START_TEST(bad_tables_are_refused)
{
    static const struct route twice[] = {ROW("GET", "/a/{b}", ACCESS_PUBLIC, JSON),
                                         ROW("GET", "/a/{b}", ACCESS_PUBLIC, JSON)};
    static const struct route method[] = {ROW("BREW", "/a", ACCESS_PUBLIC, JSON)};
    static const struct route parts[] = {
        ROW("GET", "/{a}/{b}/{c}/{d}/{e}/{f}", ACCESS_PUBLIC, JSON)};
    static const struct route deep[] = {
        ROW("GET", "/1/2/3/4/5/6/7/8/9/10/11", ACCESS_PUBLIC, JSON)};
    char error[128] = "";
    ck_assert_ptr_null(router_new(twice, 2, error, sizeof error));
    ck_assert_str_eq(error, "route GET /a/{b} cannot be served or stands twice");
    ck_assert_ptr_null(router_new(method, 1, error, sizeof error));
    ck_assert_ptr_null(router_new(parts, 1, error, sizeof error));
    ck_assert_ptr_null(router_new(deep, 1, error, sizeof error));
}
END_TEST

/* Each is a good officials' route but for one thing: the server must not start on it. */
#define GUARDED(...)                                                                               \
    {                                                                                              \
        .method = "GET", .pattern = "/{language}/officials/consultations/{slug}",                  \
        .handler = never, .name = "never", .access = ACCESS_ANALYST,                               \
        .representations = 1u << REPRESENT_PAGE, .run = RUN_DESK, __VA_ARGS__                      \
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct route unguarded[] = {
    GUARDED(.access = ACCESS_PUBLIC, .run = RUN_HERE),
    GUARDED(.access = ACCESS_PUBLIC),
    GUARDED(.run = RUN_HERE),
    GUARDED(.run = RUN_WORKER),
    GUARDED(.freshness = FRESH_CONTENT),
    GUARDED(.method = "POST"),
    GUARDED(.token = TOKEN_FORM),
    GUARDED(.pattern = "/{language}/officials/everything"),
    GUARDED(.access = ACCESS_CODE),
    GUARDED(.access = ACCESS_MEMBER),
    GUARDED(.pattern = "/{language}/institution/consultations/{slug}"),
    GUARDED(.pattern = "/{language}/institution", .access = ACCESS_PUBLIC, .run = RUN_HERE),
    GUARDED(.pattern = "/{language}/institution", .access = ACCESS_MEMBER, .method = "POST"),
    GUARDED(.pattern = "/{language}/institution", .access = ACCESS_MEMBER | ACCESS_ANALYST),
    GUARDED(.pattern = "/{language}/institutions", .access = ACCESS_MEMBER),
};
static const struct route guarded[] = {
    GUARDED(.token = TOKEN_NONE),
    GUARDED(.method = "POST", .token = TOKEN_FORM),
    GUARDED(.pattern = "/{language}/officials/acts", .access = ACCESS_ADMINISTRATOR),
    GUARDED(.pattern = "/{language}/officials/sign-in", .access = ACCESS_DOOR, .run = RUN_PORTER),
    GUARDED(.pattern = "/{language}/institution", .access = ACCESS_MEMBER),
    GUARDED(.pattern = "/{language}/institution/sign-in", .access = ACCESS_DOOR),
    GUARDED(.pattern = "/v1/institution/keys", .access = ACCESS_MACHINE),
};
#pragma GCC diagnostic pop

START_TEST(what_is_not_closed_is_not_served)
{
    char error[128] = "";
    ck_assert_ptr_null(router_new(&unguarded[_i], 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "is not guarded"));
}
END_TEST

START_TEST(what_is_closed_is_served)
{
    char error[128] = "";
    struct router *router =
        router_new(guarded, sizeof guarded / sizeof guarded[0], error, sizeof error);
    ck_assert_msg(router != NULL, "%s", error);
    router_free(router);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

int main(void)
{
    Suite *suite = suite_create("router");
    TCase *all = tcase_create("all");
    LOOP(target_is_read_once, targets);
    tcase_add_test(all, target_length_is_bounded);
    LOOP(find, finds);
    tcase_add_test(all, part_length_is_bounded);
    LOOP(allow, allows);
    LOOP(a_page_is_found_above, aboves);
    tcase_add_test(all, methods_are_known_unused_or_unknown);
    tcase_add_test(all, bad_tables_are_refused);
    LOOP(what_is_not_closed_is_not_served, unguarded);
    tcase_add_test(all, what_is_closed_is_served);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
