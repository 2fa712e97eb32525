/* The demo server by itself, for load runs and a look by hand: http_demo PORT [BYTES [THREADS]]. */
#include "demo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    sigset_t signals;
    int number = 0;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct demo *demo = demo_start(&(struct demo_options){
        .port = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0,
        .body = argc > 2 ? (size_t)strtol(argv[2], NULL, 10) : 0,
        .threads = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0,
    });
    printf("%s\n", demo->url);
    fflush(stdout);
    sigwait(&signals, &number);
    demo_stop(demo);
    return 0;
}
