/* scene [--tls] [--rehearse N] [--openid real] [--set name=value]… COMMAND [word …]: opens a scene,
 * runs the command with SCENE_URL, SCENE_INNER, SCENE_DATABASE (the superuser's connection string),
 * SCENE_LOGIN, SCENE_KEYS and SCENE_BINARY in its environment (and SCENE_OPENID, the issuer of a
 * provider), closes the scene, and leaves with the command's status. With --tls the server stands
 * behind the front of deploy/nginx, by https, and SCENE_URL is the front's. */
#include "support/front.h"
#include "support/openid.h"
#include "support/process.h"
#include "support/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTINGS_MOST = 16, TEXT = 96 };

struct options {
    const char *rehearse; /* how many generated submissions; NULL: none */
    bool openid;
    const char *set[SETTINGS_MOST + 1];
    int settings;
    bool tls;
    const char *const *command;
};

/* The front, and where it finds the server. */
struct before {
    struct front *front; /* NULL: none */
    char folder[24], socket[40];
    char address[TEXT], base[TEXT];
};

static bool read_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){.set = {"submissions_per_prefix=0"}, .settings = 1};
    int i = 1;
    if (i < argc && strcmp(argv[i], "--tls") == 0) {
        options->tls = true;
        i++;
    }
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

/* First of all, for the server is to know under which address it is reached. */
static void before_open(struct before *before, struct options *options)
{
    *before = (struct before){.folder = "/tmp/cs-XXXXXX"};
    if (!options->tls)
        return;
    if (!mkdtemp(before->folder) || options->settings + 3 > SETTINGS_MOST)
        abort();
    snprintf(before->socket, sizeof before->socket, "%s/public", before->folder);
    snprintf(before->address, sizeof before->address, "address=unix:%s", before->socket);
    before->front = front_start_tls(before->address + strlen("address="));
    snprintf(before->base, sizeof before->base, "base_url=%s", front_address(before->front));
    options->set[options->settings++] = before->address;
    options->set[options->settings++] = "trusted_front=unix:";
    options->set[options->settings++] = before->base;
}

static void before_close(struct before *before)
{
    if (!before->front)
        return;
    front_stop(before->front);
    unlink(before->socket);
    rmdir(before->folder);
}

static void scene_export(const struct scene *scene, const struct before *before)
{
    setenv("SCENE_URL",
           before->front ? front_address(before->front) : server_address(scene->server), 1);
    setenv("SCENE_INNER", server_inner_address(scene->server), 1);
    setenv("SCENE_DATABASE", cluster_superuser(scene->cluster), 1);
    setenv("SCENE_LOGIN", cluster_conninfo(scene->cluster), 1);
    setenv("SCENE_KEYS", scene->keys_folder, 1);
    setenv("SCENE_BINARY", SERVER_BINARY, 1);
}

static int scene_play(struct scene *scene, const struct options *options,
                      const struct before *before)
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
    scene_export(scene, before);
    if (!process_start(&process, SIGTERM, "/dev/stdout", options->command))
        return 1;
    return process_stop(&process, 0);
}

int main(int argc, char **argv)
{
    struct options options;
    struct before before;
    struct scene scene;
    if (!read_options(argc, argv, &options)) {
        fputs("usage: scene [--tls] [--rehearse N] [--openid real] [--set name=value]… COMMAND "
              "[word …]\n",
              stderr);
        return 2;
    }
    struct openid openid;
    before_open(&before, &options);
    if (options.openid)
        openid_open(&openid, true, options.set);
    scene_open(&scene, options.openid ? openid.set : options.set);
    if (options.openid) {
        openid_ready(&openid, server_address(scene.server));
        setenv("SCENE_OPENID", openid.issuer, 1);
    }
    int status = scene_play(&scene, &options, &before);
    scene_close(&scene);
    before_close(&before);
    if (options.openid)
        openid_close(&openid);
    return status;
}
