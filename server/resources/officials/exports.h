#ifndef RESOURCES_OFFICIALS_EXPORTS_H
#define RESOURCES_OFFICIALS_EXPORTS_H

#include "export/export.h"
#include "http/request.h"

/* Files that officials ask for, on threads of their own with the exporter's rights, so that a long
 * one keeps nobody waiting at the desk. CSV and NDJSON go out while they are read. A workbook is
 * made first, in nameless files of the spool folder, and fetched then. What is known of each lies
 * in this process's memory and ends with it: a restart forgets unfinished and unfetched ones, and
 * leaves no file. All is bounded: how many at once, how many workbooks lie there, for how long, and
 * how much room they take; and an official never has all the places. What is under way ends within
 * seconds when whoever asked for it has no right to it any more. Any thread; outcomes that say so
 * set a reply on the request. */
struct exports;

enum {
    EXPORT_ID = 20,           /* letters of an export's id, random */
    EXPORT_LISTED = 10,       /* of an official's in a list */
    EXPORT_WORKBOOKS = 6,     /* made, waiting to be made or waiting to be fetched, in all */
    EXPORT_WORKBOOKS_OWN = 3, /* of them one official's */
    EXPORT_KEPT_MINUTES = 30  /* a workbook that nobody fetches; and what is known of an export */
};

enum export_state {
    EXPORT_WAITS,   /* for the one that is being made */
    EXPORT_RUNS,    /* is made, or sent */
    EXPORT_READY,   /* a workbook that can be fetched */
    EXPORT_DONE,    /* sent whole; of a workbook nothing is left but what is known of it */
    EXPORT_EXPIRED, /* nobody fetched it */
    EXPORT_FAILED   /* see its result */
};

/* What somebody asks for, and who. */
struct export_order {
    char slug[SLUG_MOST + 1];
    int32_t consultation_id;
    enum export_what what;
    enum export_format format;
    struct submission_filter filter;
    int32_t official_id;
    char network[NETWORK_TEXT];
    char token[UUID_TEXT + 1]; /* "": by a session */
    struct digest session;     /* that it goes out to, and which it ends with; zeros: none */
};

/* Of whoever makes the request; `what` and `format` are left to the caller. */
void export_order_of(const struct request *request, const struct consultation *consultation,
                     const struct submission_filter *filter, struct export_order *out);

/* One as its official sees it; a copy. */
struct export_view {
    char id[EXPORT_ID + 1];
    enum export_state state;
    enum export_result result;
    struct export_order order;
    struct export_file file; /* rows, bytes and digest once it is whole */
    int64_t rows, about;     /* so far, and of how many if nothing is filtered */
    int64_t started_us;      /* UTC */
    bool ending;             /* somebody broke it off, and it lets go of what it has */
};

struct exports_options {
    const char *conninfo;
    const char *spool_folder;
    int64_t spool_bytes; /* of the files of the workbook being made; and of those to be fetched */
    int streams;         /* CSV, NDJSON and fetched workbooks going out at once; one official's are
                            one fewer, where there are several */
    const struct clock *clock;
};

/* Options are borrowed. NULL: no memory or thread. */
struct exports *exports_start(const struct exports_options *options);
/* Breaks off all that runs and joins; every request that was handed over is finished. NULL is
 * nothing. */
void exports_stop(struct exports *exports);
void exports_free(struct exports *exports);

/* Hands the request over, to be answered with the file: PROBLEM_NONE. Else why not, and the request
 * is still the caller's: PROBLEM_EXPORTS_BUSY, no place is free; PROBLEM_EXPORTS_OWN, this official
 * has theirs. */
enum problem_code exports_send(struct exports *exports, struct request *request,
                               const struct export_order *order);

/* A workbook; the same. */
enum problem_code exports_make(struct exports *exports, const struct export_order *order,
                               char id[EXPORT_ID + 1]);

/* Hands the request over, to be answered with the workbook, which is removed once it was sent
 * whole. The same, or PROBLEM_NOT_FOUND. */
enum problem_code exports_fetch(struct exports *exports, struct request *request, const char *id);

/* Breaks off what waits or runs, and throws away what is ready. */
void exports_cancel(struct exports *exports, const char *id);

/* False: there is none such of this official on this consultation. */
bool exports_find(struct exports *exports, const char *id, const struct official *official,
                  struct export_view *out);
/* The newest first. */
size_t exports_list(struct exports *exports, const struct official *official,
                    struct export_view out[EXPORT_LISTED]);
/* Caller frees; NULL: it is not whole. */
char *exports_manifest(struct exports *exports, const char *id);

/* Now and then: forgets what is over. */
void exports_sweep(struct exports *exports);

#endif
