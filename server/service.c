/* Everything long-lived, started in order and stopped in the reverse order. */
#include "service.h"

#include "access/totp.h"
#include "base/log.h"
#include "domain/wipe.h"
#include "http/daemon.h"
#include "http/limiter.h"
#include "http/worker.h"
#include "resources/officials/gate.h"
#include "resources/officials/watch.h"
#include "resources/routes.h"
#include "service_keys.h"
#include "service_open.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WORKER_PLACES = 256,
    CLERK_PLACES = 128,
    ENVOY_THREADS = 2,
    ENVOY_PLACES = 32, /* and the usher's */
    DESK_PLACES = 64,
    DESK_ANSWERS_MS = 5000, /* a page takes a quarter of a second at the most */
    PORTER_PLACES = 16,     /* some two seconds of passwords */
    MIB = 1048576,
    PRINTER_PLACES = 6,     /* some twenty seconds of pages */
    FIRST_READ_TRIES = 500, /* ten seconds */
    WORKERS = 8
};

static void say(char *error, size_t error_size, const char *words)
{
    snprintf(error, error_size, "%s", words);
}

/* From the watcher's thread: what changed is made anew at its next reading. */
static void service_changed(void *context, int consultation_id)
{
    struct service *service = context;
    cache_expire(service->cache, consultation_id);
}

/* From the watcher's thread: a consultation that was imported meanwhile brings its key, and what
 * nobody fetched in time goes. */
static void service_looked(void *context, struct catalogue *catalogue)
{
    struct service *service = context;
    atomic_store(&service->keys_missing,
                 service_keys_follow(&service->settings, service->keys, catalogue,
                                     atomic_load(&service->keys_missing)));
    if (service->exports)
        exports_sweep(service->exports);
}

/* From the writer's thread: the count of submissions is to go up at once, not at the watcher's next
 * beat. */
static void service_committed(void *context, int consultation_id)
{
    struct service *service = context;
    (void)consultation_id;
    catalogue_wake(service->catalogue);
}

