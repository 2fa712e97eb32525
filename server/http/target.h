#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The request-target (RFC 9112 §3.2), read once, by lengths: what is not plainly one path with an
 * optional query is refused. */

enum { TARGET_PATH = 256, TARGET_SEGMENTS = 10, TARGET_LANG = 16 };

struct segment {
    uint16_t start, length; /* window in target.path */
};

struct target {
    size_t length;     /* of path */
    unsigned segments; /* "/" has none; more than TARGET_SEGMENTS are counted, not kept */
    bool asterisk;     /* "*", for OPTIONS */
    struct segment segment[TARGET_SEGMENTS];
    char lang[TARGET_LANG]; /* first `lang` of the query, "" if none or too long */
    char path[TARGET_PATH]; /* decoded, NUL-terminated; a slash in a segment's window was sent as
                               %2F */
};

enum target_verdict {
    TARGET_FINE,
    TARGET_ODD, /* 400: white space, control or raw non-ASCII bytes, a bad escape, %00, not UTF-8
                   after decoding */
    TARGET_LONG /* nothing has so long an address: 404 */
};

/* `raw` as it stands in the request line: origin-form, absolute-form, whose authority is skipped,
 * or "*". */
enum target_verdict target_read(const char *raw, size_t length, struct target *out);

#endif
