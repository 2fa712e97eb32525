#ifndef STORE_DB_INSIDE_H
#define STORE_DB_INSIDE_H

#include "store/db.h"
#include "store/wire.h"

/* What db.c and transact.c share, and nobody else includes. */

/* What the session itself ends, and how much longer we wait for it to say so. */
enum { MARGIN_MS = 2000, BEGIN_MS = 5000, COMMIT_MS = 15000, PREPARE_MS = 15000 };
enum { OPTIONS_TEXT = 512 };

struct db {
    char *conninfo;
    const char *application;
    enum db_role role;
    int statement_ms; /* after which the session ends a statement */
    struct wire wire;
    bool ready; /* connected, checked and prepared */
    char constraint[CONSTRAINT_TEXT];
};

/* How long an answer to a statement may take. */
int db_limit_ms(const struct db *db);

/* Sends a prepared statement. *sent is 0 if it was not; DB_FAULT if the parameters are not what it
 * takes. */
enum db_status db_send(struct db *db, enum statement statement, const struct params *params,
                       int *sent);

#endif
