#ifndef ATTACHMENT_MEDIA_TYPE_H
#define ATTACHMENT_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a file is, by its content and nothing else. */

enum media_type { MEDIA_PDF, MEDIA_PNG, MEDIA_JPEG, MEDIA_WEBP, MEDIA_TYPES };

const char *media_type_name(enum media_type type);       /* "application/pdf"; static */
const char *media_type_extensions(enum media_type type); /* "jpg|jpeg", the usual one first */
enum media_type media_type_find(const char *name);       /* MEDIA_TYPES: none of ours */

/* libmagic with its tables. It is not thread-safe, so it has a lock. */
struct media_types;
struct media_types *media_types_new(char *error, size_t error_size); /* NULL with a sentence */
void media_types_free(struct media_types *types);                    /* NULL is nothing */

/* The type of a stretch of a file. MEDIA_TYPES: none that is taken, which is also one that begins
 * like one of ours only after other bytes, ends where no such file ends, or is a ZIP archive as
 * well (its directory stands at the end). `file` is read by position. Any thread; blocks on the
 * file. */
enum media_type media_types_read(struct media_types *types, int file, uint64_t start,
                                 uint64_t length);

#endif
