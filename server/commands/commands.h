#ifndef COMMANDS_H
#define COMMANDS_H

#include <stddef.h>

/* The subcommands of the one binary: a line of commands.def each. `argv[0]` is the subcommand's
 * name. They return the process's exit status: 0 done, 1 refused or failed (with a sentence on
 * standard error), 2 wrong arguments. */
struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

extern const struct command commands[];
extern const size_t commands_count;

#define COMMAND(name, help) int command_##name(int argc, char **argv);
#include "commands/commands.def"
#undef COMMAND

#endif
