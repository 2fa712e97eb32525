/* The database alone: batches of complete submissions through submission_accept on one connection,
 * as the writer sends them. Prints submissions a second. The consultation must be open and have
 * fifteen measures.
 *
 *   accept_bench CONNINFO CONSULTATION_ID BATCH SECONDS
 */
#include "base/clock.h"
#include "base/parse.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 15, BATCH_MOST = 1000, WAIT_MS = 5000 };

static const char *const remarks[] = {"應優先支持中小企業使用這些設施，並公布使用情況。",
                                      "Please publish the waiting times each quarter.",
                                      "建议每季度公布进展，方便市民跟进。"};

/* Fast and unpredictable enough that no two runs meet: a stream of one seed, without a system call
 * a byte. */
struct random {
    unsigned char seed[randombytes_SEEDBYTES];
    unsigned char pool[1 << 16];
    size_t used;
};

struct bench {
    struct db *db;
    struct random random;
    int consultation, slot;
    size_t batch;
    int64_t apart_us; /* the database's clock against ours */
};

static const unsigned char *random_bytes(struct random *random, size_t count)
{
    if (random->used + count > sizeof random->pool) {
        randombytes_buf_deterministic(random->pool, sizeof random->pool, random->seed);
        sodium_increment(random->seed, sizeof random->seed);
        random->used = 0;
    }
    random->used += count;
    return random->pool + random->used - count;
}

static unsigned random_below(struct random *random, unsigned most)
{
    const unsigned char *bytes = random_bytes(random, 2);
    return (unsigned)(bytes[0] << 8 | bytes[1]) % most;
}

static void fill_random(struct params *params, struct random *random, enum element element,
                        size_t count, size_t bytes)
{
    array_begin(params, element);
    for (size_t i = 0; i < count; i++)
        array_bytes(params, random_bytes(random, bytes), bytes);
    array_end(params);
}

static void fill_int2(struct params *params, size_t count, int value)
{
    array_begin(params, ELEMENT_INT2);
    for (size_t i = 0; i < count; i++)
        array_int2(params, value);
    array_end(params);
}

static void fill_bool(struct params *params, size_t count, bool value)
{
    array_begin(params, ELEMENT_BOOL);
    for (size_t i = 0; i < count; i++)
        array_bool(params, value);
    array_end(params);
}

static void fill_null(struct params *params, enum element element, size_t count)
{
    array_begin(params, element);
    for (size_t i = 0; i < count; i++)
        array_null(params);
    array_end(params);
}

static void fill_numbers(struct params *params, struct random *random, size_t count)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    array_begin(params, ELEMENT_TEXT);
    for (size_t i = 0; i < count; i++) {
        char number[11] = "";
        for (size_t n = 0; n < 10; n++)
            number[n] = digits[random_below(random, 32)];
        array_text(params, number);
    }
    array_end(params);
}

/* Nineteen individuals to one organisation. */
static void fill_respondents(struct params *params, struct random *random, size_t count)
{
    array_begin(params, ELEMENT_INT2);
    for (size_t i = 0; i < count; i++)
        array_int2(params, random_below(random, 100) < 95 ? 1 : 2);
    array_end(params);
    fill_int2(params, count, 1);
    fill_random(params, random, ELEMENT_BYTES, count, 32);
    fill_bool(params, count, false);
    fill_bool(params, count, true);
    array_begin(params, ELEMENT_INT2);
    for (size_t i = 0; i < count; i++) {
        unsigned r = random_below(random, 10);
        array_int2(params, r < 8 ? 0 : (int)r - 7);
    }
    array_end(params);
    fill_int2(params, count, 1); /* channel */
    fill_null(params, ELEMENT_TEXT, count);
    fill_null(params, ELEMENT_TEXT, count);
    fill_int2(params, count, 1); /* consent */
}

