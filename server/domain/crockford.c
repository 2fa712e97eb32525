/* Crockford's base 32; see crockford.h. */
#include "domain/crockford.h"

#include "base/text.h"
#include "domain/wipe.h"

#include <sodium.h>
#include <string.h>

/* Without I, L, O and U, so that nothing is misread or spells a word. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* 32² is 1024; the largest prime below it finds every single wrong character and every exchange of
 * two. */
enum { CHECK_MODULUS = 1021 };

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

/* Bytes at `text` that only part the symbols for reading: white space, and hyphens and dashes
 * (U+2010 to U+2015, U+2212), which text programs put in a hyphen's place. 0: none. */
static size_t parting(const char *text)
{
    static const char dashes[] = "\xe2\x80", minus[] = "\xe2\x88\x92";
    if (strchr(" \t\r\n-", *text))
        return 1;
    if (strncmp(text, dashes, 2) == 0 && text[2] >= '\x90' && text[2] <= '\x95')
        return 3;
    return strncmp(text, minus, 3) == 0 ? 3 : 0;
}

/* Exactly `most` symbols, parted or not; as the alphabet writes them. */
static bool symbols_take(const char *text, size_t most, char *out)
{
    size_t n = 0;
    char read[CROCKFORD_MOST + 1];
    while (*text) {
        size_t parts = parting(text);
        int value = parts ? 0 : symbol_value(*text);
        if (value < 0 || (!parts && n == most))
            return false;
        if (!parts)
            read[n++] = alphabet[value];
        text += parts ? parts : 1;
    }
    if (n != most)
        return false;
    memcpy(out, read, most);
    out[most] = '\0';
    sodium_memzero(read, sizeof read);
    return true;
}

/* The full-width forms of an input method are folded first; a no-break space becomes a space. */
bool crockford_read(const char *text, size_t most, char *out)
{
    char *folded = NULL;
    bool ok = text_compatible(text, strlen(text), &folded) && symbols_take(folded, most, out);
    if (folded)
        wipe_free(folded);
    return ok;
}

void crockford_write(const unsigned char *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = 0;
        for (size_t bit = 5 * i; bit < 5 * i + 5; bit++)
            value = value << 1 | ((unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u);
        out[i] = alphabet[value];
    }
}

void crockford_check(const char *own, size_t count, char check[CROCKFORD_CHECK])
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum = (sum * 32 + (unsigned)symbol_value(own[i])) % CHECK_MODULUS;
    check[0] = alphabet[sum / 32];
    check[1] = alphabet[sum % 32];
}
