/* The server behind the front that deploy/nginx describes: who is slow stays there, and nobody can
 * say who they are. */
#include "support/front.h"
#include "support/process.h"
#include "support/scene.h"
#include "support/socket.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static struct scene scene;
static struct front *front;

enum { SLOW = 1000, NORMAL = 400, SOURCES = 8, PREFIX_LIMIT = 20 };

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void many_files(void)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max < 8192 ? files.rlim_max : 8192;
    setrlimit(RLIMIT_NOFILE, &files);
}

static const char *source_of(int i)
{
    static const char *const sources[SOURCES] = {"127.0.0.11", "127.0.0.12", "127.0.0.13",
                                                 "127.0.0.14", "127.0.0.15", "127.0.0.16",
                                                 "127.0.0.17", "127.0.0.18"};
    return sources[i % SOURCES];
}

/* How a slow client begins, and what it sends now and then; a reader sends all and takes nothing.
 */
static const struct slow {
    const char *begin, *more;
} slows[] = {
    {"GET /en HTTP/1.1\r\nHost: x\r\nX-A: ", "a"},
    {"POST " SCENE_API "/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
     "Idempotency-Key: 6ba7b810-9dad-41d1-80b4-00c04fd430c8\r\nContent-Length: 400000\r\n\r\n{",
     " "},
    {"GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\nGET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n"
     "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\nGET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n",
     ""},
};

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A normal client's p99 in milliseconds, pages and submissions, while `slow` goes on. */
static int64_t normal_p99(struct client *client, const int sockets[SLOW], const struct slow *slow)
{
    static int64_t times[NORMAL];
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int i = 0; i < NORMAL; i++) {
        int64_t started = now_us();
        struct client_reply reply =
            i % 40 == 39 ? scene_submit(client, fixture_smallest())
                         : client_get(client, "/en/consultations/" SCENE_SLUG "/measures/1-1");
        times[i] = now_us() - started;
        ck_assert_msg(reply.status == 200 || reply.status == 201, "%d", reply.status);
        client_reply_clear(&reply);
        for (int s = i; s < SLOW && *slow->more; s += NORMAL)
            socket_send(sockets[s], slow->more, strlen(slow->more));
        nanosleep(&pause, NULL);
    }
    qsort(times, NORMAL, sizeof times[0], by_size);
    return times[NORMAL * 99 / 100] / 1000;
}

START_TEST(slow_clients_hurt_nobody)
{
    static int sockets[SLOW];
    /* Another network each time, so that none meets its limit of submissions. */
    static const char *const networks[] = {"127.0.0.31", "127.0.0.32", "127.0.0.33"};
    struct client *client = client_new_from(front_address(front), networks[_i]);
    const struct slow *slow = &slows[_i];
    many_files();
    for (int i = 0; i < SLOW; i++) {
        sockets[i] = socket_connect_from(source_of(i), front_address(front), 5);
        ck_assert_msg(sockets[i] >= 0, "%d", i);
        ck_assert(socket_send(sockets[i], slow->begin, strlen(slow->begin)));
    }
    int64_t p99 = normal_p99(client, sockets, slow);
    ck_assert_msg(p99 < 100, "p99 %d ms", (int)p99);
    for (int i = 0; i < SLOW; i++)
        socket_close(sockets[i]);
    client_free(client);
}
END_TEST

/* The front cuts off who sends nothing for its five seconds. */
START_TEST(silence_is_cut_off)
{
    struct client *client = client_new(front_address(front));
    ck_assert(client_send(client, "GET /en HTTP/1.1\r\nHo", 20));
    ck_assert(client_is_closed(client, 9000));
    client_free(client);
}
END_TEST

/* Whatever a client says of its address, the server counts the one that the front saw. */
START_TEST(forwarded_for_is_overwritten)
{
    struct client *liar = client_new_from(front_address(front), "127.0.0.21");
    struct client *other = client_new_from(front_address(front), "127.0.0.22");
    int refused = 0;
    for (int i = 0; i < PREFIX_LIMIT + 5; i++) {
        char headers[256], key[FIXTURE_KEY];
        fixture_key(key);
        snprintf(headers, sizeof headers,
                 "%sX-Forwarded-For: 10.0.0.%d\r\nForwarded: for=10.1.0.%d\r\n", key, i, i);
        struct client_reply reply =
            client_post_json(liar, SCENE_API "/submissions", headers, fixture_smallest());
        if (reply.status != 201) {
            char retry[16];
            scene_expect_problem(&reply, 429, "too-many-requests", NULL);
            ck_assert(client_header(&reply, "Retry-After", retry, sizeof retry));
            refused++;
        }
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(refused, 5);
    struct client_reply reply = scene_submit(other, fixture_smallest());
    client_reply_clear(&reply);
    client_free(liar);
    client_free(other);
}
END_TEST

START_TEST(too_large_is_said_by_the_front_as_well)
{
    struct client *client = client_new(front_address(front));
    static const char head[] = "POST " SCENE_API "/submissions HTTP/1.1\r\nHost: x\r\n"
                               "Content-Type: application/json\r\nContent-Length: 600000\r\n\r\n";
    ck_assert(client_send(client, head, sizeof head - 1));
    struct client_reply reply = client_read(client, false);
    ck_assert_int_eq(reply.status, 413);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* But a receipt's file may be larger. */
START_TEST(large_receipts_are_let_through)
{
    enum { FILE_BYTES = 3 * 1024 * 1024 };
    struct client *client = client_new(front_address(front));
    char *body = calloc(1, FILE_BYTES + 1);
    ck_assert_ptr_nonnull(body);
    memset(body, ' ', FILE_BYTES);
    memcpy(body, "{}", 2);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/v1/receipt-verifications",
                                                .type = "application/json",
                                                .body = body});
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(client_text(&reply, "/verdict"), "unreadable");
    client_reply_clear(&reply);
    free(body);
    client_free(client);
}
END_TEST

