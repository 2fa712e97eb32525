/* The head of a request, and what is refused of it; see guard.h. */
#include "http/guard.h"

#include "base/parse.h"
#include "http/multipart.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The headers we act on. Those that are `single` may stand once: a second one would make two
 * readings possible. */
static const struct known {
    const char *name;
    size_t length;
    size_t offset;
    bool single;
} knowns[] = {
#define KNOWN(text, member, once) {text, sizeof text - 1, offsetof(struct head, member), once},
    KNOWN("Host", host, true) KNOWN("Accept", accept, false) KNOWN(
        "Accept-Encoding", accept_encoding, false) KNOWN("Accept-Language", accept_language, false)
        KNOWN("If-None-Match", if_none_match, false) KNOWN("Content-Type", content_type, true)
            KNOWN("Content-Length", content_length, true)
                KNOWN("Transfer-Encoding", transfer_encoding, true) KNOWN("Origin", origin, true)
                    KNOWN("Sec-Fetch-Site", fetch_site, true)
                        KNOWN("X-Forwarded-For", forwarded_for, true)
                            KNOWN("Authorization", authorization, true)
                                KNOWN("Idempotency-Key", idempotency_key, true)
                                    KNOWN("Expect", expect, true)
#undef KNOWN
};

struct walk {
    struct head *head;
    const char *next; /* where the next header's name must begin */
    bool odd;
};

/* tchar of RFC 9110 §5.6.2. */
static bool is_token_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_token_byte((unsigned char)text[i]))
            return false;
    return length > 0;
}

/* field-value of RFC 9110 §5.5: no control bytes but HTAB. */
static bool is_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static void walk_known(struct walk *walk, const char *name, size_t length, const char *value)
{
    for (size_t i = 0; i < sizeof knowns / sizeof knowns[0]; i++) {
        const struct known *known = &knowns[i];
        if (known->length != length || strncasecmp(known->name, name, length) != 0)
            continue;
        const char **member = (const char **)(void *)((char *)walk->head + known->offset);
        if (*member && known->single)
            walk->odd = true;
        else if (!*member)
            *member = value;
        return;
    }
}

static enum MHD_Result walk_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_length, const char *value, size_t value_length)
{
    (void)kind;
    struct walk *walk = context;
    if (!value || name != walk->next || !is_token(name, name_length) ||
        !is_value(value, value_length)) {
        walk->odd = true;
        return MHD_NO;
    }
    walk->next = value + value_length + 2;
    walk->odd |= value[value_length + 1] != '\0';
    walk_known(walk, name, name_length, value);
    return walk->odd ? MHD_NO : MHD_YES;
}

static bool line_is_whole(const struct request_line *line)
{
    size_t method = strlen(line->method);
    return is_token(line->method, method) && line->target == line->method + method + 1 &&
           line->version == line->target + line->target_length + 1 && strlen(line->version) == 8;
}

/* How the body is framed (RFC 9112 §6): by one of the two and by nothing else. */
static bool framing_is_plain(const char *version, struct head *head)
{
    if (head->transfer_encoding) {
        head->chunked = true;
        return !head->content_length && strcasecmp(head->transfer_encoding, "chunked") == 0 &&
               strcmp(version, "HTTP/1.0") != 0;
    }
    int64_t length = 0;
    if (head->content_length) {
        if (*head->content_length == '-' ||
            !parse_integer(head->content_length, 0, INT64_MAX, &length))
            return false;
        head->length = (uint64_t)length;
    }
    return true;
}

bool guard_head(struct MHD_Connection *connection, const struct request_line *line,
                struct head *out)
{
    *out = (struct head){0};
    if (!line_is_whole(line))
        return false;
    struct walk walk = {.head = out, .next = line->version + 10};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, walk_header, &walk);
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (walk.odd || !size || walk.next + 2 != line->method + size->header_size)
        return false;
    if (!out->host && strcmp(line->version, "HTTP/1.0") != 0)
        return false;
    return framing_is_plain(line->version, out);
}

/* True if `origin` is scheme://authority with that authority. */
static bool origin_is(const char *origin, const char *authority)
{
    const char *mark = strstr(origin, "://");
    return mark && strcasecmp(mark + 3, authority) == 0;
}

/* base_url is scheme://authority, perhaps with a path behind it. */
static bool origin_is_base(const char *origin, const char *base_url)
{
    size_t length = strlen(origin);
    return length && strncasecmp(origin, base_url, length) == 0 &&
           (base_url[length] == '\0' || base_url[length] == '/');
}

enum problem_code guard_origin(const struct head *head, const char *base_url)
{
    if (head->fetch_site) {
        if (strcmp(head->fetch_site, "same-origin") == 0 || strcmp(head->fetch_site, "none") == 0)
            return PROBLEM_NONE;
        return PROBLEM_FORBIDDEN;
    }
    if (!head->origin || origin_is_base(head->origin, base_url))
        return PROBLEM_NONE;
    return head->host && origin_is(head->origin, head->host) ? PROBLEM_NONE : PROBLEM_FORBIDDEN;
}

/* A media type with nothing behind it but parameters. */
static bool type_is(const char *value, const char *type)
{
    size_t length = strlen(type);
    return value && strncasecmp(value, type, length) == 0 &&
                   value[length + strspn(value + length, " \t")] != '\0'
               ? value[length + strspn(value + length, " \t")] == ';'
               : value && strcasecmp(value, type) == 0;
}

bool guard_is_form(const struct head *head)
{
    return type_is(head->content_type, "application/x-www-form-urlencoded");
}

enum problem_code guard_body(const struct head *head, const struct route *route)
{
    bool any = head->chunked || head->length > 0;
    if (head->length > route->body_limit || (head->chunked && route->body_limit == 0))
        return PROBLEM_CONTENT_TOO_LARGE;
    if (!any && !head->content_type)
        return PROBLEM_NONE;
    if (route->body_limit == 0)
        return PROBLEM_NONE;
    /* Types that no form of another site's page can send. */
    if (route->representations & ROUTE_SPOOLED && !(route->representations & ROUTE_TAKES_FILES))
        return type_is(head->content_type, "application/octet-stream") ||
                       type_is(head->content_type, "application/partial-upload")
                   ? PROBLEM_NONE
                   : PROBLEM_UNSUPPORTED_MEDIA_TYPE;
    bool form = route->representations & 1u << REPRESENT_PAGE;
    bool file = route->representations & ROUTE_TAKES_FILES && multipart_is(head->content_type);
    if (route->representations & ROUTE_SPOOLED)
        return file ? PROBLEM_NONE : PROBLEM_UNSUPPORTED_MEDIA_TYPE;
    bool fits =
        form ? file || guard_is_form(head) : type_is(head->content_type, "application/json");
    return fits ? PROBLEM_NONE : PROBLEM_UNSUPPORTED_MEDIA_TYPE;
}
