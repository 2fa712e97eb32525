#ifndef EXPORT_INSIDE_H
#define EXPORT_INSIDE_H

#include "export/export.h"
#include "export/sources.h"

#include <jansson.h>

/* What export.c, write.c and manifest.c share, and nobody else includes. */

struct export
{
    struct db *db;
    const struct export_terms *terms;
    struct consultation *consultation; /* one reference */
    struct word_query words;           /* the filter's text, where it is set */
    int64_t moment_us;                 /* of the snapshot, since 1970 UTC */
    int64_t expected;                  /* submissions, about */
    size_t written;                    /* files */
    enum export_result failed;         /* EXPORT_OK: not yet */
};

/* Name and value of each filter that is set. */
json_t *manifest_filters(const struct submission_filter *filter);
/* Name and value of what a workbook says of itself, as rows of about_table. */
bool manifest_rows(const struct export *export, row_taker *take, void *context);

#endif
