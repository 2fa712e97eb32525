/* Are these the keys the database was written with? See service_keys.h. */
#include "service_keys.h"

#include "base/log.h"
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

static bool identities_check(const struct settings *settings, const struct keys *keys, char *error,
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

/* The newest master is the one that makes; the first start with it records its check value. */
static bool master_check(const struct settings *settings, const struct keys *keys, char *error,
                         size_t error_size)
{
    int master = keys_newest_master(keys);
    struct digest own = {0};
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, "master");
    params_int2(&params, master);
    bool ok = keys_master_check(keys, master, &own);
    params_bytes(&params, own.bytes, DIGEST_BYTES);
    struct db *db = db_new(settings->database, DB_WRITER, "consultation-start");
    ok = ok && db && db_ready(db) == DB_OK &&
         db_run(db, STATEMENT_KEY_CHECK, &params, &rows) == DB_OK && row_bool(&rows, 0, 0);
    if (!ok)
        snprintf(error, error_size,
                 "master key %d in %s is not the one the database was written with", master,
                 settings->keys_folder);
    rows_clear(&rows);
    params_clear(&params);
    db_free(db);
    return ok;
}

bool service_keys_check(const struct settings *settings, const struct keys *keys, char *error,
                        size_t error_size)
{
    return identities_check(settings, keys, error, error_size) &&
           master_check(settings, keys, error, error_size);
}

enum { CONSULTATIONS_MOST = 256, WORDS = 256 };

/* True if there is nothing to do, or it was done. */
static bool identity_follow(const struct settings *settings, struct keys *keys,
                            const struct consultation *consultation, char *error, size_t error_size)
{
    return consultation->identity_destroyed || keys_identity_of(keys, consultation) ||
           keys_identity_add(keys, settings->keys_folder, consultation, error, error_size);
}

unsigned service_keys_follow(const struct settings *settings, struct keys *keys,
                             struct catalogue *catalogue, unsigned missing)
{
    struct consultation *all[CONSULTATIONS_MOST];
    char error[WORDS];
    unsigned left = 0, said = 0;
    size_t count = catalogue_all(catalogue, all, CONSULTATIONS_MOST);
    for (size_t i = 0; i < count; i++)
        left += !identity_follow(settings, keys, all[i], error, sizeof error);
    for (size_t i = 0; i < count && left != missing && said < left; i++) {
        if (identity_follow(settings, keys, all[i], error, sizeof error))
            continue;
        log_event(LOG_LEVEL_ERROR, "identity-key-missing", "consultation=%s %s", all[i]->slug,
                  error);
        said++;
    }
    if (left == 0 && missing > 0)
        log_event(LOG_LEVEL_INFO, "identity-keys-complete", "missing=0");
    for (size_t i = 0; i < count; i++)
        consultation_release(all[i]);
    return left;
}
