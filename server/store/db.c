/* One connection under one role; see db.h. */
#include "store/db_inside.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The server ends our session when we vanish; with TCP the kernel tells us when the server did. The
 * search path ends in pg_temp, which would otherwise come first. */
#define SESSION                                                                                    \
    " -c search_path=consultation,pg_temp -c client_min_messages=error -c timezone=UTC"            \
    " -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s"                               \
    " -c client_connection_check_interval=2s"

static const struct {
    const char *name;
    const char *options;
    int statement_ms;
} roles[] = {
    [DB_READER] = {"reader",
                   "-c role=consultation_reader -c default_transaction_read_only=on" SESSION, 5000},
    [DB_WRITER] = {"writer", "-c role=consultation_writer" SESSION, 10000},
    [DB_EXPORTER] = {"exporter", "-c role=consultation_exporter" SESSION, 3600000},
    [DB_OFFICIAL] = {"official", "-c role=consultation_official" SESSION, 10000},
    [DB_OWNER] = {"owner", "-c role=consultation_owner" SESSION, 3600000},
};

struct db *db_new(const char *conninfo, enum db_role role, const char *application)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    db->conninfo = strdup(conninfo);
    db->application = application;
    db->role = role;
    db->statement_ms = roles[role].statement_ms;
    if (db->conninfo)
        return db;
    free(db);
    return NULL;
}

void db_set_timeout(struct db *db, int statement_ms)
{
    db->statement_ms = statement_ms;
}

void db_drop(struct db *db)
{
    wire_close(&db->wire);
    db->ready = false;
}

void db_free(struct db *db)
{
    if (!db)
        return;
    db_drop(db);
    free(db->conninfo);
    free(db);
}

const char *db_constraint(const struct db *db)
{
    return db->constraint;
}

/* The status of an answer; a connection that is lost, or whose server is going, is forgotten. */
static enum db_status db_judge(struct db *db, const PGresult *result, const char *what)
{
    enum db_status status = wire_status(&db->wire, result, what, db->constraint);
    if (db->wire.lost)
        db_drop(db);
    return status;
}

static enum db_status db_connect(struct db *db)
{
    char options[OPTIONS_TEXT];
    snprintf(options, sizeof options, "%s -c statement_timeout=%d", roles[db->role].options,
             db->statement_ms);
    /* Later ones win over the conninfo's own. */
    const char *const keywords[] = {"dbname",
                                    "options",
                                    "application_name",
                                    "client_encoding",
                                    "connect_timeout",
                                    "keepalives",
                                    "keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "tcp_user_timeout",
                                    NULL};
    const char *const values[] = {db->conninfo, options, db->application, "UTF8", "3", "1", "10",
                                  "5",          "3",     "10000",         NULL};
    if (wire_open(&db->wire, keywords, values))
        return DB_OK;
    log_event(LOG_LEVEL_WARNING, "database-connect", "role=%s result=failed", roles[db->role].name);
    db_drop(db);
    return DB_UNAVAILABLE;
}

/* One statement unprepared, for what is asked before preparing; rows_clear whatever the status. */
static enum db_status db_ask(struct db *db, enum statement statement, struct rows *rows)
{
    const struct statement_text *text = &statement_texts[statement];
    int sent = PQsendQueryParams(db->wire.conn, text->sql, 0, NULL, NULL, NULL, NULL, 1);
    rows->result = wire_answer(&db->wire, sent, BEGIN_MS);
    return db_judge(db, rows->result, text->name);
}

/* The schema is ours or one newer: an upgrade migrates first, then replaces the servers. */
static enum db_status db_check_version(struct db *db)
{
    struct rows rows = {0};
    enum db_status status = db_ask(db, STATEMENT_SCHEMA_VERSION, &rows);
    if (status == DB_OK) {
        int64_t version = rows_count(&rows) == 1 ? row_int(&rows, 0, 0) : -1;
        if (version != SCHEMA_VERSION && version != SCHEMA_VERSION + 1) {
            log_event(LOG_LEVEL_ERROR, "database-schema", "version=%lld wanted=%d",
                      (long long)version, SCHEMA_VERSION);
            status = DB_FAULT;
        }
    }
    rows_clear(&rows);
    return status;
}

/* A receipt is a promise: none is given on settings under which a crash could break it. */
static enum db_status db_check_durable(struct db *db)
{
    if (db->role != DB_WRITER)
        return DB_OK;
    struct rows rows = {0};
    enum db_status status = db_ask(db, STATEMENT_SCHEMA_NOT_DURABLE, &rows);
    if (status == DB_OK && rows_count(&rows) > 0) {
        log_event(LOG_LEVEL_ERROR, "database-not-durable", "setting=%s", row_text(&rows, 0, 0));
        status = DB_FAULT;
    }
    rows_clear(&rows);
    return status;
}

/* Prepares one statement and asks how many parameters the server found in it. */
static enum db_status db_prepare(struct db *db, const struct statement_text *text)
{
    PGconn *conn = db->wire.conn;
    int sent = PQsendPrepare(conn, text->name, text->sql, 0, NULL);
    PGresult *result = wire_answer(&db->wire, sent, PREPARE_MS);
    enum db_status status = db_judge(db, result, text->name);
    PQclear(result);
    if (status != DB_OK)
        return status;
    result = wire_answer(&db->wire, PQsendDescribePrepared(conn, text->name), PREPARE_MS);
    status = db_judge(db, result, text->name);
    if (status == DB_OK && PQnparams(result) != text->parameters) {
        log_event(LOG_LEVEL_ERROR, "database-statement", "statement=%s parameters=%d wanted=%d",
                  text->name, PQnparams(result), text->parameters);
        status = DB_FAULT;
    }
    PQclear(result);
    return status;
}

