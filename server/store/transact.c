/* A whole transaction in one round trip (libpq's pipeline mode); see db_transact in db.h. */
#include "base/log.h"
#include "store/db_inside.h"

#include <string.h>

enum { ANSWERS = 3, ANSWER_COMMIT = ANSWERS - 1 };

static bool send_plain(struct db *db, const char *command)
{
    return PQsendQueryParams(db->wire.conn, command, 0, NULL, NULL, NULL, NULL, 1);
}

/* DB_OK: all was sent. Else the connection is of no use any more; nothing can have been stored as
 * long as COMMIT was not sent. */
static enum db_status pipeline_send(struct db *db, enum statement statement,
                                    const struct params *params)
{
    int sent = 0;
    if (!PQenterPipelineMode(db->wire.conn) || !send_plain(db, "BEGIN"))
        return DB_UNAVAILABLE;
    enum db_status status = db_send(db, statement, params, &sent);
    if (status != DB_OK || !sent)
        return status == DB_OK ? DB_UNAVAILABLE : status;
    if (!send_plain(db, "COMMIT") || !PQpipelineSync(db->wire.conn))
        return DB_UNKNOWN;
    return DB_OK;
}

/* One answer and the end of it. NULL: the connection was lost, and said nothing. */
static PGresult *pipeline_next(struct db *db, int limit_ms)
{
    PGresult *result = wire_next(&db->wire, limit_ms);
    if (result && !db->wire.lost)
        PQclear(wire_next(&db->wire, limit_ms));
    return result;
}

/* A server that says why it goes before it came to COMMIT has stored nothing; if it goes later, or
 * without a word, it may have. */
static enum db_status pipeline_judge(struct db *db, const PGresult *result, bool is_commit,
                                     const char *name)
{
    if (db->wire.lost) {
        bool said = result && PQresultErrorField(result, PG_DIAG_SQLSTATE);
        log_event(LOG_LEVEL_WARNING, "database-lost", "statement=%s", name);
        return said && !is_commit ? DB_UNAVAILABLE : DB_UNKNOWN;
    }
    enum db_status status = wire_status(&db->wire, result, name, db->constraint);
    if (is_commit && status == DB_UNAVAILABLE)
        return DB_UNKNOWN;
    if (!is_commit || status != DB_OK || strcmp(PQcmdStatus((PGresult *)result), "COMMIT") == 0)
        return status;
    log_event(LOG_LEVEL_ERROR, "database-rolled-back", "statement=COMMIT");
    return DB_FAULT;
}

/* The three answers. The first that is no success decides; what comes after it was not run. */
static enum db_status pipeline_answers(struct db *db, enum statement statement, struct rows *rows)
{
    const char *const names[ANSWERS] = {"BEGIN", statement_texts[statement].name, "COMMIT"};
    const int limits[ANSWERS] = {BEGIN_MS, db_limit_ms(db), COMMIT_MS};
    enum db_status status = DB_OK;
    for (int i = 0; i < ANSWERS && !db->wire.lost; i++) {
        PGresult *result = pipeline_next(db, limits[i]);
        if (status == DB_OK)
            status = pipeline_judge(db, result, i == ANSWER_COMMIT, names[i]);
        bool wanted = i > 0 && i < ANSWER_COMMIT && status == DB_OK && rows;
        if (wanted)
            rows->result = result;
        else
            PQclear(result);
    }
    return status;
}

/* Back to one question at a time, with no transaction open. */
static void pipeline_leave(struct db *db, enum db_status status)
{
    if (!db->wire.lost)
        PQclear(wire_next(&db->wire, BEGIN_MS)); /* the mark at its end */
    if (db->wire.lost || !PQexitPipelineMode(db->wire.conn))
        db_drop(db);
    else if (status != DB_OK)
        db_rollback(db);
}

enum db_status db_transact_send(struct db *db, enum statement statement,
                                const struct params *params)
{
    db->constraint[0] = '\0';
    if (!db->ready)
        return DB_UNAVAILABLE;
    enum db_status status = pipeline_send(db, statement, params);
    if (status != DB_OK)
        db_drop(db);
    return status;
}

enum db_status db_transact_answer(struct db *db, enum statement statement, struct rows *rows)
{
    enum db_status status = pipeline_answers(db, statement, rows);
    pipeline_leave(db, status);
    if (status != DB_OK && rows)
        rows_clear(rows);
    return status;
}

enum db_status db_transact(struct db *db, enum statement statement, const struct params *params,
                           struct rows *rows)
{
    enum db_status status = db_transact_send(db, statement, params);
    return status == DB_OK ? db_transact_answer(db, statement, rows) : status;
}
