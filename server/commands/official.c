/* official: makes accounts of officials and their set-up links, and what else is done to one at the
 * command line. Whoever may run it has the owner's rights in the database; each act is written into
 * the record of acts under the database's login. */
#include "access/official.h"
#include "commands/account.h"
#include "commands/commands.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct official_wishes {
    const char *name;
    bool administrator, password_only;
};

static int official_add(struct act_run *run)
{
    const struct official_wishes *wishes = run->wishes;
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    struct rows rows = {0};
    const char *login = run->options->words[1];
    ticket_make(&clock_system, ticket, &digest);
    params_text(&params, login);
    params_text(&params, wishes->name ? wishes->name : login);
    params_bool(&params, wishes->administrator);
    params_bool(&params, !wishes->password_only);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    int status = 1;
    if (act_ask(run, STATEMENT_OFFICIAL_ADD, &params, &rows)) {
        if (row_bool(&rows, 0, 0)) {
            account_link_say(&run->options->settings, "officials", ticket);
            status = 0;
        } else {
            act_say("there is an account of that name");
        }
    }
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int official_reset(struct act_run *run)
{
    return account_reset(run, STATEMENT_OFFICIAL_RESET_CONFIRM, "officials",
                         "Reset: password, codes, tokens and sessions are gone.");
}

static int official_enable(struct act_run *run)
{
    return account_enable(run, STATEMENT_OFFICIAL_ENABLE);
}

static int official_sign_out(struct act_run *run)
{
    struct params params = {0};
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_null(&params);
    return act_finish(run, STATEMENT_OFFICIAL_END_SESSIONS, &params, "Signed out everywhere.");
}

static int official_grant(struct act_run *run)
{
    struct params params = {0};
    bool given = strcmp(run->options->words[0], "grant") == 0;
    enum official_role role = role_find(run->options->words[3]);
    if (role >= ROLE_ADMINISTRATOR)
        return act_say("a role is viewer, clerk, analyst, moderator or publisher");
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_text(&params, run->options->words[2]);
    params_int2(&params, (int)role);
    params_bool(&params, given);
    params_null(&params);
    return act_finish(run, STATEMENT_OFFICIAL_GRANT, &params, given ? "Granted." : "Ended.");
}

/* Everybody, in pieces, so that no length of the list matters. */
static int official_list(struct act_run *run)
{
    enum { PIECE = 200 };
    char after[LOGIN_MOST + 1] = "";
    for (int got = PIECE; got == PIECE;) {
        struct params params = {0};
        struct rows rows = {0};
        params_text(&params, after);
        params_int4(&params, PIECE);
        bool ok = act_ask(run, STATEMENT_OFFICIAL_LIST, &params, &rows);
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

static const struct act acts[] = {
    {"add", 2, official_add},        {"list", 1, official_list},
    {"disable", 2, official_enable}, {"enable", 2, official_enable},
    {"reset", 2, official_reset},    {"sign-out", 2, official_sign_out},
    {"grant", 4, official_grant},    {"end-grant", 4, official_grant},
};

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
    struct act_run run = {.options = &options,
                          .wishes = &wishes,
                          .not_there = "there is no such account, or no such consultation"};
    return act_do(&run, acts, sizeof acts / sizeof *acts, "consultation-official");
}
