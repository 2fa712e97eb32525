#ifndef INTEGRATION_FILING_CAST_H
#define INTEGRATION_FILING_CAST_H

#include "support/institutions.h"

#include <check.h>

/* What the parts of integration/filing share: one scene, and who drafts, approves and files. */

#define MEMBERS "/en/institution/consultations/" SCENE_SLUG
#define OFFICIALS "/en/officials/consultations/" SCENE_SLUG "/responses"
#define PUBLIC "/en/consultations/" SCENE_SLUG "/responses"
enum { DIGEST_TEXT = 65, ADDRESS = 200 };

extern struct scene scene; /* open */

void stage_sql(const char *statement);
int64_t stage_number(const char *statement);

/* Clear the reply. `words`: what its body says; NULL: whatever. */
void expect(struct client_reply *reply, int status, const char *words);
void expect_redirect(struct client_reply *reply, const char *to);

/* One institution with a coordinator who approves as well, a second approver, and a draft. */
struct cast {
    struct client *client; /* the caller's to free */
    struct official_made coordinator, approver;
    char slug[24], number[11];
};

void cast_make(struct cast *cast, const char *slug, const char *number_text);
/* Another summary, as one more version of that section. */
void cast_write(const struct cast *cast, const char *text);
/* Of what stands in the draft now. */
void cast_digest(struct cast *cast, char digest[DIGEST_TEXT]);
/* One asks, the other one says yes. */
void cast_approve(struct cast *cast);
struct client_reply cast_file(struct cast *cast, const char *digest);
/* `version`: its page among the officials'. */
void cast_release(struct cast *cast, const struct official_made *publisher, const char *version,
                  const char *digest);

/* A public page or its data once it says so, or after a minute as it is: servers hear of a change
 * within half a second. Caller clears. */
struct client_reply get_until(struct client *client, const char *path, const char *words);

void sha256_of(const struct client_reply *reply, char text[DIGEST_TEXT]);

/* filing_downloads.c, filing_machine.c */
const TTest *filing_downloads(void);
const TTest *filing_by_machine(void);

#endif
