#ifndef ACCESS_TOTP_H
#define ACCESS_TOTP_H

#include "base/clock.h"
#include "domain/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One-time codes by time (RFC 6238): SHA-1, six digits, steps of 30 seconds, which is what every
 * authenticator has. The codes are liboath's. Any thread, after totp_start. */

enum {
    TOTP_SECRET_BYTES = 20, /* RFC 4226 §4 R6 */
    TOTP_SECRET_TEXT = 32,  /* base 32 (RFC 4648 §6) */
    TOTP_SEALED_BYTES = 24 + TOTP_SECRET_BYTES + 16,
    TOTP_ADDRESS = 256
};

struct totp_secret {
    unsigned char bytes[TOTP_SECRET_BYTES];
};

/* Once, before the first use. */
bool totp_start(void);

void totp_make(const struct clock *clock, struct totp_secret *out);

/* Under a key derived from that master key, for that account alone. False: no such master; for
 * opening also: it is not what was sealed for it. */
bool totp_seal(const struct keys *keys, int master, const struct clock *clock, int32_t official_id,
               const struct totp_secret *secret, unsigned char sealed[TOTP_SEALED_BYTES]);
bool totp_open(const struct keys *keys, int master, int32_t official_id, const void *sealed,
               size_t length, struct totp_secret *out);

/* Whether `typed` (as proof_code_read takes it) is the code of the present step or of a neighbour,
 * so that clocks may be half a minute apart, and of one after `last`, so that each is good once.
 * *step: which. */
bool totp_is(const struct totp_secret *secret, int64_t utc_us, int64_t last, const char *typed,
             int64_t *step);

/* In groups of four, to be typed; the caller wipes. */
void totp_text(const struct totp_secret *secret, char text[TOTP_SECRET_TEXT + 8]);
/* What authenticators read from a QR code (otpauth:, as Google's key URI format has it). `issuer`
 * and `login` must need no escapes. */
void totp_address(const struct totp_secret *secret, const char *issuer, const char *login,
                  char text[TOTP_ADDRESS]);

#endif
