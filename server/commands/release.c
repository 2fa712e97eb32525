/* release: makes a release now if one is due, or the final one, a publisher's act once entries and
 * moderation are done. */
#include "publish/release.h"

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/recount.h"
#include "publish/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The words of functions/release.sql, said to a person. */
static const struct {
    const char *refusal, *words;
} reasons[] = {
    {"final-release-made", "the final release has been made"},
    {"not-closed", "the consultation has not closed yet; its final release comes after the close"},
    {"not-open", "the consultation is not open"},
    {"closed", "the consultation has closed; only the final release is left (--final)"},
    {"after-close", "the consultation publishes its figures only after the close"},
    {"blackout", "there is no release so shortly before the close"},
    {"interval", "the last release is too recent"},
    {"threshold", "too few have answered since the last release"},
    {"busy", "another server is making a release"},
};

static const char *reason(const char *refusal)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].refusal, refusal) == 0)
            return reasons[i].words;
    return refusal;
}

/* The consultation whole, with codes and thresholds; NULL with a sentence. */
static struct consultation *load(const struct settings *settings, int32_t id)
{
    struct consultation *consultation = NULL;
    struct db *reader = db_new(settings->database, DB_READER, "consultation-release");
    if (!reader || db_ready(reader) != DB_OK ||
        load_consultation(reader, id, &consultation) != DB_OK || !consultation)
        fprintf(stderr, "consultation: it could not be read whole\n");
    db_free(reader);
    return consultation;
}

/* What is final must add up. */
static bool adds_up(struct db *db, const struct consultation *consultation)
{
    size_t differences = 0;
    if (recount_consultation(db, consultation->id, consultation->slug, &differences) != DB_OK) {
        fprintf(stderr, "consultation: the database could not be asked\n");
        return false;
    }
    if (differences > 0)
        fprintf(stderr,
                "consultation: the tallies differ from the submissions; nothing released\n");
    return differences == 0;
}

static int release_now(struct db *db, const struct consultation *consultation, bool final)
{
    struct release_made made;
    if (final && !adds_up(db, consultation))
        return 1;
    switch (release_make(db, consultation, final, &made)) {
    case RELEASE_MADE:
        printf("%s: %srelease %d, %" PRId64 " submissions counted\n", consultation->slug,
               final ? "final " : "", made.number, made.respondents);
        return 0;
    case RELEASE_NOT_DUE:
        fprintf(stderr, "consultation: no release: %s\n", reason(made.refusal));
        return 1;
    case RELEASE_FAILED:
        break;
    }
    fprintf(stderr, "consultation: the release failed; nothing was published\n");
    return 1;
}

static int release_named(struct db *db, const struct options *options, bool final)
{
    struct params params = {0};
    struct rows rows = {0};
    struct consultation *consultation = NULL;
    int result = 1;
    params_text(&params, options->words[0]);
    if (db_ready(db) != DB_OK || db_run(db, STATEMENT_CONSULTATION_NAMED, &params, &rows) != DB_OK)
        fprintf(stderr, "consultation: the database could not be asked\n");
    else if (rows_count(&rows) != 1)
        fprintf(stderr, "consultation: there is no consultation '%s'\n", options->words[0]);
    else
        consultation = load(&options->settings, (int32_t)row_int(&rows, 0, 0));
    if (consultation)
        result = release_now(db, consultation, final);
    consultation_release(consultation);
    rows_clear(&rows);
    params_clear(&params);
    return result;
}

int command_release(int argc, char **argv)
{
    bool final = false;
    const struct option_row rows[] = {{.name = "--final", .flag = &final}};
    struct options options = {.usage = "release SLUG [--final]",
                              .rows = rows,
                              .row_count = 1,
                              .words_least = 1,
                              .words_most = 1};
    if (!options_read(&options, argc, argv))
        return 2;
    struct db *db = db_new(options.settings.database, DB_OWNER, "consultation-release");
    int result = db ? release_named(db, &options, final) : 1;
    db_free(db);
    return result;
}
