/* Slow, half-finished and waiting requests: what may take how long, what is let go, and that nobody
 * else waits for it. */
#include "demo.h"
#include "support/client.h"
#include "support/socket.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char wait_head[] = "GET /v1/waits HTTP/1.1\r\nHost: x\r\n\r\n";
static const char half_post[] = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                "application/json\r\nContent-Length: 1000\r\n\r\n{";

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One GET on a connection of its own; true if it was answered 200. */
static bool get_once(const char *url, double *seconds)
{
    double start = seconds_now();
    struct client *client = client_new(url);
    struct client_reply reply = client_get(client, "/v1/things/a");
    bool ok = reply.status == 200;
    client_reply_clear(&reply);
    client_free(client);
    *seconds = seconds_now() - start;
    return ok;
}

static const struct {
    const char *name, *first, *drip;
} slows[] = {
    {"head", "GET /v1/things/a HTTP/1.1\r\nX-A: ", "b"},
    {"request line", "GET /v1/thin", "g"},
    {"body", half_post, " "},
    {"chunked body",
     "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
     "chunked\r\n\r\n",
     "1\r\n \r\n"},
    {"refused body", "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", " "},
};

/* A byte now and then renews the library's time-out, not ours. */
START_TEST(slow_senders_are_cut_off)
{
    struct demo *demo = demo_start(&(struct demo_options){.idle_seconds = 1, .request_seconds = 1});
    int fd = socket_connect(demo->url, 5);
    ck_assert(socket_send(fd, slows[_i].first, strlen(slows[_i].first)));
    double start = seconds_now();
    bool sending = true;
    while (sending && seconds_now() - start < 8)
        sending =
            !socket_is_closed(fd, 100) && socket_send(fd, slows[_i].drip, strlen(slows[_i].drip));
    double took = seconds_now() - start;
    ck_assert_msg(!sending, "slow %s: still open after %.1f s", slows[_i].name, took);
    ck_assert_msg(took >= 0.8 && took < 4.5, "slow %s: cut off after %.1f s", slows[_i].name, took);
    struct daemon_figures figures;
    daemon_figures(demo->daemon, &figures);
    ck_assert_uint_eq(figures.cut_off, 1);
    ck_assert_uint_eq(demo_posts(demo), 0);
    socket_close(fd);
    demo_stop(demo);
}
END_TEST

START_TEST(idle_connections_are_closed)
{
    struct demo *demo =
        demo_start(&(struct demo_options){.idle_seconds = 1, .request_seconds = 30});
    int silent = socket_connect(demo->url, 5), half = socket_connect(demo->url, 5);
    ck_assert(socket_send(half, half_post, sizeof half_post - 1));
    ck_assert(socket_is_closed(silent, 4000));
    ck_assert(socket_is_closed(half, 4000));
    ck_assert_uint_eq(demo_posts(demo), 0);
    socket_close(silent);
    socket_close(half);
    demo_stop(demo);
}
END_TEST

/* Closed in the middle of a body, at every place that a piece may end. */
START_TEST(half_sent_bodies_do_nothing)
{
    struct demo *demo = demo_start(&(struct demo_options){.idle_seconds = 1});
    static const char whole[] = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                "application/json\r\nContent-Length: 9\r\n\r\n{\"a\": 12}";
    double seconds;
    for (size_t cut = 1; cut < sizeof whole - 1; cut++) {
        int fd = socket_connect(demo->url, 5);
        ck_assert(socket_send(fd, whole, cut));
        socket_close(fd);
    }
    ck_assert(get_once(demo->url, &seconds));
    ck_assert_uint_eq(demo_posts(demo), 0);
    demo_stop(demo);
}
END_TEST

/* More slow clients than there are places: they are let go, and then everybody is served again. */
START_TEST(recovers_from_too_many_connections)
{
    enum { PLACES = 50, SLOW = 200 };
    struct demo *demo = demo_start(
        &(struct demo_options){.connections = PLACES, .idle_seconds = 1, .request_seconds = 1});
    int fds[SLOW];
    double seconds;
    for (int i = 0; i < SLOW; i++) {
        fds[i] = socket_connect(demo->url, 5);
        ck_assert_int_ge(fds[i], 0);
        socket_send(fds[i], half_post, 20 + (size_t)i % 40);
    }
    double start = seconds_now();
    while (!get_once(demo->url, &seconds))
        ck_assert_msg(seconds_now() - start < 20, "not served again after 20 s");
    ck_assert_msg(seconds_now() - start < 15, "served again only after %.1f s",
                  seconds_now() - start);
    for (int i = 0; i < SLOW; i++)
        socket_close(fds[i]);
    ck_assert(get_once(demo->url, &seconds));
    ck_assert_msg(seconds < 2, "%.1f s", seconds);
    demo_stop(demo);
}
END_TEST

