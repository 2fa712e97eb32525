/* A person's digests; see subject.h. */
#include "access/subject.h"

#include <sodium.h>
#include <string.h>

enum { PLAIN_MOST = 2 * 256 };

int subject_hashes(const struct keys *keys, const char *issuer, const char *subject,
                   struct digest out[SUBJECT_HASHES])
{
    /* Each with the NUL at its end, which neither holds: no two pairs share bytes. */
    char plain[PLAIN_MOST];
    size_t first = strlen(issuer) + 1, second = strlen(subject) + 1;
    int count = 0;
    if (first + second > sizeof plain)
        return 0;
    memcpy(plain, issuer, first);
    memcpy(plain + first, subject, second);
    for (int master = keys_newest_master(keys); master > 0 && count < SUBJECT_HASHES; master--)
        if (keys_derive(keys, master, "account-subject", plain, first + second, &out[count]))
            count++;
    sodium_memzero(plain, sizeof plain);
    return count;
}
