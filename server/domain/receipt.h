#ifndef DOMAIN_RECEIPT_H
#define DOMAIN_RECEIPT_H

#include "base/clock.h"
#include "domain/digest.h"
#include "domain/keys.h"

#include <jansson.h>

enum { NUMBER_TEXT = 10, RECEIPT_CODE_TEXT = 12 };

/* What a receipt states: made from the stored row after COMMIT, so that a retry gives identical
 * bytes. It says *recorded*, never *counted*. */
struct receipt {
    char consultation[SLUG_MOST + 1];
    char number[NUMBER_TEXT + 1]; /* Crockford base 32, random, public */
    int64_t arrived_us;           /* stated to the second */
    struct digest commitment;
    int receipt_key;
    int master;             /* whose derived key makes the code */
    int generation;         /* of the code */
    unsigned char salt[32]; /* given to the holder only; zero if erased */
    bool erased;
};

void number_make(const struct clock *clock, char number[NUMBER_TEXT + 1]);
/* As crockford_read. False: not a number. */
bool number_read(const char *text, char number[NUMBER_TEXT + 1]);

/* Code of a number: 10 characters of keyed BLAKE2b and 2 check characters. False: master not there.
 */
bool receipt_code(const struct keys *keys, const struct receipt *receipt,
                  char code[RECEIPT_CODE_TEXT + 1]);
/* Normalises what was typed and compares in constant time. */
bool receipt_code_matches(const struct keys *keys, const struct receipt *receipt,
                          const char *typed);

/* The signed bytes: "consultation-receipt-v1\n" and RFC 8785 JSON of consultation, number,
 * arrived_at, commitment, key id. Caller frees. */
char *receipt_statement(const struct receipt *receipt, size_t *length);

/* The public document: statement's fields plus `signature` (base64url); caller decrefs. NULL: key
 * gone or no memory. */
json_t *receipt_document(const struct keys *keys, const struct receipt *receipt);

/* The receipt of a withdrawal: "consultation-withdrawal-v1\n" and the same members with
 * withdrawn_at instead of arrived_at, signed by the same key. Made from the stored row after COMMIT
 * as well. It says nothing of the state before. */
char *withdrawal_statement(const struct receipt *receipt, int64_t withdrawn_us, size_t *length);
json_t *withdrawal_document(const struct keys *keys, const struct receipt *receipt,
                            int64_t withdrawn_us);

/* Checks a document as one of the two made it; other members are passed over. One with
 * `withdrawn_at` and without `arrived_at` is a withdrawal's. */
enum receipt_verdict { RECEIPT_GENUINE, RECEIPT_FALSE, RECEIPT_UNREADABLE, RECEIPT_KEY_UNKNOWN };
enum receipt_verdict receipt_verify(const struct keys *keys, const json_t *document);
bool receipt_is_withdrawal(const json_t *document);

/* What somebody shows: one of the two by itself, or a document that holds a `receipt`, a
 * `withdrawal`, or both, of one submission, and perhaps, as its holder reads it back, the `content`
 * and the random bytes (`salt`) that the commitment was made of. The verdict is of all of these.
 * Borrowed; NULL: not in it. */
struct receipt_papers {
    const json_t *receipt, *withdrawal;
    enum { CONTENT_NOT_SHOWN, CONTENT_FITS, CONTENT_OTHER } content; /* judged last */
};
enum receipt_verdict receipt_verify_papers(const struct keys *keys, const json_t *document,
                                           struct receipt_papers *out);

#endif
