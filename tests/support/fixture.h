#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A submission known to be good, to change one thing from: so a refusal can have one reason only.
 */

enum { FIXTURE_KEY = 80 };

/* All that a submission can hold: an organisation with name, three stances, a remark, a priority, a
 * view. A fresh e-mail address each time. New reference. */
json_t *fixture_submission(void);
/* The smallest one: an individual, one stance. New reference. */
json_t *fixture_smallest(void);

/* Sets or, with NULL, removes what stands at a JSON Pointer; steals the value. "/list/-" appends.
 */
void fixture_set(json_t *root, const char *pointer, json_t *value);

/* "Idempotency-Key: <random UUID>\r\n" */
void fixture_key(char header[FIXTURE_KEY]);

/* The same submission as a browser's form sends it (application/x-www-form-urlencoded), all of it
 * from the last step, with the sealed state of the page before. Caller frees. */
char *fixture_form(json_t *submission, const char *state);
/* One field more on such a body, which may be NULL; takes it over. Caller frees. */
char *fixture_form_add(char *body, const char *name, const char *value);
/* The sealed state in a page of the form, or NULL. Caller frees. */
char *fixture_form_state(const char *page);
/* The return code that a page says, without its spaces. False: it says none. */
enum { FIXTURE_RETURN_CODE = 24 };
bool fixture_return_code(const char *page, char code[FIXTURE_RETURN_CODE]);

#endif
