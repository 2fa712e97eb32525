/* http/negotiate: what the client would rather have. */
#include "http/negotiate.h"

#include <check.h>

#define J (1u << REPRESENT_JSON)
#define C (1u << REPRESENT_CSV)
#define P (1u << REPRESENT_PAGE)

static const char firefox[] =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

static const struct {
    const char *accept;
    unsigned offered;
    enum representation best; /* REPRESENTATIONS: 406 */
} accepts[] = {
    {NULL, J | C, REPRESENT_JSON},
    {"*/*", J | C, REPRESENT_JSON},
    {"", J, REPRESENTATIONS},
    {"text/csv", J | C, REPRESENT_CSV},
    {"TEXT/CSV", J | C, REPRESENT_CSV},
    {"text/*", J | C, REPRESENT_CSV},
    {"text/csv;q=0.5, application/json;q=0.4", J | C, REPRESENT_CSV},
    {"text/csv;q=0.5, application/json;q=0.6", J | C, REPRESENT_JSON},
    {"text/csv, application/json", J | C, REPRESENT_JSON},
    {"text/csv;q=0.501,application/json;q=0.5", J | C, REPRESENT_CSV},
    {"text/csv; header=present; q=1, */*;q=0.1", J | C, REPRESENT_CSV},
    {"application/json;q=0, */*", J | C, REPRESENT_CSV},
    {"application/json;q=0", J, REPRESENTATIONS},
    {"application/json;q=0.000", J, REPRESENTATIONS},
    {"application/json;q=nonsense", J, REPRESENTATIONS},
    {"*/*;q=0.001", J, REPRESENT_JSON},
    {"text/html", J | C, REPRESENTATIONS},
    {"image/png", P, REPRESENTATIONS},
    {"applicationjson", J, REPRESENTATIONS},
    {"application/json2", J, REPRESENTATIONS},
    {"application/*", J | C, REPRESENT_JSON},
    {"*", J, REPRESENTATIONS},
    {",,, ,text/csv,,", J | C, REPRESENT_CSV},
    {"text/csv;x=\"a,b;q=0\";q=1", J | C, REPRESENT_CSV},
    {firefox, P, REPRESENT_PAGE},
    {firefox, J, REPRESENT_JSON},
    {firefox, J | P, REPRESENT_PAGE},
    {"application/json", 1u << REPRESENT_BYTES, REPRESENT_BYTES},
};

START_TEST(representation)
{
    unsigned offered = accepts[_i].offered;
    enum representation preferred = (enum representation)__builtin_ctz(offered);
    ck_assert_int_eq(negotiate_representation(accepts[_i].accept, offered, preferred),
                     accepts[_i].best);
}
END_TEST

static const struct {
    const char *accept;
    enum encoding best;
} encodings[] = {
    {NULL, ENCODING_IDENTITY},
    {"", ENCODING_IDENTITY},
    {"gzip", ENCODING_GZIP},
    {"x-gzip", ENCODING_GZIP},
    {"br", ENCODING_BROTLI},
    {"gzip, deflate, br", ENCODING_BROTLI},
    {"br, gzip", ENCODING_BROTLI},
    {"gzip;q=1.0, br;q=0.9", ENCODING_GZIP},
    {"gzip;q=0.5", ENCODING_GZIP},
    {"gzip;q=0", ENCODING_IDENTITY},
    {"br;q=0, gzip", ENCODING_GZIP},
    {"*", ENCODING_BROTLI},
    {"*;q=0", ENCODING_IDENTITY},
    {"br;q=0, *", ENCODING_GZIP},
    {"identity, gzip;q=0.5", ENCODING_IDENTITY},
    {"identity;q=0.5, gzip;q=0.8", ENCODING_GZIP},
    {"identity;q=0", ENCODING_IDENTITY},
    {"deflate, zstd", ENCODING_IDENTITY},
    {"GZIP", ENCODING_GZIP},
    {"brotli", ENCODING_IDENTITY},
};

START_TEST(encoding)
{
    ck_assert_int_eq(negotiate_encoding(encodings[_i].accept), encodings[_i].best);
}
END_TEST

static const struct {
    const char *header;
    bool unchanged;
} validators[] = {
    {NULL, false},
    {"", false},
    {"\"abc\"", true},
    {"W/\"abc\"", true},
    {"\"x\", \"abc\"", true},
    {"\"x\",W/\"abc\"", true},
    {"*", true},
    {"\"abcd\"", false},
    {"\"ab\"", false},
    {"abc", false},
    {"\"x, \"abc\"", false}, /* the comma stands in a quoted text, which goes on to the end */
};

START_TEST(unchanged)
{
    ck_assert_int_eq(negotiate_unchanged(validators[_i].header, "\"abc\""),
                     validators[_i].unchanged);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

int main(void)
{
    Suite *suite = suite_create("negotiate");
    TCase *all = tcase_create("all");
    LOOP(representation, accepts);
    LOOP(encoding, encodings);
    LOOP(unchanged, validators);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
