/* export tallies: the exact counts at the finest grain, nothing hidden; see export.h. */
#include "commands/export.h"

/* Of the statement export_tallies; after the ordinal come the figures, in the order of their names.
 */
enum {
    COLUMN_DAY,
    COLUMN_KIND,
    COLUMN_PROVEN,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_MEASURE,
    COLUMN_FIRST = 7
};

static const char *const figures[] = {
    "strongly_support", "support",     "neutral",    "oppose",     "strongly_oppose",
    "no_opinion",       "remark_only", "remarks",    "priorities", "received",
    "counted",          "held",        "superseded", "withdrawn",  "set_aside",
};
enum { FIGURES = sizeof figures / sizeof *figures };

static void columns(const struct export *export, json_t *names)
{
    static const char *const grain[] = {"day", "kind", "proven", "language", "channel", "measure"};
    (void)export;
    for (size_t i = 0; i < sizeof grain / sizeof *grain; i++)
        json_array_append_new(names, json_string(grain[i]));
    for (int i = 0; i < FIGURES; i++)
        json_array_append_new(names, json_string(figures[i]));
}

static json_t *record(const struct export *export, const struct rows *rows)
{
    (void)export;
    json_t *out = json_pack("{s:o, s:s, s:b, s:s, s:s, s:o}", "day", export_date(rows, COLUMN_DAY),
                            "kind", export_kind_word(row_int(rows, 0, COLUMN_KIND)), "proven",
                            row_bool(rows, 0, COLUMN_PROVEN), "language",
                            export_language_word(row_int(rows, 0, COLUMN_LANGUAGE)), "channel",
                            export_channel_word(row_int(rows, 0, COLUMN_CHANNEL)), "measure",
                            export_text(rows, COLUMN_MEASURE));
    for (int i = 0; out && i < FIGURES; i++)
        if (json_object_set_new(out, figures[i], export_integer(rows, COLUMN_FIRST + i))) {
            json_decref(out);
            out = NULL;
        }
    return out;
}

const struct export_kind export_tallies = {"tallies", STATEMENT_EXPORT_TALLIES, columns, record};
