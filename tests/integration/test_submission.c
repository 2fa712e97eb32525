/* Submissions over the interface: what is recorded, what is refused and why, reading back,
 * amending, withdrawing. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

enum { PATH_TEXT = 128, HEADER_TEXT = 256 };

static void code_header(const struct client_reply *recorded, char header[HEADER_TEXT])
{
    snprintf(header, HEADER_TEXT, "Authorization: Receipt %s\r\n", client_text(recorded, "/code"));
}

static void number_path(const struct client_reply *recorded, const char *tail, char path[PATH_TEXT])
{
    snprintf(path, PATH_TEXT, "/v1/submissions/%s%s", client_text(recorded, "/receipt/number"),
             tail);
}

static struct client_reply ask(struct client *client, const char *method, const char *path,
                               const char *headers)
{
    return client_run(client,
                      &(struct client_ask){.method = method, .path = path, .headers = headers});
}

START_TEST(recorded_with_location_and_receipt)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = scene_submit(client, fixture_submission());
    char location[PATH_TEXT], wanted[PATH_TEXT], cache[64];
    snprintf(wanted, sizeof wanted, "/v1/receipts/%s", client_text(&reply, "/receipt/number"));
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    ck_assert_str_eq(location, wanted);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_ptr_nonnull(strstr(cache, "no-store"));
    ck_assert_uint_eq(strlen(client_text(&reply, "/receipt/number")), 10);
    ck_assert_uint_eq(strlen(client_text(&reply, "/code")), 12);
    ck_assert_str_eq(client_text(&reply, "/receipt/consultation"), SCENE_SLUG);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* One thing of the body changed; the whole table of fields stands in the unit suite. */
static const struct {
    const char *pointer, *value, *code, *fault;
} faults[] = {
    {"/publication", "", "required", "/publication"},
    {"/extra", "1", "unknown-field", "/extra"},
    {"/answers/1-1/stance", "\"4\"", "wrong-type", "/answers/1-1/stance"},
    {"/answers/1-1/stance", "6", "unknown-value", "/answers/1-1/stance"},
    {"/priorities", "[\"1-1\",\"1-2\",\"1-3\",\"1-4\"]", "too-many", "/priorities"},
    {"/priorities", "[\"1-1\",\"1-1\"]", "duplicate", "/priorities/1"},
    {"/answers/1-1/remark", "\"\\u0007\"", "bad-text", "/answers/1-1/remark"},
    {"/identity/value", "\"nobody\"", "identity-invalid", "/identity/value"},
    {"/identity/kind", "\"hkid\"", "identity-kind-off", "/identity/kind"},
    {"/answers/1-1", "{}", "not-answered", "/answers/1-1"},
    {"/answers/1-1/version", "9", "version-unknown", "/answers/1-1/version"},
};

START_TEST(one_fault_each)
{
    struct client *client = scene_client(&scene);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char key[FIXTURE_KEY];
        fixture_key(key);
        json_t *body = fixture_submission();
        fixture_set(body, faults[i].pointer,
                    *faults[i].value ? json_loads(faults[i].value, JSON_DECODE_ANY, NULL) : NULL);
        struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
        scene_expect_problem(&reply, 422, "invalid-submission", faults[i].fault);
        ck_assert_str_eq(client_text(&reply, "/errors/0/code"), faults[i].code);
        ck_assert_uint_eq(json_array_size(json_at(reply.json, "/errors")), 1);
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    client_free(client);
}
END_TEST

