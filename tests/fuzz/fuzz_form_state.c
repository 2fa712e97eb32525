/* A form's state in any bytes: as it stands inside a seal (the server reads only what it sealed,
 * but a key can leak), and the seals themselves, of the form and of what is kept under a return
 * code. What is read can be written, sealed and read again, and is the same then. */
#include "base/clock.h"
#include "domain/saved_form.h"
#include "domain/sealed_form.h"
#include "domain/wipe.h"
#include "support/handmade.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char code[] = "0123456789ABCDEFGHJK";

static void check(bool right)
{
    if (!right)
        abort();
}

static bool is_same(const struct form_state *state, const char *bytes, size_t length)
{
    size_t again_length = 0;
    char *again = form_state_write(state, HANDMADE_SLUG, &again_length);
    bool same = again && again_length == length && memcmp(again, bytes, length) == 0;
    wipe_free(again);
    return same;
}

static void go_round(struct form_state *state)
{
    size_t length = 0, sealed_length = 0;
    struct form_state back;
    *state->saved = '\0'; /* what is kept has it not within */
    char *bytes = form_state_write(state, HANDMADE_SLUG, &length);
    if (!bytes)
        return; /* too large */
    unsigned char *sealed =
        saved_form_seal(&clock_system, code, HANDMADE_SLUG, state, &sealed_length);
    check(sealed != NULL);
    check(saved_form_open(code, HANDMADE_SLUG, sealed, sealed_length, &back) == SEALED_FORM_OPENED);
    check(strcmp(back.saved, code) == 0);
    *back.saved = '\0';
    check(is_same(&back, bytes, length));
    form_state_clear(&back);
    sealed[sealed_length - 1] ^= 1;
    check(saved_form_open(code, HANDMADE_SLUG, sealed, sealed_length, &back) == SEALED_FORM_BROKEN);
    form_state_clear(&back);
    free(sealed);
    wipe_free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct keys *keys;
    struct form_state state;
    if (!keys) {
        char folder[HANDMADE_FOLDER];
        keys = handmade_keys(folder);
        handmade_keys_remove(folder); /* they are in memory */
    }
    if (form_state_read((const char *)data, size, HANDMADE_SLUG, &state) == SEALED_FORM_OPENED)
        go_round(&state);
    form_state_clear(&state);
    check(saved_form_open(code, HANDMADE_SLUG, data, size, &state) == SEALED_FORM_BROKEN);
    form_state_clear(&state);
    char *text = calloc(size + 1, 1);
    if (text && size)
        memcpy(text, data, size);
    if (text)
        check(sealed_form_open(keys, &clock_system, HANDMADE_SLUG, text, &state) !=
              SEALED_FORM_OPENED);
    form_state_clear(&state);
    free(text);
    return 0;
}
