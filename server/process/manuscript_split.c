/* A manuscript shared out over the sections of a response; see manuscript.h. */
#include "base/buf.h"
#include "process/manuscript.h"
#include "process/manuscript_heading.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES_MOST = 1000, SECTIONS_MOST = 128, LABEL_MOST = 64 };

struct part {
    char section[SECTION_TEXT];
    struct buf text;
};

/* A footnote's definition: "[^label]: …" and the indented lines that follow. */
struct note {
    char reference[LABEL_MOST + 4]; /* "[^label]" */
    struct buf text;
    bool taken;
};

struct split {
    struct section_titles titles;
    struct part *parts;
    struct note *notes;
    size_t part_count, note_count;
    size_t current; /* part that takes the next line */
    int level;      /* of the heading that began it; 7: none did */
    char fence;     /* within a fenced block: its character */
    size_t fence_length;
    struct note *note; /* that takes the next line */
    bool failed;
};

static struct part *part_of(struct split *s, const char *section)
{
    size_t i = 0;
    while (i < s->part_count && strcmp(s->parts[i].section, section) != 0)
        i++;
    if (i == SECTIONS_MOST) {
        s->failed = true;
        return &s->parts[0];
    }
    if (i == s->part_count) {
        snprintf(s->parts[i].section, SECTION_TEXT, "%s", section);
        s->part_count++;
    }
    s->current = i;
    return &s->parts[i];
}

/* Begins a new paragraph, if there was one. */
static void text_part(struct buf *text)
{
    while (text->length && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0';
    if (text->length)
        buf_text(text, "\n\n");
}

static void note_add(struct buf *text, const struct note *note)
{
    text_part(text);
    buf_add(text, note->text.data, note->text.length);
}

/* Fences (CommonMark §4.5) hide what looks like a heading. */
static bool fence_take(struct split *s, const char *line, size_t length)
{
    size_t indent = strspn(line, " "), run = 0;
    char mark = indent < 4 && indent < length ? line[indent] : 0;
    if (mark != '`' && mark != '~')
        return s->fence != 0;
    while (indent + run < length && line[indent + run] == mark)
        run++;
    if (!s->fence && run >= 3) {
        s->fence = mark;
        s->fence_length = run;
        return true;
    }
    bool within = s->fence != 0;
    if (s->fence == mark && run >= s->fence_length && indent + run == length)
        s->fence = 0;
    return within;
}

/* The level of an ATX heading (§4.2), 0 if it is none; its text is then a window into the line. */
static int heading_read(const char *line, size_t length, const char **text, size_t *text_length)
{
    size_t indent = strspn(line, " "), level = strspn(line + indent, "#"), at = indent + level;
    if (indent > 3 || level < 1 || level > 6 || (at < length && line[at] != ' '))
        return 0;
    while (at < length && line[at] == ' ')
        at++;
    while (length > at && strchr("# ", line[length - 1]))
        length--;
    *text = line + at;
    *text_length = length - at;
    return (int)level;
}

/* Whether a definition begins here. */
static bool note_begin(struct split *s, const char *line, size_t length)
{
    if (length < 5 || strncmp(line, "[^", 2) != 0 || s->note_count == NOTES_MOST)
        return false;
    const char *end = memchr(line, ']', length);
    size_t label = end ? (size_t)(end - line) + 1 : 0;
    if (label < 4 || label > LABEL_MOST || label == length || end[1] != ':')
        return false;
    s->note = &s->notes[s->note_count++];
    memcpy(s->note->reference, line, label);
    return true;
}

static bool note_take(struct split *s, const char *line, size_t length)
{
    bool begins = note_begin(s, line, length);
    bool goes_on = s->note && !begins && (length == 0 || strncmp(line, "    ", 4) == 0);
    if (!begins && !goes_on) {
        s->note = NULL;
        return false;
    }
    buf_add(&s->note->text, line, length);
    buf_byte(&s->note->text, '\n');
    return true;
}

static void line_take(struct split *s, const char *line, size_t length)
{
    const char *text = NULL;
    size_t text_length = 0;
    char section[SECTION_TEXT];
    bool more = true;
    bool fenced = fence_take(s, line, length);
    if (!fenced && note_take(s, line, length))
        return;
    int level = fenced ? 0 : heading_read(line, length, &text, &text_length);
    struct part *part = &s->parts[s->current];
    if (level && section_of_heading(&s->titles, text, text_length, section, &more)) {
        part = part_of(s, section);
        s->level = level;
        text_part(&part->text);
    } else if (level && level < s->level) {
        part = part_of(s, "summary");
        s->level = 7;
    }
    if (more) {
        buf_add(&part->text, line, length);
        buf_byte(&part->text, '\n');
    }
}

/* Footnotes to the parts that refer to them; then to notes that such a one refers to; what nobody
 * refers to stays with the summary. */
static void notes_share(struct split *s)
{
    for (size_t i = 0; i < s->part_count; i++) {
        struct buf *text = &s->parts[i].text;
        for (int pass = 0; pass < 2; pass++)
            for (size_t n = 0; n < s->note_count && text->data; n++) {
                char defined[LABEL_MOST + 8];
                snprintf(defined, sizeof defined, "\n%s:", s->notes[n].reference);
                if (!strstr(text->data, s->notes[n].reference) || strstr(text->data, defined))
                    continue;
                note_add(text, &s->notes[n]);
                s->notes[n].taken = true;
            }
    }
    for (size_t n = 0; n < s->note_count; n++)
        if (!s->notes[n].taken)
            note_add(&part_of(s, "summary")->text, &s->notes[n]);
}

/* Without empty lines at either end; what is empty is absent. */
static json_t *parts_json(struct split *s)
{
    json_t *sections = json_object();
    bool ok = sections != NULL && !s->failed;
    for (size_t i = 0; ok && i < s->part_count; i++) {
        struct buf *text = &s->parts[i].text;
        ok = buf_ok(text);
        if (!ok || !text->length)
            continue;
        size_t from = strspn(text->data, "\n"), end = text->length;
        while (end > from && text->data[end - 1] == '\n')
            end--;
        if (end > from)
            ok = json_object_set_new(sections, s->parts[i].section,
                                     json_stringn(text->data + from, end - from)) == 0;
    }
    if (ok)
        return sections;
    json_decref(sections);
    return NULL;
}

static void split_clear(struct split *s)
{
    for (size_t i = 0; s->parts && i < SECTIONS_MOST; i++)
        buf_clear(&s->parts[i].text);
    for (size_t i = 0; s->notes && i < NOTES_MOST; i++)
        buf_clear(&s->notes[i].text);
    free(s->parts);
    free(s->notes);
    section_titles_clear(&s->titles);
}

json_t *manuscript_split(const struct consultation *consultation, const char *markdown)
{
    struct split s = {.level = 7};
    json_t *sections = NULL;
    bool ok = section_titles_make(consultation, &s.titles);
    s.parts = calloc(SECTIONS_MOST, sizeof *s.parts);
    s.notes = calloc(NOTES_MOST, sizeof *s.notes);
    if (ok && s.parts && s.notes) {
        part_of(&s, "summary");
        while (*markdown) {
            size_t length = strcspn(markdown, "\n");
            line_take(&s, markdown, length);
            markdown += length + (markdown[length] == '\n');
        }
        notes_share(&s);
        sections = parts_json(&s);
    }
    split_clear(&s);
    return sections;
}
