/* scene [--rehearse N] [--openid real] [--set name=value]… COMMAND [word …]: opens a scene, runs
 * the command with SCENE_URL, SCENE_INNER, SCENE_DATABASE (the superuser's connection string),
 * SCENE_LOGIN, SCENE_KEYS and SCENE_BINARY in its environment (and SCENE_OPENID, the issuer of a
 * provider), closes the scene, and leaves with the command's status. */
#include "support/openid.h"
#include "support/process.h"
#include "support/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_MOST = 16 };

struct options {
    const char *rehearse; /* how many generated submissions; NULL: none */
    bool openid;
    const char *set[SETTINGS_MOST + 1];
    int settings;
    const char *const *command;
};

static bool read_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){.set = {"submissions_per_prefix=0"}, .settings = 1};
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--rehearse") == 0)
            options->rehearse = argv[i + 1];
        else if (strcmp(argv[i], "--openid") == 0 && strcmp(argv[i + 1], "real") == 0)
            options->openid = true;
        else if (strcmp(argv[i], "--set") == 0 && options->settings < SETTINGS_MOST)
            options->set[options->settings++] = argv[i + 1];
        else
            return false;
    }
    options->command = (const char *const *)argv + i;
    return i < argc;
}

static void scene_export(const struct scene *scene)
{
    setenv("SCENE_URL", server_address(scene->server), 1);
    setenv("SCENE_INNER", server_inner_address(scene->server), 1);
    setenv("SCENE_DATABASE", cluster_superuser(scene->cluster), 1);
    setenv("SCENE_LOGIN", cluster_conninfo(scene->cluster), 1);
    setenv("SCENE_KEYS", scene->keys_folder, 1);
    setenv("SCENE_BINARY", SERVER_BINARY, 1);
}

static int scene_play(struct scene *scene, const struct options *options)
{
    struct process process;
    if (options->rehearse) {
        const char *words[] = {SCENE_REHEARSAL, options->rehearse, NULL};
        struct server_options plain = scene->options;
        plain.set = NULL;
        if (server_command(&plain, NULL, 0, "rehearse", words) != 0)
            return 1;
        scene_await(scene, "select (count(*) > 0)::int from releases", 1);
    }
    scene_export(scene);
    if (!process_start(&process, SIGTERM, "/dev/stdout", options->command))
        return 1;
    return process_stop(&process, 0);
}

int main(int argc, char **argv)
{
    struct options options;
    struct scene scene;
    if (!read_options(argc, argv, &options)) {
        fputs("usage: scene [--rehearse N] [--openid real] [--set name=value]… COMMAND [word …]\n",
              stderr);
        return 2;
    }
    struct openid openid;
    if (options.openid)
        openid_open(&openid, true, options.set);
    scene_open(&scene, options.openid ? openid.set : options.set);
    if (options.openid) {
        openid_ready(&openid, server_address(scene.server));
        setenv("SCENE_OPENID", openid.issuer, 1);
    }
    int status = scene_play(&scene, &options);
    scene_close(&scene);
    if (options.openid)
        openid_close(&openid);
    return status;
}