enum db_status db_ready(struct db *db)
{
    db->constraint[0] = '\0';
    if (db->ready)
        return DB_OK;
    db_drop(db);
    enum db_status status = db_connect(db);
    if (status == DB_OK)
        status = db_check_version(db);
    if (status == DB_OK)
        status = db_check_durable(db);
    for (int i = 0; i < STATEMENTS && status == DB_OK; i++)
        if (statement_texts[i].roles & 1u << db->role)
            status = db_prepare(db, &statement_texts[i]);
    db->ready = status == DB_OK;
    if (!db->ready)
        db_drop(db);
    return status;
}

static enum db_status db_command(struct db *db, const char *command, int limit_ms)
{
    if (!db->ready)
        return DB_UNAVAILABLE;
    PGresult *result = wire_answer(&db->wire, PQsendQuery(db->wire.conn, command), limit_ms);
    enum db_status status = db_judge(db, result, command);
    PQclear(result);
    return status;
}

enum db_status db_begin(struct db *db)
{
    return db_command(db, "BEGIN", BEGIN_MS);
}

enum db_status db_begin_snapshot(struct db *db)
{
    return db_command(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", BEGIN_MS);
}

void db_rollback(struct db *db)
{
    char constraint[CONSTRAINT_TEXT]; /* why it is rolled back is still to be asked for */
    memcpy(constraint, db->constraint, sizeof constraint);
    if (db->ready && db_command(db, "ROLLBACK", BEGIN_MS) != DB_OK)
        db_drop(db);
    memcpy(db->constraint, constraint, sizeof constraint);
}

enum db_status db_commit(struct db *db)
{
    if (!db->ready)
        return DB_UNAVAILABLE;
    PGresult *result = wire_answer(&db->wire, PQsendQuery(db->wire.conn, "COMMIT"), COMMIT_MS);
    bool lost = db->wire.lost;
    enum db_status status = db_judge(db, result, "COMMIT");
    /* The COMMIT of a failed transaction is answered as a success whose tag says ROLLBACK. */
    if (status == DB_OK && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        log_event(LOG_LEVEL_ERROR, "database-rolled-back", "statement=COMMIT");
        status = DB_FAULT;
    }
    PQclear(result);
    return lost ? DB_UNKNOWN : status;
}

enum db_status db_send(struct db *db, enum statement statement, const struct params *params,
                       int *sent)
{
    const struct statement_text *text = &statement_texts[statement];
    int count = params ? params->count : 0;
    if (!db->ready)
        return DB_UNAVAILABLE;
    if (!(text->roles & 1u << db->role) || count != text->parameters ||
        (params && params->failed)) {
        log_event(LOG_LEVEL_ERROR, "database-parameters", "statement=%s role=%s", text->name,
                  roles[db->role].name);
        return DB_FAULT;
    }
    const char *values[PARAMS_MOST];
    int formats[PARAMS_MOST];
    for (int i = 0; i < count; i++) {
        const char *data = params->data ? (const char *)params->data + params->offsets[i] : "";
        values[i] = params->lengths[i] < 0 ? NULL : data;
        formats[i] = 1;
    }
    *sent = PQsendQueryPrepared(db->wire.conn, text->name, count, values,
                                params ? params->lengths : NULL, formats, 1);
    return DB_OK;
}

int db_limit_ms(const struct db *db)
{
    return db->statement_ms + MARGIN_MS;
}

enum db_status db_run(struct db *db, enum statement statement, const struct params *params,
                      struct rows *rows)
{
    int sent = 0;
    db->constraint[0] = '\0';
    enum db_status status = db_send(db, statement, params, &sent);
    if (status != DB_OK)
        return status;
    PGresult *result = wire_answer(&db->wire, sent, db_limit_ms(db));
    status = db_judge(db, result, statement_texts[statement].name);
    if (rows && status == DB_OK)
        rows->result = result;
    else
        PQclear(result);
    return status;
}

/* Asks the server to stop what it is sending. */
static void db_cancel(struct db *db)
{
    char error[1]; /* its words are nobody's business */
    PGcancel *cancel = PQgetCancel(db->wire.conn);
    if (cancel)
        PQcancel(cancel, error, sizeof error);
    PQfreeCancel(cancel);
}

enum db_status db_stream(struct db *db, enum statement statement, const struct params *params,
                         bool (*row)(void *context, const struct rows *rows), void *context)
{
    int sent = 0, limit_ms = db_limit_ms(db);
    bool wanted = true;
    const char *name = statement_texts[statement].name;
    db->constraint[0] = '\0';
    enum db_status status = db_send(db, statement, params, &sent);
    if (status != DB_OK)
        return status;
    if (!sent || !PQsetSingleRowMode(db->wire.conn)) {
        db->wire.lost = true;
        return db_judge(db, NULL, name);
    }
    while (!db->wire.lost) {
        struct rows rows = {.result = wire_next(&db->wire, limit_ms)};
        if (!rows.result)
            break;
        if (status == DB_OK && wanted)
            status = wire_status(&db->wire, rows.result, name, db->constraint);
        bool is_row = PQresultStatus(rows.result) == PGRES_SINGLE_TUPLE;
        if (status == DB_OK && wanted && is_row && !row(context, &rows)) {
            wanted = false;
            db_cancel(db);
        }
        rows_clear(&rows);
    }
    return db->wire.lost ? db_judge(db, NULL, name) : status;
}
