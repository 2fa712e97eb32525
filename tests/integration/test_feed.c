/* Replies that are made while they are sent: whole and in order however slowly they are taken,
 * bounded in memory, ended by either side, and in nobody's way. */
#include "demo.h"
#include "http/feed.h"
#include "support/client.h"
#include "support/socket.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char ask[] = "GET /v1/feed HTTP/1.1\r\nHost: x\r\n\r\n";

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void rest_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static int feed_ask(const struct demo *demo)
{
    int fd = socket_connect(demo->url, 5);
    ck_assert(socket_send(fd, ask, sizeof ask - 1));
    return fd;
}

static void expect_served(const struct demo *demo)
{
    double start = seconds_now();
    struct client *client = client_new(demo->url);
    struct client_reply reply = client_get(client, "/v1/things/a");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_msg(seconds_now() - start < 1, "%.1f s", seconds_now() - start);
    client_reply_clear(&reply);
    client_free(client);
}

/* The writer is much faster than the room is large, then slower than the reader, by turns. */
START_TEST(arrives_whole_and_in_order)
{
    enum { LINES = 60000 };
    struct demo *demo = demo_start(&(struct demo_options){.threads = 1});
    struct client *client = client_new(demo->url);
    ck_assert(client_send(client, ask, sizeof ask - 1));
    struct feed *feed = demo_feed(demo);
    pid_t child = fork();
    if (child == 0) { /* the reader, in a process of its own so that nothing here waits for it */
        struct client_reply reply = client_read(client, false);
        char *at = reply.body;
        long line = 0;
        for (; at && *at; line++, at = strchr(at, '\n') + 1)
            if (strtol(at, NULL, 10) != line)
                _exit(2);
        _exit(reply.status == 200 && line == LINES ? 0 : 1);
    }
    for (int i = 0; i < LINES; i++) {
        char line[16];
        int length = snprintf(line, sizeof line, "%d\n", i);
        ck_assert_int_eq(feed_write(feed, line, (size_t)length, 5000), FEED_TAKEN);
        if (i % 10000 == 0)
            rest_ms(20);
    }
    feed_end(feed, true);
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    /* The connection goes on. */
    client_close(client);
    struct client_reply reply = client_get(client, "/v1/things/a");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    client_free(client);
    demo_stop(demo);
}
END_TEST

START_TEST(connection_is_good_for_the_next_request)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    for (int i = 0; i < 3; i++) {
        ck_assert(client_send(client, ask, sizeof ask - 1));
        struct feed *feed = demo_feed(demo);
        ck_assert_int_eq(feed_write(feed, "one ", 4, 0), FEED_TAKEN);
        rest_ms(50);
        ck_assert_int_eq(feed_write(feed, "two", 3, 0), FEED_TAKEN);
        feed_end(feed, true);
        struct client_reply reply = client_read(client, false);
        ck_assert_int_eq(reply.status, 200);
        ck_assert_str_eq(reply.body, "one two");
        client_reply_clear(&reply);
    }
    client_free(client);
    demo_stop(demo);
}
END_TEST

/* What is not the whole must not look like it: no last chunk. */
START_TEST(cut_short_is_seen_as_cut_short)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    char got[4096] = "";
    size_t length = 0;
    int fd = feed_ask(demo);
    struct feed *feed = demo_feed(demo);
    ck_assert_int_eq(feed_write(feed, "half", 4, 0), FEED_TAKEN);
    rest_ms(50);
    feed_end(feed, false);
    for (ssize_t more; length < sizeof got - 1 &&
                       (more = socket_receive(fd, got + length, sizeof got - 1 - length)) > 0;)
        length += (size_t)more;
    got[length] = '\0';
    ck_assert_ptr_nonnull(strstr(got, "Transfer-Encoding: chunked"));
    ck_assert_ptr_nonnull(strstr(got, "half"));
    ck_assert_ptr_null(strstr(got, "\r\n0\r\n"));
    socket_close(fd);
    demo_stop(demo);
}
END_TEST

