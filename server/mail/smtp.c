/* One message by SMTP (RFC 5321) with libcurl: a connection of its own each time, so that nothing
 * of a letter lingers in one that is kept. */
#include "mail/carrier.h"

#include "base/log.h"
#include "domain/wipe.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, WHOLE_MS = 30000, RECIPIENT_TEXT = LETTER_ADDRESS + 2 };

bool smtp_open(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free, wipe_realloc, strdup,
                                calloc) == CURLE_OK;
}

void smtp_close(void)
{
    curl_global_cleanup();
}

struct upload {
    const struct buf *message;
    size_t at;
};

static size_t upload_read(char *out, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t most = size * count, left = upload->message->length - upload->at;
    size_t length = left < most ? left : most;
    memcpy(out, upload->message->data + upload->at, length);
    upload->at += length;
    return length;
}

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct carrier *carrier = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(carrier->stopping);
}

/* The environment's proxies, netrc and whatever else libcurl would look up by itself stay out.
 * False: an option was not taken, and without it the letter might go where it should not. */
static bool options_set(CURL *curl, const struct carrier *carrier, struct upload *upload)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (bad == CURLE_OK)                                                                       \
            bad = curl_easy_setopt(curl, option, value);                                           \
    } while (0)
    SET(CURLOPT_URL, carrier->url);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, progress);
    SET(CURLOPT_XFERINFODATA, carrier);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, upload_read);
    SET(CURLOPT_READDATA, upload);
    SET(CURLOPT_FORBID_REUSE, 1L);
    if (carrier->tls != MAIL_TLS_NONE) {
        SET(CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
        SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    }
    if (*carrier->authorities)
        SET(CURLOPT_CAINFO, carrier->authorities);
    if (*carrier->user) {
        SET(CURLOPT_USERNAME, carrier->user);
        SET(CURLOPT_PASSWORD, carrier->password);
    }
#undef SET
    return bad == CURLE_OK;
}

/* The library's own words of a failure may quote the address: only its number's are logged. */
static enum carried judge(CURLcode code, long reply)
{
    if (code == CURLE_OK)
        return CARRIED;
    log_event(LOG_LEVEL_WARNING, "mail-not-taken", "reply=%ld why=\"%s\"", reply,
              curl_easy_strerror(code));
    bool refused = reply >= 500 && reply < 600 && code != CURLE_LOGIN_DENIED;
    return refused ? CARRIED_NEVER : CARRIED_NOT_NOW;
}

enum carried smtp_send(const struct carrier *carrier, const char *to, const struct buf *message)
{
    char recipient[RECIPIENT_TEXT], sender[RECIPIENT_TEXT];
    struct upload upload = {.message = message};
    CURL *curl = curl_easy_init();
    snprintf(recipient, sizeof recipient, "<%s>", to);
    snprintf(sender, sizeof sender, "<%s>", carrier->from);
    struct curl_slist *recipients = curl_slist_append(NULL, recipient);
    enum carried carried = CARRIED_NOT_NOW;
    if (curl && recipients) {
        long reply = 0;
        bool set = options_set(curl, carrier, &upload) &&
                   curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender) == CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK;
        CURLcode code = set ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
        carried = judge(code, reply);
    }
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    sodium_memzero(recipient, sizeof recipient);
    return carried;
}
