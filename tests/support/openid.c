/* A provider and the settings that lead to it; see openid.h. */
#include "support/openid.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 512 };

static const char client_id[] = "consultation", client_secret[] = "a-very-secret-word";

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "openid: %s failed\n", what);
    abort();
}

static void file_write(const struct openid *openid, const char *name, const char *words)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", openid->folder, name);
    FILE *file = fopen(path, "we");
    if (!file || fputs(words, file) < 0 || fclose(file) != 0)
        give_up(name);
}

static void line_await(struct openid *openid, const char *start, char *rest, size_t size)
{
    char line[256];
    while (process_line(&openid->process, line, sizeof line))
        if (strncmp(line, start, strlen(start)) == 0) {
            snprintf(rest, size, "%s", line + strlen(start));
            return;
        }
    give_up(start);
}

/* Debian's glewlwyd 2.7.5 says 1970 of every sign-in. */
static void settings_fill(struct openid *openid, bool real, const char *const *further)
{
    static const char *const named[] = {
        "openid_name_zh_hant=智方便",           "openid_name_en=iAM Smart",
        "openid_name_zh_hans=智方便",           "accounts_openid_name_zh_hant=示範通行證",
        "accounts_openid_name_en=Example Pass", "accounts_openid_name_zh_hans=示范通行证"};
    static const char *const prefixes[] = {"", "accounts_"};
    int n = 0;
    for (int i = 0; i < 2; i++) {
        snprintf(openid->words[n++], 256, "%sopenid_issuer=%s", prefixes[i], openid->issuer);
        snprintf(openid->words[n++], 256, "%sopenid_client=%s", prefixes[i], client_id);
        snprintf(openid->words[n++], 256, "%sopenid_secret_file=%s/secret", prefixes[i],
                 openid->folder);
    }
    for (int i = 0; i < n; i++)
        openid->set[i] = openid->words[i];
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        openid->set[n++] = named[i];
    if (real)
        openid->set[n++] = "accounts_openid_max_age=0";
    for (; further && *further; further++)
        openid->set[n++] = *further;
    openid->set[n] = NULL;
}

void openid_open(struct openid *openid, bool real, const char *const *further)
{
    static const char provider[] = SOURCE_FOLDER "/tests/support/openid_provider.py",
                      liar[] = SOURCE_FOLDER "/tests/support/openid_liar.mjs",
                      node[] = SOURCE_FOLDER "/static/node_modules/node/bin/node";
    *openid = (struct openid){0};
    umask(077);
    snprintf(openid->folder, sizeof openid->folder, "/tmp/co-XXXXXX");
    if (!mkdtemp(openid->folder))
        give_up("mkdtemp");
    file_write(openid, "secret", client_secret);
    const char *const of_provider[] = {
        "/usr/bin/python3",    provider, openid->folder,      client_id, client_secret, "alice",
        "alice knows it well", "bob",    "bob knows it well", NULL};
    const char *const of_liar[] = {node, liar, openid->folder, client_id, client_secret, NULL};
    if (!process_start(&openid->process, SIGTERM, NULL, real ? of_provider : of_liar))
        give_up("the provider");
    line_await(openid, "listening ", openid->issuer, sizeof openid->issuer);
    settings_fill(openid, real, further);
}

void openid_ready(struct openid *openid, const char *server)
{
    char line[PATH_BYTES];
    snprintf(line, sizeof line, "%s/openid\n", server);
    file_write(openid, "return", line);
    line_await(openid, "ready", line, sizeof line);
}

void openid_close(struct openid *openid)
{
    const char *remove[] = {"rm", "-rf", openid->folder, NULL};
    process_stop(&openid->process, SIGTERM);
    process_run(NULL, 0, remove);
}

void openid_mode(const struct openid *openid, const char *mode)
{
    file_write(openid, "mode", mode);
}
