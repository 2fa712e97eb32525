/* Writing a draft into the database, all or nothing; see import.h. */
#include "commands/import.h"

#include "domain/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_TEXT = 256, VERSION_MOST = 255 };

static void read_digest(const struct rows *rows, int column, struct digest *out)
{
    size_t length = 0;
    const void *bytes = row_bytes(rows, 0, column, &length);
    if (bytes && length == sizeof out->bytes)
        memcpy(out->bytes, bytes, length);
}

static void read_stored(const struct rows *rows, struct stored *out)
{
    out->id = (int32_t)row_int(rows, 0, 0);
    out->rehearsal = row_bool(rows, 0, 1);
    out->complete = row_bool(rows, 0, 2);
    out->has_opened = row_bool(rows, 0, 3);
    out->opens_us = row_time(rows, 0, 4);
    out->closes_us = row_time(rows, 0, 5);
    out->grace_s = (int)row_int(rows, 0, 6);
    out->entry_days = (int)row_int(rows, 0, 7);
    out->identity_kinds = (unsigned)row_int(rows, 0, 8);
    out->limits = (struct limits){
        .remark_points = (int)row_int(rows, 0, 9),
        .question_points = (int)row_int(rows, 0, 10),
        .name_points = (int)row_int(rows, 0, 11),
        .priorities = (int)row_int(rows, 0, 12),
    };
    out->publication = (struct publication){
        .release_interval_s = (int)row_int(rows, 0, 13),
        .release_threshold = (int)row_int(rows, 0, 14),
        .blackout_s = (int)row_int(rows, 0, 15),
        .cell_minimum = (int)row_int(rows, 0, 16),
        .percentage_base = (int)row_int(rows, 0, 17),
        .after_close = row_bool(rows, 0, 22),
    };
    read_digest(rows, 18, &out->document_hash);
    read_digest(rows, 19, &out->identity_check);
    out->destroyed = row_bool(rows, 0, 20);
    out->proofs = (unsigned)row_int(rows, 0, 21);
}

static enum db_status find_stored(struct import *import, struct stored *out)
{
    struct params slug = {0};
    struct rows rows = {0};
    params_text(&slug, import->draft->slug);
    enum db_status status = db_run(import->db, STATEMENT_IMPORT_BEGIN, &slug, &rows);
    if (status == DB_OK)
        out->now_us = row_time(&rows, 0, 1);
    rows_clear(&rows);
    if (status == DB_OK)
        status = db_run(import->db, STATEMENT_IMPORT_STORED, &slug, &rows);
    if (status == DB_OK && rows_count(&rows) == 1)
        read_stored(&rows, out);
    rows_clear(&rows);
    params_clear(&slug);
    return status;
}

/* The identity key is made with the consultation, and must be the same one ever after. */
static bool check_identity(struct import *import, const struct stored *stored)
{
    char error[ERROR_TEXT] = "";
    const char *slug = import->draft->slug;
    if (stored->destroyed)
        return true;
    bool made =
        stored->id != 0 || keys_make_identity(import->keys_folder, slug, error, sizeof error);
    struct keys *keys = made ? keys_load(import->keys_folder, error, sizeof error) : NULL;
    const struct identity_key *key = keys ? keys_identity(keys, slug) : NULL;
    bool right = key != NULL;
    if (key)
        keys_identity_check(key, &import->identity_check);
    else if (!*error)
        snprintf(error, sizeof error, "the identity key of %s is not in the keys' folder", slug);
    if (key && stored->id != 0 &&
        memcmp(&import->identity_check, &stored->identity_check, sizeof stored->identity_check) !=
            0) {
        snprintf(error, sizeof error, "the identity key of %s is another one", slug);
        right = false;
    }
    keys_free(keys);
    if (!right)
        import_refuse("", error);
    return right;
}

/* Why the draft's words may not be added to what has been open, or NULL. `version`: as stored. */
static const char *text_refusal(const struct import *import, const struct draft_text *text,
                                int version)
{
    bool whole = text->body[LANGUAGE_EN] && text->body[LANGUAGE_ZH_HANS];
    if (version == 0)
        return whole ? NULL : "a new word is in all languages";
    if (!import->correction)
        return "published: another wording needs --correct NOTE";
    if (text->version != version && text->version != version + 1)
        return "the version is neither the stored one nor the next";
    if (!whole)
        return "a correction is in all languages";
    return version == VERSION_MOST ? "there are no more versions" : NULL;
}

/* Settings, window and lists stay as they were once people could read them; wording may be
 * corrected, the glossary grow, and a kind of proof opened or shut, since it may fail meanwhile. */
