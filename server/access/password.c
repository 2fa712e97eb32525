/* Passwords; see password.h. */
#include "access/password.h"

#include "base/parse.h"
#include "base/text.h"
#include "domain/wipe.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    OPERATIONS = crypto_pwhash_OPSLIMIT_INTERACTIVE,
    MEMORY = crypto_pwhash_MEMLIMIT_INTERACTIVE,
    DIFFERENT_LEAST = 5
};
static_assert((int)PASSWORD_HASH_TEXT == (int)crypto_pwhash_STRBYTES, "libsodium's own length");

/* The hash of a password nobody knows, with the costs of ours: what a try under an unknown name is
 * held against. Its bytes never matter, for password_is refuses it whatever they say. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* One form of what can be typed in several ways, as NIST SP 800-63B §5.1.1.2 asks: NFKC. Caller:
 * wipe_free. */
static char *password_form(const char *password)
{
    char *form = NULL;
    return text_compatible(password, strlen(password), &form) ? form : NULL;
}

static bool is_one_of(const char *point, size_t length, const char *text, const char *end)
{
    for (; text + length <= end; text++)
        if (memcmp(text, point, length) == 0)
            return true;
    return false;
}

static size_t different_points(const char *text)
{
    size_t count = 0;
    for (const char *p = text; *p;) {
        size_t length = 1;
        while ((p[length] & 0xc0) == 0x80)
            length++;
        count += !is_one_of(p, length, text, p);
        p += length;
    }
    return count;
}

enum problem_code password_check(const char *password, const char *login)
{
    if (!parse_utf8(password, strlen(password)))
        return PROBLEM_BAD_TEXT;
    char *form = password_form(password);
    if (!form)
        return PROBLEM_BAD_TEXT;
    size_t points = text_points(form);
    bool has_login = strstr(form, login) && points < strlen(login) + PASSWORD_LEAST / 2;
    enum problem_code problem = PROBLEM_NONE;
    if (points < PASSWORD_LEAST)
        problem = PROBLEM_PASSWORD_SHORT;
    else if (points > PASSWORD_MOST)
        problem = PROBLEM_TOO_LONG;
    else if (different_points(form) < DIFFERENT_LEAST || has_login)
        problem = PROBLEM_PASSWORD_WEAK;
    wipe_free(form);
    return problem;
}

bool password_hash(const char *password, char hash[PASSWORD_HASH_TEXT])
{
    char *form = password_form(password);
    bool ok = form && crypto_pwhash_str_alg(hash, form, strlen(form), OPERATIONS, MEMORY,
                                            crypto_pwhash_ALG_ARGON2ID13) == 0;
    wipe_free(form);
    return ok;
}

bool password_is(const char *hash, const char *password)
{
    char *form = password_form(password);
    const char *tried = form ? form : "";
    bool same = crypto_pwhash_str_verify(hash ? hash : nobody, tried, strlen(tried)) == 0;
    bool right = same && hash && form;
    wipe_free(form);
    return right;
}
