/* Accounts at the command line; see account.h. */
#include "commands/account.h"

#include "access/official.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* The token stands behind the #, which no browser sends to a server. */
void account_link_say(const struct settings *settings, const char *side, const char *ticket)
{
    char base[300] = "";
    if (*settings->base_url)
        snprintf(base, sizeof base, "%.*s", (int)strcspn(settings->base_url, "\n"),
                 settings->base_url);
    else if (strncmp(settings->address, "unix:", 5) != 0 && settings->port)
        snprintf(base, sizeof base, "http://%s:%ld", settings->address, settings->port);
    size_t length = strlen(base);
    if (length && base[length - 1] == '/')
        base[length - 1] = '\0';
    printf("Set-up link, for one day and one use; give it to nobody else:\n"
           "  %s/en/%s/set-up#%s\n"
           "Other languages: zh-Hant or zh-Hans in the place of en.\n",
           base, side, ticket);
}

int account_reset(struct act_run *run, enum statement statement, const char *side, const char *done)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    ticket_make(&clock_system, ticket, &digest);
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    int status = act_finish(run, statement, &params, done);
    if (status == 0)
        account_link_say(&run->options->settings, side, ticket);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

int account_enable(struct act_run *run, enum statement statement)
{
    struct params params = {0};
    bool enabled = strcmp(run->options->words[0], "enable") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, enabled);
    params_null(&params);
    return act_finish(run, statement, &params,
                      enabled ? "Enabled." : "Disabled, and signed out everywhere.");
}
