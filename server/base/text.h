#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Unicode text as people type it. Pure functions. */

/* A normal form of what somebody wrote: CRLF and CR become LF, then NFC (UAX #15). False if the
 * bytes are not UTF-8, hold a control character (C0/C1 other than LF and TAB) or memory ran out.
 * *out: caller frees. */
bool text_normalise(const char *bytes, size_t length, char **out);

/* NFKC (UAX #15), as identities need it: full-width forms become ASCII. *out: caller wipes and
 * frees. */
bool text_compatible(const char *bytes, size_t length, char **out);

/* Code points, not bytes and not UTF-16 units. `text` must be UTF-8. */
size_t text_points(const char *text);

/* Words where Chinese and English stand together ("字／words"): each ideograph, kana or Hangul
 * syllable is one, and so is each run of other letters, digits and marks, with an apostrophe,
 * hyphen, point or comma between two of them. `text` must be UTF-8. */
size_t text_words(const char *text);

/* What of a title is compared: its letters, digits and marks in NFKC and lower case, and nothing
 * between them. False if the bytes are not UTF-8 or memory ran out. *out: caller frees. */
bool text_title_key(const char *bytes, size_t length, char **out);

/* The text without white space at either end (Unicode White_Space): a window into `text`. */
const char *text_trim(const char *text, size_t *length);

#endif
