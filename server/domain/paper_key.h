#ifndef DOMAIN_PAPER_KEY_H
#define DOMAIN_PAPER_KEY_H

#include "base/clock.h"
#include "base/parse.h"

/* The submission key as a paper form carries it: 14 random Crockford symbols, which make 70 bits,
 * and two that check them, so that a slip of the typist is found and not taken for another form.
 * The key proper is made from them, and nothing is kept before a form is used. */

enum { PAPER_KEY_TEXT = 16, PAPER_KEY_SPOKEN = PAPER_KEY_TEXT + 4 };

/* A fresh one. Any thread. */
void paper_key_make(const struct clock *clock, char text[PAPER_KEY_TEXT + 1]);

/* In groups of four, for reading and typing. */
void paper_key_spoken(const char *text, char spoken[PAPER_KEY_SPOKEN]);

/* As somebody typed or scanned it, parted or not. True: *out is the submission key, an UUID of our
 * own making (RFC 9562 §5.8). False: no such key, *out is as it was. Any thread. */
bool paper_key_read(const char *typed, struct uuid *out);

#endif
