/* Replies and requests cut off at every 100 bytes, then sent again with the same key: one row each,
 * and the same receipt. */
#include "support/scene.h"
#include "support/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { STEP = 100, TEXT = 4096, SECONDS = 10 };

static struct scene scene;

/* One submission as bytes; the same every time it is sent. */
struct letter {
    char key[FIXTURE_KEY], uuid[40];
    json_t *body;
    char text[TEXT];
    size_t length;
};

static void letter_write(struct letter *letter)
{
    fixture_key(letter->key);
    sscanf(letter->key, "Idempotency-Key: %39s", letter->uuid);
    letter->body = fixture_submission();
    char *body = json_dumps(letter->body, JSON_COMPACT);
    int length = snprintf(letter->text, sizeof letter->text,
                          "POST " SCENE_API "/submissions HTTP/1.1\r\nHost: x\r\n"
                          "Connection: close\r\n%s"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          letter->key, strlen(body), body);
    free(body);
    ck_assert_int_lt(length, TEXT);
    letter->length = (size_t)length;
}

/* As a cable does it: what is under way is lost on both sides. */
static void cut(int fd)
{
    const struct linger none = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    socket_close(fd);
}

/* Sends so much of it, reads so much of the reply, and cuts the connection. How much was read: less
 * than asked for means the whole reply. */
static size_t send_and_cut(const struct letter *letter, size_t send, size_t read)
{
    int fd = socket_connect(server_address(scene.server), SECONDS);
    char reply[TEXT];
    size_t received = 0;
    ssize_t n = 1;
    ck_assert(socket_send(fd, letter->text, send));
    while (received < read && n > 0) {
        n = socket_receive(fd, reply, read - received < STEP ? read - received : STEP);
        received += n > 0 ? (size_t)n : 0;
    }
    cut(fd);
    return received;
}

/* The receipt's number; expects 201. */
static void send_again(const struct letter *letter, char number[16])
{
    struct client *client = scene_client(&scene);
    struct client_reply reply =
        client_post_json(client, SCENE_API "/submissions", letter->key, json_incref(letter->body));
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    snprintf(number, 16, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
    client_free(client);
}

/* Sent again twice: one row, one receipt. */
static void expect_one(struct letter *letter)
{
    char first[16], second[16], sql[128];
    send_again(letter, first);
    send_again(letter, second);
    ck_assert_str_eq(first, second);
    snprintf(sql, sizeof sql, "select count(*) from submissions where submission_key = '%s'",
             letter->uuid);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 1);
    json_decref(letter->body);
}

static int64_t rows(void)
{
    return cluster_number(scene.cluster, "select count(*) from submissions");
}

START_TEST(reply_cut_at_every_100_bytes)
{
    struct letter letter;
    int64_t before = rows(), sent = 0;
    bool whole = false;
    for (size_t at = 0; !whole; at += STEP, sent++) {
        letter_write(&letter);
        whole = send_and_cut(&letter, letter.length, at) < at;
        expect_one(&letter);
    }
    ck_assert_int_gt(sent, 10); /* a receipt has some bytes */
    ck_assert_int_eq(rows(), before + sent);
}
END_TEST

START_TEST(request_cut_at_every_100_bytes)
{
    struct letter letter;
    int64_t before = rows(), sent = 0;
    for (size_t at = STEP;; at += STEP, sent++) {
        letter_write(&letter);
        if (at >= letter.length)
            break;
        send_and_cut(&letter, at, 0);
        ck_assert_int_eq(rows(), before + sent);
        expect_one(&letter);
    }
    json_decref(letter.body);
    ck_assert_int_gt(sent, 4);
    ck_assert_int_eq(rows(), before + sent);
}
END_TEST

START_TEST(tallies_equal_the_rows)
{
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
}
END_TEST

SCENE_MAIN("cut", NULL, reply_cut_at_every_100_bytes, request_cut_at_every_100_bytes,
           tallies_equal_the_rows)
