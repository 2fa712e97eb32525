/* The writer's connection and its transactions; see session.h. */
#include "intake/session.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES_MOST = 3, NUMBERS_MOST = 5 };

static const int64_t pause_first_us = 50000, pause_most_us = 2000000;

/* Under load a batch begins every few milliseconds: the clocks compared that short a time ago have
 * not moved apart, and the connection was alive. */
static const int64_t compared_us = 50000;

bool session_init(struct session *session, const char *conninfo, const struct keys *keys,
                  const struct clock *clock, int wait_most_ms)
{
    *session = (struct session){
        .db = db_new(conninfo, DB_WRITER, "consultation-writer"),
        .clock = clock,
        .keys = keys,
        .terms = {.wait_most_ms = wait_most_ms,
                  .receipt_key = keys_newest_receipt(keys),
                  .master = keys_newest_master(keys)},
        .pause_us = pause_first_us,
    };
    return session->db != NULL;
}

void session_clear(struct session *session)
{
    params_clear(&session->params);
    if (session->db)
        db_free(session->db);
    session->db = NULL;
}

int64_t session_clock_apart_us(const struct session *session)
{
    return session->terms.pair.database_us -
           (clock_utc_us(session->clock) -
            (clock_monotonic_us(session->clock) - session->terms.pair.monotonic_us));
}

static void session_drop(struct session *session)
{
    session->open = false;
    db_drop(session->db);
}

/* The database's moment is taken to be in the middle of asking. Also finds a connection that died
 * while nothing was sent. */
static enum db_status clocks_compare(struct session *session)
{
    struct rows rows = {0};
    int64_t before = clock_monotonic_us(session->clock);
    enum db_status status = db_run(session->db, STATEMENT_CLOCK_NOW, NULL, &rows);
    int64_t after = clock_monotonic_us(session->clock);
    if (status == DB_OK)
        session->terms.pair =
            (struct clock_pair){before + (after - before) / 2, row_time(&rows, 0, 0)};
    rows_clear(&rows);
    return status;
}

static enum db_status slot_claim(struct session *session)
{
    struct rows rows = {0};
    enum db_status status = db_run(session->db, STATEMENT_SUBMISSION_SLOT, NULL, &rows);
    if (status == DB_OK && (rows_count(&rows) != 1 || row_is_null(&rows, 0, 0)))
        status = DB_REFUSED;
    if (status == DB_OK)
        session->terms.slot = (int)row_int(&rows, 0, 0);
    rows_clear(&rows);
    return status;
}

static bool session_open(struct session *session)
{
    session->open = db_ready(session->db) == DB_OK && slot_claim(session) == DB_OK &&
                    clocks_compare(session) == DB_OK;
    if (session->open) {
        session->pause_us = pause_first_us;
        session->next_try_us = 0;
        log_event(LOG_LEVEL_INFO, "writer-connected", "slot=%d", session->terms.slot);
        return true;
    }
    session_drop(session);
    session->next_try_us = clock_monotonic_us(session->clock) + session->pause_us;
    session->pause_us =
        session->pause_us * 2 < pause_most_us ? session->pause_us * 2 : pause_most_us;
    return false;
}

bool session_ready(struct session *session)
{
    int64_t age_us = clock_monotonic_us(session->clock) - session->terms.pair.monotonic_us;
    if (session->open && (age_us < compared_us || clocks_compare(session) == DB_OK))
        return true;
    if (session->open) {
        log_event(LOG_LEVEL_WARNING, "writer-disconnected", "slot=%d", session->terms.slot);
        session_drop(session);
    }
    return clock_monotonic_us(session->clock) >= session->next_try_us && session_open(session);
}

static void meanwhile(struct session *session)
{
    void (*todo)(void *context) = session->meanwhile;
    session->meanwhile = NULL;
    if (todo)
        todo(session->context);
}

/* Rows only with DB_OK; a lost connection is dropped. A deadlock is worth another try at once; a
 * lock that was waited for is not, once it took as long as an entry may wait. */
