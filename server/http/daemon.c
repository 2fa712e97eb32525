/* The two servers: starting, draining, stopping; see daemon.h. */
#include "http/daemon.h"

#include "base/log.h"
#include "http/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { DRAIN_SECONDS = 10, INNER_CONNECTIONS = 64, OTHER_DESCRIPTORS = 256 };

/* Nothing is unescaped by the library: it works on C strings, for which %00 is an end. What a
 * target says was read from its raw bytes (target.c), and query values are decoded when they are
 * asked for. */
static size_t unescape_nothing(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

/* A connection is a descriptor, and a shell's soft limit is often 1,024. Where the hard one is too
 * low the library waits for a descriptor as it waits for a place. */
static void descriptors_raise(int connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + OTHER_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_event(LOG_LEVEL_WARNING, "descriptors-few", "limit=%llu wanted=%llu",
                  (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
}

/* Who comes while the server drains is let go at once. MHD_quiesce_daemon would do this as well,
 * but 0.9.75 ends the process where it and a thread of the pool take the listening socket out of
 * the same epoll set. */
static enum MHD_Result admit_connection(void *context, const struct sockaddr *address,
                                        socklen_t length)
{
    const struct server *server = context;
    (void)address;
    (void)length;
    return atomic_load_explicit(&server->daemon->draining, memory_order_relaxed) ? MHD_NO : MHD_YES;
}

static struct MHD_Daemon *server_run(struct server *server, int threads, int connections,
                                     int per_address)
{
    const struct daemon_options *options = &server->daemon->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    struct MHD_OptionItem pool[] = {
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, admit_connection, server, access_call, server, MHD_OPTION_LISTEN_SOCKET,
        server->fd, MHD_OPTION_NOTIFY_COMPLETED, access_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server, MHD_OPTION_URI_LOG_CALLBACK,
        connection_target, server, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)per_address, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
}

static bool server_open(struct daemon *daemon, enum daemon_side side, char *error,
                        size_t error_size)
{
    bool inner = side == DAEMON_INNER;
    const struct daemon_options *options = &daemon->options;
    const char *address = inner ? options->inner_address : options->address;
    struct server *server = &daemon->server[side];
    server->daemon = daemon;
    server->side = side;
    server->fd =
        listen_open(address, inner ? options->inner_port : options->port, error, error_size);
    if (server->fd < 0)
        return false;
    server->port = listen_port(server->fd);
    if (!inner && options->bound)
        options->bound(options->service, server->port);
    if (strncmp(address, "unix:", 5) == 0)
        snprintf(server->socket_path, sizeof server->socket_path, "%s", address + 5);
    server->mhd = inner ? server_run(server, 1, INNER_CONNECTIONS, 0)
                        : server_run(server, options->threads, options->connections,
                                     options->connections_per_address);
    if (!server->mhd)
        snprintf(error, error_size, "libmicrohttpd would not start on %s", address);
    return server->mhd != NULL;
}

static bool daemon_prepare(struct daemon *daemon, char *error, size_t error_size)
{
    static char words[] = "{\"type\":\"/problems/"
                          "internal\",\"title\":\"internal\",\"status\":500,\"code\":\"internal\"}";
    const struct daemon_options *options = &daemon->options;
    clock_random(options->clock, daemon->id_secret, sizeof daemon->id_secret);
    daemon->last_resort =
        MHD_create_response_from_buffer(sizeof words - 1, words, MHD_RESPMEM_PERSISTENT);
    if (!daemon->last_resort ||
        MHD_add_response_header(daemon->last_resort, MHD_HTTP_HEADER_CONTENT_TYPE,
                                "application/problem+json") != MHD_YES) {
        snprintf(error, error_size, "no memory for the HTTP servers");
        return false;
    }
    daemon->router = router_new(options->routes, options->route_count, error, error_size);
    return daemon->router != NULL;
}

static void text_keep(const char **text, char *place, size_t size)
{
    snprintf(place, size, "%s", *text ? *text : "");
    *text = place;
}

static struct daemon *daemon_new(const struct daemon_options *options)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return NULL;
    pthread_condattr_t monotonic;
    daemon->options = *options;
    daemon->server[DAEMON_PUBLIC].fd = daemon->server[DAEMON_INNER].fd = -1;
    text_keep(&daemon->options.address, daemon->address, sizeof daemon->address);
    text_keep(&daemon->options.inner_address, daemon->inner_address, sizeof daemon->inner_address);
    text_keep(&daemon->options.base_url, daemon->base_url, sizeof daemon->base_url);
    text_keep(&daemon->options.trusted_front, daemon->trusted_front, sizeof daemon->trusted_front);
    pthread_mutex_init(&daemon->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&daemon->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return daemon;
}

struct daemon *daemon_start(const struct daemon_options *options, char *error, size_t error_size)
{
    struct daemon *daemon = daemon_new(options);
    if (!daemon) {
        snprintf(error, error_size, "no memory for the HTTP servers");
        return NULL;
    }
    descriptors_raise(options->connections);
    bool ok = daemon_prepare(daemon, error, error_size) &&
              server_open(daemon, DAEMON_PUBLIC, error, error_size) &&
              (!daemon->inner_address[0] || server_open(daemon, DAEMON_INNER, error, error_size));
    if (ok) {
        daemon->watching = pthread_create(&daemon->watcher, NULL, connection_watch, daemon) == 0;
        if (!daemon->watching)
            snprintf(error, error_size, "no thread for the watch over connections");
    }
    if (ok && daemon->watching)
        return daemon;
    daemon_stop(daemon);
    return NULL;
}

int daemon_port(const struct daemon *daemon, enum daemon_side side)
{
    return daemon->server[side].port;
}

void daemon_quiesce(struct daemon *daemon)
{
    atomic_store(&daemon->draining, true);
}

/* Until no request is under way or the time is up. Idle connections are closed by the library's
 * stop. */
static void daemon_wait(struct daemon *daemon)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += DRAIN_SECONDS;
    pthread_mutex_lock(&daemon->lock);
    int late = 0;
    while (connection_any_busy(daemon) && late == 0)
        late = pthread_cond_timedwait(&daemon->changed, &daemon->lock, &until);
    pthread_mutex_unlock(&daemon->lock);
}

void daemon_stop(struct daemon *daemon)
{
    if (!daemon)
        return;
    daemon_quiesce(daemon);
    daemon_wait(daemon);
    connection_resume(daemon);
    for (int side = DAEMON_PUBLIC; side <= DAEMON_INNER; side++) {
        struct server *server = &daemon->server[side];
        if (server->mhd)
            MHD_stop_daemon(server->mhd); /* closes the listening socket */
        else if (server->fd >= 0)
            close(server->fd);
        if (server->socket_path[0])
            unlink(server->socket_path);
    }
    pthread_mutex_lock(&daemon->lock);
    daemon->stopping = true;
    pthread_cond_broadcast(&daemon->changed);
    pthread_mutex_unlock(&daemon->lock);
    if (daemon->watching)
        pthread_join(daemon->watcher, NULL);
    if (daemon->last_resort)
        MHD_destroy_response(daemon->last_resort);
    router_free(daemon->router);
    pthread_cond_destroy(&daemon->changed);
    pthread_mutex_destroy(&daemon->lock);
    free(daemon);
}

void daemon_figures(struct daemon *daemon, struct daemon_figures *out)
{
    pthread_mutex_lock(&daemon->lock);
    *out = (struct daemon_figures){
        .requests = atomic_load(&daemon->requests),
        .refused = atomic_load(&daemon->refused),
        .cut_off = atomic_load(&daemon->cut_off),
        .suspended = atomic_load(&daemon->suspended),
        .connections = daemon->connection_count,
    };
    pthread_mutex_unlock(&daemon->lock);
}
