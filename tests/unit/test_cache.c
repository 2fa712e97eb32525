/* represent/cache: hits, one filler, expiry, the bound, and threads at once. */
#include "represent/cache.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct cached *make(const char *bytes)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(bytes), (void *)(uintptr_t)bytes, MHD_RESPMEM_MUST_COPY);
    return cached_new(response, bytes, strlen(bytes));
}

static void put(struct cache *cache, const char *key, int depends, int64_t until, const char *bytes)
{
    struct cached *cached = make(bytes);
    cache_put(cache, key, depends, until, cached);
    cached_drop(cached);
}

/* What a reader is served; NULL: it is told to fill. */
static const char *served(struct cache *cache, const char *key, int64_t now, char tag[ETAG_TEXT])
{
    struct cached *cached = NULL;
    if (cache_get(cache, key, now, &cached) == CACHE_FILL)
        return NULL;
    strcpy(tag, cached_etag(cached));
    cached_drop(cached);
    return tag;
}

static char tag[ETAG_TEXT];

START_TEST(filled_then_hit)
{
    struct cache *cache = cache_new(16);
    ck_assert_ptr_null(served(cache, "k", 1, tag));
    put(cache, "k", 7, INT64_MAX, "one");
    ck_assert_str_eq(served(cache, "k", 2, tag), "one");
    ck_assert_ptr_null(served(cache, "other", 2, tag));
    struct cache_figures figures;
    cache_figures(cache, &figures);
    ck_assert_uint_eq(figures.hits, 1);
    ck_assert_uint_eq(figures.fills, 2);
    ck_assert_uint_eq(figures.bytes, 3);
    cache_free(cache);
}
END_TEST

START_TEST(one_fills_the_others_get_the_previous)
{
    struct cache *cache = cache_new(16);
    served(cache, "k", 1, tag);
    put(cache, "k", 7, 100, "one");
    ck_assert_str_eq(served(cache, "k", 99, tag), "one");
    ck_assert_ptr_null(served(cache, "k", 100, tag)); /* the filler */
    ck_assert_str_eq(served(cache, "k", 101, tag), "one");
    put(cache, "k", 7, 300, "two");
    ck_assert_str_eq(served(cache, "k", 102, tag), "two");
    cache_free(cache);
}
END_TEST

START_TEST(a_lost_filler_is_replaced)
{
    struct cache *cache = cache_new(16);
    served(cache, "k", 1, tag);
    put(cache, "k", 7, 100, "one");
    ck_assert_ptr_null(served(cache, "k", 100, tag));
    ck_assert_str_eq(served(cache, "k", 1000000, tag), "one");
    ck_assert_ptr_null(served(cache, "k", 2000100, tag));
    cache_give_up(cache, "k");
    ck_assert_ptr_null(served(cache, "k", 2000101, tag));
    cache_free(cache);
}
END_TEST

static const struct {
    int depends, expired;
    bool stale;
} expiries[] = {
    {7, 7, true},
    {7, 8, false},
    {CACHE_ANY, 8, true},
    {CACHE_NOTHING, 8, false},
};

START_TEST(expiry)
{
    struct cache *cache = cache_new(16);
    served(cache, "k", 1, tag);
    put(cache, "k", expiries[_i].depends, INT64_MAX, "one");
    cache_expire(cache, expiries[_i].expired);
    ck_assert_int_eq(served(cache, "k", 2, tag) == NULL, expiries[_i].stale);
    cache_free(cache);
}
END_TEST

/* What was read before a revision was raised must not be served after it, though it is put later.
 */
START_TEST(expiry_while_filling)
{
    struct cache *cache = cache_new(16);
    served(cache, "k", 1, tag);
    cache_expire(cache, 7);
    put(cache, "k", 7, INT64_MAX, "old");
    ck_assert_ptr_null(served(cache, "k", 2, tag));
    put(cache, "k", 7, INT64_MAX, "new");
    ck_assert_str_eq(served(cache, "k", 3, tag), "new");
    cache_free(cache);
}
END_TEST

START_TEST(bounded_least_lately_used_goes)
{
    struct cache *cache = cache_new(3);
    const char *keys[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
        served(cache, keys[i], 1, tag);
        put(cache, keys[i], 7, INT64_MAX, keys[i]);
    }
    ck_assert_ptr_nonnull(served(cache, "a", 2, tag));
    served(cache, "d", 2, tag);
    put(cache, "d", 7, INT64_MAX, "d");
    struct cache_figures figures;
    cache_figures(cache, &figures);
    ck_assert_uint_eq(figures.entries, 3);
    ck_assert_uint_eq(figures.bytes, 3);
    ck_assert_ptr_nonnull(served(cache, "a", 3, tag));
    ck_assert_ptr_nonnull(served(cache, "c", 3, tag));
    ck_assert_ptr_nonnull(served(cache, "d", 3, tag));
    ck_assert_ptr_null(served(cache, "b", 3, tag));
    cache_free(cache);
}
END_TEST

/* Addresses of things that do not exist are asked for, filled and given up: they must not push out
 * what does. */
START_TEST(what_is_given_up_takes_no_place)
{
    struct cache *cache = cache_new(4);
    char key[32];
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "kept%d", i);
        served(cache, key, 1, tag);
        put(cache, key, 7, INT64_MAX, "x");
    }
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "nothing%d", i);
        ck_assert_ptr_null(served(cache, key, 2, tag));
        cache_give_up(cache, key);
    }
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "kept%d", i);
        ck_assert_ptr_nonnull(served(cache, key, 3, tag));
    }
    cache_free(cache);
}
END_TEST

START_TEST(a_reader_keeps_what_it_holds)
{
    struct cache *cache = cache_new(1);
    struct cached *held = NULL;
    served(cache, "k", 1, tag);
    put(cache, "k", 7, INT64_MAX, "one");
    ck_assert_int_eq(cache_get(cache, "k", 2, &held), CACHE_HIT);
    served(cache, "other", 3, tag); /* pushes k out */
    cache_free(cache);
    ck_assert_str_eq(cached_etag(held), "one");
    ck_assert_ptr_nonnull(cached_response(held));
    cached_drop(held);
}
END_TEST

enum { THREADS = 4, ROUNDS = 3000 };

static void *hammer(void *context)
{
    struct cache *cache = context;
    char key[32], own[ETAG_TEXT];
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(key, sizeof key, "k%d", i % 12);
        if (!served(cache, key, i, own)) {
            if (i % 5)
                put(cache, key, i % 3 + 1, i + 10, key);
            else
                cache_give_up(cache, key);
        }
        if (i % 50 == 0)
            cache_expire(cache, 2);
    }
    return NULL;
}

START_TEST(threads_at_once)
{
    struct cache *cache = cache_new(8);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hammer, cache), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct cache_figures figures;
    cache_figures(cache, &figures);
    ck_assert_uint_eq(figures.hits + figures.fills, THREADS * ROUNDS);
    ck_assert_uint_le(figures.entries, 8);
    cache_free(cache);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cache");
    TCase *all = tcase_create("all");
    tcase_add_test(all, filled_then_hit);
    tcase_add_test(all, one_fills_the_others_get_the_previous);
    tcase_add_test(all, a_lost_filler_is_replaced);
    tcase_add_loop_test(all, expiry, 0, sizeof expiries / sizeof expiries[0]);
    tcase_add_test(all, expiry_while_filling);
    tcase_add_test(all, bounded_least_lately_used_goes);
    tcase_add_test(all, what_is_given_up_takes_no_place);
    tcase_add_test(all, a_reader_keeps_what_it_holds);
    tcase_add_test(all, threads_at_once);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
