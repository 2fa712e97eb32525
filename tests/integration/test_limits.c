/* A network's share of submissions, and of wrong codes: it loses no text, keeps nobody from a
 * receipt that was given, and is nobody else's. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE = 3, TRIES_NUMBER = 2, TRIES_ALL = 4, HEADER_TEXT = 64 };

static struct scene scene;
static const char *const limited[] = {"submissions_per_prefix=3", "code_tries_per_number=2",
                                      "code_tries_per_prefix=4", NULL};

/* Another person to the limits: every test comes from a network of its own. */
static struct client *client_of(const char *source)
{
    return client_new_from(server_address(scene.server), source);
}

static void use_share(struct client *client)
{
    for (int i = 0; i < SHARE; i++) {
        struct client_reply reply = scene_submit(client, fixture_smallest());
        client_reply_clear(&reply);
    }
}

static void expect_wait(const struct client_reply *reply)
{
    char seconds[16];
    ck_assert(client_header(reply, "Retry-After", seconds, sizeof seconds));
    ck_assert_int_ge(strtol(seconds, NULL, 10), 1);
    ck_assert_int_le(strtol(seconds, NULL, 10), 600);
}

START_TEST(share_is_used_up)
{
    struct client *client = client_of("127.0.0.11"), *other = client_of("127.0.0.12");
    char key[FIXTURE_KEY];
    use_share(client);
    int64_t rows = cluster_number(scene.cluster, "select count(*) from submissions");
    fixture_key(key);
    struct client_reply reply =
        client_post_json(client, SCENE_API "/submissions", key, fixture_smallest());
    scene_expect_problem(&reply, 429, "too-many-requests", NULL);
    expect_wait(&reply);
    client_reply_clear(&reply);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), rows);
    reply = scene_submit(other, fixture_smallest());
    client_reply_clear(&reply);
    client_free(client);
    client_free(other);
}
END_TEST

/* What is refused for its faults uses nothing up. */
START_TEST(faults_cost_nothing)
{
    struct client *client = client_of("127.0.0.13");
    for (int i = 0; i < 2 * SHARE; i++) {
        char key[FIXTURE_KEY];
        json_t *body = fixture_smallest();
        fixture_set(body, "/kind", json_string("robot"));
        fixture_key(key);
        struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
        scene_expect_problem(&reply, 422, "invalid-submission", "/kind");
        client_reply_clear(&reply);
    }
    use_share(client);
    client_free(client);
}
END_TEST

START_TEST(repeated_one_gets_its_receipt)
{
    struct client *client = client_of("127.0.0.14");
    char key[FIXTURE_KEY];
    json_t *body = fixture_smallest();
    fixture_key(key);
    struct client_reply first =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    ck_assert_int_eq(first.status, 201);
    for (int i = 1; i < SHARE; i++) {
        struct client_reply reply = scene_submit(client, fixture_smallest());
        client_reply_clear(&reply);
    }
    struct client_reply again =
        client_post_json(client, SCENE_API "/submissions", key, json_deep_copy(body));
    ck_assert_int_eq(again.status, 201);
    ck_assert_str_eq(again.body, first.body);
    fixture_set(body, "/answers/1-1/stance", json_integer(1));
    struct client_reply changed = client_post_json(client, SCENE_API "/submissions", key, body);
    scene_expect_problem(&changed, 429, "too-many-requests", NULL);
    client_reply_clear(&first);
    client_reply_clear(&again);
    client_reply_clear(&changed);
    client_free(client);
}
END_TEST

