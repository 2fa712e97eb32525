/* Which addresses a text may link to; see markdown_nodes.h. */
#include "represent/markdown_nodes.h"

#include <string.h>
#include <strings.h>

static bool is_printable(const char *address, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)address[i];
        if (c <= ' ' || c == 0x7f || strchr("<>\"\\^`{|}", c))
            return false;
    }
    return true;
}

/* Its host is what it says it is: no user information (RFC 3986 §3.2.1), which browsers skip and
 * readers do not. */
static bool has_host(const char *rest)
{
    size_t length = strcspn(rest, "/?#");
    return length > 0 && rest[0] != ':' && !memchr(rest, '@', length);
}

bool markdown_address_is_good(const char *address)
{
    size_t length = strlen(address);
    if (length > MARKDOWN_ADDRESS_MOST || !is_printable(address, length))
        return false;
    if (strncasecmp(address, "https://", 8) == 0)
        return has_host(address + 8);
    if (strncasecmp(address, "http://", 7) == 0)
        return has_host(address + 7);
    /* With header fields it could write a letter in the reader's name. */
    return strncasecmp(address, "mailto:", 7) == 0 && !strpbrk(address, "?#") &&
           strchr(address, '@');
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where it ends: at what is not ASCII, hence before 。 and 」, and before punctuation that closes
 * the sentence, or a bracket that it did not open. */
static size_t address_length(const char *text)
{
    size_t length = 0, open = 0, closed = 0;
    while (text[length] > ' ' && text[length] < 0x7f && !strchr("<>\"\\^`{|}", text[length])) {
        open += text[length] == '(';
        closed += text[length] == ')';
        length++;
    }
    for (; length; length--) {
        char last = text[length - 1];
        if (last == ')' && closed > open)
            closed--;
        else if (!strchr("?!.,:;*_~'[]", last))
            break;
    }
    return length;
}

bool markdown_address_find(const char *text, size_t *from, size_t *length)
{
    for (const char *at = text; (at = strstr(at, "http")); at += 4) {
        if ((at > text && is_word(at[-1])) ||
            (strncmp(at, "https://", 8) != 0 && strncmp(at, "http://", 7) != 0))
            continue;
        char address[MARKDOWN_ADDRESS_MOST + 1] = "";
        size_t bytes = address_length(at);
        if (bytes < sizeof address) {
            memcpy(address, at, bytes);
            address[bytes] = '\0';
            if (markdown_address_is_good(address)) {
                *from = (size_t)(at - text);
                *length = bytes;
                return true;
            }
        }
        at += bytes > 4 ? bytes - 4 : 0;
    }
    return false;
}
