/* clamd's protocol; see scan.h. */
#include "attachment/scan.h"

#include "base/log.h"
#include "base/parse.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, REPLY = 512 };

union place {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_un un;
};

struct talk {
    int socket;
    int64_t until_ms; /* CLOCK_MONOTONIC */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 0: no such address. */
static socklen_t place_read(const char *address, union place *out)
{
    char host[INET_ADDRSTRLEN];
    int64_t port;
    memset(out, 0, sizeof *out);
    if (strncmp(address, "unix:", 5) == 0) {
        size_t length = strlen(address + 5);
        if (length == 0 || length >= sizeof out->un.sun_path)
            return 0;
        out->un.sun_family = AF_UNIX;
        memcpy(out->un.sun_path, address + 5, length + 1);
        return sizeof out->un;
    }
    const char *colon = strchr(address, ':');
    if (!colon || (size_t)(colon - address) >= sizeof host ||
        !parse_integer(colon + 1, 1, 65535, &port))
        return 0;
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    out->four.sin_family = AF_INET;
    out->four.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, host, &out->four.sin_addr) != 1 ||
        ntohl(out->four.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
        return 0;
    return sizeof out->four;
}

bool scan_is_address(const char *address)
{
    union place place;
    return place_read(address, &place) != 0;
}

static bool talk_ready(const struct talk *talk, short events)
{
    struct pollfd wait = {.fd = talk->socket, .events = events};
    int64_t left = talk->until_ms - now_ms();
    return left > 0 && poll(&wait, 1, (int)left) == 1;
}

static bool talk_open(struct talk *talk, const char *address)
{
    union place place;
    socklen_t size = place_read(address, &place);
    int fault = 0;
    socklen_t fault_size = sizeof fault;
    talk->socket =
        size ? socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
    if (talk->socket < 0)
        return false;
    if (connect(talk->socket, &place.any, size) == 0)
        return true;
    /* EAGAIN: a unix socket's queue of callers is full. */
    return errno == EINPROGRESS && talk_ready(talk, POLLOUT) &&
           getsockopt(talk->socket, SOL_SOCKET, SO_ERROR, &fault, &fault_size) == 0 && fault == 0;
}

static bool talk_send(const struct talk *talk, const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t sent = send(talk->socket, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (sent > 0)
            done += (size_t)sent;
        else if (!talk_ready(talk, POLLOUT))
            return false;
    }
    return true;
}

/* Up to its NUL; false: it ended before. */
static bool talk_read(const struct talk *talk, char reply[REPLY])
{
    for (size_t length = 0; length < REPLY;) {
        ssize_t got = recv(talk->socket, reply + length, REPLY - length, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR) && talk_ready(talk, POLLIN))
            continue;
        if (got <= 0)
            return false;
        length += (size_t)got;
        if (memchr(reply, '\0', length))
            return true;
    }
    return false;
}

/* Each piece after its length in four bytes, and an empty one behind the last. */
static bool file_send(const struct talk *talk, int file, uint64_t length)
{
    unsigned char *piece = malloc(4 + PIECE);
    bool ok = piece && talk_send(talk, "zINSTREAM", sizeof "zINSTREAM");
    for (uint64_t at = 0; ok && at < length;) {
        size_t most = length - at < PIECE ? (size_t)(length - at) : PIECE;
        ssize_t got = pread(file, piece + 4, most, (off_t)at);
        uint32_t size = got > 0 ? htonl((uint32_t)got) : 0;
        memcpy(piece, &size, 4);
        ok = got > 0 && talk_send(talk, piece, 4 + (size_t)got);
        at += got > 0 ? (uint64_t)got : 0;
    }
    ok = ok && talk_send(talk, "\0\0\0\0", 4);
    free(piece);
    return ok;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

enum scan_verdict scan_file(const char *address, int file, uint64_t length, int seconds)
{
    char reply[REPLY] = "";
    enum scan_verdict verdict = SCAN_AWAY;
    struct talk talk = {.socket = -1, .until_ms = now_ms() + (int64_t)seconds * 1000};
    /* What it says before it has read all is its refusal: it is heard also when sending failed. */
    bool spoken = talk_open(&talk, address) &&
                  (file_send(&talk, file, length) || talk.socket >= 0) && talk_read(&talk, reply);
    if (spoken && strcmp(reply, "stream: OK") == 0)
        verdict = SCAN_CLEAN;
    else if (spoken && ends_in(reply, " FOUND"))
        verdict = SCAN_FOUND;
    if (talk.socket >= 0)
        close(talk.socket);
    if (verdict == SCAN_AWAY)
        log_event(LOG_LEVEL_ERROR, "scanner-away", "said=\"%.100s\"", spoken ? reply : "");
    return verdict;
}