/* At once, also where the client takes nothing, or is waited for: it was not told before. */
START_TEST(cut_short_is_cut_at_once)
{
    static char much[DEMO_FEED_ROOM];
    struct demo *demo = demo_start(&(struct demo_options){0});
    for (int i = 0; i < 40; i++) {
        int fd = feed_ask(demo);
        struct feed *feed = demo_feed(demo);
        while (i % 4 == 3 && feed_write(feed, much, sizeof much, 20) == FEED_TAKEN)
            ;
        if (i % 4 == 2)
            ck_assert_int_eq(feed_write(feed, "half", 4, 0), FEED_TAKEN);
        if (i % 4 == 1)
            rest_ms(5);
        double start = seconds_now();
        feed_end(feed, false);
        char bytes[16384];
        while (socket_receive(fd, bytes, sizeof bytes) > 0)
            ;
        ck_assert_msg(seconds_now() - start < 3, "%d: open for %f s", i, seconds_now() - start);
        socket_close(fd);
    }
    demo_stop(demo);
}
END_TEST

/* Who wants to know when all of it is on its way. */
START_TEST(drained_is_taken)
{
    static char much[DEMO_FEED_ROOM];
    struct demo *demo = demo_start(&(struct demo_options){0});
    int fd = feed_ask(demo);
    struct feed *feed = demo_feed(demo);
    ck_assert_int_eq(feed_write(feed, much, sizeof much, 0), FEED_TAKEN);
    ck_assert_int_eq(feed_drain(feed, 5000), FEED_TAKEN);
    while (feed_write(feed, much, sizeof much, 100) == FEED_TAKEN)
        ;
    ck_assert_int_eq(feed_drain(feed, 100), FEED_FULL);
    socket_close(fd); /* with unread bytes: a reset */
    while (!feed_is_gone(feed))
        rest_ms(10);
    ck_assert_int_eq(feed_drain(feed, 5000), FEED_GONE);
    feed_end(feed, false);
    demo_stop(demo);
}
END_TEST

/* Not before there is something to tell apart: full is full, and what is longer than the room never
 * fits. */
START_TEST(room_is_bounded)
{
    static char much[DEMO_FEED_ROOM + 1];
    struct demo *demo = demo_start(&(struct demo_options){0});
    int fd = feed_ask(demo);
    struct feed *feed = demo_feed(demo);
    memset(much, 'x', sizeof much);
    ck_assert_int_eq(feed_write(feed, much, sizeof much, 1000), FEED_FULL);
    size_t taken = 0;
    enum feed_state state;
    while ((state = feed_write(feed, much, DEMO_FEED_ROOM, 300)) == FEED_TAKEN)
        taken += DEMO_FEED_ROOM;
    ck_assert_int_eq(state, FEED_FULL);
    ck_assert_uint_gt(taken, 0);
    ck_assert_uint_lt(taken, 64 * 1024 * 1024); /* what the two sockets hold */
    expect_served(demo);
    socket_close(fd);
    while (!feed_is_gone(feed))
        rest_ms(10); /* bounded by the case's time-out */
    feed_end(feed, false);
    demo_stop(demo);
}
END_TEST

/* A suspended connection hears nothing; the writer finds out, and lets go. */
START_TEST(clients_that_left_are_found)
{
    struct demo *demo = demo_start(&(struct demo_options){.threads = 1});
    for (int i = 0; i < 20; i++) {
        int fd = feed_ask(demo);
        struct feed *feed = demo_feed(demo);
        ck_assert(!feed_is_gone(feed));
        if (i % 2)
            ck_assert_int_eq(feed_write(feed, "a", 1, 0), FEED_TAKEN);
        socket_close(fd);
        while (!feed_is_gone(feed))
            rest_ms(5);
        feed_end(feed, false);
    }
    struct daemon_figures figures;
    do
        daemon_figures(demo->daemon, &figures);
    while (figures.connections != 0);
    demo_stop(demo);
}
END_TEST

/* Who does not take what is there is cut off after idle_seconds; who waits for the writer is not,
 * however long that is. */
