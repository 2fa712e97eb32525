/* Child processes of tests; see process.h. */
#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void child_become(int death, int output, const char *output_path,
                                   const char *const argv[])
{
    prctl(PR_SET_PDEATHSIG, death);
    if (output_path)
        output = open(output_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output >= 0) {
        dup2(output, STDOUT_FILENO);
        if (output_path)
            dup2(output, STDERR_FILENO);
    }
    /* check blocks nothing, but a test may ignore: the child starts afresh. */
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    execvp(argv[0], (char *const *)argv);
    fprintf(stderr, "process: %s: cannot be run\n", argv[0]);
    _exit(127);
}

bool process_start(struct process *process, int death, const char *output_path,
                   const char *const argv[])
{
    int ends[2] = {-1, -1};
    *process = (struct process){.output = -1};
    if (!output_path && pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        child_become(death, ends[1], output_path, argv);
    if (ends[1] >= 0)
        close(ends[1]);
    if (pid < 0) {
        if (ends[0] >= 0)
            close(ends[0]);
        return false;
    }
    process->pid = pid;
    process->output = ends[0];
    return true;
}

bool process_line(struct process *process, char *line, size_t size)
{
    size_t n = 0;
    char c;
    while (read(process->output, &c, 1) == 1) {
        if (c == '\n') {
            line[n] = '\0';
            return true;
        }
        if (n < size - 1)
            line[n++] = c;
    }
    return false;
}

int process_stop(struct process *process, int sent)
{
    int status = 0;
    if (!process->pid)
        return 0;
    if (sent)
        kill(process->pid, sent);
    waitpid(process->pid, &status, 0);
    if (process->output >= 0)
        close(process->output);
    *process = (struct process){.output = -1};
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool process_runs(const struct process *process)
{
    siginfo_t info = {0};
    return process->pid &&
           waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

int process_run(char *output, size_t size, const char *const argv[])
{
    struct process process;
    char line[4096];
    size_t n = 0;
    if (!process_start(&process, SIGKILL, NULL, argv))
        return -1;
    if (output)
        output[0] = '\0';
    while (process_line(&process, line, sizeof line)) {
        if (!output || n >= size)
            continue;
        int length = snprintf(output + n, size - n, "%s\n", line);
        n += length > 0 ? (size_t)length : 0;
    }
    return process_stop(&process, 0);
}
