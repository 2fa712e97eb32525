/* Proof-of-work over HTTP: solved, it marks a submission as challenged; it is good for one
 * submission key, whoever of two servers is asked; a receipt that was given is given again whatever
 * the solution; a person's form is never refused for it. */
#include "base/buf.h"
#include "domain/proof_of_work.h"
#include "support/scene.h"
#include "support/solver.h"

#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 64, HOUR_S = 3600 };

static struct scene scene;
static const char *const settings[] = {"proof_of_work_most=2000", "submissions_per_prefix=0", NULL};

static json_t *challenge_of(struct client *client, const char *slug, const char *key)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/consultations/%s/proof-of-work", slug);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.path = path, .headers = key});
    char cache[64];
    ck_assert_int_eq(reply.status, 200);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    json_t *challenge = json_incref(reply.json);
    client_reply_clear(&reply);
    return challenge;
}

/* A right solution for the submission key of that header. */
static char *solution_for(struct client *client, const char *slug, const char *key)
{
    json_t *challenge = challenge_of(client, slug, key);
    json_int_t number = solver_number(challenge);
    ck_assert_int_ge(number, 0);
    char *payload = solver_payload(solver_solution(challenge, number));
    json_decref(challenge);
    return payload;
}

static json_t *with_proof(const json_t *submission, const char *payload)
{
    json_t *body = json_deep_copy(submission);
    fixture_set(body, "/proof_of_work", json_string(payload));
    return body;
}

static struct client_reply send_one(struct client *client, const char *key, json_t *body)
{
    return client_post_json(client, SCENE_API "/submissions", key, body);
}

static int64_t rows(void)
{
    return cluster_number(scene.cluster, "select count(*) from submissions");
}

/* 1: unchallenged; 0: not; of the submission that the reply's receipt is of. */
static int64_t unchallenged(const struct client_reply *reply)
{
    char sql[128];
    ck_assert_int_eq(reply->status, 201);
    snprintf(sql, sizeof sql, "select unchallenged::int from submissions where number = '%s'",
             client_text(reply, "/receipt/number"));
    return cluster_number(scene.cluster, sql);
}

static void expect_problem(const struct client_reply *reply, int status, const char *code,
                           const char *field)
{
    scene_expect_problem(reply, status, code, NULL);
    ck_assert_str_eq(client_text(reply, "/field"), field);
}

START_TEST(solved_or_not)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    char *payload = solution_for(client, SCENE_SLUG, key);
    json_t *body = fixture_submission();
    struct client_reply reply = send_one(client, key, with_proof(body, payload));
    ck_assert_int_eq(unchallenged(&reply), 0);
    client_reply_clear(&reply);
    fixture_key(key);
    reply = send_one(client, key, fixture_smallest());
    ck_assert_int_eq(unchallenged(&reply), 1);
    client_reply_clear(&reply);
    json_decref(body);
    free(payload);
    client_free(client);
}
END_TEST

START_TEST(challenge_needs_a_key_and_a_consultation)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_get(client, SCENE_API "/proof-of-work");
    expect_problem(&reply, 400, "submission-key-missing", "Idempotency-Key");
    client_reply_clear(&reply);
    reply = client_run(client, &(struct client_ask){.path = SCENE_API "/proof-of-work",
                                                    .headers = "Idempotency-Key: words\r\n"});
    expect_problem(&reply, 400, "submission-key-invalid", "Idempotency-Key");
    client_reply_clear(&reply);
    char key[FIXTURE_KEY];
    fixture_key(key);
    reply = client_run(client, &(struct client_ask){.path = "/v1/consultations/none/proof-of-work",
                                                    .headers = key});
    scene_expect_problem(&reply, 404, "not-found", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

static void expect_refused(struct client *client, const char *key, json_t *body, const char *code)
{
    int64_t before = rows();
    struct client_reply reply = send_one(client, key, body);
    expect_problem(&reply, 422, code, "/proof_of_work");
    ck_assert_int_eq(rows(), before);
    client_reply_clear(&reply);
}

START_TEST(wrong_solutions)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], other[FIXTURE_KEY];
    json_t *body = fixture_smallest();
    fixture_key(key);
    fixture_key(other);
    char *foreign = solution_for(client, SCENE_REHEARSAL, key);
    char *others = solution_for(client, SCENE_SLUG, other);
    json_t *challenge = challenge_of(client, SCENE_SLUG, key);
    char *unsolved = solver_payload(solver_solution(challenge, solver_number(challenge) + 1));
    expect_refused(client, key, with_proof(body, foreign), "proof-of-work-wrong");
    expect_refused(client, key, with_proof(body, others), "proof-of-work-wrong");
    expect_refused(client, key, with_proof(body, unsolved), "proof-of-work-wrong");
    expect_refused(client, key, with_proof(body, ""), "proof-of-work-wrong");
    json_t *typed = json_deep_copy(body);
    fixture_set(typed, "/proof_of_work", json_integer(7));
    struct client_reply reply = send_one(client, key, typed);
    scene_expect_problem(&reply, 422, "invalid-submission", "/proof_of_work");
    client_reply_clear(&reply);
    /* Left out, it is taken after all. */
    reply = send_one(client, key, body);
    ck_assert_int_eq(unchallenged(&reply), 1);
    client_reply_clear(&reply);
    json_decref(challenge);
    free(foreign);
    free(others);
    free(unsolved);
    client_free(client);
}
END_TEST

