#ifndef TRANSFER_TRANSFER_H
#define TRANSFER_TRANSFER_H

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A transfer by libcurl, a connection of its own each time, so that nothing lingers in one that is
 * kept. The environment's proxies, netrc, redirects and whatever else libcurl would look up or
 * follow by itself stay out. */

struct transfer {
    const char *url;
    const char *protocols;       /* "smtp,smtps": no other, whatever the URL says */
    const char *user, *password; /* NULL: none */
    const char *authorities;     /* file of certificates (PEM) to trust; "": the system's */
    const atomic_bool *stopping; /* breaks off */
    int connect_ms, whole_ms;    /* at the most */
};

/* libcurl, with memory that is wiped: before any other thread. Each that opened well is closed. */
bool transfer_open(void);
void transfer_close(void);

/* With these options set, for the caller to add its own; what `transfer` points to is lent until
 * curl_easy_cleanup, which is the caller's. NULL: no memory, or an option was not taken, without
 * which a letter or a secret might go where it should not. Any thread. */
CURL *transfer_new(const struct transfer *transfer);

/* The next option, unless one before was not taken. `bad`: a CURLcode variable, CURLE_OK at
 * first. */
#define TRANSFER_SET(curl, bad, option, value)                                                     \
    do {                                                                                           \
        if ((bad) == CURLE_OK)                                                                     \
            (bad) = curl_easy_setopt(curl, option, value);                                         \
    } while (0)

#endif
