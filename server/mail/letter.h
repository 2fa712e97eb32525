#ifndef MAIL_LETTER_H
#define MAIL_LETTER_H

#include "base/buf.h"

#include <stdint.h>

enum { LETTER_ADDRESS = 256, LETTER_SUBJECT = 256, LETTER_TEXT = 4096 };

/* A short letter in plain text. */
struct letter {
    char to[LETTER_ADDRESS]; /* as domain/identity normalises it */
    char subject[LETTER_SUBJECT];
    char text[LETTER_TEXT]; /* UTF-8, lines ended by LF */
};

/* As an Internet message (RFC 5322) with CRLF line ends: text/plain in UTF-8 as base64, marked as
 * written by a machine (RFC 3834). `random` makes its Message-ID. `utc_us`: its date. Pure. */
void letter_write(const struct letter *letter, const char *from, int64_t utc_us,
                  const unsigned char random[16], struct buf *out);

#endif
