#ifndef COMMANDS_IMPORT_H
#define COMMANDS_IMPORT_H

#include "domain/digest.h"
#include "domain/draft.h"
#include "store/db.h"

/* The importer's own: import.c reads and says, import_run.c decides, import_write.c writes,
 * import_compare.c finds what differs from what is stored. */

struct import {
    struct db *db;
    const struct draft *draft;
    const char *correction; /* the note of --correct, or NULL */
    const char *keys_folder;
    struct digest document_hash;
    struct digest identity_check;
};

/* What the database holds under the draft's name. */
struct stored {
    int32_t id; /* 0: nothing */
    bool rehearsal, complete, has_opened, destroyed;
    int64_t now_us; /* the database's clock */
    int64_t opens_us, closes_us;
    int grace_s, entry_days;
    unsigned identity_kinds, proofs;
    struct limits limits;
    struct publication publication;
    struct digest document_hash, identity_check;
};

/* The parsed file, of a consultation or another; NULL after a sentence. Caller decrefs. */
json_t *import_read(const char *path);

/* How the draft differs from it. Texts by their place in the draft. */
struct differences {
    bool window, settings, proofs, limits, directions, questions, sectors, texts_gone;
    bool terms_gone, details_gone; /* a term, a contact detail that is stored is not in the draft */
    size_t new_terms, new_details;
    size_t text_count;
    bool text[DRAFT_TEXTS_MOST];
    int version[DRAFT_TEXTS_MOST]; /* as stored; 0: not there */
};

enum db_status import_compare(const struct import *import, const struct stored *stored,
                              struct differences *out);
bool differences_any(const struct differences *differences);

/* How many texts of the draft are stored with other words, or are contact details that are not. */
size_t differences_corrected(const struct differences *differences);

/* Statements within the transaction. */
enum db_status import_write_consultation(struct import *import, const struct stored *stored,
                                         int32_t *id);
enum db_status import_clear_content(struct import *import, int32_t id);
enum db_status import_write_content(struct import *import, int32_t id);
enum db_status import_write_proofs(struct import *import, int32_t id);
enum db_status import_write_terms(struct import *import, int32_t id);
enum db_status import_write_corrections(struct import *import, int32_t id,
                                        const struct differences *differ);
/* The last: completeness, digest, revision, audit row; `detail` is JSON. */
struct imported;
enum db_status import_write_end(struct import *import, int32_t id, const char *action,
                                const char *detail, struct imported *out);

enum import_outcome {
    IMPORT_UNCHANGED,
    IMPORT_CREATED,
    IMPORT_REPLACED,  /* it had not opened yet */
    IMPORT_CORRECTED, /* new versions of texts, contact details, terms, or other proofs */
    IMPORT_REFUSED,   /* the reasons were said */
    IMPORT_FAILED,    /* the database, or memory */
};

/* What became of it, for saying. */
struct imported {
    bool complete;
    int64_t opens_us, closes_us;
    size_t corrected, new_terms;
    bool proofs; /* another choice of proofs */
};

/* One transaction, begun and ended here. */
enum import_outcome import_run(struct import *import, struct imported *out);

/* One line on standard error: a place in the document and what is wrong with it. */
void import_refuse(const char *pointer, const char *words);

#endif
