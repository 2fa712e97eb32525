#ifndef EXPORT_BOOK_H
#define EXPORT_BOOK_H

#include "export/stream.h"
#include "export/table.h"

/* An XLSX of several tables, in constant memory: what is written lies in files of the spool folder
 * that never have a name there (or lose it at once), so that nothing is left of them, whatever ends
 * the process. Texts are cells of type text and of format Text: no spreadsheet calculates them, nor
 * when they are edited. Confined to one thread. */
struct book;

enum { SHEETS_MOST = 5, SHEET_ROWS = 1048576 /* with the head; all that a sheet can have */ };

struct spool {
    const char *folder;
    int64_t bytes_most;  /* of all its files together; about, and rather more than less */
    uint32_t sheet_rows; /* SHEET_ROWS, or fewer for tests */
};

/* NULL: the folder takes no file, or no memory. `spool` is borrowed. */
struct book *book_new(const struct spool *spool);

/* A table more: its sheet. A table of more rows than a sheet has goes on in "Name 2" and so on. The
 * table is borrowed; where `leave_out` is not NULL, columns described by it are not written. Gives
 * the table's number, or -1. */
int book_table(struct book *book, const char *name, const struct table *table,
               bool (*leave_out)(const struct column *column));
/* False: the spool is full, or could not be written. */
bool book_row(struct book *book, int table, const struct cell *cells);

/* Packs it, and passes it on. `go_on` is asked several times a second meanwhile; when it says no,
 * packing ends at once. False: not whole. No row may follow. */
bool book_end(struct book *book, bool (*go_on)(void *context), void *context,
              struct stream *stream);
void book_free(struct book *book);

#endif
