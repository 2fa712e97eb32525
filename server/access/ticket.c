/* Secrets that are carried, and their digests; see ticket.h. */
#include "access/ticket.h"

#include "domain/crockford.h"

#include <sodium.h>
#include <string.h>

enum {
    TICKET_BYTES = 32,
    OWN = RECOVERY_TEXT - CROCKFORD_CHECK,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

static void ticket_digest(const unsigned char bytes[TICKET_BYTES], struct digest *out)
{
    static const char tag[] = "consultation-ticket-v1";
    const struct digest_part parts[] = {{tag, sizeof tag - 1}, {bytes, TICKET_BYTES}};
    digest_parts(NULL, parts, 2, out);
}

void ticket_make(const struct clock *clock, char text[TICKET_TEXT], struct digest *out)
{
    unsigned char bytes[TICKET_BYTES];
    clock_random(clock, bytes, sizeof bytes);
    sodium_bin2base64(text, TICKET_TEXT, bytes, sizeof bytes, VARIANT);
    ticket_digest(bytes, out);
    sodium_memzero(bytes, sizeof bytes);
}

bool ticket_read(const char *text, struct digest *out)
{
    unsigned char bytes[TICKET_BYTES];
    size_t length = 0;
    bool ok = strlen(text) == TICKET_TEXT - 1 &&
              sodium_base642bin(bytes, sizeof bytes, text, TICKET_TEXT - 1, NULL, &length, NULL,
                                VARIANT) == 0 &&
              length == sizeof bytes;
    if (ok)
        ticket_digest(bytes, out);
    sodium_memzero(bytes, sizeof bytes);
    return ok;
}

bool form_token_make(const struct keys *keys, const struct digest *session,
                     char text[FORM_TOKEN_TEXT])
{
    struct digest token;
    if (!keys_derive(keys, keys_newest_master(keys), "official-form", session->bytes, DIGEST_BYTES,
                     &token))
        return false;
    digest_hex(&token, text);
    return true;
}

bool form_token_is(const char *expected, const char *sent)
{
    return strlen(expected) == FORM_TOKEN_TEXT - 1 && strlen(sent) == FORM_TOKEN_TEXT - 1 &&
           sodium_memcmp(expected, sent, FORM_TOKEN_TEXT - 1) == 0;
}

static void recovery_digest(const char *code, struct digest *out)
{
    static const char tag[] = "consultation-recovery-v1";
    const struct digest_part parts[] = {{tag, sizeof tag - 1}, {code, RECOVERY_TEXT}};
    digest_parts(NULL, parts, 2, out);
}

void recovery_make(const struct clock *clock, char text[RECOVERY_TEXT + 1], struct digest *out)
{
    unsigned char bytes[(OWN * 5 + 7) / 8];
    clock_random(clock, bytes, sizeof bytes);
    crockford_write(bytes, OWN, text);
    crockford_check(text, OWN, text + OWN);
    text[RECOVERY_TEXT] = '\0';
    recovery_digest(text, out);
    sodium_memzero(bytes, sizeof bytes);
}

bool recovery_read(const char *typed, struct digest *out)
{
    char code[RECOVERY_TEXT + 1], check[CROCKFORD_CHECK];
    bool ok = crockford_read(typed, RECOVERY_TEXT, code);
    if (ok) {
        crockford_check(code, OWN, check);
        ok = memcmp(check, code + OWN, CROCKFORD_CHECK) == 0;
    }
    if (ok)
        recovery_digest(code, out);
    sodium_memzero(code, sizeof code);
    return ok;
}
