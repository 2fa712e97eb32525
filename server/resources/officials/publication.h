#ifndef RESOURCES_OFFICIALS_PUBLICATION_H
#define RESOURCES_OFFICIALS_PUBLICATION_H

#include "domain/consultation.h"
#include "resources/officials/desk.h"

/* What the pages of publication share: the consultation of the address as it is now, whether it may
 * be shown to the public yet or not. On the desk's thread. */

enum publication_stage {
    STAGE_DRAFT,     /* texts are missing: it does not open */
    STAGE_ANNOUNCED, /* whole, before its opening */
    STAGE_OPEN,
    STAGE_CLOSED,
    STAGE_FINAL, /* the final release was made */
};

/* As of one moment of the database's clock; times since 1970 UTC. */
struct publication_state {
    enum publication_stage stage;
    int64_t now_us, opens_us, closes_us, grace_us, entry_us, final_us;
    int64_t final_from_us; /* from when on the final release may be made */
    int releases;
    int64_t held, unmoderated; /* what waits; the second is not counted beyond UNMODERATED_MOST */
    int64_t proposals;         /* the same, for a second official */
};
enum { UNMODERATED_MOST = 10000 };

/* False: a problem is set. */
bool publication_read(struct request *request, struct publication_state *out);

/* The consultation of the address, incomplete ones as well, or NULL with 404 set; the caller
 * releases it. */
struct consultation *publication_consultation(struct request *request);

/* Address of a page of publication after /officials: "/consultations/slug/publication" and `rest`.
 */
enum { PUBLICATION_REST = 192 };
void publication_rest(const struct request *request, const char *rest, char out[PUBLICATION_REST]);

/* A page of publication; `page` is stolen and gets `back` (the
 * page where they begin) and `action` (its own address). `status`, `faults` and the others as in
 * desk_page; a `rest` there: a reply to a form has nothing that was typed, and other languages by
 * plain links. `rest`: as above. */
void publication_show(struct request *request, const char *rest, const struct desk_page *page);

/* After an act: wakes the catalogue, and 303 to the page where they begin, which says `done`, one
 * of its words. */
void publication_done(struct request *request, const char *done);

#endif
