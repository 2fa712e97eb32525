/* XLSX by libxlsxwriter; see book.h. */
#include "export/book.h"

#include "base/spool.h"
#include "export/packing.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    NUMBER_BYTES = 45, /* of a cell's markup, about and rather more */
    TEXT_OVERHEAD = 85,
    PATH = 32,
    SHEET_NAME = 32,
    WIDTH = 14,
    TEXT_WIDTH = 60,
    BLOCK = 65536
};

struct sheet {
    const struct table *table;
    const char *name;
    bool (*leave_out)(const struct column *column);
    lxw_worksheet *worksheet;
    lxw_row_t row; /* the next one */
    int continued;
};

struct book {
    const struct spool *spool;
    int file; /* of the packed whole; has no name */
    lxw_workbook *writer;
    lxw_format *head, *text, *date, *time;
    struct buf scratch;
    int64_t bytes;
    int sheet_count;
    struct sheet sheets[SHEETS_MOST];
};

static bool formats(struct book *book)
{
    book->head = workbook_add_format(book->writer);
    book->text = workbook_add_format(book->writer);
    book->date = workbook_add_format(book->writer);
    book->time = workbook_add_format(book->writer);
    if (!book->head || !book->text || !book->date || !book->time)
        return false;
    format_set_bold(book->head);
    format_set_num_format(book->head, "@");
    format_set_num_format(book->text, "@");
    format_set_num_format(book->date, "yyyy-mm-dd");
    format_set_num_format(book->time, "yyyy-mm-dd hh:mm:ss");
    return true;
}

struct book *book_new(const struct spool *spool)
{
    struct book *book = calloc(1, sizeof *book);
    if (!book)
        return NULL;
    book->spool = spool;
    book->file = spool_open(spool->folder);
    if (book->file >= 0) {
        char path[PATH], folder[PATH_MAX];
        snprintf(path, sizeof path, "/proc/self/fd/%d", book->file);
        snprintf(folder, sizeof folder, "%s", spool->folder);
        /* A sheet may have more than 4 GiB before it is packed. */
        lxw_workbook_options options = {
            .constant_memory = LXW_TRUE, .tmpdir = folder, .use_zip64 = LXW_TRUE};
        book->writer = workbook_new_opt(path, &options);
    }
    if (book->writer && formats(book))
        return book;
    book_free(book);
    return NULL;
}

/* Excel reads _x0041_ as an A (ECMA-376, ST_Xstring), so such words get their first sign written in
 * that way; and XML has no U+FFFE and U+FFFF. */
static bool is_escape(const char *text, size_t length)
{
    if (length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return false;
    return strspn(text + 2, "0123456789abcdefABCDEF") >= 4;
}

static const char *spelt(struct book *book, const struct cell *cell)
{
    struct buf *out = &book->scratch;
    buf_reset(out);
    buf_add(out, cell->text, cell->length); /* ends in a NUL */
    if (!memmem(cell->text, cell->length, "_x", 2) &&
        !memmem(cell->text, cell->length, "\xef\xbf", 2))
        return buf_ok(out) ? out->data : NULL;
    buf_reset(out);
    for (size_t i = 0; i < cell->length; i++) {
        const char *at = cell->text + i;
        size_t left = cell->length - i;
        if (is_escape(at, left)) {
            buf_text(out, "_x005F_");
        } else if (left >= 3 &&
                   (!memcmp(at, "\xef\xbf\xbe", 3) || !memcmp(at, "\xef\xbf\xbf", 3))) {
            buf_text(out, at[2] == '\xbe' ? "_xFFFE_" : "_xFFFF_");
            i += 2;
        } else {
            buf_byte(out, *at);
        }
    }
    return buf_ok(out) ? out->data : NULL;
}

/* Days since 1899-12-30, as spreadsheets count them. */
static double serial(const struct cell *cell)
{
    static const double day_us = 86400e6, epoch = 25569;
    if (cell->kind == CELL_DATE)
        return (double)cell->number + epoch;
    const int64_t seconds = cell->number / 1000000;
    return (double)seconds * 1e6 / day_us + epoch;
}

static bool write_cell(struct book *book, const struct sheet *sheet, lxw_col_t column,
                       const struct cell *cell)
{
    const char *text = NULL;
    lxw_error error = LXW_NO_ERROR;
    lxw_format *format = cell->kind == CELL_DATE ? book->date : book->time;
    switch (cell->kind) {
    case CELL_ABSENT:
    case CELL_NULL:
        return true;
    case CELL_INTEGER:
        error = worksheet_write_number(sheet->worksheet, sheet->row, column, (double)cell->number,
                                       NULL);
        break;
    case CELL_BOOLEAN:
        error =
            worksheet_write_boolean(sheet->worksheet, sheet->row, column, cell->number != 0, NULL);
        break;
    case CELL_DATE:
    case CELL_TIME:
        error = worksheet_write_number(sheet->worksheet, sheet->row, column, serial(cell), format);
        break;
    case CELL_TEXT:
    case CELL_LIST:
        if (!cell->length)
            return true; /* a sheet knows no empty text */
        text = spelt(book, cell);
        error = text
                    ? worksheet_write_string(sheet->worksheet, sheet->row, column, text, book->text)
                    : LXW_ERROR_MEMORY_MALLOC_FAILED;
        break;
    }
    book->bytes += text ? TEXT_OVERHEAD + (int64_t)cell->length : NUMBER_BYTES;
    return error == LXW_NO_ERROR;
}

static bool is_left_out(const struct sheet *sheet, size_t column)
{
    return sheet->leave_out && sheet->leave_out(&sheet->table->columns[column]);
}

/* A worksheet with its head. */
static bool begin(struct book *book, struct sheet *sheet)
{
    char name[SHEET_NAME];
    if (sheet->continued)
        snprintf(name, sizeof name, "%s %d", sheet->name, sheet->continued + 1);
    else
        snprintf(name, sizeof name, "%s", sheet->name);
    sheet->continued++;
    sheet->worksheet = workbook_add_worksheet(book->writer, name);
    if (!sheet->worksheet)
        return false;
    worksheet_freeze_panes(sheet->worksheet, 1, 0);
    lxw_col_t column = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < sheet->table->count; i++) {
        if (is_left_out(sheet, i))
            continue;
        bool wide = i + 1 == sheet->table->count; /* words stand last */
        worksheet_set_column(sheet->worksheet, column, column, wide ? TEXT_WIDTH : WIDTH, NULL);
        ok = worksheet_write_string(sheet->worksheet, 0, column++, sheet->table->columns[i].name,
                                    book->head) == LXW_NO_ERROR;
    }
    sheet->row = 1;
    return ok;
}

