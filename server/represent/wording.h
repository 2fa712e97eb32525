#ifndef REPRESENT_WORDING_H
#define REPRESENT_WORDING_H

#include "represent/page.h"

#include <stdint.h>

/* Times and numbers as people read them in each language, and strings as values for a page. Times
 * are shown in Hong Kong time: UTC+8 all year since 1979, so no zone table is needed. Any thread.
 */

enum moment {
    MOMENT_DAY,    /* 23 January 2027 */
    MOMENT_MINUTE, /* 23 January 2027, 09:30 */
    MOMENT_SECOND, /* 23 January 2027, 09:30:15 */
    MOMENT_UTC,    /* as SECOND, in UTC and saying so */
    MOMENT_END,    /* an exclusive end: midnight is shown as 24:00 of the day before */
};

/* New reference to a string; NULL: no memory or a string that is missing. */
json_t *wording_moment(const struct pages *pages, enum language language, enum moment moment,
                       int64_t utc_us);

/* {at (RFC 3339), hkt, utc} to the second, as receipts show times. New reference. */
json_t *wording_moments(const struct pages *pages, enum language language, int64_t utc_us);

/* With digits grouped by commas, as all three languages write them in Hong Kong. New reference. */
json_t *wording_count(int64_t count);

/* How long to wait, as one would say it: "10 minutes" for 600 s, never less than it is. New
 * reference.
 */
json_t *wording_wait(const struct pages *pages, enum language language, int64_t seconds);

/* When another try makes sense, as a sentence; `seconds` as a Retry-After header has it. New
 * reference; NULL: it is not a number of seconds, or NULL. */
json_t *wording_retry(const struct pages *pages, enum language language, const char *seconds);

/* pages_string as a value. `context` may be NULL and is not kept. New reference. */
json_t *wording_string(const struct pages *pages, enum language language, const char *key,
                       json_t *context);

#endif
