/* The values of what a signature covers; see message_signature.h. Section numbers are RFC 9421's.
 */
#include "access/message_signature.h"

#include "base/parse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The parts of a request's address. In absolute-form the target says the authority, and Host means
 * nothing (RFC 9112 §3.2.2). */
struct address {
    const char *authority;
    size_t authority_length;
    const char *path; /* empty in absolute-form alone */
    size_t path_length;
    const char *query; /* from '?' on; "" if there is none */
};

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text < 0x21 || *text > 0x7e)
            return false;
    return true;
}

/* False: the target is neither in origin-form nor in absolute-form. */
static bool address_read(const struct message *message, struct address *out)
{
    const char *target = message->target, *rest = strstr(target, "://");
    *out = (struct address){.authority = message->authority, .path = target};
    if (*target != '/' && !rest)
        return false;
    if (*target != '/')
        out->authority = rest + 3;
    out->authority_length = strcspn(out->authority, "/?");
    if (*target != '/')
        out->path = out->authority + out->authority_length;
    out->path_length = strcspn(out->path, "?");
    out->query = out->path + out->path_length;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void add_lower(struct buf *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        buf_byte(out, lower(text[i]));
}

/* §2.2.3: lower case, without the scheme's own port (RFC 9110 §4.2.3) */
static bool add_authority(const struct message *message, struct buf *out)
{
    const char *port = strcasecmp(message->scheme, "https") == 0 ? ":443" : ":80";
    size_t end = strlen(port);
    struct address address;
    if (!address_read(message, &address))
        return false;
    size_t length = address.authority_length;
    for (size_t i = 0; i < length; i++)
        if (strchr("@#,\\\"<>", address.authority[i]))
            return false;
    if (length > end && memcmp(address.authority + length - end, port, end) == 0)
        length -= end;
    add_lower(out, address.authority, length);
    return length != 0;
}

/* §2.2.6: not decoded, never empty */
static bool add_path(const struct message *message, struct buf *out)
{
    struct address address;
    if (!address_read(message, &address))
        return false;
    if (address.path_length)
        buf_add(out, address.path, address.path_length);
    else
        buf_byte(out, '/');
    return true;
}

/* §2.2.7: "?" alone where there is none */
static bool add_query(const struct message *message, struct buf *out)
{
    struct address address;
    if (!address_read(message, &address))
        return false;
    buf_text(out, *address.query ? address.query : "?");
    return true;
}

/* §2.2.2 */
static bool add_target_uri(const struct message *message, struct buf *out)
{
    struct address address;
    add_lower(out, message->scheme, strlen(message->scheme));
    buf_text(out, "://");
    if (!add_authority(message, out) || !add_path(message, out) || !address_read(message, &address))
        return false;
    buf_text(out, address.query);
    return true;
}

/* Decodes one name or value of a query and writes it as the WHATWG's URL Standard §5.2 does, which
 * §2.2.8 asks for, but for its spaces. The standard's decoder repairs what is no UTF-8 or no
 * escape; here that is refused. */
static bool add_form_text(const char *text, size_t length, struct buf *out)
{
    char *plain = strndup(text, length);
    bool ok = plain && parse_percent(plain, &length, true) && parse_utf8(plain, length);
    for (size_t i = 0; ok && i < length; i++) {
        unsigned char c = (unsigned char)plain[i];
        if ((c >= '0' && c <= '9') || (lower((char)c) >= 'a' && lower((char)c) <= 'z') ||
            strchr("*-._", c))
            buf_byte(out, (char)c);
        else
            buf_format(out, "%%%02X", c);
    }
    free(plain);
    return ok;
}

/* Whether one part of a query, `name=value`, has the name sought; its value is added if so. */
static bool add_if_named(const char *part, size_t length, const char *name, struct buf *out,
                         unsigned *found)
{
    struct buf encoded = {0};
    const char *sign = memchr(part, '=', length);
    size_t end = sign ? (size_t)(sign - part) : length;
    bool ok = add_form_text(part, end, &encoded) && buf_ok(&encoded);
    if (ok && strcmp(encoded.data ? encoded.data : "", name) == 0) {
        (*found)++;
        ok = !sign || add_form_text(sign + 1, length - end - 1, out);
    }
    buf_clear(&encoded);
    return ok;
}

/* §2.2.8: a name that comes twice cannot be signed */
static bool add_query_parameter(const struct message *message, const char *name, struct buf *out)
{
    struct address address;
    unsigned found = 0;
    if (!address_read(message, &address) || !*address.query)
        return false;
    for (const char *at = address.query + 1;; at++) {
        size_t length = strcspn(at, "&");
        if (length && !add_if_named(at, length, name, out, &found))
            return false;
        at += length;
        if (!*at)
            return found == 1;
    }
}

static bool add_text(struct buf *out, const char *text)
{
    buf_text(out, text);
    return true;
}

static bool add_scheme(const struct message *message, struct buf *out)
{
    add_lower(out, message->scheme, strlen(message->scheme));
    return true;
}

static bool add_method(const struct message *message, struct buf *out)
{
    return add_text(out, message->method);
}

static bool add_request_target(const struct message *message, struct buf *out)
{
    return add_text(out, message->target);
}

static const struct {
    const char *name;
    bool (*add)(const struct message *message, struct buf *out);
} derived[] = {
    {"@method", add_method},       {"@target-uri", add_target_uri},
    {"@authority", add_authority}, {"@scheme", add_scheme},
    {"@path", add_path},           {"@request-target", add_request_target},
    {"@query", add_query},
};

static enum problem_code add_derived(const struct message *message,
                                     const struct structured_item *component, struct buf *out)
{
    const char *name = component->value.text;
    const struct structured_value *parameter = structured_parameter(component, "name");
    if (!is_printable(message->method) || !is_printable(message->scheme) ||
        !is_printable(message->authority) || !is_printable(message->target))
        return PROBLEM_SIGNATURE_WRONG;
    if (strcmp(name, "@query-param") == 0 && component->parameter_count == 1 && parameter &&
        parameter->kind == STRUCTURED_STRING)
        return add_query_parameter(message, parameter->text, out) ? PROBLEM_NONE
                                                                  : PROBLEM_SIGNATURE_WRONG;
    if (component->parameter_count)
        return PROBLEM_SIGNATURE_UNSUPPORTED;
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
        if (strcmp(derived[i].name, name) == 0)
            return derived[i].add(message, out) ? PROBLEM_NONE : PROBLEM_SIGNATURE_WRONG;
    return PROBLEM_SIGNATURE_UNSUPPORTED;
}

/* Adds one line without white space at its ends. A folded one (RFC 9112 §5.2) is refused. */
static bool add_line(struct buf *out, const char *value)
{
    value += strspn(value, " \t");
    size_t length = strlen(value);
    while (length && strchr(" \t", value[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        if ((value[i] < 0x20 && value[i] != '\t') || value[i] > 0x7e)
            return false;
    buf_add(out, value, length);
    return true;
}

bool message_field(const struct message *message, const char *name, struct buf *out)
{
    const char *line;
    size_t n;
    for (n = 0; (line = message->field(message->closure, name, n)); n++) {
        if (n)
            buf_text(out, ", ");
        if (!add_line(out, line) || !buf_ok(out))
            return false;
    }
    return n != 0;
}

/* A field's name as it must stand there: a token (RFC 9110 §5.1) in lower case. */
static bool is_field_name(const char *name)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
    return *name && name[strspn(name, signs)] == '\0';
}

enum problem_code message_component(const struct message *message,
                                    const struct structured_item *component, struct buf *out)
{
    if (component->value.kind != STRUCTURED_STRING)
        return PROBLEM_SIGNATURE_MALFORMED;
    if (*component->value.text == '@')
        return add_derived(message, component, out);
    if (!is_field_name(component->value.text))
        return PROBLEM_SIGNATURE_MALFORMED;
    /* sf, key, bs and tr of §2.1; req is of replies alone (§2.4). */
    if (component->parameter_count)
        return PROBLEM_SIGNATURE_UNSUPPORTED;
    return message_field(message, component->value.text, out) ? PROBLEM_NONE
                                                              : PROBLEM_SIGNATURE_WRONG;
}
