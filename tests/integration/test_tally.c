/* Tallies, releases and reconciliation: nothing before a release, then the same figures in every
 * form, adding up. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;

#define REHEARSAL_API "/v1/consultations/" SCENE_REHEARSAL

static int64_t figure(const struct client_reply *reply, const char *pointer)
{
    json_t *value = json_at(reply->json, pointer);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

START_TEST(nothing_before_the_first_release)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_get(client, SCENE_API "/measures/1-1/tally");
    ck_assert_int_eq(reply.status, 200);
    ck_assert(json_is_null(json_at(reply.json, "/release")));
    ck_assert(json_is_null(json_at(reply.json, "/answers")));
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/by_stance")), 7);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* The rehearsal's thresholds are one second and one person; the suites' clusters release at once.
 */
static void rehearse(const char *count)
{
    const char *words[] = {SCENE_REHEARSAL, count, NULL};
    struct server_options plain = scene.options;
    plain.set = NULL;
    ck_assert_int_eq(server_command(&plain, NULL, 0, "rehearse", words), 0);
}

/* Waits for a release that holds them all: respondents is what was counted then. */
static struct client_reply released(struct client *client, int64_t received)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    for (int tries = 0; tries < 150; tries++) {
        struct client_reply reply = client_get(client, REHEARSAL_API "/reconciliation");
        ck_assert_int_eq(reply.status, 200);
        if (figure(&reply, "/reconciliation/received") >= received)
            return reply;
        client_reply_clear(&reply);
        nanosleep(&pause, NULL);
    }
    ck_abort_msg("no release with %d submissions", (int)received);
}

/* One measure in its three forms; true if none of its cells is hidden. */
static bool forms_agree(struct client *client, const char *measure)
{
    char path[160], number[32], pointer[64];
    snprintf(path, sizeof path, REHEARSAL_API "/measures/%s/tally?lang=en", measure);
    struct client_reply json = client_get(client, path);
    snprintf(path, sizeof path, REHEARSAL_API "/measures/%s/tally.csv?lang=en", measure);
    struct client_reply csv = client_get(client, path);
    snprintf(path, sizeof path, "/en/consultations/" SCENE_REHEARSAL "/measures/%s", measure);
    struct client_reply page = client_get(client, path);
    int64_t sum = 0;
    bool whole = true;
    for (int i = 0; i < 7; i++) {
        snprintf(pointer, sizeof pointer, "/by_stance/%d/count", i);
        int64_t count = figure(&json, pointer);
        whole = whole && count >= 0;
        sum += count;
        snprintf(number, sizeof number, "%d", (int)count);
        ck_assert_msg(count < 0 || strstr(csv.body, number), "%s in %s", number, csv.body);
        ck_assert_msg(count < 0 || strstr(page.body, number), "%s is not on the page", number);
    }
    ck_assert(!whole || sum == figure(&json, "/answers"));
    ck_assert_msg(memcmp(csv.body, "\xef\xbb\xbf", 3) == 0, "no byte-order mark");
    client_reply_clear(&json);
    client_reply_clear(&csv);
    client_reply_clear(&page);
    return whole;
}

START_TEST(figures_add_up_and_agree_in_every_form)
{
    static const char *const measures[] = {"1-1", "1-2", "1-3", "1-4", "1-5", "1-6", "1-7", "2-1",
                                           "2-2", "2-3", "2-4", "3-1", "3-2", "3-3", "3-4"};
    struct client *client = scene_client(&scene);
    rehearse("2000");
    struct client_reply all = released(client, 2000);
    int whole = 0;
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
        whole += forms_agree(client, measures[i]);
    ck_assert_int_gt(whole, 0);
    ck_assert_int_eq(
        figure(&all, "/reconciliation/received"),
        figure(&all, "/reconciliation/counted") + figure(&all, "/reconciliation/held") +
            figure(&all, "/reconciliation/superseded") + figure(&all, "/reconciliation/withdrawn") +
            figure(&all, "/reconciliation/set_aside"));
    client_reply_clear(&all);
    client_free(client);
}
END_TEST