/* One address gets so many connections and no more; when one ends there is room for another. */
START_TEST(connections_of_one_address_are_bounded)
{
    enum { MOST = 4 };
    struct demo *demo =
        demo_start(&(struct demo_options){.connections_per_address = MOST, .threads = 1});
    struct client *clients[MOST];
    double seconds;
    for (int i = 0; i < MOST; i++) {
        clients[i] = client_new(demo->url);
        struct client_reply reply = client_get(clients[i], "/v1/things/a");
        ck_assert_int_eq(reply.status, 200);
        client_reply_clear(&reply);
    }
    ck_assert(!get_once(demo->url, &seconds));
    client_close(clients[0]);
    double start = seconds_now();
    while (!get_once(demo->url, &seconds))
        ck_assert_msg(seconds_now() - start < 5, "no room again after 5 s");
    for (int i = 0; i < MOST; i++)
        client_free(clients[i]);
    demo_stop(demo);
}
END_TEST

/* Readers of one connection after the other while others come and go into suspension beside them on
 * the same threads. */
struct reader {
    pthread_t thread;
    const char *url;
    atomic_bool *stop;
    size_t served, failed;
    double longest;
};

static void *reader_run(void *context)
{
    struct reader *reader = context;
    struct client *client = client_new(reader->url);
    while (!atomic_load(reader->stop)) {
        double start = seconds_now();
        struct client_reply reply = client_get(client, "/v1/things/a");
        double took = seconds_now() - start;
        reader->served += reply.status == 200;
        reader->failed += reply.status != 200;
        if (took > reader->longest)
            reader->longest = took;
        client_reply_clear(&reply);
    }
    client_free(client);
    return NULL;
}

/* Upstream notes of 1.0.3: while a connection is being suspended, others that are ready may be
 * skipped, perhaps for ever. Here a connection is suspended and resumed without pause while others
 * read, and many more stay suspended all the time. One that is skipped would wait until the others
 * stop, which is 3 s. */
START_TEST(suspended_connections_starve_nobody)
{
    enum { READERS = 8, RESTING = 400, SECONDS = 3 };
    static struct reader readers[READERS];
    struct demo *demo = demo_start(&(struct demo_options){.threads = 1 + _i});
    atomic_bool stop = false;
    int resting[RESTING];
    for (int i = 0; i < RESTING; i++) {
        resting[i] = socket_connect(demo->url, 5);
        ck_assert(socket_send(resting[i], wait_head, sizeof wait_head - 1));
    }
    ck_assert(demo_waiting(demo, RESTING));
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.url = demo->url, .stop = &stop};
        pthread_create(&readers[i].thread, NULL, reader_run, &readers[i]);
    }
    double until = seconds_now() + SECONDS;
    int turns[16];
    for (int i = 0; i < 16; i++)
        turns[i] = socket_connect(demo->url, 5);
    size_t suspended = RESTING;
    while (seconds_now() < until) {
        for (int i = 0; i < 16; i++)
            ck_assert(socket_send(turns[i], wait_head, sizeof wait_head - 1));
        suspended += 16;
        ck_assert(demo_waiting(demo, suspended));
        demo_release(demo, 16);
        for (int i = 0; i < 16; i++) {
            char reply[2048];
            ck_assert_int_gt(socket_receive(turns[i], reply, sizeof reply), 0);
        }
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        ck_assert_uint_eq(readers[i].failed, 0);
        ck_assert_msg(readers[i].served > 50, "a reader was served %zu times only",
                      readers[i].served);
        ck_assert_msg(readers[i].longest < 2.5, "a reader waited %.2f s", readers[i].longest);
    }
    for (int i = 0; i < 16; i++)
        socket_close(turns[i]);
    for (int i = 0; i < RESTING; i++)
        socket_close(resting[i]);
    demo_stop(demo);
}
END_TEST

/* Stopping: what waits is still answered, and the connection closed then; nobody new is let in. */
START_TEST(drain_answers_what_waits)
{
    enum { WAITING = 20 };
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *waiting[WAITING], *idle = client_new(demo->url);
    struct client_reply reply = client_get(idle, "/v1/things/a");
    client_reply_clear(&reply);
    for (int i = 0; i < WAITING; i++) {
        waiting[i] = client_new(demo->url);
        ck_assert(client_send(waiting[i], wait_head, sizeof wait_head - 1));
    }
    ck_assert(demo_waiting(demo, WAITING));
    daemon_quiesce(demo->daemon);
    int late = socket_connect(demo->url, 5);
    ck_assert(socket_is_closed(late, 3000));
    socket_close(late);
    struct daemon_figures figures;
    daemon_figures(demo->daemon, &figures);
    ck_assert_uint_eq(figures.suspended, WAITING);
    double start = seconds_now();
    demo_stop(demo);
    ck_assert_msg(seconds_now() - start < 5, "stopping took %.1f s", seconds_now() - start);
    for (int i = 0; i < WAITING; i++) {
        reply = client_read(waiting[i], false);
        ck_assert_int_eq(reply.status, 200);
        ck_assert_str_eq(reply.body, "waited");
        client_reply_clear(&reply);
        client_free(waiting[i]);
    }
    ck_assert(client_is_closed(idle, 100));
    client_free(idle);
}
END_TEST

