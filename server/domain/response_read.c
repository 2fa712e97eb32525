/* From a JSON document to a checked response, or all its faults; see response.h. */
#include "base/text.h"
#include "domain/reader.h"
#include "domain/response.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTACHMENT_BYTES_MOST = 1 << 30 };

/* What the readers of a response know besides; the reader comes first, so that one is the other. */
struct response_reader {
    struct reader reader;
    struct response *out;
    const char *institution, *number; /* as they have to be; number "": any, or none */
    struct section section;           /* the one being read, and what it says so far */
    struct response_section *said;
    struct { /* the attachment being read */
        const char *name, *media_type;
        int64_t bytes;
        struct digest sha256;
    } attachment;
};

static struct response_reader *whole(struct reader *reader)
{
    return (struct response_reader *)reader;
}

/* The value has to be this word. */
static void read_same(struct reader *reader, const char *name, json_t *value, const char *word)
{
    const char *text = reader_string(reader, name, value);
    if (text && strcmp(text, word) != 0)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
}

static void read_format(struct reader *reader, const char *name, json_t *value)
{
    read_same(reader, name, value, "institutional-response-v1");
}

static void read_consultation(struct reader *reader, const char *name, json_t *value)
{
    read_same(reader, name, value, reader->consultation->slug);
}

static void read_institution(struct reader *reader, const char *name, json_t *value)
{
    read_same(reader, name, value, whole(reader)->institution);
}

static void read_number(struct reader *reader, const char *name, json_t *value)
{
    char number[NUMBER_TEXT + 1];
    if (*whole(reader)->number)
        read_same(reader, name, value, whole(reader)->number);
    else if (reader_string(reader, name, value) &&
             (!number_read(json_string_value(value), number) ||
              strcmp(number, json_string_value(value)) != 0))
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else if (json_is_string(value))
        memcpy(whole(reader)->out->number, number, sizeof number);
}

static void read_response_language(struct reader *reader, const char *name, json_t *value)
{
    const char *tag = reader_string(reader, name, value);
    enum language language = tag ? language_find(tag) : LANGUAGES;
    if (tag && language == LANGUAGES)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else if (tag)
        whole(reader)->out->language = language;
}

/* An integer within bounds; `least` - 1 after a fault. */
static int64_t read_integer(struct reader *reader, const char *name, json_t *value, int64_t least,
                            int64_t most, enum problem_code outside)
{
    int64_t number = json_integer_value(value);
    if (!json_is_integer(value))
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    else if (number < least || number > most)
        reader_fault(reader, outside, 0, name);
    else
        return number;
    return least - 1;
}

static void read_publish(struct reader *reader, const char *name, json_t *value)
{
    whole(reader)->out->publish =
        read_integer(reader, name, value, 0, 1, PROBLEM_UNKNOWN_VALUE) == 1;
}

static void read_stance(struct reader *reader, const char *name, json_t *value)
{
    if (!whole(reader)->section.takes_stance) {
        reader_fault_unknown(reader, name);
        return;
    }
    int64_t stance =
        read_integer(reader, name, value, STANCE_NO_OPINION, STANCE_LAST, PROBLEM_UNKNOWN_VALUE);
    if (stance >= STANCE_NO_OPINION)
        whole(reader)->said->stance = (int)stance;
}

static void read_version(struct reader *reader, const char *name, json_t *value)
{
    const struct section *section = &whole(reader)->section;
    if (section->wording == 0) {
        reader_fault_unknown(reader, name);
        return;
    }
    int64_t version =
        read_integer(reader, name, value, 1, section->wording, PROBLEM_VERSION_UNKNOWN);
    if (version >= 1)
        whole(reader)->said->wording = (int)version;
}

static void read_section_text(struct reader *reader, const char *name, json_t *value)
{
    const struct section *section = &whole(reader)->section;
    char *text = NULL;
    long over = 0;
    if (!reader_string(reader, name, value))
        return;
    enum problem_code code =
        section_text(section, json_string_value(value), json_string_length(value), &text, &over);
    if (code != PROBLEM_NONE) {
        reader_fault(reader, code, code == PROBLEM_TOO_LONG ? section->limit : 0, name);
        reader->faults->list[reader->faults->count - 1].over = over;
    } else if (*text) {
        whole(reader)->said->text = text;
    } else {
        free(text);
    }
}

/* Its members' order is the table's; a section that says nothing is a fault of its own. */
static void read_section(struct reader *reader, const char *code, json_t *value)
{
    static const struct field fields[] = {
        {"stance", false, false, read_stance},
        {"text", false, false, read_section_text},
        {"version", false, false, read_version},
    };
    struct response_reader *own = whole(reader);
    size_t at = section_find(reader->consultation, code);
    if (at == SIZE_MAX) {
        reader_fault_unknown(reader, code);
        return;
    }
    if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, code);
        return;
    }
    own->section = section_at(reader->consultation, at);
    own->said = &own->out->sections[at];
    own->said->wording = own->section.wording;
    size_t back = reader_enter(reader, code), before = reader->faulty;
    reader_object(reader, value, fields, sizeof fields / sizeof *fields);
    reader_leave(reader, back);
    if (!response_section_says(own->said) && reader->faulty == before)
        reader_fault(reader, PROBLEM_NOT_ANSWERED, 0, code);
}

