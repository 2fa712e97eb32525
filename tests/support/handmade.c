/* A consultation and keys made by hand; see handmade.h. */
#include "support/handmade.h"

#include "base/arena.h"
#include "domain/draft.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIRECTIONS = 3, MEASURES = 15, QUESTIONS = 3, SECTORS = 2 };

static struct text handmade_text(int version)
{
    struct text text = {.version = version};
    for (int language = 0; language < LANGUAGES; language++)
        text.body[language] = "words";
    return text;
}

struct parts {
    struct direction directions[DIRECTIONS];
    struct measure measures[MEASURES];
    struct question questions[QUESTIONS];
    struct sector sectors[SECTORS];
};

static void parts_fill(struct parts *parts)
{
    static const size_t counts[DIRECTIONS] = {7, 4, 4};
    static const char *const sectors[SECTORS] = {"student", "finance"};
    size_t n = 0;
    for (size_t d = 0; d < DIRECTIONS; d++) {
        parts->directions[d] =
            (struct direction){.ordinal = (int)d + 1, .first_measure = n, .measures = counts[d]};
        draft_direction_code(d, parts->directions[d].code);
        for (size_t m = 0; m < counts[d]; m++, n++) {
            parts->measures[n] = (struct measure){
                .ordinal = (int)n + 1, .direction = d, .text = handmade_text(n == 2 ? 2 : 1)};
            draft_measure_code(d, m, parts->measures[n].code);
        }
    }
    for (size_t q = 0; q < QUESTIONS; q++) {
        parts->questions[q] = (struct question){.ordinal = (int)q + 1, .text = handmade_text(1)};
        draft_direction_code(q, parts->questions[q].code);
    }
    for (size_t s = 0; s < SECTORS; s++)
        snprintf(parts->sectors[s].code, sizeof parts->sectors[s].code, "%s", sectors[s]);
}

struct consultation *handmade_consultation(void)
{
    struct consultation *consultation = calloc(1, sizeof *consultation);
    struct arena *arena = arena_new();
    struct parts *parts = arena ? arena_take(arena, 1, sizeof *parts) : NULL;
    if (!consultation || !parts)
        abort();
    parts_fill(parts);
    *consultation = (struct consultation){
        .references = 1,
        .id = 1,
        .slug = HANDMADE_SLUG,
        .complete = true,
        .identity_kinds = 1u << IDENTITY_EMAIL | 1u << IDENTITY_MOBILE,
        .proofs = 1u << PROOF_DECLARED,
        .normalisation = IDENTITY_NORMALISATION,
        .limits = {2000, 5000, 200, 3},
        .direction_count = DIRECTIONS,
        .measure_count = MEASURES,
        .question_count = QUESTIONS,
        .sector_count = SECTORS,
        .directions = parts->directions,
        .measures = parts->measures,
        .questions = parts->questions,
        .sectors = parts->sectors,
        .memory = arena,
    };
    return consultation;
}

struct keys *handmade_keys(char folder[HANDMADE_FOLDER])
{
    char error[256];
    snprintf(folder, HANDMADE_FOLDER, "/tmp/handmade-keys-XXXXXX");
    if (sodium_init() < 0 || !mkdtemp(folder) || !keys_make_base(folder, error, sizeof error) ||
        !keys_make_identity(folder, HANDMADE_SLUG, error, sizeof error))
        abort();
    struct keys *keys = keys_load(folder, error, sizeof error);
    if (!keys)
        abort();
    return keys;
}

void handmade_keys_remove(const char *folder)
{
    DIR *open = opendir(folder);
    struct dirent *entry;
    while (open && (entry = readdir(open)))
        unlinkat(dirfd(open), entry->d_name, 0);
    if (open)
        closedir(open);
    rmdir(folder);
}
