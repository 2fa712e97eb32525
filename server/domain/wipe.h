#ifndef DOMAIN_WIPE_H
#define DOMAIN_WIPE_H

#include <stddef.h>

/* Memory that leaves nothing behind: what people send is read into jansson's values. */

/* Makes jansson wipe every block before it is released. Once, before the first thread and the first
 * json value. Its blocks stay ordinary ones: what json_dumps returns may still be given to free. */
void wipe_jansson(void);

/* Wipes a whole block of malloc's and releases it; takes NULL. */
void wipe_free(void *block);

/* As realloc; what is left behind is wiped. */
void *wipe_realloc(void *block, size_t size);

#endif
