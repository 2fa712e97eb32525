/* Submission keys on paper; see paper_key.h. */
#include "domain/paper_key.h"

#include "domain/crockford.h"
#include "domain/digest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { OWN = PAPER_KEY_TEXT - CROCKFORD_CHECK };
static_assert((int)PAPER_KEY_TEXT <= (int)CROCKFORD_MOST, "a key can be read");

static const char tag[] = "consultation-paper-key-v1";

void paper_key_make(const struct clock *clock, char text[PAPER_KEY_TEXT + 1])
{
    unsigned char bytes[(OWN * 5 + 7) / 8];
    clock_random(clock, bytes, sizeof bytes);
    crockford_write(bytes, OWN, text);
    crockford_check(text, OWN, text + OWN);
    text[PAPER_KEY_TEXT] = '\0';
}

void paper_key_spoken(const char *text, char spoken[PAPER_KEY_SPOKEN])
{
    snprintf(spoken, PAPER_KEY_SPOKEN, "%.4s %.4s %.4s %.4s", text, text + 4, text + 8, text + 12);
}

bool paper_key_read(const char *typed, struct uuid *out)
{
    char text[PAPER_KEY_TEXT + 1], check[CROCKFORD_CHECK];
    struct digest digest;
    if (!crockford_read(typed, PAPER_KEY_TEXT, text))
        return false;
    crockford_check(text, OWN, check);
    if (memcmp(check, text + OWN, CROCKFORD_CHECK) != 0)
        return false;
    const struct digest_part parts[] = {{tag, sizeof tag - 1}, {text, OWN}};
    digest_parts(NULL, parts, sizeof parts / sizeof *parts, &digest);
    memcpy(out->bytes, digest.bytes, UUID_BYTES);
    out->bytes[6] = (unsigned char)((out->bytes[6] & 0x0f) | 0x80);
    out->bytes[8] = (unsigned char)((out->bytes[8] & 0x3f) | 0x80);
    return true;
}
