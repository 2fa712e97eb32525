/* Bytes that two HTTP servers could read in two ways, each with the verdict it must have
 * (THREATS.md, HTTP): one reply, and then the connection is closed or kept. Runs against
 * server/http alone; or, with RAW_HTTP_URL (and RAW_HTTP_GET, RAW_HTTP_POST, paths that answer 200
 * and take JSON) against whatever stands there, held to the column `front`. */
#include "demo.h"
#include "support/client.h"
#include "support/socket.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* REPEAT: libmicrohttpd refuses it before we are asked, and 0.9.75 sends the head of that refusal
 * twice before it closes. */
enum { CLOSE, KEEP, REPEAT };
enum { NO_REPLY = -1 }; /* the front closes without a word */

/* In `bytes` @G stands for the path to get, @P for the one to post to, @H for a Host line, @J for a
 * JSON Content-Type line and @0 for a NUL byte. `front`: what nginx with deploy/'s rules says, 0
 * the same. What is closed may have no second reply. */
static const struct raw {
    const char *name, *bytes;
    int status, after, front;
} raws[] = {
    {"plain get", "GET @G HTTP/1.1\r\n@H\r\n", 200, KEEP, 0},
    {"plain get, 1.0", "GET @G HTTP/1.0\r\n\r\n", 200, CLOSE, 0},
    {"head", "HEAD @G HTTP/1.1\r\n@H\r\n", 200, KEEP, 0},
    {"absolute-form", "GET http://x@G HTTP/1.1\r\n@H\r\n", 200, KEEP, 0},
    {"empty line before", "\r\nGET @G HTTP/1.1\r\n@H\r\n", 200, KEEP, 0},
    {"tab around a value", "GET @G HTTP/1.1\r\n@HX-A: \t b\tc \r\n\r\n", 200, KEEP, 0},
    {"empty value", "GET @G HTTP/1.1\r\n@HX-A:\r\n\r\n", 200, KEEP, 0},
    {"high bytes in a value", "GET @G HTTP/1.1\r\n@HX-A: \xe5\x8c\x97\r\n\r\n", 200, KEEP, 0},
    {"content-length 0 on get", "GET @G HTTP/1.1\r\n@HContent-Length: 0\r\n\r\n", 200, KEEP, 0},

    {"two different content-lengths",
     "POST @P HTTP/1.1\r\n@H@JContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}GET @G "
     "HTTP/1.1\r\n@H\r\n",
     400, CLOSE, 0},
    {"the same content-length twice",
     "POST @P HTTP/1.1\r\n@H@JContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, CLOSE, 0},
    {"a list of content-lengths", "POST @P HTTP/1.1\r\n@H@JContent-Length: 2, 2\r\n\r\n{}", 400,
     REPEAT, 0},
    {"content-length with a sign", "POST @P HTTP/1.1\r\n@H@JContent-Length: +2\r\n\r\n{}", 400,
     REPEAT, 0},
    {"content-length below nothing", "POST @P HTTP/1.1\r\n@H@JContent-Length: -2\r\n\r\n{}", 400,
     REPEAT, 0},
    {"content-length in hex", "POST @P HTTP/1.1\r\n@H@JContent-Length: 0x2\r\n\r\n{}", 400, REPEAT,
     0},
    {"empty content-length", "POST @P HTTP/1.1\r\n@H@JContent-Length:\r\n\r\n{}", 400, REPEAT, 0},
    {"content-length with space inside", "POST @P HTTP/1.1\r\n@H@JContent-Length: 2 2\r\n\r\n{}",
     400, REPEAT, 0},
    {"content-length beyond 64 bits",
     "POST @P HTTP/1.1\r\n@H@JContent-Length: 99999999999999999999\r\n\r\n{}", 413, REPEAT, 400},

    {"content-length and chunked",
     "POST @P HTTP/1.1\r\n@H@JContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
     "@G HTTP/1.1\r\n@H\r\n",
     400, CLOSE, 0},
    {"chunked and content-length",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
     400, CLOSE, 0},
    {"space before the colon of transfer-encoding",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET "
     "@G HTTP/1.1\r\n@H\r\n",
     400, CLOSE, 0},
    {"folded transfer-encoding",
     "POST @P HTTP/1.1\r\n@H@JX-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
     400, CLOSE, 0},
    {"folded by a tab", "GET @G HTTP/1.1\r\n@HX-A: b\r\n\tc\r\n\r\n", 400, CLOSE, 0},
    {"first header folded", "GET @G HTTP/1.1\r\n Host: x\r\n\r\n", 400, CLOSE, 0},
    {"unknown transfer coding", "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: gzip\r\n\r\n{}", 400,
     CLOSE, 501},
    {"chunked behind another",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, CLOSE, 501},
    {"chunked twice",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n",
     400, CLOSE, 0},
    {"vertical tab before chunked",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: \x0b"
     "chunked\r\n\r\n0\r\n\r\n",
     400, CLOSE, 501},
    {"chunked in 1.0", "POST @P HTTP/1.0\r\n@H@JTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     CLOSE, 0},
    {"chunk size that is none",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400, CLOSE, 0},
    {"chunk longer than said",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", 400, CLOSE,
     0},
    {"chunk size beyond 64 bits",
     "POST @P HTTP/1.1\r\n@H@JTransfer-Encoding: "
     "chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
     413, CLOSE, 400},

    {"%00 in the path", "GET @G%00 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"%00 in the query", "GET @G?a=%00 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"NUL in the path", "GET @G@0b HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"NUL in the query", "GET @G?a=@0b HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"NUL in the method", "GE@0T @G HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"bad escape", "GET @G%4 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"not UTF-8 after decoding", "GET @G%ff HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"overlong slash", "GET @G%c0%af HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"raw bytes in the path", "GET @G\xe5\x8c\x97 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"space in the path", "GET @G b HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"two spaces before the version", "GET @G  HTTP/1.1\r\n@H\r\n", 400, CLOSE, 200},
    {"two spaces before the path", "GET  @G HTTP/1.1\r\n@H\r\n", 400, CLOSE, 200},
    {"tab for a space", "GET\t@G HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"fragment", "GET @G#a HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"no path", "GET HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"path without its slash", "GET v1 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"authority-form", "CONNECT x:443 HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"no version", "GET @G\r\n@H\r\n", 400, CLOSE, NO_REPLY},
    {"version of two digits", "GET @G HTTP/1.10\r\n@H\r\n", 400, CLOSE, 200},
    {"version 2", "GET @G HTTP/2.0\r\n@H\r\n", 505, CLOSE, 0},
    {"version 0.9", "GET @G HTTP/0.9\r\n@H\r\n", 505, CLOSE, 400},

    {"NUL in a value", "GET @G HTTP/1.1\r\n@HX-A: b@0c\r\n\r\n", 400, CLOSE, 0},
    {"NULs at the end of the last value", "GET @G HTTP/1.1\r\n@HX-A: b@0@0@0@0\r\n\r\n", 400, CLOSE,
     0},
    {"NULs between two headers", "GET @G HTTP/1.1\r\nX-A: b@0\r\n@H\r\n", 400, CLOSE, 0},
    {"NUL in a name", "GET @G HTTP/1.1\r\n@HX@0A: b\r\n\r\n", 400, CLOSE, 0},
    {"bare CR in a value", "GET @G HTTP/1.1\r\n@HX-A: b\rc\r\n\r\n", 400, CLOSE, 0},
    {"bare LF ends a line", "GET @G HTTP/1.1\r\n@HX-A: b\nX-B: c\r\n\r\n", 400, CLOSE, 200},
    {"bare LF ends the request line", "GET @G HTTP/1.1\n@H\r\n", 400, CLOSE, 200},
    {"bare LF ends the head", "GET @G HTTP/1.1\r\n@H\n", 400, CLOSE, 200},
    {"escape byte in a value", "GET @G HTTP/1.1\r\n@HX-A: \x1b[0m\r\n\r\n", 400, CLOSE, 0},
    {"DEL in a value", "GET @G HTTP/1.1\r\n@HX-A: \x7f\r\n\r\n", 400, CLOSE, 0},
    {"empty name", "GET @G HTTP/1.1\r\n@H: b\r\n\r\n", 400, CLOSE, 0},
    {"no colon", "GET @G HTTP/1.1\r\n@Hnonsense\r\n\r\n", 400, CLOSE, 200},
    {"space in a name", "GET @G HTTP/1.1\r\n@HX A: b\r\n\r\n", 400, CLOSE, 0},
    {"space before the colon", "GET @G HTTP/1.1\r\n@HX-A : b\r\n\r\n", 400, CLOSE, 0},
    {"high byte in a name", "GET @G HTTP/1.1\r\n@HX\xc3\xa9: b\r\n\r\n", 400, CLOSE, 200},
    {"separator in a name", "GET @G HTTP/1.1\r\n@HX(A): b\r\n\r\n", 400, CLOSE, 200},
    {"two hosts", "GET @G HTTP/1.1\r\n@HHost: other\r\n\r\n", 400, CLOSE, 0},
    {"no host", "GET @G HTTP/1.1\r\n\r\n", 400, CLOSE, 0},
    {"two content-types", "POST @P HTTP/1.1\r\n@H@J@JContent-Length: 2\r\n\r\n{}", 400, CLOSE, 0},

    {"unknown method", "BREW @G HTTP/1.1\r\n@H\r\n", 501, KEEP, 405},
    {"method in small letters", "get @G HTTP/1.1\r\n@H\r\n", 501, KEEP, 400},
    {"trace", "TRACE @G HTTP/1.1\r\n@H\r\n", 405, KEEP, 0},
    {"put", "PUT @G HTTP/1.1\r\n@H\r\n", 405, KEEP, 0},
    {"odd method", "G,T @G HTTP/1.1\r\n@H\r\n", 400, CLOSE, 0},
    {"options of all", "OPTIONS * HTTP/1.1\r\n@H\r\n", 204, KEEP, 400},
    {"no request at all", "\x16\x03\x01\x02\r\n\r\n", 0, CLOSE, 400},
};

static const char *address, *get_path, *post_path;
static struct demo *demo;

static void raws_start(void)
{
    address = getenv("RAW_HTTP_URL");
    get_path = getenv("RAW_HTTP_GET");
    post_path = getenv("RAW_HTTP_POST");
    if (!address) {
        demo = demo_start(&(struct demo_options){.request_seconds = 2});
        address = demo->url;
    }
    get_path = get_path ? get_path : "/v1/things/a";
    post_path = post_path ? post_path : "/v1/things";
}

static void raws_stop(void)
{
    if (demo)
        demo_stop(demo);
    demo = NULL;
}

static size_t put(char *out, const char *text)
{
    memcpy(out, text, strlen(text));
    return strlen(text);
}

/* The case's bytes with what stands for something put in. */
static size_t raw_bytes(const char *pattern, char *out)
{
    size_t at = 0;
    for (const char *p = pattern; *p; p++) {
        if (*p != '@') {
            out[at++] = *p;
            continue;
        }
        switch (*++p) {
        case 'G':
            at += put(out + at, get_path);
            break;
        case 'P':
            at += put(out + at, post_path);
            break;
        case 'H':
            at += put(out + at, "Host: x\r\n");
            break;
        case 'J':
            at += put(out + at, "Content-Type: application/json\r\n");
            break;
        default:
            out[at++] = '\0';
        }
    }
    return at;
}

/* All that comes until the other side closes. */
static size_t read_all(int fd, char *out, size_t size)
{
    size_t at = 0;
    ssize_t got;
    while (at < size - 1 && (got = socket_receive(fd, out + at, size - 1 - at)) > 0)
        at += (size_t)got;
    out[at] = '\0';
    return at;
}

static int count_replies(const char *text)
{
    int count = 0;
    for (const char *p = text; (p = strstr(p, "HTTP/1.1 ")); p++)
        count += p == text || p[-1] == '\n' || p[-1] == '}';
    return count;
}

/* One reply of that status and no other, and then the end. */
static void hold_closed(const struct raw *raw_case, const char *bytes, size_t length, int wanted)
{
    char all[8192];
    int fd = socket_connect(address, 5);
    ck_assert_int_ge(fd, 0);
    ck_assert(socket_send(fd, bytes, length));
    read_all(fd, all, sizeof all);
    int status = strncmp(all, "HTTP/1.1 ", 9) == 0 ? (int)strtol(all + 9, NULL, 10) : 0;
    ck_assert_msg(status == wanted, "%s: %d instead of %d", raw_case->name, status, wanted);
    ck_assert_msg(count_replies(all) == (raw_case->after == REPEAT ? 2 : wanted != 0),
                  "%s: %d replies", raw_case->name, count_replies(all));
    ck_assert_msg(socket_is_closed(fd, 100), "%s: still open", raw_case->name);
    socket_close(fd);
}

/* One reply of that status, and the connection serves on. */
static void hold_kept(const struct raw *raw_case, const char *bytes, size_t length, int wanted)
{
    struct client *client = client_new(address);
    ck_assert(client_send(client, bytes, length));
    struct client_reply reply = client_read(client, strncmp(raw_case->bytes, "HEAD", 4) == 0);
    ck_assert_msg(reply.status == wanted, "%s: %d instead of %d", raw_case->name, reply.status,
                  wanted);
    ck_assert_msg(!client_is_closed(client, 0), "%s: closed", raw_case->name);
    client_reply_clear(&reply);
    reply = client_get(client, get_path);
    ck_assert_msg(reply.status == 200, "%s: not kept open", raw_case->name);
    client_reply_clear(&reply);
    client_free(client);
}

START_TEST(raw)
{
    const struct raw *raw_case = &raws[_i];
    char bytes[2048];
    size_t length = raw_bytes(raw_case->bytes, bytes);
    unsigned posts = demo ? demo_posts(demo) : 0;
    if (!demo) {
        /* A front may keep a connection open that we would close; what it says is what counts. */
        struct client *client = client_new(address);
        int wanted = raw_case->front ? raw_case->front : raw_case->status;
        wanted = wanted == NO_REPLY ? 0 : wanted;
        ck_assert(client_send(client, bytes, length));
        struct client_reply reply = client_read(client, strncmp(raw_case->bytes, "HEAD", 4) == 0);
        ck_assert_msg(reply.status == wanted, "%s: %d instead of %d", raw_case->name, reply.status,
                      wanted);
        client_reply_clear(&reply);
        client_free(client);
        return;
    }
    if (raw_case->after != KEEP)
        hold_closed(raw_case, bytes, length, raw_case->status);
    else
        hold_kept(raw_case, bytes, length, raw_case->status);
    ck_assert_msg(demo_posts(demo) == posts, "%s: acted on", raw_case->name);
}
END_TEST

/* Many headers, long ones, in many pieces: the library's buffer grows under them, and nothing of
 * that may look odd. */
START_TEST(long_heads_are_no_fault)
{
    struct client *client = client_new(address);
    for (int size = 1; size < 6000; size += 487) {
        char head[8192];
        int at = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: x\r\nX-Long: ", get_path);
        memset(head + at, 'v', (size_t)size);
        at += size;
        at += snprintf(head + at, sizeof head - (size_t)at,
                       "\r\nCookie: a=b; c=d\r\nX-Last: z\r\n\r\n");
        for (int sent = 0; sent < at; sent += 1000)
            ck_assert(
                client_send(client, head + sent, (size_t)(at - sent < 1000 ? at - sent : 1000)));
        struct client_reply reply = client_read(client, false);
        ck_assert_msg(reply.status == 200, "%d bytes: %d", size, reply.status);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(endless_heads_are_refused)
{
    struct client *client = client_new(address);
    char line[1024];
    ck_assert(client_send(client, "GET / HTTP/1.1\r\nHost: x\r\n", 25));
    memset(line, 'x', sizeof line);
    memcpy(line, "X-A: ", 5);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    for (int i = 0; i < 40; i++)
        if (!client_send(client, line, sizeof line))
            break;
    struct client_reply reply = client_read(client, false);
    ck_assert(reply.status == 431 || reply.status == 400 || reply.status == 0);
    ck_assert(client_is_closed(client, 3000));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Requests one after the other without waiting are answered in their order. */
START_TEST(pipelining)
{
    if (!demo)
        return;
    struct client *client = client_new(address);
    static const char three[] = "GET /v1/echo?word=1 HTTP/1.1\r\nHost: x\r\n\r\n"
                                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                "application/json\r\nContent-Length: 2\r\n\r\n{}"
                                "GET /v1/echo?word=3 HTTP/1.1\r\nHost: x\r\n\r\n";
    ck_assert(client_send(client, three, sizeof three - 1));
    struct client_reply first = client_read(client, false), second = client_read(client, false),
                        third = client_read(client, false);
    ck_assert_str_eq(client_text(&first, "/word"), "1");
    ck_assert_int_eq(second.status, 201);
    ck_assert_str_eq(client_text(&third, "/word"), "3");
    client_reply_clear(&first);
    client_reply_clear(&second);
    client_reply_clear(&third);
    client_free(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("raw_http");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, raws_start, raws_stop);
    tcase_set_timeout(all, 30);
    tcase_add_loop_test(all, raw, 0, sizeof raws / sizeof raws[0]);
    tcase_add_test(all, long_heads_are_no_fault);
    tcase_add_test(all, endless_heads_are_refused);
    tcase_add_test(all, pipelining);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
