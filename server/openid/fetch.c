/* Requests to the provider; see fetch.h. */
#include "openid/fetch.h"

#include "base/log.h"
#include "transfer/transfer.h"

#include <string.h>

enum { CONNECT_MS = 4000, WHOLE_MS = 8000, ANSWER_MOST = 64 * 1024 };

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

static CURL *transfer_of(const struct fetch *fetch)
{
    return transfer_new(&(struct transfer){.url = fetch->url,
                                           .protocols = "https,http",
                                           .user = fetch->user,
                                           .password = fetch->password,
                                           .authorities = fetch->authorities,
                                           .stopping = fetch->stopping,
                                           .connect_ms = CONNECT_MS,
                                           .whole_ms = WHOLE_MS});
}

/* False: an option was not taken, and without it a secret might go where it should not. */
static bool request_set(CURL *curl, const struct fetch *fetch, struct curl_slist *headers,
                        struct buf *out)
{
    CURLcode bad = CURLE_OK;
    TRANSFER_SET(curl, bad, CURLOPT_HTTPHEADER, headers);
    TRANSFER_SET(curl, bad, CURLOPT_WRITEFUNCTION, answer_take);
    TRANSFER_SET(curl, bad, CURLOPT_WRITEDATA, out);
    if (fetch->user)
        TRANSFER_SET(curl, bad, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    if (fetch->form)
        TRANSFER_SET(curl, bad, CURLOPT_COPYPOSTFIELDS, fetch->form);
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
    *out = (struct buf){.limit = ANSWER_MOST};
    if (!fetch_takes(fetch->url))
        return FETCH_NO_ANSWER;
    CURL *curl = transfer_of(fetch);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    CURLcode code = CURLE_OUT_OF_MEMORY;
    long status = 0;
    if (curl && headers && request_set(curl, fetch, headers, out)) {
        code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return judge(code, status, what);
}