/* Who keeps asking while the server drains is answered once more, and then let go. */
START_TEST(drain_ends_busy_connections)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    struct client_reply reply = client_get(client, "/v1/things/a");
    client_reply_clear(&reply);
    daemon_quiesce(demo->daemon);
    reply = client_get(client, "/v1/things/a");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    ck_assert(client_is_closed(client, 3000));
    client_free(client);
    demo_stop(demo);
}
END_TEST

/* A body that is still coming when the stop is asked for is waited for; its connection is not just
 * cut. */
START_TEST(drain_waits_for_a_body)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    static const char head[] = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/json\r\nContent-Length: 2\r\n\r\n{";
    double seconds;
    ck_assert(client_send(client, head, sizeof head - 1));
    ck_assert(get_once(demo->url,
                       &seconds)); /* by now the head was read by its thread, or will be at once */
    ck_assert(get_once(demo->url, &seconds));
    daemon_quiesce(demo->daemon);
    ck_assert(client_send(client, "}", 1));
    struct client_reply reply = client_read(client, false);
    ck_assert_int_eq(reply.status, 201);
    client_reply_clear(&reply);
    client_free(client);
    demo_stop(demo);
}
END_TEST

/* A client that goes away while its request waits: the answer finds nobody, and nothing else
 * happens. */
START_TEST(clients_may_leave_while_they_wait)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    double seconds;
    for (int i = 0; i < 50; i++) {
        int fd = socket_connect(demo->url, 5);
        ck_assert(socket_send(fd, wait_head, sizeof wait_head - 1));
        ck_assert(demo_waiting(demo, (size_t)i + 1));
        socket_close(fd);
    }
    demo_gate(demo, true);
    ck_assert(get_once(demo->url, &seconds));
    demo_stop(demo);
}
END_TEST

START_TEST(workers_full_is_503)
{
    struct demo *demo = demo_start(&(struct demo_options){.worker_places = 3});
    static const char works[] = "GET /v1/works HTTP/1.1\r\nHost: x\r\n\r\n";
    struct client *clients[6];
    for (int i = 0; i < 2; i++) { /* two threads */
        clients[i] = client_new(demo->url);
        ck_assert(client_send(clients[i], works, sizeof works - 1));
    }
    ck_assert(demo_waiting(demo, 2));
    for (int i = 2; i < 6; i++) { /* three places, and one too many */
        clients[i] = client_new(demo->url);
        ck_assert(client_send(clients[i], works, sizeof works - 1));
    }
    double seconds;
    ck_assert(get_once(demo->url, &seconds)); /* the public pages do not wait for any of them */
    ck_assert_msg(seconds < 1, "%.1f s", seconds);
    struct daemon_figures figures;
    do
        daemon_figures(demo->daemon, &figures);
    while (figures.suspended != 5); /* bounded by the case's time-out */
    demo_gate(demo, true);
    int refused = 0;
    for (int i = 0; i < 6; i++) {
        char after[16];
        struct client_reply reply = client_read(clients[i], false);
        if (reply.status == 503) {
            refused++;
            ck_assert_str_eq(client_text(&reply, "/code"), "unavailable");
            ck_assert(client_header(&reply, "Retry-After", after, sizeof after));
        } else {
            ck_assert_int_eq(reply.status, 200);
        }
        client_reply_clear(&reply);
        client_free(clients[i]);
    }
    ck_assert_int_eq(refused, 1);
    demo_stop(demo);
}
END_TEST

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    Suite *suite = suite_create("patience");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, slow_senders_are_cut_off, 0, sizeof slows / sizeof slows[0]);
    tcase_add_test(all, idle_connections_are_closed);
    tcase_add_test(all, half_sent_bodies_do_nothing);
    tcase_add_test(all, recovers_from_too_many_connections);
    tcase_add_test(all, connections_of_one_address_are_bounded);
    tcase_add_loop_test(all, suspended_connections_starve_nobody, 0, 2);
    tcase_add_test(all, drain_answers_what_waits);
    tcase_add_test(all, drain_ends_busy_connections);
    tcase_add_test(all, drain_waits_for_a_body);
    tcase_add_test(all, clients_may_leave_while_they_wait);
    tcase_add_test(all, workers_full_is_503);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
