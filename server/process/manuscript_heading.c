/* Headings that name a section; see manuscript_heading.h. */
#include "process/manuscript_heading.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Sections that are nobody's title. Keys. */
static const struct {
    const char *key, *section;
} usual[] = {
    {"summary", "summary"},
    {"executivesummary", "summary"},
    {"摘要", "summary"},
    {"行政摘要", "summary"},
    {"内容摘要", "summary"},
    {"evidence", "evidence"},
    {"證據", "evidence"},
    {"证据", "evidence"},
    {"declaredinterests", "interests"},
    {"利益申報", "interests"},
    {"利益申报", "interests"},
    {"申報利益", "interests"},
    {"申报利益", "interests"},
};

/* Words before a number. The longer ones first. */
static const struct {
    const char *word, *kind;
} words[] = {
    {"measure", "measure"},    {"措施", "measure"},   {"direction", "direction"},
    {"政策方向", "direction"}, {"方向", "direction"}, {"question", "question"},
    {"問題", "question"},      {"问题", "question"},  {"提問", "question"},
    {"提问", "question"},
};

static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

static bool title_add(struct section_titles *titles, const struct text *text, const char *kind,
                      const char *code)
{
    for (int language = 0; language < LANGUAGES; language++) {
        if (!text->body[language])
            continue;
        struct section_title *more =
            realloc(titles->list, (titles->count + 1) * sizeof *titles->list);
        if (!more)
            return false;
        titles->list = more;
        struct section_title *title = &more[titles->count];
        if (!text_title_key(text->body[language], strlen(text->body[language]), &title->key))
            return false;
        snprintf(title->section, sizeof title->section, "%s-%s", kind, code);
        titles->count++;
    }
    return true;
}

bool section_titles_make(const struct consultation *c, struct section_titles *titles)
{
    *titles = (struct section_titles){.consultation = c};
    bool ok = true;
    for (size_t i = 0; ok && i < c->measure_count; i++)
        ok = title_add(titles, &c->measures[i].text, "measure", c->measures[i].code);
    for (size_t i = 0; ok && i < c->direction_count; i++)
        ok = title_add(titles, &c->directions[i].title, "direction", c->directions[i].code) &&
             title_add(titles, &c->directions[i].full_title, "direction", c->directions[i].code);
    for (size_t i = 0; ok && i < c->question_count; i++)
        ok = title_add(titles, &c->questions[i].text, "question", c->questions[i].code);
    return ok;
}

void section_titles_clear(struct section_titles *titles)
{
    for (size_t i = 0; i < titles->count; i++)
        free(titles->list[i].key);
    free(titles->list);
}

/* The section whose title has this key; NULL: none. */
static const char *title_find(const struct section_titles *titles, const char *key)
{
    for (size_t i = 0; *key && i < titles->count; i++)
        if (strcmp(titles->list[i].key, key) == 0)
            return titles->list[i].section;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(usual[i].key, key) == 0)
            return usual[i].section;
    return NULL;
}

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

/* Bytes of what joins direction and measure in a code: a hyphen or one of the dashes. */
static size_t dash(const char *at)
{
    static const char *const dashes[] = {"-", "‐", "‑", "‒", "–", "—", "−"};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        if (strncmp(at, dashes[i], strlen(dashes[i])) == 0)
            return strlen(dashes[i]);
    return 0;
}

/* A number as a code has it: "3", "1-3", or 三. Bytes read, 0: none. */
static size_t code_read(const char *text, char code[CODE_TEXT])
{
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (strncmp(text, numerals[i], strlen(numerals[i])) == 0) {
            snprintf(code, CODE_TEXT, "%zu", i + 1);
            return strlen(numerals[i]);
        }
    size_t first = digits(text), joint = first ? dash(text + first) : 0;
    size_t second = joint ? digits(text + first + joint) : 0;
    size_t length = second ? first + joint + second : first;
    bool goes_on = digits(text + length) || dash(text + length) ||
                   (text[length] == '.' && digits(text + length + 1));
    if (first == 0 || first > 2 || second > 2 || goes_on)
        return 0;
    snprintf(code, CODE_TEXT, second ? "%.*s-%.*s" : "%.*s", (int)first, text, (int)second,
             text + first + joint);
    return length;
}

static bool part_is_there(const struct consultation *c, const char *kind, const char *code)
{
    if (strcmp(kind, "measure") == 0)
        return consultation_measure(c, code) != NULL;
    return strcmp(kind, "direction") == 0 ? consultation_direction(c, code) != NULL
                                          : consultation_question(c, code) != NULL;
}

/* By a code at its beginning; *rest is what follows. */
static bool code_find(const struct consultation *c, const char *text, char section[SECTION_TEXT],
                      const char **rest)
{
    const char *kind = NULL;
    char code[CODE_TEXT];
    for (size_t i = 0; !kind && i < sizeof words / sizeof *words; i++)
        if (strncasecmp(text, words[i].word, strlen(words[i].word)) == 0) {
            kind = words[i].kind;
            text += strlen(words[i].word);
        }
    text += kind ? strspn(text, " :*_") : 0;
    size_t length = code_read(text, code);
    /* A bare number is a chapter's; with a dash it is a measure's. */
    if (length && !kind && strchr(code, '-'))
        kind = "measure";
    if (!length || !kind || !part_is_there(c, kind, code))
        return false;
    snprintf(section, SECTION_TEXT, "%s-%s", kind, code);
    *rest = text + length;
    return true;
}

/* Behind a chapter's number: "2.1 ", 「三、」, 「（三）」 (brackets are ASCII by now). */
static const char *behind_number(const char *text)
{
    const char *at = text + strspn(text, "(");
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (strncmp(at, numerals[i], strlen(numerals[i])) == 0) {
            const char *after = at + strlen(numerals[i]);
            if (*after == ')')
                return after + 1;
            return strncmp(after, "、", strlen("、")) == 0 ? after + strlen("、") : text;
        }
    return at + strspn(at, "0123456789.) ");
}

/* What is written with Markdown's marks, without those at its beginning and without backslashes. */
static char *heading_text(const char *text, size_t length)
{
    char *form = NULL;
    if (!text_compatible(text, length, &form))
        return NULL;
    size_t n = 0;
    for (const char *at = form + strspn(form, " *_`"); *at; at++)
        if (*at != '\\')
            form[n++] = *at;
    form[n] = '\0';
    return form;
}

bool section_of_heading(const struct section_titles *titles, const char *text, size_t length,
                        char section[SECTION_TEXT], bool *more)
{
    char *form = heading_text(text, length), *key = NULL;
    const char *rest = "";
    bool coded = form && code_find(titles->consultation, form, section, &rest);
    if (form && !coded)
        rest = behind_number(form);
    if (!form || !text_title_key(rest, strlen(rest), &key)) {
        free(form);
        return false;
    }
    const char *titled = title_find(titles, key);
    if (coded || titled)
        *more = coded && *key && (!titled || strcmp(titled, section) != 0);
    if (!coded && titled)
        snprintf(section, SECTION_TEXT, "%s", titled);
    free(key);
    free(form);
    return coded || titled;
}
