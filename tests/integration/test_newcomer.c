/* Consultations imported while the server runs: their identity keys are taken as they come, and as
 * long as one is missing or wrong nobody is counted under it. */
#include "support/draft.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH = 160, TRIES = 200 };

static struct scene scene;
static char said[DRAFT_SAID];

/* Of a submission sent to this consultation; its code too. */
static int submit(const char *slug, const char *code)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], path[PATH], retry[16];
    fixture_key(key);
    snprintf(path, sizeof path, "/v1/consultations/%s/submissions", slug);
    struct client_reply reply = client_post_json(client, path, key, fixture_smallest());
    int status = reply.status;
    if (code)
        scene_expect_problem(&reply, 503, code, NULL);
    if (code)
        ck_assert(client_header(&reply, "Retry-After", retry, sizeof retry));
    client_reply_clear(&reply);
    client_free(client);
    return status;
}

/* Waits until the address answers with the status; for what the watcher does at its next beat. */
static void await_status(struct client *client, const char *path, int status)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    int found = 0;
    for (int tries = 0; tries < TRIES && found != status; tries++) {
        struct client_reply reply = client_get(client, path);
        found = reply.status;
        client_reply_clear(&reply);
        nanosleep(&pause, NULL);
    }
    ck_assert_msg(found == status, "%s: %d instead of %d", path, found, status);
    client_free(client);
}

static void await_shown(const char *slug)
{
    char path[PATH];
    snprintf(path, sizeof path, "/v1/consultations/%s", slug);
    await_status(scene_client(&scene), path, 200);
}

static void await_ready(bool ready)
{
    await_status(scene_inner_client(&scene), "/v1/health/ready", ready ? 200 : 503);
}

static void import(const struct scene *at, const char *slug)
{
    json_t *document = draft_sample(slug);
    ck_assert_msg(draft_import(at, document, NULL, NULL, said) == 0, "%s", said);
    json_decref(document);
}

static void key_copy(const char *from, const char *name, const char *to_name)
{
    char source[PATH], target[PATH];
    snprintf(source, sizeof source, "%s/%s", from, name);
    snprintf(target, sizeof target, "%s/%s", scene.keys_folder, to_name);
    const char *copy[] = {"cp", "-p", source, target, NULL};
    ck_assert_int_eq(process_run(NULL, 0, copy), 0);
}

START_TEST(taken_without_a_restart)
{
    import(&scene, "newcomer");
    await_shown("newcomer");
    await_ready(true);
    ck_assert_int_eq(submit("newcomer", NULL), 201);
    ck_assert_int_eq(cluster_number(scene.cluster,
                                    "select count(*) from submissions join consultations"
                                    " using (consultation_id) where slug = 'newcomer'"),
                     1);
}
END_TEST

/* Imported by somebody whose keys lie elsewhere. */
START_TEST(refused_until_its_key_is_there)
{
    struct scene elsewhere = scene;
    snprintf(elsewhere.keys_folder, sizeof elsewhere.keys_folder, "/tmp/ck-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(elsewhere.keys_folder));
    elsewhere.options.keys_folder = elsewhere.keys_folder;
    import(&elsewhere, "keyless");
    await_shown("keyless");
    await_ready(false);
    submit("keyless", "unavailable");
    ck_assert_int_eq(submit(SCENE_SLUG, NULL), 201);
    key_copy(scene.keys_folder, "identity-" SCENE_SLUG, "identity-keyless");
    const struct timespec beats = {.tv_sec = 1, .tv_nsec = 200000000};
    nanosleep(&beats, NULL); /* the wrong one was seen by then, and nothing tells */
    submit("keyless", "unavailable");
    await_ready(false);
    key_copy(elsewhere.keys_folder, "identity-keyless", "identity-keyless");
    await_ready(true);
    ck_assert_int_eq(submit("keyless", NULL), 201);
    const char *remove[] = {"rm", "-rf", elsewhere.keys_folder, NULL};
    process_run(NULL, 0, remove);
}
END_TEST

SCENE_MAIN("newcomer", NULL, taken_without_a_restart, refused_until_its_key_is_there)
