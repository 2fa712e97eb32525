#ifndef SUPPORT_SOCKET_H
#define SUPPORT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A blocking stream socket with time-outs. `address` is "http://127.0.0.1:8080" or "unix:/path".
 * -1: refused. */
int socket_connect(const char *address, int seconds);
/* The same from another loopback address, such as "127.0.0.7": another client to whom it matters.
 */
int socket_connect_from(const char *source, const char *address, int seconds);
bool socket_send(int socket, const void *bytes, size_t length);
ssize_t socket_receive(int socket, void *bytes, size_t size);
bool socket_is_closed(int socket, int wait_ms);
void socket_close(int socket); /* takes -1 */

#endif