int book_table(struct book *book, const char *name, const struct table *table,
               bool (*leave_out)(const struct column *column))
{
    if (book->sheet_count == SHEETS_MOST)
        return -1;
    struct sheet *sheet = &book->sheets[book->sheet_count];
    *sheet = (struct sheet){.table = table, .name = name, .leave_out = leave_out};
    return begin(book, sheet) ? book->sheet_count++ : -1;
}

/* What was written is said to the disk when it is too late to fail: so it is asked here. */
static bool written(const struct sheet *sheet)
{
    FILE *file = sheet->worksheet->optimize_tmpfile;
    return !file || !ferror(file);
}

bool book_row(struct book *book, int table, const struct cell *cells)
{
    struct sheet *sheet = &book->sheets[table];
    if (sheet->row >= book->spool->sheet_rows && !(written(sheet) && begin(book, sheet)))
        return false;
    lxw_col_t column = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < sheet->table->count; i++)
        if (!is_left_out(sheet, i))
            ok = write_cell(book, sheet, column++, &cells[i]);
    sheet->row++;
    return ok && written(sheet) && 3 * book->bytes <= book->spool->bytes_most;
}

/* Packing copies each sheet once and then packs it, and does not notice a disk that fills. */
static bool has_room(const struct book *book)
{
    struct statvfs status;
    return fstatvfs(book->file, &status) == 0 &&
           (int64_t)status.f_bavail * (int64_t)status.f_frsize > 2 * book->bytes;
}

static bool pass_on(int file, struct stream *stream)
{
    char block[BLOCK];
    off_t at = 0;
    ssize_t got;
    bool ok = true;
    while (ok && (got = pread(file, block, sizeof block, at)) > 0) {
        buf_add(&stream->buf, block, (size_t)got);
        at += got;
        ok = stream_pass(stream);
    }
    return ok && got == 0 && at > 0;
}

/* In the packing process. */
static bool pack(void *context)
{
    struct book *book = context;
    return workbook_close(book->writer) == LXW_NO_ERROR;
}

/* The whole, and what the sheets have so far. False: they are more than are ever made. */
static bool files_of(struct book *book, struct packing *packing)
{
    lxw_worksheet *sheet;
    packing->files[packing->file_count++] = book->file;
    STAILQ_FOREACH(sheet, book->writer->worksheets, list_pointers)
    {
        if (packing->file_count == PACKING_FILES_MOST || fflush(sheet->optimize_tmpfile) != 0)
            return false;
        packing->files[packing->file_count++] = fileno(sheet->optimize_tmpfile);
    }
    return true;
}

bool book_end(struct book *book, bool (*go_on)(void *context), void *context, struct stream *stream)
{
    struct packing packing = {.pack = pack, .book = book, .go_on = go_on, .context = context};
    bool ok = has_room(book) && files_of(book, &packing);
    for (int i = 0; i < book->sheet_count; i++)
        ok = written(&book->sheets[i]) && ok;
    return ok && packing_run(&packing) && pass_on(book->file, stream);
}

/* Of one that is not packed the library leaves the sheets' files open. */
static void throw_away(lxw_workbook *writer)
{
    lxw_worksheet *sheet;
    STAILQ_FOREACH(sheet, writer->worksheets, list_pointers)
    {
        if (sheet->optimize_tmpfile)
            fclose(sheet->optimize_tmpfile);
        sheet->optimize_tmpfile = NULL;
    }
    lxw_workbook_free(writer);
}

void book_free(struct book *book)
{
    if (!book)
        return;
    if (book->writer)
        throw_away(book->writer);
    if (book->file >= 0)
        close(book->file);
    buf_clear(&book->scratch);
    free(book);
}
