#ifndef DOMAIN_DRAFT_RULES_H
#define DOMAIN_DRAFT_RULES_H

#include "domain/draft.h"

/* The importer's own table of fields; for draft_check.c alone. It says what the JSON Schema says,
 * and besides what a schema cannot (see `whole` of the window). */

enum rule_kind {
    RULE_BOOLEAN,
    RULE_INTEGER, /* least, most */
    RULE_STRING,  /* most code points; `good` */
    RULE_CODE,    /* the place in the lists around it: "2", "2-3" */
    RULE_OBJECT,  /* members, all named in `members` */
    RULE_LIST,    /* least, most; each as the one in `members` */
    RULE_MAP,     /* least, most; names by `good`, each value as the one in `members` */
};

struct rule {
    const char *name; /* of the member; NULL ends a table */
    enum rule_kind kind;
    bool optional, nullable;
    long least, most;
    bool (*good)(const char *text);
    const struct rule *members;
    /* What holds between members. False: one is faulty, *at is its name. */
    bool (*whole)(const json_t *value, const char **at, enum problem_code *code);
};

extern const struct rule draft_rule;

/* A JSON integer in the sense of JSON Schema, where 1.0 is one as well. */
bool draft_integer(const json_t *value, long *out);

#endif