START_TEST(individual_has_no_name_and_something_to_say)
{
    static const struct {
        const char *pointer, *value, *code;
    } cases[] = {{"/organisation", "\"Society\"", "name-not-allowed"},
                 {"/publication", "\"with-name\"", "name-not-allowed"},
                 {"/answers", "{}", "nothing-said"}};
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3; i++) {
        char key[FIXTURE_KEY];
        fixture_key(key);
        json_t *body = fixture_smallest();
        fixture_set(body, cases[i].pointer, json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
        scene_expect_problem(&reply, 422, "invalid-submission", cases[i].pointer);
        ck_assert_str_eq(client_text(&reply, "/errors/0/code"), cases[i].code);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(all_faults_at_once_in_the_readers_language)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], headers[HEADER_TEXT];
    fixture_key(key);
    snprintf(headers, sizeof headers, "%sAccept-Language: zh-CN\r\n", key);
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/stance", json_integer(9));
    fixture_set(body, "/identity/value", json_string("nobody"));
    fixture_set(body, "/sector", json_string("nowhere"));
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", headers, body);
    scene_expect_problem(&reply, 422, "invalid-submission", NULL);
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/errors")), 3);
    char language[32] = "";
    client_header(&reply, "Content-Language", language, sizeof language);
    ck_assert_str_eq(language, "zh-Hans");
    ck_assert_ptr_null(strstr(reply.body, "nobody")); /* what was sent is never said again */
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* The request as a whole: one thing changed from a good one. */
static const struct {
    const char *key, *type, *headers, *body;
    int status;
    const char *code;
} requests[] = {
    {"", "application/json", "", NULL, 400, "submission-key-missing"},
    {"Idempotency-Key: 1\r\n", "application/json", "", NULL, 400, "submission-key-invalid"},
    {"Idempotency-Key: 00000000-0000-0000-0000-000000000000\r\n", "application/json", "", NULL, 400,
     "submission-key-invalid"},
    {NULL, "text/plain", "", NULL, 415, "unsupported-media-type"},
    {NULL, "multipart/form-data; boundary=x", "", NULL, 415, "unsupported-media-type"},
    {NULL, "application/x-www-form-urlencoded", "", NULL, 415, "unsupported-media-type"},
    {NULL, "application/json", "", "{", 400, "malformed-body"},
    {NULL, "application/json", "", "{\"kind\":1,\"kind\":1}", 400, "malformed-body"},
    {NULL, "application/json", "", "{\"kind\":\"a\\u0000b\"}", 400, "malformed-body"},
    {NULL, "application/json", "", "{\"kind\":\"\xff\"}", 400, "malformed-body"},
    {NULL, "application/json", "Origin: https://elsewhere.example\r\n", NULL, 403, "cross-site"},
    {NULL, "application/json", "Origin: null\r\n", NULL, 403, "cross-site"},
    {NULL, "application/json", "Sec-Fetch-Site: cross-site\r\n", NULL, 403, "cross-site"},
};

START_TEST(requests_refused_as_a_whole)
{
    struct client *client = scene_client(&scene);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        char key[FIXTURE_KEY], headers[HEADER_TEXT];
        fixture_key(key);
        snprintf(headers, sizeof headers, "%s%s", requests[i].key ? requests[i].key : key,
                 requests[i].headers);
        json_t *good = fixture_submission();
        char *text = json_dumps(good, JSON_COMPACT);
        struct client_reply reply = client_run(
            client, &(struct client_ask){.method = "POST",
                                         .path = SCENE_API "/submissions",
                                         .headers = headers,
                                         .type = requests[i].type,
                                         .body = requests[i].body ? requests[i].body : text});
        ck_assert_msg(reply.status == requests[i].status, "case %zu: %d %s", i, reply.status,
                      reply.body);
        scene_expect_problem(&reply, requests[i].status, requests[i].code, NULL);
        client_reply_clear(&reply);
        json_decref(good);
        free(text);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    client_free(client);
}
END_TEST

START_TEST(same_origin_is_welcome)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], headers[HEADER_TEXT];
    fixture_key(key);
    snprintf(headers, sizeof headers, "%sOrigin: %s\r\nSec-Fetch-Site: same-origin\r\n", key,
             server_address(scene.server));
    struct client_reply reply =
        client_post_json(client, SCENE_API "/submissions", headers, fixture_submission());
    ck_assert_msg(reply.status == 201, "%s", reply.body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(size_at_the_limit_and_beyond)
{
    enum { LIMIT = 512 * 1024 };
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    char *body = malloc(LIMIT + 2);
    ck_assert_ptr_nonnull(body);
    memset(body, ' ', LIMIT + 2);
    memcpy(body, "{}", 2);
    fixture_key(key);
    struct client_ask ask = {.method = "POST",
                             .path = SCENE_API "/submissions",
                             .headers = key,
                             .type = "application/json",
                             .body = body,
                             .length = LIMIT};
    struct client_reply whole = client_run(client, &ask);
    scene_expect_problem(&whole, 422, "invalid-submission", NULL);
    ask.length = LIMIT + 1;
    struct client_reply over = client_run(client, &ask);
    scene_expect_problem(&over, 413, "content-too-large", NULL);
    client_reply_clear(&whole);
    client_reply_clear(&over);
    free(body);
    client_free(client);
}
END_TEST

START_TEST(same_key_same_content_same_receipt)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    json_t *body = fixture_submission();
    struct client_reply first =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    ck_assert_int_eq(first.status, 201);
    struct client_reply again =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    ck_assert_int_eq(again.status, 201);
    ck_assert_str_eq(again.body, first.body);
    /* Another spelling of the same content is the same content. */
    json_t *identity = json_at(body, "/identity/value");
    char spelt[80];
    snprintf(spelt, sizeof spelt, " %s ", json_string_value(identity));
    fixture_set(body, "/identity/value", json_string(spelt));
    struct client_reply spelling =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    ck_assert_int_eq(spelling.status, 201);
    ck_assert_str_eq(spelling.body, first.body);
    fixture_set(body, "/answers/1-1/stance", json_integer(2));
    struct client_reply other = client_post_json(client, SCENE_API "/submissions", key, body);
    scene_expect_problem(&other, 422, "submission-key-reused", NULL);
    ck_assert_str_eq(client_text(&other, "/field"), "Idempotency-Key");
    client_reply_clear(&first);
    client_reply_clear(&again);
    client_reply_clear(&spelling);
    client_reply_clear(&other);
    client_free(client);
}
END_TEST

