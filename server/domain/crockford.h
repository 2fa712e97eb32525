#ifndef DOMAIN_CROCKFORD_H
#define DOMAIN_CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>

/* Crockford's base 32 (https://www.crockford.com/base32.html) for what people read aloud, write
 * down and type: no I, L, O or U, so that nothing is misread or spells a word. The check characters
 * are ours: his single one has symbols that nobody can dictate. Pure functions, any thread. */

enum { CROCKFORD_MOST = 20, CROCKFORD_CHECK = 2 };

/* The first `count` symbols of the bytes, five bits each; no NUL is put behind them. */
void crockford_write(const unsigned char *bytes, size_t count, char *out);

/* Exactly `count` (at most CROCKFORD_MOST) symbols as somebody typed or pasted them: in any case,
 * full-width, O for 0, I or L for 1, parted by white space, hyphens or dashes. True: *out has them
 * as the alphabet writes them and a NUL. False: *out is as it was. */
bool crockford_read(const char *text, size_t count, char *out);

/* Check of `count` such symbols: they as a base-32 number modulo 1021, in two symbols. It finds
 * every wrong character and every two exchanged. */
void crockford_check(const char *own, size_t count, char check[CROCKFORD_CHECK]);

#endif
