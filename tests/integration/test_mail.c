/* How letters may go: encrypted and to the server that was meant, or not at all; a rehearsal's into
 * a folder where there is no mail. */
#include "support/mailbox.h"
#include "support/scene.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LETTER_MS = 10000, TEXT = 512, SETTINGS = 16 };

static struct scene scene;
static struct mailbox starttls, tls;

static json_t *asking(const char *address)
{
    char key[FIXTURE_KEY];
    fixture_key(key);
    return json_pack("{s:{s:s, s:s}, s:s%}", "identity", "kind", "email", "value", address,
                     "submission_key", key + strlen("Idempotency-Key: "), (size_t)36);
}

static struct client_reply ask(const char *slug, const char *address)
{
    char path[128];
    struct client *client = scene_client(&scene);
    snprintf(path, sizeof path, "/v1/consultations/%s/challenges", slug);
    struct client_reply reply = client_post_json(client, path, NULL, asking(address));
    client_free(client);
    return reply;
}

/* So that nothing of it is left for the scene's end, where suites do not fork. */
static void serve_no_more(void)
{
    ck_assert_int_eq(server_stop(scene.server, SIGTERM), 0);
    scene.server = NULL;
}

/* The scene's server anew, with those settings. */
static void serve_with(const char *const *set)
{
    scene.options.set = set;
    scene_serve(&scene);
}

static bool metric_is(const char *name, const char *value)
{
    char line[96];
    struct client *inner = scene_inner_client(&scene);
    struct client_reply reply = client_get(inner, "/metrics");
    snprintf(line, sizeof line, "\nconsultation_%s %s\n", name, value);
    bool is = strstr(reply.body, line) != NULL;
    client_reply_clear(&reply);
    client_free(inner);
    return is;
}

static void metric_await(const char *name, const char *value)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; !metric_is(name, value); tries++) {
        ck_assert_msg(tries < 500, "%s is not %s", name, value);
        nanosleep(&pause, NULL);
    }
}

/* The mailbox's settings with some of them replaced or added; by name. */
static const char *const *settings_but(const struct mailbox *mailbox, const char *const *others)
{
    static const char *set[SETTINGS];
    size_t n = 0;
    for (const char *const *own = mailbox->set; *own; own++) {
        bool replaced = false;
        for (const char *const *other = others; *other; other++)
            replaced |= strncmp(*own, *other, strcspn(*other, "=") + 1) == 0;
        if (!replaced)
            set[n++] = *own;
    }
    for (; *others; others++)
        set[n++] = *others;
    set[n] = NULL;
    return set;
}

START_TEST(whole_connection_encrypted)
{
    struct letter_seen letter;
    serve_with(tls.set);
    struct client_reply reply = ask(SCENE_SLUG, "whole@example.org");
    ck_assert_int_eq(reply.status, 202);
    client_reply_clear(&reply);
    ck_assert(mailbox_take(&tls, "whole@example.org", LETTER_MS, &letter));
    ck_assert_str_eq(letter.how, "encrypted True auto-generated");
    serve_no_more();
}
END_TEST

/* Somebody between us and the mail server gets no code: by another certificate, or by leaving
 * encryption out. */
static const char *const strangers[][3] = {
    {"mail_authorities="},                   /* signed by nobody we know */
    {"mail_server=localhost"},               /* another name than the certificate's */
    {"mail_tls=tls"},                        /* the server speaks in the clear first */
    {"mail_password_file=/tmp/cb-password"}, /* the wrong password */
};

START_TEST(no_letter_goes_astray)
{
    struct letter_seen letter;
    FILE *file = fopen("/tmp/cb-password", "we");
    ck_assert(file && fputs("wrong\n", file) >= 0 && fclose(file) == 0);
    serve_with(settings_but(&starttls, strangers[_i]));
    unlink("/tmp/cb-password");
    struct client_reply reply = ask(SCENE_SLUG, "astray@example.org");
    ck_assert_int_eq(reply.status, 202);
    client_reply_clear(&reply);
    metric_await("mail_retried_total", "1");
    ck_assert(!mailbox_take(&starttls, "astray@example.org", 0, &letter));
    serve_no_more();
}
END_TEST