/* The same words and a receipt of its own; only the database knows. */
START_TEST(second_of_one_identity_is_held_and_not_told)
{
    struct client *client = scene_client(&scene);
    json_t *body = fixture_submission();
    struct client_reply first = scene_submit(client, json_deep_copy(body));
    fixture_set(body, "/answers/1-1/stance", json_integer(1));
    struct client_reply second = scene_submit(client, body);
    ck_assert_str_ne(client_text(&first, "/receipt/number"),
                     client_text(&second, "/receipt/number"));
    char sql[256];
    snprintf(sql, sizeof sql,
             "select string_agg(state::text, ' ' order by submission_id) from submissions"
             " where number in ('%s', '%s')",
             client_text(&first, "/receipt/number"), client_text(&second, "/receipt/number"));
    char *states = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(states, "counted held");
    ck_assert_uint_eq(json_object_size(first.json), json_object_size(second.json));
    ck_assert_ptr_null(strstr(second.body, "held"));
    free(states);
    client_reply_clear(&first);
    client_reply_clear(&second);
    client_free(client);
}
END_TEST

START_TEST(read_back_with_the_code_only)
{
    struct client *client = scene_client(&scene);
    json_t *body = fixture_submission();
    struct client_reply recorded = scene_submit(client, json_deep_copy(body));
    char path[PATH_TEXT], header[HEADER_TEXT], scheme[64] = "";
    number_path(&recorded, "", path);
    code_header(&recorded, header);
    struct client_reply none = ask(client, "GET", path, NULL);
    scene_expect_problem(&none, 401, "code-required", NULL);
    ck_assert(client_header(&none, "WWW-Authenticate", scheme, sizeof scheme));
    struct client_reply wrong = ask(client, "GET", path, "Authorization: Receipt 000000000000\r\n");
    scene_expect_problem(&wrong, 403, "code-wrong", NULL);
    struct client_reply nobody =
        ask(client, "GET", "/v1/submissions/0000000000", "Authorization: Receipt 000000000000\r\n");
    ck_assert_int_ne(nobody.status, 200);
    struct client_reply read = ask(client, "GET", path, header);
    ck_assert_msg(read.status == 200, "%s", read.body);
    ck_assert(
        json_equal(json_at(read.json, "/submission/priorities"), json_at(body, "/priorities")));
    ck_assert_int_eq(json_integer_value(json_at(read.json, "/submission/answers/1-1/stance")), 5);
    ck_assert_str_eq(client_text(&read, "/submission/answers/1-1/remark"), "A remark.");
    ck_assert_str_eq(client_text(&read, "/submission/organisation"), "Society of Testers");
    ck_assert_ptr_null(strstr(read.body, "example.org"));
    json_decref(body);
    client_reply_clear(&recorded);
    client_reply_clear(&none);
    client_reply_clear(&wrong);
    client_reply_clear(&nobody);
    client_reply_clear(&read);
    client_free(client);
}
END_TEST

