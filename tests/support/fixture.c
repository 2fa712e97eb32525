/* Submissions known to be good; see fixture.h. */
#include "support/fixture.h"

#include "base/buf.h"
#include "base/parse.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *fixture_identity(void)
{
    unsigned char bytes[8];
    char name[2 * sizeof bytes + 1], value[64];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(name, sizeof name, bytes, sizeof bytes);
    snprintf(value, sizeof value, "%s@example.org", name);
    return json_pack("{s:s, s:s}", "kind", "email", "value", value);
}

json_t *fixture_smallest(void)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:{s:{s:i}}}", "kind", "individual", "language", "en",
                     "identity", fixture_identity(), "publication", "none", "answers", "1-1",
                     "stance", 4);
}

json_t *fixture_submission(void)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:s,"
                     " s:{s:{s:i, s:s, s:b}, s:{s:i}, s:{s:i}}, s:[s], s:{s:{s:s, s:b}}}",
                     "kind", "organisation", "organisation", "Society of Testers", "language", "en",
                     "identity", fixture_identity(), "publication", "with-name", "answers", "1-1",
                     "stance", 5, "remark", "A remark.", "publish", 1, "2-1", "stance", 1, "3-1",
                     "stance", 0, "priorities", "1-1", "views", "1", "text", "A view.", "publish",
                     1);
}

void fixture_key(char header[FIXTURE_KEY])
{
    struct uuid uuid;
    char text[UUID_TEXT + 1];
    randombytes_buf(uuid.bytes, sizeof uuid.bytes);
    format_uuid(&uuid, text);
    snprintf(header, FIXTURE_KEY, "Idempotency-Key: %s\r\n", text);
}

static void form_escape(struct buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            strchr("-._*", c))
            buf_byte(out, (char)c);
        else if (c == ' ')
            buf_byte(out, '+');
        else
            buf_format(out, "%%%02X", c);
    }
}

static void form_field(struct buf *out, const char *name, const char *value)
{
    if (out->length)
        buf_byte(out, '&');
    form_escape(out, name);
    buf_byte(out, '=');
    form_escape(out, value);
}

/* `publish` of the API is the opposite box, `withhold`, on the form: unticked boxes are not sent.
 */
static void form_value(struct buf *out, const char *pointer, const char *key, json_t *value)
{
    char name[256], number[16];
    if (json_is_boolean(value)) {
        snprintf(name, sizeof name, "%s/withhold", pointer);
        if (!json_is_true(value))
            form_field(out, name, "1");
        return;
    }
    snprintf(name, sizeof name, "%s/%s", pointer, key);
    snprintf(number, sizeof number, "%d", (int)json_integer_value(value));
    form_field(out, name, json_is_string(value) ? json_string_value(value) : number);
}

static void form_walk(struct buf *out, const char *pointer, json_t *object)
{
    const char *key;
    json_t *value, *element;
    size_t i;
    char name[256];
    json_object_foreach(object, key, value)
    {
        snprintf(name, sizeof name, "%s/%s", pointer, key);
        if (json_is_object(value)) {
            form_walk(out, name, value);
        } else if (json_is_array(value)) {
            json_array_foreach(value, i, element)
            {
                char box[512];
                snprintf(box, sizeof box, "%s/%s", name, json_string_value(element));
                form_field(out, box, "1");
            }
        } else {
            form_value(out, pointer, key, value);
        }
    }
}

char *fixture_form(json_t *submission, const char *state)
{
    struct buf out = {0};
    json_t *fields = json_copy(submission);
    json_object_del(fields, "language"); /* the address says it */
    form_field(&out, "/state", state);
    form_field(&out, "/step", "identity");
    form_walk(&out, "", fields);
    json_decref(fields);
    return buf_take(&out, NULL);
}

char *fixture_form_add(char *body, const char *name, const char *value)
{
    struct buf out = {0};
    if (body)
        buf_text(&out, body);
    form_field(&out, name, value);
    free(body);
    return buf_take(&out, NULL);
}

char *fixture_form_state(const char *page)
{
    static const char field[] = "name=\"/state\" value=\"";
    const char *at = page ? strstr(page, field) : NULL;
    if (!at)
        return NULL;
    at += sizeof field - 1;
    return strndup(at, strcspn(at, "\""));
}

bool fixture_return_code(const char *page, char code[FIXTURE_RETURN_CODE])
{
    static const char mark[] = "translate=\"no\">";
    const char *at = page ? strstr(page, mark) : NULL;
    if (!at)
        return false;
    at += sizeof mark - 1;
    return snprintf(code, FIXTURE_RETURN_CODE, "%.4s%.4s%.4s%.4s%.4s", at, at + 5, at + 10, at + 15,
                    at + 20) == 20;
}
