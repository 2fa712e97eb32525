/* Bodies that are spooled: any size in bounded memory, refused on the head where that can be known,
 * and a full disk said so. */
#include "demo.h"
#include "support/client.h"
#include "support/socket.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MIB = 1024 * 1024, PIECE = 64 * 1024 };

static char piece[PIECE];

static struct client_reply put(struct client *client, const char *path, const char *headers,
                               size_t length)
{
    char head[512];
    int size = snprintf(head, sizeof head,
                        "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Type: "
                        "application/octet-stream\r\n%sContent-Length: %zu\r\n\r\n",
                        path, headers, length);
    bool sent = client_send(client, head, (size_t)size);
    memset(piece, 1, sizeof piece);
    for (size_t left = length; sent && left;) {
        size_t now = left < sizeof piece ? left : sizeof piece;
        sent = client_send(client, piece, now);
        left -= now;
    }
    return client_read(client, false);
}

static void expect(struct client *client, const char *path, const char *headers, size_t length,
                   int status, const char *code)
{
    struct client_reply reply = put(client, path, headers, length);
    ck_assert_int_eq(reply.status, status);
    if (code)
        ck_assert_str_eq(client_text(&reply, "/code"), code);
    if (status == 201) {
        ck_assert_int_eq(json_integer_value(json_at(reply.json, "/length")), (json_int_t)length);
        ck_assert_int_eq(json_integer_value(json_at(reply.json, "/sum")), (json_int_t)length);
        ck_assert_int_eq(json_integer_value(json_at(reply.json, "/memory")), 0);
    }
    client_reply_clear(&reply);
}

static long peak_kib(void)
{
    char line[128];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

START_TEST(sizes_to_the_byte)
{
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    expect(client, "/v1/files/a", "", 1, 201, NULL);
    expect(client, "/v1/files/a", "", 3 * MIB + 1, 201, NULL);
    long before = peak_kib();
    expect(client, "/v1/files/a", "", DEMO_FILE_MOST, 201, NULL);
    printf("100 MiB raised the peak of memory by %ld KiB\n", peak_kib() - before);
    ck_assert_int_lt(peak_kib() - before, 16 * 1024);
    static const char over[] = "PUT /v1/files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/octet-stream\r\nContent-Length: 104857601\r\n\r\n";
    ck_assert(client_send(client, over, sizeof over - 1));
    struct client_reply reply = client_read(client, false);
    ck_assert_int_eq(reply.status, 413);
    client_reply_clear(&reply);
    client_free(client);
    demo_stop(demo);
}
END_TEST

/* Nothing of it is taken, short or long; a short one leaves the connection usable. */
START_TEST(refused_before_the_body)
{
    static const char long_one[] = "PUT /v1/own-files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                   "application/octet-stream\r\nContent-Length: 50000000\r\n\r\n";
    static const char waits[] = "PUT /v1/own-files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                "application/octet-stream\r\nContent-Length: 5\r\nExpect: "
                                "100-continue\r\n\r\n";
    static const char form[] = "PUT /v1/files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "text/plain\r\nContent-Length: 1\r\n\r\nx";
    static const struct {
        const char *head;
        int status;
    } rows[] = {{long_one, 401}, {waits, 401}, {form, 415}};
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    expect(client, "/v1/own-files/a", "", MIB, 401, "code-required");
    expect(client, "/v1/own-files/a", "Authorization: Bearer good\r\n", MIB, 201, NULL);
    expect(client, "/v1/own-files/a", "Authorization: Bearer good\r\n", 0, 201, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert(client_send(client, rows[i].head, strlen(rows[i].head)));
        struct client_reply reply = client_read(client, false);
        ck_assert_int_eq(reply.status, rows[i].status);
        client_reply_clear(&reply);
        client_close(client);
    }
    ck_assert_uint_eq(demo_posts(demo), 2);
    client_free(client);
    demo_stop(demo);
}
END_TEST

START_TEST(so_many_at_once)
{
    static const char half[] = "PUT /v1/files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/octet-stream\r\nContent-Length: 9\r\n\r\nhalf";
    struct demo *demo = demo_start(&(struct demo_options){.spools = 1, .threads = 1});
    struct client *client = client_new(demo->url);
    int fd = socket_connect(demo->url, 5);
    ck_assert(socket_send(fd, half, sizeof half - 1));
    struct client_reply reply = client_get(client, "/v1/things/a"); /* the half one was seen */
    client_reply_clear(&reply);
    expect(client, "/v1/files/a", "", 5, 503, "unavailable");
    socket_close(fd);
    int status = 503;
    for (int i = 0; i < 100 && status == 503; i++) { /* its end is seen in a moment */
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        reply = put(client, "/v1/files/a", "", 5);
        status = reply.status;
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(status, 201);
    client_free(client);
    demo_stop(demo);
}
END_TEST

START_TEST(full_disk_is_said)
{
    struct demo *demo = demo_start(&(struct demo_options){.spool_reserve = UINT64_MAX / 2});
    struct client *client = client_new(demo->url);
    expect(client, "/v1/files/a", "", 1000, 507, "storage-full");
    client_free(client);
    demo_stop(demo);

    demo = demo_start(&(struct demo_options){0});
    client = client_new(demo->url);
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = 2 * MIB;
    setrlimit(RLIMIT_FSIZE, &limit);
    expect(client, "/v1/files/a", "", 5 * MIB, 507, "storage-full");
    limit.rlim_cur = soft;
    setrlimit(RLIMIT_FSIZE, &limit);
    expect(client, "/v1/files/a", "", 5 * MIB, 201, NULL);
    client_free(client);
    demo_stop(demo);
}
END_TEST

/* What keeps the rate may take longer than a request; what does not is cut off. */
START_TEST(a_rate_is_wanted)
{
    static const char head[] = "PUT /v1/files/a HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/octet-stream\r\nContent-Length: 400000\r\n\r\n";
    struct demo *demo =
        demo_start(&(struct demo_options){.request_seconds = 1, .spool_rate = 50 * 1000});
    for (int slow = 0; slow < 2; slow++) {
        struct client *client = client_new(demo->url);
        bool sent = client_send(client, head, sizeof head - 1);
        int pieces = 0;
        for (; sent && pieces < 10; pieces++) { /* 200,000 a second, or 10,000 */
            sent = client_send(client, piece, slow ? 2000 : 40000);
            nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        }
        if (!slow) {
            struct client_reply reply = client_read(client, false);
            ck_assert_int_eq(reply.status, 201);
            client_reply_clear(&reply);
        } else {
            ck_assert(client_is_closed(client, 1000));
        }
        client_free(client);
    }
    demo_stop(demo);
}
END_TEST

START_TEST(a_form_with_a_file)
{
    static const char body[] =
        "--x\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nc\r\n"
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xe5\xa5\xbd.pdf\"\r\n"
        "Content-Type: application/pdf\r\n\r\n%PDF\r\n--x--\r\n";
    struct demo *demo = demo_start(&(struct demo_options){0});
    struct client *client = client_new(demo->url);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/en/files",
                                                .type = "multipart/form-data; boundary=x",
                                                .body = body});
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(reply.body, "c 1 \xe5\xa5\xbd.pdf 4");
    client_reply_clear(&reply);
    client_free(client);
    demo_stop(demo);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, sizes_to_the_byte);
    tcase_add_test(all, refused_before_the_body);
    tcase_add_test(all, so_many_at_once);
    tcase_add_test(all, full_disk_is_said);
    tcase_add_test(all, a_rate_is_wanted);
    tcase_add_test(all, a_form_with_a_file);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
