/* keys: makes what is missing in the keys' folder; renews, or destroys a consultation's identity
 * key. */
#include "domain/keys.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "store/db.h"

#include <stdio.h>

struct keys_wishes {
    bool new_receipt, new_master;
    const char *destroy; /* slug of a consultation */
};

/* The fingerprint stays in the database, so that everybody can see which key is gone. */
static bool destruction_record(const struct settings *settings, const char *slug,
                               const struct digest *fingerprint)
{
    struct db *db = db_new(settings->database, DB_OWNER, "consultation-keys");
    struct params params = {0};
    params_text(&params, slug);
    params_bytes(&params, fingerprint->bytes, DIGEST_BYTES);
    bool ok = db && db_ready(db) == DB_OK &&
              db_run(db, STATEMENT_KEY_IDENTITY_DESTROYED, &params, NULL) == DB_OK;
    params_clear(&params);
    db_free(db);
    return ok;
}

/* Recorded first: a record without its deed can be made good by another try, a deed without its
 * record cannot. */
static bool identity_destroy(const struct settings *settings, const char *slug, char *error)
{
    struct keys *keys = keys_load(settings->keys_folder, error, OPTIONS_ERROR);
    if (!keys)
        return false;
    const struct identity_key *key = keys_identity(keys, slug);
    struct digest fingerprint;
    bool ok = key != NULL;
    if (!ok)
        snprintf(error, OPTIONS_ERROR, "there is no identity key of '%s'", slug);
    if (ok) {
        keys_identity_check(key, &fingerprint);
        ok = destruction_record(settings, slug, &fingerprint);
        if (!ok)
            snprintf(error, OPTIONS_ERROR,
                     "the destruction could not be recorded (only after the final release)");
    }
    keys_free(keys);
    return ok && keys_destroy_identity(settings->keys_folder, slug, error, OPTIONS_ERROR);
}

static bool keys_wish(const struct settings *settings, const struct keys_wishes *wishes,
                      char *error)
{
    const char *folder = settings->keys_folder;
    if (wishes->destroy)
        return identity_destroy(settings, wishes->destroy, error);
    if (!keys_make_base(folder, error, OPTIONS_ERROR))
        return false;
    if (wishes->new_receipt && !keys_make_receipt(folder, error, OPTIONS_ERROR))
        return false;
    return !wishes->new_master || keys_make_master(folder, error, OPTIONS_ERROR);
}

int command_keys(int argc, char **argv)
{
    struct keys_wishes wishes = {0};
    const struct option_row rows[] = {
        {.name = "--new-receipt", .flag = &wishes.new_receipt},
        {.name = "--new-master", .flag = &wishes.new_master},
        {.name = "--destroy-identity", .text = &wishes.destroy},
    };
    struct options options = {
        .usage = "keys [--new-receipt] [--new-master] [--destroy-identity SLUG]",
        .rows = rows,
        .row_count = sizeof rows / sizeof *rows,
    };
    char error[OPTIONS_ERROR] = "";
    if (!options_read(&options, argc, argv))
        return 2;
    if (keys_wish(&options.settings, &wishes, error))
        return 0;
    fprintf(stderr, "consultation: %s\n", error);
    return 1;
}
