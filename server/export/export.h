#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "domain/filter.h"
#include "export/book.h"
#include "export/stream.h"
#include "store/db.h"

/* Officials' exact figures and submissions as files: streamed in constant memory, several of them
 * of one snapshot. For the command, and for a worker thread that answers a request: confined to one
 * thread, which every call may block.
 *
 *   export_open    writes each file down in the record of who did what, and takes the snapshot
 *   export_write   one file after the other, in the order given
 *   export_manifest  what they are, with their digests
 *   export_close   writes down that they are whole, or how far they came
 *
 * What was searched for is not written down: it may be somebody's name, and the record is for ever.
 */

enum export_what { EXPORT_SUBMISSIONS, EXPORT_TALLIES, EXPORT_CODEBOOK, EXPORT_WHATS };
enum export_format { EXPORT_CSV, EXPORT_NDJSON, EXPORT_XLSX, EXPORT_FORMATS };

enum export_result {
    EXPORT_OK,
    EXPORT_UNKNOWN_CONSULTATION,
    EXPORT_UNKNOWN_MEASURE, /* the filter's */
    EXPORT_WORDS,           /* the filter's text has nothing that could be looked for */
    EXPORT_UNFILTERED,      /* what is to be filtered does not have that: tallies by state, stance,
                               moderation or text; a codebook is never filtered and takes any */
    EXPORT_DATABASE,        /* could not be asked, or broke off */
    EXPORT_SPOOL,           /* the spool is full or cannot be written */
    EXPORT_REFUSED,         /* by the sink */
    EXPORT_CANCELLED,       /* by the progress */
    EXPORT_BARRED,          /* the same, because whoever asked for it may not have it any more */
    EXPORT_MEMORY
};

enum { EXPORT_FILE_NAME = 32, EXPORT_FILES_MOST = 8 };

struct export_file {
    enum export_what what;
    enum export_format format;
    /* filled when it is whole */
    int64_t rows;    /* of the table; a workbook's remarks and codebook are not counted here */
    int64_t remarks; /* rows of a workbook's sheets of remarks */
    int64_t bytes;
    char sha256[SHA256_TEXT];
};

/* On whose behalf; the texts are borrowed. */
struct export_by {
    int32_t official_id;
    const char *network; /* where from, as the record has it */
    const char *token;   /* id of the token that was shown; "": a session */
};

struct export_terms {
    const char *slug;
    const struct export_by *by; /* NULL: whoever may run the command */
    struct submission_filter filter;
    struct spool spool;        /* of workbooks */
    struct export_file *files; /* the caller's; filled */
    size_t file_count;
    /* Called now and then with the rows written of the present file and about how many there are in
     * all without the filter; false cancels. May be NULL. */
    bool (*progress)(void *context, const struct export_file *file, int64_t rows, int64_t about);
    void *context;
};

struct export;

/* `terms` and `db`, an exporter's that no one else uses meanwhile, are borrowed until export_close.
 * *out is NULL unless EXPORT_OK. */
enum export_result export_open(struct db *db, const struct export_terms *terms,
                               struct export **out);
/* The next file. After anything but EXPORT_OK only export_close may follow. */
enum export_result export_write(struct export *export, struct export_sink sink);
/* The files written, as JSON with digests, rows, filters, the snapshot's moment and the software's
 * version. Caller frees; NULL: no memory. */
char *export_manifest(const struct export *export);
/* What comes after export_write failed as well, although nothing in here did: the taker has left.
 */
void export_fail(struct export *export, enum export_result result);
/* Ends and frees; NULL is let pass. EXPORT_OK: all files were written, and that is written down. */
enum export_result export_close(struct export *export);

/* Why, in a word of the record: "database"; static. */
const char *export_result_name(enum export_result result);

const char *export_what_name(enum export_what what);       /* "submissions"; static */
const char *export_format_name(enum export_format format); /* "csv"; static */
enum export_what export_what_find(const char *name);       /* EXPORT_WHATS: none such */
enum export_format export_format_find(const char *name);   /* EXPORT_FORMATS: none such */
/* Whether what is set of the filter is something that can be asked of it; see EXPORT_UNFILTERED. */
bool export_is_filtered(enum export_what what, const struct submission_filter *filter);
/* "submissions.csv" */
void export_file_name(const struct export_file *file, char name[EXPORT_FILE_NAME]);

#endif
