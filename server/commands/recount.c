/* recount: the tallies against the submissions, and set right by them. */
#include "commands/recount.h"

#include "base/parse.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "domain/language.h"
#include "domain/submission.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    COLUMN_DAY,
    COLUMN_KIND,
    COLUMN_PROVEN,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_ORDINAL,
    COLUMN_CODE,
    COLUMN_FIGURE,
    COLUMN_STORED,
    COLUMN_RECOUNTED,
    COLUMN_REFUSAL
};

static void say_difference(const char *slug, const struct rows *rows, int row)
{
    char day[11], subject[32] = "submissions";
    format_date(row_date(rows, row, COLUMN_DAY), day);
    const char *code = row_text(rows, row, COLUMN_CODE);
    if (code)
        snprintf(subject, sizeof subject, "measure %s", code);
    else if (!row_is_null(rows, row, COLUMN_ORDINAL))
        snprintf(subject, sizeof subject, "no measure %d", (int)row_int(rows, row, COLUMN_ORDINAL));
    printf("%s: %s, %s, %s, %s, channel %d, %s, %s: %" PRId64 " in the tallies, %" PRId64
           " by the submissions\n",
           slug, day,
           row_int(rows, row, COLUMN_KIND) == KIND_ORGANISATION ? "organisations" : "individuals",
           row_bool(rows, row, COLUMN_PROVEN) ? "proven" : "declared",
           language_tag((enum language)row_int(rows, row, COLUMN_LANGUAGE)),
           (int)row_int(rows, row, COLUMN_CHANNEL), subject, row_text(rows, row, COLUMN_FIGURE),
           row_int(rows, row, COLUMN_STORED), row_int(rows, row, COLUMN_RECOUNTED));
}

enum db_status recount_consultation(struct db *db, int32_t consultation_id, const char *slug,
                                    size_t *differences)
{
    struct params params = {0};
    struct rows rows = {0}, size = {0};
    params_int4(&params, consultation_id);
    enum db_status status = db_run(db, STATEMENT_RECOUNT_DIFFERENCES, &params, &rows);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_RECOUNT_SIZE, &params, &size);
    if (status == DB_OK) {
        for (int row = 0; row < rows_count(&rows); row++)
            say_difference(slug, &rows, row);
        *differences = (size_t)rows_count(&rows);
        if (*differences == 0)
            printf("%s: the tallies agree with %" PRId64 " submissions\n", slug,
                   row_int(&size, 0, 0));
    }
    rows_clear(&size);
    rows_clear(&rows);
    params_clear(&params);
    return status;
}

/* Sets right and says what was wrong; *differences: what is still wrong. */
static enum db_status repair_consultation(struct db *db, int32_t consultation_id, const char *slug,
                                          size_t *differences)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, consultation_id);
    enum db_status status = db_run(db, STATEMENT_RECOUNT_REPAIR, &params, &rows);
    bool refused =
        status == DB_OK && rows_count(&rows) > 0 && !row_is_null(&rows, 0, COLUMN_REFUSAL);
    if (refused)
        fprintf(stderr, "consultation: the final release of %s has been made; nothing is changed\n",
                slug);
    for (int row = 0; status == DB_OK && !refused && row < rows_count(&rows); row++)
        say_difference(slug, &rows, row);
    if (status == DB_OK && !refused && rows_count(&rows) > 0)
        printf("%s: %d figures of the tallies set right\n", slug, rows_count(&rows));
    rows_clear(&rows);
    params_clear(&params);
    return status == DB_OK ? recount_consultation(db, consultation_id, slug, differences) : status;
}

/* Those named; all for NULL. */
static int recount_named(struct db *db, const char *slug, bool repair)
{
    struct params params = {0};
    struct rows rows = {0};
    size_t differences = 0, all = 0;
    params_text(&params, slug);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_CONSULTATION_NAMED, &params, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        status = (repair ? repair_consultation : recount_consultation)(
            db, (int32_t)row_int(&rows, row, 0), row_text(&rows, row, 1), &differences);
        all += differences;
    }
    if (status != DB_OK)
        fprintf(stderr, "consultation: the database could not be asked\n");
    else if (slug && rows_count(&rows) == 0)
        fprintf(stderr, "consultation: there is no consultation '%s'\n", slug);
    else if (all > 0)
        fprintf(stderr, "consultation: %zu figures differ\n", all);
    int result = status == DB_OK && all == 0 && (!slug || rows_count(&rows) == 1) ? 0 : 1;
    rows_clear(&rows);
    params_clear(&params);
    return result;
}

int command_recount(int argc, char **argv)
{
    bool repair = false;
    const struct option_row rows[] = {{.name = "--repair", .flag = &repair}};
    struct options options = {
        .usage = "recount [SLUG] [--repair]", .rows = rows, .row_count = 1, .words_most = 1};
    if (!options_read(&options, argc, argv))
        return 2;
    struct db *db = db_new(options.settings.database, DB_OWNER, "consultation-recount");
    int result = db ? recount_named(db, options.word_count ? options.words[0] : NULL, repair) : 1;
    db_free(db);
    return result;
}
