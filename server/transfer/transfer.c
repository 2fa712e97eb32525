/* What every use of libcurl has in common; see transfer.h. */
#include "transfer/transfer.h"

#include "domain/wipe.h"

#include <stdlib.h>
#include <string.h>

bool transfer_open(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free, wipe_realloc, strdup,
                                calloc) == CURLE_OK;
}

void transfer_close(void)
{
    curl_global_cleanup();
}

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const atomic_bool *stopping = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(stopping);
}

CURL *transfer_new(const struct transfer *transfer)
{
    CURL *curl = curl_easy_init();
    CURLcode bad = curl ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    TRANSFER_SET(curl, bad, CURLOPT_URL, transfer->url);
    TRANSFER_SET(curl, bad, CURLOPT_PROTOCOLS_STR, transfer->protocols);
    TRANSFER_SET(curl, bad, CURLOPT_FOLLOWLOCATION, 0L);
    TRANSFER_SET(curl, bad, CURLOPT_PROXY, "");
    TRANSFER_SET(curl, bad, CURLOPT_NOSIGNAL, 1L);
    TRANSFER_SET(curl, bad, CURLOPT_CONNECTTIMEOUT_MS, (long)transfer->connect_ms);
    TRANSFER_SET(curl, bad, CURLOPT_TIMEOUT_MS, (long)transfer->whole_ms);
    TRANSFER_SET(curl, bad, CURLOPT_NOPROGRESS, 0L);
    TRANSFER_SET(curl, bad, CURLOPT_XFERINFOFUNCTION, progress);
    TRANSFER_SET(curl, bad, CURLOPT_XFERINFODATA, transfer->stopping);
    TRANSFER_SET(curl, bad, CURLOPT_FORBID_REUSE, 1L);
    TRANSFER_SET(curl, bad, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (*transfer->authorities)
        TRANSFER_SET(curl, bad, CURLOPT_CAINFO, transfer->authorities);
    if (transfer->user) {
        TRANSFER_SET(curl, bad, CURLOPT_USERNAME, transfer->user);
        TRANSFER_SET(curl, bad, CURLOPT_PASSWORD, transfer->password);
    }
    if (bad == CURLE_OK)
        return curl;
    curl_easy_cleanup(curl);
    return NULL;
}
