/* What is opened before any thread of the service runs; see service_open.h. */
#include "service_open.h"

#include "attachment/scan.h"
#include "base/log.h"
#include "http/limiter.h"
#include "service_keys.h"

#include <stdio.h>
#include <string.h>

enum { MIB = 1048576, LIMITER_PLACES = 65536 };

/* What needs no other part: words, keys, memory. */
static bool open_load(struct service *service, char *error, size_t error_size)
{
    service->pages = pages_load(service->settings.static_folder, error, error_size);
    if (!service->pages)
        return false;
    service->keys = keys_load(service->settings.keys_folder, error, error_size);
    if (!service->keys || !service_keys_check(&service->settings, service->keys, error, error_size))
        return false;
    service->cache = cache_new((size_t)service->settings.cache_entries);
    service->limiter = limiter_new(LIMITER_PLACES, service->clock);
    service->queue = queue_new((size_t)service->settings.queue_places);
    if (service->cache && service->limiter && service->queue)
        return true;
    snprintf(error, error_size, "there is not enough memory");
    return false;
}

static enum mail_tls tls_of(const char *word)
{
    if (strcmp(word, "none") == 0)
        return MAIL_TLS_NONE;
    return strcmp(word, "tls") == 0 ? MAIL_TLS_WHOLE : MAIL_TLS_START;
}

/* Where attachments lie, and what is asked of one. */
static bool open_attachments(struct service *service, char *error, size_t error_size)
{
    const struct settings *settings = &service->settings;
    if (*settings->clamd && !scan_is_address(settings->clamd)) {
        snprintf(error, error_size, "clamd is neither unix:PATH nor 127.0.0.1:PORT");
        return false;
    }
    service->attachments = (struct attachment_rules){
        .blobs = blobs_open(settings->attachments_folder,
                            (uint64_t)settings->attachments_reserve_mib * MIB, error, error_size),
        .bytes_most = (uint64_t)settings->attachment_mib * MIB,
        .scanner = settings->clamd,
        .scanner_seconds = (int)settings->clamd_seconds,
    };
    if (!service->attachments.blobs)
        return false;
    service->attachments.types = media_types_new(error, error_size);
    return service->attachments.types != NULL;
}

/* Before any other thread: libcurl is started here. */
static bool open_mail(struct service *service, char *error, size_t error_size)
{
    const struct settings *settings = &service->settings;
    service->mail = mail_start(
        &(struct mail_options){
            .server = settings->mail_server,
            .port = (int)settings->mail_port,
            .tls = tls_of(settings->mail_tls),
            .user = settings->mail_user,
            .password_file = settings->mail_password_file,
            .from = settings->mail_from,
            .authorities = settings->mail_authorities,
            .outbox = settings->mail_outbox,
            .places = (size_t)settings->mail_places,
            .clock = service->clock,
        },
        error, error_size);
    if (!service->mail)
        return false;
    if (mail_way(service->mail, true) == MAIL_OUTBOX)
        log_event(LOG_LEVEL_WARNING, "mail-outbox", "folder=%s for=rehearsals",
                  settings->mail_outbox);
    return true;
}

/* Before any other thread, as well. */
static bool open_providers(struct service *service, char *error, size_t error_size)
{
    const struct settings *settings = &service->settings;
    service->provider = provider_start(
        &(struct provider_options){
            .issuer = settings->openid_issuer,
            .client = settings->openid_client,
            .secret_file = settings->openid_secret_file,
            .authorities = settings->openid_authorities,
            .settings = "openid",
            .clock = service->clock,
        },
        error, error_size);
    if (!service->provider)
        return false;
    service->account_provider = provider_start(
        &(struct provider_options){
            .issuer = settings->accounts_openid_issuer,
            .client = settings->accounts_openid_client,
            .secret_file = settings->accounts_openid_secret_file,
            .authorities = settings->accounts_openid_authorities,
            .settings = "accounts_openid",
            .fresh_s = (int)settings->accounts_openid_max_age,
            .clock = service->clock,
        },
        error, error_size);
    return service->account_provider != NULL;
}

bool service_open(struct service *service, char *error, size_t error_size)
{
    return open_load(service, error, error_size) && open_attachments(service, error, error_size) &&
           open_mail(service, error, error_size) && open_providers(service, error, error_size);
}