static void read_sections(struct reader *reader, const char *name, json_t *value)
{
    const char *code;
    json_t *section;
    if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
        return;
    }
    size_t back = reader_enter(reader, name);
    json_object_foreach(value, code, section) read_section(reader, code, section);
    reader_leave(reader, back);
}

/* A name and no path; one that a reader's machine could take for something else is no name. */
static bool name_is_plain(const char *name)
{
    size_t length = 0;
    char *normal = NULL;
    bool ok = text_normalise(name, strlen(name), &normal) && strcmp(normal, name) == 0 &&
              !strpbrk(name, "/\\\n\t") && text_trim(name, &length) == name &&
              length == strlen(name) && length > 0 && strcmp(name, ".") != 0 &&
              strcmp(name, "..") != 0;
    free(normal);
    return ok;
}

static void read_name(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (!text)
        return;
    if (!name_is_plain(text))
        reader_fault(reader, PROBLEM_BAD_TEXT, 0, name);
    else if (text_points(text) > ATTACHMENT_NAME_POINTS)
        reader_fault(reader, PROBLEM_TOO_LONG, ATTACHMENT_NAME_POINTS, name);
    else
        whole(reader)->attachment.name = text;
}

static void read_media_type(struct reader *reader, const char *name, json_t *value)
{
    whole(reader)->attachment.media_type = reader_string(reader, name, value);
}

static void read_bytes(struct reader *reader, const char *name, json_t *value)
{
    whole(reader)->attachment.bytes =
        read_integer(reader, name, value, 1, ATTACHMENT_BYTES_MOST, PROBLEM_UNKNOWN_VALUE);
}

static void read_sha256(struct reader *reader, const char *name, json_t *value)
{
    const char *text = reader_string(reader, name, value);
    if (text && !digest_of_hex(text, &whole(reader)->attachment.sha256))
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
}

static bool is_attached(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->attachment_count; i++)
        if (strcmp(response->attachments[i].name, name) == 0)
            return true;
    return false;
}

static void read_attachment(struct reader *reader, const char *index, json_t *value)
{
    static const struct field fields[] = {
        {"name", true, false, read_name},
        {"media_type", true, false, read_media_type},
        {"bytes", true, false, read_bytes},
        {"sha256", true, false, read_sha256},
    };
    struct response_reader *own = whole(reader);
    if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, index);
        return;
    }
    size_t back = reader_enter(reader, index), before = reader->faulty;
    own->attachment.name = own->attachment.media_type = NULL;
    reader_object(reader, value, fields, sizeof fields / sizeof *fields);
    if (own->attachment.name && is_attached(own->out, own->attachment.name))
        reader_fault(reader, PROBLEM_DUPLICATE, 0, "name");
    else if (reader->faulty == before &&
             !response_attach(own->out, own->attachment.name, own->attachment.media_type,
                              own->attachment.bytes, &own->attachment.sha256))
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, "media_type");
    reader_leave(reader, back);
}

static void read_attachments(struct reader *reader, const char *name, json_t *value)
{
    if (!json_is_array(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
        return;
    }
    if (json_array_size(value) > RESPONSE_ATTACHMENTS_MOST) {
        reader_fault(reader, PROBLEM_TOO_MANY, RESPONSE_ATTACHMENTS_MOST, name);
        return;
    }
    size_t back = reader_enter(reader, name);
    for (size_t i = 0; i < json_array_size(value); i++) {
        char index[24];
        snprintf(index, sizeof index, "%zu", i);
        read_attachment(reader, index, json_array_get(value, i));
    }
    reader_leave(reader, back);
}

bool response_read(struct consultation *consultation, const char *institution, const char *number,
                   json_t *input, struct response *out, struct faults *faults)
{
    static const struct field fields[] = {
        {"format", true, false, read_format},
        {"consultation", true, false, read_consultation},
        {"institution", true, false, read_institution},
        {"number", false, false, read_number},
        {"language", true, false, read_response_language},
        {"publish", true, false, read_publish},
        {"sections", true, true, read_sections},
        {"attachments", false, false, read_attachments},
    };
    struct response_reader own = {
        .reader = {.consultation = consultation, .faults = faults},
        .out = out,
        .institution = institution,
        .number = number,
    };
    if (!response_init(out, consultation)) {
        reader_fault(&own.reader, PROBLEM_INTERNAL, 0, "");
        return false;
    }
    snprintf(out->institution, sizeof out->institution, "%s", institution);
    snprintf(out->number, sizeof out->number, "%s", number);
    if (!json_is_object(input)) {
        reader_fault(&own.reader, PROBLEM_WRONG_TYPE, 0, "");
        return false;
    }
    reader_object(&own.reader, input, fields, sizeof fields / sizeof *fields);
    size_t before = faults->count;
    if (!own.reader.tried) /* what was written wrongly is not missing */
        response_missing(out, faults);
    return !own.reader.faulty && faults->count == before && !faults->lost;
}