/* test_raw_http's cases, held to what the front must say. */
START_TEST(ambiguous_bytes)
{
    setenv("RAW_HTTP_URL", front_address(front), 1);
    setenv("RAW_HTTP_GET", SCENE_API "/measures/1-1", 1);
    setenv("RAW_HTTP_POST", "/v1/receipt-verifications", 1);
    unsetenv("RECORD_REPLIES");
    const char *argv[] = {RAW_HTTP_BINARY, NULL};
    struct process process;
    ck_assert(process_start(&process, SIGKILL, "/dev/stdout", argv));
    ck_assert_int_eq(process_stop(&process, 0), 0);
}
END_TEST

/* The server away: the front says so itself, with a time to try again. */
START_TEST(server_away)
{
    struct front *alone = front_start("unix:/nonexistent/socket");
    struct client *client = client_new(front_address(alone));
    struct client_reply reply = client_get(client, "/en");
    char retry[16];
    ck_assert_int_eq(reply.status, 503);
    ck_assert(client_header(&reply, "Retry-After", retry, sizeof retry));
    client_reply_clear(&reply);
    /* Of a failed request the log has the path, and no log what comes after it: a provider's code,
     * what an official looks for. */
    static const char *const returns[] = {"/openid/return?code=secretword",
                                          "/openid/officials?code=secretword",
                                          "/openid/institution?code=secretword"};
    for (size_t i = 0; i < sizeof returns / sizeof *returns; i++) {
        reply = client_get(client, returns[i]);
        ck_assert_int_eq(reply.status, 503);
        client_reply_clear(&reply);
    }
    reply = client_get(client, "/zh-Hant/officials/consultations/five-year-plan-iti/submissions"
                               "?text=secretword");
    ck_assert_int_eq(reply.status, 503);
    client_reply_clear(&reply);
    const char *found[] = {"grep", "-rqF", "/five-year-plan-iti/submissions", front_folder(alone),
                           NULL};
    const char *kept_out[] = {"grep", "-rqF", "secretword", front_folder(alone), NULL};
    int written = 1;
    for (int tries = 0; written != 0 && tries < 100;
         tries++) { /* it is flushed every five seconds */
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        written = process_run(NULL, 0, found);
    }
    ck_assert_int_eq(written, 0);
    ck_assert_int_eq(process_run(NULL, 0, kept_out), 1);
    client_free(client);
    front_stop(alone);
}
END_TEST

static void front_suite(SRunner *runner)
{
    const TTest *const tests[] = {silence_is_cut_off,
                                  forwarded_for_is_overwritten,
                                  too_large_is_said_by_the_front_as_well,
                                  large_receipts_are_let_through,
                                  ambiguous_bytes,
                                  server_away};
    Suite *suite = suite_create("front");
    TCase *tcase = tcase_create("front");
    tcase_set_timeout(tcase, 120);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_loop_test(tcase, slow_clients_hurt_nobody, 0, 3);
    suite_add_tcase(suite, tcase);
    srunner_add_suite(runner, suite);
}

int main(void)
{
    char folder[] = "/tmp/cs-XXXXXX", socket_set[64], socket_path[48];
    if (!mkdtemp(folder))
        return EXIT_FAILURE;
    snprintf(socket_path, sizeof socket_path, "%s/public", folder);
    snprintf(socket_set, sizeof socket_set, "address=unix:%s", socket_path);
    const char *set[] = {socket_set, "trusted_front=unix:", "submissions_per_prefix=20", NULL};
    scene_open(&scene, set);
    front = front_start(server_address(scene.server));
    SRunner *runner = srunner_create(NULL);
    front_suite(runner);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    front_stop(front);
    scene_close(&scene);
    unlink(socket_path);
    rmdir(folder);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
