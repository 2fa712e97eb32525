/* The table of subcommands; see commands.h. */
#include "commands/commands.h"

const struct command commands[] = {
#define COMMAND(name, help) {#name, command_##name, help},
#include "commands/commands.def"
#undef COMMAND
};

const size_t commands_count = sizeof commands / sizeof *commands;