static bool change_is_allowed(const struct import *import, const struct stored *stored,
                              const struct differences *differ)
{
    const struct {
        bool differs;
        const char *pointer;
    } fixed[] = {
        {differ->directions, "/directions"},
        {differ->questions, "/questions"},
        {differ->sectors, "/sectors"},
        {differ->limits, "/limits"},
        {differ->settings, "/settings"},
        {differ->terms_gone, "/glossary"},
        {differ->details_gone, "/contact_details"},
    };
    size_t refused = 0;
    if (differ->window) {
        import_refuse("/window", "published: another import never moves the window");
        refused++;
    }
    if (!stored->has_opened)
        return refused == 0;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (fixed[i].differs) {
            import_refuse(fixed[i].pointer, "published: it has been open to the public as it was");
            refused++;
        }
    for (size_t i = 0; i < import->draft->text_count; i++) {
        const struct draft_text *text = &import->draft->texts[i];
        const char *words = differ->text[i] ? text_refusal(import, text, differ->version[i]) : NULL;
        if (words) {
            import_refuse(text->pointer, words);
            refused++;
        }
    }
    return refused == 0;
}

/* What the audit row says: which document, and of a correction why and which texts. Caller frees.
 */
static char *audit_detail(const struct import *import, const struct differences *corrected)
{
    char hash[2 * DIGEST_BYTES + 1];
    digest_hex(&import->document_hash, hash);
    json_t *detail = json_pack("{ss}", "document", hash), *keys = json_array();
    if (corrected) {
        for (size_t i = 0; i < import->draft->text_count; i++)
            if (corrected->text[i])
                json_array_append_new(keys, json_string(import->draft->texts[i].key));
        if (import->correction)
            json_object_set_new(detail, "note", json_string(import->correction));
        json_object_set(detail, "texts", keys);
        if (corrected->proofs)
            json_object_set_new(detail, "proofs", json_integer((json_int_t)import->draft->proofs));
    }
    char *text = json_dumps(detail, JSON_COMPACT);
    json_decref(keys);
    json_decref(detail);
    return text;
}

/* Runs inside the transaction; *outcome says which way it went. */
static enum db_status write_draft(struct import *import, const struct stored *stored,
                                  const struct differences *differ, enum import_outcome *outcome,
                                  struct imported *out)
{
    static const char *const actions[] = {[IMPORT_CREATED] = "consultation-imported",
                                          [IMPORT_REPLACED] = "consultation-replaced",
                                          [IMPORT_CORRECTED] = "wording-corrected"};
    int32_t id = stored->id;
    enum db_status status = DB_OK;
    if (id == 0) {
        *outcome = IMPORT_CREATED;
        status = import_write_consultation(import, stored, &id);
    } else if (stored->has_opened) {
        *outcome = IMPORT_CORRECTED;
        out->corrected = differences_corrected(differ);
        out->new_terms = differ->new_terms;
        out->proofs = differ->proofs;
        status = import_write_terms(import, id);
        if (status == DB_OK)
            status = import_write_corrections(import, id, differ);
    } else {
        *outcome = IMPORT_REPLACED;
        status = import_clear_content(import, id);
    }
    if (status == DB_OK && *outcome != IMPORT_CORRECTED)
        status = import_write_content(import, id);
    char *detail = audit_detail(import, *outcome == IMPORT_CORRECTED ? differ : NULL);
    const char *action = actions[*outcome];
    if (*outcome == IMPORT_CORRECTED && !out->corrected)
        action = out->new_terms ? "glossary-extended" : "proofs-changed";
    if (status == DB_OK)
        status = detail ? import_write_end(import, id, action, detail, out) : DB_FAULT;
    free(detail);
    return status;
}

static enum db_status decide(struct import *import, enum import_outcome *outcome,
                             struct imported *out)
{
    struct stored stored = {0};
    struct differences differ = {0};
    *outcome = IMPORT_REFUSED;
    enum db_status status = find_stored(import, &stored);
    if (status != DB_OK || !check_identity(import, &stored))
        return status;
    if (stored.id != 0 && stored.rehearsal != import->draft->rehearsal) {
        import_refuse("/slug", "this name is taken");
        return DB_OK;
    }
    if (stored.id != 0)
        status = import_compare(import, &stored, &differ);
    if (status != DB_OK)
        return status;
    *out = (struct imported){
        .complete = stored.complete, .opens_us = stored.opens_us, .closes_us = stored.closes_us};
    if (stored.id != 0 && !differences_any(&differ)) {
        *outcome = IMPORT_UNCHANGED;
        return DB_OK;
    }
    if (stored.id != 0 && !change_is_allowed(import, &stored, &differ))
        return DB_OK;
    return write_draft(import, &stored, &differ, outcome, out);
}

enum import_outcome import_run(struct import *import, struct imported *out)
{
    enum import_outcome outcome = IMPORT_FAILED;
    enum db_status status = db_ready(import->db);
    if (status == DB_OK)
        status = db_begin(import->db);
    if (status != DB_OK)
        return IMPORT_FAILED;
    status = decide(import, &outcome, out);
    if (status == DB_OK && outcome != IMPORT_UNCHANGED && outcome != IMPORT_REFUSED)
        status = db_commit(import->db);
    else
        db_rollback(import->db);
    return status == DB_OK ? outcome : IMPORT_FAILED;
}
