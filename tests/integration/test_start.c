/* When the server refuses to start: a wrong key, a database that is not durable, a wrong schema, an
 * open address. */
#include "support/process.h"
#include "support/scene.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct scene scene;

/* Starts a server and says whether it came up. */
static bool starts(const struct server_options *options)
{
    struct server *server = server_start(options);
    if (server)
        ck_assert_int_eq(server_stop(server, SIGTERM), 0);
    return server != NULL;
}

static void overwrite(const char *name, const void *bytes, size_t length)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", scene.keys_folder, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    ck_assert_msg(file >= 0, "%s", path);
    ck_assert_int_eq(write(file, bytes, length), (ssize_t)length);
    close(file);
}

static void keep(const char *from, const char *to)
{
    char first[160], second[160];
    snprintf(first, sizeof first, "%s/%s", scene.keys_folder, from);
    snprintf(second, sizeof second, "%s/%s", scene.keys_folder, to);
    const char *copy[] = {"cp", "-p", first, second, NULL};
    ck_assert_int_eq(process_run(NULL, 0, copy), 0);
}

START_TEST(starts_as_it_is)
{
    ck_assert(starts(&scene.options));
}
END_TEST

START_TEST(wrong_identity_key)
{
    static const unsigned char wrong[32] = {1};
    keep("identity-" SCENE_SLUG, "../ck-kept");
    overwrite("identity-" SCENE_SLUG, wrong, sizeof wrong);
    ck_assert(!starts(&scene.options));
    keep("../ck-kept", "identity-" SCENE_SLUG);
    ck_assert(starts(&scene.options));
}
END_TEST

START_TEST(wrong_master)
{
    static const unsigned char wrong[32] = {1};
    /* The first start tells the database which master is right. */
    ck_assert(starts(&scene.options));
    keep("master-1", "../ck-kept");
    overwrite("master-1", wrong, sizeof wrong);
    ck_assert(!starts(&scene.options));
    keep("../ck-kept", "master-1");
    ck_assert(starts(&scene.options));
}
END_TEST

START_TEST(key_that_others_may_read)
{
    char path[128];
    snprintf(path, sizeof path, "%s/master-1", scene.keys_folder);
    const char *open[] = {"chmod", "644", path, NULL}, *closed[] = {"chmod", "600", path, NULL};
    ck_assert_int_eq(process_run(NULL, 0, open), 0);
    ck_assert(!starts(&scene.options));
    ck_assert_int_eq(process_run(NULL, 0, closed), 0);
    ck_assert(starts(&scene.options));
}
END_TEST

/* T1: an acknowledged submission would not be on disk. */
START_TEST(database_that_is_not_durable)
{
    static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};
    for (size_t i = 0; i < 3; i++) {
        char sql[96];
        snprintf(sql, sizeof sql, "alter system set %s = off", settings[i]);
        free(cluster_text(scene.cluster, sql));
        cluster_stop(scene.cluster, SIGINT);
        cluster_start(scene.cluster);
        ck_assert_msg(!starts(&scene.options), "%s", settings[i]);
        snprintf(sql, sizeof sql, "alter system reset %s", settings[i]);
        free(cluster_text(scene.cluster, sql));
        cluster_stop(scene.cluster, SIGINT);
        cluster_start(scene.cluster);
    }
    ck_assert(starts(&scene.options));
}
END_TEST

START_TEST(schema_of_another_version)
{
    free(cluster_text(scene.cluster,
                      "insert into schema_migrations (version, name)"
                      " select max(version) + 1, 'of tomorrow' from schema_migrations"));
    ck_assert(starts(&scene.options)); /* expand, then contract: one newer is fine */
    free(cluster_text(scene.cluster,
                      "insert into schema_migrations (version, name)"
                      " select max(version) + 1, 'of the day after' from schema_migrations"));
    ck_assert(!starts(&scene.options));
    free(cluster_text(scene.cluster, "delete from schema_migrations where version >="
                                     " (select max(version) - 1 from schema_migrations)"));
}
END_TEST

START_TEST(open_address_without_a_front)
{
    static const char *const set[] = {"address=0.0.0.0", NULL};
    static const char *const allowed[] = {"address=0.0.0.0", "allow_open_address=true", NULL};
    struct server_options options = scene.options;
    options.set = set;
    ck_assert(!starts(&options));
    options.set = allowed;
    ck_assert(starts(&options));
}
END_TEST

/* Else everything that is attached would be refused, and only then. */
START_TEST(scanner_without_an_address)
{
    static const char *const set[] = {"clamd=/run/clamav/clamd.ctl", NULL};
    static const char *const away[] = {"clamd=unix:/run/clamav/clamd.ctl", NULL};
    struct server_options options = scene.options;
    options.set = set;
    ck_assert(!starts(&options));
    options.set = away; /* it may come up after the server */
    ck_assert(starts(&options));
}
END_TEST

/* These restart the cluster, so they run in this one process. */
int main(void)
{
    const TTest *const tests[] = {starts_as_it_is,
                                  wrong_identity_key,
                                  wrong_master,
                                  key_that_others_may_read,
                                  database_that_is_not_durable,
                                  schema_of_another_version,
                                  open_address_without_a_front,
                                  scanner_without_an_address};
    Suite *suite = suite_create("start");
    TCase *tcase = tcase_create("start");
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    scene_open_unserved(&scene, NULL);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
