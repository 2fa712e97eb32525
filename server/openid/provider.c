/* What is asked of the provider, and what is kept of its answers; see provider.h. */
#include "openid/provider.h"

#include "base/log.h"
#include "domain/secret_file.h"
#include "domain/wipe.h"
#include "openid/fetch.h"
#include "openid/id_token.h"
#include "openid/metadata.h"
#include "transfer/transfer.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROVIDER_TEXT = 256 };

#define SECOND_US INT64_C(1000000)
#define KEPT_US (3600 * SECOND_US)
#define AWAY_US (3 * SECOND_US)
/* A token may name a key that is newer than ours; how often that is believed. */
#define KEYS_AGAIN_US (30 * SECOND_US)

struct provider {
    char issuer[PROVIDER_TEXT], client[PROVIDER_TEXT], authorities[PROVIDER_TEXT];
    char *secret; /* sodium_malloc */
    const char *settings;
    int fresh_s;
    const struct clock *clock;
    bool open; /* libcurl */
    atomic_bool quiet;
    pthread_mutex_t lock; /* of what follows; held for copies only */
    struct metadata metadata;
    int64_t metadata_us, keys_us, away_us; /* monotonic; 0: never */
    json_t *keys;                          /* never changed, only replaced */
};

bool provider_is_set(const struct provider *provider)
{
    return *provider->issuer != '\0';
}

const char *provider_issuer(const struct provider *provider)
{
    return provider->issuer;
}

/* Asks, unless it has just been seen to be away: then nobody's thread waits for it. One that
 * answers is there, whatever it says: else a stranger's code that it stumbles over would keep
 * everybody out. */
static enum fetched provider_ask(struct provider *provider, struct fetch *fetch, const char *what,
                                 struct buf *out)
{
    int64_t now_us = clock_monotonic_us(provider->clock);
    *out = (struct buf){0};
    pthread_mutex_lock(&provider->lock);
    bool away = provider->away_us && now_us < provider->away_us + AWAY_US;
    pthread_mutex_unlock(&provider->lock);
    if (away)
        return FETCH_NO_ANSWER;
    fetch->authorities = provider->authorities;
    fetch->stopping = &provider->quiet;
    enum fetched fetched = fetch_do(fetch, what, out);
    pthread_mutex_lock(&provider->lock);
    provider->away_us = fetched == FETCH_NO_ANSWER ? clock_monotonic_us(provider->clock) : 0;
    pthread_mutex_unlock(&provider->lock);
    return fetched;
}

static bool metadata_copy(struct provider *provider, struct metadata *out)
{
    int64_t now_us = clock_monotonic_us(provider->clock);
    pthread_mutex_lock(&provider->lock);
    *out = provider->metadata;
    bool fresh = provider->metadata_us && now_us < provider->metadata_us + KEPT_US;
    pthread_mutex_unlock(&provider->lock);
    return fresh;
}

/* OpenID Connect Discovery 1.0 §4. */
static bool metadata_fetch(struct provider *provider)
{
    struct buf url = {0}, answer = {0};
    size_t length = strlen(provider->issuer);
    buf_add(&url, provider->issuer, provider->issuer[length - 1] == '/' ? length - 1 : length);
    buf_text(&url, "/.well-known/openid-configuration");
    struct fetch fetch = {.url = url.data};
    struct metadata metadata;
    bool ok = buf_ok(&url) && provider_ask(provider, &fetch, "discovery", &answer) == FETCHED;
    const char *fault =
        ok ? metadata_read(answer.data, answer.length, provider->issuer, &metadata) : NULL;
    if (fault)
        log_event(LOG_LEVEL_WARNING, "openid-unfit", "settings=%s what=discovery at=%s",
                  provider->settings, fault);
    if (ok && !fault) {
        pthread_mutex_lock(&provider->lock);
        provider->metadata = metadata;
        provider->metadata_us = clock_monotonic_us(provider->clock);
        pthread_mutex_unlock(&provider->lock);
    }
    buf_clear(&answer);
    buf_clear(&url);
    return ok && !fault;
}

enum provider_outcome provider_ready(struct provider *provider)
{
    struct metadata metadata;
    return metadata_copy(provider, &metadata) || metadata_fetch(provider) ? PROVIDER_DONE
                                                                          : PROVIDER_AWAY;
}

