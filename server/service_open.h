#ifndef SERVICE_OPEN_H
#define SERVICE_OPEN_H

#include "service.h"

/* Pages, keys, memory, the attachments' folder, mail and providers, of service->settings and
 * service->clock. Main thread, before any other: libcurl is started here. False with a sentence in
 * `error`: what was opened is service_stop's. */
bool service_open(struct service *service, char *error, size_t error_size);

#endif
