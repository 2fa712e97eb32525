#ifndef SUPPORT_MACHINE_H
#define SUPPORT_MACHINE_H

#include "support/institutions.h"

/* An institution whose own machine files: its two persons, the machine's folder, its keys by the
 * pages, and deploy/file_response.py run there. Confined to one thread. */

enum { MACHINE_PATH = 160, MACHINE_TOKEN = 44, MACHINE_KEY_ID = 37, MACHINE_SAID = 16384 };

#define MACHINE_PDF "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
enum { MACHINE_PNG_BYTES = 67 };
extern const unsigned char machine_png[MACHINE_PNG_BYTES];

struct machine {
    struct scene *scene;
    struct client *client;
    struct official_made head, seal; /* coordinator, approver */
    char slug[24], folder[40], token[MACHINE_TOKEN], header[96];
};

/* Registers, verifies and peoples an institution of that slug, and makes an empty folder. */
void machine_make(struct machine *machine, struct scene *scene, const char *slug);
void machine_clear(struct machine *machine);

/* Files of the folder, readable by their owner only. */
void machine_file(const struct machine *machine, const char *name, const void *bytes,
                  size_t length);
void machine_text(const struct machine *machine, const char *name, const char *text);
void machine_rename(const struct machine *machine, const char *from, const char *to);
/* A response's folder `r`, to be filed with that key. */
void machine_response(const struct machine *machine, const char *key_id);

/* By the pages: the coordinator registers a public key, or with "" has a token made, which is then
 * in `token` and `header`; the approver's act on it ("confirmation", "revocation"). */
void machine_key(struct machine *machine, const char *label, const char *half,
                 char id[MACHINE_KEY_ID]);
void machine_key_act(struct machine *machine, const char *id, const char *act);
/* A token that is confirmed. */
void machine_token(struct machine *machine, const char *label);

/* The script with these words in the folder; `said` is all that it prints. */
void machine_script(const struct machine *machine, int status, char said[MACHINE_SAID],
                    const char *words, ...) __attribute__((format(printf, 4, 5)));
/* The receipt that the script printed. New reference. */
json_t *machine_receipt(const char *said);
/* What is kept beside the folder is the document to the byte, and the service finds its receipt
 * genuine. */
void machine_expect_genuine(const struct machine *machine, json_t *receipt);

#endif
