/* audit verify: the chain of the record of who did what. */
#include "commands/commands.h"
#include "commands/options.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int say_chain(const struct rows *faults, const struct rows *length)
{
    for (int row = 0; row < rows_count(faults); row++)
        printf("row %" PRId64 " at %" PRId64 ": %s\n", row_int(faults, row, 1),
               row_int(faults, row, 0), row_text(faults, row, 2));
    if (rows_count(faults) > 0) {
        fprintf(stderr, "consultation: the chain is broken\n");
        return 1;
    }
    printf("the chain of %" PRId64 " rows is whole, %" PRId64 " wait to be sealed\n",
           row_int(length, 0, 0), row_int(length, 0, 1));
    return 0;
}

static int verify(struct db *db)
{
    struct rows faults = {0}, length = {0};
    int result = 1;
    if (db_ready(db) == DB_OK && db_run(db, STATEMENT_AUDIT_SEAL, NULL, NULL) == DB_OK &&
        db_run(db, STATEMENT_AUDIT_VERIFY, NULL, &faults) == DB_OK &&
        db_run(db, STATEMENT_AUDIT_LENGTH, NULL, &length) == DB_OK)
        result = say_chain(&faults, &length);
    else
        fprintf(stderr, "consultation: the database could not be asked\n");
    rows_clear(&length);
    rows_clear(&faults);
    return result;
}

int command_audit(int argc, char **argv)
{
    struct options options = {.usage = "audit verify", .words_least = 1, .words_most = 1};
    if (!options_read(&options, argc, argv))
        return 2;
    if (strcmp(options.words[0], "verify") != 0) {
        fprintf(stderr, "consultation: '%s' was not expected\nusage: consultation %s\n",
                options.words[0], options.usage);
        return 2;
    }
    struct db *db = db_new(options.settings.database, DB_OWNER, "consultation-audit");
    int result = db ? verify(db) : 1;
    db_free(db);
    return result;
}
