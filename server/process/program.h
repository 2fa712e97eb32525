#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* A separate program that turns bytes into bytes (pandoc, WeasyPrint), which we do not trust with
 * what people send: started without a shell, with nothing of ours open, an empty environment, a
 * folder of its own that is removed afterwards, bounds on time, memory, files and output, and
 *  - in user, network, process and IPC namespaces of its own: no network, not even loopback, and
 *    whatever it starts ends with it;
 *  - with files (Landlock) to read only under /usr, /etc/fonts and the like, and to write only in
 *    its folder: the keys, which belong to the same account, are out of its reach. */

/* A file that lies in its folder, which is its current one, when it starts. */
struct program_file {
    const char *name; /* no path */
    const char *bytes;
    size_t length;
};

struct program {
    const char *const *argv; /* argv[0] is a path with a slash */
    const struct program_file *files;
    size_t file_count;
    const char *folder; /* its own is made in this one */
    int input;          /* descriptor that it reads, from where that stands; -1: `bytes` */
    const char *bytes;  /* NULL with length 0: it reads nothing */
    size_t length;
    int output;         /* descriptor that takes what it says; -1: kept in memory */
    size_t output_most; /* bytes */
    int seconds;        /* of the clock, and of the processor */
    size_t memory;      /* bytes of address space of each of its processes */
    int processes;      /* with threads */
    bool unconfined;    /* start it even where the kernel gives no namespaces or no Landlock;
                           else it is not started then */
};

enum program_end {
    PROGRAM_DONE,        /* exit status 0 */
    PROGRAM_FAILED,      /* another one, or a signal: `status` */
    PROGRAM_TIMED_OUT,   /* by the clock or the processor's */
    PROGRAM_TOO_LONG,    /* it said more than output_most, and was ended */
    PROGRAM_NOT_STARTED, /* no such program, no memory, no folder, output that takes nothing */
    PROGRAM_NOT_CONFINED /* the kernel would not */
};

struct program_result {
    enum program_end end;
    int status;          /* exit status, or 128 + the signal */
    bool confined;       /* in namespaces and under Landlock */
    char *output;        /* if kept in memory: ends in a NUL; the caller frees. Else NULL */
    size_t length;       /* of the output, in memory or written */
    size_t error_length; /* of what it said on standard error; nothing of that is kept or logged */
    long elapsed_ms;
    long memory_kib; /* the most that one of its processes held */
};

/* Runs it to its end and logs one line about that, without content. Blocks for up to `seconds`:
 * never on an HTTP thread. Safe in a process with threads; the calling thread must live on while it
 * runs, and it does. Nothing is left of it afterwards: no process (where confined), no folder. */
void program_run(const struct program *program, struct program_result *result);

/* "done", "failed" …; static. */
const char *program_end_name(enum program_end end);

#endif
