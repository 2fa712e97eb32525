/* Consultations, directions, measures and questions as the interface gives them. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

static struct client_reply get_ok(struct client *client, const char *path)
{
    struct client_reply reply = client_get(client, path);
    ck_assert_msg(reply.status == 200, "%s: %d %s", path, reply.status, reply.body);
    return reply;
}

START_TEST(list_has_both_and_the_real_one_first)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = get_ok(client, "/v1/consultations?lang=en");
    ck_assert_str_eq(client_text(&reply, "/consultations/0/slug"), SCENE_SLUG);
    ck_assert_str_eq(client_text(&reply, "/consultations/1/slug"), SCENE_REHEARSAL);
    ck_assert(json_is_false(json_at(reply.json, "/consultations/0/rehearsal")));
    ck_assert(json_is_true(json_at(reply.json, "/consultations/1/rehearsal")));
    ck_assert_str_eq(client_text(&reply, "/consultations/0/state"), "open");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(consultation_has_three_directions_of_seven_four_and_four)
{
    static const size_t counts[] = {7, 4, 4};
    struct client *client = scene_client(&scene);
    struct client_reply reply = get_ok(client, SCENE_API "?lang=zh-Hant");
    ck_assert_str_eq(client_text(&reply, "/language"), "zh-Hant");
    json_t *directions = json_at(reply.json, "/directions");
    ck_assert_uint_eq(json_array_size(directions), 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(json_array_size(json_at(json_array_get(directions, i), "/measures")),
                          counts[i]);
    ck_assert_str_eq(client_text(&reply, "/directions/0/title"), "加快國際創新科技中心建設");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/stances")), 6);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(directions_measures_and_questions)
{
    struct client *client = scene_client(&scene);
    struct client_reply list = get_ok(client, SCENE_API "/directions");
    struct client_reply direction = get_ok(client, SCENE_API "/directions/3");
    struct client_reply measures = get_ok(client, SCENE_API "/measures");
    struct client_reply measure = get_ok(client, SCENE_API "/measures/1-3");
    struct client_reply questions = get_ok(client, SCENE_API "/questions");
    ck_assert_uint_eq(json_array_size(json_at(list.json, "/directions")), 3);
    ck_assert_uint_eq(json_array_size(json_at(direction.json, "/measures")), 4);
    ck_assert_str_ne(client_text(&direction, "/background"), "");
    ck_assert_uint_eq(json_array_size(json_at(measures.json, "/measures")), 15);
    ck_assert_str_eq(client_text(&measure, "/code"), "1-3");
    ck_assert_str_eq(client_text(&measure, "/direction"), "1");
    ck_assert_str_eq(client_text(&measure, "/text"), client_text(&measures, "/measures/2/text"));
    ck_assert_uint_ge(json_array_size(json_at(questions.json, "/questions")), 3);
    client_reply_clear(&list);
    client_reply_clear(&direction);
    client_reply_clear(&measures);
    client_reply_clear(&measure);
    client_reply_clear(&questions);
    client_free(client);
}
END_TEST

START_TEST(language_is_of_the_query_then_of_the_header)
{
    static const struct {
        const char *path, *headers, *wanted;
    } cases[] = {
        {SCENE_API "/measures/1-1", NULL, "zh-Hant"},
        {SCENE_API "/measures/1-1", "Accept-Language: en-GB, zh;q=0.5\r\n", "en"},
        {SCENE_API "/measures/1-1", "Accept-Language: zh-CN\r\n", "zh-Hans"},
        {SCENE_API "/measures/1-1", "Accept-Language: zh-TW, en;q=0.9\r\n", "zh-Hant"},
        {SCENE_API "/measures/1-1", "Accept-Language: fr\r\n", "zh-Hant"},
        {SCENE_API "/measures/1-1?lang=en", "Accept-Language: zh-CN\r\n", "en"},
        {SCENE_API "/measures/1-1?utm_source=x&lang=zh-Hans", NULL, "zh-Hans"},
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client_reply reply = client_run(
            client, &(struct client_ask){.path = cases[i].path, .headers = cases[i].headers});
        char language[32] = "";
        ck_assert_int_eq(reply.status, 200);
        ck_assert_str_eq(client_text(&reply, "/language"), cases[i].wanted);
        ck_assert(client_header(&reply, "Content-Language", language, sizeof language));
        ck_assert_str_eq(language, cases[i].wanted);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(nothing_there)
{
    static const char *const paths[] = {
        "/v1/consultations/none",
        "/v1/consultations/none/measures",
        SCENE_API "/directions/4",
        SCENE_API "/directions/x",
        SCENE_API "/measures/1-8",
        SCENE_API "/measures/0-1",
        SCENE_API "/measures/1-1/nothing",
        "/v1/nothing",
        "/v2/consultations",
        SCENE_API "/measures/1-8/tally",
        "/v1/health/live", /* on the inner address only */
        "/metrics",
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct client_reply reply = client_get(client, paths[i]);
        scene_expect_problem(&reply, 404, "not-found", NULL);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(validators_and_methods)
{
    struct client *client = scene_client(&scene);
    struct client_reply first = get_ok(client, SCENE_API "/measures/1-1?lang=en");
    char etag[80], headers[128], allow[80], length[32];
    ck_assert(client_header(&first, "ETag", etag, sizeof etag) && etag[0] == '"');
    snprintf(headers, sizeof headers, "If-None-Match: \"other\", %s\r\n", etag);
    struct client_reply unchanged =
        client_run(client, &(struct client_ask){.path = SCENE_API "/measures/1-1?lang=en",
                                                .headers = headers});
    ck_assert_int_eq(unchanged.status, 304);
    struct client_reply other =
        client_run(client, &(struct client_ask){.path = SCENE_API "/measures/1-1?lang=zh-Hans",
                                                .headers = headers});
    ck_assert_int_eq(other.status, 200);
    struct client_reply head = client_run(
        client, &(struct client_ask){.method = "HEAD", .path = SCENE_API "/measures/1-1?lang=en"});
    ck_assert_int_eq(head.status, 200);
    ck_assert(client_header(&head, "Content-Length", length, sizeof length));
    ck_assert_uint_eq(strtoul(length, NULL, 10), first.length);
    struct client_reply options = client_run(
        client, &(struct client_ask){.method = "OPTIONS", .path = SCENE_API "/measures/1-1"});
    ck_assert_int_eq(options.status, 204);
    ck_assert(client_header(&options, "Allow", allow, sizeof allow) && strstr(allow, "GET"));
    struct client_reply refused = client_run(
        client, &(struct client_ask){.method = "DELETE", .path = SCENE_API "/measures/1-1"});
    scene_expect_problem(&refused, 405, "method-not-allowed", NULL);
    ck_assert(client_header(&refused, "Allow", allow, sizeof allow) && strstr(allow, "GET"));
    client_reply_clear(&first);
    client_reply_clear(&unchanged);
    client_reply_clear(&other);
    client_reply_clear(&head);
    client_reply_clear(&options);
    client_reply_clear(&refused);
    client_free(client);
}
END_TEST

