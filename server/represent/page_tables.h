#ifndef REPRESENT_PAGE_TABLES_H
#define REPRESENT_PAGE_TABLES_H

#include "represent/page.h"
#include "represent/template.h"

/* What pages_load fills and the page writer reads; for page.c, page_load.c and asset.c only. */

struct named_template {
    char *name;
    struct template *template;
};

struct template_table {
    struct named_template *list; /* by name, once sorted */
    size_t count, capacity;
};

struct stored_asset {
    char *name;       /* "app.css" */
    char *path;       /* "/static/app.<hash>.css" */
    const char *type; /* static */
    char *bytes;
    size_t length;
};

struct asset_table {
    struct stored_asset *list;
    size_t count, capacity;
};

struct pages {
    struct template_table templates;
    struct template_table strings[LANGUAGES];
    struct template_table
        paths; /* of assets, as templates, so that a page names them as partials */
    struct asset_table assets;
};

/* Takes `template` over; false: no memory. */
bool templates_add(struct template_table *table, const char *name, struct template *template);
void templates_sort(struct template_table *table);
const struct template *templates_find(const struct template_table *table, const char *name);
void templates_clear(struct template_table *table);

/* Reads a whole file of at most 1 MiB; caller frees. NULL with a sentence. */
char *file_read(const char *path, size_t *length, char *error, size_t error_size);

/* Calls `each` with the path and name of every file in the folder that ends in `suffix`, sorted by
 * name, until one is false. A folder that is not there is empty. */
bool folder_read(const char *folder, const char *suffix,
                 bool (*each)(void *context, const char *path, const char *name), void *context,
                 char *error, size_t error_size);

bool asset_add(struct asset_table *table, const char *path, const char *name, char *error,
               size_t error_size);
void assets_clear(struct asset_table *table);

/* The template a partial's name stands for; `content` is the page's own. */
const struct template *pages_partial(const struct pages *pages, enum language language,
                                     const struct template *content, const char *name);

#endif
