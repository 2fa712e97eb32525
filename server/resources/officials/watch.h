#ifndef RESOURCES_OFFICIALS_WATCH_H
#define RESOURCES_OFFICIALS_WATCH_H

#include "access/ticket.h"
#include "http/request.h"

/* Tells officials' open dashboards that a consultation's figures changed: server-sent events
 * (WHATWG HTML §9.2) on a bounded number of feeds. One thread asks the database once a second for
 * all of them, and for nobody while there are none; a listener costs it no query. */
struct watch;
struct service;

struct watch_options {
    const char *conninfo;
    struct service *service; /* whose state is told as well */
    int places;              /* listeners at once */
    int seconds;             /* a feed's longest life; browsers come again by themselves */
    int idle_minutes;        /* of a session */
    const struct clock *clock;
};

/* NULL: no memory or no thread. */
struct watch *watch_start(const struct watch_options *options);

/* Makes the request's reply a feed that is told; its official has a role on that consultation.
 * False: no place, or stopping; no reply is set. Else a reply is set, maybe a problem. Any thread.
 */
bool watch_join(struct watch *watch, struct request *request, int32_t consultation_id);

/* What names a state of the figures and of the service: another text, and something is to be seen.
 * `figures` is of the statements dashboard_sums and dashboard_marks. */
enum { WATCH_MARK = 16 + 1 + 4 + 1 };
void watch_mark(struct service *service, int64_t figures, char mark[WATCH_MARK]);

size_t watch_listeners(struct watch *watch); /* any thread */

/* Ends all feeds and joins; before the daemon is stopped. NULL is nothing. */
void watch_stop(struct watch *watch);
/* After the daemon is stopped. NULL is nothing. */
void watch_free(struct watch *watch);

#endif
