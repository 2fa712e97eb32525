/* Separate programs within bounds: real ones, most of them shell scripts of this file. */
#include "process/program.h"

#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static char folder[] = "/tmp/test-program-XXXXXX";

static void folder_make(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static size_t folder_entries(void)
{
    size_t count = 0;
    DIR *all = opendir(folder);
    ck_assert_ptr_nonnull(all);
    while (readdir(all))
        count++;
    closedir(all);
    return count - 2;
}

static void folder_remove(void)
{
    ck_assert_int_eq(rmdir(folder), 0);
}

static struct program script(const char *const argv[4])
{
    return (struct program){.argv = argv,
                            .folder = folder,
                            .input = -1,
                            .output = -1,
                            .output_most = MIB,
                            .seconds = 20,
                            .memory = 128u * MIB,
                            .processes = 32};
}

/* A script's run; whatever it does, nothing of it is left in the folder. */
static struct program_result run(const char *text, int seconds)
{
    const char *argv[] = {"/bin/sh", "-c", text, NULL};
    struct program program = script(argv);
    program.seconds = seconds;
    struct program_result result;
    program_run(&program, &result);
    ck_assert_uint_eq(folder_entries(), 0);
    return result;
}

START_TEST(turns_bytes_into_bytes)
{
    const char *argv[] = {"/bin/sh", "-c", "cat; cat one; echo said >&2", NULL};
    const struct program_file files[] = {{"one", "file\n", 5}};
    struct program program = script(argv);
    program.bytes = "input\n";
    program.length = 6;
    program.files = files;
    program.file_count = 1;
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert(result.confined);
    ck_assert_str_eq(result.output, "input\nfile\n");
    ck_assert_uint_eq(result.length, 11);
    ck_assert_uint_eq(result.error_length, 5);
    ck_assert_int_gt(result.memory_kib, 0);
    free(result.output);
    ck_assert_uint_eq(folder_entries(), 0);
}
END_TEST

START_TEST(reads_and_writes_descriptors)
{
    const char *argv[] = {"/usr/bin/tr", "a-z", "A-Z", NULL};
    int in = open(folder, O_TMPFILE | O_RDWR, 0600), out = open(folder, O_TMPFILE | O_RDWR, 0600);
    ck_assert_int_ge(in, 0);
    ck_assert_int_ge(out, 0);
    ck_assert_int_eq(write(in, "xxabc", 5), 5);
    ck_assert_int_eq(lseek(in, 2, SEEK_SET), 2);
    struct program program = script(argv);
    program.input = in;
    program.output = out;
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert_ptr_null(result.output);
    char text[8] = "";
    ck_assert_int_eq(pread(out, text, sizeof text, 0), 3);
    ck_assert_str_eq(text, "ABC");
    close(in);
    close(out);
}
END_TEST

/* What its surroundings are: each line of the script says nothing if all is well. */
START_TEST(has_nothing_of_ours)
{
    int secret = open("/etc/hostname", O_RDONLY); /* without close-on-exec */
    ck_assert_int_ge(secret, 3);
    setenv("PASSWORD", "hidden", 1);
    struct program_result result =
        run("env | grep -v '^\\(LANG\\|PATH\\|HOME\\|TMPDIR\\|PWD\\|OLDPWD\\|_\\|SHLVL\\)=';"
            "[ \"$LANG\" = C.UTF-8 ] || echo lang;"
            "[ \"$HOME\" = \"$(pwd)\" ] || echo home;"
            "for i in 3 4 5 6 7 8 9; do eval \"true <&$i\" 2>/dev/null && echo open $i; done;"
            "touch here || echo here; mkdir a && chmod 0 a;"
            "true",
            20);
    close(secret);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert_str_eq(result.output, "");
    free(result.output);
}
END_TEST

START_TEST(reads_no_file_of_ours)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "%s-secret", folder);
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    ck_assert_int_ge(file, 0);
    close(file);
    snprintf(
        text, sizeof text,
        "cat %s 2>/dev/null && echo read; cat /etc/passwd 2>/dev/null && echo read;"
        "ls /root /home / 2>/dev/null; echo >>%s && echo written; ls /proc/1/ 2>/dev/null; true",
        path, path);
    struct program_result result = run(text, 20);
    unlink(path);
    ck_assert_str_eq(result.output, "");
    free(result.output);
}
END_TEST

