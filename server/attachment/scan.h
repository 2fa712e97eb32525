#ifndef ATTACHMENT_SCAN_H
#define ATTACHMENT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A virus scanner over clamd's protocol (clamd(8), INSTREAM): the file is streamed to it, so that
 * it needs no right to our folder and may be on another machine's loopback tunnel. */

enum scan_verdict {
    SCAN_CLEAN,
    SCAN_FOUND,
    SCAN_AWAY, /* not there, too slow, or it would not look at a file of that size (its own
                  StreamMaxLength): logged, and nobody knows */
};

/* True if `address` is one to scan at: unix:PATH, or a loopback IPv4 address and port. */
bool scan_is_address(const char *address);

/* The whole file, by position, within so many seconds. Any thread; blocks. */
enum scan_verdict scan_file(const char *address, int file, uint64_t length, int seconds);

#endif
