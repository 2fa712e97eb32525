#ifndef DOMAIN_SEALED_FORM_H
#define DOMAIN_SEALED_FORM_H

#include "base/clock.h"
#include "base/parse.h"
#include "domain/keys.h"
#include "domain/receipt.h"

#include <jansson.h>

/* What a respondent has filled in so far, carried from step to step inside the form itself: the
 * server keeps nothing, and needs no cookie. Nobody but the server can read or change it. Confined
 * to one thread; the functions may be called from any. */

enum {
    FORM_STATE_BYTES_MOST = 240 * 1024, /* sealed: 320 KiB, which leaves a body of 512 KiB room for
                                           the fields of one step */
    RETURN_CODE_TEXT = 20,              /* see domain/saved_form */
    SEALED_FORM_DAYS = 14               /* a form sealed so many days ago still opens */
};

/* `answers` is the API's submission but for identity and language, whose names are the fields':
 * an object, unfinished and perhaps faulty; submission_read judges it at the end. The identity has
 * no place in it. */
struct form_state {
    struct uuid key;   /* the submission key, good once */
    int64_t opened_us; /* when the form was first shown, since 1970 UTC; never moved */
    json_t *answers;   /* owned */
    /* The submission that this one takes the place of, opened with its code before: what is sealed
     * here can only come of that, so the code itself need not be carried. "": none. */
    char amends[NUMBER_TEXT + 1];
    char saved[RETURN_CODE_TEXT + 1]; /* the return code under which it was kept; "": it was not */
    int amends_generation;            /* of the code that was shown */
    json_t *kept;                     /* owned; array of the texts that look like personal data (see
                                         domain/personal_data) and that the respondent decided to leave as they are */
};

/* A new form, opened now, under a random key. False: no memory. form_state_clear in either case. */
bool form_state_open(const struct clock *clock, struct form_state *out);
void form_state_clear(struct form_state *state);

/* The canonical bytes of a state of that consultation (compact JSON with sorted names), NULL: no
 * memory or more than FORM_STATE_BYTES_MOST; caller: wipe_free. */
char *form_state_write(const struct form_state *state, const char *slug, size_t *length);

enum sealed_form_outcome {
    SEALED_FORM_OPENED,
    SEALED_FORM_BROKEN,  /* not sealed by this server, or changed, or cut off */
    SEALED_FORM_EXPIRED, /* sealed more than SEALED_FORM_DAYS ago; it can not be read any more */
    SEALED_FORM_FOREIGN, /* of another consultation */
    SEALED_FORM_FAILED   /* no memory */
};

/* Reads such bytes back: OPENED, BROKEN, FOREIGN, FAILED. *out: form_state_clear, whatever the
 * outcome. */
enum sealed_form_outcome form_state_read(const char *bytes, size_t length, const char *slug,
                                         struct form_state *out);

/* The state as text for a hidden field (base64url): a version byte, the master's id, the day, a
 * nonce, and the bytes, padded so that their length tells less, under XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha-03) with the day's form key, which is derived from master and UTC day.
 * NULL: no memory, no master, or more than FORM_STATE_BYTES_MOST. Caller frees. */
char *sealed_form_seal(const struct keys *keys, const struct clock *clock, const char *slug,
                       const struct form_state *state);
/* *out: form_state_clear, whatever the outcome. */
enum sealed_form_outcome sealed_form_open(const struct keys *keys, const struct clock *clock,
                                          const char *slug, const char *text,
                                          struct form_state *out);

#endif
