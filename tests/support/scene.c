/* Cluster, consultation and server together; see scene.h. */
#include "support/scene.h"

#include "support/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char document[] = SOURCE_FOLDER "/schema/consultations/" SCENE_SLUG ".json";
/* A suite sends more in a minute than a campus would: limits are tested where they are meant. */
static const char *const unlimited[] = {"submissions_per_prefix=0", NULL};

/* A minute: what takes a second alone takes many beside three other suites with sanitizers. */
enum { AWAIT_TRIES = 1200 };
static const struct timespec await_pause = {.tv_nsec = 50000000};

static _Noreturn void scene_give_up(const char *what)
{
    fprintf(stderr, "scene: %s failed\n", what);
    abort();
}

static void scene_command(struct scene *scene, const char *command, const char *first,
                          const char *second)
{
    const char *words[] = {first, second, NULL};
    /* The settings of `serve` alone would be refused by nobody, but say nothing here. */
    struct server_options options = scene->options;
    options.set = NULL;
    if (server_command(&options, NULL, 0, command, words) != 0)
        scene_give_up(command);
}

void scene_open_unserved(struct scene *scene, const char *const *set)
{
    *scene = (struct scene){.cluster = cluster_new()};
    snprintf(scene->keys_folder, sizeof scene->keys_folder, "/tmp/ck-XXXXXX");
    if (!mkdtemp(scene->keys_folder))
        scene_give_up("mkdtemp");
    scene->options = (struct server_options){.conninfo = cluster_conninfo(scene->cluster),
                                             .keys_folder = scene->keys_folder,
                                             .set = set ? set : unlimited};
    scene_command(scene, "keys", NULL, NULL);
    scene_command(scene, "import", document, NULL);
    scene_command(scene, "import", "--rehearsal", document);
}

void scene_serve(struct scene *scene)
{
    scene->server = server_start(&scene->options);
    if (!scene->server)
        scene_give_up("server_start");
    struct client *client = scene_inner_client(scene);
    int status = 0;
    for (int tries = 0; tries < AWAIT_TRIES && status != 200; tries++) {
        struct client_reply reply = client_get(client, "/v1/health/ready");
        status = reply.status;
        client_reply_clear(&reply);
        nanosleep(&await_pause, NULL);
    }
    client_free(client);
    if (status != 200)
        scene_give_up("the server's readiness");
}

void scene_open(struct scene *scene, const char *const *set)
{
    scene_open_unserved(scene, set);
    scene_serve(scene);
}

void scene_close(struct scene *scene)
{
    const char *remove[] = {"rm", "-rf", scene->keys_folder, NULL};
    int status = server_stop(scene->server, SIGTERM);
    cluster_free(scene->cluster);
    process_run(NULL, 0, remove);
    if (status != 0)
        scene_give_up("the server's orderly end");
    *scene = (struct scene){0};
}

int scene_run(struct scene *scene, const char *suite, const char *const *set,
              const TTest *const tests[], size_t count)
{
    Suite *all = suite_create(suite);
    TCase *one = tcase_create(suite);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(one, tests[i]);
    suite_add_tcase(all, one);
    SRunner *runner = srunner_create(all);
    scene_open(scene, set);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

struct client *scene_client(const struct scene *scene)
{
    return client_new(server_address(scene->server));
}

struct client *scene_inner_client(const struct scene *scene)
{
    return client_new(server_inner_address(scene->server));
}

struct client_reply scene_submit(struct client *client, json_t *submission)
{
    char key[FIXTURE_KEY];
    fixture_key(key);
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, submission);
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body ? reply.body : "");
    return reply;
}

/* The server reads what changed by the revision; the page says when it did. */
char *scene_form_state(struct client *client)
{
    struct client_reply reply = client_get(client, "/en/consultations/" SCENE_SLUG "/answer");
    char *state = fixture_form_state(reply.body);
    ck_assert_msg(state != NULL, "%d: %.300s", reply.status, reply.body);
    client_reply_clear(&reply);
    return state;
}

void scene_window(struct scene *scene, const char *opens, const char *closes)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "update consultations set opens_at = %s, closes_at = %s, revision = revision + 1"
             " where slug = '" SCENE_SLUG "' returning to_char(closes_at at time zone 'UTC',"
             " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
             opens, closes);
    char *wanted = cluster_text(scene->cluster, sql);
    struct client *client = scene_client(scene);
    bool known = false;
    for (int tries = 0; tries < AWAIT_TRIES && !known; tries++) {
        struct client_reply reply = client_get(client, SCENE_API);
        known = strcmp(client_text(&reply, "/closes_at"), wanted) == 0;
        client_reply_clear(&reply);
        nanosleep(&await_pause, NULL);
    }
    if (!known)
        scene_give_up("scene_window");
    client_free(client);
    free(wanted);
}

void scene_await(struct scene *scene, const char *sql, int64_t wanted)
{
    for (int tries = 0; tries < AWAIT_TRIES; tries++) {
        if (cluster_number(scene->cluster, sql) == wanted)
            return;
        nanosleep(&await_pause, NULL);
    }
    scene_give_up(sql);
}

void scene_expect_problem(const struct client_reply *reply, int status, const char *code,
                          const char *pointer)
{
    char type[128] = "";
    client_header(reply, "Content-Type", type, sizeof type);
    ck_assert_msg(reply->status == status, "%d instead of %d: %s", reply->status, status,
                  reply->body ? reply->body : "");
    ck_assert_msg(strncmp(type, "application/problem+json", 24) == 0, "type %s", type);
    ck_assert_str_eq(client_text(reply, "/code"), code);
    ck_assert_int_eq(json_integer_value(json_at(reply->json, "/status")), status);
    if (pointer)
        ck_assert_str_eq(client_text(reply, "/errors/0/pointer"), pointer);
}
