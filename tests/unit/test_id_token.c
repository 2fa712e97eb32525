/* openid/id_token: a token known to be good, changed one thing at a time. What is wrong with how a
 * token is signed is in integration/test_openid.c as well, as a provider would send it. */
#include "openid/id_token.h"

#include <check.h>
#include <cjose/cjose.h>
#include <stdlib.h>
#include <string.h>

enum { NOW = 1800000000 };

static const struct id_token_wanted wanted = {
    .issuer = "https://p.example", .client = "us", .nonce = "n-1", .now_s = NOW, .fresh_s = 300};
static cjose_jwk_t *pair;
static json_t *keys;

/* Compact form of the claims, signed by the pair under the header's members; caller frees. */
static char *token_make(json_t *header, json_t *claims)
{
    cjose_err error;
    char *text = json_dumps(claims, JSON_COMPACT);
    const char *compact = NULL;
    cjose_jws_t *made = cjose_jws_sign(pair, header, (const uint8_t *)text, strlen(text), &error);
    ck_assert_msg(made && cjose_jws_export(made, &compact, &error), "%s", error.message);
    char *copy = strdup(compact);
    cjose_jws_release(made);
    free(text);
    json_decref(claims);
    json_decref(header);
    return copy;
}

static json_t *good_header(void)
{
    return json_pack("{s:s, s:s}", "alg", "ES256", "kid", "one");
}

static json_t *good_claims(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "iss", "https://p.example", "aud", "us",
                     "sub", "ann", "nonce", "n-1", "iat", NOW, "exp", NOW + 300, "auth_time", NOW);
}

static enum id_token_fault verdict(const char *token, const json_t *set)
{
    char *subject = NULL;
    enum id_token_fault fault = id_token_check(token, set, &wanted, &subject);
    ck_assert_int_eq(fault == ID_TOKEN_GOOD, subject != NULL);
    if (subject)
        ck_assert_str_eq(subject, "ann");
    free(subject);
    return fault;
}

static const struct {
    const char *name, *value; /* JSON; NULL: removed */
    enum id_token_fault fault;
} claims_cases[] = {
    {"nbf", "1800000000", ID_TOKEN_GOOD},
    {"aud", "[\"us\"]", ID_TOKEN_GOOD},
    {"azp", "\"us\"", ID_TOKEN_GOOD},
    {"exp", "1799999941", ID_TOKEN_GOOD}, /* a minute's leeway */
    {"iat", "1800000060", ID_TOKEN_GOOD},
    {"iss", NULL, ID_TOKEN_ISSUER},
    {"iss", "\"https://p.example/\"", ID_TOKEN_ISSUER},
    {"iss", "[\"https://p.example\"]", ID_TOKEN_ISSUER},
    {"aud", NULL, ID_TOKEN_AUDIENCE},
    {"aud", "\"US\"", ID_TOKEN_AUDIENCE},
    {"aud", "[]", ID_TOKEN_AUDIENCE},
    {"aud", "[\"them\"]", ID_TOKEN_AUDIENCE},
    {"aud", "[\"us\", 7]", ID_TOKEN_AUDIENCE},
    {"aud", "{\"us\": true}", ID_TOKEN_AUDIENCE},
    {"aud", "[\"us\", \"them\"]", ID_TOKEN_PARTY},
    {"azp", "\"them\"", ID_TOKEN_PARTY},
    {"azp", "7", ID_TOKEN_PARTY},
    {"nonce", NULL, ID_TOKEN_NONCE},
    {"nonce", "\"n-2\"", ID_TOKEN_NONCE},
    {"nonce", "\"n-11\"", ID_TOKEN_NONCE},
    {"nonce", "1", ID_TOKEN_NONCE},
    {"sub", NULL, ID_TOKEN_SUBJECT},
    {"sub", "\"\"", ID_TOKEN_SUBJECT},
    {"sub", "7", ID_TOKEN_SUBJECT},
    {"sub", "\"a\\nb\"", ID_TOKEN_SUBJECT},
    {"sub", "\"\\u4e2d\"", ID_TOKEN_SUBJECT},
    {"exp", NULL, ID_TOKEN_EXPIRED},
    {"exp", "1799999940", ID_TOKEN_EXPIRED},
    {"exp", "\"1900000000\"", ID_TOKEN_EXPIRED},
    {"exp", "1900000000.5", ID_TOKEN_EXPIRED},
    {"iat", NULL, ID_TOKEN_ISSUED},
    {"iat", "1800000061", ID_TOKEN_ISSUED},
    {"iat", "1799999399", ID_TOKEN_ISSUED},
    {"nbf", "1800000061", ID_TOKEN_ISSUED},
    {"auth_time", NULL, ID_TOKEN_STALE},
    {"auth_time", "\"1800000000\"", ID_TOKEN_STALE},
    {"auth_time", "1799999639", ID_TOKEN_STALE},
    {"auth_time", "1799999640", ID_TOKEN_GOOD}, /* five minutes and the leeway */
    {"auth_time", "1800000061", ID_TOKEN_STALE},
};

START_TEST(claims_one_by_one)
{
    json_t *claims = good_claims();
    if (claims_cases[_i].value)
        json_object_set_new(claims, claims_cases[_i].name,
                            json_loads(claims_cases[_i].value, JSON_DECODE_ANY, NULL));
    else
        json_object_del(claims, claims_cases[_i].name);
    char *token = token_make(good_header(), claims);
    ck_assert_str_eq(id_token_fault_name(verdict(token, keys)),
                     id_token_fault_name(claims_cases[_i].fault));
    free(token);
}
END_TEST

