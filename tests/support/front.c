/* The front under test; see front.h. */
#include "support/front.h"

#include "support/process.h"
#include "support/socket.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FOLDER_TEXT = 40, TRIES = 200 };

struct front {
    struct process nginx;
    char folder[FOLDER_TEXT];
    char log[FOLDER_TEXT + 8];
    char address[40];
};

static _Noreturn void front_give_up(const char *what)
{
    fprintf(stderr, "front: %s\n", what);
    abort();
}

/* nginx cannot say which port it took, so one is found for it. */
static int free_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof any;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || bind(s, (const struct sockaddr *)&any, sizeof any) != 0 ||
        getsockname(s, (struct sockaddr *)&any, &length) != 0)
        front_give_up("there is no free port");
    close(s);
    return ntohs(any.sin_port);
}

static struct front *front_begin(const char *upstream, bool tls)
{
    static const char script[] = SOURCE_FOLDER "/tests/support/front.sh";
    const struct timespec pause = {.tv_nsec = 50000000};
    struct front *front = calloc(1, sizeof *front);
    char port[8];
    if (!front)
        abort();
    snprintf(front->folder, sizeof front->folder, "/tmp/cf-XXXXXX");
    if (!mkdtemp(front->folder))
        front_give_up("mkdtemp failed");
    snprintf(front->log, sizeof front->log, "%s.log", front->folder);
    snprintf(port, sizeof port, "%d", free_port());
    snprintf(front->address, sizeof front->address, "%s://127.0.0.1:%s", tls ? "https" : "http",
             port);
    const char *to = strncmp(upstream, "http://", 7) == 0 ? upstream + 7 : upstream;
    const char *argv[] = {script, front->folder, port, to, tls ? "tls" : NULL, NULL};
    char plain[40]; /* to see whether it listens */
    snprintf(plain, sizeof plain, "http://127.0.0.1:%s", port);
    if (!process_start(&front->nginx, SIGTERM, front->log, argv))
        front_give_up("nginx cannot be started");
    for (int tries = 0; tries < TRIES; tries++) {
        int s = socket_connect(plain, 1);
        socket_close(s);
        if (s >= 0)
            return front;
        nanosleep(&pause, NULL);
    }
    front_give_up("nginx does not listen");
}

struct front *front_start(const char *upstream)
{
    return front_begin(upstream, false);
}

struct front *front_start_tls(const char *upstream)
{
    return front_begin(upstream, true);
}

void front_stop(struct front *front)
{
    const char *remove[] = {"rm", "-rf", front->folder, front->log, NULL};
    process_stop(&front->nginx, SIGTERM);
    process_run(NULL, 0, remove);
    free(front);
}

const char *front_folder(const struct front *front)
{
    return front->folder;
}

const char *front_address(const struct front *front)
{
    return front->address;
}
