#ifndef SUPPORT_SERVER_H
#define SUPPORT_SERVER_H

#include <stdbool.h>

/* The real binary, `serve` on ports of its own choice. It ends with this process. */
struct server;

struct server_options {
    const char *conninfo;
    const char *keys_folder;
    const char *const *set; /* further "name=value" settings, NULL at the end; or NULL */
};

/* NULL if it did not come up (its words are on standard error). */
struct server *server_start(const struct server_options *options);
/* SIGTERM: drained; SIGKILL: as a crash. The exit status, see process_stop. Frees. */
int server_stop(struct server *server, int signal);

const char *server_address(const struct server *server); /* "http://127.0.0.1:41234" or "unix:…" */
const char *server_inner_address(const struct server *server); /* of metrics and health */
int server_pid(const struct server *server);

/* Runs the binary to its end with `--settings`-less settings of a scene: `consultation <subcommand>
 * --set … words`. Exit status; what it printed in `output`, if not NULL. */
int server_command(const struct server_options *options, char *output, int size,
                   const char *subcommand, const char *const words[]);

#endif