START_TEST(directions_and_whole_are_sums)
{
    struct client *client = scene_client(&scene);
    struct client_reply whole = client_get(client, REHEARSAL_API "/tally");
    int64_t sum = 0;
    for (int d = 1; d <= 3; d++) {
        char path[128];
        snprintf(path, sizeof path, REHEARSAL_API "/directions/%d/tally", d);
        struct client_reply direction = client_get(client, path);
        ck_assert_int_eq(direction.status, 200);
        ck_assert_str_eq(client_text(&direction, "/scope"), "direction");
        sum += figure(&direction, "/answers");
        client_reply_clear(&direction);
    }
    ck_assert_int_eq(sum, figure(&whole, "/answers"));
    ck_assert_int_eq(
        figure(&whole, "/answers"),
        cluster_number(scene.cluster,
                       "select sum(n0+n1+n2+n3+n4+n5+remark_only) from tally_cells join"
                       " consultations using (consultation_id) where rehearsal"));
    client_reply_clear(&whole);
    client_free(client);
}
END_TEST

START_TEST(releases_are_kept_unchanged)
{
    struct client *client = scene_client(&scene);
    struct client_reply list = client_get(client, REHEARSAL_API "/releases");
    ck_assert_int_eq(list.status, 200);
    int number = (int)figure(&list, "/releases/0/number");
    ck_assert_int_ge(number, 1);
    char path[128], sql[160];
    snprintf(path, sizeof path, REHEARSAL_API "/releases/%d", number);
    snprintf(sql, sizeof sql,
             "select document from releases join consultations using (consultation_id)"
             " where rehearsal and number = %d",
             number);
    char *stored = cluster_text(scene.cluster, sql);
    struct client_reply release = client_get(client, path);
    ck_assert_int_eq(release.status, 200);
    ck_assert_str_eq(release.body, stored);
    struct client_reply none = client_get(client, REHEARSAL_API "/releases/9999");
    scene_expect_problem(&none, 404, "not-found", NULL);
    struct client_reply odd = client_get(client, REHEARSAL_API "/releases/first");
    scene_expect_problem(&odd, 404, "not-found", NULL);
    free(stored);
    client_reply_clear(&list);
    client_reply_clear(&release);
    client_reply_clear(&none);
    client_reply_clear(&odd);
    client_free(client);
}
END_TEST

/* The one live figure, and in the rehearsal the next release within a second or two. */
START_TEST(received_goes_up_at_once_and_the_release_follows)
{
    struct client *client = scene_client(&scene);
    struct client_reply before = client_get(client, REHEARSAL_API);
    int64_t received = figure(&before, "/received");
    char key[FIXTURE_KEY];
    fixture_key(key);
    struct client_reply sent =
        client_post_json(client, REHEARSAL_API "/submissions", key, fixture_submission());
    ck_assert_msg(sent.status == 201, "%s", sent.body);
    struct client_reply after = {0};
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; tries < 100 && figure(&after, "/received") != received + 1; tries++) {
        nanosleep(&pause, NULL);
        client_reply_clear(&after);
        after = client_get(client, REHEARSAL_API);
    }
    ck_assert_int_eq(figure(&after, "/received"), received + 1);
    struct client_reply reconciliation = released(client, received + 1);
    client_reply_clear(&before);
    client_reply_clear(&sent);
    client_reply_clear(&after);
    client_reply_clear(&reconciliation);
    client_free(client);
}
END_TEST

/* A reply out of the cache asks the database nothing. */
START_TEST(hits_make_no_query)
{
    static const char queries[] = "select sum(xact_commit + xact_rollback) from pg_stat_database "
                                  "where datname = 'consultation'";
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_get(client, SCENE_API "/measures/2-2/tally");
    client_reply_clear(&reply);
    int64_t before = cluster_number(scene.cluster, queries);
    for (int i = 0; i < 2000; i++) {
        reply = client_get(client, SCENE_API "/measures/2-2/tally");
        ck_assert_int_eq(reply.status, 200);
        client_reply_clear(&reply);
    }
    /* The watcher's and releaser's beats go on, a few a second: far from one a reply. */
    ck_assert_int_lt(cluster_number(scene.cluster, queries) - before, 200);
    client_free(client);
}
END_TEST

SCENE_MAIN("tally", NULL, nothing_before_the_first_release, figures_add_up_and_agree_in_every_form,
           directions_and_whole_are_sums, releases_are_kept_unchanged,
           received_goes_up_at_once_and_the_release_follows, hits_make_no_query)
