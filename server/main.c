/* The one binary: finds the subcommand and runs it. */
#include "commands/commands.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void usage(FILE *out)
{
    fputs("usage: consultation COMMAND [options]\n\n", out);
    for (size_t i = 0; i < commands_count; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        fputs("consultation: libsodium could not be started\n", stderr);
        return 1;
    }
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < commands_count; i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "consultation: there is no command '%s'\n\n", argv[1]);
    usage(stderr);
    return 2;
}
