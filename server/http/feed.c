/* Replies that are made while they are sent; see feed.h. */
#include "http/feed.h"

#include "http/response.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
    FEED_BLOCK = 8 * 1024, /* what the library asks for at once; half of CONNECTION_MEMORY */
    FEED_STEP = 64 * 1024  /* bytes that a client has to take within the time for a reply */
};

/* Owned by both halves; the one that leaves last frees it. */
struct feed {
    pthread_mutex_t lock;
    pthread_cond_t taken_some;     /* there is room again, or nobody reads any more */
    struct connection *connection; /* NULL once the response is gone, before its socket is closed */
    struct MHD_Connection *mhd;
    bool suspended; /* by us, and not resumed yet */
    bool ended, whole;
    int halves;
    size_t taken;               /* since the time began to run */
    size_t room, first, length; /* of the ring */
    unsigned char bytes[];
};

struct feed *feed_new(struct request *request, size_t room)
{
    struct feed *feed = calloc(1, sizeof *feed + room);
    if (!feed)
        return NULL;
    pthread_condattr_t monotonic;
    feed->connection = request->http->connection;
    feed->mhd = request->connection;
    feed->room = room;
    feed->halves = 2;
    pthread_mutex_init(&feed->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&feed->taken_some, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return feed;
}

/* Gives back the lock and a half with it. What people wrote may have gone through it. */
static void feed_leave(struct feed *feed)
{
    bool last = --feed->halves == 0;
    pthread_mutex_unlock(&feed->lock);
    if (!last)
        return;
    pthread_cond_destroy(&feed->taken_some);
    pthread_mutex_destroy(&feed->lock);
    sodium_memzero(feed->bytes, feed->room);
    free(feed);
}

/* On whatever thread drops the response last; its connection still has its socket then. */
static void feed_drop(void *context)
{
    struct feed *feed = context;
    pthread_mutex_lock(&feed->lock);
    feed->connection = NULL;
    feed->mhd = NULL;
    pthread_cond_broadcast(&feed->taken_some);
    feed_leave(feed);
}

/* Under the lock. */
static size_t ring_take(struct feed *feed, char *to, size_t most)
{
    size_t length = feed->length < most ? feed->length : most;
    size_t straight = feed->room - feed->first;
    straight = straight < length ? straight : length;
    memcpy(to, feed->bytes + feed->first, straight);
    memcpy(to + straight, feed->bytes, length - straight);
    feed->first = (feed->first + length) % feed->room;
    feed->length -= length;
    return length;
}

static void ring_put(struct feed *feed, const unsigned char *from, size_t length)
{
    size_t end = (feed->first + feed->length) % feed->room;
    size_t straight = feed->room - end < length ? feed->room - end : length;
    memcpy(feed->bytes + end, from, straight);
    memcpy(feed->bytes, from + straight, length - straight);
    feed->length += length;
}

/* Under the lock: the time for taking what there is begins to run. */
static void feed_time(struct feed *feed)
{
    struct connection *c = feed->connection;
    feed->taken = 0;
    connection_deadline(c, connection_reply_deadline(c, connection_now(c)));
}

/* The library's content reader, on the HTTP thread, whenever the client took what it was given
 * before. While we owe the client something, no time runs. One that is to be cut off would be so at
 * its next event only, with epoll in 0.9.75: the end of its socket is one. */
static ssize_t feed_read(void *context, uint64_t position, char *to, size_t most)
{
    struct feed *feed = context;
    ssize_t result = 0;
    (void)position;
    pthread_mutex_lock(&feed->lock);
    if (feed->length) {
        result = (ssize_t)ring_take(feed, to, most);
        feed->taken += (size_t)result;
        if (feed->taken >= FEED_STEP)
            feed_time(feed);
        pthread_cond_broadcast(&feed->taken_some);
    } else if (feed->ended && feed->whole) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (feed->ended) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
        shutdown(feed->connection->fd, SHUT_RDWR);
    } else {
        feed->suspended = true;
        connection_deadline(feed->connection, INT64_MAX);
        MHD_suspend_connection(feed->mhd);
    }
    pthread_mutex_unlock(&feed->lock);
    return result;
}

struct MHD_Response *feed_response(struct feed *feed)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, FEED_BLOCK, feed_read, feed, feed_drop);
    if (!response)
        feed_drop(feed);
    return response;
}

/* Under the lock. */
static void feed_resume(struct feed *feed)
{
    if (!feed->suspended)
        return;
    feed->suspended = false;
    feed_time(feed);
    MHD_resume_connection(feed->mhd);
}

/* Under the lock: until there is room, nobody reads any more, or the time is up. */
static void feed_wait(struct feed *feed, size_t length, int wait_ms)
{
    struct timespec until;
    int late = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (feed->connection && feed->room - feed->length < length && late == 0)
        late = pthread_cond_timedwait(&feed->taken_some, &feed->lock, &until);
}

enum feed_state feed_write(struct feed *feed, const void *bytes, size_t length, int wait_ms)
{
    enum feed_state state = FEED_TAKEN;
    if (length > feed->room)
        return FEED_FULL;
    pthread_mutex_lock(&feed->lock);
    if (wait_ms > 0)
        feed_wait(feed, length, wait_ms);
    if (!feed->connection)
        state = FEED_GONE;
    else if (feed->room - feed->length < length)
        state = FEED_FULL;
    else
        ring_put(feed, bytes, length);
    if (state == FEED_TAKEN)
        feed_resume(feed);
    pthread_mutex_unlock(&feed->lock);
    return state;
}

enum feed_state feed_drain(struct feed *feed, int wait_ms)
{
    pthread_mutex_lock(&feed->lock);
    feed_wait(feed, feed->room, wait_ms);
    enum feed_state state = feed->length == 0   ? FEED_TAKEN
                            : !feed->connection ? FEED_GONE
                                                : FEED_FULL;
    pthread_mutex_unlock(&feed->lock);
    return state;
}

/* Half a connection is none: the library takes the end of what it can read for the client's leave,
 * too. */
bool feed_is_gone(struct feed *feed)
{
    char byte;
    pthread_mutex_lock(&feed->lock);
    ssize_t peeked = feed->connection
                         ? recv(feed->connection->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT)
                         : 0;
    bool gone = peeked == 0 || (peeked < 0 && errno != EAGAIN && errno != EINTR);
    pthread_mutex_unlock(&feed->lock);
    return gone;
}

void feed_end(struct feed *feed, bool whole)
{
    pthread_mutex_lock(&feed->lock);
    feed->ended = true;
    feed->whole = whole;
    if (feed->connection)
        feed_resume(feed);
    /* One that takes nothing would not be asked for more; and with epoll the library closes a
     * connection whose reader gives an error only at its next event: this is one. */
    if (feed->connection && !whole)
        shutdown(feed->connection->fd, SHUT_RDWR);
    feed_leave(feed);
}
