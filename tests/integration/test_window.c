/* Both ends of the window: half-open, judged by the body's arrival, replays before everything else.
 */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;

static struct client_reply try_one(struct client *client, const char *key, json_t *body)
{
    char own[FIXTURE_KEY];
    fixture_key(own);
    return client_post_json(client, SCENE_API "/submissions", key ? key : own, body);
}

START_TEST(before_and_after)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() + interval '1 hour'", "now() + interval '2 hours'");
    struct client_reply early = try_one(client, NULL, fixture_submission());
    scene_expect_problem(&early, 409, "not-open", NULL);
    scene_window(&scene, "now() - interval '2 hours'", "now() - interval '1 hour'");
    struct client_reply late = try_one(client, NULL, fixture_submission());
    scene_expect_problem(&late, 409, "closed", NULL);
    scene_window(&scene, "now() - interval '2 hours'", "now() + interval '1 hour'");
    struct client_reply good = try_one(client, NULL, fixture_submission());
    ck_assert_int_eq(good.status, 201);
    client_reply_clear(&early);
    client_reply_clear(&late);
    client_reply_clear(&good);
    client_free(client);
}
END_TEST

/* Sent without pause across an end: what is refused is refused from one moment on, and that is the
 * end. */
START_TEST(the_end_is_one_moment)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() - interval '1 hour'",
                 "date_trunc('milliseconds', now()) + interval '3 seconds'");
    bool closed = false;
    int before = 0, after = 0;
    for (int i = 0; i < 20000 && after < 20; i++) {
        struct client_reply reply = try_one(client, NULL, fixture_smallest());
        ck_assert_msg(reply.status == 201 || reply.status == 409, "%d %s", reply.status,
                      reply.body);
        if (reply.status == 409)
            scene_expect_problem(&reply, 409, "closed", NULL);
        ck_assert_msg(!closed || reply.status == 409, "open again after the close");
        closed = reply.status == 409;
        before += !closed;
        after += closed;
        client_reply_clear(&reply);
    }
    ck_assert_int_gt(before, 0);
    ck_assert_int_eq(after, 20);
    ck_assert_int_eq(cluster_number(scene.cluster,
                                    "select count(*) from submissions s join consultations c using"
                                    " (consultation_id) where s.arrived_at >= c.closes_at"),
                     0);
    client_free(client);
}
END_TEST

START_TEST(the_beginning_is_one_moment)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "date_trunc('milliseconds', now()) + interval '3 seconds'",
                 "now() + interval '1 day'");
    bool open = false;
    for (int i = 0, after = 0; i < 20000 && after < 20; i++) {
        struct client_reply reply = try_one(client, NULL, fixture_smallest());
        ck_assert_msg(reply.status == 201 || reply.status == 409, "%d", reply.status);
        if (reply.status == 409)
            scene_expect_problem(&reply, 409, "not-open", NULL);
        ck_assert_msg(!open || reply.status == 201, "closed again after the opening");
        open = reply.status == 201;
        after += open;
        client_reply_clear(&reply);
    }
    ck_assert(open);
    client_free(client);
}
END_TEST

START_TEST(a_replay_is_judged_before_the_window)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    json_t *body = fixture_submission();
    scene_window(&scene, "now() - interval '1 hour'", "now() + interval '1 hour'");
    struct client_reply first = try_one(client, key, json_deep_copy(body));
    ck_assert_int_eq(first.status, 201);
    scene_window(&scene, "now() - interval '2 hours'", "now() - interval '1 hour'");
    struct client_reply again = try_one(client, key, json_deep_copy(body));
    ck_assert_int_eq(again.status, 201);
    ck_assert_str_eq(again.body, first.body);
    json_decref(body);
    client_reply_clear(&first);
    client_reply_clear(&again);
    client_free(client);
}
END_TEST

/* Amending ends with the close, withdrawing does not. */
START_TEST(after_the_close)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() - interval '1 hour'", "now() + interval '1 hour'");
    struct client_reply recorded = try_one(client, NULL, fixture_submission());
    ck_assert_int_eq(recorded.status, 201);
    scene_window(&scene, "now() - interval '2 hours'", "now() - interval '1 hour'");
    char path[128], headers[256], key[FIXTURE_KEY];
    fixture_key(key);
    snprintf(path, sizeof path, "/v1/submissions/%s/amendments",
             client_text(&recorded, "/receipt/number"));
    snprintf(headers, sizeof headers, "%sAuthorization: Receipt %s\r\n", key,
             client_text(&recorded, "/code"));
    json_t *body = fixture_submission();
    fixture_set(body, "/identity", NULL);
    struct client_reply amended = client_post_json(client, path, headers, body);
    scene_expect_problem(&amended, 409, "closed", NULL);
    snprintf(path, sizeof path, "/v1/submissions/%s", client_text(&recorded, "/receipt/number"));
    struct client_reply withdrawn = client_run(
        client, &(struct client_ask){.method = "DELETE", .path = path, .headers = headers});
    ck_assert_msg(withdrawn.status == 200, "%s", withdrawn.body);
    client_reply_clear(&recorded);
    client_reply_clear(&amended);
    client_reply_clear(&withdrawn);
    client_free(client);
}
END_TEST

/* Whether a cached page says until when a form that was opened in time can be sent. */
static bool says_grace(struct client *client)
{
    struct client_reply reply = client_get(client, "/en/consultations/" SCENE_SLUG "/measures/1-1");
    ck_assert_int_eq(reply.status, 200);
    bool says = strstr(reply.body, "you can still send it until") != NULL;
    client_reply_clear(&reply);
    return says;
}

/* Without a revision being raised: kept pages end with the grace. */
START_TEST(pages_say_the_grace_and_forget_it)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() - interval '1 hour'", "now() + interval '1 hour'");
    ck_assert(!says_grace(client));
    bool said = false;
    char closes[96];
    /* Longer each time, for a machine so slow that it was over before the page was asked for. */
    for (int seconds = 2; !said && seconds < 60; seconds *= 2) {
        snprintf(closes, sizeof closes, "now() - grace + interval '%d seconds'", seconds);
        scene_window(&scene, "now() - interval '2 hours'", closes);
        said = says_grace(client);
    }
    ck_assert_msg(said, "the page does not speak of the grace");
    const struct timespec pause = {.tv_nsec = 50000000};
    for (int tries = 0; said && tries < 600; tries++) {
        said = says_grace(client);
        nanosleep(&pause, NULL);
    }
    ck_assert_msg(!said, "the page does not forget the grace");
    client_free(client);
}
END_TEST

SCENE_MAIN("window", NULL, before_and_after, the_end_is_one_moment, the_beginning_is_one_moment,
           a_replay_is_judged_before_the_window, after_the_close, pages_say_the_grace_and_forget_it)
