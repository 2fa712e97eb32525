/* A letter as the bytes that are sent; see letter.h. */
#include "mail/letter.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* RFC 2047 §2: a line with an encoded word has 76 characters at most, so 39 bytes after "Subject: "
 * and between the word's 12 of frame; RFC 2045 §6.8: a line of base64 has 76, which is 57 bytes. */
enum { WORD_BYTES = 39, LINE_BYTES = 57, DATE_TEXT = 40 };

static void add_base64(struct buf *out, const char *bytes, size_t length)
{
    char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, (const unsigned char *)bytes, length,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_text(out, text);
    sodium_memzero(text, sizeof text);
}

/* The bytes of at most `most` that end between two characters. */
static size_t whole_characters(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    length = most;
    while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static void add_subject(struct buf *out, const char *subject)
{
    buf_text(out, "Subject:");
    do {
        size_t length = whole_characters(subject, WORD_BYTES);
        buf_text(out, " =?utf-8?B?");
        add_base64(out, subject, length);
        buf_text(out, "?=\r\n");
        subject += length;
    } while (*subject);
}

static void add_text(struct buf *out, const char *text)
{
    struct buf lines = {0}; /* RFC 2046 §4.1.1: line breaks of text are CRLF before encoding */
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            buf_byte(&lines, '\r');
        buf_byte(&lines, *p);
    }
    for (size_t i = 0; i < lines.length; i += LINE_BYTES) {
        size_t left = lines.length - i;
        add_base64(out, lines.data + i, left < LINE_BYTES ? left : LINE_BYTES);
        buf_text(out, "\r\n");
    }
    out->failed = out->failed || lines.failed;
    buf_clear(&lines);
}

void letter_write(const struct letter *letter, const char *from, int64_t utc_us,
                  const unsigned char random[16], struct buf *out)
{
    char date[DATE_TEXT] = "", id[33];
    time_t seconds = (time_t)(utc_us / 1000000);
    struct tm when;
    if (gmtime_r(&seconds, &when))
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &when);
    sodium_bin2hex(id, sizeof id, random, 16);
    const char *at = strrchr(from, '@');
    buf_format(out, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s%s>\r\n", date, from,
               letter->to, id, at ? at : "@localhost");
    add_subject(out, letter->subject);
    buf_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    add_text(out, letter->text);
}
