#ifndef RESOURCES_SERVICE_STATE_H
#define RESOURCES_SERVICE_STATE_H

#include "service.h"

/* Whether the parts of the running server are well, as the readiness check tells machines and the
 * dashboard officials. */
enum service_part {
    PART_CONSULTATIONS, /* the database answers */
    PART_WRITER,
    PART_QUEUE,
    PART_CLOCK,
    PART_IDENTITY_KEYS,
    PART_RELEASER, /* not of readiness: who only answers can be served without */
    PART_MAIL,     /* likewise; only where there is mail */
    SERVICE_PARTS
};

struct service_state {
    unsigned there;             /* bits 1 << enum service_part */
    unsigned well;              /* the same, of those that are there */
    int64_t submissions, mails; /* waiting */
};

/* Any thread; no query. */
void service_state_read(struct service *service, struct service_state *out);

/* "identity_keys", and what it means if it is not well, in English for a machine's keeper. Static.
 */
const char *service_part_name(enum service_part part);
const char *service_part_trouble(enum service_part part);

#endif
