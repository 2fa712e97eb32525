/* What a file is; see media_type.h. */
#include "attachment/media_type.h"

#include <magic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD = 64 * 1024,
    TAIL = 65535 + 22, /* a ZIP archive's last record, with its longest comment (APPNOTE 4.3.16) */
    PDF_END = 1024     /* where %%EOF is looked for, as readers do (ISO 32000-1, annex H) */
};

static const struct {
    const char *name, *extensions;
} rows[MEDIA_TYPES] = {
    [MEDIA_PDF] = {"application/pdf", "pdf"},
    [MEDIA_PNG] = {"image/png", "png"},
    [MEDIA_JPEG] = {"image/jpeg", "jpg|jpeg"},
    [MEDIA_WEBP] = {"image/webp", "webp"},
};

struct media_types {
    pthread_mutex_t lock;
    magic_t magic;
};

const char *media_type_name(enum media_type type)
{
    return rows[type].name;
}

const char *media_type_extensions(enum media_type type)
{
    return rows[type].extensions;
}

enum media_type media_type_find(const char *name)
{
    for (int type = 0; type < MEDIA_TYPES; type++)
        if (strcmp(name, rows[type].name) == 0)
            return (enum media_type)type;
    return MEDIA_TYPES;
}

/* Only the tables of magic numbers: what libmagic does besides unpacks and guesses, and nothing of
 * ours needs that. */
struct media_types *media_types_new(char *error, size_t error_size)
{
    int flags = MAGIC_MIME_TYPE | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TEXT |
                MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_TOKENS |
                MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_JSON;
    struct media_types *types = calloc(1, sizeof *types);
    if (!types) {
        snprintf(error, error_size, "there is not enough memory");
        return NULL;
    }
    pthread_mutex_init(&types->lock, NULL);
    types->magic = magic_open(flags);
    if (types->magic && magic_load(types->magic, NULL) == 0)
        return types;
    snprintf(error, error_size, "libmagic has no tables: %s",
             types->magic ? magic_error(types->magic) : "no memory");
    media_types_free(types);
    return NULL;
}

void media_types_free(struct media_types *types)
{
    if (!types)
        return;
    if (types->magic)
        magic_close(types->magic);
    pthread_mutex_destroy(&types->lock);
    free(types);
}

static bool begins(const unsigned char *bytes, size_t length, const char *with, size_t size)
{
    return length >= size && memcmp(bytes, with, size) == 0;
}

/* From the first byte: libmagic looks for some of them further on, too. */
static bool head_is(enum media_type type, const unsigned char *head, size_t length)
{
    switch (type) {
    case MEDIA_PDF:
        return begins(head, length, "%PDF-", 5);
    case MEDIA_PNG:
        return begins(head, length, "\x89PNG\r\n\x1a\n", 8);
    case MEDIA_JPEG:
        return begins(head, length, "\xff\xd8\xff", 3);
    case MEDIA_WEBP:
        return begins(head, length, "RIFF", 4) && length >= 12 && memcmp(head + 8, "WEBP", 4) == 0;
    case MEDIA_TYPES:
        break;
    }
    return false;
}

static uint32_t little(const unsigned char *bytes, int count)
{
    uint32_t value = 0;
    for (int i = count; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

/* Where such a file ends; a JPEG may bring anything behind its end, and cameras do. */
static bool tail_is(enum media_type type, const unsigned char *head, const unsigned char *tail,
                    size_t length, uint64_t whole)
{
    static const char png_end[] = "IEND\xae\x42\x60\x82";
    size_t last = length < PDF_END ? length : PDF_END;
    switch (type) {
    case MEDIA_PDF:
        return memmem(tail + length - last, last, "%%EOF", 5) != NULL;
    case MEDIA_PNG:
        return length >= 8 && memcmp(tail + length - 8, png_end, 8) == 0;
    case MEDIA_JPEG:
        return true;
    case MEDIA_WEBP:
        return (uint64_t)little(head + 4, 4) + 8 == whole;
    case MEDIA_TYPES:
        break;
    }
    return false;
}

/* A ZIP archive is read from its end: whatever stands before it, an archiver opens it. */
static bool is_archive(const unsigned char *tail, size_t length)
{
    for (size_t at = 0; at + 22 <= length; at++)
        if (memcmp(tail + at, "PK\5\6", 4) == 0 && at + 22 + little(tail + at + 20, 2) == length)
            return true;
    return false;
}

static bool stretch_read(int file, uint64_t start, void *bytes, size_t length)
{
    for (size_t got = 0; got < length;) {
        ssize_t more = pread(file, (char *)bytes + got, length - got, (off_t)(start + got));
        if (more <= 0)
            return false;
        got += (size_t)more;
    }
    return true;
}

static enum media_type magic_of(struct media_types *types, const unsigned char *head, size_t length)
{
    pthread_mutex_lock(&types->lock);
    const char *name = magic_buffer(types->magic, head, length);
    enum media_type type = name ? media_type_find(name) : MEDIA_TYPES;
    pthread_mutex_unlock(&types->lock);
    return type;
}

enum media_type media_types_read(struct media_types *types, int file, uint64_t start,
                                 uint64_t length)
{
    size_t head_length = length < HEAD ? (size_t)length : HEAD;
    size_t tail_length = length < TAIL ? (size_t)length : TAIL;
    unsigned char *head = malloc(HEAD + TAIL), *tail = head ? head + HEAD : NULL;
    enum media_type type = MEDIA_TYPES;
    if (head && length && stretch_read(file, start, head, head_length) &&
        stretch_read(file, start + length - tail_length, tail, tail_length))
        type = magic_of(types, head, head_length);
    if (type != MEDIA_TYPES &&
        (!head_is(type, head, head_length) || !tail_is(type, head, tail, tail_length, length) ||
         is_archive(tail, tail_length)))
        type = MEDIA_TYPES;
    free(head);
    return type;
}
