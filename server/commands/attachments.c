/* attachments: whether every file that a draft or a filing names is there and is what it is called;
 * with --sweep, what nobody names goes. */
#include "attachment/partial.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400, UPLOAD_SECONDS = DAY + 3600, MIB = 1048576 };

struct sweeping {
    struct db *db;
    bool failed;
};

static void say_file(const struct digest *digest, enum blob_verdict verdict)
{
    char hex[2 * DIGEST_BYTES + 1];
    digest_hex(digest, hex);
    printf("%s %s\n", hex, verdict == BLOB_MISSING ? "is missing" : "has been changed");
}

/* How many of them are not as they should be; -1: the database could not be asked. */
static int check_all(struct db *db, struct blobs *blobs)
{
    struct rows rows = {0};
    int faults = 0;
    if (db_run(db, STATEMENT_ATTACHMENT_ALL, NULL, &rows) != DB_OK)
        faults = -1;
    for (int row = 0; faults >= 0 && row < rows_count(&rows); row++) {
        struct digest digest;
        size_t length;
        memcpy(&digest, row_bytes(&rows, row, 0, &length), sizeof digest);
        enum blob_verdict verdict = blob_check(blobs, &digest);
        if (verdict != BLOB_WHOLE) {
            say_file(&digest, verdict);
            faults++;
        }
    }
    if (faults == 0)
        printf("%d attached files are there and whole\n", rows_count(&rows));
    else if (faults > 0)
        fprintf(stderr, "consultation: %d attached files are missing or changed\n", faults);
    rows_clear(&rows);
    return faults;
}

/* One about which nothing can be learnt stays. */
static bool is_named(void *context, const struct digest *digest)
{
    struct sweeping *sweeping = context;
    struct params params = {0};
    struct rows rows = {0};
    params_bytes(&params, digest->bytes, DIGEST_BYTES);
    bool ok = db_run(sweeping->db, STATEMENT_ATTACHMENT_IS_NAMED, &params, &rows) == DB_OK;
    bool named = !ok || row_bool(&rows, 0, 0);
    sweeping->failed |= !ok;
    rows_clear(&rows);
    params_clear(&params);
    return named;
}

static bool lies(struct blobs *blobs, const struct digest *digest)
{
    int file = blob_open(blobs, digest);
    if (file >= 0)
        close(file);
    return file >= 0;
}

/* What a sweep has taken away is nobody's bytes any more, and what it left is those of another
 * draft or filing that names it. */
static bool swept_say(struct sweeping *sweeping, struct blobs *blobs)
{
    struct rows rows = {0};
    bool ok = db_run(sweeping->db, STATEMENT_ATTACHMENT_LINGERING, NULL, &rows) == DB_OK;
    for (int row = 0; ok && row < rows_count(&rows); row++) {
        struct digest digest;
        struct params params = {0};
        size_t length;
        memcpy(&digest, row_bytes(&rows, row, 0, &length), sizeof digest);
        if (lies(blobs, &digest) && (!is_named(sweeping, &digest) || sweeping->failed))
            continue;
        params_bytes(&params, digest.bytes, DIGEST_BYTES);
        ok = db_run(sweeping->db, STATEMENT_ATTACHMENT_SWEPT, &params, NULL) == DB_OK;
        params_clear(&params);
    }
    rows_clear(&rows);
    return ok;
}

/* A row comes after its file, and an upload's last piece long before its day is over. */
static bool sweep(struct db *db, struct blobs *blobs)
{
    struct sweeping sweeping = {.db = db};
    long removed = blobs_sweep(blobs, DAY, is_named, &sweeping);
    partial_sweep(blobs, UPLOAD_SECONDS);
    if (removed >= 0)
        printf("%ld files that nobody names are removed\n", removed);
    return removed >= 0 && swept_say(&sweeping, blobs) && !sweeping.failed;
}

int command_attachments(int argc, char **argv)
{
    bool sweeps = false;
    char error[OPTIONS_ERROR] = "";
    const struct option_row rows[] = {{.name = "--sweep", .flag = &sweeps}};
    struct options options = {.usage = "attachments [--sweep]", .rows = rows, .row_count = 1};
    if (!options_read(&options, argc, argv))
        return 2;
    struct blobs *blobs =
        blobs_open(options.settings.attachments_folder,
                   (uint64_t)options.settings.attachments_reserve_mib * MIB, error, sizeof error);
    if (!blobs) {
        fprintf(stderr, "consultation: %s\n", error);
        return 1;
    }
    struct db *db = db_new(options.settings.database, DB_OWNER, "consultation-attachments");
    bool ready = db && db_ready(db) == DB_OK;
    int faults = ready ? check_all(db, blobs) : -1;
    if (faults < 0)
        fprintf(stderr, "consultation: the database could not be asked\n");
    bool swept = faults < 0 || !sweeps || sweep(db, blobs);
    db_free(db);
    blobs_close(blobs);
    return faults == 0 && swept ? 0 : 1;
}