static int64_t hours_ago(void *context)
{
    return clock_utc_us(&clock_system) - *(const int *)context * (int64_t)HOUR_S * 1000000;
}

/* Made by the server's own keys so many hours ago. */
static char *solution_of_old(const char *key_header, int hours)
{
    char error[256], text[UUID_TEXT + 1];
    struct uuid key;
    struct clock clock = clock_system;
    clock.utc_us = hours_ago;
    clock.context = &hours;
    snprintf(text, sizeof text, "%s", key_header + strlen("Idempotency-Key: "));
    ck_assert(parse_uuid(text, &key));
    ck_assert_int_ge(sodium_init(), 0);
    struct keys *keys = keys_load(scene.keys_folder, error, sizeof error);
    ck_assert_msg(keys != NULL, "%s", error);
    json_t *challenge = proof_of_work_challenge(keys, &clock, SCENE_SLUG, &key, 100);
    char *payload = solver_payload(solver_solution(challenge, solver_number(challenge)));
    json_decref(challenge);
    keys_free(keys);
    return payload;
}

START_TEST(expired)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    json_t *body = fixture_smallest();
    fixture_key(key);
    char *payload = solution_of_old(key, 5);
    expect_refused(client, key, with_proof(body, payload), "proof-of-work-expired");
    free(payload);
    payload = solution_of_old(key, 3);
    struct client_reply reply = send_one(client, key, with_proof(body, payload));
    ck_assert_int_eq(unchallenged(&reply), 0);
    client_reply_clear(&reply);
    json_decref(body);
    free(payload);
    client_free(client);
}
END_TEST

/* Before the solution is judged: the key and the content had a receipt. */
START_TEST(repeated_one_gets_its_receipt)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    json_t *body = fixture_submission();
    fixture_key(key);
    char *payload = solution_for(client, SCENE_SLUG, key), *old = solution_of_old(key, 5);
    struct client_reply first = send_one(client, key, with_proof(body, payload));
    ck_assert_int_eq(unchallenged(&first), 0);
    const char *const proofs[] = {payload, old, "forged"};
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
        struct client_reply again = send_one(client, key, with_proof(body, proofs[i]));
        ck_assert_int_eq(again.status, 201);
        ck_assert_str_eq(again.body, first.body);
        client_reply_clear(&again);
    }
    fixture_set(body, "/answers/1-1/stance", json_integer(1));
    expect_refused(client, key, with_proof(body, old), "proof-of-work-expired");
    struct client_reply changed = send_one(client, key, with_proof(body, payload));
    expect_problem(&changed, 422, "submission-key-reused", "Idempotency-Key");
    client_reply_clear(&changed);
    client_reply_clear(&first);
    json_decref(body);
    free(payload);
    free(old);
    client_free(client);
}
END_TEST

struct sender {
    pthread_t thread;
    const char *address;
    char key[FIXTURE_KEY];
    json_t *body; /* stolen */
    int status;
    char number[16];
};

