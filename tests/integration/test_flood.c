/* T4: a script sends a hundred thousand submissions from one network. Its share lands, nothing else
 * does, and the others do not notice. */
#include "support/scene.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FLOOD = 100000, SCRIPTS = 8, SHARE = 60, WINDOW_S = 600, PERSONS_MOST = 5000 };

static struct scene scene;
static const char *const usual[] = {"submissions_per_prefix=60", NULL};

struct script {
    pthread_t thread;
    struct client *client;
    char *body;
    int recorded, refused, other;
};

static atomic_int scripts_running;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void *script_run(void *context)
{
    struct script *script = context;
    for (int i = 0; i < FLOOD / SCRIPTS; i++) {
        char key[FIXTURE_KEY];
        fixture_key(key);
        struct client_reply reply =
            client_run(script->client, &(struct client_ask){.method = "POST",
                                                            .path = SCENE_API "/submissions",
                                                            .headers = key,
                                                            .type = "application/json",
                                                            .body = script->body});
        if (reply.status == 201)
            script->recorded++;
        else if (reply.status == 429)
            script->refused++;
        else
            script->other++;
        client_reply_clear(&reply);
    }
    atomic_fetch_sub(&scripts_running, 1);
    return NULL;
}

static void scripts_start(struct script scripts[SCRIPTS])
{
    atomic_store(&scripts_running, SCRIPTS);
    for (int i = 0; i < SCRIPTS; i++) {
        json_t *body = fixture_smallest();
        scripts[i] = (struct script){
            .client = client_new_from(server_address(scene.server), "127.0.0.66"),
            .body = json_dumps(body, JSON_COMPACT),
        };
        json_decref(body);
        ck_assert_int_eq(pthread_create(&scripts[i].thread, NULL, script_run, &scripts[i]), 0);
    }
}

static int by_size(const void *left, const void *right)
{
    double l = *(const double *)left, r = *(const double *)right;
    return (l > r) - (l < r);
}

/* People who take part meanwhile, one after another, each from a network of their own. Gives how
 * many, and how long each one waited, in ascending order. */
static int persons_take_part(double waits_ms[PERSONS_MOST])
{
    int persons = 0;
    while (atomic_load(&scripts_running) > 0 && persons < PERSONS_MOST) {
        char source[24];
        snprintf(source, sizeof source, "127.0.%d.%d", 1 + persons / 200, 1 + persons % 200);
        struct client *client = client_new_from(server_address(scene.server), source);
        double begin = now_ms();
        struct client_reply reply = scene_submit(client, fixture_submission());
        waits_ms[persons++] = now_ms() - begin;
        client_reply_clear(&reply);
        client_free(client);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    qsort(waits_ms, (size_t)persons, sizeof *waits_ms, by_size);
    return persons;
}

START_TEST(others_do_not_notice)
{
    static double waits_ms[PERSONS_MOST];
    struct script scripts[SCRIPTS];
    int recorded = 0, refused = 0, other = 0;
    unsetenv("RECORD_REPLIES"); /* a hundred thousand times the same one */
    double begin = now_ms();
    scripts_start(scripts);
    int persons = persons_take_part(waits_ms);
    for (int i = 0; i < SCRIPTS; i++) {
        pthread_join(scripts[i].thread, NULL);
        recorded += scripts[i].recorded;
        refused += scripts[i].refused;
        other += scripts[i].other;
        free(scripts[i].body);
        client_free(scripts[i].client);
    }
    double seconds = (now_ms() - begin) / 1e3;
    ck_assert_int_gt(persons, 0); /* each of them was recorded; how long they waited is printed */
    printf("%d sent in %.1f s: %d recorded, %d refused; %d others waited %.1f ms, %.1f at p95\n",
           FLOOD, seconds, recorded, refused, persons, waits_ms[persons / 2],
           waits_ms[persons * 95 / 100]);
    ck_assert_int_eq(other, 0);
    ck_assert_int_ge(recorded, SHARE);
    ck_assert_int_le(recorded, SHARE + 1 + (int)(seconds * SHARE / WINDOW_S));
    ck_assert_int_eq(recorded + refused, FLOOD);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"),
                     recorded + persons);
}
END_TEST

SCENE_MAIN("flood", usual, others_do_not_notice)
