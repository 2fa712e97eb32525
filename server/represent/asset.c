/* Files served as they are, under names that change with their bytes, so that they may be kept for
 * ever. */
#include "represent/page_tables.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASSET_HASH_BYTES = 16, ASSET_HASH_TEXT = 20 };

static const struct {
    const char *suffix, *type;
} asset_types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"}, /* RFC 9239 */
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".txt", "text/plain; charset=utf-8"},
    {".yaml", "application/yaml"}, /* RFC 9512 */
};

static const char *asset_type(const char *name)
{
    const char *suffix = strrchr(name, '.');
    for (size_t i = 0; suffix && i < sizeof asset_types / sizeof *asset_types; i++)
        if (!strcmp(suffix, asset_types[i].suffix))
            return asset_types[i].type;
    return NULL;
}

/* "/static/app.<first 20 digits of the hash>.css" */
static char *asset_path(const char *name, const char *bytes, size_t length)
{
    unsigned char hash[ASSET_HASH_BYTES];
    char hex[2 * ASSET_HASH_BYTES + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes, length, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    const char *suffix = strrchr(name, '.');
    struct buf path = {0};
    buf_format(&path, "/static/%.*s.%.*s%s", (int)(suffix - name), name, ASSET_HASH_TEXT, hex,
               suffix);
    return buf_take(&path, NULL);
}

bool asset_add(struct asset_table *table, const char *path, const char *name, char *error,
               size_t error_size)
{
    struct stored_asset asset = {.type = asset_type(name)};
    if (!asset.type)
        return true; /* not a kind that pages use */
    asset.bytes = file_read(path, &asset.length, error, error_size);
    if (!asset.bytes)
        return false;
    asset.name = strdup(name);
    asset.path = asset_path(name, asset.bytes, asset.length);
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 8;
        struct stored_asset *list = realloc(table->list, capacity * sizeof *list);
        if (list) {
            table->list = list;
            table->capacity = capacity;
        }
    }
    if (asset.name && asset.path && table->count < table->capacity) {
        table->list[table->count++] = asset;
        return true;
    }
    free(asset.name);
    free(asset.path);
    free(asset.bytes);
    snprintf(error, error_size, "%s: no memory", path);
    return false;
}

void assets_clear(struct asset_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->list[i].name);
        free(table->list[i].path);
        free(table->list[i].bytes);
    }
    free(table->list);
}

static struct asset asset_lend(const struct stored_asset *asset)
{
    return (struct asset){.type = asset->type, .bytes = asset->bytes, .length = asset->length};
}

bool pages_file(const struct pages *pages, const char *hashed_name, struct asset *out)
{
    for (size_t i = 0; i < pages->assets.count; i++) {
        const struct stored_asset *asset = &pages->assets.list[i];
        if (strcmp(asset->path + strlen("/static/"), hashed_name) != 0)
            continue;
        *out = asset_lend(asset);
        return true;
    }
    return false;
}

bool pages_root_file(const struct pages *pages, const char *name, struct asset *out)
{
    for (size_t i = 0; i < pages->assets.count; i++) {
        if (strcmp(pages->assets.list[i].name, name) != 0)
            continue;
        *out = asset_lend(&pages->assets.list[i]);
        return true;
    }
    return false;
}
