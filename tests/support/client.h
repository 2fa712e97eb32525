#ifndef SUPPORT_CLIENT_H
#define SUPPORT_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A small HTTP/1.1 client for tests: one connection, keep-alive, blocking with a time-out, and able
 * to send bytes that no proper client would. Confined to one thread. A failure to connect or to
 * send is remembered, and reads as status 0. */
struct client;

enum { CLIENT_SECONDS = 20 };

struct client_reply {
    int status;    /* 0: no reply came */
    char *head;    /* status line and headers as received; owned */
    char *body;    /* NUL-terminated, transfer coding removed; owned */
    size_t length; /* of the body */
    json_t *json;  /* parsed body when its type is JSON; owned */
};

struct client_ask {
    const char *method;  /* NULL: GET */
    const char *path;    /* as it stands in the request line */
    const char *headers; /* "Name: value\r\n…", or NULL */
    const char *type;    /* Content-Type, or NULL */
    const char *body;    /* NULL: none */
    size_t length;       /* of the body; 0: strlen */
};

/* Connects at the first use. `address` is "http://127.0.0.1:8080" or "unix:/path". */
struct client *client_new(const char *address);
/* From another loopback address: another person to whoever counts by network. `source` static. */
struct client *client_new_from(const char *address, const char *source);
void client_free(struct client *client);
void client_close(struct client *client); /* the next use connects anew */

/* One request and its reply. The reply is recorded for the contract's check when it is JSON (see
 * RECORD_REPLIES). */
struct client_reply client_run(struct client *client, const struct client_ask *ask);
struct client_reply client_get(struct client *client, const char *path);
struct client_reply client_post_json(struct client *client, const char *path, const char *headers,
                                     json_t *body); /* steals body */

/* Raw bytes out; one reply in. `head_only`: the reply is to a HEAD request. */
bool client_send(struct client *client, const void *bytes, size_t length);
struct client_reply client_read(struct client *client, bool head_only);
/* True if the other side has closed, or does so within the milliseconds. */
bool client_is_closed(struct client *client, int wait_ms);

/* Value of the header, copied into `value`; false if absent. */
bool client_header(const struct client_reply *reply, const char *name, char *value, size_t size);
/* Text at a JSON Pointer of the reply's JSON, "" if there is none such. */
const char *client_text(const struct client_reply *reply, const char *pointer);
void client_reply_clear(struct client_reply *reply);

/* The value at a JSON Pointer (RFC 6901), or NULL; borrowed. */
json_t *json_at(json_t *root, const char *pointer);

#endif
