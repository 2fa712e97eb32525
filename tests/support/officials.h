#ifndef SUPPORT_OFFICIALS_H
#define SUPPORT_OFFICIALS_H

#include "support/scene.h"

#include <time.h>

/* Officials as a browser would be them: accounts made by the command, set up and signed in by the
 * pages. Confined to one thread. */

#define OFFICIAL_PASSWORD "correct horse battery"

struct official_made {
    const char *side; /* of the site: "officials", or "institution" (support/institutions.h) */
    char login[33];
    char link[80];       /* token of the set-up link */
    char secret[33];     /* of the one-time codes, base 32 */
    char recovery[20];   /* the first recovery code */
    char cookie[96];     /* "Cookie: official=…\r\n", while signed in */
    char form_token[65]; /* of that session */
};

/* `official add` with one more word, or NULL; fills login and link. */
void official_add(struct scene *scene, const char *login, const char *option,
                  struct official_made *out);
/* The code that an authenticator shows at that time. */
void official_code(const struct official_made *official, time_t at, char code[7]);
/* The set-up's pages to the end, for an account with a link. */
void official_set_up(struct scene *scene, bool second_factor, struct official_made *out);
/* Add, and set up. */
void official_make(struct scene *scene, const char *login, const char *option,
                   struct official_made *out);
/* Name, password, code; fills cookie and form token. Steps that were used are forgotten before, so
 * that a test may sign somebody in more often than twice a minute. */
void official_sign_in(struct scene *scene, struct client *client, struct official_made *official);
/* As official_sign_in, to the one-time code and no further. */
void official_half_sign_in(struct client *client, struct official_made *official);

/* One form field more, as fixture_form_add; then sent under the session, with its form token if
 * there is one. Takes the body over. */
struct client_reply official_post(struct client *client, const struct official_made *official,
                                  const char *path, char *body);
struct client_reply official_get(struct client *client, const struct official_made *official,
                                 const char *path);
/* The value of a hidden field of that name in a page; false: none. */
bool official_field(const struct client_reply *page, const char *name, char *value, size_t size);
/* Gives a role by the command. */
void official_grant(struct scene *scene, const char *login, const char *slug, const char *role);
/* Makes a token by the page, for "analyst slug" or "administrator ". */
void official_token(struct client *client, const struct official_made *official, const char *scope,
                    char token[44]);

#endif
