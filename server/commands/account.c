/* Set-up links of accounts; see link.h. */
#include "commands/link.h"

#include <stdio.h>
#include <string.h>

/* The token stands behind the #, which no browser sends to a server. */
void link_say(const struct settings *settings, const char *side, const char *ticket)
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
