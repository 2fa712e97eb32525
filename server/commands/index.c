/* index: the search index of remarks, at once instead of behind a server's other work; after many
 * submissions were loaded, or the way in which words are told apart has changed. */
#include "commands/commands.h"
#include "commands/options.h"
#include "publish/remark_index.h"

#include <stdio.h>

enum { INDEX_MOST = 1000 };

static enum db_status index_consultation(struct db *db, int32_t consultation_id, const char *slug)
{
    size_t made = 0, all = 0;
    enum db_status status = remark_index_claim(db, consultation_id);
    while (status == DB_OK) {
        status = remark_index_step(db, consultation_id, INDEX_MOST, &made);
        all += made;
        if (made == 0)
            break;
    }
    if (status == DB_OK)
        printf("%s: %zu remarks indexed\n", slug, all);
    return status;
}

static int index_all(struct db *db)
{
    struct params params = {0};
    struct rows rows = {0};
    params_null(&params);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_CONSULTATION_NAMED, &params, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++)
        status = index_consultation(db, (int32_t)row_int(&rows, row, 0), row_text(&rows, row, 1));
    if (status == DB_OK)
        status = remark_index_tidy(db);
    if (status != DB_OK)
        fprintf(stderr, "consultation: the database could not be asked\n");
    rows_clear(&rows);
    params_clear(&params);
    return status == DB_OK ? 0 : 1;
}

int command_index(int argc, char **argv)
{
    struct options options = {.usage = "index"};
    if (!options_read(&options, argc, argv))
        return 2;
    struct db *db = db_new(options.settings.database, DB_OWNER, "consultation-index");
    int result = db ? index_all(db) : 1;
    db_free(db);
    return result;
}