static void value_add(struct buf *out, const char *name, const char *value)
{
    buf_text(out, name);
    fetch_escape(out, value);
}

bool provider_address(struct provider *provider, const struct authorization *authorization,
                      const char *return_address, struct buf *out)
{
    struct metadata metadata;
    metadata_copy(provider, &metadata);
    if (!*metadata.authorization)
        return false;
    buf_text(out, metadata.authorization);
    buf_text(out, strchr(metadata.authorization, '?') ? "&" : "?");
    buf_text(out, "response_type=code&scope=openid&code_challenge_method=S256");
    /* Who signed in on this machine before is not who signs in now. */
    buf_text(out, "&prompt=login");
    if (provider->fresh_s)
        buf_format(out, "&max_age=%d", provider->fresh_s);
    value_add(out, "&client_id=", provider->client);
    value_add(out, "&redirect_uri=", return_address);
    value_add(out, "&state=", authorization->state);
    value_add(out, "&nonce=", authorization->nonce);
    value_add(out, "&code_challenge=", authorization->code_challenge);
    value_add(out, "&ui_locales=", language_tag(authorization->language));
    return buf_ok(out);
}

bool provider_named(struct provider *provider, const char *issuer)
{
    struct metadata metadata;
    metadata_copy(provider, &metadata);
    return issuer ? strcmp(issuer, provider->issuer) == 0 : !metadata.names_itself;
}

/* The token endpoint's form (RFC 6749 §4.1.3), and the client's own proof (§2.3.1). */
static enum fetched code_send(struct provider *provider, const struct metadata *metadata,
                              const struct authorization *authorization, const char *return_address,
                              const char *code, struct buf *answer)
{
    struct buf form = {0}, user = {0}, password = {0};
    buf_text(&form, "grant_type=authorization_code");
    value_add(&form, "&code=", code);
    value_add(&form, "&redirect_uri=", return_address);
    value_add(&form, "&code_verifier=", authorization->verifier);
    if (metadata->secret_in_body) {
        value_add(&form, "&client_id=", provider->client);
        value_add(&form, "&client_secret=", provider->secret);
    }
    fetch_escape(&user, provider->client);
    fetch_escape(&password, provider->secret);
    struct fetch fetch = {.url = metadata->token,
                          .form = form.data,
                          .user = metadata->secret_in_body ? NULL : user.data,
                          .password = password.data};
    enum fetched fetched = FETCH_NO_ANSWER;
    if (buf_ok(&form) && buf_ok(&user) && buf_ok(&password))
        fetched = provider_ask(provider, &fetch, "token", answer);
    buf_clear(&form);
    buf_clear(&user);
    buf_clear(&password);
    return fetched;
}

/* New reference; NULL: none yet. */
static json_t *keys_copy(struct provider *provider, int64_t *fetched_us)
{
    pthread_mutex_lock(&provider->lock);
    json_t *keys = json_incref(provider->keys);
    *fetched_us = provider->keys_us;
    pthread_mutex_unlock(&provider->lock);
    return keys;
}

/* New reference; NULL: it gave none. */
static json_t *keys_fetch(struct provider *provider, const struct metadata *metadata)
{
    struct buf answer;
    struct fetch fetch = {.url = metadata->keys};
    json_t *keys = NULL, *old = NULL;
    if (provider_ask(provider, &fetch, "keys", &answer) == FETCHED)
        keys = json_loadb(answer.data, answer.length, JSON_REJECT_DUPLICATES, NULL);
    buf_clear(&answer);
    if (!json_is_array(json_object_get(keys, "keys"))) {
        json_decref(keys);
        return NULL;
    }
    pthread_mutex_lock(&provider->lock);
    old = provider->keys;
    provider->keys = json_incref(keys);
    provider->keys_us = clock_monotonic_us(provider->clock);
    pthread_mutex_unlock(&provider->lock);
    json_decref(old);
    return keys;
}

