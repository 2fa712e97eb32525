/* Officials as a browser would be them; see officials.h. */
#include "support/officials.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FORM_TYPE "application/x-www-form-urlencoded"

void official_add(struct scene *scene, const char *login, const char *option,
                  struct official_made *out)
{
    char output[1024] = "";
    const char *words[] = {"add", login, option, NULL};
    struct server_options options = scene->options;
    options.set = NULL;
    *out = (struct official_made){.side = "officials"};
    int status = server_command(&options, output, sizeof output, "official", words);
    const char *hash = strchr(output, '#');
    ck_assert_msg(status == 0 && hash, "%d %s", status, output);
    snprintf(out->login, sizeof out->login, "%s", login);
    snprintf(out->link, sizeof out->link, "%.43s", hash + 1);
}

void official_grant(struct scene *scene, const char *login, const char *slug, const char *role)
{
    const char *words[] = {"grant", login, slug, role, NULL};
    struct server_options options = scene->options;
    options.set = NULL;
    ck_assert_int_eq(server_command(&options, NULL, 0, "official", words), 0);
}

void official_code(const struct official_made *official, time_t at, char code[7])
{
    char *secret = NULL;
    size_t length = 0;
    ck_assert_int_eq(
        oath_base32_decode(official->secret, strlen(official->secret), &secret, &length), OATH_OK);
    ck_assert_int_eq(oath_totp_generate(secret, length, at, 30, 0, 6, code), OATH_OK);
    free(secret);
}

bool official_field(const struct client_reply *page, const char *name, char *value, size_t size)
{
    char mark[80];
    snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const char *at = page->body ? strstr(page->body, mark) : NULL;
    if (!at)
        return false;
    at += strlen(mark);
    snprintf(value, size, "%.*s", (int)strcspn(at, "\""), at);
    return true;
}

struct client_reply official_post(struct client *client, const struct official_made *official,
                                  const char *path, char *body)
{
    if (*official->form_token)
        body = fixture_form_add(body, "/form_token", official->form_token);
    struct client_reply reply = client_run(client, &(struct client_ask){.method = "POST",
                                                                        .path = path,
                                                                        .headers = official->cookie,
                                                                        .type = FORM_TYPE,
                                                                        .body = body});
    free(body);
    return reply;
}

struct client_reply official_get(struct client *client, const struct official_made *official,
                                 const char *path)
{
    return client_run(client, &(struct client_ask){.path = path, .headers = official->cookie});
}

/* Text between two marks of a page. */
static void cut(const struct client_reply *page, const char *before, const char *after,
                size_t length, char *out)
{
    const char *at = strstr(page->body, before);
    ck_assert_msg(at != NULL, "%d no «%s»: %.2000s", page->status, before, page->body);
    at += strlen(before);
    for (const char *end = strstr(at, after); at < end && length; at++)
        if (*at != ' ' && *at != '\n') {
            *out++ = *at;
            length--;
        }
    *out = '\0';
}

/* An address of the account's side. */
static const char *at(const struct official_made *official, const char *rest, char path[64])
{
    snprintf(path, 64, "/en/%s%s", official->side, rest);
    return path;
}

void official_set_up(struct scene *scene, bool second_factor, struct official_made *out)
{
    struct client *client = scene_client(scene);
    char code[7], path[64];
    struct client_reply page = official_post(client, out, at(out, "/set-up", path),
                                             fixture_form_add(NULL, "/token", out->link));
    char *body = fixture_form_add(NULL, "/token", out->link);
    if (second_factor) {
        cut(&page, "app-secret-text\" translate=\"no\">", "</span>", 32, out->secret);
        official_code(out, time(NULL), code);
        body = fixture_form_add(body, "/code", code);
    }
    client_reply_clear(&page);
    body = fixture_form_add(body, "/password", OFFICIAL_PASSWORD);
    body = fixture_form_add(body, "/again", OFFICIAL_PASSWORD);
    page = official_post(client, out, path, body);
    ck_assert_msg(page.status == 200 && strstr(page.body, "is set up"), "%d %.3000s", page.status,
                  page.body);
    if (*out->secret)
        cut(&page, "<li>", "</li>", 16, out->recovery);
    client_reply_clear(&page);
    client_free(client);
}

void official_make(struct scene *scene, const char *login, const char *option,
                   struct official_made *out)
{
    official_add(scene, login, option, out);
    official_set_up(scene, !option || strcmp(option, "--password-only") != 0, out);
}

static void cookie_take(const struct client_reply *reply, struct official_made *official)
{
    char set[256] = "";
    ck_assert_msg(client_header(reply, "Set-Cookie", set, sizeof set), "%d %.2000s", reply->status,
                  reply->body);
    snprintf(official->cookie, sizeof official->cookie, "Cookie: %.*s\r\n", (int)strcspn(set, ";"),
             set);
}

void official_half_sign_in(struct client *client, struct official_made *official)
{
    char path[64];
    official->cookie[0] = official->form_token[0] = '\0';
    char *body = fixture_form_add(NULL, "/login", official->login);
    struct client_reply reply =
        official_post(client, official, at(official, "/sign-in", path),
                      fixture_form_add(body, "/password", OFFICIAL_PASSWORD));
    ck_assert_msg(reply.status == 303, "%d %.2000s", reply.status, reply.body);
    cookie_take(&reply, official);
    client_reply_clear(&reply);
    if (!*official->secret)
        return;
    reply = official_get(client, official, at(official, "/sign-in/code", path));
    ck_assert(
        official_field(&reply, "/form_token", official->form_token, sizeof official->form_token));
    client_reply_clear(&reply);
}

void official_sign_in(struct scene *scene, struct client *client, struct official_made *official)
{
    char code[7], sql[128], path[64];
    official_half_sign_in(client, official);
    if (*official->secret) {
        snprintf(sql, sizeof sql,
                 "update officials set totp_step = 0 where login = '%s' returning login",
                 official->login);
        free(cluster_text(scene->cluster, sql));
        official_code(official, time(NULL), code);
        struct client_reply reply =
            official_post(client, official, at(official, "/sign-in/code", path),
                          fixture_form_add(NULL, "/code", code));
        ck_assert_msg(reply.status == 303, "%d %.2000s", reply.status, reply.body);
        cookie_take(&reply, official);
        client_reply_clear(&reply);
    }
    struct client_reply home = official_get(client, official, at(official, "", path));
    ck_assert_msg(home.status == 200, "%d %.2000s", home.status, home.body);
    ck_assert(
        official_field(&home, "/form_token", official->form_token, sizeof official->form_token));
    client_reply_clear(&home);
}

void official_token(struct client *client, const struct official_made *official, const char *scope,
                    char token[44])
{
    char *body = fixture_form_add(NULL, "/label", "Script");
    body = fixture_form_add(body, "/scope", scope);
    struct client_reply page = official_post(client, official, "/en/officials/own-account/tokens",
                                             fixture_form_add(body, "/days", "7"));
    ck_assert_msg(page.status == 201, "%d %.2000s", page.status, page.body);
    cut(&page, "id=\"token-value\">", "<", 43, token);
    client_reply_clear(&page);
}
