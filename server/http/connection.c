/* Connections: what the library tells of them, and the watch over deadlines. A byte now and then
 * renews the library's own time-out, so a thread looks at each connection's deadline twice a second
 * and shuts down what has passed it. */
#include "http/state.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WATCH_NS = 500000000 };

static int64_t seconds_us(int seconds)
{
    return (int64_t)seconds * 1000000;
}

static void peer_write(const struct sockaddr *address, char peer[48])
{
    peer[0] = '\0';
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, peer,
                  48);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, peer,
                  48);
    else
        memcpy(peer, "unix:", sizeof "unix:");
}

static struct connection *connection_new(struct server *server, struct MHD_Connection *mhd)
{
    struct daemon *daemon = server->daemon;
    struct connection *c = calloc(1, sizeof *c);
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!c || !fd) {
        free(c);
        return NULL;
    }
    c->daemon = daemon;
    c->side = server->side;
    c->fd = fd->connect_fd;
    peer_write(address ? address->client_addr : NULL, c->peer);
    c->from_front = daemon->trusted_front[0] && strcmp(c->peer, daemon->trusted_front) == 0;
    atomic_init(&c->stage, STAGE_IDLE);
    atomic_init(&c->deadline_us,
                clock_monotonic_us(daemon->options.clock) +
                    seconds_us(daemon->options.idle_seconds + daemon->options.request_seconds));
    pthread_mutex_lock(&daemon->lock);
    c->next = daemon->connections;
    if (c->next)
        c->next->previous = c;
    daemon->connections = c;
    daemon->connection_count++;
    pthread_mutex_unlock(&daemon->lock);
    return c;
}

/* The library closes the socket only after this, so that the watch never shuts down a number that
 * was given anew. */
static void connection_end(struct connection *c)
{
    struct daemon *daemon = c->daemon;
    pthread_mutex_lock(&daemon->lock);
    *(c->previous ? &c->previous->next : &daemon->connections) = c->next;
    if (c->next)
        c->next->previous = c->previous;
    daemon->connection_count--;
    if (atomic_load_explicit(&daemon->draining, memory_order_relaxed))
        pthread_cond_broadcast(&daemon->changed);
    pthread_mutex_unlock(&daemon->lock);
    free(c);
}

void connection_notify(void *server, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_new(server, mhd);
    } else if (*context) {
        connection_end(*context);
        *context = NULL;
    }
}

/* The request line was read; what this returns is the access callback's context. The library takes
 * the line apart in place after this, so it is read here. */
void *connection_target(void *server, const char *target, struct MHD_Connection *mhd)
{
    (void)server;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *c = info ? info->socket_context : NULL;
    if (!c)
        return NULL;
    c->line = (struct request_line){.target = target, .target_length = target ? strlen(target) : 0};
    size_t kept = c->line.target_length < SENT_TARGET ? c->line.target_length : 0;
    memcpy(c->sent_target, target ? target : "", kept);
    c->sent_target[kept] = '\0';
    c->verdict = target_read(target ? target : "", c->line.target_length, &c->target);
    c->refusal = PROBLEM_NONE;
    c->drained = 0;
    atomic_store_explicit(&c->stage, STAGE_LINE, memory_order_relaxed);
    return c;
}

static void watch_once(struct daemon *daemon)
{
    int64_t now = clock_monotonic_us(daemon->options.clock);
    for (struct connection *c = daemon->connections; c; c = c->next) {
        if (now < atomic_load_explicit(&c->deadline_us, memory_order_relaxed))
            continue;
        atomic_store_explicit(&c->deadline_us, INT64_MAX, memory_order_relaxed);
        atomic_fetch_add_explicit(&daemon->cut_off, 1, memory_order_relaxed);
        shutdown(c->fd, SHUT_RDWR);
    }
}

void *connection_watch(void *context)
{
    struct daemon *daemon = context;
    pthread_mutex_lock(&daemon->lock);
    while (!daemon->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += WATCH_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&daemon->changed, &daemon->lock, &until);
        watch_once(daemon);
    }
    pthread_mutex_unlock(&daemon->lock);
    return NULL;
}

/* A head that is still coming is no request yet; nobody knows whether its sender is still there. */
bool connection_any_busy(const struct daemon *daemon)
{
    for (const struct connection *c = daemon->connections; c; c = c->next)
        if (atomic_load_explicit(&c->stage, memory_order_relaxed) > STAGE_LINE)
            return true;
    return false;
}

/* While draining every reply is its connection's last: no more is read. Not before the reply: the
 * library would take the end of what it can read for a client that has left, and say nothing to a
 * request that it was to resume. */
void connection_last(struct connection *c)
{
    shutdown(c->fd, SHUT_RD);
}

void connection_done(struct connection *c)
{
    struct daemon *daemon = c->daemon;
    pthread_mutex_lock(&daemon->lock);
    pthread_cond_broadcast(&daemon->changed);
    pthread_mutex_unlock(&daemon->lock);
}

/* What still hangs when all who could finish it have stopped is let go without a reply of its own:
 * the daemon then says 500. */
void connection_resume(struct daemon *daemon)
{
    if (atomic_load(&daemon->suspended) == 0)
        return;
    pthread_mutex_lock(&daemon->lock);
    for (struct connection *c = daemon->connections; c; c = c->next)
        if (c->request && c->request->http->suspended)
            request_finish(c->request);
    pthread_mutex_unlock(&daemon->lock);
}
