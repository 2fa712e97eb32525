#ifndef HTTP_FEED_H
#define HTTP_FEED_H

#include "http/request.h"

/* A reply whose bytes are made while it is sent: events, long files. One thread of the caller's
 * writes into a bounded room, the connection's HTTP thread sends from it; while there is nothing to
 * send the connection is suspended, and nobody waits for it. A client that does not take what is
 * there is cut off as with any reply; one that waits for the writer is not. */
struct feed;

/* Makes the request's reply such a feed, of `room` bytes between the two. The request is then
 * answered like any other (HANDLED, request_finish), and the feed outlives it: the caller owns
 * the writing half, and calls feed_end exactly once, before the daemon is stopped. NULL: a
 * problem is set. From the thread that owns the request. */
struct feed *reply_feed(struct request *request, int status, const char *type, size_t room);

enum feed_state {
    FEED_TAKEN, /* whole */
    FEED_FULL,  /* no room within the time; nothing of it was taken */
    FEED_GONE,  /* nobody reads any more */
};

/* Hands over all of the bytes or none. Waits for room so many milliseconds at the most; 0: not at
 * all. More than the whole room never finds one. From one thread at a time. */
enum feed_state feed_write(struct feed *feed, const void *bytes, size_t length, int wait_ms);

/* Waits until all that was written is on its way to the client, so many milliseconds at the most:
 * FEED_TAKEN, FEED_FULL while some is left, or FEED_GONE. As feed_write. */
enum feed_state feed_drain(struct feed *feed, int wait_ms);

/* Whether the client has hung up, or was cut off. A suspended connection is not told by the
 * library, so this looks at the socket. As feed_write. */
bool feed_is_gone(struct feed *feed);

/* Gives the writing half back. `whole`: what was written is the whole reply; else the connection is
 * cut, so that nobody takes a part for it. */
void feed_end(struct feed *feed, bool whole);

#endif