START_TEST(representations)
{
    static const struct {
        const char *path, *headers;
        int status;
        const char *type;
    } cases[] = {
        {SCENE_API "/measures", NULL, 200, "application/json"},
        {SCENE_API "/measures.json", "Accept: text/csv\r\n", 200, "application/json"},
        {SCENE_API "/measures.csv", "Accept: application/json\r\n", 200, "text/csv"},
        {SCENE_API "/measures", "Accept: text/csv\r\n", 200, "text/csv"},
        {SCENE_API "/measures", "Accept: text/csv;q=0.1, application/json\r\n", 200,
         "application/json"},
        {SCENE_API "/measures", "Accept: */*\r\n", 200, "application/json"},
        {SCENE_API "/measures", "Accept: image/png\r\n", 406, "application/problem+json"},
        {"/v1/consultations", "Accept: text/csv\r\n", 406, "application/problem+json"},
        {"/openapi.yaml", NULL, 200, "application/yaml"},
        {"/robots.txt", NULL, 200, "text/plain"},
        {"/offline.js", NULL, 200, "text/javascript"},
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client_reply reply = client_run(
            client, &(struct client_ask){.path = cases[i].path, .headers = cases[i].headers});
        char type[80] = "";
        client_header(&reply, "Content-Type", type, sizeof type);
        ck_assert_msg(reply.status == cases[i].status, "%s %s: %d", cases[i].path,
                      cases[i].headers ? cases[i].headers : "", reply.status);
        ck_assert_msg(strncmp(type, cases[i].type, strlen(cases[i].type)) == 0, "%s: %s",
                      cases[i].path, type);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(public_reads_may_be_read_by_other_sites)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_run(
        client, &(struct client_ask){.path = SCENE_API "/measures/1-1",
                                     .headers = "Origin: https://elsewhere.example\r\n"});
    char value[80] = "", id[80] = "";
    ck_assert(client_header(&reply, "Access-Control-Allow-Origin", value, sizeof value));
    ck_assert_str_eq(value, "*");
    /* A kept reply is everybody's: no request's name is on it. */
    ck_assert(!client_header(&reply, "X-Request-Id", id, sizeof id));
    ck_assert(client_header(&reply, "Cache-Control", value, sizeof value));
    ck_assert(client_header(&reply, "X-Content-Type-Options", value, sizeof value));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(ready_made_encodings)
{
    static const char *const encodings[] = {"gzip", "br"};
    struct client *client = scene_client(&scene);
    struct client_reply plain = get_ok(client, SCENE_API "/measures?lang=en");
    for (size_t i = 0; i < 2; i++) {
        char headers[64], value[32] = "";
        snprintf(headers, sizeof headers, "Accept-Encoding: %s\r\n", encodings[i]);
        struct client_reply reply =
            client_run(client, &(struct client_ask){.path = SCENE_API "/measures?lang=en",
                                                    .headers = headers});
        ck_assert_int_eq(reply.status, 200);
        ck_assert(client_header(&reply, "Content-Encoding", value, sizeof value));
        ck_assert_str_eq(value, encodings[i]);
        ck_assert_uint_lt(reply.length, plain.length);
        ck_assert(client_header(&reply, "Vary", value, sizeof value));
        client_reply_clear(&reply);
    }
    client_reply_clear(&plain);
    client_free(client);
}
END_TEST

SCENE_MAIN("consultation", NULL, list_has_both_and_the_real_one_first,
           consultation_has_three_directions_of_seven_four_and_four,
           directions_measures_and_questions, language_is_of_the_query_then_of_the_header,
           nothing_there, validators_and_methods, representations,
           public_reads_may_be_read_by_other_sites, ready_made_encodings)
