#ifndef SUPPORT_SCENE_H
#define SUPPORT_SCENE_H

#include "support/client.h"
#include "support/cluster.h"
#include "support/fixture.h"
#include "support/server.h"

#include <check.h>

/* What most integration suites play on: a cluster, keys, the imported consultation (open) and its
 * rehearsal (empty), and a server. Made once a suite, in an unchecked fixture, before check forks.
 */
struct scene {
    struct cluster *cluster;
    struct server *server;
    char keys_folder[40];
    struct server_options options; /* of the server, to start another like it */
};

#define SCENE_SLUG "five-year-plan-iti"
#define SCENE_REHEARSAL SCENE_SLUG "-rehearsal"
#define SCENE_API "/v1/consultations/" SCENE_SLUG

/* `set`: further settings of the server, NULL at the end, static; or NULL. Aborts if anything
 * fails. */
void scene_open(struct scene *scene, const char *const *set);
/* Stops everything; aborts if the server does not leave with status 0. */
void scene_close(struct scene *scene);
/* Everything but the server, for suites that start their own. */
void scene_open_unserved(struct scene *scene, const char *const *set);
void scene_serve(struct scene *scene);

/* Opens a scene, runs the tests on it (check forks for each), closes it. Returns main's status.
 * `scene` is where the tests look for it. */
int scene_run(struct scene *scene, const char *suite, const char *const *set,
              const TTest *const tests[], size_t count);
#define SCENE_MAIN(suite, set, ...)                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        return scene_run(&scene, suite, set, tests, sizeof tests / sizeof tests[0]);               \
    }

/* A client of the scene's server. */
struct client *scene_client(const struct scene *scene);
struct client *scene_inner_client(const struct scene *scene);

/* Sends `submission` (stolen) under a fresh key to the scene's consultation and expects 201. Caller
 * clears. */
struct client_reply scene_submit(struct client *client, json_t *submission);

/* The sealed state of a form opened now. Caller frees. */
char *scene_form_state(struct client *client);

/* Makes the consultation's window the one given, as SQL expressions of timestamptz, and waits until
 * the server knows. */
void scene_window(struct scene *scene, const char *opens, const char *closes);

/* Waits until the query gives the number, or aborts after a minute: for what another thread does in
 * its own time. */
void scene_await(struct scene *scene, const char *sql, int64_t wanted);

/* Asserts a problem document: status, code and, if not NULL, the pointer of its first fault. */
void scene_expect_problem(const struct client_reply *reply, int status, const char *code,
                          const char *pointer);

#endif
