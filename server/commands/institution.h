#ifndef COMMANDS_INSTITUTION_H
#define COMMANDS_INSTITUTION_H

#include "commands/options.h"
#include "store/db.h"

/* One run of `institution` on the command line. */
struct institution_run {
    const struct options *options;
    struct db *db;
    const char *kind, *zh_hant, *en, *zh_hans, *name, *roles, *note;
    struct option_values domains;
    bool fictitious;
};

/* What is registered: texts are the caller's, domains in their one form. */
struct institution_row {
    const char *slug, *zh_hant, *en, *zh_hans;
    int kind;
    bool fictitious;
    size_t domain_count;
    const char *domains[OPTION_VALUES];
};

/* A sentence on standard error; 1. */
int institution_say(const char *words);
/* Runs it; false, with a sentence, if the database did not. Clears the parameters. */
bool institution_ask(struct institution_run *run, enum statement statement, struct params *params,
                     struct rows *rows);
/* Registers: "done", "name-taken" …; NULL after a sentence. Static. */
const char *institution_register(struct institution_run *run, const struct institution_row *row);
/* Puts an array of the domains. */
void institution_domains_put(const struct institution_row *row, struct params *params);

/* `institution import FILE`: what the file has and the register has not. Exit status. */
int institution_import(struct institution_run *run);

#endif
