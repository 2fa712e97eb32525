/* The keys' folder: made, loaded, refused, destroyed; signatures and derived keys against known
 * values. */
#include "domain/keys.h"
#include "support/handmade.h"

#include <check.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[HANDMADE_FOLDER];
static struct keys *keys;
static char error[256];

static void setup(void)
{
    keys = handmade_keys(folder);
}

static void teardown(void)
{
    keys_free(keys);
    handmade_keys_remove(folder);
}

static void path_of(const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", folder, name);
}

static void file_write(const char *name, const void *bytes, size_t length, mode_t mode)
{
    char path[128];
    path_of(name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
    close(fd);
}

static bool file_is_there(const char *name)
{
    char path[128];
    path_of(name, path);
    return access(path, F_OK) == 0;
}

static void reload(void)
{
    keys_free(keys);
    keys = keys_load(folder, error, sizeof error);
}

static void expect_refusal(const char *name, const char *why)
{
    reload();
    ck_assert_ptr_null(keys);
    ck_assert_msg(strstr(error, name) && strstr(error, why), "%s", error);
}

START_TEST(making_again_changes_nothing)
{
    struct digest before, after;
    ck_assert(keys_master_check(keys, 1, &before));
    ck_assert(keys_make_base(folder, error, sizeof error));
    ck_assert(keys_make_identity(folder, HANDMADE_SLUG, error, sizeof error));
    reload();
    ck_assert_int_eq(keys_newest_master(keys), 1);
    ck_assert_int_eq(keys_newest_receipt(keys), 1);
    ck_assert(keys_master_check(keys, 1, &after));
    ck_assert_mem_eq(&before, &after, sizeof before);
    ck_assert(!keys_master_check(keys, 2, &after));
}
END_TEST

START_TEST(newest_makes_all_read)
{
    unsigned char signature[SIGNATURE_BYTES];
    ck_assert(keys_sign(keys, 1, "old", 3, signature));
    ck_assert(keys_make_receipt(folder, error, sizeof error));
    ck_assert(keys_make_master(folder, error, sizeof error));
    reload();
    ck_assert_int_eq(keys_newest_receipt(keys), 2);
    ck_assert_int_eq(keys_newest_master(keys), 2);
    ck_assert(keys_verify(keys, 1, "old", 3, signature));
    ck_assert(!keys_verify(keys, 2, "old", 3, signature));
    ck_assert(!keys_verify(keys, 3, "old", 3, signature));
    json_t *set = keys_jwks(keys), *list = json_object_get(set, "keys");
    ck_assert_uint_eq(json_array_size(list), 2);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 0), "kid")),
                     "receipt-2");
    json_decref(set);
}
END_TEST

START_TEST(files_are_their_owners)
{
    static const struct {
        const char *name;
        mode_t mode;
    } files[] = {
        {"master-1", 0600},
        {"receipt-1", 0600},
        {"receipt-1.pub", 0644},
        {"identity-" HANDMADE_SLUG, 0600},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat stat_of;
        char path[128];
        path_of(files[i].name, path);
        ck_assert_int_eq(stat(path, &stat_of), 0);
        ck_assert_uint_eq(stat_of.st_mode & 07777, files[i].mode);
    }
}
END_TEST

START_TEST(open_files_are_refused)
{
    char path[128];
    path_of("master-1", path);
    ck_assert_int_eq(chmod(path, 0640), 0);
    expect_refusal("master-1", "others than its owner");
}
END_TEST

START_TEST(short_files_are_refused)
{
    file_write("identity-" HANDMADE_SLUG, "short", 5, 0600);
    expect_refusal("identity-" HANDMADE_SLUG, "right length");
}
END_TEST

START_TEST(halves_must_agree)
{
    unsigned char other[32] = {1};
    file_write("receipt-1.pub", other, sizeof other, 0644);
    expect_refusal("receipt", "public half");
}
END_TEST

