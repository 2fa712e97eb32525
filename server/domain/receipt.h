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

/* Checks a document as receipt_document made it; other members are passed over. */
enum receipt_verdict { RECEIPT_GENUINE, RECEIPT_FALSE, RECEIPT_UNREADABLE, RECEIPT_KEY_UNKNOWN };
enum receipt_verdict receipt_verify(const struct keys *keys, const json_t *document);

#endif