START_TEST(when_nobody_asked_how_long_ago)
{
    struct id_token_wanted unasked = wanted;
    char *subject = NULL;
    json_t *claims = good_claims();
    unasked.fresh_s = 0;
    json_object_del(claims, "auth_time");
    char *token = token_make(good_header(), claims);
    ck_assert_int_eq(id_token_check(token, keys, &unasked, &subject), ID_TOKEN_GOOD);
    free(subject);
    free(token);
}
END_TEST

START_TEST(a_subject_that_is_too_long)
{
    char subject[SUBJECT_MOST + 2];
    memset(subject, 'a', sizeof subject - 1);
    subject[sizeof subject - 1] = '\0';
    json_t *claims = good_claims();
    json_object_set_new(claims, "sub", json_string(subject));
    char *token = token_make(good_header(), claims);
    ck_assert_int_eq(verdict(token, keys), ID_TOKEN_SUBJECT);
    free(token);
}
END_TEST

/* The set's only key, changed. */
static const struct {
    const char *name, *value;
} key_cases[] = {
    {"kid", "\"two\""}, {"kid", NULL},      {"kty", "\"RSA\""}, {"crv", "\"P-384\""},
    {"x", "\"A=\""},    {"y", "\"AAAAA\""}, {"use", "\"enc\""}, {"alg", "\"RS256\""},
    {"x", "\"AA\""},    {"y", NULL},
};

START_TEST(a_key_that_does_not_fit)
{
    json_t *set = json_deep_copy(keys), *key = json_array_get(json_object_get(set, "keys"), 0);
    char *token = token_make(good_header(), good_claims());
    ck_assert_int_eq(verdict(token, set), ID_TOKEN_GOOD);
    if (key_cases[_i].value)
        json_object_set_new(key, key_cases[_i].name,
                            json_loads(key_cases[_i].value, JSON_DECODE_ANY, NULL));
    else
        json_object_del(key, key_cases[_i].name);
    ck_assert_int_eq(verdict(token, set), ID_TOKEN_KEY_UNKNOWN);
    free(token);
    json_decref(set);
}
END_TEST

START_TEST(a_header_that_asks_for_more)
{
    json_t *header = good_header();
    json_object_set_new(header, "crit", json_pack("[s]", "exp"));
    char *token = token_make(header, good_claims());
    ck_assert_int_eq(verdict(token, keys), ID_TOKEN_ALGORITHM);
    free(token);
    header = good_header();
    json_object_del(header, "kid");
    token = token_make(header, good_claims());
    ck_assert_int_eq(verdict(token, keys), ID_TOKEN_KEY_UNKNOWN);
    free(token);
}
END_TEST

/* Any one character of it changed, or its end cut off. */
START_TEST(bytes_that_were_changed)
{
    char *token = token_make(good_header(), good_claims());
    size_t length = strlen(token);
    for (size_t i = 0; i < length; i++) {
        char right = token[i];
        token[i] = right == 'A' ? 'B' : right == 'B' ? 'C' : 'A';
        ck_assert_msg(verdict(token, keys) != ID_TOKEN_GOOD || i == length - 1, "at %zu", i);
        token[i] = '\0';
        ck_assert_msg(verdict(token, keys) != ID_TOKEN_GOOD, "cut at %zu", i);
        token[i] = right;
    }
    ck_assert_int_eq(verdict(token, keys), ID_TOKEN_GOOD);
    free(token);
}
END_TEST

START_TEST(what_is_no_token)
{
    static const char *const texts[] = {
        "", ".", "..", "a.b.c", "e30.e30.", ".....", "eyJhbGciOiJub25lI=n0.e3.e3", "e.e.e"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_int_ne(verdict(texts[i], keys), ID_TOKEN_GOOD);
    /* {"alg":"none"} and {"alg":"HS256"} */
    ck_assert_int_eq(verdict("eyJhbGciOiJub25lIn0.e30.", keys), ID_TOKEN_ALGORITHM);
    ck_assert_int_eq(verdict("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", keys), ID_TOKEN_ALGORITHM);
    char *long_one = calloc(1, ID_TOKEN_MOST + 2);
    ck_assert_ptr_nonnull(long_one);
    memset(long_one, 'A', ID_TOKEN_MOST + 1);
    ck_assert_int_eq(verdict(long_one, keys), ID_TOKEN_MALFORMED);
    free(long_one);
    ck_assert_int_eq(verdict("eyJhbGciOiJFUzI1NiIsImtpZCI6Im9uZSJ9.e30.AAAA", NULL),
                     ID_TOKEN_KEY_UNKNOWN);
}
END_TEST

static void keys_make(void)
{
    cjose_err error;
    pair = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
    char *text = pair ? cjose_jwk_to_json(pair, false, &error) : NULL;
    json_t *key = text ? json_loads(text, 0, NULL) : NULL;
    if (!key)
        abort();
    json_object_set_new(key, "kid", json_string("one"));
    keys = json_pack("{s:[o]}", "keys", key);
    free(text);
}

int main(void)
{
    Suite *suite = suite_create("id_token");
    TCase *one = tcase_create("id_token");
    tcase_add_loop_test(one, claims_one_by_one, 0, sizeof claims_cases / sizeof *claims_cases);
    tcase_add_test(one, when_nobody_asked_how_long_ago);
    tcase_add_test(one, a_subject_that_is_too_long);
    tcase_add_loop_test(one, a_key_that_does_not_fit, 0, sizeof key_cases / sizeof *key_cases);
    tcase_add_test(one, a_header_that_asks_for_more);
    tcase_add_test(one, bytes_that_were_changed);
    tcase_add_test(one, what_is_no_token);
    suite_add_tcase(suite, one);
    SRunner *runner = srunner_create(suite);
    keys_make();
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(keys);
    cjose_jwk_release(pair);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
