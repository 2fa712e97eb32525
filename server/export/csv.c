/* Rows as CSV; see writers.h. */
#include "export/writers.h"
#include "represent/writer.h"

#include <string.h>

void csv_head(struct stream *stream, const struct table *table)
{
    buf_text(&stream->buf, "\xef\xbb\xbf");
    for (size_t i = 0; i < table->count; i++) {
        if (i)
            buf_byte(&stream->buf, ',');
        csv_field(&stream->buf, table->columns[i].name, strlen(table->columns[i].name));
    }
    buf_text(&stream->buf, "\r\n");
}

static void integer(struct buf *out, int64_t number)
{
    if (number >= 0 && number < 10)
        buf_byte(out, (char)('0' + number)); /* most are: stances, versions */
    else
        buf_format(out, "%lld", (long long)number);
}

static void field(struct buf *out, const struct cell *cell)
{
    char moment[CELL_TEXT_BYTES];
    switch (cell->kind) {
    case CELL_ABSENT:
    case CELL_NULL:
        return;
    case CELL_INTEGER:
        integer(out, cell->number);
        return;
    case CELL_BOOLEAN:
        buf_text(out, cell->number ? "true" : "false");
        return;
    case CELL_DATE:
    case CELL_TIME:
        buf_add(out, moment, cell_moment(cell, moment));
        return;
    case CELL_TEXT:
        csv_field(out, cell->text, cell->length);
        return;
    case CELL_LIST:
        buf_add(out, cell->text, cell->length);
        return;
    }
}

void csv_row(struct stream *stream, const struct table *table, const struct cell *cells)
{
    struct buf *out = &stream->buf;
    for (size_t i = 0; i < table->count; i++) {
        if (i)
            buf_byte(out, ',');
        field(out, &cells[i]);
    }
    buf_add(out, "\r\n", 2);
}
