/* What a file is, and how it is kept: types by content, files by digest, uploads in pieces. */
#include "attachment/keep.h"
#include "attachment/partial.h"
#include "attachment/scan.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PDF "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
#define PNG_END "\0\0\0\0IEND\xae\x42\x60\x82"
#define JPEG "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
#define WEBP "RIFF\x10\0\0\0WEBPVP8 \4\0\0\0abcd"
#define ZIP_END "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ROW(bytes, type)                                                                           \
    {                                                                                              \
        bytes, sizeof bytes - 1, type                                                              \
    }

static char folder[64], place[96];
static struct blobs *blobs;
static struct media_types *types;

static void setup(void)
{
    char error[256] = "";
    snprintf(folder, sizeof folder, "/tmp/attachment-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(place, sizeof place, "%s/files", folder);
    blobs = blobs_open(place, 0, error, sizeof error);
    ck_assert_msg(blobs != NULL, "%s", error);
    types = media_types_new(error, sizeof error);
    ck_assert_msg(types != NULL, "%s", error);
}

static int removed(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static void teardown(void)
{
    media_types_free(types);
    blobs_close(blobs);
    ck_assert_int_eq(nftw(folder, removed, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int memory_file(const void *bytes, size_t length)
{
    int file = memfd_create("sent", MFD_CLOEXEC);
    ck_assert_int_eq(write(file, bytes, length), (ssize_t)length);
    return file;
}

static const struct {
    const char *bytes;
    size_t length;
    enum media_type type;
} files[] = {
    ROW(PDF, MEDIA_PDF),
    ROW(PNG_HEAD PNG_END, MEDIA_PNG),
    ROW(JPEG, MEDIA_JPEG),
    ROW(WEBP, MEDIA_WEBP),
    ROW("", MEDIA_TYPES),
    ROW("words\n", MEDIA_TYPES),
    ROW("<!doctype html><script>alert(1)</script>", MEDIA_TYPES),
    ROW("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", MEDIA_TYPES),
    ROW("GIF89a\1\0\1\0\0\0\0;", MEDIA_TYPES),
    ROW("PK\3\4\x14\0\0\0\0\0" ZIP_END, MEDIA_TYPES),
    ROW("\x7f"
        "ELF\2\1\1",
        MEDIA_TYPES),
    /* in the first bytes, or nowhere */
    ROW("\n" PDF, MEDIA_TYPES),
    ROW("<html>" PDF, MEDIA_TYPES),
    ROW("\xef\xbb\xbf" PDF, MEDIA_TYPES),
    /* to the end */
    ROW("%PDF-1.7\n1 0 obj\n", MEDIA_TYPES),
    ROW(PNG_HEAD PNG_END "<script>", MEDIA_TYPES),
    ROW(PNG_HEAD, MEDIA_TYPES),
    ROW(WEBP "more", MEDIA_TYPES),
    /* two at once */
    ROW(PDF ZIP_END, MEDIA_TYPES),
    ROW(JPEG ZIP_END, MEDIA_TYPES),
};

START_TEST(types_by_content)
{
    int file = memory_file(files[_i].bytes, files[_i].length);
    ck_assert_int_eq(media_types_read(types, file, 0, files[_i].length), files[_i].type);
    close(file);
}
END_TEST

static enum problem_code keep(const void *bytes, size_t length, const char *name,
                              const struct digest *expected, const char *scanner,
                              struct attachment *out)
{
    const struct attachment_rules rules = {.blobs = blobs,
                                           .types = types,
                                           .bytes_most = 1 << 20,
                                           .scanner = scanner,
                                           .scanner_seconds = 5};
    int file = memory_file(bytes, length);
    const struct attachment_sent sent = {
        .file = file, .length = length, .name = name, .expected = expected};
    enum problem_code code = attachment_keep(&rules, &sent, out);
    close(file);
    return code;
}

static int counted;

static int count_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)path;
    (void)about;
    (void)at;
    counted += kind == FTW_F;
    return 0;
}

/* Files below the folder, whatever they are called. */
static int count(void)
{
    counted = 0;
    ck_assert_int_eq(nftw(place, count_one, 8, FTW_PHYS), 0);
    return counted;
}

START_TEST(kept_under_its_digest)
{
    struct attachment out;
    struct digest digest;
    struct stat about;
    char path[256], hex[2 * DIGEST_BYTES + 1];
    crypto_hash_sha256(digest.bytes, (const unsigned char *)PDF, sizeof PDF - 1);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "../a.html", &digest, "", &out), PROBLEM_NONE);
        ck_assert_str_eq(out.name, "a.pdf");
        ck_assert_uint_eq(out.length, sizeof PDF - 1);
        ck_assert_mem_eq(&out.digest, &digest, sizeof digest);
        ck_assert_int_eq(count(), 1);
    }
    digest_hex(&digest, hex);
    snprintf(path, sizeof path, "%s/%.2s/%s", place, hex, hex + 2);
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_int_eq(about.st_mode & 0777, 0600);
    ck_assert_int_eq(stat(place, &about), 0);
    ck_assert_int_eq(about.st_mode & 0777, 0700);
    ck_assert_int_eq(blob_check(blobs, &digest), BLOB_WHOLE);
    FILE *file = fopen(path, "a");
    fputs("x", file);
    fclose(file);
    ck_assert_int_eq(blob_check(blobs, &digest), BLOB_CHANGED);
    unlink(path);
    ck_assert_int_eq(blob_check(blobs, &digest), BLOB_MISSING);
}
END_TEST

