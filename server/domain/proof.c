/* Codes that prove an identity; see proof.h. */
#include "domain/proof.h"

#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 1000000, TYPED_MOST = 64 };

void proof_code_make(const struct clock *clock, char code[PROOF_CODE + 1])
{
    const uint32_t fair = UINT32_MAX - UINT32_MAX % CODES; /* a multiple of CODES */
    uint32_t number = 0;
    do
        clock_random(clock, &number, sizeof number);
    while (number >= fair);
    snprintf(code, PROOF_CODE + 1, "%06u", (unsigned)(number % CODES));
    sodium_memzero(&number, sizeof number);
}

bool proof_code_read(const char *text, char code[PROOF_CODE + 1])
{
    char *plain = NULL;
    size_t length = strlen(text), count = 0;
    if (length > TYPED_MOST || !text_compatible(text, length, &plain))
        return false;
    for (const char *p = plain; *p && count <= PROOF_CODE; p++) {
        if (*p == ' ' || *p == '-' || *p == '\t')
            continue;
        bool fits = *p >= '0' && *p <= '9' && count < PROOF_CODE;
        if (fits)
            code[count] = *p;
        count = fits ? count + 1 : PROOF_CODE + 1;
    }
    sodium_memzero(plain, strlen(plain));
    free(plain);
    code[PROOF_CODE] = '\0';
    return count == PROOF_CODE;
}

bool proof_code_hash(const struct keys *keys, int master, const struct uuid *challenge,
                     const char code[PROOF_CODE + 1], struct digest *out)
{
    unsigned char input[UUID_BYTES + PROOF_CODE];
    memcpy(input, challenge->bytes, UUID_BYTES);
    memcpy(input + UUID_BYTES, code, PROOF_CODE);
    bool ok = keys_derive(keys, master, "challenge-code", input, sizeof input, out);
    sodium_memzero(input, sizeof input);
    return ok;
}
