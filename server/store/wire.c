/* Questions and answers within a deadline; see wire.h. */
#include "store/wire.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* Waits for the socket; false when the time is over. */
static bool wire_wait(const struct wire *wire, short events, int64_t until_us)
{
    for (;;) {
        int64_t left_us = until_us - clock_monotonic_us(&clock_system);
        if (left_us <= 0)
            return false;
        struct pollfd fd = {.fd = PQsocket(wire->conn), .events = events};
        int ready = poll(&fd, 1, (int)((left_us + 999) / 1000));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

/* Writes what is pending; reads meanwhile, because a server that cannot get rid of its answer does
 * not read on. */
static bool wire_flush(const struct wire *wire, int64_t until_us)
{
    int pending;
    while ((pending = PQflush(wire->conn)) > 0)
        if (!wire_wait(wire, POLLIN | POLLOUT, until_us) || !PQconsumeInput(wire->conn))
            return false;
    return pending == 0;
}

static void wire_silence(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

bool wire_open(struct wire *wire, const char *const *keywords, const char *const *values)
{
    wire->lost = false;
    wire->conn = PQconnectdbParams(keywords, values, 1);
    if (!wire->conn || PQstatus(wire->conn) != CONNECTION_OK)
        return false;
    PQsetNoticeReceiver(wire->conn, wire_silence, NULL);
    const char *encoding = PQparameterStatus(wire->conn, "server_encoding");
    return PQsetnonblocking(wire->conn, 1) == 0 && encoding && strcmp(encoding, "UTF8") == 0;
}

void wire_close(struct wire *wire)
{
    PQfinish(wire->conn);
    *wire = (struct wire){0};
}

PGresult *wire_next(struct wire *wire, int limit_ms)
{
    int64_t until_us = clock_monotonic_us(&clock_system) + (int64_t)limit_ms * 1000;
    bool ok = wire_flush(wire, until_us);
    while (ok && PQisBusy(wire->conn))
        ok = wire_wait(wire, POLLIN, until_us) && PQconsumeInput(wire->conn);
    /* What the server said before it went can still be read, and tells why. */
    PGresult *result =
        ok || PQstatus(wire->conn) == CONNECTION_BAD ? PQgetResult(wire->conn) : NULL;
    if (!ok || PQstatus(wire->conn) == CONNECTION_BAD)
        wire->lost = true;
    return result;
}

PGresult *wire_answer(struct wire *wire, int sent, int limit_ms)
{
    PGresult *last = NULL;
    if (!sent)
        wire->lost = true;
    while (!wire->lost) {
        PGresult *result = wire_next(wire, limit_ms);
        if (!result)
            break;
        PQclear(last);
        last = result;
    }
    if (!wire->lost)
        return last;
    PQclear(last);
    return NULL;
}

enum verdict_match { MATCH_CLASS = 2, MATCH_STATE = 5 };

/* SQLSTATEs by their first characters; the first that fits decides (PostgreSQL 15, appendix A). */
static const struct {
    const char *state;
    enum verdict_match length;
    enum db_status status;
} verdicts[] = {
    {"40001", MATCH_STATE,
     DB_AGAIN}, /* serialization_failure, and what our functions raise as such */
    {"40P01", MATCH_STATE, DB_AGAIN},       /* deadlock_detected */
    {"55P03", MATCH_STATE, DB_AGAIN},       /* lock_not_available: lock_timeout */
    {"57014", MATCH_STATE, DB_AGAIN},       /* query_canceled: statement_timeout */
    {"23", MATCH_CLASS, DB_REFUSED},        /* integrity constraint violation */
    {"25006", MATCH_STATE, DB_UNAVAILABLE}, /* read_only_sql_transaction: a standby */
    {"08", MATCH_CLASS, DB_UNAVAILABLE},    /* connection exception */
    {"53", MATCH_CLASS, DB_UNAVAILABLE},    /* insufficient resources: disk full, no memory */
    {"57", MATCH_CLASS, DB_UNAVAILABLE}, /* operator intervention: shut down, crashed, starting */
    {"58", MATCH_CLASS, DB_UNAVAILABLE}, /* system error: I/O */
};

static enum db_status wire_verdict(const char *state)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (strncmp(state, verdicts[i].state, verdicts[i].length) == 0)
            return verdicts[i].status;
    return DB_FAULT;
}

enum db_status wire_status(const struct wire *wire, const PGresult *result, const char *what,
                           char constraint[CONSTRAINT_TEXT])
{
    constraint[0] = '\0';
    if (wire->lost || !result) {
        log_event(LOG_LEVEL_WARNING, "database-lost", "statement=%s", what);
        return DB_UNAVAILABLE;
    }
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK || kind == PGRES_SINGLE_TUPLE)
        return DB_OK;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    enum db_status status = wire_verdict(state ? state : "");
    if (name)
        snprintf(constraint, CONSTRAINT_TEXT, "%s", name);
    if (status != DB_REFUSED)
        log_event(status == DB_FAULT ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "database-error",
                  "statement=%s sqlstate=%s", what, state ? state : "none");
    return status;
}
