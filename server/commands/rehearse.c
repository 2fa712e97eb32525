/* rehearse: fills a rehearsal with generated submissions, so that a newcomer sees charts; also the
 * loader of tests/load. */
#include "commands/rehearse.h"

#include "base/clock.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "domain/receipt.h"
#include "intake/batch.h"
#include "publish/load.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BATCH = 500,
    CROWDED = 100000,
    COUNT_DEFAULT = 2000,
    COUNT_MOST = 10000000,
    ERROR_TEXT = 512
};

struct filling {
    struct db *db;
    struct keys *keys;
    struct stage stage;
    struct batch_terms terms;
    struct params params;
    int64_t received, wanted;
    struct entry entries[BATCH];
    struct submission submissions[BATCH];
};

/* Which rehearsal, and how much is in it. A sentence in `error` if it is none. */
static enum db_status filling_find(struct filling *filling, const char *slug, char *error)
{
    struct params params = {0};
    struct rows rows = {0};
    int id = 0;
    params_text(&params, slug);
    enum db_status status = db_run(filling->db, STATEMENT_REHEARSAL_FIND, &params, &rows);
    if (status == DB_OK && (rows_count(&rows) != 1 || !row_bool(&rows, 0, 1))) {
        snprintf(error, ERROR_TEXT, "%s is no rehearsal", slug);
        status = DB_REFUSED;
    }
    if (status == DB_OK) {
        id = (int)row_int(&rows, 0, 0);
        filling->stage.now_us = row_time(&rows, 0, 2);
        filling->received = row_int(&rows, 0, 3);
    }
    rows_clear(&rows);
    params_clear(&params);
    if (status == DB_OK)
        status = load_consultation(filling->db, id, &filling->stage.consultation);
    if (status == DB_OK && !filling->stage.consultation)
        status = DB_AGAIN;
    return status;
}

static bool filling_keys(struct filling *filling, const char *folder, const char *slug, char *error)
{
    filling->keys = keys_load(folder, error, ERROR_TEXT);
    if (!filling->keys)
        return false;
    filling->stage.key = keys_identity(filling->keys, slug);
    filling->terms.receipt_key = keys_newest_receipt(filling->keys);
    filling->terms.master = keys_newest_master(filling->keys);
    if (!filling->stage.key || !filling->terms.receipt_key || !filling->terms.master)
        snprintf(error, ERROR_TEXT, "a key is missing in %s", folder);
    return filling->stage.key && filling->terms.receipt_key && filling->terms.master;
}

/* The tallies' slot, held by this connection until it ends. */
static enum db_status filling_slot(struct filling *filling)
{
    struct rows rows = {0};
    enum db_status status = db_run(filling->db, STATEMENT_SUBMISSION_SLOT, NULL, &rows);
    if (status == DB_OK)
        filling->terms.slot = (int)row_int(&rows, 0, 0);
    rows_clear(&rows);
    return status;
}

/* Some of their remarks pass at once, in the same transaction: the next release lets them appear.
 */
static enum db_status filling_moderate(struct filling *filling, struct entry *const *entries,
                                       size_t count)
{
    struct params params = {0};
    params_int4(&params, filling->stage.consultation->id);
    array_begin(&params, ELEMENT_TEXT);
    for (size_t i = 0; i < count; i++)
        array_text(&params, entries[i]->number);
    array_end(&params);
    enum db_status status = db_run(filling->db, STATEMENT_REHEARSAL_MODERATE, &params, NULL);
    params_clear(&params);
    return status;
}

/* A rehearsal that was filled before remarks were shown has none that passed. */
static bool filling_moderate_all(struct filling *filling, char *error)
{
    struct params params = {0};
    params_int4(&params, filling->stage.consultation->id);
    enum db_status status = db_run(filling->db, STATEMENT_REHEARSAL_MODERATE_ALL, &params, NULL);
    params_clear(&params);
    if (status != DB_OK)
        snprintf(error, ERROR_TEXT, "the database did not let remarks pass");
    return status == DB_OK;
}

static enum db_status filling_store(struct filling *filling, struct entry *const *entries,
                                    size_t count)
{
    struct rows rows = {0};
    batch_params(&filling->params, &filling->terms, entries, count);
    enum db_status status = db_begin(filling->db);
    if (status == DB_OK)
        status = db_run(filling->db, STATEMENT_REHEARSAL_FILL, &filling->params, &rows);
    int64_t recorded = status == DB_OK ? row_int(&rows, 0, 0) : 0;
    if (status == DB_OK && recorded + row_int(&rows, 0, 1) == 0)
        status = DB_REFUSED; /* nothing of a whole batch is taken: it would never end */
    rows_clear(&rows);
    if (status == DB_OK)
        status = filling_moderate(filling, entries, count);
    if (status == DB_OK)
        status = db_commit(filling->db);
    else
        db_rollback(filling->db);
    if (status == DB_OK)
        filling->received += recorded;
    return status;
}

/* The next places, one batch. An earlier run that was cut short made the same submissions, which
 * are then only found again. */
