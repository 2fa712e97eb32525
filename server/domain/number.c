/* Numbers and codes in Crockford's base 32; see receipt.h. */
#include "domain/receipt.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/* Without I, L, O and U, so that nothing is misread or spells a word. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* 32² is 1024; the largest prime below it finds every single wrong character and every exchange of
 * two. */
enum { CHECK_MODULUS = 1021, CODE_OWN = 10, CODE_CHECK = 2 };
static_assert(CODE_OWN + CODE_CHECK == RECEIPT_CODE_TEXT,
              "a code is its own characters and the check");

/* 0–31 as Crockford reads it, or -1. */
static int symbol_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - ('a' - 'A'));
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* Exactly `most` symbols, spaces and hyphens between them passed over; as the alphabet writes them.
 */
static bool symbols_read(const char *text, size_t most, char *out)
{
    size_t n = 0;
    char read[RECEIPT_CODE_TEXT + 1];
    for (; *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        int value = symbol_value(*text);
        if (value < 0 || n == most)
            return false;
        read[n++] = alphabet[value];
    }
    if (n != most)
        return false;
    memcpy(out, read, most);
    out[most] = '\0';
    sodium_memzero(read, sizeof read);
    return true;
}

/* The first `count` symbols of the bytes, five bits each. */
static void symbols_write(const unsigned char *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = 0;
        for (size_t bit = 5 * i; bit < 5 * i + 5; bit++)
            value = value << 1 | ((unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u);
        out[i] = alphabet[value];
    }
}

void number_make(const struct clock *clock, char number[NUMBER_TEXT + 1])
{
    unsigned char bytes[(NUMBER_TEXT * 5 + 7) / 8];
    clock_random(clock, bytes, sizeof bytes);
    symbols_write(bytes, NUMBER_TEXT, number);
    number[NUMBER_TEXT] = '\0';
}

bool number_read(const char *text, char number[NUMBER_TEXT + 1])
{
    return symbols_read(text, NUMBER_TEXT, number);
}

/* The own characters as a base-32 number modulo CHECK_MODULUS, in two symbols. */
static void code_check(const char *own, char check[CODE_CHECK])
{
    int sum = 0;
    for (size_t i = 0; i < CODE_OWN; i++)
        sum = (sum * 32 + symbol_value(own[i])) % CHECK_MODULUS;
    check[0] = alphabet[sum / 32];
    check[1] = alphabet[sum % 32];
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
    symbols_write(digest.bytes, CODE_OWN, code);
    code_check(code, code + CODE_OWN);
    code[RECEIPT_CODE_TEXT] = '\0';
    sodium_memzero(&digest, sizeof digest);
    return true;
}

bool receipt_code_matches(const struct keys *keys, const struct receipt *receipt, const char *typed)
{
    char right[RECEIPT_CODE_TEXT + 1], given[RECEIPT_CODE_TEXT + 1];
    bool ok = symbols_read(typed, RECEIPT_CODE_TEXT, given) && receipt_code(keys, receipt, right) &&
              sodium_memcmp(right, given, RECEIPT_CODE_TEXT) == 0;
    sodium_memzero(right, sizeof right);
    sodium_memzero(given, sizeof given);
    return ok;
}
