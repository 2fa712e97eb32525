/* The directory of a ZIP archive; see archive.h. */
#include "process/archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    END_BYTES = 22,
    ENTRY_BYTES = 46,
    COMMENT_MOST = 65535,
    DIRECTORY_MOST = 1 << 20,
    SMALL = 1 << 20,
    ENCRYPTED = 1
};

static uint32_t number(const unsigned char *at, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

static unsigned char *bytes_read(int file, off_t from, size_t length)
{
    unsigned char *bytes = malloc(length + 1);
    size_t have = 0;
    while (bytes && have < length) {
        ssize_t got = pread(file, bytes + have, length - have, from + (off_t)have);
        if (got <= 0) {
            free(bytes);
            return NULL;
        }
        have += (size_t)got;
    }
    return bytes;
}

/* What is added up over the entries. */
struct content {
    uint64_t packed, unpacked;
    bool docx, odt;
};

/* One entry; its length, 0 if it makes no sense. */
static size_t entry_read(const unsigned char *at, size_t left, struct content *content)
{
    if (left < ENTRY_BYTES || memcmp(at, "PK\1\2", 4) != 0 || (number(at + 8, 2) & ENCRYPTED))
        return 0;
    size_t name = number(at + 28, 2);
    size_t length = ENTRY_BYTES + name + number(at + 30, 2) + number(at + 32, 2);
    if (length > left)
        return 0;
    content->packed += number(at + 20, 4);
    content->unpacked += number(at + 24, 4);
    const char *text = (const char *)at + ENTRY_BYTES;
    content->docx |= name == 19 && memcmp(text, "[Content_Types].xml", name) == 0;
    content->odt |= name == 11 && memcmp(text, "content.xml", name) == 0;
    return length;
}

static enum problem_code entries_read(const unsigned char *directory, size_t length, size_t count,
                                      off_t size, enum archive_kind *kind)
{
    struct content content = {0};
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t entry = entry_read(directory + at, length - at, &content);
        if (!entry)
            return PROBLEM_DOCUMENT_UNREADABLE;
        at += entry;
    }
    if (at != length || content.packed > (uint64_t)size)
        return PROBLEM_DOCUMENT_UNREADABLE;
    if (content.unpacked > ARCHIVE_UNPACKED_MOST ||
        (content.unpacked > SMALL && content.unpacked / ARCHIVE_RATIO_MOST > content.packed))
        return PROBLEM_DOCUMENT_LARGE;
    if (content.docx == content.odt)
        return PROBLEM_DOCUMENT_TYPE;
    *kind = content.docx ? ARCHIVE_DOCX : ARCHIVE_ODT;
    return PROBLEM_NONE;
}

static enum problem_code directory_read(int file, off_t size, off_t end_at,
                                        const unsigned char *end, enum archive_kind *kind)
{
    size_t count = number(end + 10, 2), length = number(end + 12, 4), from = number(end + 16, 4);
    if (number(end + 4, 4) != 0 || number(end + 8, 2) != count || length > (size_t)end_at ||
        from + length != (size_t)end_at)
        return PROBLEM_DOCUMENT_UNREADABLE;
    if (count > ARCHIVE_ENTRIES_MOST || length > DIRECTORY_MOST)
        return PROBLEM_DOCUMENT_LARGE;
    unsigned char *directory = bytes_read(file, (off_t)from, length);
    if (!directory)
        return PROBLEM_INTERNAL;
    enum problem_code code = entries_read(directory, length, count, size, kind);
    free(directory);
    return code;
}

enum problem_code archive_look(int file, enum archive_kind *kind)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return PROBLEM_INTERNAL;
    if (about.st_size > ARCHIVE_BYTES_MOST)
        return PROBLEM_DOCUMENT_LARGE;
    if (about.st_size < END_BYTES)
        return PROBLEM_DOCUMENT_TYPE;
    size_t length = (size_t)about.st_size;
    if (length > END_BYTES + COMMENT_MOST)
        length = END_BYTES + COMMENT_MOST;
    off_t from = about.st_size - (off_t)length;
    unsigned char first[4] = {0};
    unsigned char *tail = bytes_read(file, from, length);
    if (!tail || pread(file, first, sizeof first, 0) != sizeof first) {
        free(tail);
        return PROBLEM_INTERNAL;
    }
    enum problem_code code =
        memcmp(first, "PK\3\4", 4) == 0 ? PROBLEM_DOCUMENT_UNREADABLE : PROBLEM_DOCUMENT_TYPE;
    /* The last place where an end record fits with its comment. */
    for (size_t at = length - END_BYTES + 1; at-- > 0 && code == PROBLEM_DOCUMENT_UNREADABLE;)
        if (memcmp(tail + at, "PK\5\6", 4) == 0 &&
            at + END_BYTES + number(tail + at + 20, 2) == length) {
            code = directory_read(file, about.st_size, from + (off_t)at, tail + at, kind);
            break;
        }
    free(tail);
    return code;
}