static void fill_answers(struct params *params, struct random *random, size_t count)
{
    array_begin(params, ELEMENT_INT8);
    for (size_t i = 0; i < count; i++)
        array_int8(params, 0);
    array_end(params);
    array_begin(params, ELEMENT_BYTES);
    for (size_t i = 0; i < count; i++) {
        unsigned char stances[MEASURES];
        for (size_t n = 0; n < MEASURES; n++)
            stances[n] = (unsigned char)random_below(random, 6);
        array_bytes(params, stances, sizeof stances);
    }
    array_end(params);
    array_begin(params, ELEMENT_BYTES);
    for (size_t i = 0; i < count; i++)
        array_bytes(params, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", MEASURES);
    array_end(params);
    array_begin(params, ELEMENT_INT8);
    for (size_t i = 0; i < count; i++)
        array_int8(params, 1 << random_below(random, MEASURES));
    array_end(params);
}

static void fill_remarks(struct params *params, size_t count)
{
    array_begin(params, ELEMENT_INT4);
    for (size_t i = 0; i < 3 * count; i++)
        array_int4(params, (int32_t)(i / 3) + 1);
    array_end(params);
    fill_int2(params, 3 * count, 0);
    array_begin(params, ELEMENT_INT2);
    for (size_t i = 0; i < 3 * count; i++)
        array_int2(params, (int)(i % 3) * 5 + 1);
    array_end(params);
    fill_int2(params, 3 * count, 1);
    fill_bool(params, 3 * count, true);
    array_begin(params, ELEMENT_TEXT);
    for (size_t i = 0; i < 3 * count; i++)
        array_text(params, remarks[i % 3]);
    array_end(params);
}

static void fill_batch(struct bench *bench, struct params *params)
{
    size_t count = bench->batch;
    struct random *random = &bench->random;
    params_reset(params);
    params_int2(params, bench->slot);
    params_int4(params, WAIT_MS);
    array_begin(params, ELEMENT_INT4);
    for (size_t i = 0; i < count; i++)
        array_int4(params, bench->consultation);
    array_end(params);
    fill_random(params, random, ELEMENT_UUID, count, UUID_BYTES);
    fill_random(params, random, ELEMENT_BYTES, count, 32);
    fill_numbers(params, random, count);
    fill_respondents(params, random, count);
    fill_answers(params, random, count);
    fill_random(params, random, ELEMENT_BYTES, count, 32);
    fill_random(params, random, ELEMENT_BYTES, count, 32);
    fill_int2(params, count, 1);
    fill_int2(params, count, 1);
    array_begin(params, ELEMENT_TIME);
    for (size_t i = 0; i < count; i++)
        array_time(params, clock_utc_us(&clock_system) + bench->apart_us);
    array_end(params);
    fill_null(params, ELEMENT_TEXT, count);
    fill_null(params, ELEMENT_INT2, count);
    fill_remarks(params, count);
    fill_null(params, ELEMENT_TIME, count);
}

/* One batch, committed; how many were recorded, or -1. */
static long store_batch(const struct bench *bench, const struct params *params)
{
    struct rows rows = {0};
    long recorded = 0;
    bool ok = db_transact(bench->db, STATEMENT_SUBMISSION_ACCEPT, params, &rows) == DB_OK;
    for (int row = 0; ok && row < rows_count(&rows); row++)
        recorded += strcmp(row_text(&rows, row, 1), "recorded") == 0;
    rows_clear(&rows);
    return ok ? recorded : -1;
}

static bool bench_open(struct bench *bench, const char *conninfo)
{
    struct rows slot = {0}, clock = {0};
    bench->db = db_new(conninfo, DB_WRITER, "accept_bench");
    bool ok = bench->db && db_ready(bench->db) == DB_OK &&
              db_run(bench->db, STATEMENT_SUBMISSION_SLOT, NULL, &slot) == DB_OK &&
              db_run(bench->db, STATEMENT_CLOCK_NOW, NULL, &clock) == DB_OK;
    if (ok) {
        bench->slot = (int)row_int(&slot, 0, 0);
        bench->apart_us = row_time(&clock, 0, 0) - clock_utc_us(&clock_system);
    }
    rows_clear(&slot);
    rows_clear(&clock);
    return ok;
}

int main(int argc, char **argv)
{
    int64_t id = 0, batch = 0, seconds = 0;
    if (argc != 5 || !parse_integer(argv[2], 1, INT32_MAX, &id) ||
        !parse_integer(argv[3], 1, BATCH_MOST, &batch) ||
        !parse_integer(argv[4], 1, 3600, &seconds) || sodium_init() < 0) {
        fprintf(stderr, "usage: accept_bench CONNINFO CONSULTATION_ID BATCH SECONDS\n");
        return 2;
    }
    struct bench bench = {.consultation = (int)id, .batch = (size_t)batch};
    bench.random.used = sizeof bench.random.pool;
    randombytes_buf(bench.random.seed, sizeof bench.random.seed);
    struct params params = {0};
    long total = 0, recorded = 0;
    bool ok = bench_open(&bench, argv[1]);
    int64_t begin_us = clock_monotonic_us(&clock_system), spent_us = 0;
    while (ok && spent_us < seconds * 1000000) {
        fill_batch(&bench, &params);
        recorded = store_batch(&bench, &params);
        ok = recorded >= 0;
        total += ok ? recorded : 0;
        spent_us = clock_monotonic_us(&clock_system) - begin_us;
    }
    if (ok)
        printf("%.0f submissions/s\n", (double)total * 1e6 / (double)spent_us);
    params_clear(&params);
    db_free(bench.db);
    return ok ? 0 : 1;
}