static enum db_status filling_batch(struct filling *filling, uint64_t place, size_t count)
{
    struct entry *entries[BATCH];
    size_t made = 0;
    bool ok = true;
    for (; ok && made < count; made++) {
        struct entry *entry = &filling->entries[made];
        ok = rehearse_submission(&filling->stage, place + made, &filling->submissions[made]);
        *entry = (struct entry){.kind = ENTRY_SUBMIT, .submission = &filling->submissions[made]};
        number_make(&clock_system, entry->number);
        entries[made] = entry;
    }
    enum db_status status = ok ? filling_store(filling, entries, count) : DB_FAULT;
    for (size_t i = 0; i < made; i++)
        submission_clear(&filling->submissions[i]);
    return status;
}

static enum db_status filling_run(struct filling *filling)
{
    enum db_status status = DB_OK;
    bool shows = isatty(STDERR_FILENO);
    uint64_t place = (uint64_t)filling->received;
    while (status == DB_OK && filling->received < filling->wanted) {
        int64_t left = filling->wanted - filling->received;
        size_t count = left < BATCH ? (size_t)left : BATCH;
        status = filling_batch(filling, place, count);
        place += count;
        if (shows)
            fprintf(stderr, "\r%lld of %lld", (long long)filling->received,
                    (long long)filling->wanted);
    }
    if (shows)
        fputc('\n', stderr);
    return status;
}

static enum db_status filling_write_down(struct filling *filling, int64_t before)
{
    struct params params = {0};
    char detail[64];
    snprintf(detail, sizeof detail, "{\"submissions\":%lld}",
             (long long)(filling->received - before));
    params_text(&params, "rehearsal-filled");
    params_int4(&params, filling->stage.consultation->id);
    params_text(&params, detail);
    enum db_status status = db_run(filling->db, STATEMENT_AUDIT_WRITE, &params, NULL);
    params_clear(&params);
    return status;
}

/* Keys are looked for once more where nothing else was to be done. */
static bool filling_responses(struct filling *filling, const struct options *options, char *error)
{
    if (!filling->keys &&
        !filling_keys(filling, options->settings.keys_folder, options->words[0], error))
        return false;
    enum db_status status =
        rehearse_responses(filling->db, &filling->stage, filling->terms.receipt_key);
    if (status != DB_OK)
        snprintf(error, ERROR_TEXT, "the database did not take the institutions' responses (%s)",
                 db_constraint(filling->db));
    return status == DB_OK;
}

static bool fill(struct filling *filling, const struct options *options, char *error)
{
    const char *slug = options->words[0];
    enum db_status status = db_ready(filling->db);
    if (status == DB_OK)
        status = filling_find(filling, slug, error);
    int64_t before = filling->received;
    if (status == DB_OK && before >= filling->wanted) {
        printf("%s: nothing to do, it holds %lld\n", slug, (long long)before);
        return filling_moderate_all(filling, error) && filling_responses(filling, options, error);
    }
    if (status == DB_OK && !filling_keys(filling, options->settings.keys_folder, slug, error))
        return false;
    if (status == DB_OK)
        status = filling_slot(filling);
    if (status == DB_OK)
        status = filling_run(filling);
    if (status == DB_OK)
        status = filling_write_down(filling, before);
    if (status == DB_OK)
        printf("%s: %lld submissions more, it holds %lld\n", slug,
               (long long)(filling->received - before), (long long)filling->received);
    else if (!*error)
        snprintf(error, ERROR_TEXT, "the database did not take it (%s)",
                 db_constraint(filling->db));
    return status == DB_OK && filling_responses(filling, options, error);
}

int command_rehearse(int argc, char **argv)
{
    const char *count = NULL;
    int64_t wanted = COUNT_DEFAULT;
    bool thorough = false;
    const struct option_row rows[] = {{.name = "--count", .text = &count},
                                      {.name = "--thorough", .flag = &thorough}};
    struct options options = {.usage = "rehearse [--count N] [--thorough] SLUG [N]",
                              .rows = rows,
                              .row_count = 2,
                              .words_least = 1,
                              .words_most = 2};
    if (!options_read(&options, argc, argv))
        return 2;
    if (options.word_count > 1)
        count = options.words[1];
    if (count && !parse_integer(count, 0, COUNT_MOST, &wanted)) {
        fprintf(stderr, "consultation: a number up to %d is wanted\n", (int)COUNT_MOST);
        return 2;
    }
    char error[ERROR_TEXT] = "no memory";
    struct filling *filling = calloc(1, sizeof *filling);
    bool ok = false;
    if (filling &&
        (filling->db = db_new(options.settings.database, DB_OWNER, "consultation rehearse"))) {
        *error = '\0';
        filling->wanted = wanted;
        filling->stage.crowd = wanted < CROWDED ? 1 : BATCH;
        filling->stage.thorough = thorough;
        ok = fill(filling, &options, error);
        consultation_release(filling->stage.consultation);
        params_clear(&filling->params);
        keys_free(filling->keys);
        db_free(filling->db);
    }
    free(filling);
    if (!ok)
        fprintf(stderr, "consultation: %s\n", error);
    return ok ? 0 : 1;
}
