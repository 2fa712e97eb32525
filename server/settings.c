/* The settings table at work: defaults, file, command line, checks, printing; see settings.h. */
#include "settings.h"

#include "base/parse.h"

#include <stdio.h>
#include <string.h>

enum setting_kind { SETTING_KIND_TEXT, SETTING_KIND_INTEGER, SETTING_KIND_BOOLEAN };

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *text;
    long number, least, most;
    const char *help;
};

static const struct setting table[] = {
#define SETTING_TEXT(name, value, help)                                                            \
    {#name, SETTING_KIND_TEXT, offsetof(struct settings, name), value, 0, 0, 0, help},
#define SETTING_INTEGER(name, value, least, most, help)                                            \
    {#name, SETTING_KIND_INTEGER, offsetof(struct settings, name), NULL, value, least, most, help},
#define SETTING_BOOLEAN(name, value, help)                                                         \
    {#name, SETTING_KIND_BOOLEAN, offsetof(struct settings, name), NULL, value, 0, 1, help},
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_INTEGER
#undef SETTING_BOOLEAN
};

enum { TABLE_ROWS = sizeof table / sizeof table[0], TEXT_BYTES = 256 };

static void *setting_place(struct settings *settings, const struct setting *row)
{
    return (char *)settings + row->offset;
}

static void setting_number(struct settings *settings, const struct setting *row, long value)
{
    if (row->kind == SETTING_KIND_BOOLEAN)
        *(bool *)setting_place(settings, row) = value != 0;
    else
        *(long *)setting_place(settings, row) = value;
}

void settings_default(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < TABLE_ROWS; i++) {
        if (table[i].kind == SETTING_KIND_TEXT)
            snprintf(setting_place(settings, &table[i]), TEXT_BYTES, "%s", table[i].text);
        else
            setting_number(settings, &table[i], table[i].number);
    }
}

static const struct setting *setting_find(const char *name, size_t length)
{
    for (size_t i = 0; i < TABLE_ROWS; i++)
        if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

static bool setting_take(struct settings *settings, const struct setting *row, const char *value,
                         char *error, size_t error_size)
{
    int64_t number = 0;
    switch (row->kind) {
    case SETTING_KIND_TEXT:
        if (strlen(value) < TEXT_BYTES) {
            snprintf(setting_place(settings, row), TEXT_BYTES, "%s", value);
            return true;
        }
        snprintf(error, error_size, "%s: longer than %d bytes", row->name, TEXT_BYTES - 1);
        return false;
    case SETTING_KIND_INTEGER:
        if (parse_integer(value, row->least, row->most, &number)) {
            setting_number(settings, row, (long)number);
            return true;
        }
        snprintf(error, error_size, "%s: a whole number from %ld to %ld is wanted", row->name,
                 row->least, row->most);
        return false;
    case SETTING_KIND_BOOLEAN:
        if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
            setting_number(settings, row, value[0] == 't');
            return true;
        }
        snprintf(error, error_size, "%s: true or false is wanted", row->name);
        return false;
    }
    return false;
}

/* Cuts spaces off both ends, in place. */
static char *trimmed(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

bool settings_set(struct settings *settings, const char *name_value, char *error, size_t error_size)
{
    char copy[2 * TEXT_BYTES];
    if (snprintf(copy, sizeof copy, "%s", name_value) >= (int)sizeof copy) {
        snprintf(error, error_size, "a setting longer than %zu bytes", sizeof copy - 1);
        return false;
    }
    char *equals = strchr(copy, '=');
    if (!equals) {
        snprintf(error, error_size, "'%s' is not of the form name=value", copy);
        return false;
    }
    *equals = '\0';
    char *name = trimmed(copy);
    const struct setting *row = setting_find(name, strlen(name));
    if (!row) {
        snprintf(error, error_size, "there is no setting '%s'", name);
        return false;
    }
    return setting_take(settings, row, trimmed(equals + 1), error, error_size);
}

bool settings_file(struct settings *settings, const char *path, char *error, size_t error_size)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        snprintf(error, error_size, "the settings file %s cannot be read", path);
        return false;
    }
    char line[2 * TEXT_BYTES];
    bool ok = true;
    for (int number = 1; ok && fgets(line, sizeof line, file); number++) {
        char *text = trimmed(line);
        if (!*text || *text == '#')
            continue;
        char reason[TEXT_BYTES];
        ok = settings_set(settings, text, reason, sizeof reason);
        if (!ok)
            snprintf(error, error_size, "%s, line %d: %s", path, number, reason);
    }
    fclose(file);
    return ok;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strncmp(address, "unix:", 5) == 0;
}

/* Unlike where the server listens, a mail server may be a name: what only begins like a loopback
 * address is none. */
static bool is_this_machine(const char *host)
{
    bool four = strspn(host, "0123456789.") == strlen(host);
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (four && strncmp(host, "127.", 4) == 0);
}

/* Letters carry codes: in the clear they go no farther than this machine. */
static const char *mail_fault(const struct settings *settings)
{
    bool none = strcmp(settings->mail_tls, "none") == 0;
    if (!none && strcmp(settings->mail_tls, "starttls") != 0 &&
        strcmp(settings->mail_tls, "tls") != 0)
        return "mail_tls: starttls, tls or none is wanted";
    if (!*settings->mail_server)
        return NULL;
    if (none && !is_this_machine(settings->mail_server))
        return "mail_tls may be none only for a mail_server on loopback";
    if (!strchr(settings->mail_from, '@') || strpbrk(settings->mail_from, "<> \t"))
        return "mail_from must be the address that letters come from";
    if (strpbrk(settings->mail_server, "/@?#[] "))
        return "mail_server must be a host name or an address";
    if (*settings->mail_user && (none || !*settings->mail_password_file))
        return "mail_user needs mail_password_file, and a mail_tls that is not none";
    return NULL;
}

/* Of a provider whose settings begin like that: all, or no issuer. */
static bool openid_fault(const char *prefix, const char *issuer, const char *const needed[5],
                         char *error, size_t error_size)
{
    for (int i = 0; *issuer && i < 5; i++)
        if (!*needed[i]) {
            snprintf(error, error_size,
                     "%s_issuer needs %s_client, …_secret_file, …_name_zh_hant, …_name_en and "
                     "…_name_zh_hans",
                     prefix, prefix);
            return true;
        }
    return false;
}

static bool openid_faults(const struct settings *settings, char *error, size_t error_size)
{
    const char *const respondents[5] = {settings->openid_client, settings->openid_secret_file,
                                        settings->openid_name_zh_hant, settings->openid_name_en,
                                        settings->openid_name_zh_hans};
    const char *const accounts[5] = {
        settings->accounts_openid_client, settings->accounts_openid_secret_file,
        settings->accounts_openid_name_zh_hant, settings->accounts_openid_name_en,
        settings->accounts_openid_name_zh_hans};
    return openid_fault("openid", settings->openid_issuer, respondents, error, error_size) ||
           openid_fault("accounts_openid", settings->accounts_openid_issuer, accounts, error,
                        error_size);
}

bool settings_check(const struct settings *settings, char *error, size_t error_size)
{
    const char *fault = mail_fault(settings);
    if (fault)
        snprintf(error, error_size, "%s", fault);
    else if (openid_faults(settings, error, error_size))
        return false;
    else if (!is_loopback(settings->inner_address))
        snprintf(error, error_size, "inner_address must be a loopback address");
    else if (!is_loopback(settings->address) && !*settings->trusted_front &&
             !settings->allow_open_address)
        snprintf(
            error, error_size,
            "address %s is not loopback: put a front (see deploy/nginx) before the server and name "
            "it as trusted_front, or set allow_open_address=true",
            settings->address);
    else
        return true;
    return false;
}

void settings_print(const struct settings *settings)
{
    for (size_t i = 0; i < TABLE_ROWS; i++) {
        const struct setting *row = &table[i];
        const char *place = (const char *)settings + row->offset;
        printf("# %s\n", row->help);
        switch (row->kind) {
        case SETTING_KIND_TEXT:
            printf("%s = %s\n\n", row->name, place);
            break;
        case SETTING_KIND_INTEGER:
            printf("# from %ld to %ld\n%s = %ld\n\n", row->least, row->most, row->name,
                   *(const long *)(const void *)place);
            break;
        case SETTING_KIND_BOOLEAN:
            printf("# true or false\n%s = %s\n\n", row->name,
                   *(const bool *)(const void *)place ? "true" : "false");
            break;
        }
    }
}