/* By the keys that are at hand, and by newer ones if it was signed with one that is not. */
static enum provider_outcome token_check(struct provider *provider, const struct metadata *metadata,
                                         const struct authorization *authorization,
                                         const char *token, char **subject)
{
    const struct id_token_wanted wanted = {
        .issuer = provider->issuer,
        .client = provider->client,
        .nonce = authorization->nonce,
        .now_s = clock_utc_us(provider->clock) / SECOND_US,
        .fresh_s = provider->fresh_s,
    };
    int64_t fetched_us = 0, now_us = clock_monotonic_us(provider->clock);
    json_t *keys = keys_copy(provider, &fetched_us);
    bool old = !keys || now_us >= fetched_us + KEPT_US;
    enum id_token_fault fault =
        old ? ID_TOKEN_KEY_UNKNOWN : id_token_check(token, keys, &wanted, subject);
    if (fault == ID_TOKEN_KEY_UNKNOWN && (old || now_us >= fetched_us + KEYS_AGAIN_US)) {
        json_decref(keys);
        keys = keys_fetch(provider, metadata);
        if (!keys)
            return PROVIDER_AWAY;
        fault = id_token_check(token, keys, &wanted, subject);
    }
    json_decref(keys);
    if (fault == ID_TOKEN_GOOD)
        return PROVIDER_DONE;
    log_event(LOG_LEVEL_WARNING, "openid-refused", "settings=%s what=id-token at=%s",
              provider->settings, id_token_fault_name(fault));
    return PROVIDER_REFUSED;
}

enum provider_outcome provider_redeem(struct provider *provider,
                                      const struct authorization *authorization,
                                      const char *return_address, const char *code, char **subject)
{
    struct metadata metadata;
    struct buf answer = {0};
    *subject = NULL;
    if (!metadata_copy(provider, &metadata) && !metadata_fetch(provider))
        return PROVIDER_AWAY;
    metadata_copy(provider, &metadata);
    enum fetched fetched =
        code_send(provider, &metadata, authorization, return_address, code, &answer);
    enum provider_outcome outcome =
        fetched == FETCHED || fetched == FETCH_REFUSED ? PROVIDER_REFUSED : PROVIDER_AWAY;
    if (fetched == FETCHED) {
        json_t *said = json_loadb(answer.data, answer.length, JSON_REJECT_DUPLICATES, NULL);
        const char *token = json_string_value(json_object_get(said, "id_token"));
        if (token)
            outcome = token_check(provider, &metadata, authorization, token, subject);
        json_decref(said);
    }
    buf_clear(&answer);
    return outcome;
}

static bool provider_open(struct provider *provider, const struct provider_options *options,
                          char *error, size_t error_size)
{
    snprintf(provider->issuer, sizeof provider->issuer, "%s", options->issuer);
    snprintf(provider->client, sizeof provider->client, "%s", options->client);
    snprintf(provider->authorities, sizeof provider->authorities, "%s", options->authorities);
    if (!*provider->issuer)
        return true;
    if (!fetch_takes(provider->issuer)) {
        snprintf(error, error_size, "%s_issuer must be an https:// address", options->settings);
        return false;
    }
    provider->secret =
        secret_file_read("the OpenID Connect secret", options->secret_file, error, error_size);
    if (!provider->secret)
        return false;
    provider->open = transfer_open();
    if (!provider->open)
        snprintf(error, error_size, "libcurl cannot be started");
    return provider->open;
}

struct provider *provider_start(const struct provider_options *options, char *error,
                                size_t error_size)
{
    struct provider *provider = calloc(1, sizeof *provider);
    if (!provider) {
        snprintf(error, error_size, "there is not enough memory");
        return NULL;
    }
    pthread_mutex_init(&provider->lock, NULL);
    provider->settings = options->settings;
    provider->fresh_s = options->fresh_s;
    provider->clock = options->clock;
    cjose_set_alloc_funcs(malloc, wipe_realloc, wipe_free);
    if (provider_open(provider, options, error, error_size))
        return provider;
    provider_stop(provider);
    return NULL;
}

void provider_quiet(struct provider *provider)
{
    if (provider)
        atomic_store(&provider->quiet, true);
}

void provider_stop(struct provider *provider)
{
    if (!provider)
        return;
    if (provider->open)
        transfer_close();
    json_decref(provider->keys);
    sodium_free(provider->secret);
    pthread_mutex_destroy(&provider->lock);
    free(provider);
}