START_TEST(server_that_is_down)
{
    const char *const set[] = {"mail_port=1", "submissions_per_prefix=0", NULL};
    serve_with(settings_but(&starttls, set));
    struct client_reply reply = ask(SCENE_SLUG, "down@example.org");
    ck_assert_int_eq(reply.status, 202);
    client_reply_clear(&reply);
    metric_await("mail_retried_total", "1");
    struct client *client = scene_client(&scene);
    reply = scene_submit(client, fixture_smallest());
    client_reply_clear(&reply);
    client_free(client);
    serve_no_more();
}
END_TEST

static size_t letters_in(const char *folder, char *path)
{
    DIR *list = opendir(folder);
    size_t count = 0;
    ck_assert_ptr_nonnull(list);
    for (struct dirent *entry; (entry = readdir(list));) {
        if (!strstr(entry->d_name, ".eml"))
            continue;
        count++;
        snprintf(path, TEXT, "%s/%s", folder, entry->d_name);
    }
    closedir(list);
    return count;
}

START_TEST(a_rehearsals_outbox)
{
    char folder[] = "/tmp/co-XXXXXX", setting[64], path[TEXT], head[4096] = "";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(setting, sizeof setting, "mail_outbox=%s", folder);
    serve_with((const char *const[]){setting, NULL});
    struct client_reply reply = ask(SCENE_SLUG, "real@example.org");
    scene_expect_problem(&reply, 422, "proof-not-taken", NULL);
    client_reply_clear(&reply);
    reply = ask(SCENE_REHEARSAL, "tried@example.org");
    ck_assert_msg(reply.status == 202, "%s", reply.body);
    client_reply_clear(&reply);
    metric_await("mail_sent_total", "1");
    ck_assert_uint_eq(letters_in(folder, path), 1);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    head[fread(head, 1, sizeof head - 1, file)] = '\0';
    fclose(file);
    ck_assert_ptr_nonnull(strstr(head, "\r\nTo: <tried@example.org>\r\n"));
    struct client *client = scene_client(&scene);
    reply = client_get(client, "/v1/consultations/" SCENE_REHEARSAL);
    ck_assert_str_eq(client_text(&reply, "/proofs/1"), "email-code");
    client_reply_clear(&reply);
    reply = client_get(client, SCENE_API);
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/proofs")), 1);
    client_reply_clear(&reply);
    client_free(client);
    serve_no_more();
    unlink(path);
    rmdir(folder);
}
END_TEST

/* A password that others can read, or none, keeps the server from starting. */
START_TEST(password_is_the_owners_alone)
{
    char path[] = "/tmp/cp-XXXXXX", setting[64];
    int file = mkstemp(path);
    ck_assert(file >= 0 && write(file, "word\n", 5) == 5);
    snprintf(setting, sizeof setting, "mail_password_file=%s", path);
    const char *const set[] = {setting, NULL};
    struct server_options options = scene.options;
    options.set = settings_but(&starttls, set);
    ck_assert_int_eq(fchmod(file, 0640), 0);
    ck_assert_ptr_null(server_start(&options));
    ck_assert_int_eq(ftruncate(file, 0), 0);
    ck_assert_int_eq(fchmod(file, 0600), 0);
    ck_assert_ptr_null(server_start(&options));
    close(file);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mail");
    TCase *tcase = tcase_create("mail");
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, whole_connection_encrypted);
    tcase_add_loop_test(tcase, no_letter_goes_astray, 0, sizeof strangers / sizeof strangers[0]);
    tcase_add_test(tcase, server_that_is_down);
    tcase_add_test(tcase, a_rehearsals_outbox);
    tcase_add_test(tcase, password_is_the_owners_alone);
    mailbox_open(&starttls, "starttls", NULL);
    mailbox_open(&tls, "tls", NULL);
    scene_open_unserved(&scene, NULL);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    mailbox_close(&starttls);
    mailbox_close(&tls);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
