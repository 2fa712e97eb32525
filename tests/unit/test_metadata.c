/* openid/metadata: what a provider says of itself, changed one thing at a time. */
#include "openid/fetch.h"
#include "openid/metadata.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char good[] =
    "{\"issuer\": \"https://p.example\", \"authorization_endpoint\": \"https://p.example/a?b=c\","
    " \"token_endpoint\": \"https://p.example/t\", \"jwks_uri\": \"https://p.example/k\","
    " \"response_types_supported\": [\"code\"]}";

static const char *read_changed(const char *name, const char *value, struct metadata *out)
{
    json_t *document = json_loads(good, 0, NULL);
    if (value)
        json_object_set_new(document, name, json_loads(value, JSON_DECODE_ANY, NULL));
    else if (name)
        json_object_del(document, name);
    char *text = json_dumps(document, 0);
    const char *fault = metadata_read(text, strlen(text), "https://p.example", out);
    free(text);
    json_decref(document);
    return fault;
}

START_TEST(the_least_that_will_do)
{
    struct metadata metadata;
    ck_assert_ptr_null(read_changed(NULL, NULL, &metadata));
    ck_assert_str_eq(metadata.authorization, "https://p.example/a?b=c");
    ck_assert_str_eq(metadata.token, "https://p.example/t");
    ck_assert_str_eq(metadata.keys, "https://p.example/k");
    ck_assert(!metadata.secret_in_body && !metadata.names_itself);
    ck_assert_ptr_null(read_changed("token_endpoint_auth_methods_supported",
                                    "[\"client_secret_post\"]", &metadata));
    ck_assert(metadata.secret_in_body);
    ck_assert_ptr_null(
        read_changed("authorization_response_iss_parameter_supported", "true", &metadata));
    ck_assert(metadata.names_itself);
}
END_TEST

static const struct {
    const char *name, *value; /* NULL: removed */
    const char *fault;
} cases[] = {
    {"issuer", NULL, "issuer"},
    {"issuer", "\"https://p.example/\"", "issuer"},
    {"issuer", "[\"https://p.example\"]", "issuer"},
    {"authorization_endpoint", NULL, "authorization_endpoint"},
    {"authorization_endpoint", "\"http://p.example/a\"", "authorization_endpoint"},
    {"authorization_endpoint", "\"javascript:alert(1)\"", "authorization_endpoint"},
    {"authorization_endpoint", "\"https://p.example/\\\"><script>\"", "authorization_endpoint"},
    {"authorization_endpoint", "\"https://p.example/a#b\"", "authorization_endpoint"},
    {"token_endpoint", "\"http://p.example/t\"", "token_endpoint"},
    {"authorization_endpoint", "\"http://localhost:8/a\"", "authorization_endpoint"},
    {"token_endpoint", "\"http://127.0.0.1:5432/t\"", "token_endpoint"},
    {"jwks_uri", "\"http://[::1]/k\"", "jwks_uri"},
    {"token_endpoint", "\"file:///etc/passwd\"", "token_endpoint"},
    {"token_endpoint", "7", "token_endpoint"},
    {"jwks_uri", NULL, "jwks_uri"},
    {"jwks_uri", "\"http://127.0.0.1.evil.example/k\"", "jwks_uri"},
    {"jwks_uri", "\"https://a@b.example/k\"", "jwks_uri"},
    {"response_types_supported", "[\"id_token\"]", "response_types_supported"},
    {"code_challenge_methods_supported", "[\"plain\"]", "code_challenge_methods_supported"},
    {"token_endpoint_auth_methods_supported", "[\"private_key_jwt\"]",
     "token_endpoint_auth_methods_supported"},
};

START_TEST(what_will_not_do)
{
    struct metadata metadata;
    const char *fault = read_changed(cases[_i].name, cases[_i].value, &metadata);
    ck_assert_ptr_nonnull(fault);
    ck_assert_str_eq(fault, cases[_i].fault);
}
END_TEST

START_TEST(no_document)
{
    struct metadata metadata;
    ck_assert_str_eq(metadata_read("<html>", 6, "https://p.example", &metadata), "document");
    ck_assert_str_eq(metadata_read("[]", 2, "https://p.example", &metadata), "issuer");
    ck_assert_str_eq(metadata_read("{\"a\":1,\"a\":2}", 13, "https://p.example", &metadata),
                     "document");
}
END_TEST

START_TEST(where_a_secret_may_go)
{
    ck_assert(fetch_takes("https://p.example"));
    ck_assert(fetch_takes("http://127.0.0.1:8080/x"));
    ck_assert(fetch_takes("http://[::1]:8080/x"));
    ck_assert(fetch_takes("http://localhost/x"));
    ck_assert(!fetch_takes("http://localhost.evil.example/x"));
    ck_assert(!fetch_takes("http://p.example"));
    ck_assert(!fetch_takes("https://"));
    ck_assert(!fetch_takes("ftp://p.example"));
    ck_assert(!fetch_takes(""));
    /* It becomes a header's value. */
    ck_assert(!fetch_takes("https://p.example/\x01"));
    ck_assert(!fetch_takes("https://p.example/\x7f"));
    ck_assert(!fetch_takes("https://p.example/\xc2\x85"));
}
END_TEST

START_TEST(values_are_escaped)
{
    struct buf out = {0};
    fetch_escape(&out, "a-Z_0.9~ &=+%/\xe4\xb8\xad");
    ck_assert_str_eq(out.data, "a-Z_0.9~%20%26%3D%2B%25%2F%E4%B8%AD");
    buf_clear(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metadata");
    TCase *one = tcase_create("metadata");
    tcase_add_test(one, the_least_that_will_do);
    tcase_add_loop_test(one, what_will_not_do, 0, sizeof cases / sizeof *cases);
    tcase_add_test(one, no_document);
    tcase_add_test(one, where_a_secret_may_go);
    tcase_add_test(one, values_are_escaped);
    suite_add_tcase(suite, one);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