START_TEST(refused_and_nothing_kept)
{
    static char large[(1 << 20) + 1] = PDF;
    struct attachment out;
    struct digest other = {{1}};
    ck_assert_int_eq(keep("", 0, "a.pdf", NULL, "", &out), PROBLEM_FILE_EMPTY);
    ck_assert_int_eq(keep("words", 5, "a.pdf", NULL, "", &out), PROBLEM_FILE_TYPE);
    ck_assert_int_eq(keep(large, sizeof large, "a.pdf", NULL, "", &out), PROBLEM_FILE_TOO_LARGE);
    ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "a.pdf", &other, "", &out),
                     PROBLEM_FILE_DIGEST_WRONG);
    ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "a.pdf", NULL, "unix:/nowhere", &out),
                     PROBLEM_SCANNER_AWAY);
    ck_assert_int_eq(count(), 0);
}
END_TEST

START_TEST(disk_full)
{
    char error[256];
    struct attachment out;
    struct rlimit limit;
    struct blobs *reserved = blobs_open(place, UINT64_MAX / 2, error, sizeof error), *all = blobs;
    blobs = reserved;
    ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "a.pdf", NULL, "", &out), PROBLEM_STORAGE_FULL);
    blobs = all;
    blobs_close(reserved);
    static char large[200000] = PDF;
    memcpy(large + sizeof large - 6, "%%EOF", 5);
    int file = memory_file(large, sizeof large);
    const struct attachment_rules rules = {
        .blobs = blobs, .types = types, .bytes_most = 1 << 20, .scanner = ""};
    const struct attachment_sent sent = {.file = file, .length = sizeof large, .name = "a"};
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &limit);
    enum problem_code code = attachment_keep(&rules, &sent, &out);
    limit.rlim_cur = soft;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(code, PROBLEM_STORAGE_FULL);
    ck_assert_int_eq(count(), 0);
    ck_assert_int_eq(attachment_keep(&rules, &sent, &out), PROBLEM_NONE);
    close(file);
}
END_TEST

static void *keep_often(void *context)
{
    struct attachment out;
    (void)context;
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "a.pdf", NULL, "", &out), PROBLEM_NONE);
    return NULL;
}

static bool nobody(void *context, const struct digest *digest)
{
    (void)context;
    (void)digest;
    return false;
}

static bool everybody(void *context, const struct digest *digest)
{
    (void)context;
    (void)digest;
    return true;
}

/* The same file by several at once, while all that is older than it could be is swept. */
START_TEST(same_file_at_once)
{
    enum { MANY = 4 };
    pthread_t threads[MANY];
    for (int i = 0; i < MANY; i++)
        pthread_create(&threads[i], NULL, keep_often, NULL);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(blobs_sweep(blobs, 3600, nobody, NULL), 0);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(count(), 1);
}
END_TEST

