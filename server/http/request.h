#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "access/official.h"
#include "base/buf.h"
#include "base/problem.h"
#include "domain/language.h"
#include "http/form.h"
#include "http/upload.h"
#include "represent/document.h"
#include "represent/writer.h"

#include <assert.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One request: its state, route, path parts, body and memory, and the reply once there is one. Made
 * at the access handler's first call, freed in the completion callback and nowhere else. At any
 * moment one thread owns it: the connection's HTTP thread, or, while suspended, the worker or the
 * writer. */

enum { PARTS_MOST = 5, PART_TEXT = 72, REQUEST_ID_TEXT = 20 };

enum handled {
    HANDLED,      /* a reply was set */
    HANDLED_LATER /* suspended: request_finish will be called by another thread */
};

struct request;
typedef enum handled (*request_handler)(struct request *request);

/* Who a route is for. From DOOR on it is the officials' side: the gate (daemon_options.admit)
 * judges before the handler runs, and nothing of it runs without one. A role is asked for on the
 * consultation that the pattern's {slug} names, the administrator's on the whole service; several
 * are a sum, of which one is enough. */
enum request_access {
    ACCESS_PUBLIC,
    ACCESS_INNER,    /* on the inner address only */
    ACCESS_CODE,     /* holder of a receipt's code */
    ACCESS_DOOR,     /* officials who are not signed in yet */
    ACCESS_HALF,     /* those whose password was right and whose one-time code is awaited */
    ACCESS_OFFICIAL, /* any who are signed in, about themselves */
    ACCESS_VIEWER = 1 << (8 + ROLE_VIEWER),
    ACCESS_CLERK = 1 << (8 + ROLE_CLERK),
    ACCESS_ANALYST = 1 << (8 + ROLE_ANALYST),
    ACCESS_MODERATOR = 1 << (8 + ROLE_MODERATOR),
    ACCESS_PUBLISHER = 1 << (8 + ROLE_PUBLISHER),
    ACCESS_ADMINISTRATOR = 1 << (8 + ROLE_ADMINISTRATOR),
    /* Beside a role: an open page asks for it by itself, which tells of nobody who is there, and
     * keeps no session from ending. */
    ACCESS_UNSEEN = 1 << 16,
    /* On the institutions' side: any member, or those with that part; and an institution's machine,
     * by its token or its signature. No institution is named in an address: it is the caller's. */
    ACCESS_MEMBER = 1 << 20,
    ACCESS_COORDINATOR = MEMBER_COORDINATOR << 21,
    ACCESS_DRAFTER = MEMBER_DRAFTER << 21,
    ACCESS_APPROVER = MEMBER_APPROVER << 21,
    ACCESS_MACHINE = 1 << 24,
};
enum { ACCESS_MEMBERS = ACCESS_MEMBER | ACCESS_COORDINATOR | ACCESS_DRAFTER | ACCESS_APPROVER };
/* FORM: the body is a form that carries its session's token. */
enum request_token { TOKEN_NONE, TOKEN_FORM };
enum request_freshness {
    FRESH_NEVER,   /* no-store */
    FRESH_CONTENT, /* until the consultation's revision is raised */
    FRESH_LIVE,    /* as CONTENT, and at most a second old */
    FRESH_RELEASE, /* bytes that never change: immutable */
};
enum request_run {
    RUN_HERE,   /* on the HTTP thread: never blocks */
    RUN_WORKER, /* may query the database */
    RUN_DESK,   /* the same with the officials' rights, beside what the public waits for */
    RUN_PORTER, /* as DESK, and may hash a password: one or two at once */
};

/* Beside a route's representations. TAKES_FILES: its form may bring a file (multipart/form-data).
 * SPOOLED: its body goes to a file and not to memory; of officials' and members' routes the gate
 * judges the head first, so that a stranger's body is never taken. */
enum { ROUTE_TAKES_FILES = 1 << 8, ROUTE_SPOOLED = 1 << 9 };
static_assert(REPRESENTATIONS < 8, "the marks are no representation");

