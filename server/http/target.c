/* The request-target; see target.h. */
#include "http/target.h"

#include "base/parse.h"

#include <string.h>
#include <strings.h>

/* As much of one as a line of the front's has room for: what is too long for its own reader is said
 * by that one, with what was sent. */
enum { PARAMETER = 8192 };

/* Bytes that may stand in a target as they are: RFC 3986's, and those WHATWG URL leaves unescaped
 * in a path or query. */
static bool target_byte(unsigned char c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '#' && c != '\\';
}

static bool target_bytes(const char *raw, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!target_byte((unsigned char)raw[i]))
            return false;
    return true;
}

/* Decodes `length` bytes at `text` in place and holds them to be text without control characters.
 */
static bool target_decode(char *text, size_t *length)
{
    if (!memchr(text, '%', *length))
        return true;
    if (!parse_percent(text, length, false) || !parse_utf8(text, *length))
        return false;
    for (size_t i = 0; i < *length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

/* Splits at the slashes that were sent as such, then decodes each part, so that %2F never parts
 * anything. */
static enum target_verdict target_path(const char *raw, size_t length, struct target *out)
{
    if (length >= TARGET_PATH)
        return TARGET_LONG;
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        const char *slash = memchr(raw + i + 1, '/', length - i - 1);
        size_t part = slash ? (size_t)(slash - raw) - i - 1 : length - i - 1;
        out->path[at++] = '/';
        char *window = out->path + at;
        memcpy(window, raw + i + 1, part);
        window[part] = '\0';
        size_t decoded = part;
        if (!target_decode(window, &decoded))
            return TARGET_ODD;
        if (length > 1 && out->segments++ < TARGET_SEGMENTS)
            out->segment[out->segments - 1] =
                (struct segment){.start = (uint16_t)at, .length = (uint16_t)decoded};
        at += decoded;
        i += part + 1;
    }
    out->path[at] = '\0';
    out->length = at;
    return TARGET_FINE;
}

/* Checks every escape of the query and picks out `lang`; all else of it is read on demand. */
static bool target_query(const char *raw, size_t length, struct target *out)
{
    char part[PARAMETER];
    bool found = false;
    for (size_t i = 0; i < length;) {
        const char *end = memchr(raw + i, '&', length - i);
        size_t size = end ? (size_t)(end - raw) - i : length - i;
        if (size >= sizeof part)
            return false;
        memcpy(part, raw + i, size);
        part[size] = '\0';
        size_t decoded = size;
        if (!target_decode(part, &decoded))
            return false;
        if (!found && strncmp(part, "lang=", 5) == 0) {
            found = true;
            if (decoded - 5 < TARGET_LANG)
                memcpy(out->lang, part + 5, decoded - 5 + 1);
        }
        i += size + 1;
    }
    return true;
}

/* Length of "http://authority" before an absolute-form's path. */
static size_t target_authority(const char *raw, size_t length)
{
    size_t scheme = length > 7 && strncasecmp(raw, "http://", 7) == 0    ? 7
                    : length > 8 && strncasecmp(raw, "https://", 8) == 0 ? 8
                                                                         : 0;
    if (scheme == 0)
        return 0;
    const char *slash = memchr(raw + scheme, '/', length - scheme);
    return slash ? (size_t)(slash - raw) : 0;
}

enum target_verdict target_read(const char *raw, size_t length, struct target *out)
{
    out->length = 0;
    out->segments = 0;
    out->asterisk = length == 1 && *raw == '*';
    out->lang[0] = '\0';
    out->path[0] = '\0';
    if (out->asterisk)
        return TARGET_FINE;
    if (length == 0 || !target_bytes(raw, length))
        return TARGET_ODD;
    size_t skip = *raw == '/' ? 0 : target_authority(raw, length);
    if (*raw != '/' && skip == 0)
        return TARGET_ODD;
    raw += skip;
    length -= skip;
    const char *query = memchr(raw, '?', length);
    size_t path = query ? (size_t)(query - raw) : length;
    if (query && !target_query(query + 1, length - path - 1, out))
        return TARGET_ODD;
    return target_path(raw, path, out);
}
