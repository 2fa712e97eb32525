/* One program from its start to its end; see program.h. */
#include "process/program.h"

#include "base/buf.h"
#include "base/log.h"
#include "process/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, ERROR_MOST = 1 << 20, READ_END = 0, WRITE_END = 1, FILES_AT_ONCE = 16 };

/* One run's own: what is made before it, and given back after it. */
struct run {
    const struct program *program;
    struct program_result *result;
    char folder[PATH_MAX];
    char home[PATH_MAX + 8], tmp[PATH_MAX + 8];
    char *environment[6];
    int input;
    int output[2], error[2], failure[2];
    int rules;
    pid_t child;
    long started_ms;
    struct buf kept;
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length) {
        ssize_t wrote = write(file, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

static bool file_write(const char *folder, const struct program_file *file)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, file->name);
    if (length < 0 || (size_t)length >= sizeof path)
        return false;
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = out >= 0 && write_all(out, file->bytes, file->length);
    if (out >= 0)
        close(out);
    return ok;
}

static bool folder_make(struct run *run)
{
    int length =
        snprintf(run->folder, sizeof run->folder, "%s/program-XXXXXX", run->program->folder);
    if (length < 0 || (size_t)length >= sizeof run->folder || !mkdtemp(run->folder)) {
        run->folder[0] = '\0';
        return false;
    }
    snprintf(run->home, sizeof run->home, "HOME=%s", run->folder);
    snprintf(run->tmp, sizeof run->tmp, "TMPDIR=%s", run->folder);
    bool ok = true;
    for (size_t i = 0; ok && i < run->program->file_count; i++)
        ok = file_write(run->folder, &run->program->files[i]);
    return ok;
}

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)where;
    /* A folder that the program closed to itself is opened by its owner, who is us. */
    if (kind == FTW_DNR && chmod(path, 0700) == 0)
        return nftw(path, entry_remove, FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS);
    return remove(path) != 0;
}

static void folder_remove(const struct run *run)
{
    if (run->folder[0] && nftw(run->folder, entry_remove, FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS) != 0)
        log_event(LOG_LEVEL_ERROR, "program-folder-left", "folder=%s", run->folder);
}

