/* The time of 500 tries tells nobody whether an identity took part before: half of them are held,
 * half counted, in turns. */
#include "base/clock.h"
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>

enum { TRIES = 250, CLOSE_US = 300 };

static struct scene scene;

static int64_t send_timed(struct client *client, json_t *body)
{
    char key[FIXTURE_KEY];
    fixture_key(key);
    int64_t before = clock_monotonic_us(&clock_system);
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
    int64_t took = clock_monotonic_us(&clock_system) - before;
    ck_assert_int_eq(reply.status, 201);
    client_reply_clear(&reply);
    return took;
}

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t median(int64_t *times)
{
    qsort(times, TRIES, sizeof *times, by_size);
    return times[TRIES / 2];
}

/* How far the middle half of sorted times lies apart: the machine's own unrest. */
static int64_t spread(const int64_t *times)
{
    return times[TRIES * 3 / 4] - times[TRIES / 4];
}

START_TEST(held_takes_as_long_as_counted)
{
    struct client *client = scene_client(&scene);
    int64_t held[TRIES], counted[TRIES];
    for (int i = 0; i < TRIES; i++) {
        json_t *known = fixture_smallest();
        send_timed(client, json_deep_copy(known));
        if (i % 2)
            held[i] = send_timed(client, known);
        counted[i] = send_timed(client, fixture_smallest());
        if (i % 2 == 0)
            held[i] = send_timed(client, known);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select sum(held) from submission_tallies"),
                     TRIES);
    int64_t apart = llabs(median(held) - median(counted));
    int64_t unrest = spread(held) > spread(counted) ? spread(held) : spread(counted);
    ck_assert_msg(apart < CLOSE_US || apart < unrest / 4,
                  "held %lld us, counted %lld us, unrest %lld us", (long long)median(held),
                  (long long)median(counted), (long long)unrest);
    client_free(client);
}
END_TEST

SCENE_MAIN("timing", NULL, held_takes_as_long_as_counted)
