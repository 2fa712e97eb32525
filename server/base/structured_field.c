/* Structured Fields; see structured_field.h. Section numbers are RFC 9651's. */
#include "base/structured_field.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A dictionary and what it points to, in one piece of memory. What is read is never longer than
 * what was sent, but for the NULs behind it: one a text, of which each was at least one byte and a
 * sign that is not kept. */
struct reading {
    struct structured_dictionary dictionary;
    struct structured_item items[STRUCTURED_ITEMS];
    struct structured_parameter parameters[STRUCTURED_PARAMETERS];
    size_t item_count, parameter_count, used;
    char text[2 * STRUCTURED_FIELD];
};

struct reader {
    const char *at, *end;
    struct reading *out;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alpha(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool sees(const struct reader *r, char c)
{
    return r->at < r->end && *r->at == c;
}

static bool takes(struct reader *r, char c)
{
    if (!sees(r, c))
        return false;
    r->at++;
    return true;
}

static void skip(struct reader *r, const char *set)
{
    while (r->at < r->end && is_one_of(*r->at, set))
        r->at++;
}

/* Bytes behind the ones kept before; room is sure, see struct reading. */
static void keep(struct reader *r, char byte)
{
    if (r->out->used < sizeof r->out->text)
        r->out->text[r->out->used++] = byte;
}

static const char *kept_from(const struct reader *r)
{
    return r->out->text + r->out->used;
}

/* Ends the text begun at `from`. False if the room did not suffice, which would be our mistake. */
static bool keep_end(struct reader *r, const char *from, size_t *length)
{
    *length = (size_t)(kept_from(r) - from);
    keep(r, '\0');
    return r->out->text[r->out->used - 1] == '\0';
}

/* §4.2.3.3 */
static bool read_key(struct reader *r, const char **out)
{
    const char *from = kept_from(r);
    size_t length;
    if (r->at == r->end || !(is_lower(*r->at) || *r->at == '*'))
        return false;
    while (r->at < r->end && (is_lower(*r->at) || is_digit(*r->at) || is_one_of(*r->at, "_-.*")))
        keep(r, *r->at++);
    *out = from;
    return keep_end(r, from, &length);
}

/* §4.2.4: at most 15 digits. A decimal's point is no end of it, so that the field is refused. */
static bool read_integer(struct reader *r, struct structured_value *out)
{
    enum { DIGITS_MOST = 15 };
    bool negative = takes(r, '-');
    int digits = 0;
    out->kind = STRUCTURED_INTEGER;
    for (out->integer = 0; r->at < r->end && is_digit(*r->at); r->at++) {
        if (++digits > DIGITS_MOST)
            return false;
        out->integer = out->integer * 10 + (*r->at - '0');
    }
    if (negative)
        out->integer = -out->integer;
    return digits;
}

/* §4.2.5 */
static bool read_string(struct reader *r, struct structured_value *out)
{
    out->kind = STRUCTURED_STRING;
    out->text = kept_from(r);
    for (r->at++; !sees(r, '"'); r->at++) {
        if (takes(r, '\\') && !sees(r, '"') && !sees(r, '\\'))
            return false;
        if (r->at == r->end || *r->at < 0x20 || *r->at > 0x7e)
            return false;
        keep(r, *r->at);
    }
    r->at++;
    return keep_end(r, out->text, &out->length);
}

/* §4.2.6 */
static bool read_token(struct reader *r, struct structured_value *out)
{
    out->kind = STRUCTURED_TOKEN;
    out->text = kept_from(r);
    while (r->at < r->end &&
           (is_alpha(*r->at) || is_digit(*r->at) || is_one_of(*r->at, "!#$%&'*+-.^_`|~:/")))
        keep(r, *r->at++);
    return keep_end(r, out->text, &out->length);
}

/* §4.2.7; libsodium takes canonical base 64 (RFC 4648 §4) alone, with its padding */
static bool read_bytes(struct reader *r, struct structured_value *out)
{
    struct reading *to = r->out;
    const char *from = ++r->at;
    size_t room = sizeof to->text - to->used;
    skip(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
    out->kind = STRUCTURED_BYTES;
    out->text = kept_from(r);
    if (!sees(r, ':') ||
        sodium_base642bin((unsigned char *)to->text + to->used, room, from, (size_t)(r->at - from),
                          NULL, &out->length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    r->at++;
    to->used += out->length;
    return keep_end(r, out->text, &out->length);
}

/* §4.2.8 */
static bool read_boolean(struct reader *r, struct structured_value *out)
{
    r->at++;
    out->kind = STRUCTURED_BOOLEAN;
    out->integer = sees(r, '1');
    return takes(r, '0') || takes(r, '1');
}

/* §4.2.3.1 */
static bool read_value(struct reader *r, struct structured_value *out)
{
    if (r->at == r->end)
        return false;
    if (*r->at == '"')
        return read_string(r, out);
    if (*r->at == ':')
        return read_bytes(r, out);
    if (*r->at == '?')
        return read_boolean(r, out);
    if (*r->at == '*' || is_alpha(*r->at))
        return read_token(r, out);
    return read_integer(r, out);
}

/* §4.2.3.2 */
static bool read_parameters(struct reader *r, struct structured_item *item)
{
    struct reading *to = r->out;
    item->parameters = to->parameters + to->parameter_count;
    while (takes(r, ';')) {
        struct structured_parameter next = {.value = {.kind = STRUCTURED_BOOLEAN, .integer = 1}};
        skip(r, " ");
        if (to->parameter_count == STRUCTURED_PARAMETERS || !read_key(r, &next.key) ||
            structured_parameter(item, next.key) || (takes(r, '=') && !read_value(r, &next.value)))
            return false;
        to->parameters[to->parameter_count++] = next;
        item->parameter_count++;
    }
    return true;
}

/* §4.2.1.2 */
static bool read_list(struct reader *r, struct structured_member *out)
{
    struct reading *to = r->out;
    out->item.value.kind = STRUCTURED_LIST;
    out->items = to->items + to->item_count;
    r->at++;
    for (skip(r, " "); !takes(r, ')'); skip(r, " ")) {
        struct structured_item *next = to->items + to->item_count;
        if (to->item_count == STRUCTURED_ITEMS || !read_value(r, &next->value) ||
            !read_parameters(r, next) || (!sees(r, ' ') && !sees(r, ')')))
            return false;
        to->item_count++;
        out->item_count++;
    }
    return read_parameters(r, &out->item);
}

static bool read_member(struct reader *r)
{
    struct structured_dictionary *to = &r->out->dictionary;
    struct structured_member next = {
        .item.value = {.kind = STRUCTURED_BOOLEAN, .integer = 1},
    };
    if (to->count == STRUCTURED_MEMBERS || !read_key(r, &next.key) ||
        structured_member(to, next.key))
        return false;
    bool ok = !takes(r, '=') ? read_parameters(r, &next.item)
              : sees(r, '(') ? read_list(r, &next)
                             : read_value(r, &next.item.value) && read_parameters(r, &next.item);
    if (ok)
        to->members[to->count++] = next;
    return ok;
}

/* §4.2.2 */
static bool read_dictionary(struct reader *r)
{
    skip(r, " ");
    while (r->at < r->end) {
        if (!read_member(r))
            return false;
        skip(r, " \t");
        if (r->at == r->end)
            return true;
        if (!takes(r, ','))
            return false;
        skip(r, " \t");
        if (r->at == r->end)
            return false;
    }
    return true;
}

struct structured_dictionary *structured_read(const char *text, size_t length)
{
    struct reading *out = length <= STRUCTURED_FIELD ? calloc(1, sizeof *out) : NULL;
    if (!out)
        return NULL;
    struct reader r = {.at = text, .end = text + length, .out = out};
    if (read_dictionary(&r))
        return &out->dictionary;
    free(out);
    return NULL;
}

void structured_free(struct structured_dictionary *dictionary)
{
    free(dictionary); /* the first part of a struct reading */
}

const struct structured_member *structured_member(const struct structured_dictionary *dictionary,
                                                  const char *key)
{
    for (size_t i = 0; i < dictionary->count; i++)
        if (strcmp(dictionary->members[i].key, key) == 0)
            return &dictionary->members[i];
    return NULL;
}

const struct structured_value *structured_parameter(const struct structured_item *item,
                                                    const char *key)
{
    for (size_t i = 0; i < item->parameter_count; i++)
        if (strcmp(item->parameters[i].key, key) == 0)
            return &item->parameters[i].value;
    return NULL;
}
