/* Numbers and codes of receipts; see receipt.h. */
#include "domain/crockford.h"
#include "domain/receipt.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { CODE_OWN = 10 };
static_assert(CODE_OWN + CROCKFORD_CHECK == RECEIPT_CODE_TEXT,
              "a code is its own characters and the check");

void number_make(const struct clock *clock, char number[NUMBER_TEXT + 1])
{
    unsigned char bytes[(NUMBER_TEXT * 5 + 7) / 8];
    clock_random(clock, bytes, sizeof bytes);
    crockford_write(bytes, NUMBER_TEXT, number);
    number[NUMBER_TEXT] = '\0';
}

bool number_read(const char *text, char number[NUMBER_TEXT + 1])
{
    return crockford_read(text, NUMBER_TEXT, number);
}

bool receipt_code(const struct keys *keys, const struct receipt *receipt,
                  char code[RECEIPT_CODE_TEXT + 1])
{
    unsigned char input[NUMBER_TEXT + 4];
    struct digest digest;
    memcpy(input, receipt->number, NUMBER_TEXT);
    for (int i = 0; i < 4; i++)
        input[NUMBER_TEXT + i] = (unsigned char)((unsigned)receipt->generation >> (24 - 8 * i));
    if (!keys_derive(keys, receipt->master, "receipt-code", input, sizeof input, &digest))
        return false;
    crockford_write(digest.bytes, CODE_OWN, code);
    crockford_check(code, CODE_OWN, code + CODE_OWN);
    code[RECEIPT_CODE_TEXT] = '\0';
    sodium_memzero(&digest, sizeof digest);
    return true;
}

bool receipt_code_matches(const struct keys *keys, const struct receipt *receipt, const char *typed)
{
    char right[RECEIPT_CODE_TEXT + 1], given[RECEIPT_CODE_TEXT + 1];
    bool ok = crockford_read(typed, RECEIPT_CODE_TEXT, given) &&
              receipt_code(keys, receipt, right) &&
              sodium_memcmp(right, given, RECEIPT_CODE_TEXT) == 0;
    sodium_memzero(right, sizeof right);
    sodium_memzero(given, sizeof given);
    return ok;
}
