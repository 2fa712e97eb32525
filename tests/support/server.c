/* The real binary under test; see server.h. */
#include "support/server.h"

#include "support/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MOST = 64, ADDRESS_TEXT = 128, SETTING_TEXT_BYTES = 256, WRAPPER_TEXT = 512 };

struct server {
    struct process process;
    char address[ADDRESS_TEXT];
    char inner[ADDRESS_TEXT];
};

/* The arguments of one run of the binary; `settings` holds those that are made here. */
struct arguments {
    const char *argv[ARGUMENTS_MOST];
    char wrapper[WRAPPER_TEXT];
    int count;
    char attachments[320], database[SETTING_TEXT_BYTES], keys[SETTING_TEXT_BYTES];
};

static void arguments_add(struct arguments *arguments, const char *word)
{
    if (arguments->count >= ARGUMENTS_MOST - 1)
        abort();
    arguments->argv[arguments->count++] = word;
}

static void arguments_set(struct arguments *arguments, const char *setting)
{
    arguments_add(arguments, "--set");
    arguments_add(arguments, setting);
}

/* SERVER_WRAPPER of the environment, such as "valgrind --quiet", goes before a server. */
static void arguments_wrap(struct arguments *arguments)
{
    const char *wrapper = getenv("SERVER_WRAPPER");
    char *rest = NULL;
    snprintf(arguments->wrapper, sizeof arguments->wrapper, "%s", wrapper ? wrapper : "");
    for (char *word = strtok_r(arguments->wrapper, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest))
        arguments_add(arguments, word);
}

static void arguments_begin(struct arguments *arguments, const struct server_options *options,
                            const char *subcommand)
{
    *arguments = (struct arguments){0};
    snprintf(arguments->database, sizeof arguments->database, "database=%s", options->conninfo);
    snprintf(arguments->keys, sizeof arguments->keys, "keys_folder=%s", options->keys_folder);
    /* There, because that folder goes with the test; its other files are none of the keys'. */
    snprintf(arguments->attachments, sizeof arguments->attachments,
             "attachments_folder=%s/attachments", options->keys_folder);
    if (strcmp(subcommand, "serve") == 0)
        arguments_wrap(arguments);
    arguments_add(arguments, SERVER_BINARY);
    arguments_add(arguments, subcommand);
    arguments_set(arguments, arguments->database);
    arguments_set(arguments, arguments->keys);
    arguments_set(arguments, arguments->attachments);
    arguments_set(arguments, "static_folder=" STATIC_FOLDER);
    for (const char *const *set = options->set; set && *set; set++)
        arguments_set(arguments, *set);
}

struct server *server_start(const struct server_options *options)
{
    struct arguments arguments;
    arguments_begin(&arguments, options, "serve");
    arguments_set(&arguments, "port=0");
    arguments_set(&arguments, "inner_port=0");
    struct server *server = calloc(1, sizeof *server);
    if (!server || !process_start(&server->process, SIGKILL, NULL, arguments.argv))
        abort();
    char line[512];
    while (!server->inner[0] && process_line(&server->process, line, sizeof line)) {
        if (sscanf(line, "listening %127s", server->address) != 1)
            sscanf(line, "inner %127s", server->inner);
    }
    if (server->address[0] && server->inner[0])
        return server;
    process_stop(&server->process, 0);
    free(server);
    return NULL;
}

int server_stop(struct server *server, int sent)
{
    if (!server)
        return 0;
    int status = process_stop(&server->process, sent);
    free(server);
    return status;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

const char *server_inner_address(const struct server *server)
{
    return server->inner;
}

int server_pid(const struct server *server)
{
    return server->process.pid;
}

int server_command(const struct server_options *options, char *output, int size,
                   const char *subcommand, const char *const words[])
{
    struct arguments arguments;
    arguments_begin(&arguments, options, subcommand);
    for (const char *const *word = words; word && *word; word++)
        arguments_add(&arguments, *word);
    return process_run(output, (size_t)size, arguments.argv);
}
