/* One message by SMTP (RFC 5321) with libcurl. */
#include "mail/carrier.h"

#include "base/log.h"
#include "transfer/transfer.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { CONNECT_MS = 10000, WHOLE_MS = 30000, RECIPIENT_TEXT = LETTER_ADDRESS + 2 };

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

static CURL *transfer_of(const struct carrier *carrier)
{
    bool signs_in = *carrier->user;
    return transfer_new(&(struct transfer){.url = carrier->url,
                                           .protocols = "smtp,smtps",
                                           .user = signs_in ? carrier->user : NULL,
                                           .password = signs_in ? carrier->password : NULL,
                                           .authorities = carrier->authorities,
                                           .stopping = carrier->stopping,
                                           .connect_ms = CONNECT_MS,
                                           .whole_ms = WHOLE_MS});
}

/* False: an option was not taken, and without it the letter might go where it should not. */
static bool letter_set(CURL *curl, const struct carrier *carrier, struct upload *upload,
                       const char *sender, struct curl_slist *recipients)
{
    CURLcode bad = CURLE_OK;
    TRANSFER_SET(curl, bad, CURLOPT_UPLOAD, 1L);
    TRANSFER_SET(curl, bad, CURLOPT_READFUNCTION, upload_read);
    TRANSFER_SET(curl, bad, CURLOPT_READDATA, upload);
    if (carrier->tls != MAIL_TLS_NONE)
        TRANSFER_SET(curl, bad, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    TRANSFER_SET(curl, bad, CURLOPT_MAIL_FROM, sender);
    TRANSFER_SET(curl, bad, CURLOPT_MAIL_RCPT, recipients);
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
    CURL *curl = transfer_of(carrier);
    snprintf(recipient, sizeof recipient, "<%s>", to);
    snprintf(sender, sizeof sender, "<%s>", carrier->from);
    struct curl_slist *recipients = curl_slist_append(NULL, recipient);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    long reply = 0;
    if (curl && recipients && letter_set(curl, carrier, &upload, sender, recipients)) {
        code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    }
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    sodium_memzero(recipient, sizeof recipient);
    return judge(code, reply);
}
