#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

/* One line a setting: SETTING(name, kind, default, least, most, help). Read from a file of `name =
 * value` lines (--settings FILE) and from the command line (--set name=value); printed with bounds
 * and help by the `settings` command. Immutable after start. */
struct settings {
#define SETTING_TEXT(name, value, help) char name[256];
#define SETTING_INTEGER(name, value, least, most, help) long name;
#define SETTING_BOOLEAN(name, value, help) bool name;
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_INTEGER
#undef SETTING_BOOLEAN
};

void settings_default(struct settings *settings);
/* Each false with a sentence in `error`. */
bool settings_file(struct settings *settings, const char *path, char *error, size_t error_size);
bool settings_set(struct settings *settings, const char *name_value, char *error,
                  size_t error_size);
/* Rules between settings: an address other than loopback needs trusted_front, … */
bool settings_check(const struct settings *settings, char *error, size_t error_size);
void settings_print(const struct settings *settings);

#endif
