/* What the transport promises over plain, proper HTTP: negotiation, caching, methods, bodies,
 * origins, two servers, unix sockets. */
#include "demo.h"
#include "support/client.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct demo *demo;
static struct client *client;

static void setup(void)
{
    demo = demo_start(&(struct demo_options){0});
    client = client_new(demo->url);
}

static void teardown(void)
{
    client_free(client);
    demo_stop(demo);
}

static const char *header(const struct client_reply *reply, const char *name)
{
    static char value[512];
    return client_header(reply, name, value, sizeof value) ? value : "";
}

/* One request, what it must be answered with, and one header of that answer ("" : absent, NULL:
 * any). */
static const struct ask {
    const char *method, *path, *headers, *type, *body;
    int status;
    const char *code; /* of the problem, or NULL */
    const char *name, *value;
} asks[] = {
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Content-Type", "application/json"},
    {"GET", "/v1/things/a.json", NULL, NULL, NULL, 200, NULL, "Content-Type", "application/json"},
    {"GET", "/v1/things/a.csv", "Accept: application/json\r\n", NULL, NULL, 200, NULL,
     "Content-Type", "text/csv; charset=utf-8; header=present"},
    {"GET", "/v1/things/a", "Accept: text/csv\r\n", NULL, NULL, 200, NULL, "Content-Type",
     "text/csv; charset=utf-8; header=present"},
    {"GET", "/v1/things/a", "Accept: image/png\r\n", NULL, NULL, 406, "not-acceptable",
     "Cache-Control", "no-store"},
    {"POST", "/v1/things", "Accept: text/html\r\n", "application/json", "{}", 406, "not-acceptable",
     NULL, NULL},
    {"GET", "/v1/things/none", NULL, NULL, NULL, 404, "not-found", "Content-Type",
     "application/problem+json"},
    {"GET", "/zh-Hans/nowhere", "Accept-Language: en\r\n", NULL, NULL, 404, "not-found",
     "Content-Language", "zh-Hans"},
    {"GET", "/nowhere", NULL, NULL, NULL, 404, "not-found", "Content-Type",
     "application/problem+json"},
    {"GET", "/v1/things/a?lang=en", NULL, NULL, NULL, 200, NULL, "Content-Language", "en"},
    {"GET", "/v1/things/a?lang=en", "Accept-Language: zh-CN\r\n", NULL, NULL, 200, NULL,
     "Content-Language", "en"},
    {"GET", "/v1/things/a", "Accept-Language: zh-CN, en;q=0.5\r\n", NULL, NULL, 200, NULL,
     "Content-Language", "zh-Hans"},
    {"GET", "/v1/things/a?lang=xx", "Accept-Language: en\r\n", NULL, NULL, 200, NULL,
     "Content-Language", "en"},
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Cache-Control", "public, max-age=1"},
    {"GET", "/v1/echo", NULL, NULL, NULL, 200, NULL, "Cache-Control", "no-store"},
    {"GET", "/static/a.css", NULL, NULL, NULL, 200, NULL, "Cache-Control",
     "public, max-age=31536000, immutable"},
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Vary",
     "Accept, Accept-Encoding, Accept-Language"},
    {"GET", "/en/things/a", NULL, NULL, NULL, 200, NULL, "Vary", "Accept-Encoding"},
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "X-Content-Type-Options", "nosniff"},
    {"GET", "/en/things/a", NULL, NULL, NULL, 200, NULL, "X-Frame-Options", "DENY"},
    {"GET", "/nowhere", NULL, NULL, NULL, 404, "not-found", "X-Content-Type-Options", "nosniff"},
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Content-Security-Policy",
     "default-src 'none'; frame-ancestors 'none'"},
    {"GET", "/en/things/a", NULL, NULL, NULL, 200, NULL, "Referrer-Policy", "same-origin"},
    {"GET", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Access-Control-Allow-Origin", "*"},
    {"GET", "/en/things/a", NULL, NULL, NULL, 200, NULL, "Access-Control-Allow-Origin", ""},
    {"DELETE", "/v1/things/a", NULL, NULL, NULL, 200, NULL, "Access-Control-Allow-Origin", ""},
    {"POST", "/v1/things", NULL, "application/json", "{}", 201, NULL, "Access-Control-Allow-Origin",
     ""},
    {"POST", "/v1/things", NULL, "application/json", "{}", 201, NULL, "Location", "/v1/things/new"},
    {"OPTIONS", "/v1/things/a", NULL, NULL, NULL, 204, NULL, "Allow", "GET, HEAD, DELETE, OPTIONS"},
    {"OPTIONS", "/v1/things/a",
     "Origin: https://x.example\r\nAccess-Control-Request-Method: GET\r\nSec-Fetch-Site: "
     "cross-site\r\n",
     NULL, NULL, 204, NULL, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
    {"OPTIONS", "/v1/things",
     "Origin: https://x.example\r\nAccess-Control-Request-Method: POST\r\n", NULL, NULL, 204, NULL,
     "Access-Control-Allow-Origin", ""},
    {"OPTIONS", "/nowhere", NULL, NULL, NULL, 404, "not-found", NULL, NULL},
    {"PUT", "/v1/things", NULL, "application/json", "{}", 405, "method-not-allowed", "Allow",
     "POST, OPTIONS"},
    {"POST", "/v1/things/a", NULL, "application/json", "{}", 405, "method-not-allowed", "Allow",
     "GET, HEAD, DELETE, OPTIONS"},
    {"BREW", "/v1/things", NULL, NULL, NULL, 501, "not-implemented", NULL, NULL},
    {"POST", "/nowhere", NULL, "application/json", "{}", 404, "not-found", NULL, NULL},
    {"POST", "/v1/things", NULL, "text/plain", "{}", 415, "unsupported-media-type", NULL, NULL},
    {"POST", "/v1/things", NULL, NULL, "{}", 415, "unsupported-media-type", NULL, NULL},
    {"POST", "/v1/things", NULL, "application/x-www-form-urlencoded", "a=b", 415,
     "unsupported-media-type", NULL, NULL},
    {"POST", "/en/things", NULL, "application/json", "{}", 415, "unsupported-media-type", NULL,
     NULL},
    {"POST", "/en/things", NULL, "application/x-www-form-urlencoded", "name=%E5%A5%BD", 200, NULL,
     "Content-Length", "3"},
    {"POST", "/en/things", NULL, "application/x-www-form-urlencoded", "name=%ff", 400,
     "malformed-body", NULL, NULL},
    {"GET", "/v1/things/a", NULL, NULL, "body", 413, "content-too-large", NULL, NULL},
    {"DELETE", "/v1/things/a", NULL, "application/json", "{}", 413, "content-too-large", NULL,
     NULL},
    {"POST", "/v1/things", "Sec-Fetch-Site: cross-site\r\n", "application/json", "{}", 403,
     "cross-site", NULL, NULL},
    {"POST", "/v1/things", "Origin: https://evil.example\r\n", "application/json", "{}", 403,
     "cross-site", NULL, NULL},
    {"POST", "/v1/things", "Origin: null\r\n", "application/json", "{}", 403, "cross-site", NULL,
     NULL},
    {"POST", "/v1/things", "Origin: http://localhost\r\n", "application/json", "{}", 201, NULL,
     NULL, NULL},
    {"DELETE", "/v1/things/a", "Origin: https://evil.example\r\n", NULL, NULL, 403, "cross-site",
     NULL, NULL},
    {"GET", "/v1/things/a", "Origin: https://other.example\r\nSec-Fetch-Site: cross-site\r\n", NULL,
     NULL, 200, NULL, NULL, NULL},
    {"GET", "/metrics", NULL, NULL, NULL, 404, "not-found", NULL, NULL},
};

START_TEST(asked_and_answered)
{
    const struct ask *ask = &asks[_i];
    struct client_reply reply = client_run(client, &(struct client_ask){.method = ask->method,
                                                                        .path = ask->path,
                                                                        .headers = ask->headers,
                                                                        .type = ask->type,
                                                                        .body = ask->body});
    ck_assert_msg(reply.status == ask->status, "%s %s: %d instead of %d", ask->method, ask->path,
                  reply.status, ask->status);
    if (ask->code)
        ck_assert_str_eq(client_text(&reply, "/code"), ask->code);
    if (ask->code)
        ck_assert_str_eq(header(&reply, "X-Request-Id"), client_text(&reply, "/instance"));
    if (ask->name)
        ck_assert_str_eq(header(&reply, ask->name), ask->value);
    /* One that is kept is everybody's; any other is one request's own. */
    bool kept = *header(&reply, "ETag") != '\0';
    ck_assert_int_eq(*header(&reply, "X-Request-Id") != '\0', !kept);
    ck_assert_str_ne(header(&reply, "Date"), "");
    client_reply_clear(&reply);
    reply = client_get(client, "/v1/things/a"); /* and the connection is as good as before */
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
}
END_TEST

static struct client_reply get_with(const char *path, const char *headers)
{
    return client_run(client, &(struct client_ask){.path = path, .headers = headers});
}

START_TEST(encodings_have_their_own_validators)
{
    static const char *const accepts[] = {NULL, "Accept-Encoding: gzip\r\n",
                                          "Accept-Encoding: br, gzip\r\n"};
    static const char *const codings[] = {"", "gzip", "br"};
    char etags[3][64];
    for (int i = 0; i < 3; i++) {
        struct client_reply reply = get_with("/v1/things/a", accepts[i]);
        ck_assert_str_eq(header(&reply, "Content-Encoding"), codings[i]);
        strcpy(etags[i], header(&reply, "ETag"));
        ck_assert_int_eq(etags[i][0], '"');
        ck_assert(i == 0 || reply.length < 1000);
        client_reply_clear(&reply);
    }
    ck_assert_str_ne(etags[0], etags[1]);
    ck_assert_str_ne(etags[1], etags[2]);
    ck_assert_str_ne(etags[0], etags[2]);
}
END_TEST

START_TEST(unchanged_is_304_with_the_same_headers)
{
    char headers[128], etag[64], length[32];
    struct client_reply reply = get_with("/v1/things/a", NULL);
    strcpy(etag, header(&reply, "ETag"));
    strcpy(length, header(&reply, "Content-Length"));
    client_reply_clear(&reply);
    snprintf(headers, sizeof headers, "If-None-Match: \"other\", %s\r\n", etag);
    reply = get_with("/v1/things/a", headers);
    ck_assert_int_eq(reply.status, 304);
    ck_assert_uint_eq(reply.length, 0);
    ck_assert_str_eq(header(&reply, "ETag"), etag);
    ck_assert_str_eq(header(&reply, "Content-Length"), length);
    ck_assert_str_eq(header(&reply, "Cache-Control"), "public, max-age=1");
    client_reply_clear(&reply);
    reply = get_with("/v1/things/a", "If-None-Match: \"other\"\r\n");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
}
END_TEST

START_TEST(head_is_get_without_its_body)
{
    struct client_reply get = client_get(client, "/v1/things/a");
    char length[32], etag[64];
    strcpy(length, header(&get, "Content-Length"));
    strcpy(etag, header(&get, "ETag"));
    static const char head[] = "HEAD /v1/things/a HTTP/1.1\r\nHost: x\r\n\r\n";
    ck_assert(client_send(client, head, sizeof head - 1));
    struct client_reply reply = client_read(client, true);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(header(&reply, "Content-Length"), length);
    ck_assert_str_eq(header(&reply, "ETag"), etag);
    client_reply_clear(&reply);
    client_reply_clear(&get);
    get = client_get(client, "/v1/things/a");
    ck_assert_int_eq(get.status, 200);
    client_reply_clear(&get);
}
END_TEST

START_TEST(cache_key_is_what_was_checked_and_nothing_else)
{
    struct cache_figures before, after;
    struct client_reply reply = client_get(client, "/v1/things/a");
    client_reply_clear(&reply);
    cache_figures(demo->cache, &before);
    static const char *const same[] = {"/v1/things/a?utm_source=x", "/v1/things/%61",
                                       "/v1/things/a.json", "/v1/things/a?lang=zh-Hant"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        reply = client_get(client, same[i]);
        ck_assert_int_eq(reply.status, 200);
        client_reply_clear(&reply);
    }
    cache_figures(demo->cache, &after);
    ck_assert_uint_eq(after.hits - before.hits, 4);
    ck_assert_uint_eq(after.fills, before.fills);
    static const char *const others[] = {"/v1/things/b", "/v1/things/a?lang=en", "/v1/things/a.csv",
                                         "/v1/things/a%2Fb", "/zh-Hant/things/a"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        reply = client_get(client, others[i]);
        ck_assert_int_eq(reply.status, 200);
        client_reply_clear(&reply);
    }
    cache_figures(demo->cache, &before);
    ck_assert_uint_eq(before.fills - after.fills, 5);
    reply = client_get(client, "/v1/things/none");
    client_reply_clear(&reply);
    cache_figures(demo->cache, &after);
    ck_assert_uint_eq(after.entries, before.entries);
}
END_TEST

START_TEST(kept_routes_see_no_query_but_lang)
{
    struct client_reply reply = client_get(client, "/v1/live?word=secret");
    ck_assert(json_is_null(json_at(reply.json, "/word")));
    client_reply_clear(&reply);
    reply = client_get(client, "/v1/echo?word=a%20b%2Bc+d&word=e");
    ck_assert_str_eq(client_text(&reply, "/word"), "a b+c d");
    client_reply_clear(&reply);
}
END_TEST

START_TEST(inner_server_has_the_inner_routes_only)
{
    struct client *inner = client_new(demo->inner_url);
    struct client_reply reply = client_get(inner, "/metrics");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    reply = client_get(inner, "/v1/things/a");
    ck_assert_int_eq(reply.status, 404);
    client_reply_clear(&reply);
    client_free(inner);
}
END_TEST

static const struct {
    const char *front, *forwarded, *address;
} forwards[] = {
    {"", "X-Forwarded-For: 192.0.2.9\r\n", "127.0.0.1"},
    {"127.0.0.1", "X-Forwarded-For: 192.0.2.9\r\n", "192.0.2.9"},
    {"127.0.0.1", "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
    {"127.0.0.1", "X-Forwarded-For: 192.0.2.9, 192.0.2.8\r\n", "127.0.0.1"},
    {"127.0.0.1", "X-Forwarded-For: nonsense\r\n", "127.0.0.1"},
    {"127.0.0.1", NULL, "127.0.0.1"},
    {"127.0.0.2", "X-Forwarded-For: 192.0.2.9\r\n", "127.0.0.1"},
};

START_TEST(forwarded_address_of_the_front_only)
{
    struct demo *own = demo_start(&(struct demo_options){.trusted_front = forwards[_i].front});
    struct client *mine = client_new(own->url);
    struct client_reply reply = client_run(
        mine, &(struct client_ask){.path = "/v1/echo", .headers = forwards[_i].forwarded});
    ck_assert_str_eq(client_text(&reply, "/address"), forwards[_i].address);
    client_reply_clear(&reply);
    client_free(mine);
    demo_stop(own);
}
END_TEST

START_TEST(unix_socket)
{
    char path[64], address[80];
    snprintf(path, sizeof path, "/tmp/demo-%d.sock", (int)getpid());
    snprintf(address, sizeof address, "unix:%s", path);
    for (int round = 0; round < 2;
         round++) { /* again over what the first left, if it left anything */
        struct demo *own =
            demo_start(&(struct demo_options){.address = address, .trusted_front = "unix:"});
        struct client *mine = client_new(address);
        struct client_reply reply =
            client_run(mine, &(struct client_ask){.path = "/v1/echo",
                                                  .headers = "X-Forwarded-For: 192.0.2.9\r\n"});
        ck_assert_str_eq(client_text(&reply, "/address"), "192.0.2.9");
        client_reply_clear(&reply);
        client_free(mine);
        demo_stop(own);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
}
END_TEST

START_TEST(bad_addresses_say_why)
{
    static const char *const addresses[] = {"nonsense", "localhost", "unix:", "127.0.0.1.1",
                                            "192.0.2.1"};
    char error[256] = "";
    struct daemon_options options = {.clock = &clock_system,
                                     .threads = 2,
                                     .connections = 10,
                                     .idle_seconds = 1,
                                     .request_seconds = 1};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        options.address = addresses[i];
        error[0] = '\0';
        ck_assert_ptr_null(daemon_start(&options, error, sizeof error));
        ck_assert_str_ne(error, "");
    }
    options.address = "127.0.0.1";
    options.port = daemon_port(demo->daemon, DAEMON_PUBLIC);
    ck_assert_ptr_null(daemon_start(&options, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "Address already in use"));
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

int main(void)
{
    Suite *suite = suite_create("transport");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    LOOP(asked_and_answered, asks);
    tcase_add_test(all, encodings_have_their_own_validators);
    tcase_add_test(all, unchanged_is_304_with_the_same_headers);
    tcase_add_test(all, head_is_get_without_its_body);
    tcase_add_test(all, cache_key_is_what_was_checked_and_nothing_else);
    tcase_add_test(all, kept_routes_see_no_query_but_lang);
    tcase_add_test(all, inner_server_has_the_inner_routes_only);
    LOOP(forwarded_address_of_the_front_only, forwards);
    tcase_add_test(all, unix_socket);
    tcase_add_test(all, bad_addresses_say_why);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
