/* Reads and compiles everything that pages are made of, or says in one sentence what is wrong; see
 * page.h. */
#include "represent/page_tables.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1024 * 1024, NAME_MOST = 64, PATH_MOST = 1024 };

struct loader {
    struct pages *pages;
    char *error;
    size_t error_size;
};

char *file_read(const char *path, size_t *length, char *error, size_t error_size)
{
    struct buf b = {.limit = FILE_MOST};
    FILE *file = fopen(path, "rb");
    bool ok = file != NULL;
    if (file) {
        char block[4096];
        size_t n;
        while ((n = fread(block, 1, sizeof block, file)) > 0)
            buf_add(&b, block, n);
        ok = !ferror(file);
        fclose(file);
    }
    char *bytes = ok ? buf_take(&b, length) : NULL;
    if (!bytes)
        snprintf(error, error_size, "%s cannot be read", path);
    buf_clear(&b);
    return bytes;
}

bool folder_read(const char *folder, const char *suffix,
                 bool (*each)(void *context, const char *path, const char *name), void *context,
                 char *error, size_t error_size)
{
    struct dirent **list;
    int count = scandir(folder, &list, NULL, alphasort);
    bool ok = true;
    for (int i = 0; i < count; i++) {
        const char *name = list[i]->d_name;
        size_t length = strlen(name), end = strlen(suffix);
        char path[PATH_MOST];
        bool is_file = name[0] != '.' && length > end && !strcmp(name + length - end, suffix);
        if (ok && is_file) {
            ok = snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MOST;
            if (!ok)
                snprintf(error, error_size, "%s: the name is too long", name);
            ok = ok && each(context, path, name);
        }
        free(list[i]);
    }
    if (count >= 0)
        free(list);
    return ok;
}

static bool load_fail(struct loader *loader, const char *name, const char *what)
{
    snprintf(loader->error, loader->error_size, "%s: %s", name, what);
    return false;
}

static bool load_template(void *context, const char *path, const char *file_name)
{
    struct loader *loader = context;
    char name[NAME_MOST];
    snprintf(name, sizeof name, "%.*s", (int)(strrchr(file_name, '.') - file_name), file_name);
    char *source = file_read(path, NULL, loader->error, loader->error_size);
    if (!source)
        return false;
    struct template *t = template_compile(file_name, source, loader->error, loader->error_size);
    free(source);
    if (!t)
        return false;
    if (templates_add(&loader->pages->templates, name, t))
        return true;
    return load_fail(loader, path, "no memory");
}

static bool load_asset(void *context, const char *path, const char *name)
{
    struct loader *loader = context;
    struct asset_table *assets = &loader->pages->assets;
    size_t before = assets->count;
    if (!asset_add(assets, path, name, loader->error, loader->error_size))
        return false;
    if (assets->count == before)
        return true;
    char partial[NAME_MOST];
    snprintf(partial, sizeof partial, "static.%s", name);
    struct template *t =
        template_compile_text(name, assets->list[before].path, loader->error, loader->error_size);
    return t && (templates_add(&loader->pages->paths, partial, t) ||
                 load_fail(loader, path, "no memory"));
}

static bool load_strings(struct loader *loader, const char *folder, enum language language)
{
    char path[PATH_MOST];
    int n = snprintf(path, sizeof path, "%s/strings/%s.json", folder, language_tag(language));
    json_error_t where = {0};
    json_t *strings = n < PATH_MOST ? json_load_file(path, JSON_REJECT_DUPLICATES, &where) : NULL;
    if (!json_is_object(strings)) {
        snprintf(loader->error, loader->error_size, "%s is no object of strings (line %d: %s)",
                 path, strings ? 0 : where.line, strings ? "" : where.text);
        json_decref(strings);
        return false;
    }
    const char *key;
    json_t *value;
    bool ok = true;
    json_object_foreach(strings, key, value)
    {
        char name[NAME_MOST + 2];
        snprintf(name, sizeof name, "s.%s", key);
        const char *text = json_string_value(value);
        struct template *t = NULL;
        ok = text || load_fail(loader, key, "the string is no text");
        ok = ok &&
             (t = template_compile_text(name, text, loader->error, loader->error_size)) != NULL;
        ok = ok && (templates_add(&loader->pages->strings[language], name, t) ||
                    load_fail(loader, key, "no memory"));
        if (!ok)
            break;
    }
    json_decref(strings);
    templates_sort(&loader->pages->strings[language]);
    return ok;
}

struct reference_check {
    struct loader *loader;
    const char *in;
    bool ok;
};

/* A page's `content` is told only when it is rendered; all else must be there in every language. */
static void reference_check(void *context, const char *name)
{
    struct reference_check *check = context;
    for (int i = 0; check->ok && i < LANGUAGES; i++) {
        enum language language = (enum language)i;
        if (!strcmp(name, "content") ||
            pages_partial(check->loader->pages, language, NULL, name) != NULL)
            continue;
        snprintf(check->loader->error, check->loader->error_size,
                 "%s names %s, which there is not in %s", check->in, name, language_tag(language));
        check->ok = false;
    }
}

static bool references_check(struct loader *loader, const struct template_table *table)
{
    struct reference_check check = {.loader = loader, .ok = true};
    for (size_t i = 0; check.ok && i < table->count; i++) {
        check.in = table->list[i].name;
        template_partials(table->list[i].template, reference_check, &check);
    }
    return check.ok;
}

/* Every string in all three languages. */
static bool strings_check(struct loader *loader)
{
    const struct template_table *strings = loader->pages->strings;
    for (int a = 0; a < LANGUAGES; a++) {
        const struct template_table *others = &strings[(a + 1) % LANGUAGES];
        for (size_t i = 0; i < strings[a].count; i++)
            if (!templates_find(others, strings[a].list[i].name))
                return load_fail(loader, strings[a].list[i].name,
                                 "the string is not there in every language");
        if (!references_check(loader, &strings[a]))
            return false;
    }
    return true;
}

static bool load_all(struct loader *loader, const char *folder)
{
    static const struct {
        const char *folder, *suffix;
        bool (*each)(void *context, const char *path, const char *name);
    } parts[] = {
        {"pages", ".mustache", load_template},
        {"css", "", load_asset},
        {"js", "", load_asset},
        {"img", "", load_asset},
        {".", ".yaml", load_asset},
        {".", ".txt", load_asset},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char path[PATH_MOST];
        if (snprintf(path, sizeof path, "%s/%s", folder, parts[i].folder) >= PATH_MOST)
            return load_fail(loader, folder, "the name is too long");
        if (!folder_read(path, parts[i].suffix, parts[i].each, loader, loader->error,
                         loader->error_size))
            return false;
    }
    for (int i = 0; i < LANGUAGES; i++)
        if (!load_strings(loader, folder, (enum language)i))
            return false;
    templates_sort(&loader->pages->templates);
    templates_sort(&loader->pages->paths);
    if (!templates_find(&loader->pages->templates, "frame"))
        return load_fail(loader, folder, "pages/frame.mustache is not there");
    return strings_check(loader) && references_check(loader, &loader->pages->templates);
}

struct pages *pages_load(const char *static_folder, char *error, size_t error_size)
{
    struct loader loader = {
        .pages = calloc(1, sizeof *loader.pages), .error = error, .error_size = error_size};
    if (!loader.pages) {
        load_fail(&loader, static_folder, "no memory");
        return NULL;
    }
    if (load_all(&loader, static_folder))
        return loader.pages;
    pages_free(loader.pages);
    return NULL;
}
