/* A rehearsal's letters as files of a folder, for whoever tries the service without mail. */
#include "mail/carrier.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_TEXT = CARRIER_TEXT + 64 };

bool outbox_open(const char *folder, char *error, size_t error_size)
{
    if ((mkdir(folder, 0700) == 0 || errno == EEXIST) && access(folder, W_OK | X_OK) == 0)
        return true;
    snprintf(error, error_size, "the outbox %s cannot be written: %s", folder, strerror(errno));
    return false;
}

/* Under another name first: whoever watches the folder sees whole letters only. */
enum carried outbox_put(const struct carrier *carrier, const struct buf *message)
{
    unsigned char random[8];
    char name[2 * sizeof random + 1], whole[PATH_TEXT], part[PATH_TEXT];
    clock_random(carrier->clock, random, sizeof random);
    sodium_bin2hex(name, sizeof name, random, sizeof random);
    int64_t second = clock_utc_us(carrier->clock) / 1000000;
    snprintf(whole, sizeof whole, "%s/%" PRId64 "-%s.eml", carrier->outbox, second, name);
    snprintf(part, sizeof part, "%s/.%s.part", carrier->outbox, name);
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = file >= 0 && write(file, message->data, message->length) == (ssize_t)message->length;
    if (file >= 0)
        ok = close(file) == 0 && ok;
    if (ok && rename(part, whole) == 0)
        return CARRIED;
    log_event(LOG_LEVEL_WARNING, "outbox-not-written", "why=\"%s\"", strerror(errno));
    if (file >= 0)
        unlink(part);
    return CARRIED_NOT_NOW;
}
