#ifndef DOMAIN_KEYS_H
#define DOMAIN_KEYS_H

#include "domain/digest.h"
#include "domain/identity.h"

#include <jansson.h>
#include <stdbool.h>

/* The keys' folder, outside database and backups (0700, files 0600): `master-<id>` (32 random
 * bytes), `identity-<consultation slug>` (32), `receipt-<id>` (Ed25519 secret), `receipt-<id>.pub`.
 * Loaded at start into guarded, read-only memory (sodium_malloc), and from then on shared by all
 * threads without a lock: nothing of it changes, only identity keys of new consultations are added.
 * Ids are small integers; the highest makes, all read. */
struct keys;

enum { SIGNATURE_BYTES = 64, KEY_ID_TEXT = 16 };

struct keys *keys_load(const char *folder, char *error, size_t error_size);
/* Public halves only, of a JWK Set as keys_jwks makes it: verifies receipts, does nothing else.
 * NULL: not such a set. */
struct keys *keys_from_jwks(const json_t *set);
void keys_free(struct keys *keys);

/* Make what is missing in the folder (and the folder); used by the `keys` command and the set-up.
 * What is there stays. */
bool keys_make_base(const char *folder, char *error, size_t error_size);
bool keys_make_identity(const char *folder, const char *slug, char *error, size_t error_size);
/* One more receipt key or master, which is the newest from the next start on. */
bool keys_make_receipt(const char *folder, char *error, size_t error_size);
bool keys_make_master(const char *folder, char *error, size_t error_size);
/* Overwrites and deletes a consultation's identity key: its hashes are noise from then on. True if
 * none was there. */
bool keys_destroy_identity(const char *folder, const char *slug, char *error, size_t error_size);

/* NULL when the consultation's key is not there (destroyed, or not yet made). Lives as long as
 * `keys`. */
const struct identity_key *keys_identity(const struct keys *keys, const char *slug);
/* The same, and NULL as well when it is not the one that its rows are hashed with. */
const struct identity_key *keys_identity_of(const struct keys *keys,
                                            const struct consultation *consultation);
/* Looks into the folder once more for the key of a consultation that has none that fits, and takes
 * it if it does. False with a sentence in `error`: it is missing, unreadable or another one. For
 * one thread (the watcher's); the others may read keys meanwhile. Blocks on the file. */
bool keys_identity_add(struct keys *keys, const char *folder,
                       const struct consultation *consultation, char *error, size_t error_size);

/* A value that only this key gives, kept in the database so that a server with a wrong key refuses
 * to start. False: no such master. */
void keys_identity_check(const struct identity_key *key, struct digest *out);
bool keys_master_check(const struct keys *keys, int master, struct digest *out);

/* 0: there is none. */
int keys_newest_master(const struct keys *keys);
int keys_newest_receipt(const struct keys *keys);

/* Keyed BLAKE2b under a key derived from the master for one purpose ("receipt-code", "form").
 * False: no such master. */
bool keys_derive(const struct keys *keys, int master, const char *purpose, const void *input,
                 size_t length, struct digest *out);

/* Ed25519 (RFC 8032). False: no such receipt key, or its private half is gone. */
bool keys_sign(const struct keys *keys, int receipt_key, const void *bytes, size_t length,
               unsigned char signature[SIGNATURE_BYTES]);
bool keys_verify(const struct keys *keys, int receipt_key, const void *bytes, size_t length,
                 const unsigned char signature[SIGNATURE_BYTES]);

/* A receipt key's id in documents, "receipt-1", and back; 0 if it is none. */
void keys_id_text(int receipt_key, char text[KEY_ID_TEXT]);
int keys_id_read(const char *text);
bool keys_has_receipt(const struct keys *keys, int receipt_key);

/* All public halves as a JWK Set (RFC 7517, OKP keys of RFC 8037), newest first; caller decrefs. */
json_t *keys_jwks(const struct keys *keys);

#endif
