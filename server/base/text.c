/* Unicode text through libunistring; see text.h. */
#include "base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Copies with line ends made LF; NULL on a control character or a lack of memory. */
static char *text_lines(const char *bytes, size_t length, size_t *out_length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\r') {
            if (i + 1 < length && bytes[i + 1] == '\n')
                continue;
            c = '\n';
        }
        copy[n++] = c;
    }
    *out_length = n;
    return copy;
}

/* True if no C0 or C1 control but LF and TAB stands in valid UTF-8. */
static bool text_is_clean(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return false;
        if (c == 0xc2 && i + 1 < length && (unsigned char)bytes[i + 1] < 0xa0)
            return false;
    }
    return true;
}

static bool is_ascii(const char *bytes, size_t length)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++)
        seen |= (unsigned char)bytes[i];
    return seen < 0x80;
}

/* Every normal form leaves ASCII as it is (UAX #15 §1.2). libunistring hands out memory of its own;
 * one more byte is wanted for the NUL. */
static bool text_form(uninorm_t form, const char *bytes, size_t length, char **out)
{
    if (is_ascii(bytes, length)) {
        *out = strndup(bytes, length);
        return *out != NULL;
    }
    size_t n = 0;
    uint8_t *normal = u8_normalize(form, (const uint8_t *)bytes, length, NULL, &n);
    if (!normal)
        return false;
    char *text = malloc(n + 1);
    if (text) {
        memcpy(text, normal, n);
        text[n] = '\0';
    }
    sodium_memzero(normal, n);
    free(normal);
    *out = text;
    return text != NULL;
}

bool text_normalise(const char *bytes, size_t length, char **out)
{
    if (u8_check((const uint8_t *)bytes, length))
        return false;
    size_t n = 0;
    char *lines = text_lines(bytes, length, &n);
    bool ok = lines && text_is_clean(lines, n) && text_form(UNINORM_NFC, lines, n, out);
    if (lines)
        sodium_memzero(lines, length);
    free(lines);
    return ok;
}

bool text_compatible(const char *bytes, size_t length, char **out)
{
    return !u8_check((const uint8_t *)bytes, length) && text_form(UNINORM_NFKC, bytes, length, out);
}

size_t text_points(const char *text)
{
    return u8_mbsnlen((const uint8_t *)text, strlen(text));
}

/* Characters that are words by themselves. */
static bool is_word_alone(ucs4_t c)
{
    return uc_is_property_ideographic(c) || (c >= 0x3041 && c <= 0x30ff) ||
           (c >= 0xac00 && c <= 0xd7a3);
}

static bool is_letter(ucs4_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                   UC_CATEGORY_MASK_M);
}

static bool is_joint(ucs4_t c)
{
    return c == '\'' || c == 0x2019 || c == '-' || c == '.' || c == ',';
}

size_t text_words(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t words = 0;
    bool within = false, joint = false; /* after a letter; after a joint behind one */
    for (ucs4_t c; (at = u8_next(&c, at));) {
        bool alone = is_word_alone(c);
        bool letter = !alone && is_letter(c);
        words += alone || (letter && !within && !joint);
        joint = within && is_joint(c);
        within = letter;
    }
    return words;
}

bool text_title_key(const char *bytes, size_t length, char **out)
{
    char *form = NULL;
    if (!text_compatible(bytes, length, &form))
        return false;
    /* A small letter may take more bytes than its capital, by one at the most. */
    size_t room = 2 * strlen(form) + 1, written = 0;
    uint8_t *key = malloc(room);
    const uint8_t *at = (const uint8_t *)form;
    for (ucs4_t c; key && (at = u8_next(&c, at));)
        if (is_letter(c)) {
            int bytes_of = u8_uctomb(key + written, uc_tolower(c), (ptrdiff_t)(room - written));
            written += bytes_of > 0 ? (size_t)bytes_of : 0;
        }
    free(form);
    if (key)
        key[written] = '\0';
    *out = (char *)key;
    return key != NULL;
}

const char *text_trim(const char *text, size_t *length)
{
    const uint8_t *first = (const uint8_t *)text;
    const uint8_t *end = first + strlen(text);
    ucs4_t c;
    while (first < end && u8_mbtouc(&c, first, (size_t)(end - first)) > 0 &&
           uc_is_property_white_space(c))
        first += u8_mbtouc(&c, first, (size_t)(end - first));
    const uint8_t *before;
    while ((before = u8_prev(&c, end, first)) && uc_is_property_white_space(c))
        end = before;
    *length = (size_t)(end - first);
    return (const char *)first;
}