static enum db_status transact(struct session *session, enum statement statement, struct rows *rows)
{
    enum db_status status = DB_AGAIN;
    int64_t end_us =
        clock_monotonic_us(session->clock) + session->terms.wait_most_ms * INT64_C(1000);
    for (int tries = 0; status == DB_AGAIN && tries <= TRIES_MOST; tries++) {
        if (tries > 0 && clock_monotonic_us(session->clock) > end_us)
            break;
        rows_clear(rows);
        session->retries += tries > 0;
        status = db_transact_send(session->db, statement, &session->params);
        meanwhile(session);
        if (status == DB_OK)
            status = db_transact_answer(session->db, statement, rows);
    }
    if (status == DB_UNAVAILABLE || status == DB_UNKNOWN) {
        log_event(LOG_LEVEL_WARNING, "writer-disconnected", "during=%s",
                  status == DB_UNKNOWN ? "commit" : "transaction");
        session_drop(session);
    }
    return status;
}

static void problem_for_all(struct entry *const *entries, size_t count, enum problem_code problem)
{
    for (size_t i = 0; i < count; i++)
        entries[i]->problem = problem;
}

/* What a failed transaction means for its only entry. */
static enum problem_code problem_of(enum db_status status)
{
    switch (status) {
    case DB_OK:
        return PROBLEM_NONE;
    case DB_UNAVAILABLE:
    case DB_AGAIN:
        return PROBLEM_UNAVAILABLE;
    case DB_UNKNOWN:
        return PROBLEM_OUTCOME_UNKNOWN;
    case DB_REFUSED:
    case DB_FAULT:
        return PROBLEM_INTERNAL;
    }
    return PROBLEM_INTERNAL;
}

/* One transaction for all. Returns how many wait at the front for another number. */
static enum db_status accept_together(struct session *session, struct entry **entries, size_t count,
                                      size_t *taken)
{
    struct rows rows = {0};
    batch_params(&session->params, &session->terms, entries, count);
    enum db_status status = transact(session, STATEMENT_SUBMISSION_ACCEPT, &rows);
    if (status == DB_OK)
        *taken = batch_outcomes(&rows, entries, count);
    rows_clear(&rows);
    return status;
}

/* Halves a batch that failed as a whole until the entry that is to blame stands alone. */
static void accept_apart(struct session *session, struct entry **entries, size_t count, int numbers)
{
    size_t taken = 0;
    if (!session->open) {
        problem_for_all(entries, count, PROBLEM_UNAVAILABLE);
        return;
    }
    enum db_status status = accept_together(session, entries, count, &taken);
    bool poisoned = status == DB_REFUSED || status == DB_FAULT;
    if (poisoned && count > 1) {
        accept_apart(session, entries, count / 2, numbers);
        accept_apart(session, entries + count / 2, count - count / 2, numbers);
    } else if (status != DB_OK) {
        problem_for_all(entries, count, problem_of(status));
    } else if (taken && numbers < NUMBERS_MOST) {
        for (size_t i = 0; i < taken; i++)
            number_make(session->clock, entries[i]->number);
        accept_apart(session, entries, taken, numbers + 1);
    } else {
        problem_for_all(entries, taken, PROBLEM_INTERNAL);
    }
}

void session_accept(struct session *session, struct entry **entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!*entries[i]->number)
            number_make(session->clock, entries[i]->number);
    accept_apart(session, entries, count, 0);
}

void session_withdraw(struct session *session, struct entry *entry)
{
    struct rows rows = {0};
    struct params *params = &session->params;
    params_reset(params);
    params_int2(params, session->terms.slot);
    params_text(params, entry->number);
    params_int2(params, entry->generation);
    params_time(params, batch_arrived(&session->terms.pair, entry->pushed_us));
    enum db_status status = transact(session, STATEMENT_SUBMISSION_WITHDRAW, &rows);
    entry->problem = problem_of(status);
    if (status == DB_OK) {
        const char *outcome = rows_count(&rows) ? row_text(&rows, 0, 0) : NULL;
        entry->problem = outcome ? problem_find(outcome) : PROBLEM_INTERNAL;
        if (outcome && entry->problem == PROBLEM_NONE && strcmp(outcome, "withdrawn") != 0)
            entry->problem = PROBLEM_INTERNAL;
        entry->withdrawn_us = row_time(&rows, 0, 1);
    }
    rows_clear(&rows);
}
