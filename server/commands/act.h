#ifndef COMMANDS_ACT_H
#define COMMANDS_ACT_H

#include "commands/options.h"
#include "store/db.h"

/* Subcommands that do one of several things to what stands in the database: the first word names
 * the act. */

struct act_run {
    const struct options *options;
    struct db *db;
    const void *wishes;    /* what the subcommand's own options say */
    const char *not_there; /* the sentence for what is not found */
};

struct act {
    const char *name;
    size_t words; /* with its own */
    int (*run)(struct act_run *run);
};

/* Does what the words name, with the owner's rights, under `name` in the database's log. Exit
 * status; 2 with a sentence and the usage where no act is named so or takes so many words. */
int act_do(struct act_run *run, const struct act *acts, size_t count, const char *name);

/* A sentence on standard error; 1. */
int act_say(const char *words);
/* Runs it; false, with a sentence, if the database did not. Clears the parameters. */
bool act_ask(struct act_run *run, enum statement statement, struct params *params,
             struct rows *rows);
/* Runs what may be refused, and says `done` or why not. Exit status. */
int act_finish(struct act_run *run, enum statement statement, struct params *params,
               const char *done);

#endif
