#ifndef DOMAIN_SAVED_FORM_H
#define DOMAIN_SAVED_FORM_H

#include "domain/digest.h"
#include "domain/sealed_form.h"

/* A form's state kept by the server under a return code, which alone finds and opens it: what is
 * stored is a hash made from the code and bytes under a key made from it by another derivation.
 *
 * Both are keyed BLAKE2b of the code, and no slow Argon2id: 90 random bits cannot be guessed by
 * whoever has the rows, at any speed. Slowness helps what people think up; here it would only let
 * strangers keep our processors busy. Any thread. */

enum {
    SAVED_FORM_DAYS = 14,
    SAVED_FORM_LEAST = 1024, /* padded to this or a power of two above */
    SAVED_FORM_MOST = 256 * 1024,
    SAVED_FORM_AROUND = 40 /* nonce and tag */
};

/* 18 random symbols and 2 check symbols of Crockford's base 32. */
void return_code_make(const struct clock *clock, char code[RETURN_CODE_TEXT + 1]);
/* As crockford_read. False: not a return code, or one that was mistyped. */
bool return_code_read(const char *typed, char code[RETURN_CODE_TEXT + 1]);

/* What finds the row. */
void saved_form_find(const char code[RETURN_CODE_TEXT + 1], struct digest *out);

/* Nonce and the state, padded so that its length tells little, under XChaCha20-Poly1305 with the
 * consultation as additional data. NULL: no memory, or more than FORM_STATE_BYTES_MOST. Caller
 * frees. */
unsigned char *saved_form_seal(const struct clock *clock, const char code[RETURN_CODE_TEXT + 1],
                               const char *slug, const struct form_state *state, size_t *length);
/* OPENED, with the code in out->saved; BROKEN, FAILED. *out: form_state_clear, whatever the
 * outcome.
 */
enum sealed_form_outcome saved_form_open(const char code[RETURN_CODE_TEXT + 1], const char *slug,
                                         const void *bytes, size_t length, struct form_state *out);

#endif
