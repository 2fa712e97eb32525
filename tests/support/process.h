#ifndef SUPPORT_PROCESS_H
#define SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A child process. It is ended by `death` when this process dies, so that a test that is killed
 * leaves nothing running. */
struct process {
    pid_t pid;  /* 0: none */
    int output; /* reading end of its standard output; -1 if that is a file */
};

/* Starts argv[0]. `output_path` takes its standard output and error; NULL: output is a pipe, error
 * is ours. */
bool process_start(struct process *process, int death, const char *output_path,
                   const char *const argv[]);
/* A line of its output without the end, false at the end of the output. */
bool process_line(struct process *process, char *line, size_t size);
/* Sends the signal and waits; its exit status, or 128 + the signal that ended it. Signal 0 only
 * waits. */
int process_stop(struct process *process, int signal);
bool process_runs(const struct process *process);

/* Runs to the end; exit status. What it printed goes to `output` (cut to size), if that is not
 * NULL. */
int process_run(char *output, size_t size, const char *const argv[]);

#endif
