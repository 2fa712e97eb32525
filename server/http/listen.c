/* Listening sockets: IPv4, IPv6 or unix:PATH. Made here and not by the library, so that one rule
 * holds for all. */
#include "http/state.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, UNIX_MODE = 0660 };

union any_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_un local;
    struct sockaddr_storage storage;
};

/* Length of the address, 0 if the text is none. */
static socklen_t address_read(const char *text, int port, union any_address *out)
{
    memset(out, 0, sizeof *out);
    if (strncmp(text, "unix:", 5) == 0) {
        const char *path = text + 5;
        if (!*path || strlen(path) >= sizeof out->local.sun_path)
            return 0;
        out->local.sun_family = AF_UNIX;
        memcpy(out->local.sun_path, path, strlen(path) + 1);
        return sizeof out->local;
    }
    if (inet_pton(AF_INET, text, &out->four.sin_addr) == 1) {
        out->four.sin_family = AF_INET;
        out->four.sin_port = htons((uint16_t)port);
        return sizeof out->four;
    }
    if (inet_pton(AF_INET6, text, &out->six.sin6_addr) == 1) {
        out->six.sin6_family = AF_INET6;
        out->six.sin6_port = htons((uint16_t)port);
        return sizeof out->six;
    }
    return 0;
}

/* A socket that a server killed without warning left behind is in nobody's use: whoever connects is
 * refused. */
static void unix_clear(const union any_address *address)
{
    struct stat status;
    if (lstat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, &address->any, sizeof address->local) != 0 && errno == ECONNREFUSED)
        unlink(address->local.sun_path);
    close(fd);
}

static bool listen_bind(int fd, const union any_address *address, socklen_t length)
{
    static const int on = 1;
    if (address->any.sa_family == AF_UNIX) {
        unix_clear(address);
        return bind(fd, &address->any, length) == 0 &&
               chmod(address->local.sun_path, UNIX_MODE) == 0;
    }
    if (address->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* accepted ones inherit it */
    return bind(fd, &address->any, length) == 0;
}

int listen_open(const char *address, int port, char *error, size_t error_size)
{
    union any_address bound;
    socklen_t length = address_read(address, port, &bound);
    if (length == 0) {
        snprintf(error, error_size,
                 "'%s' is no IPv4 or IPv6 address and no unix:PATH of fit length", address);
        return -1;
    }
    int fd = socket(bound.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || !listen_bind(fd, &bound, length) || listen(fd, BACKLOG) != 0) {
        char reason[128];
        snprintf(error, error_size, "cannot listen on %s port %d: %s", address, port,
                 strerror_r(errno, reason, sizeof reason));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

int listen_port(int fd)
{
    union any_address bound = {0};
    socklen_t length = sizeof bound;
    if (getsockname(fd, &bound.any, &length) != 0)
        return 0;
    if (bound.any.sa_family == AF_INET)
        return ntohs(bound.four.sin_port);
    return bound.any.sa_family == AF_INET6 ? ntohs(bound.six.sin6_port) : 0;
}
