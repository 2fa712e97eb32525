/* Details of the record of acts, in words; see act_words.h. */
#include "resources/officials/act_words.h"

#include "base/buf.h"
#include "base/parse.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_SHOWN = 3, KEY = 96, DEPTH_MOST = 3 };

static void object_words(const struct request *request, const json_t *object, int depth,
                         struct buf *out);

/* Adds a string if there is one. */
static bool said(const struct request *request, const char *key, struct buf *out)
{
    struct buf words = {0};
    bool is_said = pages_string(service_of(request)->pages, request->language, key, NULL, &words) &&
                   buf_ok(&words) && words.length;
    if (is_said)
        buf_format(out, "%.*s", (int)words.length, words.data);
    buf_clear(&words);
    return is_said;
}

/* A word of one of the lists that the service has; a name says which list it may be of. */
static bool listed(const struct request *request, const char *name, const char *value,
                   struct buf *out)
{
    static const struct {
        const char *name, *format;
    } lists[] = {
        {"role", "role.%s"},
        {"before", "reconciliation.%s"},
        {"after", "reconciliation.%s"},
        {"state", "reconciliation.%s"},
        {"reason", "set-aside.%s"},
        {"reason", "moderation.reason-%s"},
        {"kind", "kind.%s"},
        {"filtered_by", "act-detail.%s"},
    };
    char key[KEY];
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, name) != 0)
            continue;
        const char *at = strchr(lists[i].format, '%');
        snprintf(key, sizeof key, "%.*s%s", (int)(at - lists[i].format), lists[i].format, value);
        for (char *p = key; *p; p++)
            *p = *p == '_' ? '-' : *p;
        if (said(request, key, out))
            return true;
    }
    return false;
}

static void text_words(const struct request *request, const char *name, const char *text,
                       struct buf *out)
{
    int64_t utc_us = 0;
    if (listed(request, name, text, out))
        return;
    if (parse_time(text, &utc_us)) {
        json_t *moment =
            wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND, utc_us);
        buf_text(out, json_string_value(moment));
        json_decref(moment);
    } else {
        buf_text(out, text);
    }
}

/* "ABC, DEF, GHJ … (50)": the first few of a list's texts. */
static void list_words(const struct request *request, const char *name, const json_t *list,
                       struct buf *out)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && i < LIST_SHOWN; i++) {
        buf_text(out, i ? ", " : "");
        text_words(request, name, json_string_value(json_array_get(list, i)), out);
    }
    if (count > LIST_SHOWN)
        buf_format(out, " … (%zu)", count);
}

static bool is_list(const json_t *value)
{
    size_t i = 0;
    while (i < json_array_size(value) && json_is_string(json_array_get(value, i)))
        i++;
    return i && i == json_array_size(value);
}

static void value_words(const struct request *request, const char *name, const json_t *value,
                        int depth, struct buf *out)
{
    if (json_is_string(value)) {
        text_words(request, name, json_string_value(value), out);
    } else if (json_is_boolean(value)) {
        said(request, json_is_true(value) ? "act-detail.yes" : "act-detail.no", out);
    } else if (is_list(value)) {
        list_words(request, name, value, out);
    } else if (json_is_object(value) && depth < DEPTH_MOST) {
        buf_text(out, "(");
        object_words(request, value, depth + 1, out);
        buf_text(out, ")");
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        buf_text(out, text ? text : "");
        free(text);
    }
}

static void object_words(const struct request *request, const json_t *object, int depth,
                         struct buf *out)
{
    const char *name;
    json_t *value;
    char key[KEY];
    bool first = true;
    json_object_foreach((json_t *)object, name, value)
    {
        if (json_is_object(value) && json_object_size(value) == 0)
            continue; /* no filters */
        buf_text(out, first ? "" : " · ");
        first = false;
        snprintf(key, sizeof key, "act-detail.%s", name);
        for (char *p = key; *p; p++)
            *p = *p == '_' ? '-' : *p;
        if (!said(request, key, out))
            buf_text(out, name);
        said(request, "answer.colon", out);
        value_words(request, name, value, depth, out);
    }
}

json_t *act_words(const struct request *request, const char *detail)
{
    json_t *object = json_loads(detail, 0, NULL);
    struct buf out = {0};
    object_words(request, object, 0, &out);
    json_t *words =
        buf_ok(&out) ? json_stringn(out.data ? out.data : "", out.length) : json_string(detail);
    buf_clear(&out);
    json_decref(object);
    return words;
}