START_TEST(missing_folder_is_refused)
{
    ck_assert_ptr_null(keys_load("/nowhere/at/all", error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/nowhere/at/all"));
}
END_TEST

START_TEST(other_files_are_passed_over)
{
    file_write("README", "words", 5, 0644);
    file_write("master-x", "words", 5, 0644);
    file_write("identity-Not_A_Slug", "words", 5, 0644);
    file_write("receipt-01", "words", 5, 0644);
    reload();
    ck_assert_ptr_nonnull(keys);
}
END_TEST

START_TEST(private_half_gone_still_verifies)
{
    unsigned char signature[SIGNATURE_BYTES];
    char path[128];
    ck_assert(keys_sign(keys, 1, "words", 5, signature));
    path_of("receipt-1", path);
    ck_assert_int_eq(unlink(path), 0);
    reload();
    ck_assert(keys_verify(keys, 1, "words", 5, signature));
    ck_assert(!keys_sign(keys, 1, "words", 5, signature));
    ck_assert_int_eq(keys_newest_receipt(keys), 0);
}
END_TEST

START_TEST(identity_key_is_destroyed)
{
    ck_assert_ptr_nonnull(keys_identity(keys, HANDMADE_SLUG));
    ck_assert_ptr_null(keys_identity(keys, "another"));
    ck_assert(keys_destroy_identity(folder, HANDMADE_SLUG, error, sizeof error));
    ck_assert(!file_is_there("identity-" HANDMADE_SLUG));
    ck_assert(keys_destroy_identity(folder, HANDMADE_SLUG, error, sizeof error));
    reload();
    ck_assert_ptr_null(keys_identity(keys, HANDMADE_SLUG));
}
END_TEST

/* Of a consultation that came after the keys were loaded; only the right key is ever found for it.
 */
START_TEST(identity_key_is_added_if_it_fits)
{
    struct consultation newcomer = {.slug = "newcomer"};
    static const unsigned char wrong[IDENTITY_KEY_BYTES] = {1};
    unsigned char right[IDENTITY_KEY_BYTES];
    randombytes_buf(right, sizeof right);
    ck_assert(!keys_identity_add(keys, folder, &newcomer, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "identity-newcomer"));
    file_write("identity-newcomer", right, sizeof right, 0600);
    struct keys *meant = keys_load(folder, error, sizeof error);
    keys_identity_check(keys_identity(meant, "newcomer"), &newcomer.identity_check);
    keys_free(meant);
    file_write("identity-newcomer", wrong, sizeof wrong, 0600);
    ck_assert(!keys_identity_add(keys, folder, &newcomer, error, sizeof error));
    ck_assert_ptr_null(keys_identity(keys, "newcomer"));
    file_write("identity-newcomer", right, sizeof right, 0640);
    ck_assert(!keys_identity_add(keys, folder, &newcomer, error, sizeof error));
    file_write("identity-newcomer", right, sizeof right, 0600);
    ck_assert_msg(keys_identity_add(keys, folder, &newcomer, error, sizeof error), "%s", error);
    ck_assert_ptr_nonnull(keys_identity_of(keys, &newcomer));
    newcomer.identity_check.bytes[0] ^= 1;
    ck_assert_ptr_null(keys_identity_of(keys, &newcomer));
    ck_assert_ptr_nonnull(keys_identity(keys, "newcomer"));
}
END_TEST

START_TEST(identity_keys_are_random)
{
    struct digest one, other;
    keys_identity_check(keys_identity(keys, HANDMADE_SLUG), &one);
    ck_assert(keys_destroy_identity(folder, HANDMADE_SLUG, error, sizeof error));
    ck_assert(keys_make_identity(folder, HANDMADE_SLUG, error, sizeof error));
    reload();
    keys_identity_check(keys_identity(keys, HANDMADE_SLUG), &other);
    ck_assert_mem_ne(&one, &other, sizeof one);
}
END_TEST

/* RFC 8032 §7.1, tests 1 and 2. */
static const struct {
    const char *seed, *public_half, *message, *signature;
} ed25519[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
};

START_TEST(signatures_of_the_rfc)
{
    unsigned char secret[64], message[8], signature[SIGNATURE_BYTES];
    size_t length = 0;
    char hex[2 * SIGNATURE_BYTES + 1];
    sodium_hex2bin(secret, 32, ed25519[_i].seed, 64, NULL, NULL, NULL);
    sodium_hex2bin(secret + 32, 32, ed25519[_i].public_half, 64, NULL, NULL, NULL);
    sodium_hex2bin(message, sizeof message, ed25519[_i].message, strlen(ed25519[_i].message), NULL,
                   &length, NULL);
    file_write("receipt-9", secret, sizeof secret, 0600);
    reload();
    ck_assert(keys_sign(keys, 9, message, length, signature));
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    ck_assert_str_eq(hex, ed25519[_i].signature);
    ck_assert(keys_verify(keys, 9, message, length, signature));
    signature[0] ^= 1;
    ck_assert(!keys_verify(keys, 9, message, length, signature));
}
END_TEST

/* Made with Python's hashlib.blake2b from a master of 32 bytes 7. */
START_TEST(derived_keys_are_known)
{
    unsigned char master[32];
    struct digest out;
    char hex[2 * DIGEST_BYTES + 1];
    memset(master, 7, sizeof master);
    file_write("master-5", master, sizeof master, 0600);
    reload();
    ck_assert_int_eq(keys_newest_master(keys), 5);
    ck_assert(keys_derive(keys, 5, "receipt-code", "abc", 3, &out));
    digest_hex(&out, hex);
    ck_assert_str_eq(hex, "c32f7004229ccd101d29343c02a677440851901d4e840e37818dfc58a2d20179");
    ck_assert(keys_derive(keys, 5, "form", "abc", 3, &out));
    digest_hex(&out, hex);
    ck_assert_str_ne(hex, "c32f7004229ccd101d29343c02a677440851901d4e840e37818dfc58a2d20179");
    ck_assert(!keys_derive(keys, 6, "form", "abc", 3, &out));
}
END_TEST

START_TEST(public_set_round_trip)
{
    unsigned char signature[SIGNATURE_BYTES];
    json_t *set = keys_jwks(keys);
    struct keys *halves = keys_from_jwks(set);
    ck_assert_ptr_nonnull(halves);
    ck_assert(keys_sign(keys, 1, "words", 5, signature));
    ck_assert(keys_verify(halves, 1, "words", 5, signature));
    ck_assert(!keys_sign(halves, 1, "words", 5, signature));
    keys_free(halves);
    json_t *key = json_array_get(json_object_get(set, "keys"), 0);
    json_object_set_new(key, "x", json_string("AAAA"));
    ck_assert_ptr_null(keys_from_jwks(set));
    ck_assert_ptr_null(keys_from_jwks(NULL));
    json_decref(set);
}
END_TEST

START_TEST(ids)
{
    static const struct {
        const char *text;
        int id;
    } cases[] = {{"receipt-1", 1},  {"receipt-9999", 9999}, {"receipt-0", 0},    {"receipt-01", 0},
                 {"receipt--1", 0}, {"receipt-", 0},        {"receipt-1x", 0},   {"master-1", 0},
                 {"", 0},           {"receipt-10000", 0},   {"receipt-1.pub", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_int_eq(keys_id_read(cases[i].text), cases[i].id);
    char text[KEY_ID_TEXT];
    keys_id_text(9999, text);
    ck_assert_str_eq(text, "receipt-9999");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keys");
    TCase *files = tcase_create("folder"), *use = tcase_create("use");
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_test(files, making_again_changes_nothing);
    tcase_add_test(files, newest_makes_all_read);
    tcase_add_test(files, files_are_their_owners);
    tcase_add_test(files, open_files_are_refused);
    tcase_add_test(files, short_files_are_refused);
    tcase_add_test(files, halves_must_agree);
    tcase_add_test(files, missing_folder_is_refused);
    tcase_add_test(files, other_files_are_passed_over);
    tcase_add_test(files, private_half_gone_still_verifies);
    tcase_add_test(files, identity_key_is_destroyed);
    tcase_add_test(files, identity_key_is_added_if_it_fits);
    tcase_add_test(files, identity_keys_are_random);
    tcase_add_checked_fixture(use, setup, teardown);
    tcase_add_loop_test(use, signatures_of_the_rfc, 0, sizeof ed25519 / sizeof *ed25519);
    tcase_add_test(use, derived_keys_are_known);
    tcase_add_test(use, public_set_round_trip);
    tcase_add_test(use, ids);
    suite_add_tcase(suite, files);
    suite_add_tcase(suite, use);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
