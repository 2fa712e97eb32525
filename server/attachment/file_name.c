/* Names of files; see file_name.h. */
#include "attachment/file_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { ENDING_MOST = 5 };

static const char nameless[] = "attachment";

/* What browsers write for what cannot stand in a header (WHATWG HTML, multipart/form-data). */
static const char *const escapes[] = {"%22", "%0D", "%0A"};

static bool is_dropped(ucs4_t c)
{
    return uc_is_general_category_withtable(
        c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Cn |
               UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp);
}

static bool is_forbidden(ucs4_t c)
{
    return c < 0x80 && strchr("<>:\"|?*", (int)c) != NULL && c != 0;
}

static bool is_edge(char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '_';
}

static const char *last_part(const char *sent)
{
    const char *part = sent;
    for (const char *p = sent; *p; p++)
        if (*p == '/' || *p == '\\')
            part = p + 1;
    return part;
}

static size_t escape_length(const char *at)
{
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (strncasecmp(at, escapes[i], strlen(escapes[i])) == 0)
            return strlen(escapes[i]);
    return 0;
}

/* Character by character; `out` is as large as what was sent, and a NUL. False: not UTF-8. */
static bool characters_clean(const char *sent, char *out)
{
    size_t length = 0;
    for (const char *at = sent; *at;) {
        ucs4_t c;
        size_t escape = escape_length(at);
        int size = escape ? (int)escape : u8_strmbtouc(&c, (const uint8_t *)at);
        if (size <= 0)
            return false;
        bool gap = escape || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Zs) || c == '\t';
        if (gap || is_forbidden(c)) {
            char filler = gap ? ' ' : '_';
            if (length == 0 || out[length - 1] != filler)
                out[length++] = filler;
        } else if (!is_dropped(c)) {
            memcpy(out + length, at, (size_t)size);
            length += (size_t)size;
        }
        at += size;
    }
    out[length] = '\0';
    return true;
}

/* A window without what may not stand at either end. */
static char *edges_cut(char *text)
{
    while (is_edge(*text))
        text++;
    size_t length = strlen(text);
    while (length && is_edge(text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Whether the ending, of that length, is one of "jpg|jpeg". */
static bool ending_is_one(const char *ending, const char *extensions)
{
    size_t length = strlen(ending);
    for (const char *at = extensions; *at;) {
        size_t size = strcspn(at, "|");
        if (size == length && strncasecmp(at, ending, size) == 0)
            return true;
        at += size + (at[size] == '|');
    }
    return false;
}

/* What looks like an ending: a few letters and digits behind the last dot; not "1.2". */
static char *ending_find(char *name)
{
    char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        return NULL;
    bool letter = false;
    size_t length = 0;
    for (const char *p = dot + 1; *p; p++, length++) {
        bool alpha = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (!alpha && (*p < '0' || *p > '9'))
            return NULL;
        letter |= alpha;
    }
    return letter && length <= ENDING_MOST ? dot : NULL;
}

/* Names that Windows takes for devices, whatever their ending. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"CON", "PRN", "AUX", "NUL"};
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        if (length == 3 && strncasecmp(name, devices[i], 3) == 0)
            return true;
    return length == 4 && name[3] >= '0' && name[3] <= '9' &&
           (strncasecmp(name, "COM", 3) == 0 || strncasecmp(name, "LPT", 3) == 0);
}

static void points_cut(char *text, size_t most)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;
    for (size_t i = 0; i < most && *at; i++)
        at += u8_strmbtouc(&c, at);
    text[at - (const uint8_t *)text] = '\0';
}

/* Takes off the ending, and a wrong one behind it; what is right stays as it was written. */
static void name_end(char *stem, const char *extensions, char ending[ENDING_MOST + 2])
{
    size_t first = strcspn(extensions, "|");
    ending[0] = '.';
    memcpy(ending + 1, extensions, first);
    ending[first + 1] = '\0';
    for (int i = 0; i < 2; i++) {
        char *dot = ending_find(stem);
        bool right = dot && ending_is_one(dot + 1, extensions);
        if (right)
            memcpy(ending, dot, strlen(dot) + 1);
        if (dot && (right || i == 0))
            *dot = '\0';
        if (right)
            return;
    }
}

void file_name_clean(const char *sent, const char *extensions, char out[FILE_NAME_TEXT])
{
    char ending[ENDING_MOST + 2];
    const char *part = last_part(sent);
    char *clean = malloc(strlen(part) + 1);
    size_t length = 0;
    char *normal = NULL;
    if (clean && characters_clean(part, clean))
        normal = (char *)u8_normalize(UNINORM_NFC, (const uint8_t *)clean, strlen(clean) + 1, NULL,
                                      &length);
    char nothing[1] = "";
    char *stem = edges_cut(normal ? normal : nothing);
    name_end(stem, extensions, ending);
    points_cut(stem, FILE_NAME_POINTS - strlen(ending) - 1); /* and one for a device's mark */
    stem = edges_cut(stem);
    if (!*stem)
        memcpy(out, nameless, sizeof nameless);
    else if (is_device(stem))
        memcpy(stpcpy(out, "x"), stem, strlen(stem) + 1);
    else
        memcpy(out, stem, strlen(stem) + 1);
    memcpy(out + strlen(out), ending, strlen(ending) + 1);
    free(normal);
    free(clean);
}
