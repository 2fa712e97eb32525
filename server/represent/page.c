/* Document, strings of one language and templates to a page; see page.h. */
#include "represent/page_tables.h"

#include <stdlib.h>
#include <string.h>

bool templates_add(struct template_table *table, const char *name, struct template *template)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        struct named_template *list = realloc(table->list, capacity * sizeof *list);
        if (!list) {
            template_free(template);
            return false;
        }
        table->list = list;
        table->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) {
        template_free(template);
        return false;
    }
    table->list[table->count++] = (struct named_template){.name = copy, .template = template};
    return true;
}

static int named_compare(const void *a, const void *b)
{
    const struct named_template *left = a, *right = b;
    return strcmp(left->name, right->name);
}

void templates_sort(struct template_table *table)
{
    if (table->count)
        qsort(table->list, table->count, sizeof *table->list, named_compare);
}

static int named_is(const void *name, const void *item)
{
    return strcmp(name, ((const struct named_template *)item)->name);
}

const struct template *templates_find(const struct template_table *table, const char *name)
{
    if (!table->count)
        return NULL;
    const struct named_template *found =
        bsearch(name, table->list, table->count, sizeof *table->list, named_is);
    return found ? found->template : NULL;
}

void templates_clear(struct template_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->list[i].name);
        template_free(table->list[i].template);
    }
    free(table->list);
}

void pages_free(struct pages *pages)
{
    if (!pages)
        return;
    templates_clear(&pages->templates);
    templates_clear(&pages->paths);
    for (int i = 0; i < LANGUAGES; i++)
        templates_clear(&pages->strings[i]);
    assets_clear(&pages->assets);
    free(pages);
}

const struct template *pages_partial(const struct pages *pages, enum language language,
                                     const struct template *content, const char *name)
{
    if (!strcmp(name, "content"))
        return content;
    if (!strncmp(name, "s.", 2))
        return templates_find(&pages->strings[language], name);
    if (!strncmp(name, "static.", 7))
        return templates_find(&pages->paths, name);
    return templates_find(&pages->templates, name);
}

struct page_render {
    const struct pages *pages;
    enum language language;
    const struct template *content;
};

static const struct template *page_partial(void *context, const char *name)
{
    const struct page_render *render = context;
    return pages_partial(render->pages, render->language, render->content, name);
}

/* `whole`: the template to begin with; NULL: the document's own. */
static bool write_whole(const struct pages *pages, const struct document *document,
                        const char *whole, struct buf *out)
{
    if (!document->template)
        return false;
    struct page_render render = {
        .pages = pages,
        .language = document->language,
        .content = templates_find(&pages->templates, document->template),
    };
    const struct template *first =
        whole ? templates_find(&pages->templates, whole) : render.content;
    if (!render.content)
        return false;
    return template_render(first, (json_t *const[]){document->model, document->page}, 2,
                           page_partial, &render, out);
}

bool write_page(const struct pages *pages, const struct document *document, struct buf *out)
{
    return write_whole(pages, document, "frame", out);
}

bool write_print(const struct pages *pages, const struct document *document, struct buf *out)
{
    return write_whole(pages, document, NULL, out);
}

bool pages_string(const struct pages *pages, enum language language, const char *key,
                  json_t *context, struct buf *out)
{
    char name[80] = "s.";
    if (strlen(key) >= sizeof name - 2)
        return false;
    memcpy(name + 2, key, strlen(key) + 1);
    const struct template *string = templates_find(&pages->strings[language], name);
    struct page_render render = {.pages = pages, .language = language};
    return string && template_render_plain(string, &context, 1, page_partial, &render, out);
}
