/* The database away, frozen and back without a restart of the server; the queue full; a server
 * killed. */
#include "support/scene.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int submit(struct client *client, const char *key, json_t *body, char number[16])
{
    char own[FIXTURE_KEY], retry[16] = "";
    fixture_key(own);
    struct client_reply reply =
        client_post_json(client, SCENE_API "/submissions", key ? key : own, body);
    int status = reply.status;
    if (status == 503)
        ck_assert_msg(client_header(&reply, "Retry-After", retry, sizeof retry), "%s", reply.head);
    if (number)
        snprintf(number, 16, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
    return status;
}

/* Until one is recorded again, for twenty seconds at the most. */
static void await_recorded(struct client *client)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    int64_t end = now_ms() + 20000;
    int status = 0;
    while (now_ms() < end && (status = submit(client, NULL, fixture_smallest(), NULL)) != 201) {
        ck_assert_int_eq(status, 503);
        nanosleep(&pause, NULL);
    }
    ck_assert_int_eq(status, 201);
}

static int read_status(struct client *client, const char *path)
{
    struct client_reply reply = client_get(client, path);
    int status = reply.status;
    client_reply_clear(&reply);
    return status;
}

START_TEST(database_away_and_back)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGKILL};
    scene_open(&scene, NULL);
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(submit(client, NULL, fixture_smallest(), NULL), 201);
        cluster_stop(scene.cluster, signals[i]);
        /* A backend that outlives its killed postmaster by a moment may still commit, truly. */
        int status = submit(client, NULL, fixture_smallest(), NULL);
        ck_assert(status == 503 || (status == 201 && signals[i] == SIGKILL));
        ck_assert_int_eq(read_status(client, SCENE_API "/measures/1-1"), 200);
        ck_assert_int_eq(read_status(client, "/en/consultations/" SCENE_SLUG), 200);
        ck_assert_int_eq(read_status(client, "/v1/receipts/0000000000"), 503);
        cluster_start(scene.cluster);
        await_recorded(client);
    }
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
    client_free(client);
    scene_close(&scene);
}
END_TEST

/* Nobody waits for a database that says nothing: 503 in bounded time, and the same key finds out
 * what became of it. */
START_TEST(database_frozen)
{
    scene_open(&scene, NULL);
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], number[16] = "", again[16] = "", sql[160];
    fixture_key(key);
    json_t *body = fixture_smallest();
    ck_assert_int_eq(submit(client, NULL, fixture_smallest(), NULL), 201);
    cluster_freeze(scene.cluster, true);
    int64_t started = now_ms();
    ck_assert_int_eq(submit(client, key, json_deep_copy(body), NULL), 503);
    ck_assert_int_lt(now_ms() - started, 18000);
    ck_assert_int_eq(read_status(client, SCENE_API "/measures/1-1"), 200);
    cluster_freeze(scene.cluster, false);
    await_recorded(client);
    ck_assert_int_eq(submit(client, key, json_deep_copy(body), number), 201);
    ck_assert_int_eq(submit(client, key, body, again), 201);
    ck_assert_str_eq(number, again);
    snprintf(sql, sizeof sql, "select count(*) from submissions where number = '%s'", number);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 1);
    client_free(client);
    scene_close(&scene);
}
END_TEST

enum { CROWD = 24, PLACES = 4 };

struct one {
    pthread_t thread;
    int status;
    int64_t took_ms;
};

static void *send_one(void *context)
{
    struct one *one = context;
    struct client *client = scene_client(&scene);
    int64_t started = now_ms();
    one->status = submit(client, NULL, fixture_smallest(), NULL);
    one->took_ms = now_ms() - started;
    client_free(client);
    return NULL;
}

/* Four places: whoever finds none is told so within a second, the others wait their bounded time;
 * nobody starves. */
START_TEST(queue_full)
{
    static const char *const set[] = {"queue_places=4", "queue_wait_ms=3000",
                                      "submissions_per_prefix=0", NULL};
    struct one crowd[CROWD];
    int at_once = 0, later = 0;
    scene_open(&scene, set);
    struct client *client = scene_client(&scene);
    ck_assert_int_eq(submit(client, NULL, fixture_smallest(), NULL), 201);
    /* Holds the writer: its batch waits for this lock. */
    cluster_hold(scene.cluster, "lock table consultation.submissions in exclusive mode");
    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(pthread_create(&crowd[i].thread, NULL, send_one, &crowd[i]), 0);
    /* Reads go on while all of them are suspended. */
    ck_assert_int_eq(read_status(client, SCENE_API "/measures/2-1"), 200);
    for (int i = 0; i < CROWD; i++) {
        pthread_join(crowd[i].thread, NULL);
        ck_assert_int_eq(crowd[i].status, 503);
        at_once += crowd[i].took_ms < 1000;
        later += crowd[i].took_ms >= 1000;
        ck_assert_int_lt(crowd[i].took_ms, 15000);
    }
    ck_assert_int_ge(at_once, CROWD - 3 * PLACES);
    ck_assert_int_ge(later, 1);
    cluster_let_go(scene.cluster);
    await_recorded(client);
    client_free(client);
    scene_close(&scene);
}
END_TEST

/* Killed with what it had accepted: every receipt given has its row, and another server goes on. */
START_TEST(server_killed)
{
    enum { GIVEN = 50 };
    char numbers[GIVEN][16], sql[160];
    scene_open(&scene, NULL);
    struct client *client = scene_client(&scene);
    for (int i = 0; i < GIVEN; i++)
        ck_assert_int_eq(submit(client, NULL, fixture_smallest(), numbers[i]), 201);
    ck_assert_int_eq(server_stop(scene.server, SIGKILL), 128 + SIGKILL);
    client_free(client);
    scene_serve(&scene);
    client = scene_client(&scene);
    for (int i = 0; i < GIVEN; i++) {
        snprintf(sql, sizeof sql, "select count(*) from submissions where number = '%.15s'",
                 numbers[i]);
        ck_assert_int_eq(cluster_number(scene.cluster, sql), 1);
    }
    ck_assert_int_eq(submit(client, NULL, fixture_smallest(), NULL), 201);
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
    client_free(client);
    scene_close(&scene);
}
END_TEST

/* Each opens a scene of its own: what it kills is a child of its own process. */
int main(void)
{
    const TTest *const tests[] = {database_away_and_back, database_frozen, queue_full,
                                  server_killed};
    Suite *suite = suite_create("away");
    TCase *tcase = tcase_create("away");
    tcase_set_timeout(tcase, 120);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
