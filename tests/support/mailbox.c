/* An SMTP server and what it took; see mailbox.h. */
#include "support/mailbox.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "mailbox: %s failed\n", what);
    abort();
}

static void certificate_make(const char *certificate, const char *key)
{
    const char *argv[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:prime256v1",
                          "-nodes",
                          "-keyout",
                          key,
                          "-out",
                          certificate,
                          "-days",
                          "2",
                          "-subj",
                          "/CN=127.0.0.1",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1",
                          NULL};
    char words[512];
    if (process_run(words, sizeof words, argv) != 0)
        give_up(words);
}

static void password_make(const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file || fputs("a very secret word\n", file) < 0 || fclose(file) != 0)
        give_up("the password's file");
}

static void settings_fill(struct mailbox *mailbox, int port, const char *tls,
                          const char *const *further)
{
    int n = 0;
    snprintf(mailbox->words[n++], 256, "mail_port=%d", port);
    snprintf(mailbox->words[n++], 256, "mail_tls=%s", tls);
    snprintf(mailbox->words[n++], 256, "mail_authorities=%s/certificate", mailbox->folder);
    snprintf(mailbox->words[n++], 256, "mail_password_file=%s/password", mailbox->folder);
    for (int i = 0; i < n; i++)
        mailbox->set[i] = mailbox->words[i];
    mailbox->set[n++] = "mail_server=127.0.0.1";
    mailbox->set[n++] = "mail_user=postman";
    mailbox->set[n++] = "mail_from=codes@consultation.example";
    for (; further && *further; further++)
        mailbox->set[n++] = *further;
    mailbox->set[n] = NULL;
}

void mailbox_open(struct mailbox *mailbox, const char *tls, const char *const *further)
{
    char certificate[PATH_BYTES], key[PATH_BYTES], line[128];
    int port = 0;
    *mailbox = (struct mailbox){0};
    umask(077);
    snprintf(mailbox->folder, sizeof mailbox->folder, "/tmp/cb-XXXXXX");
    if (!mkdtemp(mailbox->folder))
        give_up("mkdtemp");
    snprintf(certificate, sizeof certificate, "%s/certificate", mailbox->folder);
    snprintf(key, sizeof key, "%s/key", mailbox->folder);
    snprintf(line, sizeof line, "%s/password", mailbox->folder);
    certificate_make(certificate, key);
    password_make(line);
    static const char listening[] = "listening ";
    static const char script[] = SOURCE_FOLDER "/tests/support/smtp_server.py";
    const char *argv[] = {
        "/usr/bin/python3",   script, mailbox->folder, certificate, key, tls, "postman",
        "a very secret word", NULL};
    if (!process_start(&mailbox->process, SIGKILL, NULL, argv))
        give_up("python3");
    while (!port && process_line(&mailbox->process, line, sizeof line))
        port = strncmp(line, listening, sizeof listening - 1) == 0
                   ? (int)strtol(line + sizeof listening - 1, NULL, 10)
                   : 0;
    if (!port)
        give_up("the SMTP server");
    settings_fill(mailbox, port, tls, further);
}

void mailbox_close(struct mailbox *mailbox)
{
    const char *remove[] = {"rm", "-rf", mailbox->folder, NULL};
    process_stop(&mailbox->process, SIGTERM);
    process_run(NULL, 0, remove);
}

void mailbox_mode(const struct mailbox *mailbox, const char *mode)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/mode", mailbox->folder);
    FILE *file = fopen(path, "we");
    if (!file || fputs(mode, file) < 0 || fclose(file) != 0)
        give_up("mode");
}

static void line_read(FILE *file, char *out, size_t size)
{
    if (!fgets(out, (int)size, file))
        give_up("a letter");
    out[strcspn(out, "\n")] = '\0';
}

static bool letter_read(const char *path, const char *to, struct letter_seen *out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    *out = (struct letter_seen){0};
    line_read(file, out->to, sizeof out->to);
    line_read(file, out->from, sizeof out->from);
    line_read(file, out->header_to, sizeof out->header_to);
    line_read(file, out->subject, sizeof out->subject);
    line_read(file, out->how, sizeof out->how);
    size_t length = fread(out->text, 1, sizeof out->text - 1, file);
    out->text[length] = '\0';
    fclose(file);
    return strcmp(out->to, to) == 0;
}

static bool newest_take(const struct mailbox *mailbox, const char *to, struct letter_seen *out)
{
    char newest[PATH_BYTES] = "";
    DIR *folder = opendir(mailbox->folder);
    if (!folder)
        give_up("opendir");
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[PATH_BYTES];
        const char *end = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", mailbox->folder, entry->d_name);
        if (end && strcmp(end, ".letter") == 0 && strcmp(path, newest) > 0 &&
            letter_read(path, to, out))
            snprintf(newest, sizeof newest, "%s", path);
    }
    closedir(folder);
    if (!*newest || !letter_read(newest, to, out))
        return false;
    unlink(newest);
    return true;
}

bool mailbox_take(const struct mailbox *mailbox, const char *to, int wait_ms,
                  struct letter_seen *out)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int waited = 0;; waited += 20) {
        if (newest_take(mailbox, to, out))
            return true;
        if (waited >= wait_ms)
            return false;
        nanosleep(&pause, NULL);
    }
}

void mailbox_code(const char *text, char code[7])
{
    static const char digits[] = "0123456789";
    for (; *(text += strcspn(text, digits)); text += strspn(text, digits))
        if (strspn(text, digits) == 6) {
            memcpy(code, text, 6);
            code[6] = '\0';
            return;
        }
    give_up("finding a code");
}
