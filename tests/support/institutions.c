/* Institutions and their members as a browser would be them; see institutions.h. */
#include "support/institutions.h"

#include <stdio.h>
#include <string.h>

static void run(struct scene *scene, const char *const *words, char *output, int size)
{
    struct server_options options = scene->options;
    options.set = NULL;
    int status = server_command(&options, output, size, "institution", words);
    ck_assert_msg(status == 0, "%s %s: %d %s", words[0], words[1], status, output);
}

void institution_command(struct scene *scene, const char *const *words)
{
    char output[1024] = "";
    run(scene, words, output, sizeof output);
}

void institution_make(struct scene *scene, const char *slug, bool fictitious)
{
    char zh[80], en[80], domain[80];
    snprintf(zh, sizeof zh, "示範%s（虛構）", slug);
    snprintf(en, sizeof en, "Example %s (fictitious)", slug);
    snprintf(domain, sizeof domain, "%s.example", slug);
    institution_command(scene, (const char *[]){"add", slug, "--zh-hant", zh, "--en", en,
                                                "--zh-hans", zh, "--domain", domain,
                                                fictitious ? "--fictitious" : NULL, NULL});
}

void institution_verify(struct scene *scene, const char *slug)
{
    institution_command(scene, (const char *[]){"verify", slug, NULL});
}

void member_add(struct scene *scene, const char *slug, const char *login, const char *roles,
                struct official_made *out)
{
    char output[1024] = "";
    run(scene, (const char *[]){"invite", slug, login, "--roles", roles, NULL}, output,
        sizeof output);
    const char *hash = strchr(output, '#');
    ck_assert_msg(hash != NULL, "%s", output);
    *out = (struct official_made){.side = "institution"};
    snprintf(out->login, sizeof out->login, "%s", login);
    snprintf(out->link, sizeof out->link, "%.43s", hash + 1);
}

void member_make(struct scene *scene, const char *slug, const char *login, const char *roles,
                 struct official_made *out)
{
    member_add(scene, slug, login, roles, out);
    official_set_up(scene, true, out);
}

void member_sign_in(struct scene *scene, struct client *client, struct official_made *member)
{
    official_sign_in(scene, client, member);
}
