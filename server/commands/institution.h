#ifndef COMMANDS_INSTITUTION_H
#define COMMANDS_INSTITUTION_H

#include "commands/act.h"

/* What the options of `institution` say: the wishes of its acts. */
struct institution_wishes {
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

/* Registers: "done", "name-taken" …; NULL after a sentence. Static. */
const char *institution_register(struct act_run *run, const struct institution_row *row);
/* Puts an array of the domains. */
void institution_domains_put(const struct institution_row *row, struct params *params);

/* `institution import FILE`: what the file has and the register has not. Exit status. */
int institution_import(struct act_run *run);

#endif