/* A listener of ours on loopback, and a program that would reach it. */
START_TEST(reaches_no_network)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    char text[256];
    snprintf(text, sizeof text,
             "echo x 2>/dev/null >/dev/tcp/127.0.0.1/%d && echo reached; "
             "echo x 2>/dev/null >/dev/udp/127.0.0.1/9 && echo reached; true",
             ntohs(address.sin_port));
    const char *argv[] = {"/bin/bash", "-c", text, NULL};
    struct program program = script(argv);
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert_str_eq(result.output, "");
    free(result.output);
    ck_assert_int_eq(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
    ck_assert_int_lt(accept(listener, NULL, NULL), 0);
    ck_assert_int_eq(errno, EAGAIN);
    close(listener);
}
END_TEST

/* Nor a socket that lies among the files, as a database's does: no network namespace parts it from
 * us, and Landlock's first version lets everybody connect. */
START_TEST(reaches_no_socket)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s-socket", folder);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(chmod(address.sun_path, 0777), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    char text[256];
    snprintf(text, sizeof text,
             "import socket\ntry:\n socket.socket(socket.AF_UNIX).connect('%s')\n"
             " print('reached')\nexcept PermissionError:\n print('refused')",
             address.sun_path);
    const char *argv[] = {"/usr/bin/python3", "-Ic", text, NULL};
    struct program program = script(argv);
    struct program_result result;
    program_run(&program, &result);
    unlink(address.sun_path);
    ck_assert_int_eq(result.end, PROGRAM_DONE);
    ck_assert_str_eq(result.output, "refused\n");
    free(result.output);
    ck_assert_int_lt(accept(listener, NULL, NULL), 0);
    close(listener);
}
END_TEST

static const struct {
    const char *text;
    int seconds;
    enum program_end end;
    int status; /* -1: any */
} ends[] = {
    {"exit 3", 20, PROGRAM_FAILED, 3},
    {"kill -9 $$; sleep 0.01; exit 5", 20, PROGRAM_FAILED, -1},
    {"while :; do :; done", 1, PROGRAM_TIMED_OUT, -1},
    {"sleep 60", 1, PROGRAM_TIMED_OUT, -1},
    /* closes what it says, and stays */
    {"exec >&- 2>&-; sleep 60", 1, PROGRAM_TIMED_OUT, -1},
    {"trap '' TERM INT HUP; setsid sleep 60 & sleep 60", 1, PROGRAM_TIMED_OUT, -1},
    {"cat /dev/zero", 20, PROGRAM_FAILED, -1}, /* a device that it has no right to */
    {"yes", 20, PROGRAM_TOO_LONG, -1},
    {"yes >&2", 20, PROGRAM_TOO_LONG, -1},
    /* files, memory, processes */
    {"yes | head -c 70000000 >big || exit 4; [ $(wc -c <big) -gt 67108864 ] && exit 0; exit 4", 20,
     PROGRAM_FAILED, 4},
    {"x=$(head -c 1000000000 /dev/urandom | tr -d '\\0'); exit 0", 20, PROGRAM_FAILED, -1},
};

START_TEST(comes_to_an_end)
{
    struct program_result result = run(ends[_i].text, ends[_i].seconds);
    ck_assert_msg(result.end == ends[_i].end, "%s: %s, status %d", ends[_i].text,
                  program_end_name(result.end), result.status);
    if (ends[_i].status >= 0)
        ck_assert_int_eq(result.status, ends[_i].status);
    ck_assert_ptr_null(result.output);
    ck_assert_int_lt(result.elapsed_ms, ends[_i].seconds * 1000L + 2000);
}
END_TEST

/* As nobody, in this thread alone (the call itself, not the C library's): the superuser may start
 * as many processes as there is room for. */
