#ifndef PROCESS_CONFINE_H
#define PROCESS_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a child does with itself before it becomes another program. Made before the fork, since
 * after it only async-signal-safe calls are allowed (signal-safety(7)). */
struct confinement {
    const char *folder; /* its current one, and the only one it may write in */
    int rules;          /* Landlock rule set; -1: none */
    int input, output, error;
    int failure; /* a pipe that is told errno, and closes when the program starts */
    int seconds, processes;
    size_t memory;
    bool namespaces; /* it was made in them */
    const char *const *argv;
    char *const *environment;
};

/* Rules that let files be read where programs and fonts lie, and written in `folder`. -1: the
 * kernel has no Landlock. The caller closes it. */
int confine_rules(const char *folder);

/* A child, in namespaces of its own if `namespaces`; as fork. -1: errno says why. */
pid_t confine_fork(bool namespaces);

/* In the child; never returns. */
void confine_and_run(const struct confinement *confinement) __attribute__((noreturn));

#endif