/* Bytes as a file in memory: a pipe would have to be fed while the output is read. */
static int input_open(const struct program *program)
{
    if (program->input >= 0)
        return fcntl(program->input, F_DUPFD_CLOEXEC, 3);
    int file = memfd_create("input", MFD_CLOEXEC);
    if (file >= 0 &&
        (!write_all(file, program->bytes, program->length) || lseek(file, 0, SEEK_SET) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

static void end_close(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static bool run_prepare(struct run *run)
{
    return folder_make(run) && (run->input = input_open(run->program)) >= 0 &&
           pipe2(run->output, O_CLOEXEC) == 0 && pipe2(run->error, O_CLOEXEC) == 0 &&
           pipe2(run->failure, O_CLOEXEC) == 0;
}

/* Whether the child became the program: its pipe then closes without a word. */
static bool run_has_started(struct run *run)
{
    int reason = 0;
    ssize_t got;
    while ((got = read(run->failure[READ_END], &reason, sizeof reason)) < 0 && errno == EINTR)
        ;
    if (got == 0)
        return true;
    log_event(LOG_LEVEL_ERROR, "program-not-started", "program=%s errno=%d", run->program->argv[0],
              reason);
    return false;
}

static bool run_start(struct run *run)
{
    run->environment[0] = "LANG=C.UTF-8";
    run->environment[1] = "PATH=/usr/bin:/bin";
    run->environment[2] = run->home;
    run->environment[3] = run->tmp;
    struct confinement c = {
        .folder = run->folder,
        .rules = run->rules,
        .input = run->input,
        .output = run->output[WRITE_END],
        .error = run->error[WRITE_END],
        .failure = run->failure[WRITE_END],
        .seconds = run->program->seconds,
        .processes = run->program->processes,
        .memory = run->program->memory,
        .argv = run->program->argv,
        .environment = run->environment,
        .namespaces = true,
    };
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    run->child = confine_fork(true);
    if (run->child < 0 && run->program->unconfined) {
        c.namespaces = false;
        run->child = confine_fork(false);
    }
    if (run->child == 0)
        confine_and_run(&c);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    end_close(&run->output[WRITE_END]);
    end_close(&run->error[WRITE_END]);
    end_close(&run->failure[WRITE_END]);
    run->result->confined = c.namespaces && run->rules >= 0;
    if (run->child < 0)
        run->result->end = c.namespaces ? PROGRAM_NOT_CONFINED : PROGRAM_NOT_STARTED;
    return run->child > 0 && run_has_started(run);
}

/* Takes a piece of what it says; PROGRAM_DONE to go on. */
static enum program_end output_take(struct run *run, const char *piece, size_t length)
{
    struct program_result *result = run->result;
    if (length > run->program->output_most - result->length)
        return PROGRAM_TOO_LONG;
    result->length += length;
    if (run->program->output >= 0)
        return write_all(run->program->output, piece, length) ? PROGRAM_DONE : PROGRAM_NOT_STARTED;
    buf_add(&run->kept, piece, length);
    return buf_ok(&run->kept) ? PROGRAM_DONE : PROGRAM_NOT_STARTED;
}

/* Reads one pipe that has something; closes it at its end. */
static enum program_end stream_read(struct run *run, int *file, bool is_output)
{
    char piece[PIECE];
    ssize_t got = read(*file, piece, sizeof piece);
    if (got < 0 && errno == EINTR)
        return PROGRAM_DONE;
    if (got <= 0) {
        end_close(file);
        return PROGRAM_DONE;
    }
    if (is_output)
        return output_take(run, piece, (size_t)got);
    run->result->error_length += (size_t)got;
    return run->result->error_length > ERROR_MOST ? PROGRAM_TOO_LONG : PROGRAM_DONE;
}

/* Until it has closed both, time is over, or it says too much. */
static enum program_end streams_read(struct run *run)
{
    long until = run->started_ms + run->program->seconds * 1000L;
    while (run->output[READ_END] >= 0 || run->error[READ_END] >= 0) {
        long left = until - now_ms();
        if (left <= 0)
            return PROGRAM_TIMED_OUT;
        struct pollfd files[2] = {{run->output[READ_END], POLLIN, 0},
                                  {run->error[READ_END], POLLIN, 0}};
        if (poll(files, 2, (int)left) < 0 && errno != EINTR)
            return PROGRAM_NOT_STARTED;
        enum program_end end = PROGRAM_DONE;
        if (files[0].revents)
            end = stream_read(run, &run->output[READ_END], true);
        if (end == PROGRAM_DONE && files[1].revents)
            end = stream_read(run, &run->error[READ_END], false);
        if (end != PROGRAM_DONE)
            return end;
    }
    return PROGRAM_DONE;
}

/* Waits for its end until `until_ms`, then ends it and its group. False: it had to be ended. */
static bool child_wait(struct run *run, long until_ms, int *status, struct rusage *usage)
{
    bool ended = true;
    struct timespec pause = {.tv_nsec = 2000000};
    pid_t got;
    while ((got = wait4(run->child, status, WNOHANG, usage)) == 0 && now_ms() < until_ms)
        nanosleep(&pause, NULL);
    if (got == 0) {
        ended = false;
        kill(-run->child, SIGKILL);
        kill(run->child, SIGKILL);
        while (wait4(run->child, status, 0, usage) < 0 && errno == EINTR)
            ;
    }
    /* Those that outlive it, where no PID namespace ends them. */
    kill(-run->child, SIGKILL);
    return ended;
}

static void run_follow(struct run *run)
{
    struct program_result *result = run->result;
    bool started = run_start(run);
    if (run->child <= 0)
        return;
    enum program_end end = started ? streams_read(run) : PROGRAM_NOT_STARTED;
    long until = end == PROGRAM_DONE ? run->started_ms + run->program->seconds * 1000L : 0;
    int status = 0;
    struct rusage usage = {0};
    if (!child_wait(run, until, &status, &usage) && end == PROGRAM_DONE)
        end = PROGRAM_TIMED_OUT;
    result->memory_kib = usage.ru_maxrss;
    result->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (end == PROGRAM_DONE && result->status != 0)
        end = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec >= run->program->seconds - 1 &&
                      WIFSIGNALED(status)
                  ? PROGRAM_TIMED_OUT
                  : PROGRAM_FAILED;
    result->end = end;
}

void program_run(const struct program *program, struct program_result *result)
{
    *result = (struct program_result){.end = PROGRAM_NOT_STARTED};
    struct run run = {.program = program,
                      .result = result,
                      .input = -1,
                      .output = {-1, -1},
                      .error = {-1, -1},
                      .failure = {-1, -1},
                      .rules = -1,
                      .started_ms = now_ms()};
    if (run_prepare(&run)) {
        run.rules = confine_rules(run.folder);
        if (run.rules < 0 && !program->unconfined)
            result->end = PROGRAM_NOT_CONFINED;
        else
            run_follow(&run);
    }
    for (int i = READ_END; i <= WRITE_END; i++) {
        end_close(&run.output[i]);
        end_close(&run.error[i]);
        end_close(&run.failure[i]);
    }
    end_close(&run.input);
    end_close(&run.rules);
    folder_remove(&run);
    if (result->end == PROGRAM_DONE && program->output < 0)
        result->output = buf_take(&run.kept, NULL);
    buf_clear(&run.kept);
    result->elapsed_ms = now_ms() - run.started_ms;
    log_event(result->end == PROGRAM_DONE ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "program",
              "program=%s end=%s status=%d confined=%s ms=%ld kib=%ld output=%zu error=%zu",
              program->argv[0], program_end_name(result->end), result->status,
              result->confined ? "yes" : "no", result->elapsed_ms, result->memory_kib,
              result->length, result->error_length);
}

const char *program_end_name(enum program_end end)
{
    switch (end) {
    case PROGRAM_DONE:
        return "done";
    case PROGRAM_FAILED:
        return "failed";
    case PROGRAM_TIMED_OUT:
        return "timed-out";
    case PROGRAM_TOO_LONG:
        return "too-long";
    case PROGRAM_NOT_STARTED:
        return "not-started";
    case PROGRAM_NOT_CONFINED:
        return "not-confined";
    }
    return "";
}
