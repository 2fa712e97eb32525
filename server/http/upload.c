/* Bodies that lie in a file; see upload.h. */
#include "http/upload.h"

#include "base/parse.h"
#include "http/multipart.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WINDOW = 64 * 1024, /* bytes that are looked at at once */
    MEMORY = (UPLOAD_FIELDS_MOST + UPLOAD_FILES_MOST) * (UPLOAD_HEAD_MOST + UPLOAD_VALUE_MOST)
};

struct reading {
    struct upload *upload;
    struct form *form;
    size_t used; /* of form->memory */
    size_t around;
    char delimiter[MULTIPART_DELIMITER];
    char window[WINDOW];
};

int64_t upload_read(const struct upload *upload, uint64_t from, void *bytes, size_t most)
{
    size_t got = 0;
    if (from >= upload->length)
        return 0;
    if (most > upload->length - from)
        most = (size_t)(upload->length - from);
    while (got < most) {
        ssize_t more =
            pread(upload->file, (char *)bytes + got, most - got, (off_t)(from + (uint64_t)got));
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return -1;
        got += (size_t)more;
    }
    return (int64_t)got;
}

/* Where the next delimiter begins; -1: there is none. Two windows overlap by one delimiter. */
static int64_t delimiter_next(struct reading *reading, uint64_t from)
{
    for (;;) {
        int64_t got = upload_read(reading->upload, from, reading->window, WINDOW);
        if (got < (int64_t)reading->around)
            return -1;
        const char *found =
            memmem(reading->window, (size_t)got, reading->delimiter, reading->around);
        if (found)
            return (int64_t)from + (found - reading->window);
        from += (uint64_t)got - reading->around + 1;
    }
}

/* A copy in the form's memory, with a NUL. */
static char *text_keep(struct reading *reading, const char *bytes, size_t length)
{
    struct form *form = reading->form;
    if (memchr(bytes, '\0', length) || !parse_utf8(bytes, length) ||
        length >= form->memory_size - reading->used)
        return NULL;
    char *text = form->memory + reading->used;
    memcpy(text, bytes, length);
    text[length] = '\0';
    reading->used += length + 1;
    return text;
}

/* The value of a field that is no file. */
static bool field_take(struct reading *reading, const char *name, uint64_t start, uint64_t length)
{
    struct form *form = reading->form;
    if (length > UPLOAD_VALUE_MOST || form->count == UPLOAD_FIELDS_MOST ||
        upload_read(reading->upload, start, reading->window, (size_t)length) != (int64_t)length)
        return false;
    char *value = text_keep(reading, reading->window, (size_t)length);
    if (!value)
        return false;
    form->fields[form->count++] = (struct field){.name = name, .value = value};
    return true;
}

static bool file_take(struct reading *reading, const char *field, const char *name, uint64_t start,
                      uint64_t length)
{
    struct upload *upload = reading->upload;
    if (!*name && length == 0)
        return true;
    if (upload->count == UPLOAD_FILES_MOST)
        return false;
    upload->files[upload->count++] =
        (struct upload_file){.field = field, .name = name, .start = start, .length = length};
    return true;
}

/* The part whose headers begin at *at, and where the delimiter behind it begins. */
static bool part_take(struct reading *reading, uint64_t *at)
{
    char head[UPLOAD_HEAD_MOST];
    int64_t got = upload_read(reading->upload, *at, head, sizeof head);
    char *blank = got > 0 ? memmem(head, (size_t)got, "\r\n\r\n", 4) : NULL;
    if (!blank)
        return false;
    char *headers = text_keep(reading, head, (size_t)(blank - head));
    uint64_t start = *at + (uint64_t)(blank - head) + 4;
    int64_t next = delimiter_next(reading, start);
    struct multipart_names names;
    if (!headers || next < 0 || !multipart_names_read(headers, &names))
        return false;
    uint64_t length = (uint64_t)next - start;
    *at = (uint64_t)next;
    return names.file ? file_take(reading, names.field, names.file, start, length)
                      : field_take(reading, names.field, start, length);
}

static bool parts_read(struct reading *reading)
{
    char mark[MULTIPART_DELIMITER];
    size_t around = reading->around;
    /* The first delimiter has no line before it. */
    if (upload_read(reading->upload, 0, mark, around - 2) != (int64_t)around - 2 ||
        memcmp(mark, reading->delimiter + 2, around - 2) != 0)
        return false;
    for (uint64_t at = around - 2;; at += around) {
        if (upload_read(reading->upload, at, mark, 2) != 2)
            return false;
        if (memcmp(mark, "--", 2) == 0)
            return true;
        at += 2;
        if (memcmp(mark, "\r\n", 2) != 0 || !part_take(reading, &at))
            return false;
    }
}

bool upload_read_form(const char *content_type, struct upload *upload, struct form *form)
{
    struct reading *reading = calloc(1, sizeof *reading);
    *form = (struct form){.memory_size = MEMORY};
    form->fields = calloc(UPLOAD_FIELDS_MOST, sizeof *form->fields);
    form->memory = malloc(MEMORY);
    upload->count = 0;
    bool ok = reading && form->fields && form->memory && content_type &&
              multipart_delimiter(content_type, reading->delimiter);
    if (ok) {
        reading->upload = upload;
        reading->form = form;
        reading->around = strlen(reading->delimiter);
        memset(form->memory, 0, MEMORY);
        ok = parts_read(reading);
    }
    free(reading);
    if (!ok) {
        form_clear(form);
        upload->count = 0;
    }
    return ok;
}
