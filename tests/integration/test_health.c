/* The inner address: life, readiness, figures; and nothing of it outside. */
#include "support/scene.h"

#include <stdlib.h>
#include <string.h>

static struct scene scene;

START_TEST(live_and_ready)
{
    struct client *client = scene_inner_client(&scene);
    struct client_reply live = client_get(client, "/v1/health/live");
    struct client_reply ready = client_get(client, "/v1/health/ready");
    ck_assert_int_eq(live.status, 200);
    ck_assert_str_eq(client_text(&live, "/status"), "ok");
    ck_assert_msg(ready.status == 200, "%s", ready.body);
    ck_assert_str_eq(client_text(&ready, "/status"), "ok");
    client_reply_clear(&live);
    client_reply_clear(&ready);
    client_free(client);
}
END_TEST

START_TEST(figures)
{
    struct client *client = scene_inner_client(&scene);
    struct client_reply reply = client_get(client, "/metrics");
    char type[64] = "";
    ck_assert_int_eq(reply.status, 200);
    ck_assert(client_header(&reply, "Content-Type", type, sizeof type));
    ck_assert_msg(strncmp(type, "text/plain", 10) == 0, "%s", type);
    ck_assert_ptr_nonnull(strstr(reply.body, "# TYPE "));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(inner_address_serves_nothing_public)
{
    unsetenv("RECORD_REPLIES"); /* the contract speaks of the public address */
    struct client *client = scene_inner_client(&scene);
    struct client_reply reply = client_get(client, "/v1/consultations");
    ck_assert_int_eq(reply.status, 404);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

SCENE_MAIN("health", NULL, live_and_ready, figures, inner_address_serves_nothing_public)