/* Looking for an earlier receipt has a share of its own, and then that is used up too. */
START_TEST(flood_is_cut_short)
{
    struct client *client = client_of("127.0.0.15");
    use_share(client);
    for (int i = 0; i < 3 * SHARE; i++) {
        char key[FIXTURE_KEY];
        fixture_key(key);
        struct client_reply reply =
            client_post_json(client, SCENE_API "/submissions", key, fixture_smallest());
        scene_expect_problem(&reply, 429, "too-many-requests", NULL);
        expect_wait(&reply);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(form_keeps_what_was_typed)
{
    struct client *client = client_of("127.0.0.16");
    char identity[64], *state = scene_form_state(client);
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/remark", json_string("Words that took an evening <b>"));
    snprintf(identity, sizeof identity, "%s", json_string_value(json_at(body, "/identity/value")));
    use_share(client);
    char *form = fixture_form(body, state);
    struct client_reply reply = client_run(
        client, &(struct client_ask){.method = "POST",
                                     .path = "/en/consultations/" SCENE_SLUG "/submissions",
                                     .type = "application/x-www-form-urlencoded",
                                     .body = form});
    ck_assert_int_eq(reply.status, 429);
    expect_wait(&reply);
    ck_assert_ptr_nonnull(strstr(reply.body, "Too many requests"));
    ck_assert_ptr_nonnull(strstr(reply.body, "You can try again in "));
    ck_assert_ptr_null(strstr(reply.body, identity));
    /* It is sealed in the page, and seen one step back. */
    free(form);
    free(state);
    state = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(state);
    client_reply_clear(&reply);
    form = fixture_form_add(NULL, "/state", state);
    form = fixture_form_add(form, "/step", "identity");
    form = fixture_form_add(form, "/go", "back");
    reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/en/consultations/" SCENE_SLUG "/answer",
                                                .type = "application/x-www-form-urlencoded",
                                                .body = form});
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "Words that took an evening &lt;b&gt;"));
    ck_assert_ptr_nonnull(strstr(reply.body, "Society of Testers"));
    ck_assert_ptr_null(strstr(reply.body, identity));
    free(form);
    free(state);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

static struct client_reply read_back(struct client *client, const char *number, const char *code)
{
    char header[HEADER_TEXT], path[HEADER_TEXT];
    snprintf(header, sizeof header, "Authorization: Receipt %s\r\n", code);
    snprintf(path, sizeof path, "/v1/submissions/%s", number);
    return client_run(client, &(struct client_ask){.path = path, .headers = header});
}

static void expect_reading(struct client *client, const char *number, const char *code, int status,
                           const char *problem)
{
    struct client_reply reply = read_back(client, number, code);
    if (problem)
        scene_expect_problem(&reply, status, problem, NULL);
    else
        ck_assert_int_eq(reply.status, status);
    client_reply_clear(&reply);
}

/* Per number and network: the right code does not help there any more, and helps from anywhere
 * else. */
START_TEST(wrong_codes_of_one_number)
{
    struct client *client = client_of("127.0.0.17"), *other = client_of("127.0.0.18");
    struct client_reply recorded = scene_submit(client, fixture_smallest());
    char number[16], code[16];
    snprintf(number, sizeof number, "%s", client_text(&recorded, "/receipt/number"));
    snprintf(code, sizeof code, "%s", client_text(&recorded, "/code"));
    for (int i = 0; i < 10; i++)
        expect_reading(client, number, code, 200, NULL);
    for (int i = 0; i < TRIES_NUMBER; i++)
        expect_reading(client, number, "000000000000", 403, "code-wrong");
    expect_reading(client, number, "000000000000", 429, "too-many-requests");
    expect_reading(client, number, code, 429, "too-many-requests");
    /* Its page says so beside the field, and for how long. */
    char path[64];
    snprintf(path, sizeof path, "/en/receipts/%s/submission", number);
    struct client_reply page =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = path,
                                                .type = "application/x-www-form-urlencoded",
                                                .body = "%2Fcode=000000000000"});
    ck_assert_int_eq(page.status, 429);
    ck_assert_ptr_nonnull(strstr(page.body, "Too many wrong codes have been tried. You can try "));
    client_reply_clear(&page);
    expect_reading(other, number, code, 200, NULL);
    client_reply_clear(&recorded);
    client_free(client);
    client_free(other);
}
END_TEST

/* In all, over different numbers. */
START_TEST(wrong_codes_of_many_numbers)
{
    static const char *const senders[] = {"127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4",
                                          "127.0.1.5"};
    struct client *client = client_of("127.0.0.19");
    for (int i = 0; i <= TRIES_ALL; i++) {
        struct client *sender = client_of(senders[i]);
        struct client_reply recorded = scene_submit(sender, fixture_smallest());
        bool more = i < TRIES_ALL;
        expect_reading(client, client_text(&recorded, "/receipt/number"), "000000000000",
                       more ? 403 : 429, more ? "code-wrong" : "too-many-requests");
        client_reply_clear(&recorded);
        client_free(sender);
    }
    client_free(client);
}
END_TEST

SCENE_MAIN("limits", limited, share_is_used_up, faults_cost_nothing, repeated_one_gets_its_receipt,
           flood_is_cut_short, form_keeps_what_was_typed, wrong_codes_of_one_number,
           wrong_codes_of_many_numbers)