static inline bool access_is_role(enum request_access access)
{
    return (unsigned)access >> 8 != 0;
}

static inline bool access_is_institution(enum request_access access)
{
    return (unsigned)access & ((unsigned)ACCESS_MEMBERS | (unsigned)ACCESS_MACHINE);
}

static inline bool access_is_official(enum request_access access)
{
    return access == ACCESS_DOOR || access == ACCESS_HALF || access == ACCESS_OFFICIAL ||
           access_is_role(access);
}

struct route {
    const char *method;
    const char *pattern; /* "/v1/consultations/{slug}/measures/{measure}" */
    request_handler handler;
    const char *name; /* of the handler: "measure_get" */
    enum request_access access;
    enum request_token token;
    size_t body_limit;        /* bytes; 0: none is taken */
    unsigned representations; /* bits 1 << enum representation, the first set one is the default;
                                 ROUTE_TAKES_FILES, ROUTE_SPOOLED */
    enum request_freshness freshness;
    enum request_run run;
};

/* Who an address is made for; it follows from the address alone, so that nothing can be opened from
 * another side than its own. */
enum route_side { SIDE_PUBLIC, SIDE_OFFICIALS, SIDE_INSTITUTION };
enum route_side route_side(const struct route *route);

struct db;

struct request {
    struct MHD_Connection *connection;
    void *service; /* struct service; resources know its type */
    const struct route *route;
    const char *method;                /* static, of the table */
    char parts[PARTS_MOST][PART_TEXT]; /* path variables, decoded, in the pattern's order;
                                          {language} is one of them */
    char path[256];                    /* decoded, without suffix and query */
    enum language language;
    enum representation representation;
    bool is_form; /* the body is application/x-www-form-urlencoded */
    struct buf body;
    struct upload upload; /* of a route that is spooled: the body instead */
    bool body_awaited;    /* the gate judges the head of one: the body has not come yet, and it
                             will be asked again once it has */
    char id[REQUEST_ID_TEXT];
    char address[48];   /* of the client (behind the trusted front: the forwarded one), text form */
    int64_t arrived_us; /* monotonic, of the body's last byte */
    struct db *db;      /* the thread's connection while it runs on a worker, the desk or the
                           porter; else NULL */
    struct db *answers; /* at the desk, beside it: one that may read what respondents said */
    struct official *official; /* officials' routes only: who it is; owned */
    bool preview;              /* an official looks at public pages before their time */
    struct form form;          /* officials' routes only: the body, where it is a form */
    void *private;             /* the handler's own, freed by private_free at the request's end */
    void (*private_free)(void *private);
    struct http_state *http; /* the daemon's own */
};

/* Values of this request; NULL if absent. Valid for the request's life. */
const char *request_header(const struct request *request, const char *name);
/* The nth field line of that name, counted from 0; NULL: there are no more. */
const char *request_header_line(const struct request *request, const char *name, size_t nth);
/* The request target as it was sent, not decoded (RFC 9112 §3.2); "" if it has 512 bytes or more.
 * For signatures, which are over what was sent. */
const char *request_target(const struct request *request);
/* The first of that name, decoded. On a route that is kept in the cache only `lang` is there:
 * nothing else is in the cache's key. */
const char *request_query(const struct request *request, const char *name);
/* The path variable of that name, as parts[] has it by number; NULL if the pattern has none such.
 */
const char *request_part(const struct request *request, const char *name);

/* HANDLED_LATER: call before handing the request to another thread; then that thread, exactly once,
 * sets a reply and calls request_finish, after which it must not touch the request. */
void request_suspend(struct request *request);
void request_finish(struct request *request);

/* Instead of a reply and request_finish: resumes, and `next` goes on with the request on its HTTP
 * thread (to sign, to write a page). It may not be called for a request whose reply was set. */
void request_continue(struct request *request, request_handler next);

#endif
