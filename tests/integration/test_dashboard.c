/* The officials' dashboard: its figures are what was sent, its files are acts, and who has it open
 * is told of each change as long as they may see it. */
#include "support/officials.h"
#include "support/socket.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", "event_streams=5", NULL};

#define PAGE "/en/officials/consultations/" SCENE_SLUG

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static void sql(const char *statement)
{
    free(cluster_text(scene.cluster, statement));
}

/* A viewer, signed in, from a network of their own. */
static struct client *viewer(const char *login, const char *source, struct official_made *made)
{
    struct client *client = client_new_from(server_address(scene.server), source);
    official_make(&scene, login, NULL, made);
    official_grant(&scene, login, SCENE_SLUG, "viewer");
    official_sign_in(&scene, client, made);
    return client;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The number in that row and column (both from 0) of a CSV file. */
static long csv_number(const char *csv, int row, int column)
{
    const char *at = csv;
    while (at && row-- > 0)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    while (at && column-- > 0)
        at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL;
    ck_assert_msg(at, "%s", csv);
    return strtol(at, NULL, 10);
}

static void figure_is(struct client *client, const struct official_made *official,
                      const char *figure, int row, int column, int64_t value)
{
    char path[160];
    snprintf(path, sizeof path, PAGE "/figures/%s/csv", figure);
    struct client_reply reply = official_get(client, official, path);
    ck_assert_msg(csv_number(reply.body, row, column) == value, "%s %d %d is not %lld: %s", figure,
                  row, column, (long long)value, reply.body);
    expect(&reply, 200, NULL);
}

/* Sent one by one and seen at once, by who has the role alone. */
START_TEST(figures_are_what_was_sent)
{
    struct client *client = client_new_from(server_address(scene.server), "127.0.3.1");
    struct official_made ray, sue;
    const char *page = PAGE;
    official_make(&scene, "ray", NULL, &ray);
    official_make(&scene, "sue", NULL, &sue);
    official_grant(&scene, "ray", SCENE_SLUG, "viewer");
    official_sign_in(&scene, client, &ray);
    official_sign_in(&scene, client, &sue);
    struct client_reply reply = official_get(client, &ray, page);
    expect(&reply, 200, "Measures by disagreement");
    for (int sent = 1; sent <= 3; sent++) {
        reply = scene_submit(client, fixture_submission());
        expect(&reply, 201, NULL);
        int64_t received = number("select count(*) from submissions where language = 0");
        int64_t counted = number("select count(*) from submissions where state = 'counted'");
        ck_assert_int_eq(number("select count(*) from submissions"), sent);
        figure_is(client, &ray, "languages", 1, 1, received);
        figure_is(client, &ray, "proof", 1, 1, sent);
        figure_is(client, &ray, "proof", 1, 2, counted);
        figure_is(client, &ray, "proof", 2, 1, 0);
    }
    reply = official_get(client, &ray, page);
    expect(&reply, 200, "<dt>Received</dt><dd>3</dd>");
    reply = official_get(client, &ray, PAGE "/figures/none/csv");
    expect(&reply, 404, NULL);
    reply = official_get(client, &sue, page);
    expect(&reply, 403, NULL);
    reply = official_get(client, &sue, PAGE "/figures/proof/csv");
    expect(&reply, 403, NULL);
    client_free(client);
}
END_TEST

/* The numbers of a file's rows in that column, summed. */
static long csv_sum(const char *csv, int rows, int column)
{
    long sum = 0;
    for (int row = 1; row <= rows; row++)
        sum += csv_number(csv, row, column);
    return sum;
}

/* Ranked by what is in the same row, and all of it what the rows of submissions say. */
START_TEST(rankings_are_in_their_order)
{
    static const struct {
        const char *figure, *share;
    } shares[] = {{"support", "45"}, {"opposition", "12"}};
    struct official_made uma;
    struct client *client = viewer("uma", "127.0.3.2", &uma);
    for (int stance = 1; stance <= 5; stance++)
        for (int measure = 1; measure <= stance; measure++) {
            json_t *submission = fixture_submission();
            char at[32];
            snprintf(at, sizeof at, "/answers/1-%d", measure);
            fixture_set(submission, at, json_pack("{s:i}", "stance", stance));
            struct client_reply reply = scene_submit(client, submission);
            client_reply_clear(&reply);
        }
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char path[160];
        double before = 1;
        snprintf(path, sizeof path, PAGE "/figures/%s/csv", shares[i].figure);
        struct client_reply reply = official_get(client, &uma, path);
        for (int row = 1; row <= 15; row++) {
            long taking = 0, part = 0;
            for (int stance = 1; stance <= 5; stance++) {
                long n = csv_number(reply.body, row, 3 + stance);
                taking += n;
                part += strchr(shares[i].share, '0' + stance) ? n : 0;
            }
            double share = taking ? (double)part / (double)taking : 0;
            ck_assert_msg(share <= before, "%s row %d: %s", shares[i].figure, row, reply.body);
            before = share;
        }
        ck_assert_int_eq(csv_sum(reply.body, 15, 3 + 5),
                         number("select count(*) from submissions s, generate_series(1, 15) o "
                                "where s.state = 'counted' and get_byte(s.stances, o - 1) = 5"));
        expect(&reply, 200, NULL);
    }
    client_free(client);
}
END_TEST