static void *many_processes(void *context)
{
    struct program_result *result = context;
    char own[] = "/tmp/test-program-XXXXXX";
    if (geteuid() == 0 && syscall(SYS_setresuid, 65534, 65534, 65534) != 0)
        return "no other account";
    if (!mkdtemp(own))
        return "no folder";
    const char *argv[] = {"/bin/sh", "-c",
                          "for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5 6 7 8; do "
                          "sleep 60 & echo; done; done",
                          NULL};
    struct program program = script(argv);
    program.folder = own;
    program.processes = 16;
    program_run(&program, result);
    return rmdir(own) == 0 ? NULL : "folder left";
}

START_TEST(starts_so_many_only)
{
    pthread_t thread;
    struct program_result result;
    void *said = NULL;
    ck_assert_int_eq(pthread_create(&thread, NULL, many_processes, &result), 0);
    pthread_join(thread, &said);
    ck_assert_msg(!said, "%s", (char *)said);
    ck_assert_int_eq(result.end, PROGRAM_FAILED);
    ck_assert(result.confined);
    ck_assert_uint_eq(result.length, 15);
}
END_TEST

/* Whether any process of this machine was started with these words (each but the last ends in a
 * NUL, as in /proc). */
static bool runs_somewhere(const char words[static 13])
{
    bool found = false;
    DIR *all = opendir("/proc");
    ck_assert_ptr_nonnull(all);
    for (struct dirent *entry; !found && (entry = readdir(all));) {
        char path[300], line[64] = "";
        snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        found = read(file, line, sizeof line) >= 12 && memcmp(line, words, 12) == 0;
        close(file);
    }
    closedir(all);
    return found;
}

/* Whatever it started ends with it. */
START_TEST(leaves_no_process)
{
    int ends_of[2];
    ck_assert_int_eq(pipe(ends_of), 0);
    const char *argv[] = {"/bin/sh", "-c",
                          "setsid sleep 50.731 <&0 & (setsid sleep 50.731 &) ; exit 0", NULL};
    struct program program = script(argv);
    program.output = ends_of[1];
    program.seconds = 1;
    struct program_result result;
    program_run(&program, &result);
    ck_assert(result.end == PROGRAM_DONE || result.end == PROGRAM_TIMED_OUT);
    ck_assert(!runs_somewhere("sleep\00050.731"));
    close(ends_of[0]);
    close(ends_of[1]);
}
END_TEST

START_TEST(does_not_start)
{
    const char *argv[] = {"/nonexistent/program", NULL, NULL, NULL};
    struct program program = script(argv);
    struct program_result result;
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_NOT_STARTED);
    argv[0] = "/bin/true";
    program.folder = "/nonexistent";
    program_run(&program, &result);
    ck_assert_int_eq(result.end, PROGRAM_NOT_STARTED);
    ck_assert_uint_eq(folder_entries(), 0);
}
END_TEST

/* Several at once, from threads that hold locks of the allocator meanwhile. */
static void *several(void *context)
{
    (void)context;
    for (int i = 0; i < 8; i++) {
        const char *argv[] = {"/bin/cat", NULL, NULL, NULL};
        struct program program = script(argv);
        program.bytes = "abc";
        program.length = 3;
        struct program_result result;
        program_run(&program, &result);
        if (result.end != PROGRAM_DONE || strcmp(result.output, "abc") != 0)
            return "failed";
        free(result.output);
    }
    return NULL;
}

START_TEST(runs_from_threads)
{
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, several, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        void *said = NULL;
        pthread_join(threads[i], &said);
        ck_assert_ptr_null(said);
    }
    ck_assert_uint_eq(folder_entries(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("program");
    TCase *tests = tcase_create("program");
    tcase_add_unchecked_fixture(tests, folder_make, folder_remove);
    tcase_add_test(tests, turns_bytes_into_bytes);
    tcase_add_test(tests, reads_and_writes_descriptors);
    tcase_add_test(tests, has_nothing_of_ours);
    tcase_add_test(tests, reads_no_file_of_ours);
    tcase_add_test(tests, reaches_no_network);
    tcase_add_test(tests, reaches_no_socket);
    tcase_add_loop_test(tests, comes_to_an_end, 0, sizeof ends / sizeof *ends);
    tcase_add_test(tests, starts_so_many_only);
    tcase_add_test(tests, leaves_no_process);
    tcase_add_test(tests, does_not_start);
    tcase_add_test(tests, runs_from_threads);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