static void *sender_run(void *context)
{
    struct sender *sender = context;
    struct client *client = client_new(sender->address);
    struct client_reply reply = send_one(client, sender->key, sender->body);
    sender->status = reply.status;
    snprintf(sender->number, sizeof sender->number, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
    client_free(client);
    return NULL;
}

/* One solution 64 times at once over two servers, under one key (`same`) or under a key each. */
static void send_many(struct sender senders[MANY], const char *payload, const char *key, bool same,
                      const char *const addresses[2])
{
    json_t *body = fixture_smallest();
    for (int i = 0; i < MANY; i++) {
        senders[i] =
            (struct sender){.address = addresses[i % 2], .body = with_proof(body, payload)};
        fixture_key(senders[i].key);
        if (same)
            memcpy(senders[i].key, key, FIXTURE_KEY);
    }
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(pthread_create(&senders[i].thread, NULL, sender_run, &senders[i]), 0);
    for (int i = 0; i < MANY; i++)
        pthread_join(senders[i].thread, NULL);
    json_decref(body);
}

START_TEST(good_once_for_two_servers)
{
    struct sender senders[MANY];
    struct server *second = server_start(&scene.options);
    ck_assert_ptr_nonnull(second);
    const char *const addresses[] = {server_address(scene.server), server_address(second)};
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    char *payload = solution_for(client, SCENE_SLUG, key);
    int64_t before = rows();
    send_many(senders, payload, key, false, addresses);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(senders[i].status, 422);
    ck_assert_int_eq(rows(), before);
    send_many(senders, payload, key, true, addresses);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(senders[i].status, 201);
        ck_assert_str_eq(senders[i].number, senders[0].number);
    }
    ck_assert_int_eq(rows(), before + 1);
    free(payload);
    client_free(client);
    ck_assert_int_eq(server_stop(second, SIGTERM), 0);
}
END_TEST

/* The value of an attribute of the page, unescaped. Caller frees. */
static char *attribute(const char *page, const char *name)
{
    static const char *const escapes[][2] = {{"&quot;", "\""}, {"&amp;", "&"}};
    char begin[64];
    struct buf value = {0};
    snprintf(begin, sizeof begin, "%s=\"", name);
    const char *at = strstr(page, begin);
    ck_assert_msg(at != NULL, "%s is missing", name);
    at += strlen(begin);
    while (*at && *at != '"') {
        size_t i = 0;
        while (i < 2 && strncmp(at, escapes[i][0], strlen(escapes[i][0])) != 0)
            i++;
        buf_byte(&value, i < 2 ? *escapes[i][1] : *at);
        at += i < 2 ? strlen(escapes[i][0]) : 1;
    }
    return buf_take(&value, NULL);
}

/* What a browser with scripts reads from the form: the key as a header, and the challenge. */
static json_t *challenge_of_page(const char *page, char key_header[FIXTURE_KEY])
{
    char *key = attribute(page, "data-key"), *text = attribute(page, "data-challenge");
    json_t *challenge = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(challenge);
    snprintf(key_header, FIXTURE_KEY, "Idempotency-Key: %s\r\n", key);
    free(key);
    free(text);
    return challenge;
}

/* Nobody who fills in a form can mend what a script did for them. */
START_TEST(form_is_never_refused_for_it)
{
    struct client *client = scene_client(&scene);
    for (int i = 0; i < 4; i++) {
        char key[FIXTURE_KEY];
        struct client_reply page = client_get(client, "/en/consultations/" SCENE_SLUG "/answer");
        json_t *challenge = challenge_of_page(page.body, key);
        char *payloads[] = {solver_payload(solver_solution(challenge, solver_number(challenge))),
                            solution_of_old(key, 5), strdup("forged"), strdup("")};
        char *state = fixture_form_state(page.body);
        json_t *body = fixture_smallest();
        char *form = fixture_form(body, state);
        form = fixture_form_add(form, "/proof_of_work", payloads[i]);
        struct client_reply reply = client_run(
            client, &(struct client_ask){.method = "POST",
                                         .path = "/en/consultations/" SCENE_SLUG "/submissions",
                                         .type = "application/x-www-form-urlencoded",
                                         .body = form});
        ck_assert_int_eq(reply.status, 201);
        ck_assert_int_eq(cluster_number(scene.cluster, "select unchallenged::int from submissions"
                                                       " order by submission_id desc limit 1"),
                         i > 0);
        client_reply_clear(&reply);
        client_reply_clear(&page);
        json_decref(challenge);
        json_decref(body);
        free(form);
        free(state);
        for (int n = 0; n < 4; n++)
            free(payloads[n]);
    }
    client_free(client);
}
END_TEST

SCENE_MAIN("proof_of_work", settings, solved_or_not, challenge_needs_a_key_and_a_consultation,
           wrong_solutions, expired, repeated_one_gets_its_receipt, good_once_for_two_servers,
           form_is_never_refused_for_it)
