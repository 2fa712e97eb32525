/* A child on its way to another program; see confine.h. */
#include "process/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the calls that are counted on below. */
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the number of this processor's kind (linux/audit.h) is wanted here"
#endif

enum { FILE_BYTES = 64 << 20, DESCRIPTORS = 256 };

static const uint64_t reading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
/* All of the first version of Landlock, which every kernel that has it knows. */
static const uint64_t everything = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

static bool rule_add(int rules, const char *path, uint64_t access)
{
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0)
        return errno == ENOENT;
    struct landlock_path_beneath_attr beneath = {.allowed_access = access, .parent_fd = place};
    long failed = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(place);
    return !failed;
}

int confine_rules(const char *folder)
{
    static const char *const readable[] = {
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/etc/python3.11",
        "/var/cache/fontconfig",
    };
    static const uint64_t of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = everything};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        return -1;
    bool ok = rule_add(rules, folder, everything);
    for (size_t i = 0; ok && i < sizeof readable / sizeof *readable; i++)
        ok = rule_add(rules, readable[i], strchr(readable[i], '.') ? of_files : reading);
    ok = ok && rule_add(rules, "/dev/null", of_files | LANDLOCK_ACCESS_FS_WRITE_FILE) &&
         rule_add(rules, "/dev/urandom", of_files);
    if (ok)
        return rules;
    close(rules);
    return -1;
}

/* The call itself rather than fork: it takes the namespaces along, and runs no handlers of
 * libraries (pthread_atfork), which a child that only becomes another program does not need. As no
 * user is mapped into the new user namespace, it has no rights there once the program starts. */
pid_t confine_fork(bool namespaces)
{
    unsigned long flags = SIGCHLD;
    if (namespaces)
        flags |= CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC;
    return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

static bool limit(int resource, rlim_t value)
{
    struct rlimit most;
    if (getrlimit((__rlimit_resource_t)resource, &most) != 0)
        return false;
    if (value > most.rlim_max)
        value = most.rlim_max;
    most.rlim_cur = most.rlim_max = value;
    return setrlimit((__rlimit_resource_t)resource, &most) == 0;
}

static bool limits_set(const struct confinement *c)
{
    /* The kernel counts an account's processes: in a user namespace those of the program alone,
     * outside one the server's threads as well, which leave it no room that could be told. */
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, (rlim_t)c->seconds) &&
           limit(RLIMIT_AS, c->memory) && limit(RLIMIT_FSIZE, FILE_BYTES) &&
           limit(RLIMIT_NOFILE, DESCRIPTORS) &&
           (!c->namespaces || limit(RLIMIT_NPROC, (rlim_t)c->processes));
}

/* The caller blocked all signals, so that none of its handlers runs here. */
static void signals_reset(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &usual, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool streams_set(const struct confinement *c)
{
    return dup2(c->input, STDIN_FILENO) >= 0 && dup2(c->output, STDOUT_FILENO) >= 0 &&
           dup2(c->error, STDERR_FILENO) >= 0 &&
           syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

/* A socket that lies among the files, as the database's, is open to whoever the server is: neither
 * the network namespace nor Landlock's first version keeps a program from it. So it makes none at
 * all, by whichever way (seccomp(2)). x86-64 has a second set of numbers, with bit 30. */
static bool sockets_refuse(void)
{
    static struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 1U << 30, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
    };
    const struct sock_fprog filter = {.len = sizeof steps / sizeof *steps, .filter = steps};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

void confine_and_run(const struct confinement *c)
{
    bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && setpgid(0, 0) == 0;
    ready = ready && chdir(c->folder) == 0 && streams_set(c) && limits_set(c) &&
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (ready && c->rules >= 0)
        ready = syscall(SYS_landlock_restrict_self, c->rules, 0) == 0;
    /* Where it may run unconfined, a kernel without filters will do. */
    if (ready)
        ready = sockets_refuse() || !c->namespaces;
    if (ready) {
        signals_reset();
        execve(c->argv[0], (char *const *)c->argv, c->environment);
    }
    int reason = errno;
    if (write(c->failure, &reason, sizeof reason) < 0)
        _exit(126);
    _exit(127);
}
