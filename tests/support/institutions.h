#ifndef SUPPORT_INSTITUTIONS_H
#define SUPPORT_INSTITUTIONS_H

#include "support/officials.h"

/* Institutions and their members as a browser would be them: registered and invited by the command,
 * set up and signed in by the pages. A member is an official_made of the institutions' side, for
 * official_post, official_get and official_field. Confined to one thread. */

/* Registers one of that slug, made up or not (only made-up ones take part in a rehearsal, and only
 * others in anything else), with the domain "<slug>.example"; not verified. */
void institution_make(struct scene *scene, const char *slug, bool fictitious);
/* As an official would verify it. */
void institution_verify(struct scene *scene, const char *slug);
/* `institution` with these words, NULL at the end; must succeed. */
void institution_command(struct scene *scene, const char *const *words);

/* Invites, with parts ("coordinator,drafter"; the first member must be a coordinator); fills login
 * and link. */
void member_add(struct scene *scene, const char *slug, const char *login, const char *roles,
                struct official_made *out);
/* Invites, and sets up. */
void member_make(struct scene *scene, const char *slug, const char *login, const char *roles,
                 struct official_made *out);
/* Name, password, code; fills the cookie ("Cookie: member=…") and the form token. */
void member_sign_in(struct scene *scene, struct client *client, struct official_made *member);

#endif
