/* One file of an export: rows of the database, or of the codebook, to a writer; see export.h. */
#include "export/inside.h"
#include "export/writers.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRESS_EVERY = 100 };

struct writing {
    struct export *export;
    struct export_file *file;
    struct stream stream;
    struct book *workbook; /* NULL for the formats of lines */
    int main_table, remark_table, other_table;
    enum export_result result;
    struct table table, remarks, about, codebook;
    struct row row;
};

static bool fail(struct writing *writing, enum export_result result)
{
    writing->result = result;
    return false;
}

static bool tell(struct writing *writing)
{
    const struct export_terms *terms = writing->export->terms;
    if (!terms->progress || terms->progress(terms->context, writing->file, writing->file->rows,
                                            writing->export->expected))
        return true;
    return fail(writing, EXPORT_CANCELLED);
}

static bool pass(struct writing *writing)
{
    return stream_pass(&writing->stream) || fail(writing, EXPORT_REFUSED);
}

static bool take_remark(void *context, const struct cell *cells)
{
    struct writing *writing = context;
    writing->file->remarks++;
    return book_row(writing->workbook, writing->remark_table, cells) || fail(writing, EXPORT_SPOOL);
}

/* A row of the file's own table. */
static bool take_row(void *context, const struct cell *cells)
{
    struct writing *writing = context;
    writing->file->rows++;
    if (writing->file->rows % PROGRESS_EVERY == 0 && !tell(writing))
        return false;
    switch (writing->file->format) {
    case EXPORT_CSV:
        csv_row(&writing->stream, &writing->table, cells);
        return pass(writing);
    case EXPORT_NDJSON:
        ndjson_row(&writing->stream, &writing->table, cells);
        return pass(writing);
    case EXPORT_XLSX:
        if (!book_row(writing->workbook, writing->main_table, cells))
            return fail(writing, EXPORT_SPOOL);
        return writing->file->what != EXPORT_SUBMISSIONS ||
               remarks_rows(writing->export->consultation, cells, take_remark, writing);
    case EXPORT_FORMATS:
        break;
    }
    return false;
}

static bool looked(void *context)
{
    return tell(context);
}

static bool take_other(void *context, const struct cell *cells)
{
    struct writing *writing = context;
    return book_row(writing->workbook, writing->other_table, cells) || fail(writing, EXPORT_SPOOL);
}

static bool each_tally(void *context, const struct rows *rows)
{
    struct writing *writing = context;
    tallies_row(rows, &writing->row);
    return take_row(writing, writing->row.cells);
}

/* All rows of the file's own table. */
static bool rows_of(struct writing *writing)
{
    struct export *export = writing->export;
    const struct submission_filter *filter = &export->terms->filter;
    const struct submissions_wanted wanted = {.filter = filter,
                                              .words = &export->words,
                                              .take = take_row,
                                              .looked = looked,
                                              .context = writing};
    struct params params = {0};
    enum db_status status = DB_OK;
    switch (writing->file->what) {
    case EXPORT_SUBMISSIONS:
        status = submissions_read(export->db, export->consultation, &wanted);
        break;
    case EXPORT_TALLIES:
        tallies_params(export->consultation->id, filter, &params);
        status = db_stream(export->db, STATEMENT_EXPORT_TALLIES, &params, each_tally, writing);
        params_clear(&params);
        break;
    case EXPORT_CODEBOOK:
    case EXPORT_WHATS:
        return codebook_rows(export->consultation, take_row, writing);
    }
    if (status != DB_OK && writing->result == EXPORT_OK)
        writing->result = EXPORT_DATABASE;
    return writing->result == EXPORT_OK;
}

static void table_of(struct writing *writing)
{
    switch (writing->file->what) {
    case EXPORT_SUBMISSIONS:
        submissions_table(writing->export->consultation, &writing->table);
        return;
    case EXPORT_TALLIES:
        tallies_table(&writing->table);
        return;
    case EXPORT_CODEBOOK:
    case EXPORT_WHATS:
        codebook_table(&writing->table);
        return;
    }
}

/* A workbook's submissions leave their remarks to the sheets of remarks. */
static bool is_remark(const struct column *column)
{
    return column->about->type == TYPE_TEXT && !column->about->list &&
           strcmp(column->name, column->about->name) != 0;
}

static bool workbook_begin(struct writing *writing)
{
    static const char *const names[EXPORT_WHATS] = {[EXPORT_SUBMISSIONS] = "Submissions",
                                                    [EXPORT_TALLIES] = "Tallies",
                                                    [EXPORT_CODEBOOK] = "Codebook"};
    struct book *workbook = book_new(&writing->export->terms->spool);
    bool submissions = writing->file->what == EXPORT_SUBMISSIONS;
    writing->workbook = workbook;
    if (!workbook)
        return fail(writing, EXPORT_SPOOL);
    writing->main_table = book_table(workbook, names[writing->file->what], &writing->table,
                                     submissions ? is_remark : NULL);
    if (submissions) {
        remarks_table(&writing->remarks);
        writing->remark_table = book_table(workbook, "Remarks", &writing->remarks, NULL);
    }
    return (writing->main_table >= 0 && writing->remark_table >= 0) || fail(writing, EXPORT_SPOOL);
}

/* The codebook, and what the workbook is, on sheets of their own. */
static bool workbook_finish(struct writing *writing)
{
    struct book *workbook = writing->workbook;
    if (writing->file->what != EXPORT_CODEBOOK) {
        codebook_table(&writing->codebook);
        writing->other_table = book_table(workbook, "Codebook", &writing->codebook, NULL);
        if (writing->other_table < 0 ||
            !codebook_rows(writing->export->consultation, take_other, writing))
            return fail(writing, EXPORT_SPOOL);
    }
    about_table(&writing->about);
    writing->other_table = book_table(workbook, "About", &writing->about, NULL);
    if (writing->other_table < 0 || !manifest_rows(writing->export, take_other, writing))
        return fail(writing, EXPORT_SPOOL);
    if (!tell(writing))
        return false;
    if (book_end(workbook, looked, writing, &writing->stream))
        return true;
    return writing->result != EXPORT_OK ? false : fail(writing, EXPORT_SPOOL);
}

static bool file_begin(struct writing *writing)
{
    switch (writing->file->format) {
    case EXPORT_CSV:
        csv_head(&writing->stream, &writing->table);
        return true;
    case EXPORT_XLSX:
        return workbook_begin(writing);
    case EXPORT_NDJSON:
    case EXPORT_FORMATS:
        break;
    }
    return true;
}

enum export_result export_write(struct export *export, struct export_sink sink)
{
    struct writing *writing = calloc(1, sizeof *writing);
    if (!writing)
        return EXPORT_MEMORY;
    writing->export = export;
    writing->file = &export->terms->files[export->written];
    stream_begin(&writing->stream, sink);
    table_of(writing);
    bool ok = file_begin(writing) && tell(writing) && rows_of(writing) &&
              (!writing->workbook || workbook_finish(writing)) && tell(writing) &&
              (stream_end(&writing->stream) || fail(writing, EXPORT_REFUSED));
    enum export_result result = writing->result;
    writing->file->bytes = writing->stream.bytes;
    memcpy(writing->file->sha256, writing->stream.sha256, SHA256_TEXT);
    book_free(writing->workbook);
    stream_clear(&writing->stream);
    free(writing);
    if (!ok)
        export_fail(export, result);
    export->written += ok;
    return result;
}
