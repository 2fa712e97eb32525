/* Requests to the provider; see fetch.h. */
#include "openid/fetch.h"

#include "base/log.h"
#include "domain/wipe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 4000, WHOLE_MS = 8000, ANSWER_MOST = 64 * 1024 };

bool fetch_open(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free, wipe_realloc, strdup,
                                calloc) == CURLE_OK;
}

void fetch_close(void)
{
    curl_global_cleanup();
}

bool fetch_takes(const char *url)
{
    static const char *const starts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (const char *p = url; *p; p++) /* RFC 3986 has nothing but these */
        if (*p <= ' ' || *p > '~' || strchr("\"<>\\#@", *p))
            return false;
    if (strncmp(url, "https://", 8) == 0)
        return url[8] != '\0';
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t length = strlen(starts[i]);
        if (strncmp(url, starts[i], length) == 0 && strchr(":/", url[length]))
            return true;
    }
    return false;
}

void fetch_escape(struct buf *out, const char *value)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *value; value++) {
        if (strchr(plain, *value))
            buf_byte(out, *value);
        else
            buf_format(out, "%%%02X", (unsigned char)*value);
    }
}

static size_t answer_take(char *bytes, size_t size, size_t count, void *context)
{
    struct buf *out = context;
    buf_add(out, bytes, size * count);
    return buf_ok(out) ? size * count : 0;
}

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct fetch *fetch = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(fetch->stopping);
}

/* The environment's proxies, netrc, redirects and whatever else libcurl would follow by itself stay
 * out. False: an option was not taken, and without it a secret might go where it should not. */
static bool options_set(CURL *curl, const struct fetch *fetch, struct buf *out)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (bad == CURLE_OK)                                                                       \
            bad = curl_easy_setopt(curl, option, value);                                           \
    } while (0)
    SET(CURLOPT_URL, fetch->url);
    SET(CURLOPT_PROTOCOLS_STR, "https,http");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, progress);
    SET(CURLOPT_XFERINFODATA, fetch);
    SET(CURLOPT_WRITEFUNCTION, answer_take);
    SET(CURLOPT_WRITEDATA, out);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (*fetch->authorities)
        SET(CURLOPT_CAINFO, fetch->authorities);
    if (fetch->form)
        SET(CURLOPT_COPYPOSTFIELDS, fetch->form);
    if (fetch->user) {
        SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        SET(CURLOPT_USERNAME, fetch->user);
        SET(CURLOPT_PASSWORD, fetch->password);
    }
#undef SET
    return bad == CURLE_OK;
}

static enum fetched judge(CURLcode code, long status, const char *what)
{
    if (code == CURLE_OK && status == 200)
        return FETCHED;
    log_event(LOG_LEVEL_WARNING, "openid-not-fetched", "what=%s status=%ld why=\"%s\"", what,
              status, curl_easy_strerror(code));
    if (code != CURLE_OK)
        return FETCH_NO_ANSWER;
    return status < 500 ? FETCH_REFUSED : FETCH_FAULT;
}

enum fetched fetch_do(const struct fetch *fetch, const char *what, struct buf *out)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    enum fetched fetched = FETCH_NO_ANSWER;
    *out = (struct buf){.limit = ANSWER_MOST};
    if (curl && headers && fetch_takes(fetch->url)) {
        long status = 0;
        bool set = options_set(curl, fetch, out) &&
                   curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
        CURLcode code = set ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        fetched = judge(code, status, what);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return fetched;
}
