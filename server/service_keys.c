/* Are these the keys the database was written with? See service_keys.h. */
#include "service_keys.h"

#include "store/db.h"

#include <sodium.h>
#include <stdio.h>

static bool identity_fits(const struct keys *keys, const struct rows *rows, int row)
{
    const struct identity_key *key = keys_identity(keys, row_text(rows, row, 0));
    size_t length = 0;
    const void *check = row_bytes(rows, row, 1, &length);
    if (!key)
        return row_bool(rows, row, 2);
    struct digest own;
    keys_identity_check(key, &own);
    return check && length == DIGEST_BYTES && sodium_memcmp(check, own.bytes, DIGEST_BYTES) == 0;
}

bool service_keys_check(const struct settings *settings, const struct keys *keys, char *error,
                        size_t error_size)
{
    struct rows rows = {0};
    struct db *db = db_new(settings->database, DB_READER, "consultation-start");
    bool ok =
        db && db_ready(db) == DB_OK && db_run(db, STATEMENT_KEY_IDENTITIES, NULL, &rows) == DB_OK;
    if (!ok)
        snprintf(error, error_size, "the database cannot be reached, or is not migrated");
    for (int row = 0; ok && row < rows_count(&rows); row++) {
        ok = identity_fits(keys, &rows, row);
        if (!ok)
            snprintf(
                error, error_size,
                "the identity key of %s in %s is missing or not the one its rows were made with",
                row_text(&rows, row, 0), settings->keys_folder);
    }
    rows_clear(&rows);
    db_free(db);
    return ok;
}
