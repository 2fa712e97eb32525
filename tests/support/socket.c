/* The tests' sockets; see socket.h. */
#include "support/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_unix(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (snprintf(to.sun_path, sizeof to.sun_path, "%s", path) >= (int)sizeof to.sun_path)
        return -1;
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s >= 0 && connect(s, (const struct sockaddr *)&to, sizeof to) != 0) {
        close(s);
        return -1;
    }
    return s;
}

static int connect_tcp(const char *address, const char *source)
{
    const char *port = strrchr(address, ':');
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in from = {.sin_family = AF_INET};
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s >= 0 && source && inet_pton(AF_INET, source, &from.sin_addr) == 1 &&
        bind(s, (const struct sockaddr *)&from, sizeof from) != 0) {
        close(s);
        return -1;
    }
    if (s >= 0 && connect(s, (const struct sockaddr *)&to, sizeof to) != 0) {
        close(s);
        return -1;
    }
    int on = 1;
    if (s >= 0)
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return s;
}

int socket_connect(const char *address, int seconds)
{
    return socket_connect_from(NULL, address, seconds);
}

int socket_connect_from(const char *source, const char *address, int seconds)
{
    int s = strncmp(address, "unix:", 5) == 0 ? connect_unix(address + 5)
                                              : connect_tcp(address, source);
    struct timeval limit = {.tv_sec = seconds};
    if (s >= 0) {
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    return s;
}

bool socket_send(int s, const void *bytes, size_t length)
{
    const char *next = bytes;
    while (length) {
        ssize_t sent = send(s, next, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        next += sent;
        length -= (size_t)sent;
    }
    return true;
}

ssize_t socket_receive(int s, void *bytes, size_t size)
{
    return recv(s, bytes, size, 0);
}

bool socket_is_closed(int s, int wait_ms)
{
    struct pollfd ready = {.fd = s, .events = POLLIN};
    char byte;
    return poll(&ready, 1, wait_ms) > 0 && recv(s, &byte, 1, MSG_PEEK) <= 0;
}

void socket_close(int s)
{
    if (s >= 0)
        close(s);
}
