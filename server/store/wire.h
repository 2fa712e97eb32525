#ifndef STORE_WIRE_H
#define STORE_WIRE_H

#include "store/db.h"

/* Questions and answers on one connection, each within a deadline: a frozen server must not freeze
 * us. Private to store; confined to the thread of its db. */

enum { CONSTRAINT_TEXT = 64 };

struct wire {
    PGconn *conn; /* in non-blocking mode; NULL: none */
    bool lost;    /* nothing more can be expected of it */
};

/* Connects and waits for it as long as the keywords' connect_timeout says. False: not to be had, or
 * not in UTF-8. */
bool wire_open(struct wire *wire, const char *const *keywords, const char *const *values);
void wire_close(struct wire *wire);

/* Sends what is pending and waits for the next result, which the caller clears. NULL: there are no
 * more, or `lost`. */
PGresult *wire_next(struct wire *wire, int limit_ms);

/* The last result of what was asked (`sent`: libpq's answer to the sending), after which the wire
 * is idle again. NULL: `lost`. */
PGresult *wire_answer(struct wire *wire, int sent, int limit_ms);

/* What a result means; NULL is a lost connection. `constraint` gets the violated constraint's name,
 * or "". A fault is logged by SQLSTATE and `what` alone. */
enum db_status wire_status(const struct wire *wire, const PGresult *result, const char *what,
                           char constraint[CONSTRAINT_TEXT]);

#endif
