/* Rows as lines of JSON; see writers.h. */
#include "export/writers.h"

#include <jansson.h>
#include <string.h>

enum { DEPTH_MOST = 3 }; /* answers / 1-3 / stance */

static int add(const char *bytes, size_t length, void *context)
{
    buf_add(context, bytes, length);
    return 0;
}

static void string(struct buf *out, const char *text, size_t length)
{
    json_t *value = json_stringn_nocheck(text, length);
    if (!value || json_dump_callback(value, add, out, JSON_ENCODE_ANY | JSON_COMPACT))
        out->failed = true;
    json_decref(value);
}

static void list(struct buf *out, const char *text, size_t length)
{
    const char *end = text + length;
    buf_byte(out, '[');
    for (bool first = true; text < end; first = false) {
        const char *space = memchr(text, ' ', (size_t)(end - text));
        size_t code = (size_t)((space ? space : end) - text);
        if (!first)
            buf_byte(out, ',');
        string(out, text, code);
        text += code + (space != NULL);
    }
    buf_byte(out, ']');
}

static void value(struct buf *out, const struct cell *cell)
{
    char moment[CELL_TEXT_BYTES];
    switch (cell->kind) {
    case CELL_ABSENT:
    case CELL_NULL:
        buf_text(out, "null");
        return;
    case CELL_INTEGER:
        buf_format(out, "%lld", (long long)cell->number);
        return;
    case CELL_BOOLEAN:
        buf_text(out, cell->number ? "true" : "false");
        return;
    case CELL_DATE:
    case CELL_TIME:
        string(out, moment, cell_moment(cell, moment));
        return;
    case CELL_TEXT:
        string(out, cell->text, cell->length);
        return;
    case CELL_LIST:
        list(out, cell->text, cell->length);
        return;
    }
}

/* Where in the record we are: the objects that are open, as a beginning of the last path. */
struct place {
    struct buf *out;
    const char *path;
    size_t ends[DEPTH_MOST]; /* of each open object's part of it, with the slash */
    size_t depth;
    bool first; /* in the innermost */
};

static void name(struct place *place, const char *text, size_t length)
{
    if (!place->first)
        buf_byte(place->out, ',');
    string(place->out, text, length);
    buf_byte(place->out, ':');
    place->first = true;
}

/* Closes what the next path is not in. */
static void leave(struct place *place, const char *path)
{
    while (place->depth && strncmp(place->path, path, place->ends[place->depth - 1]) != 0) {
        place->depth--;
        place->first = false;
        buf_byte(place->out, '}');
    }
}

/* Opens the objects on the way, as deep as `most`; gives where the rest of the path begins. */
static size_t enter(struct place *place, const char *path, size_t most)
{
    size_t from = place->depth ? place->ends[place->depth - 1] : 0;
    for (size_t length; place->depth < most && path[from + (length = strcspn(path + from, "/"))];
         from += length + 1) {
        name(place, path + from, length);
        buf_byte(place->out, '{');
        place->ends[place->depth++] = from + length + 1;
    }
    place->path = path;
    return from;
}

void ndjson_row(struct stream *stream, const struct table *table, const struct cell *cells)
{
    struct place place = {.out = &stream->buf, .path = "", .first = true};
    buf_byte(place.out, '{');
    for (size_t i = 0; i < table->count; i++) {
        const char *path = table->columns[i].name;
        leave(&place, path);
        bool absent = cells[i].kind == CELL_ABSENT;
        size_t from = enter(&place, path, absent ? 1 : DEPTH_MOST);
        if (absent)
            continue;
        name(&place, path + from, strlen(path + from));
        value(place.out, &cells[i]);
        place.first = false;
    }
    leave(&place, "");
    buf_add(place.out, "}\n", 2);
}
