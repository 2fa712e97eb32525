/* A call that cannot be stopped, in a process that can; see packing.h. */
#include "export/packing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 200 };

static bool is_needed(const struct packing *packing, int file, int told)
{
    bool needed = file <= STDERR_FILENO || file == told;
    for (size_t i = 0; !needed && i < packing->file_count; i++)
        needed = packing->files[i] == file;
    return needed;
}

/* Connections of the service above all: theirs would stay open after it closed them. */
static bool close_others(const struct packing *packing, int told)
{
    DIR *all = opendir("/proc/self/fd");
    if (!all)
        return false;
    for (const struct dirent *entry; (entry = readdir(all));) {
        char *end;
        long file = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && *end == '\0' && file != dirfd(all) &&
            !is_needed(packing, (int)file, told))
            close((int)file);
    }
    closedir(all);
    return true;
}

/* Never returns, and runs nothing that was to be run at the end of the service. */
static void child(const struct packing *packing, pid_t parent, int told)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (close_others(packing, told) && packing->pack(packing->book) && write(told, "1", 1) == 1)
        _exit(0);
    _exit(1);
}

/* Whether it says that all is packed; it says nothing else. */
static bool is_packed(const struct packing *packing, int told)
{
    struct pollfd wait = {.fd = told, .events = POLLIN};
    char word;
    int ready = 0;
    while (ready == 0 && packing->go_on(packing->context)) {
        ready = poll(&wait, 1, LOOK_MS);
        if (ready < 0 && errno == EINTR)
            ready = 0;
    }
    return ready > 0 && read(told, &word, 1) == 1;
}

bool packing_run(const struct packing *packing)
{
    int told[2];
    bool packed = false;
    pid_t parent = getpid();
    if (pipe2(told, O_CLOEXEC) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        child(packing, parent, told[1]);
    close(told[1]);
    if (pid > 0) {
        packed = is_packed(packing, told[0]);
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close(told[0]);
    return packed;
}
