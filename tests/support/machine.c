/* An institution's own machine; see machine.h. */
#include "support/machine.h"
#include "support/process.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KEYS "/en/institution/keys"

const unsigned char machine_png[MACHINE_PNG_BYTES] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,   'I',  'H',
    'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,
    0,    0x3a, 0x7e, 0x9b, 0x55, 0,    0,    0,    10,   'I',  'D',  'A',  'T',  0x78,
    0x9c, 0x63, 0x60, 0,    0,    0,    2,    0,    1,    0x48, 0xaf, 0xa4, 0x71, 0,
    0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};

void machine_file(const struct machine *machine, const char *name, const void *bytes, size_t length)
{
    char path[MACHINE_PATH];
    snprintf(path, sizeof path, "%s/%s", machine->folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    chmod(path, 0600);
}

void machine_text(const struct machine *machine, const char *name, const char *text)
{
    machine_file(machine, name, text, strlen(text));
}

void machine_rename(const struct machine *machine, const char *from, const char *to)
{
    char before[MACHINE_PATH], after[MACHINE_PATH];
    snprintf(before, sizeof before, "%s/%s", machine->folder, from);
    snprintf(after, sizeof after, "%s/%s", machine->folder, to);
    ck_assert_int_eq(rename(before, after), 0);
}

void machine_make(struct machine *machine, struct scene *scene, const char *slug)
{
    char login[40];
    *machine = (struct machine){.scene = scene, .client = scene_client(scene)};
    snprintf(machine->slug, sizeof machine->slug, "%s", slug);
    institution_make(scene, slug, false);
    institution_verify(scene, slug);
    snprintf(login, sizeof login, "%s-head", slug);
    member_make(scene, slug, login, "coordinator", &machine->head);
    snprintf(login, sizeof login, "%s-seal", slug);
    member_make(scene, slug, login, "approver", &machine->seal);
    member_sign_in(scene, machine->client, &machine->head);
    member_sign_in(scene, machine->client, &machine->seal);
    snprintf(machine->folder, sizeof machine->folder, "/tmp/fr-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(machine->folder));
}

void machine_clear(struct machine *machine)
{
    const char *remove[] = {"rm", "-rf", machine->folder, NULL};
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
    client_free(machine->client);
}

void machine_key(struct machine *machine, const char *label, const char *half,
                 char id[MACHINE_KEY_ID])
{
    char sql[160];
    char *form = fixture_form_add(NULL, "/key/label", label);
    form = fixture_form_add(fixture_form_add(form, "/key/days", "7"), "/key/public", half);
    struct client_reply made = official_post(machine->client, &machine->head, KEYS, form);
    const char *at = strstr(made.body, "id=\"token-value\">");
    ck_assert_msg(made.status == (*half ? 303 : 201) && (*half || at), "%d %.2000s", made.status,
                  made.body);
    if (!*half) {
        snprintf(machine->token, sizeof machine->token, "%.43s", strchr(at, '>') + 1);
        snprintf(machine->header, sizeof machine->header, "Authorization: Bearer %s\r\n",
                 machine->token);
    }
    client_reply_clear(&made);
    snprintf(sql, sizeof sql, "select key_id::text from institution_keys where label = '%s'",
             label);
    char *text = cluster_text(machine->scene->cluster, sql);
    snprintf(id, MACHINE_KEY_ID, "%s", text);
    free(text);
}

void machine_key_act(struct machine *machine, const char *id, const char *act)
{
    char path[MACHINE_PATH];
    snprintf(path, sizeof path, KEYS "/%s/%s", id, act);
    struct client_reply reply =
        official_post(machine->client, &machine->seal, path, fixture_form_add(NULL, "a", "b"));
    ck_assert_msg(reply.status == 303, "%s: %d %.2000s", path, reply.status, reply.body);
    client_reply_clear(&reply);
}

void machine_token(struct machine *machine, const char *label)
{
    char id[MACHINE_KEY_ID];
    machine_key(machine, label, "", id);
    machine_key_act(machine, id, "confirmation");
}

void machine_script(const struct machine *machine, int status, char said[MACHINE_SAID],
                    const char *words, ...)
{
    char call[512], command[1024];
    va_list list;
    va_start(list, words);
    vsnprintf(call, sizeof call, words, list);
    va_end(list);
    snprintf(command, sizeof command,
             "cd %s && exec /usr/bin/python3 %s/deploy/file_response.py %s 2>&1", machine->folder,
             SOURCE_FOLDER, call);
    const char *argv[] = {"sh", "-c", command, NULL};
    int ended = process_run(said, MACHINE_SAID, argv);
    ck_assert_msg(ended == status, "%s: %d instead of %d: %s", call, ended, status, said);
}

json_t *machine_receipt(const char *said)
{
    const char *at = strstr(said, "{\n");
    json_t *receipt = at ? json_loads(at, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    ck_assert_msg(receipt != NULL, "%s", said);
    return receipt;
}

void machine_response(const struct machine *machine, const char *key_id)
{
    char text[512], path[MACHINE_PATH];
    snprintf(path, sizeof path, "%s/r", machine->folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/r/attachments", machine->folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(text, sizeof text,
             "{\"service\": \"%s\", \"consultation\": \"" SCENE_SLUG "\", \"institution\": \"%s\","
             " \"language\": \"zh-Hant\", \"publish\": 1, \"key_id\": \"%s\"}",
             server_address(machine->scene->server), machine->slug, key_id);
    machine_text(machine, "r/settings.json", text);
    /* White space that only Unicode knows ends it; a decomposed letter is in it. */
    machine_text(machine, "r/summary.md", "# 摘要\r\n\r\nCafe\xcc\x81 \xe3\x80\x80\n");
    machine_text(machine, "r/measure-1-3.md", "stance: 4\n\n　我們支持。");
    machine_text(machine, "r/measure-2-1.md", "stance: 0\n");
    machine_text(machine, "r/interests.md", "無");
    machine_text(machine, "r/approver.md", "Prof. A, President");
    machine_file(machine, "r/attachments/報告 \"1\" 100%.pdf", MACHINE_PDF, sizeof MACHINE_PDF - 1);
    machine_file(machine, "r/attachments/chart.png", machine_png, MACHINE_PNG_BYTES);
}

void machine_expect_genuine(const struct machine *machine, json_t *receipt)
{
    char command[256], output[128] = "";
    const char *digest = json_string_value(json_object_get(receipt, "digest"));
    snprintf(command, sizeof command, "sha256sum < %s/r/filed/%s.document.json", machine->folder,
             digest);
    const char *argv[] = {"sh", "-c", command, NULL};
    ck_assert_int_eq(process_run(output, sizeof output, argv), 0);
    ck_assert_int_eq(strncmp(output, digest, 64), 0);
    struct client_reply reply =
        client_post_json(machine->client, "/v1/receipt-verifications", NULL, json_copy(receipt));
    ck_assert_str_eq(client_text(&reply, "/verdict"), "genuine");
    client_reply_clear(&reply);
}
