#ifndef BASE_STRUCTURED_FIELD_H
#define BASE_STRUCTURED_FIELD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Structured Fields (RFC 9651, before it RFC 8941): as much of them as Signature-Input, Signature
 * and Content-Digest need, which are dictionaries. Read strictly: a key that comes twice is refused
 * (the RFC lets the last one win, so that two readers could differ), base 64 must be canonical, and
 * decimals, dates and display strings, which no field of ours has, are refused with the whole
 * field. Pure functions. */

enum {
    STRUCTURED_FIELD = 8192, /* bytes */
    STRUCTURED_MEMBERS = 16,
    STRUCTURED_ITEMS = 64,       /* of all inner lists together */
    STRUCTURED_PARAMETERS = 128, /* of all members and items together */
};

enum structured_kind {
    STRUCTURED_INTEGER,
    STRUCTURED_BOOLEAN,
    STRUCTURED_STRING,
    STRUCTURED_TOKEN,
    STRUCTURED_BYTES,
    STRUCTURED_LIST, /* only a member's */
};

struct structured_value {
    enum structured_kind kind;
    int64_t integer;  /* a boolean's too */
    const char *text; /* of strings, tokens and bytes; ends in a NUL that `length` does not count */
    size_t length;
};

struct structured_parameter {
    const char *key;
    struct structured_value value;
};

struct structured_item {
    struct structured_value value;
    const struct structured_parameter *parameters;
    size_t parameter_count;
};

struct structured_member {
    const char *key;
    struct structured_item item;         /* a list's parameters are here as well */
    const struct structured_item *items; /* of an inner list */
    size_t item_count;
};

struct structured_dictionary {
    size_t count;
    struct structured_member members[STRUCTURED_MEMBERS];
};

/* A field's value, its lines joined by ", ". NULL: it is no dictionary, is longer or has more parts
 * than the bounds above, or memory ran out. All texts live as long as the dictionary, which the
 * caller gives to structured_free. */
struct structured_dictionary *structured_read(const char *text, size_t length);
void structured_free(struct structured_dictionary *dictionary); /* takes NULL */

/* NULL if there is none. */
const struct structured_member *structured_member(const struct structured_dictionary *dictionary,
                                                  const char *key);
const struct structured_value *structured_parameter(const struct structured_item *item,
                                                    const char *key);

/* The one way to write it (RFC 9651 §4.1): an item, or a member that is an inner list without its
 * key, each with its parameters. */
void structured_write_item(struct buf *out, const struct structured_item *item);
void structured_write_list(struct buf *out, const struct structured_member *list);

#endif
