/* The tests' HTTP client: asking and reading; see client.h. */
#include "support/client.h"

#include "base/buf.h"
#include "support/record.h"
#include "support/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct client {
    char *address;
    const char *source; /* NULL: any */
    int socket;         /* -1: not connected */
    struct buf in;
};

struct client *client_new(const char *address)
{
    struct client *client = calloc(1, sizeof *client);
    char *copy = strdup(address);
    if (!client || !copy)
        abort();
    client->address = copy;
    client->socket = -1;
    return client;
}

struct client *client_new_from(const char *address, const char *source)
{
    struct client *client = client_new(address);
    client->source = source;
    return client;
}

void client_close(struct client *client)
{
    socket_close(client->socket);
    client->socket = -1;
    buf_reset(&client->in);
}

void client_free(struct client *client)
{
    if (!client)
        return;
    client_close(client);
    buf_clear(&client->in);
    free(client->address);
    free(client);
}

bool client_send(struct client *client, const void *bytes, size_t length)
{
    if (client->socket < 0)
        client->socket = socket_connect_from(client->source, client->address, CLIENT_SECONDS);
    return client->socket >= 0 && socket_send(client->socket, bytes, length);
}

/* Takes more bytes in; false when none came. */
static bool client_fill(struct client *client)
{
    char bytes[16384];
    ssize_t got = client->socket < 0 ? -1 : socket_receive(client->socket, bytes, sizeof bytes);
    if (got <= 0)
        return false;
    buf_add(&client->in, bytes, (size_t)got);
    return true;
}

/* Moves the first `length` bytes of what came into a text of its own. */
static char *client_cut(struct client *client, size_t length)
{
    char *text = malloc(length + 1);
    if (!text)
        abort();
    if (length)
        memcpy(text, client->in.data, length);
    text[length] = '\0';
    client->in.length -= length;
    if (client->in.data)
        memmove(client->in.data, client->in.data + length, client->in.length + 1);
    return text;
}

static char *client_cut_line(struct client *client)
{
    for (;;) {
        char *end = client->in.data ? strstr(client->in.data, "\r\n") : NULL;
        if (end)
            return client_cut(client, (size_t)(end - client->in.data) + 2);
        if (!client_fill(client))
            return NULL;
    }
}

static char *client_cut_bytes(struct client *client, size_t length)
{
    while (client->in.length < length)
        if (!client_fill(client))
            return NULL;
    return client_cut(client, length);
}

/* RFC 9112 §7.1 */
static bool client_read_chunks(struct client *client, struct buf *body)
{
    for (;;) {
        char *line = client_cut_line(client);
        if (!line)
            return false;
        size_t size = strtoul(line, NULL, 16);
        free(line);
        char *chunk = client_cut_bytes(client, size + 2);
        if (!chunk)
            return false;
        buf_add(body, chunk, size);
        free(chunk);
        if (size == 0)
            return true;
    }
}

static bool client_read_body(struct client *client, struct client_reply *reply)
{
    char value[64];
    struct buf body = {0};
    bool whole = true;
    if (client_header(reply, "Transfer-Encoding", value, sizeof value)) {
        whole = client_read_chunks(client, &body);
    } else if (client_header(reply, "Content-Length", value, sizeof value)) {
        size_t length = strtoul(value, NULL, 10);
        char *bytes = client_cut_bytes(client, length);
        whole = bytes != NULL;
        if (bytes)
            buf_add(&body, bytes, length);
        free(bytes);
    } else {
        while (client_fill(client))
            ;
        char *rest = client_cut(client, client->in.length);
        buf_text(&body, rest);
        free(rest);
    }
    reply->body = buf_take(&body, &reply->length);
    return whole;
}

static bool client_read_head(struct client *client, struct client_reply *reply)
{
    struct buf head = {0};
    for (;;) {
        char *line = client_cut_line(client);
        if (!line) {
            buf_clear(&head);
            return false;
        }
        bool last = strcmp(line, "\r\n") == 0;
        if (!last)
            buf_text(&head, line);
        free(line);
        if (last)
            break;
    }
    reply->head = buf_take(&head, NULL);
    return strncmp(reply->head, "HTTP/1.1 ", 9) == 0;
}

static bool type_is_json(const struct client_reply *reply)
{
    char type[128];
    return client_header(reply, "Content-Type", type, sizeof type) && strstr(type, "json");
}

struct client_reply client_read(struct client *client, bool head_only)
{
    struct client_reply reply = {0};
    if (!client_read_head(client, &reply))
        return reply;
    int status = (int)strtol(reply.head + 9, NULL, 10);
    if (status == 100) {
        client_reply_clear(&reply);
        return client_read(client, head_only);
    }
    bool bodiless = head_only || status == 204 || status == 304;
    if (!bodiless && !client_read_body(client, &reply))
        return reply;
    reply.status = status;
    if (reply.body && type_is_json(&reply))
        reply.json = json_loadb(reply.body, reply.length, JSON_DECODE_ANY, NULL);
    char connection[32];
    if (client_header(&reply, "Connection", connection, sizeof connection) &&
        strcasecmp(connection, "close") == 0)
        client_close(client);
    return reply;
}

struct client_reply client_run(struct client *client, const struct client_ask *ask)
{
    const char *method = ask->method ? ask->method : "GET";
    size_t length = ask->body && !ask->length ? strlen(ask->body) : ask->length;
    struct buf out = {0};
    buf_format(&out, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, ask->path,
               ask->headers ? ask->headers : "");
    if (ask->type)
        buf_format(&out, "Content-Type: %s\r\n", ask->type);
    if (ask->body)
        buf_format(&out, "Content-Length: %zu\r\n", length);
    buf_text(&out, "\r\n");
    if (ask->body)
        buf_add(&out, ask->body, length);
    struct client_reply reply = {0};
    bool kept = client->socket >= 0;
    if (client_send(client, out.data, out.length))
        reply = client_read(client, strcmp(method, "HEAD") == 0);
    /* A kept connection may have been closed between two requests: then nothing at all came back.
     */
    if (!reply.head && kept) {
        client_close(client);
        if (client_send(client, out.data, out.length))
            reply = client_read(client, strcmp(method, "HEAD") == 0);
    }
    buf_clear(&out);
    record_reply(method, ask->path, &reply);
    return reply;
}

struct client_reply client_get(struct client *client, const char *path)
{
    return client_run(client, &(struct client_ask){.path = path});
}

struct client_reply client_post_json(struct client *client, const char *path, const char *headers,
                                     json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    struct client_reply reply = client_run(client, &(struct client_ask){.method = "POST",
                                                                        .path = path,
                                                                        .headers = headers,
                                                                        .type = "application/json",
                                                                        .body = text});
    free(text);
    return reply;
}

bool client_is_closed(struct client *client, int wait_ms)
{
    return client->socket < 0 || socket_is_closed(client->socket, wait_ms);
}

bool client_header(const struct client_reply *reply, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    const char *line = reply->head;
    while (line && (line = strstr(line, "\r\n")) && *(line += 2)) {
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *start = line + length + 1;
        start += strspn(start, " \t");
        snprintf(value, size, "%.*s", (int)strcspn(start, "\r"), start);
        return true;
    }
    return false;
}

const char *client_text(const struct client_reply *reply, const char *pointer)
{
    const char *text = json_string_value(json_at(reply->json, pointer));
    return text ? text : "";
}

void client_reply_clear(struct client_reply *reply)
{
    free(reply->head);
    free(reply->body);
    json_decref(reply->json);
    *reply = (struct client_reply){0};
}
