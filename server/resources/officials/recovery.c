/* Recovery codes; see recovery.h. */
#include "resources/officials/recovery.h"

#include "resources/officials/desk.h"

#include <stdio.h>

void recovery_set_make(const struct clock *clock, struct recovery_set *out)
{
    for (int i = 0; i < RECOVERY_CODES; i++)
        recovery_make(clock, out->codes[i], &out->digests[i]);
}

void recovery_set_params(const struct recovery_set *set, bool used, struct params *params)
{
    array_begin(params, ELEMENT_BYTES);
    for (int i = 0; used && i < RECOVERY_CODES; i++)
        array_bytes(params, set->digests[i].bytes, DIGEST_BYTES);
    array_end(params);
}

struct document *recovery_document(struct request *request, const struct recovery_set *set)
{
    json_t *list = json_array();
    for (int i = 0; set && i < RECOVERY_CODES; i++) {
        const char *c = set->codes[i];
        char text[RECOVERY_TEXT + 4];
        snprintf(text, sizeof text, "%.4s %.4s %.4s %.4s", c, c + 4, c + 8, c + 12);
        json_array_append_new(list, json_string(text));
    }
    bool signed_in = request->route->access != ACCESS_DOOR;
    json_t *page = json_pack("{s:o, s:o}", signed_in ? "back" : "sign_in",
                             desk_address(request, signed_in ? "/own-account" : "/sign-in"),
                             "codes", set ? json_pack("{s:O}", "list", list) : json_null());
    json_decref(list);
    return desk_document(request, &(struct desk_page){.status = 200,
                                                      .template = "official_codes",
                                                      .title_key = set ? "official.recovery-title"
                                                                       : "official.set-up-done",
                                                      .page = page});
}
