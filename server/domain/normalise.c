/* One person, one form: the rules of each kind of identity; see normalise.h. */
#include "domain/normalise.h"

#include "base/buf.h"

#include <idn2.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

/* RFC 5321 §4.5.3.1 and RFC 1035 §2.3.4 */
enum { LOCAL_MOST = 64, DOMAIN_MOST = 253, ADDRESS_MOST = 254 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Atoms parted by single dots (RFC 5322 §3.2.3), letters and digits of any script among them (RFC
 * 6532). */
static bool is_dot_atom(const char *text, size_t length)
{
    if (length == 0 || text[0] == '.' || text[length - 1] == '.')
        return false;
    const uint8_t *p = (const uint8_t *)text, *end = p + length;
    for (int step = 0; p < end; p += step) {
        ucs4_t c;
        step = u8_mbtouc(&c, p, (size_t)(end - p));
        if (c == '.' && p[1] == '.')
            return false;
        if (c < 0x80 && !is_letter((char)c) && !is_digit((char)c) &&
            !strchr(".!#$%&'*+-/=?^_`{|}~", (int)c))
            return false;
        if (c >= 0x80 && !uc_is_general_category(c, UC_CATEGORY_L) &&
            !uc_is_general_category(c, UC_CATEGORY_M) && !uc_is_general_category(c, UC_CATEGORY_N))
            return false;
    }
    return true;
}

/* Lower case, what follows a '+' dropped, dots kept. */
static bool add_local(struct buf *out, const char *text, size_t length)
{
    if (!is_dot_atom(text, length))
        return false;
    const char *plus = memchr(text, '+', length);
    if (plus)
        length = (size_t)(plus - text);
    size_t n = 0;
    uint8_t *lower = u8_tolower((const uint8_t *)text, length, NULL, UNINORM_NFKC, NULL, &n);
    if (!lower)
        return false;
    bool ok = n <= LOCAL_MOST && is_dot_atom((const char *)lower, n);
    if (ok)
        buf_add(out, lower, n);
    sodium_memzero(lower, n);
    free(lower);
    return ok;
}

/* Two labels or more of letters, digits and inner hyphens; the last one is no number. */
static bool is_host(const char *domain)
{
    size_t length = strlen(domain), dots = 0;
    if (length == 0 || length > DOMAIN_MOST)
        return false;
    const char *label = domain;
    for (const char *p = domain;; p++) {
        if (*p == '.' || !*p) {
            if (p == label || p - label > 63 || label[0] == '-' || p[-1] == '-')
                return false;
            if (!*p)
                break;
            dots++;
            label = p + 1;
        } else if (!is_letter(*p) && !is_digit(*p) && *p != '-') {
            return false;
        }
    }
    return dots > 0 && strspn(label, "0123456789") < strlen(label);
}

static bool add_host(struct buf *out, char *domain)
{
    size_t length = strlen(domain);
    if (length && domain[length - 1] == '.')
        domain[--length] = '\0';
    for (char *p = domain; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    bool ok = is_host(domain);
    if (ok)
        buf_add(out, domain, length);
    sodium_memzero(domain, length);
    return ok;
}

/* The A-labels in lower case (IDNA 2008 with the mapping of UTS #46), without a final dot. What is
 * ASCII is looked at before: libidn2's rule for it (STD3) drops a forbidden character instead of
 * refusing it. */
static bool add_domain(struct buf *out, const char *text)
{
    bool plain = strcasestr(text, "xn--") == NULL;
    for (const char *p = text; *p; p++) {
        bool ascii = (unsigned char)*p < 0x80;
        if (ascii && !is_letter(*p) && !is_digit(*p) && !strchr("-.", *p))
            return false;
        plain = plain && ascii;
    }
    if (plain) { /* nearly all: lower case is all there is to do */
        char copy[DOMAIN_MOST + 2];
        int length = snprintf(copy, sizeof copy, "%s", text);
        return length < (int)sizeof copy && add_host(out, copy);
    }
    uint8_t *ascii = NULL;
    if (idn2_lookup_u8((const uint8_t *)text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
        IDN2_OK)
        return false;
    bool ok = add_host(out, (char *)ascii);
    idn2_free(ascii);
    return ok;
}

char *email_normalise(const char *text)
{
    const char *at = strrchr(text, '@');
    if (!at)
        return NULL;
    struct buf out = {.limit = ADDRESS_MOST};
    bool ok = add_local(&out, text, (size_t)(at - text));
    buf_byte(&out, '@');
    if (ok && add_domain(&out, at + 1))
        return buf_take(&out, NULL);
    buf_clear(&out);
    return NULL;
}

/* E.164 of Hong Kong: +852 and eight digits, which may come with 852, +852 or 00852 before them and
 * with spaces, hyphens and brackets among them. 0 to 3 begin no mobile number (the territory's
 * numbering plan). */
char *mobile_normalise(const char *text)
{
    char digits[16];
    size_t n = 0;
    bool plus = *text == '+', ok = true;
    for (const char *p = plus ? text + 1 : text; ok && *p; p++) {
        if (strchr(" -()", *p))
            continue;
        ok = is_digit(*p) && n < sizeof digits - 1;
        digits[ok ? n++ : 0] = *p;
    }
    digits[n] = '\0';
    const char *own = digits;
    if (!plus && n == 13 && strncmp(digits, "00852", 5) == 0)
        own += 5;
    else if (n == 11 && strncmp(digits, "852", 3) == 0)
        own += 3;
    else if (plus || n != 8)
        ok = false;
    struct buf out = {0};
    buf_text(&out, "+852");
    buf_text(&out, own);
    ok = ok && *own >= '4';
    sodium_memzero(digits, sizeof digits);
    if (ok)
        return buf_take(&out, NULL);
    buf_clear(&out);
    return NULL;
}

/* Values of the check sum: digits themselves, A is 10 … Z is 35, a missing first letter 36. */
static int hkid_value(char c)
{
    if (is_digit(c))
        return c - '0';
    return c == ' ' ? 36 : c - 'A' + 10;
}

/* One or two letters, six digits, check character (0–9 or A): the weighted sum is a multiple of
 * eleven. */
static bool hkid_is_right(const char *text, size_t length)
{
    char padded[10] = " ";
    if (length != 8 && length != 9)
        return false;
    memcpy(padded + (9 - length), text, length);
    int sum = 0;
    bool ok = is_letter(padded[1]) && (padded[8] == 'A' || is_digit(padded[8])) &&
              (length == 8 || is_letter(padded[0]));
    for (int i = 0; i < 9; i++) {
        ok = ok && (i < 2 || i == 8 || is_digit(padded[i]));
        sum += hkid_value(padded[i]) * (i < 8 ? 9 - i : 1);
    }
    sodium_memzero(padded, sizeof padded);
    return ok && sum % 11 == 0;
}

/* Brackets may stand around the check character, both or none, and nowhere else. */
static bool hkid_brackets(const char *text)
{
    const char *open = strchr(text, '('), *close = strchr(text, ')');
    if (!open && !close)
        return true;
    return open && close && close[1] == '\0' && close == open + 2 && strchr(open + 1, '(') == NULL;
}

char *hkid_normalise(const char *text)
{
    struct buf compact = {.limit = 16}, out = {0};
    for (const char *p = text; *p; p++) {
        char c = *p >= 'a' && *p <= 'z' ? (char)(*p - ('a' - 'A')) : *p;
        if (c == ' ' || c == '-')
            continue;
        buf_byte(&compact, c);
        if (c != '(' && c != ')')
            buf_byte(&out, c);
    }
    bool ok = buf_ok(&compact) && out.data && hkid_brackets(compact.data) &&
              hkid_is_right(out.data, out.length);
    buf_clear(&compact);
    if (ok)
        return buf_take(&out, NULL);
    buf_clear(&out);
    return NULL;
}
