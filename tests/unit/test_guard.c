/* http/guard: whose form it is, and what its body may be. What only a socket can show stands in
 * integration/test_raw_http.c. */
#include "http/guard.h"

#include <check.h>

static const struct {
    const char *site, *origin, *host, *base;
    enum problem_code code;
} origins[] = {
    {NULL, NULL, "a.hk", "", PROBLEM_NONE},
    {"same-origin", NULL, "a.hk", "", PROBLEM_NONE},
    {"none", NULL, "a.hk", "", PROBLEM_NONE},
    {"same-origin", "null", "a.hk", "", PROBLEM_NONE},
    {"cross-site", NULL, "a.hk", "", PROBLEM_FORBIDDEN},
    {"cross-site", "https://a.hk", "a.hk", "", PROBLEM_FORBIDDEN},
    {"same-site", "https://b.a.hk", "a.hk", "", PROBLEM_FORBIDDEN},
    {"", NULL, "a.hk", "", PROBLEM_FORBIDDEN},
    {NULL, "https://a.hk", "a.hk", "", PROBLEM_NONE},
    {NULL, "https://A.hk", "a.hk", "", PROBLEM_NONE},
    {NULL, "http://127.0.0.1:8080", "127.0.0.1:8080", "", PROBLEM_NONE},
    {NULL, "http://127.0.0.1:8081", "127.0.0.1:8080", "", PROBLEM_FORBIDDEN},
    {NULL, "https://evil.example", "a.hk", "https://a.hk", PROBLEM_FORBIDDEN},
    {NULL, "https://a.hk", "inner:9", "https://a.hk", PROBLEM_NONE},
    {NULL, "https://a.hk", "inner:9", "https://a.hk/", PROBLEM_NONE},
    {NULL, "https://a.h", "inner:9", "https://a.hk", PROBLEM_FORBIDDEN},
    {NULL, "https://a.hk.evil.example", "inner:9", "https://a.hk", PROBLEM_FORBIDDEN},
    {NULL, "null", "a.hk", "https://a.hk", PROBLEM_FORBIDDEN},
    {NULL, "", "a.hk", "", PROBLEM_FORBIDDEN},
    {NULL, "https://a.hk", NULL, "", PROBLEM_FORBIDDEN},
};

START_TEST(origin)
{
    struct head head = {
        .fetch_site = origins[_i].site, .origin = origins[_i].origin, .host = origins[_i].host};
    ck_assert_int_eq(guard_origin(&head, origins[_i].base), origins[_i].code);
}
END_TEST

enum { API, FORM, FILES, BARE };

static const struct route routes[] = {
    [API] = {.body_limit = 100, .representations = 1u << REPRESENT_JSON},
    [FORM] = {.body_limit = 100, .representations = 1u << REPRESENT_PAGE},
    [FILES] = {.body_limit = 100, .representations = 1u << REPRESENT_PAGE | ROUTE_TAKES_FILES},
    [BARE] = {.body_limit = 0, .representations = 1u << REPRESENT_JSON},
};

static const char urlencoded[] = "application/x-www-form-urlencoded";

static const struct {
    int route;
    const char *type;
    uint64_t length;
    bool chunked;
    enum problem_code code;
} bodies[] = {
    {API, "application/json", 100, false, PROBLEM_NONE},
    {API, "application/json", 101, false, PROBLEM_CONTENT_TOO_LARGE},
    {API, "application/json", UINT64_MAX, false, PROBLEM_CONTENT_TOO_LARGE},
    {API, "application/json", 0, true, PROBLEM_NONE},
    {API, "Application/JSON; charset=utf-8", 1, false, PROBLEM_NONE},
    {API, "application/json ;charset=utf-8", 1, false, PROBLEM_NONE},
    {API, "application/jsonx", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, "application/json, text/plain", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, "text/plain", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, urlencoded, 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, NULL, 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, "", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {API, NULL, 0, false, PROBLEM_NONE},
    {FORM, urlencoded, 1, false, PROBLEM_NONE},
    {FORM, "application/json", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {FORM, "multipart/form-data; boundary=x", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {FILES, "multipart/form-data; boundary=x", 1, false, PROBLEM_NONE},
    {FILES, "multipart/form-datax; boundary=x", 1, false, PROBLEM_UNSUPPORTED_MEDIA_TYPE},
    {FILES, urlencoded, 1, false, PROBLEM_NONE},
    {BARE, NULL, 0, false, PROBLEM_NONE},
    {BARE, "application/json", 0, false, PROBLEM_NONE},
    {BARE, NULL, 1, false, PROBLEM_CONTENT_TOO_LARGE},
    {BARE, NULL, 0, true, PROBLEM_CONTENT_TOO_LARGE},
};

START_TEST(body)
{
    struct head head = {.content_type = bodies[_i].type,
                        .length = bodies[_i].length,
                        .chunked = bodies[_i].chunked};
    ck_assert_int_eq(guard_body(&head, &routes[bodies[_i].route]), bodies[_i].code);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guard");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, origin, 0, sizeof origins / sizeof origins[0]);
    tcase_add_loop_test(all, body, 0, sizeof bodies / sizeof bodies[0]);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
