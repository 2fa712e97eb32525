#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include "base/problem.h"

/* Passwords by Argon2id of libsodium: 64 MiB and a tenth of a second each, so never on an HTTP
 * thread, and few at once. */

enum {
    PASSWORD_HASH_TEXT = 128, /* with its NUL, as libsodium writes it */
    PASSWORD_LEAST = 12,      /* code points (NIST SP 800-63B §5.1.1.1 asks for eight) */
    PASSWORD_MOST = 256
};

/* Whether somebody may choose it: PROBLEM_NONE, PASSWORD_SHORT, TOO_LONG, BAD_TEXT, or
 * PASSWORD_WEAK: fewer than five different characters, or little more than the account's name. No
 * rule asks for kinds of characters (NIST SP 800-63B §5.1.1.2). Any thread. */
enum problem_code password_check(const char *password, const char *login);

/* False: no memory, or not UTF-8. Blocks for about 0.1 s. */
bool password_hash(const char *password, char hash[PASSWORD_HASH_TEXT]);

/* `hash` NULL is nobody's: takes as long, and is never right. */
bool password_is(const char *hash, const char *password);

#endif
