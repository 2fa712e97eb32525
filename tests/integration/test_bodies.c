/* Bodies: their limits to the byte, what is refused on the head alone, and what is drained so that
 * a refusal can be said. */
#include "demo.h"
#include "support/client.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct demo *demo;
static struct client *client;

static void setup(void)
{
    demo = demo_start(&(struct demo_options){0});
    client = client_new(demo->url);
}

static void teardown(void)
{
    client_free(client);
    demo_stop(demo);
}

static const char *header(const struct client_reply *reply, const char *name)
{
    static char value[512];
    return client_header(reply, name, value, sizeof value) ? value : "";
}

/* A body of `length` bytes, declared or chunked. */
static void send_body(size_t length, bool chunked)
{
    char head[256], *bytes = calloc(1, length + 1);
    memset(bytes, ' ', length);
    int size = snprintf(head, sizeof head,
                        chunked ? "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                  "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                                : "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                  "application/json\r\nContent-Length: %zu\r\n\r\n",
                        length);
    bool sent = client_send(client, head, (size_t)size);
    for (size_t at = 0; sent && at < length;) {
        size_t piece = chunked && length - at > 10000 ? 10000 : length - at;
        size = chunked ? snprintf(head, sizeof head, "%zx\r\n", piece) : 0;
        sent = client_send(client, head, (size_t)size) && client_send(client, bytes + at, piece) &&
               (!chunked || client_send(client, "\r\n", 2));
        at += piece;
    }
    if (sent && chunked)
        client_send(client, "0\r\n\r\n", 5);
    free(bytes);
}

enum { LIMIT = 512 * 1024 };

static const struct {
    size_t length;
    bool chunked;
    int status; /* 0: cut off */
    bool kept;
} sizes[] = {
    {0, false, 201, true},
    {1, false, 201, true},
    {LIMIT, false, 201, true},
    {LIMIT + 1, false, 413, true},
    {2 * 1024 * 1024, false, 413, true},
    {0, true, 201, true},
    {LIMIT, true, 201, true},
    {LIMIT + 1, true, 413, true},
    {3 * 1024 * 1024, true, 0, false},
};

START_TEST(bodies_are_bounded_exactly)
{
    send_body(sizes[_i].length, sizes[_i].chunked);
    struct client_reply reply = client_read(client, false);
    ck_assert_int_eq(reply.status, sizes[_i].status);
    if (reply.status == 201)
        ck_assert_int_eq(json_integer_value(json_at(reply.json, "/length")),
                         (json_int_t)sizes[_i].length);
    if (reply.status == 413)
        ck_assert_str_eq(client_text(&reply, "/code"), "content-too-large");
    client_reply_clear(&reply);
    if (sizes[_i].kept) {
        reply = client_get(client, "/v1/things/a");
        ck_assert_int_eq(reply.status, 200);
        client_reply_clear(&reply);
    }
    ck_assert_uint_eq(demo_posts(demo), sizes[_i].status == 201);
}
END_TEST

/* Declared beyond what is drained, or while 100 Continue is waited for: answered on the head alone.
 */
static const struct {
    const char *head;
    int status;
    const char *code;
} heads[] = {
    {"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
     "3000000\r\n\r\n",
     413, "content-too-large"},
    {"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
     "600000\r\nExpect: 100-continue\r\n\r\n",
     413, "content-too-large"},
    {"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: "
     "6\r\nExpect: 100-continue\r\n\r\n",
     415, "unsupported-media-type"},
    {"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n", 404, "not-found"},
};

START_TEST(refused_on_the_head)
{
    ck_assert(client_send(client, heads[_i].head, strlen(heads[_i].head)));
    struct client_reply reply = client_read(client, false);
    ck_assert_int_eq(reply.status, heads[_i].status);
    ck_assert_str_eq(client_text(&reply, "/code"), heads[_i].code);
    ck_assert_str_eq(header(&reply, "Connection"), "close");
    client_reply_clear(&reply);
}
END_TEST

START_TEST(expected_continue_is_said)
{
    static const char head[] = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/json\r\nContent-Length: 2\r\nExpect: "
                               "100-continue\r\n\r\n";
    ck_assert(client_send(client, head, sizeof head - 1));
    ck_assert(client_send(client, "{}", 2));
    struct client_reply reply = client_read(client, false); /* passes over the 100 */
    ck_assert_int_eq(reply.status, 201);
    client_reply_clear(&reply);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

int main(void)
{
    Suite *suite = suite_create("bodies");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    LOOP(bodies_are_bounded_exactly, sizes);
    LOOP(refused_on_the_head, heads);
    tcase_add_test(all, expected_continue_is_said);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