/* Taking a figure away is an act; looking at it is none. */
START_TEST(files_are_recorded)
{
    static const char *const figures[] = {"days",         "kinds",   "proof",      "languages",
                                          "channels",     "support", "directions", "opposition",
                                          "disagreement", "priority"};
    struct official_made vic;
    char type[64] = "", name[96] = "";
    struct client *client = viewer("vic", "127.0.3.3", &vic);
    int64_t before = number("select count(*) from audit_log where action = 'figure-downloaded'");
    struct client_reply reply = official_get(client, &vic, PAGE);
    expect(&reply, 200, "State of the service");
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char path[160];
        snprintf(path, sizeof path, PAGE "/figures/%s/svg", figures[i]);
        reply = official_get(client, &vic, path);
        ck_assert(client_header(&reply, "Content-Type", type, sizeof type));
        ck_assert_str_eq(type, "image/svg+xml");
        ck_assert(client_header(&reply, "Content-Disposition", name, sizeof name));
        ck_assert_ptr_nonnull(strstr(name, ".svg\""));
        ck_assert_ptr_nonnull(strstr(reply.body, "xml:lang=\"en\""));
        expect(&reply, 200, "</svg>");
    }
    reply = official_get(client, &vic, PAGE "/figures/days/csv");
    expect(&reply, 200, NULL);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'figure-downloaded'"),
                     before + 11);
    ck_assert_int_eq(
        number("select count(*) from audit_log where action = 'figure-downloaded' and detail ->> "
               "'official' = 'vic' and detail ->> 'figure' = 'proof' and detail ->> 'format' = "
               "'svg' and consultation_id = (select consultation_id from consultations where slug "
               "= '" SCENE_SLUG "')"),
        1);
    client_free(client);
}
END_TEST

/* One that listens to events. */
struct ear {
    int fd;
    size_t length;
    char heard[8192];
};

static void ear_open_at(struct ear *ear, const char *address, const struct official_made *official)
{
    char ask[512];
    int length = snprintf(ask, sizeof ask,
                          "GET " PAGE "/events HTTP/1.1\r\nHost: x\r\nAccept: "
                          "text/event-stream\r\n%s\r\n",
                          official->cookie);
    *ear = (struct ear){.fd = socket_connect(address, 1)};
    ck_assert(socket_send(ear->fd, ask, (size_t)length));
}

static void ear_open(struct ear *ear, const struct official_made *official)
{
    ear_open_at(ear, server_address(scene.server), official);
}

/* Whether these words come within the time. */
static bool ear_hears(struct ear *ear, const char *words, double seconds)
{
    double until = seconds_now() + seconds;
    while (!strstr(ear->heard, words) && seconds_now() < until) {
        ssize_t more =
            socket_receive(ear->fd, ear->heard + ear->length, sizeof ear->heard - 1 - ear->length);
        if (more > 0)
            ear->length += (size_t)more;
        ear->heard[ear->length] = '\0';
        if (more == 0)
            break;
    }
    return strstr(ear->heard, words) != NULL;
}

/* What an earlier test has closed keeps its place until the server looks at it again. */
static void ear_open_place(struct ear *ear, const struct official_made *official)
{
    double until = seconds_now() + 15;
    ear_open(ear, official);
    while (!ear_hears(ear, "HTTP/1.1 200", 1) && seconds_now() < until) {
        socket_close(ear->fd);
        ear_open(ear, official);
    }
}

static bool ear_hears_the_end(struct ear *ear, double seconds)
{
    return ear_hears(ear, "\r\n0\r\n\r\n", seconds);
}

static void ear_forget(struct ear *ear)
{
    ear->length = 0;
    ear->heard[0] = '\0';
}

