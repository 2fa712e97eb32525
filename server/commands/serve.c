/* serve: settings, start, wait for a signal, drain, stop. */
#include "commands/commands.h"
#include "commands/options.h"
#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { ERROR_TEXT = 512 };

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
    struct options options = {.usage = "serve"};
    if (!options_read(&options, argc, argv))
        return 2;
    if (!*options.settings.database) {
        fputs("consultation: the setting 'database' is empty\n", stderr);
        return 2;
    }
    char error[ERROR_TEXT] = "";
    sigset_t signals;
    serve_close_process();
    serve_block(&signals);
    struct service *service = service_start(&options.settings, error, sizeof error);
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
    struct options options = {.usage = "settings"};
    if (!options_read(&options, argc, argv))
        return 2;
    settings_print(&options.settings);
    return 0;
}
