#ifndef SUPPORT_HANDMADE_H
#define SUPPORT_HANDMADE_H

#include "domain/consultation.h"
#include "domain/keys.h"

/* A consultation and keys for suites without a database: 3 directions with 7, 4 and 4 measures (1-3
 * at version 2), questions 1 to 3, sectors "student" and "finance"; e-mail and mobile on; limits
 * 2,000, 5,000, 200 and 3. New reference; aborts without memory. */
struct consultation *handmade_consultation(void);

/* A fresh folder under /tmp with a master, a receipt key and the handmade consultation's identity
 * key, loaded. The folder's name in `folder`; handmade_keys_remove deletes it. */
enum { HANDMADE_FOLDER = 40 };
struct keys *handmade_keys(char folder[HANDMADE_FOLDER]);
void handmade_keys_remove(const char *folder);

#define HANDMADE_SLUG "five-year-plan-iti"

#endif