START_TEST(change_is_told_within_two_seconds)
{
    struct official_made wes;
    struct ear ears[2];
    char mark[128];
    struct client *client = viewer("wes", "127.0.3.4", &wes);
    for (int i = 0; i < 2; i++) {
        ear_open(&ears[i], &wes);
        ck_assert_msg(ear_hears(&ears[i], "event: figures\ndata: ", 2), "%s", ears[i].heard);
        ck_assert_ptr_nonnull(strstr(ears[i].heard, "Content-Type: text/event-stream"));
        ck_assert_ptr_nonnull(strstr(ears[i].heard, "X-Accel-Buffering: no"));
        ck_assert_ptr_nonnull(strstr(ears[i].heard, "Cache-Control: no-store"));
    }
    /* What the page shows is what is told. */
    snprintf(mark, sizeof mark, "data-mark=\"%.21s\"", strstr(ears[0].heard, "data: ") + 6);
    struct client_reply reply = official_get(client, &wes, PAGE "/figures");
    expect(&reply, 200, mark);
    ear_forget(&ears[0]);
    ear_forget(&ears[1]);
    ck_assert(!ear_hears(&ears[0], "event", 2));
    for (int sent = 0; sent < 3; sent++) {
        reply = scene_submit(client, fixture_smallest());
        client_reply_clear(&reply);
        double start = seconds_now();
        for (int i = 0; i < 2; i++) {
            ck_assert(ear_hears(&ears[i], "event: figures\ndata: ", 2));
            ck_assert_msg(seconds_now() - start < 2, "%.1f s", seconds_now() - start);
            snprintf(mark, sizeof mark, "data-mark=\"%.21s\"", strstr(ears[i].heard, "data: ") + 6);
            ear_forget(&ears[i]);
        }
        reply = official_get(client, &wes, PAGE "/figures");
        expect(&reply, 200, mark);
    }
    for (int i = 0; i < 2; i++)
        socket_close(ears[i].fd);
    client_free(client);
}
END_TEST

/* Four of one official's, five in all; a place that was left is free again. */
START_TEST(listeners_are_bounded)
{
    struct official_made xen, yan;
    struct ear ears[7];
    struct client *first = viewer("xen", "127.0.3.5", &xen);
    struct client *second = viewer("yan", "127.0.3.6", &yan);
    for (int i = 0; i < 4; i++) {
        ear_open_place(&ears[i], &xen);
        ck_assert_msg(ear_hears(&ears[i], "event: figures", 3), "%s", ears[i].heard);
    }
    ear_open(&ears[4], &xen);
    ck_assert(ear_hears(&ears[4], "HTTP/1.1 503", 2));
    ck_assert(ear_hears(&ears[4], "Retry-After: ", 1));
    ear_open_place(&ears[5], &yan);
    ck_assert(ear_hears(&ears[5], "event: figures", 3));
    ear_open(&ears[6], &yan);
    ck_assert(ear_hears(&ears[6], "HTTP/1.1 503", 2));
    struct client_reply reply = official_get(second, &yan, PAGE);
    expect(&reply, 200, NULL);
    socket_close(ears[0].fd);
    double until = seconds_now() + 15;
    bool again = false;
    while (!again && seconds_now() < until) {
        socket_close(ears[6].fd);
        ear_open(&ears[6], &yan);
        again = ear_hears(&ears[6], "HTTP/1.1 200", 1);
    }
    ck_assert(again);
    for (int i = 1; i < 7; i++)
        socket_close(ears[i].fd);
    client_free(first);
    client_free(second);
}
END_TEST