START_TEST(withdrawn_is_erased_and_its_key_still_answers)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], path[PATH_TEXT], header[HEADER_TEXT], sql[256];
    fixture_key(key);
    json_t *body = fixture_submission();
    struct client_reply recorded =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    number_path(&recorded, "", path);
    code_header(&recorded, header);
    struct client_reply withdrawn = ask(client, "DELETE", path, header);
    ck_assert_msg(withdrawn.status == 200, "%s", withdrawn.body);
    struct client_reply twice = ask(client, "DELETE", path, header);
    ck_assert_int_eq(twice.status, 200); /* as when the first reply was lost */
    ck_assert_str_eq(twice.body, withdrawn.body);
    ck_assert_str_eq(client_text(&withdrawn, "/withdrawal/commitment"),
                     client_text(&recorded, "/receipt/commitment"));
    struct client_reply verdict =
        client_post_json(client, "/v1/receipt-verifications", NULL,
                         json_incref(json_at(withdrawn.json, "/withdrawal")));
    ck_assert_str_eq(client_text(&verdict, "/verdict"), "genuine");
    client_reply_clear(&verdict);
    struct client_reply read = ask(client, "GET", path, header);
    ck_assert_int_eq(read.status, 200);
    ck_assert(json_is_true(json_at(read.json, "/withdrawn")));
    ck_assert(json_is_true(json_at(read.json, "/erased")));
    ck_assert_ptr_null(json_at(read.json, "/submission"));
    ck_assert(
        json_equal(json_at(read.json, "/withdrawal"), json_at(withdrawn.json, "/withdrawal")));
    snprintf(sql, sizeof sql,
             "select count(*) from remarks join submissions using (consultation_id, submission_id)"
             " where number = '%s'",
             client_text(&recorded, "/receipt/number"));
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 0);
    fixture_set(body, "/answers/1-1/stance", json_integer(2));
    struct client_reply again = client_post_json(client, SCENE_API "/submissions", key, body);
    ck_assert_int_eq(again.status, 201);
    ck_assert_str_eq(client_text(&again, "/receipt/signature"),
                     client_text(&recorded, "/receipt/signature"));
    client_reply_clear(&recorded);
    client_reply_clear(&withdrawn);
    client_reply_clear(&twice);
    client_reply_clear(&read);
    client_reply_clear(&again);
    client_free(client);
}
END_TEST

