/* Many at once: one identity 64 times leaves one counted, one key 64 times leaves one row, whoever
 * of two servers takes it. */
#include "support/scene.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

enum { MANY = 64 };

struct sender {
    pthread_t thread;
    const char *address;
    const char *key; /* NULL: one of its own */
    json_t *body; /* shared, only read: copied under the caller's eyes before the threads start */
    int status;
    char number[16];
};

static void *send_one(void *context)
{
    struct sender *sender = context;
    char key[FIXTURE_KEY];
    fixture_key(key);
    struct client *client = client_new(sender->address);
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions",
                                                 sender->key ? sender->key : key, sender->body);
    sender->status = reply.status;
    snprintf(sender->number, sizeof sender->number, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
    client_free(client);
    return NULL;
}

static void send_all(struct sender senders[MANY], const char *key, const json_t *body,
                     const char *const addresses[2])
{
    for (int i = 0; i < MANY; i++)
        senders[i] =
            (struct sender){.address = addresses[i % 2], .key = key, .body = json_deep_copy(body)};
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(pthread_create(&senders[i].thread, NULL, send_one, &senders[i]), 0);
    for (int i = 0; i < MANY; i++)
        pthread_join(senders[i].thread, NULL);
}

static int64_t states(const char *state)
{
    char sql[128];
    snprintf(sql, sizeof sql, "select count(*) from submissions where state = '%s'", state);
    return cluster_number(scene.cluster, sql);
}

START_TEST(one_identity)
{
    struct sender senders[MANY];
    struct server *second = server_start(&scene.options);
    ck_assert_ptr_nonnull(second);
    const char *const addresses[] = {server_address(scene.server), server_address(second)};
    json_t *body = fixture_submission();
    int64_t counted = states("counted"), held = states("held");
    send_all(senders, NULL, body, addresses);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(senders[i].status, 201);
    ck_assert_int_eq(states("counted"), counted + 1);
    ck_assert_int_eq(states("held"), held + MANY - 1);
    json_decref(body);
    ck_assert_int_eq(server_stop(second, SIGTERM), 0);
}
END_TEST

START_TEST(one_key)
{
    struct sender senders[MANY];
    struct server *second = server_start(&scene.options);
    ck_assert_ptr_nonnull(second);
    const char *const addresses[] = {server_address(scene.server), server_address(second)};
    json_t *body = fixture_submission();
    char key[FIXTURE_KEY];
    fixture_key(key);
    int64_t rows = cluster_number(scene.cluster, "select count(*) from submissions");
    send_all(senders, key, body, addresses);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(senders[i].status, 201);
        ck_assert_str_eq(senders[i].number, senders[0].number);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), rows + 1);
    json_decref(body);
    ck_assert_int_eq(server_stop(second, SIGTERM), 0);
}
END_TEST

/* One that the database refuses, among many: its neighbours are recorded, it alone is answered 500.
 */
START_TEST(poison_hurts_nobody_else)
{
    struct sender senders[MANY];
    const char *const addresses[] = {server_address(scene.server), server_address(scene.server)};
    free(cluster_text(
        scene.cluster,
        "create function poison() returns trigger language plpgsql as $$ begin"
        " if new.organisation = 'Poison' then raise exception 'poison'; end if; return new; end $$;"
        "create trigger poison before insert on submissions for each row execute function "
        "poison()"));
    int64_t rows = cluster_number(scene.cluster, "select count(*) from submissions");
    for (int i = 0; i < MANY; i++) {
        json_t *body = fixture_submission();
        if (i % 8 == 3)
            fixture_set(body, "/organisation", json_string("Poison"));
        senders[i] = (struct sender){.address = addresses[0], .body = body};
    }
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(pthread_create(&senders[i].thread, NULL, send_one, &senders[i]), 0);
    for (int i = 0; i < MANY; i++)
        pthread_join(senders[i].thread, NULL);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(senders[i].status, i % 8 == 3 ? 500 : 201);
    free(cluster_text(scene.cluster, "drop trigger poison on submissions; drop function poison()"));
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"),
                     rows + MANY - MANY / 8);
}
END_TEST

START_TEST(tallies_equal_the_rows)
{
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
}
END_TEST

SCENE_MAIN("parallel", NULL, one_identity, one_key, poison_hurts_nobody_else,
           tallies_equal_the_rows)
