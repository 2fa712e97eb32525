/* Acts at the command line; see act.h. */
#include "commands/act.h"

#include <stdio.h>
#include <string.h>

int act_say(const char *words)
{
    fprintf(stderr, "consultation: %s\n", words);
    return 1;
}

/* What a rule of the tables means, in words. */
static const char *rule_words(const char *constraint)
{
    static const struct {
        const char *constraint, *words;
    } rules[] = {
        {"institutions_slug", "a slug is 2 to 60 small letters, digits and single hyphens"},
        {"institutions_names", "a name has 1 to 200 characters, in each of the three languages"},
        {"institution_domains_domain", "that is no domain"},
        {"officials_login",
         "an account name is 2 to 32 small letters, digits and single hyphens, a letter first"},
        {"officials_name", "a name has 1 to 100 characters"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(rules[i].constraint, constraint) == 0)
            return rules[i].words;
    return "the database could not be asked";
}

bool act_ask(struct act_run *run, enum statement statement, struct params *params,
             struct rows *rows)
{
    bool ok = db_ready(run->db) == DB_OK && db_run(run->db, statement, params, rows) == DB_OK;
    if (!ok)
        act_say(rule_words(db_constraint(run->db)));
    params_clear(params);
    return ok;
}

static const char *refusal_words(const struct act_run *run, const char *outcome)
{
    static const struct {
        const char *outcome, *words;
    } refusals[] = {
        {"name-taken", "that name is taken"},
        {"institution-closed", "that institution is closed"},
        {"account-disabled", "that account is disabled"},
        {"last-coordinator", "the first member must be a coordinator"},
        {"too-many", "it has as many members as one may have"},
    };
    if (strcmp(outcome, "not-found") == 0)
        return run->not_there;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (strcmp(refusals[i].outcome, outcome) == 0)
            return refusals[i].words;
    return "that was refused";
}

int act_finish(struct act_run *run, enum statement statement, struct params *params,
               const char *done)
{
    struct rows rows = {0};
    bool asked = act_ask(run, statement, params, &rows);
    const char *outcome = asked ? row_text(&rows, 0, 0) : NULL;
    bool ok = outcome && strcmp(outcome, "done") == 0;
    if (ok)
        puts(done);
    else if (asked)
        act_say(refusal_words(run, outcome ? outcome : ""));
    rows_clear(&rows);
    return ok ? 0 : 1;
}

static const struct act *act_find(const struct options *options, const struct act *acts,
                                  size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(acts[i].name, options->words[0]) == 0 && acts[i].words == options->word_count)
            return &acts[i];
    return NULL;
}

int act_do(struct act_run *run, const struct act *acts, size_t count, const char *name)
{
    const struct act *act = act_find(run->options, acts, count);
    if (!act) {
        fprintf(stderr, "consultation: that was not expected\nusage: consultation %s\n",
                run->options->usage);
        return 2;
    }
    run->db = db_new(run->options->settings.database, DB_OWNER, name);
    int status = run->db ? act->run(run) : 1;
    db_free(run->db);
    return status;
}