START_TEST(amended_takes_the_place_of_the_first)
{
    struct client *client = scene_client(&scene);
    struct client_reply recorded = scene_submit(client, fixture_submission());
    char path[PATH_TEXT], own[PATH_TEXT], headers[HEADER_TEXT], code[HEADER_TEXT / 2],
        key[FIXTURE_KEY], sql[256];
    number_path(&recorded, "/amendments", path);
    number_path(&recorded, "", own);
    snprintf(code, sizeof code, "Authorization: Receipt %s\r\n", client_text(&recorded, "/code"));
    fixture_key(key);
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/stance", json_integer(2));
    snprintf(headers, sizeof headers, "%s%s", key, code);
    struct client_reply with_identity =
        client_post_json(client, path, headers, json_deep_copy(body));
    scene_expect_problem(&with_identity, 422, "invalid-submission", "/identity");
    fixture_set(body, "/identity", NULL);
    struct client_reply without_code = client_post_json(client, path, key, json_deep_copy(body));
    scene_expect_problem(&without_code, 401, "code-required", NULL);
    struct client_reply amended = client_post_json(client, path, headers, json_deep_copy(body));
    ck_assert_msg(amended.status == 201, "%s", amended.body);
    snprintf(sql, sizeof sql,
             "select string_agg(state::text, ' ' order by submission_id) from submissions"
             " where number in ('%s', '%s')",
             client_text(&recorded, "/receipt/number"), client_text(&amended, "/receipt/number"));
    char *states = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(states, "superseded counted");
    free(states);
    fixture_key(key);
    snprintf(headers, sizeof headers, "%s%s", key, code);
    struct client_reply twice = client_post_json(client, path, headers, body);
    scene_expect_problem(&twice, 409, "already-superseded", NULL);
    code[strcspn(code, "\r")] = '\0';
    snprintf(headers, sizeof headers, "%s\r\n", code);
    struct client_reply withdrawn = ask(client, "DELETE", own, headers);
    scene_expect_problem(&withdrawn, 409, "already-superseded", NULL);
    client_reply_clear(&recorded);
    client_reply_clear(&with_identity);
    client_reply_clear(&without_code);
    client_reply_clear(&amended);
    client_reply_clear(&twice);
    client_reply_clear(&withdrawn);
    client_free(client);
}
END_TEST

START_TEST(language_is_the_requests_if_none_is_said)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], headers[HEADER_TEXT], sql[128];
    fixture_key(key);
    snprintf(headers, sizeof headers, "%sAccept-Language: zh-CN\r\n", key);
    json_t *body = fixture_submission();
    fixture_set(body, "/language", NULL);
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", headers, body);
    ck_assert_msg(reply.status == 201, "%s", reply.body);
    snprintf(sql, sizeof sql, "select language from submissions where number = '%s'",
             client_text(&reply, "/receipt/number"));
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 2);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(no_such_consultation)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    struct client_reply reply =
        client_post_json(client, "/v1/consultations/none/submissions", key, fixture_submission());
    scene_expect_problem(&reply, 404, "not-found", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Byte for byte: strings that mean something to SQL, HTML, CSV or C come back as they went in. */
START_TEST(hostile_text_is_text)
{
    static const char *const texts[] = {
        "'; drop table consultation.submissions; --",
        "\\'; $$ %s %n {{{x}}} {{> s.a}}",
        "<script>alert(1)</script>&amp;",
        "=cmd|' /C calc'!A0",
        /* NOLINTNEXTLINE(misc-misleading-bidirectional): marks are kept */
        "\xe2\x80\xae\xd7\x90 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac",
        "\t\ttabs\nand lines",
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *body = fixture_submission();
        fixture_set(body, "/answers/1-1/remark", json_string(texts[i]));
        struct client_reply recorded = scene_submit(client, body);
        char path[PATH_TEXT], header[HEADER_TEXT];
        number_path(&recorded, "", path);
        code_header(&recorded, header);
        struct client_reply read = ask(client, "GET", path, header);
        ck_assert_msg(strstr(client_text(&read, "/submission/answers/1-1/remark"), "tabs") ||
                          strcmp(client_text(&read, "/submission/answers/1-1/remark"), texts[i]) ==
                              0,
                      "%s", read.body);
        client_reply_clear(&recorded);
        client_reply_clear(&read);
    }
    client_free(client);
}
END_TEST

START_TEST(tallies_equal_the_rows)
{
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
}
END_TEST

SCENE_MAIN("submission", NULL, recorded_with_location_and_receipt, one_fault_each,
           individual_has_no_name_and_something_to_say, all_faults_at_once_in_the_readers_language,
           requests_refused_as_a_whole, same_origin_is_welcome, size_at_the_limit_and_beyond,
           same_key_same_content_same_receipt, second_of_one_identity_is_held_and_not_told,
           read_back_with_the_code_only, withdrawn_is_erased_and_its_key_still_answers,
           amended_takes_the_place_of_the_first, language_is_the_requests_if_none_is_said,
           no_such_consultation, hostile_text_is_text, tallies_equal_the_rows)
