/* A consultation out of the database; see load.h. */
#include "publish/load.h"

#include "base/arena.h"
#include "base/log.h"
#include "domain/response.h"
#include "domain/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_head(const struct rows *rows, struct consultation *c)
{
    c->revision = row_int(rows, 0, 0);
    snprintf(c->slug, sizeof c->slug, "%s", row_text(rows, 0, 1));
    c->rehearsal = row_bool(rows, 0, 2);
    c->complete = row_bool(rows, 0, 3);
    c->opens_us = row_time(rows, 0, 4);
    c->closes_us = row_time(rows, 0, 5);
    c->grace_us = row_time(rows, 0, 6);
    c->identity_kinds = (unsigned)row_int(rows, 0, 7);
    c->normalisation = (int)row_int(rows, 0, 8);
    c->limits = (struct limits){
        .remark_points = (int)row_int(rows, 0, 9),
        .question_points = (int)row_int(rows, 0, 10),
        .name_points = (int)row_int(rows, 0, 11),
        .priorities = (int)row_int(rows, 0, 12),
    };
    c->publication = (struct publication){
        .release_interval_s = (int)row_int(rows, 0, 13),
        .release_threshold = (int)row_int(rows, 0, 14),
        .blackout_s = (int)row_int(rows, 0, 15),
        .cell_minimum = (int)row_int(rows, 0, 16),
        .percentage_base = (int)row_int(rows, 0, 17),
        .after_close = row_bool(rows, 0, 21),
    };
    c->proofs = (unsigned)row_int(rows, 0, 18);
    size_t length = 0;
    const void *check = row_bytes(rows, 0, 19, &length);
    if (check && length == DIGEST_BYTES)
        memcpy(c->identity_check.bytes, check, DIGEST_BYTES);
    c->identity_destroyed = row_bool(rows, 0, 20);
    c->entry_us = row_time(rows, 0, 22);
}

static enum db_status load_head(struct db *db, const struct params *id, struct consultation *c,
                                bool *found)
{
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_LOAD, id, &rows);
    *found = status == DB_OK && rows_count(&rows) == 1;
    if (*found)
        read_head(&rows, c);
    rows_clear(&rows);
    return status;
}

static enum db_status load_release(struct db *db, const struct params *id, struct consultation *c)
{
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_NEWEST_RELEASE, id, &rows);
    if (status == DB_OK && rows_count(&rows) == 1) {
        c->released_us = row_time(&rows, 0, 0);
        c->release = json_loads(row_text(&rows, 0, 1), 0, NULL);
        if (!c->release) {
            log_event(LOG_LEVEL_ERROR, "release-unreadable", "consultation=%s", c->slug);
            status = DB_FAULT;
        }
    }
    rows_clear(&rows);
    return status;
}

static enum db_status load_extensions(struct db *db, const struct params *id,
                                      struct consultation *c)
{
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_EXTENSIONS, id, &rows);
    size_t count = status == DB_OK ? (size_t)rows_count(&rows) : 0;
    c->extensions = arena_take(c->memory, count, sizeof *c->extensions);
    for (size_t i = 0; c->extensions && i < count; i++) {
        int row = (int)i;
        struct extension *extension = &c->extensions[c->extension_count++];
        *extension = (struct extension){.extended_us = row_time(&rows, row, 0),
                                        .previous_us = row_time(&rows, row, 1),
                                        .closes_us = row_time(&rows, row, 2)};
        for (int language = 0; language < LANGUAGES; language++)
            extension->reason[language] = arena_text(c->memory, row_text(&rows, row, 3 + language));
    }
    rows_clear(&rows);
    return status == DB_OK && !arena_ok(c->memory) ? DB_FAULT : status;
}

/* Where stances of a section are counted; NULL: this consultation has no such section. */
static int *stances_of(struct consultation *c, const char *section)
{
    size_t at = section_find(c, section);
    if (at == SIZE_MAX)
        return NULL;
    struct section found = section_at(c, at);
    if (found.kind == SECTION_MEASURE)
        return c->measure_stances[found.index];
    return found.kind == SECTION_DIRECTION ? c->direction_stances[found.index] : NULL;
}

/* What institutions say in public, counted: tallied apart from citizens. */
static enum db_status load_responses(struct db *db, const struct params *id, struct consultation *c)
{
    struct rows rows = {0};
    c->measure_stances = arena_take(c->memory, c->measure_count, sizeof *c->measure_stances);
    c->direction_stances = arena_take(c->memory, c->direction_count, sizeof *c->direction_stances);
    if (!arena_ok(c->memory))
        return DB_FAULT;
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_RESPONSES, id, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        const char *section = row_text(&rows, row, 0);
        int64_t stance = row_int(&rows, row, 1);
        int *stances = *section ? stances_of(c, section) : NULL;
        if (!*section)
            c->responses = (int)row_int(&rows, row, 2);
        else if (stances && stance >= 0 && stance < STANCES)
            stances[stance] = (int)row_int(&rows, row, 2);
    }
    rows_clear(&rows);
    return status;
}

/* The statements above see different moments: only an unchanged revision makes them one picture. */
static enum db_status load_unchanged(struct db *db, const struct params *id,
                                     const struct consultation *c, bool *unchanged)
{
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_REVISION, id, &rows);
    *unchanged = status == DB_OK && rows_count(&rows) == 1 && row_int(&rows, 0, 0) == c->revision;
    rows_clear(&rows);
    return status;
}

static struct consultation *consultation_empty(int id)
{
    struct consultation *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->id = id;
    atomic_init(&c->references, 1);
    c->memory = arena_new();
    if (c->memory)
        return c;
    free(c);
    return NULL;
}

enum db_status load_consultation(struct db *db, int consultation_id, struct consultation **out)
{
    struct consultation *c = consultation_empty(consultation_id);
    struct params id = {0};
    bool found = false, whole = false, unchanged = false;
    *out = NULL;
    if (!c)
        return DB_FAULT;
    params_int4(&id, consultation_id);
    enum db_status status = load_head(db, &id, c, &found);
    if (status == DB_OK && found)
        status = load_parts(db, &id, c, &whole);
    if (status == DB_OK && found)
        status = load_extensions(db, &id, c);
    if (status == DB_OK && found)
        status = load_release(db, &id, c);
    if (status == DB_OK && whole)
        status = load_responses(db, &id, c);
    if (status == DB_OK && found)
        status = load_unchanged(db, &id, c, &unchanged);
    params_clear(&id);
    if (status == DB_OK && unchanged && whole) {
        c->index = search_index_new(c);
        status = c->index ? DB_OK : DB_FAULT;
    }
    if (status == DB_OK && unchanged && (whole || !c->complete))
        *out = consultation_hold(c);
    else if (status == DB_OK && unchanged)
        log_event(LOG_LEVEL_ERROR, "consultation-not-whole", "consultation=%s", c->slug);
    consultation_release(c);
    return status;
}
