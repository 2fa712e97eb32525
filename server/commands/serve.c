/* serve: settings, start, wait for a signal, drain, stop. */
#include "commands/commands.h"
#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { ERROR_TEXT = 512 };

static bool serve_arguments(int argc, char **argv, struct settings *settings, char *error)
{
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        bool ok = false;
        if (more && strcmp(argv[i], "--settings") == 0)
            ok = settings_file(settings, argv[++i], error, ERROR_TEXT);
        else if (more && strcmp(argv[i], "--set") == 0)
            ok = settings_set(settings, argv[++i], error, ERROR_TEXT);
        else
            snprintf(error, ERROR_TEXT, "usage: serve [--settings FILE] [--set name=value]…");
        if (!ok)
            return false;
    }
    return settings_check(settings, error, ERROR_TEXT);
}

/* What a request carries must not end in a core dump, nor be read by a debugger of the same account
 * (THREATS T6). The leak checker of a sanitizer build needs to read its own process. */
static void serve_close_process(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    umask(077);
    signal(SIGPIPE, SIG_IGN);
}

/* Blocked before the first thread, so that every thread inherits it and only sigwait takes them. */
static void serve_block(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

int command_serve(int argc, char **argv)
{
    struct settings settings;
    char error[ERROR_TEXT] = "";
    settings_default(&settings);
    if (!serve_arguments(argc, argv, &settings, error)) {
        fprintf(stderr, "consultation: %s\n", error);
        return 2;
    }
    sigset_t signals;
    serve_close_process();
    serve_block(&signals);
    struct service *service = service_start(&settings, error, sizeof error);
    if (!service) {
        fprintf(stderr, "consultation: %s\n", error);
        return 1;
    }
    service_announce(service);
    int signal_number = 0;
    sigwait(&signals, &signal_number);
    service_stop(service);
    return 0;
}

int command_settings(int argc, char **argv)
{
    struct settings settings;
    char error[ERROR_TEXT] = "";
    settings_default(&settings);
    if (argc > 1 && !serve_arguments(argc, argv, &settings, error)) {
        fprintf(stderr, "consultation: %s\n", error);
        return 2;
    }
    settings_print(&settings);
    return 0;
}
