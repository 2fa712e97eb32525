/* Times the first page of typical searches, as an official's page asks for them, on a database that
 * search.sh has filled. Prints milliseconds, hits of the page and the search; then the figure. */
#include "base/clock.h"
#include "publish/load.h"
#include "resources/submission_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 5 };

static const struct search {
    const char *what, *text, *more;
} searches[] = {
    {"a rare Chinese word", "核磁共振", NULL},
    {"a rare English word", "photonics", NULL},
    {"a common Chinese word of two characters", "支持", NULL},
    {"a common English word", "support", NULL},
    {"a Chinese word of two characters", "噪音", NULL},
    {"one Chinese character", "租", NULL},
    {"an English phrase", "\"artificial intelligence needs rules\"", NULL},
    {"both languages in one", "AI 土地供應", NULL},
    {"the other script", "创新科技", NULL},
    {"a common word on a measure, of one stance", "支持", "measure=2-3&stance=1"},
    {"a common word of the first days", "支持", "days"},
    {"a common word, held only", "support", "state=held"},
    {"no hit", "月球背面", NULL},
    {"common words that never meet", "\"rising support\"", NULL},
};

struct given {
    const struct search *search;
    char first[11], last[11];
};

static const char *given(void *context, const char *name)
{
    const struct given *given = context;
    const char *more = given->search->more;
    if (strcmp(name, "text") == 0)
        return given->search->text;
    if (more && strcmp(more, "days") == 0)
        return strcmp(name, "from") == 0 ? given->first
               : strcmp(name, "to") == 0 ? given->last
                                         : NULL;
    if (more && strcmp(more, "state=held") == 0)
        return strcmp(name, "state") == 0 ? "held" : NULL;
    if (more)
        return strcmp(name, "measure") == 0 ? "2-3" : strcmp(name, "stance") == 0 ? "1" : NULL;
    return NULL;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* The median of some; -1 if it failed. */
static double timed(struct db *db, const struct consultation *c, struct given *given_here)
{
    double ms[TIMES];
    size_t hits = 0;
    bool unfinished = false;
    for (int i = 0; i < TIMES; i++) {
        struct list_wanted wanted;
        struct faults faults = {0};
        json_t *model = NULL;
        int64_t before_us = clock_monotonic_us(&clock_system);
        if (!list_wanted_read(c, given, given_here, &wanted, &faults) ||
            list_read(db, c, &wanted, &model) != DB_OK)
            return -1;
        ms[i] = (double)(clock_monotonic_us(&clock_system) - before_us) / 1000;
        hits = json_array_size(json_object_get(model, "submissions"));
        unfinished = json_is_true(json_object_get(model, "unfinished"));
        json_decref(model);
    }
    double first = ms[0];
    qsort(ms, TIMES, sizeof *ms, compare);
    printf("%8.1f ms (first %.1f) %3zu%s  %s: %s\n", ms[TIMES / 2], first, hits,
           unfinished ? ", unfinished" : "", given_here->search->what, given_here->search->text);
    return ms[TIMES / 2];
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: search_bench CONNINFO CONSULTATION-ID FIRST-DAY LAST-DAY\n");
        return 2;
    }
    struct consultation *c = NULL;
    struct db *reader = db_new(argv[1], DB_READER, "search-bench");
    struct db *db = db_new(argv[1], DB_EXPORTER, "search-bench");
    bool ok = reader && db && db_ready(reader) == DB_OK &&
              load_consultation(reader, (int)strtol(argv[2], NULL, 10), &c) == DB_OK && c;
    double slowest = 0;
    for (size_t i = 0; ok && i < sizeof searches / sizeof *searches; i++) {
        struct given here = {.search = &searches[i]};
        snprintf(here.first, sizeof here.first, "%s", argv[3]);
        snprintf(here.last, sizeof here.last, "%s", argv[4]);
        double ms = timed(db, c, &here);
        ok = ms >= 0;
        slowest = ms > slowest ? ms : slowest;
    }
    if (ok)
        printf("figure: search_slowest_ms %.1f\n", slowest);
    consultation_release(c);
    db_free(db);
    db_free(reader);
    return ok ? 0 : 1;
}