/* Who asked before the consultations were first read would be told that there are none. */
static bool service_read(struct service *service)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; tries < FIRST_READ_TRIES; tries++) {
        if (catalogue_ready(service->catalogue))
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* Threads that may wait for a provider; NULL where there is none. */
static struct worker *provider_worker(const struct provider *provider,
                                      const struct settings *settings, enum db_role role)
{
    return provider_is_set(provider)
               ? worker_start(&(struct worker_options){.conninfo = settings->database,
                                                       .role = role,
                                                       .threads = ENVOY_THREADS,
                                                       .places = ENVOY_PLACES})
               : NULL;
}

/* Those that do one request after the other; service_run looks whether they run. */
static void service_work(struct service *service, const struct settings *settings)
{
    service->worker =
        worker_start(&(struct worker_options){.conninfo = settings->database,
                                              .threads = (int)settings->worker_threads,
                                              .places = WORKER_PLACES});
    service->clerk = worker_start(&(struct worker_options){
        .conninfo = settings->database, .role = DB_WRITER, .threads = 1, .places = CLERK_PLACES});
    service->envoy = provider_worker(service->provider, settings, DB_WRITER);
    service->usher = provider_worker(service->account_provider, settings, DB_OFFICIAL);
    service->desk = worker_start(&(struct worker_options){.conninfo = settings->database,
                                                          .role = DB_OFFICIAL,
                                                          .answers_ms = DESK_ANSWERS_MS,
                                                          .threads = (int)settings->desk_threads,
                                                          .places = DESK_PLACES});
    struct worker_options porter = {.conninfo = settings->database,
                                    .role = DB_OFFICIAL,
                                    .threads = 1,
                                    .places = PORTER_PLACES,
                                    .nice = 5};
    service->porter = worker_start(&porter);
    porter.nice = 10;
    service->strangers = worker_start(&porter);
    service->printed = printed_new(settings->spool_folder);
    service->printer =
        worker_start(&(struct worker_options){.threads = 1, .places = PRINTER_PLACES, .nice = 10});
}

/* The threads behind the HTTP ones. */
static bool service_run(struct service *service, char *error, size_t error_size)
{
    const struct settings *settings = &service->settings;
    /* Before the watcher, which sweeps them. */
    service->exports =
        exports_start(&(struct exports_options){.conninfo = settings->database,
                                                .spool_folder = settings->spool_folder,
                                                .spool_bytes = settings->spool_mib * MIB,
                                                .streams = (int)settings->export_streams,
                                                .clock = service->clock});
    service->catalogue = catalogue_start(&(struct catalogue_options){.conninfo = settings->database,
                                                                     .changed = service_changed,
                                                                     .looked = service_looked,
                                                                     .context = service});
    if (!service->catalogue || !service_read(service)) {
        say(error, error_size, "the consultations cannot be read from the database");
        return false;
    }
    service->writer = writer_start(&(struct writer_options){
        .conninfo = settings->database,
        .queue = service->queue,
        .keys = service->keys,
        .clock = service->clock,
        .batch_most = (int)settings->batch_most,
        .wait_most_ms = (int)settings->queue_wait_ms,
        .committed = service_committed,
        .context = service,
    });
    service->finals = finals_start(settings->database, service->catalogue, service->clock);
    service->releaser = releaser_start(settings->database, service->catalogue);
    service_work(service, settings);
    service->watch =
        watch_start(&(struct watch_options){.conninfo = settings->database,
                                            .service = service,
                                            .places = (int)settings->event_streams,
                                            .seconds = (int)settings->event_stream_seconds,
                                            .idle_minutes = (int)settings->session_idle_minutes,
                                            .clock = service->clock});
    if (service->writer && service->releaser && service->worker && service->clerk &&
        service->watch && service->exports && service->finals && service->desk && service->porter &&
        service->strangers && service->printed && service->printer &&
        (service->envoy || !provider_is_set(service->provider)) &&
        (service->usher || !provider_is_set(service->account_provider)))
        return true;
    say(error, error_size, "a thread cannot be started");
    return false;
}

/* Under which address people reach us: pages say it, so it stands before the first request can
 * come. */
static void service_bound(void *context, int port)
{
    struct service *service = context;
    const struct settings *settings = &service->settings;
    if (*settings->base_url || strncmp(settings->address, "unix:", 5) == 0)
        snprintf(service->base_url, sizeof service->base_url, "%s", settings->base_url);
    else
        snprintf(service->base_url, sizeof service->base_url, "http://%s:%d", settings->address,
                 port);
    size_t length = strlen(service->base_url);
    if (length && service->base_url[length - 1] == '/')
        service->base_url[length - 1] = '\0';
}

static bool service_listen(struct service *service, char *error, size_t error_size)
{
    const struct settings *settings = &service->settings;
    service->daemon = daemon_start(
        &(struct daemon_options){
            .routes = routes,
            .route_count = routes_count,
            .service = service,
            .bound = service_bound,
            .cache = service->cache,
            .pages = service->pages,
            .clock = service->clock,
            .worker = service->worker,
            .desk = service->desk,
            .porter = service->porter,
            .admit = gate_admit,
            .address = settings->address,
            .port = (int)settings->port,
            .inner_address = settings->inner_address,
            .inner_port = (int)settings->inner_port,
            .base_url = settings->base_url,
            .trusted_front = settings->trusted_front,
            .threads = (int)settings->http_threads,
            .connections = (int)settings->connections,
            .connections_per_address = (int)settings->connections_per_address,
            .idle_seconds = (int)settings->idle_seconds,
            .request_seconds = (int)settings->request_seconds,
            .spool_folder = settings->spool_folder,
            .spools = (int)settings->uploads,
            .spool_rate = (int)settings->upload_kib_per_second * 1024,
            .spool_reserve = (uint64_t)settings->attachments_reserve_mib * MIB,
        },
        error, error_size);
    return service->daemon != NULL;
}

struct service *service_start(const struct settings *settings, char *error, size_t error_size)
{
    wipe_jansson();
    json_object_seed(0);
    totp_start();
    struct service *service = calloc(1, sizeof *service);
    if (!service) {
        say(error, error_size, "there is not enough memory");
        return NULL;
    }
    service->settings = *settings;
    atomic_flag_clear(&service->importing);
    service->clock = &clock_system;
    clock_random(service->clock, service->prefix_key, sizeof service->prefix_key);
    if (service_open(service, error, error_size) && service_run(service, error, error_size) &&
        service_listen(service, error, error_size))
        return service;
    service_stop(service);
    return NULL;
}

void service_announce(const struct service *service)
{
    const struct settings *settings = &service->settings;
    if (strncmp(settings->address, "unix:", 5) == 0)
        printf("listening %s\n", settings->address);
    else
        printf("listening http://%s:%d\n", settings->address,
               daemon_port(service->daemon, DAEMON_PUBLIC));
    printf("inner http://%s:%d\n", settings->inner_address,
           daemon_port(service->daemon, DAEMON_INNER));
    fflush(stdout);
    log_event(LOG_LEVEL_INFO, "started", "threads=%ld workers=%ld", settings->http_threads,
              settings->worker_threads);
}

/* New requests end first, then what they wait for, so that nobody is left suspended; the daemon
 * goes before what its handlers read, and what they push to: a request whose body is still coming
 * meets a queue that takes no more, not one that is gone. */
void service_stop(struct service *service)
{
    /* The usher after those who give it what they began. */
    struct worker *const workers[WORKERS] = {service->worker, service->clerk,  service->envoy,
                                             service->desk,   service->porter, service->strangers,
                                             service->usher,  service->printer};
    if (service->daemon)
        daemon_quiesce(service->daemon);
    provider_quiet(service->provider);
    provider_quiet(service->account_provider);
    printed_quiet(service->printed);
    for (int i = 0; i < WORKERS; i++)
        worker_stop(workers[i]);
    watch_stop(service->watch);
    exports_stop(service->exports);
    if (service->queue)
        queue_close(service->queue);
    if (service->writer)
        writer_stop(service->writer);
    if (service->daemon)
        daemon_stop(service->daemon);
    /* The last that may take long: what was received is stored by now. */
    finals_stop(service->finals);
    if (service->releaser)
        releaser_stop(service->releaser);
    if (service->catalogue)
        catalogue_stop(service->catalogue);
    mail_stop(service->mail);
    provider_stop(service->provider);
    provider_stop(service->account_provider);
    for (int i = 0; i < WORKERS; i++)
        worker_free(workers[i]);
    printed_free(service->printed);
    watch_free(service->watch);
    exports_free(service->exports);
    finals_free(service->finals);
    media_types_free(service->attachments.types);
    blobs_close(service->attachments.blobs);
    queue_free(service->queue);
    limiter_free(service->limiter);
    cache_free(service->cache);
    keys_free(service->keys);
    pages_free(service->pages);
    free(service);
    log_event(LOG_LEVEL_INFO, "stopped", "well=true");
}