/* Signed out, idle for too long, disabled, or without the role: each ends what was open. */
START_TEST(ends_with_the_session)
{
    static const char *const ends[] = {
        "update official_sessions s set seen_at = now() - interval '31 minutes' from officials o "
        "where o.official_id = s.official_id and login = 'zoe' returning login",
        "update official_sessions s set expires_at = now() from officials o where o.official_id = "
        "s.official_id and login = 'zoe' returning login",
        "update officials set disabled_at = now() where login = 'zoe' returning login",
        "delete from official_grants g using officials o where o.official_id = g.official_id and "
        "login = 'zoe' returning login"};
    struct official_made zoe;
    struct ear ear;
    struct client *client = viewer("zoe", "127.0.3.7", &zoe);
    for (size_t i = 0; i < 1 + sizeof ends / sizeof *ends; i++) {
        sql("update officials set disabled_at = null where login = 'zoe' returning login");
        official_sign_in(&scene, client, &zoe);
        ear_open_place(&ear, &zoe);
        ck_assert_msg(ear_hears(&ear, "event: figures", 3), "way %zu: %s", i, ear.heard);
        if (i == 0) {
            struct client_reply reply = official_post(client, &zoe, "/en/officials/sign-out", NULL);
            expect(&reply, 303, NULL);
        } else {
            sql(ends[i - 1]);
        }
        ck_assert_msg(ear_hears_the_end(&ear, 3), "way %zu: %s", i, ear.heard);
        socket_close(ear.fd);
    }
    /* Nobody else's, and nobody's. */
    official_sign_in(&scene, client, &zoe);
    struct client_reply reply = official_get(client, &zoe, PAGE "/events");
    expect(&reply, 403, "role-missing");
    reply = client_get(client, PAGE "/events");
    ck_assert_int_eq(reply.status, 303);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* What an open page asks by itself is no sign of life; what a person asks is one. */
START_TEST(open_page_keeps_no_session)
{
    struct official_made abe;
    struct ear ear;
    struct client *client = viewer("abe", "127.0.3.8", &abe);
    static const char seen[] =
        "select count(*) from official_sessions s join officials o using (official_id) where login "
        "= 'abe' and seen_at > now() - interval '4 minutes'";
    sql("update official_sessions s set seen_at = now() - interval '5 minutes' from officials o "
        "where o.official_id = s.official_id and login = 'abe' returning login");
    struct client_reply reply = official_get(client, &abe, PAGE "/figures");
    expect(&reply, 200, NULL);
    ear_open_place(&ear, &abe);
    ck_assert(ear_hears(&ear, "event: figures", 3));
    socket_close(ear.fd);
    ck_assert_int_eq(number(seen), 0);
    reply = official_get(client, &abe, PAGE);
    expect(&reply, 200, NULL);
    ck_assert_int_eq(number(seen), 1);
    client_free(client);
}
END_TEST

/* A byte now and then, before the front takes the silence for an end (20 s); beside it, a stream
 * that has lived its time ends whole, and a stop waits for no listener. */
START_TEST(silence_is_broken_and_stopping_is_quick)
{
    static const char *const set[] = {"event_stream_seconds=2", NULL};
    struct official_made ben;
    struct ear quiet, brief, last[3];
    struct client *client = viewer("ben", "127.0.3.9", &ben);
    struct server_options options = scene.options;
    options.set = set;
    struct server *other = server_start(&options), *third = server_start(&scene.options);
    ck_assert_ptr_nonnull(other);
    ck_assert_ptr_nonnull(third);
    ear_open_place(&quiet, &ben);
    ear_open_at(&brief, server_address(other), &ben);
    ck_assert(ear_hears(&quiet, "event: figures", 3));
    ear_forget(&quiet);
    ck_assert(ear_hears(&brief, "event: figures", 3));
    ck_assert(ear_hears_the_end(&brief, 4));
    for (int i = 0; i < 3; i++) {
        ear_open_at(&last[i], server_address(third), &ben);
        ck_assert(ear_hears(&last[i], "event: figures", 3));
    }
    double start = seconds_now();
    ck_assert_int_eq(server_stop(third, SIGTERM), 0);
    ck_assert_msg(seconds_now() - start < 4, "stopping took %.1f s", seconds_now() - start);
    for (int i = 0; i < 3; i++) {
        ck_assert(ear_hears_the_end(&last[i], 1));
        socket_close(last[i].fd);
    }
    ck_assert_int_eq(server_stop(other, SIGTERM), 0);
    ck_assert(ear_hears(&quiet, ":\n\n", 12));
    socket_close(quiet.fd);
    socket_close(brief.fd);
    client_free(client);
}
END_TEST

/* The value of a metric of the inner address. */
static long metric(const char *name)
{
    char line[96];
    struct client *client = scene_inner_client(&scene);
    struct client_reply reply = client_get(client, "/metrics");
    snprintf(line, sizeof line, "\nconsultation_%s ", name);
    const char *at = strstr(reply.body, line);
    ck_assert_msg(at, "%s: %.2000s", name, reply.body);
    long value = strtol(at + strlen(line), NULL, 10);
    client_reply_clear(&reply);
    client_free(client);
    return value;
}

START_TEST(doors_are_counted_without_names)
{
    struct official_made cyd;
    long done = metric("official_sign_ins_total");
    long refused = metric("official_sign_ins_refused_total");
    long slowed = metric("official_sign_ins_slowed_total");
    struct client *client = viewer("cyd", "127.0.3.10", &cyd);
    ck_assert_int_eq(metric("official_sign_ins_total"), done + 1);
    static const struct official_made nobody;
    for (int i = 0; i < 11; i++) {
        char *body = fixture_form_add(NULL, "/login", "cyd");
        struct client_reply reply = official_post(client, &nobody, "/en/officials/sign-in",
                                                  fixture_form_add(body, "/password", "wrong one"));
        expect(&reply, i < 10 ? 403 : 429, NULL);
    }
    ck_assert_int_eq(metric("official_sign_ins_refused_total"), refused + 10);
    ck_assert_int_eq(metric("official_sign_ins_slowed_total"), slowed + 1);
    ck_assert_int_eq(metric("releaser_well"), 1);
    client_free(client);
}
END_TEST

SCENE_MAIN("dashboard", settings, figures_are_what_was_sent, rankings_are_in_their_order,
           files_are_recorded, change_is_told_within_two_seconds, listeners_are_bounded,
           ends_with_the_session, open_page_keeps_no_session,
           silence_is_broken_and_stopping_is_quick, doors_are_counted_without_names)