START_TEST(what_nobody_names_goes)
{
    struct attachment out;
    char path[256];
    ck_assert_int_eq(keep(PDF, sizeof PDF - 1, "a.pdf", NULL, "", &out), PROBLEM_NONE);
    snprintf(path, sizeof path, "%s/tmp/left", place); /* by a crash */
    fclose(fopen(path, "w"));
    struct blob *writing = NULL;
    ck_assert_int_eq(blob_begin(blobs, 1, &writing), BLOB_DONE);
    ck_assert_int_eq(blobs_sweep(blobs, 0, everybody, NULL), 0);
    ck_assert_int_eq(count(), 2);
    ck_assert_int_eq(blobs_sweep(blobs, 0, nobody, NULL), 1);
    ck_assert_int_eq(count(), 1);
    blob_drop(writing);
    ck_assert_int_eq(count(), 0);
}
END_TEST

START_TEST(others_may_not_read)
{
    char error[256] = "", open_place[96];
    snprintf(open_place, sizeof open_place, "%s/open", folder);
    ck_assert_int_eq(mkdir(open_place, 0755), 0);
    ck_assert_int_eq(chmod(open_place, 0755), 0);
    ck_assert_ptr_null(blobs_open(open_place, 0, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "0700"));
    ck_assert_ptr_null(blobs_open("/nowhere/at/all", 0, error, sizeof error));
}
END_TEST

START_TEST(in_pieces)
{
    const struct uuid upload = {{1}}, other = {{2}};
    uint64_t length = 99;
    int piece = memory_file("abcdef", 6);
    ck_assert_int_eq(partial_new(blobs, &upload, 9), PARTIAL_DONE);
    ck_assert_int_eq(partial_length(blobs, &upload, &length), PARTIAL_DONE);
    ck_assert_uint_eq(length, 0);
    ck_assert_int_eq(partial_length(blobs, &other, &length), PARTIAL_MISSING);
    ck_assert_int_eq(partial_add(blobs, &upload, 0, piece, 6, &length), PARTIAL_DONE);
    ck_assert_uint_eq(length, 6);
    ck_assert_int_eq(partial_add(blobs, &upload, 0, piece, 6, &length), PARTIAL_OFFSET);
    ck_assert_uint_eq(length, 6);
    ck_assert_int_eq(partial_add(blobs, &upload, 7, piece, 6, &length), PARTIAL_OFFSET);
    /* The body was shorter than it was said to be: nothing of it is added. */
    ck_assert_int_ne(partial_add(blobs, &upload, 6, piece, 60, &length), PARTIAL_DONE);
    ck_assert_int_eq(partial_length(blobs, &upload, &length), PARTIAL_DONE);
    ck_assert_uint_eq(length, 6);
    int reading = partial_open(blobs, &upload);
    ck_assert_int_ge(reading, 0);
    ck_assert_int_eq(partial_add(blobs, &upload, 6, piece, 3, &length), PARTIAL_BUSY);
    close(reading);
    partial_sweep(blobs, 3600);
    ck_assert_int_eq(partial_length(blobs, &upload, &length), PARTIAL_DONE);
    partial_sweep(blobs, 0);
    ck_assert_int_eq(partial_length(blobs, &upload, &length), PARTIAL_MISSING);
    close(piece);
}
END_TEST

START_TEST(where_to_scan)
{
    ck_assert(scan_is_address("unix:/run/clamav/clamd.ctl"));
    ck_assert(scan_is_address("127.0.0.1:3310"));
    ck_assert(!scan_is_address("unix:"));
    ck_assert(!scan_is_address("10.0.0.1:3310"));
    ck_assert(!scan_is_address("127.0.0.1"));
    ck_assert(!scan_is_address("127.0.0.1:0"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attachment");
    TCase *tests = tcase_create("attachment");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, types_by_content, 0, sizeof files / sizeof files[0]);
    tcase_add_test(tests, kept_under_its_digest);
    tcase_add_test(tests, refused_and_nothing_kept);
    tcase_add_test(tests, disk_full);
    tcase_add_test(tests, same_file_at_once);
    tcase_add_test(tests, what_nobody_names_goes);
    tcase_add_test(tests, others_may_not_read);
    tcase_add_test(tests, in_pieces);
    tcase_add_test(tests, where_to_scan);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
