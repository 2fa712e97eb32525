/* Which words of the glossary a text has; see glossary.h. */
#include "domain/glossary.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool form_occurs(const char *form, size_t length, const char *text)
{
    for (const char *p = text; (p = memmem(p, strlen(p), form, length)) != NULL; p++) {
        bool joined_before = p > text && is_letter(p[-1]) && is_letter(form[0]);
        bool joined_after = is_letter(p[length]) && is_letter(form[length - 1]);
        if (!joined_before && !joined_after)
            return true;
    }
    return false;
}

bool term_occurs(const struct term *term, enum language language, const char *text)
{
    const char *forms = term->forms.body[language];
    while (*forms) {
        size_t length = strcspn(forms, "\n");
        if (length && form_occurs(forms, length, text))
            return true;
        forms += length + (forms[length] == '\n');
    }
    return false;
}
