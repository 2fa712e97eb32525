#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Checked readers: the whole text must be the value, or false and *out untouched. Pure functions.
 */

enum { UUID_BYTES = 16, UUID_TEXT = 36, RFC3339_TEXT = 28 };

struct uuid {
    unsigned char bytes[UUID_BYTES];
};

/* Decimal digits with an optional '-', within [least, most]. */
bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *out);

/* RFC 9562 text form, either case; the nil UUID is refused, being nobody's random choice. */
bool parse_uuid(const char *text, struct uuid *out);
void format_uuid(const struct uuid *uuid, char text[UUID_TEXT + 1]);

/* RFC 3339 date-time with any offset; out in microseconds since 1970 UTC. Leap seconds are refused.
 */
bool parse_time(const char *text, int64_t *out_us);
/* RFC 3339 in UTC to the second, as 2026-11-23T16:00:00Z. */
void format_time(int64_t us, char text[RFC3339_TEXT]);

/* Full dates, as days since 1970. */
bool parse_date(const char *text, int32_t *out_day);
void format_date(int32_t day, char text[11]);

/* [a-z0-9] parts joined by single hyphens, at most `most` bytes. */
bool parse_slug(const char *text, size_t most);

/* Percent-decodes in place (RFC 3986 §2.1); false on a bad escape or an encoded NUL. With `plus`,
 * '+' is a space, as in application/x-www-form-urlencoded (WHATWG URL §5). Returns the new length
 * in *length. */
bool parse_percent(char *text, size_t *length, bool plus);

/* True if the bytes are UTF-8 without surrogates (RFC 3629). */
bool parse_utf8(const char *bytes, size_t length);

#endif
