/* official: makes accounts of officials and their set-up links, and what else is done to one at the
 * command line. Whoever may run it has the owner's rights in the database; each act is written into
 * the record of acts under the database's login. */
#include "access/official.h"
#include "commands/commands.h"
#include "commands/link.h"
#include "commands/options.h"
#include "store/db.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct official_wishes {
    const char *name;
    bool administrator, password_only;
};

struct official_run {
    const struct options *options;
    const struct official_wishes *wishes;
    struct db *db;
};

static int say(const char *words)
{
    fprintf(stderr, "consultation: %s\n", words);
    return 1;
}

/* Runs it; false, with a sentence, if the database did not. */
static bool ask(struct official_run *run, enum statement statement, struct params *params,
                struct rows *rows)
{
    bool ok = db_ready(run->db) == DB_OK && db_run(run->db, statement, params, rows) == DB_OK;
    if (!ok && strcmp(db_constraint(run->db), "officials_login") == 0)
        say("an account name is 2 to 32 small letters, digits and single hyphens, a letter first");
    else if (!ok && strcmp(db_constraint(run->db), "officials_name") == 0)
        say("a name has 1 to 100 characters");
    else if (!ok)
        say("the database could not be asked");
    params_clear(params);
    return ok;
}

/* The outcome of an act that may be refused. */
static int finish(const struct rows *rows, const char *done)
{
    const char *outcome = row_text(rows, 0, 0);
    if (!outcome || strcmp(outcome, "done") != 0)
        return say("there is no such account, or no such consultation");
    puts(done);
    return 0;
}

static int official_add(struct official_run *run)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    const char *login = run->options->words[1];
    ticket_make(&clock_system, ticket, &digest);
    params_text(&params, login);
    params_text(&params, run->wishes->name ? run->wishes->name : login);
    params_bool(&params, run->wishes->administrator);
    params_bool(&params, !run->wishes->password_only);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    int status = 1;
    if (ask(run, STATEMENT_OFFICIAL_ADD, &params, &rows)) {
        if (row_bool(&rows, 0, 0)) {
            link_say(&run->options->settings, "officials", ticket);
            status = 0;
        } else {
            say("there is an account of that name");
        }
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int official_reset(struct official_run *run)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    ticket_make(&clock_system, ticket, &digest);
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    int status = ask(run, STATEMENT_OFFICIAL_RESET_CONFIRM, &params, &rows)
                     ? finish(&rows, "Reset: password, codes, tokens and sessions are gone.")
                     : 1;
    if (status == 0)
        link_say(&run->options->settings, "officials", ticket);
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int official_enable(struct official_run *run)
{
    struct params params = {0};
    struct rows rows = {0};
    bool enabled = strcmp(run->options->words[0], "enable") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, enabled);
    params_null(&params);
    int status = ask(run, STATEMENT_OFFICIAL_ENABLE, &params, &rows)
                     ? finish(&rows, enabled ? "Enabled." : "Disabled, and signed out everywhere.")
                     : 1;
    rows_clear(&rows);
    return status;
}

static int official_sign_out(struct official_run *run)
{
    struct params params = {0};
    struct rows rows = {0};
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_null(&params);
    int status = ask(run, STATEMENT_OFFICIAL_END_SESSIONS, &params, &rows)
                     ? finish(&rows, "Signed out everywhere.")
                     : 1;
    rows_clear(&rows);
    return status;
}

static int official_grant(struct official_run *run)
{
    struct params params = {0};
    struct rows rows = {0};
    bool given = strcmp(run->options->words[0], "grant") == 0;
    enum official_role role = role_find(run->options->words[3]);
    if (role >= ROLE_ADMINISTRATOR)
        return say("a role is viewer, clerk, analyst, moderator or publisher");
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_text(&params, run->options->words[2]);
    params_int2(&params, (int)role);
    params_bool(&params, given);
    params_null(&params);
    int status = ask(run, STATEMENT_OFFICIAL_GRANT, &params, &rows)
                     ? finish(&rows, given ? "Granted." : "Ended.")
                     : 1;
    rows_clear(&rows);
    return status;
}

/* Everybody, in pieces, so that no length of the list matters. */
static int official_list(struct official_run *run)
{
    enum { PIECE = 200 };
    char after[LOGIN_MOST + 1] = "";
    for (int got = PIECE; got == PIECE;) {
        struct params params = {0};
        struct rows rows = {0};
        params_text(&params, after);
        params_int4(&params, PIECE);
        bool ok = ask(run, STATEMENT_OFFICIAL_LIST, &params, &rows);
        got = ok ? rows_count(&rows) : -1;
        for (int row = 0; row < got; row++) {
            snprintf(after, sizeof after, "%s", row_text(&rows, row, 0));
            printf("%-32s %s%s%s%s, roles on %" PRId64 "\n", after, row_text(&rows, row, 1),
                   row_bool(&rows, row, 2) ? ", administrator" : "",
                   row_bool(&rows, row, 4) ? "" : ", not set up",
                   row_bool(&rows, row, 5) ? ", disabled" : "", row_int(&rows, row, 7));
        }
        rows_clear(&rows);
        if (!ok)
            return 1;
    }
    return 0;
}

static const struct official_act {
    const char *name;
    size_t words; /* with its own */
    int (*run)(struct official_run *run);
} acts[] = {
    {"add", 2, official_add},        {"list", 1, official_list},
    {"disable", 2, official_enable}, {"enable", 2, official_enable},
    {"reset", 2, official_reset},    {"sign-out", 2, official_sign_out},
    {"grant", 4, official_grant},    {"end-grant", 4, official_grant},
};

static const struct official_act *act_find(const struct options *options)
{
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (strcmp(acts[i].name, options->words[0]) == 0 && acts[i].words == options->word_count)
            return &acts[i];
    return NULL;
}

int command_official(int argc, char **argv)
{
    struct official_wishes wishes = {0};
    const struct option_row rows[] = {
        {.name = "--name", .text = &wishes.name},
        {.name = "--administrator", .flag = &wishes.administrator},
        {.name = "--password-only", .flag = &wishes.password_only},
    };
    struct options options = {
        .usage = "official add ACCOUNT [--name NAME] [--administrator] [--password-only] | list | "
                 "disable|enable|reset|sign-out ACCOUNT | grant|end-grant ACCOUNT SLUG ROLE",
        .rows = rows,
        .row_count = sizeof rows / sizeof *rows,
        .words_least = 1,
        .words_most = WORDS_MOST,
    };
    if (!options_read(&options, argc, argv))
        return 2;
    const struct official_act *act = act_find(&options);
    if (!act) {
        fprintf(stderr, "consultation: that was not expected\nusage: consultation %s\n",
                options.usage);
        return 2;
    }
    struct official_run run = {
        .options = &options,
        .wishes = &wishes,
        .db = db_new(options.settings.database, DB_OWNER, "consultation-official")};
    int status = run.db ? act->run(&run) : 1;
    db_free(run.db);
    return status;
}