START_TEST(slow_readers_are_cut_off_and_waiting_ones_not)
{
    static char much[DEMO_FEED_ROOM];
    struct demo *demo = demo_start(&(struct demo_options){.idle_seconds = 1, .request_seconds = 1});
    struct client *waiting = client_new(demo->url);
    ck_assert(client_send(waiting, ask, sizeof ask - 1));
    struct feed *quiet = demo_feed(demo);
    int fd = feed_ask(demo);
    struct feed *feed = demo_feed(demo);
    memset(much, 'x', sizeof much);
    double start = seconds_now();
    while (feed_write(feed, much, sizeof much, 100) != FEED_GONE)
        ck_assert_msg(seconds_now() - start < 8, "still open after 8 s");
    feed_end(feed, false);
    socket_close(fd);
    while (seconds_now() - start < 4)
        rest_ms(50);
    ck_assert(!feed_is_gone(quiet));
    ck_assert_int_eq(feed_write(quiet, "at last", 7, 0), FEED_TAKEN);
    feed_end(quiet, true);
    struct client_reply reply = client_read(waiting, false);
    ck_assert_str_eq(reply.body, "at last");
    client_reply_clear(&reply);
    client_free(waiting);
    demo_stop(demo);
}
END_TEST

/* Many feeds, of which some are written to all the time, on one thread beside ordinary readers. */
START_TEST(feeds_starve_nobody)
{
    enum { OPEN = 300 };
    static int fds[OPEN];
    static struct feed *feeds[OPEN];
    struct demo *demo = demo_start(&(struct demo_options){.threads = 1});
    for (int i = 0; i < OPEN; i++) {
        fds[i] = feed_ask(demo);
        feeds[i] = demo_feed(demo);
    }
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < OPEN; i += 3)
            ck_assert_int_eq(feed_write(feeds[i], "x", 1, 2000), FEED_TAKEN);
        expect_served(demo);
    }
    for (int i = 0; i < OPEN; i++)
        feed_end(feeds[i], true);
    for (int i = 0; i < OPEN; i++) {
        char bytes[4096];
        ck_assert_int_gt(socket_receive(fds[i], bytes, sizeof bytes), 0);
        socket_close(fds[i]);
    }
    demo_stop(demo);
}
END_TEST

/* The head alone: nobody reads, and the writer is told. */
START_TEST(head_has_no_body)
{
    static const char head[] = "HEAD /v1/feed HTTP/1.1\r\nHost: x\r\n\r\n";
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    ck_assert(client_send(client, head, sizeof head - 1));
    struct feed *feed = demo_feed(demo);
    struct client_reply reply = client_read(client, true);
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    while (!feed_is_gone(feed))
        rest_ms(5);
    ck_assert_int_eq(feed_write(feed, "a", 1, 0), FEED_GONE);
    feed_end(feed, true);
    client_free(client);
    demo_stop(demo);
}
END_TEST

START_TEST(drain_is_quick_once_feeds_end)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct feed *feeds[10];
    struct client *clients[10];
    for (int i = 0; i < 10; i++) {
        clients[i] = client_new(demo->url);
        ck_assert(client_send(clients[i], ask, sizeof ask - 1));
        feeds[i] = demo_feed(demo);
    }
    daemon_quiesce(demo->daemon);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(feed_write(feeds[i], "bye", 3, 0), FEED_TAKEN);
        feed_end(feeds[i], true);
    }
    double start = seconds_now();
    demo_stop(demo);
    ck_assert_msg(seconds_now() - start < 2, "stopping took %.1f s", seconds_now() - start);
    for (int i = 0; i < 10; i++) {
        struct client_reply reply = client_read(clients[i], false);
        ck_assert_str_eq(reply.body, "bye");
        client_reply_clear(&reply);
        client_free(clients[i]);
    }
}
END_TEST

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    Suite *suite = suite_create("feed");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, arrives_whole_and_in_order);
    tcase_add_test(all, connection_is_good_for_the_next_request);
    tcase_add_test(all, cut_short_is_seen_as_cut_short);
    tcase_add_test(all, cut_short_is_cut_at_once);
    tcase_add_test(all, drained_is_taken);
    tcase_add_test(all, room_is_bounded);
    tcase_add_test(all, clients_that_left_are_found);
    tcase_add_test(all, slow_readers_are_cut_off_and_waiting_ones_not);
    tcase_add_test(all, feeds_starve_nobody);
    tcase_add_test(all, head_has_no_body);
    tcase_add_test(all, drain_is_quick_once_feeds_end);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
