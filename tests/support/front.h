#ifndef SUPPORT_FRONT_H
#define SUPPORT_FRONT_H

/* nginx with the rules of deploy/nginx, before a server under test. Ends with this process. Aborts
 * if there is no nginx: a test without its service fails. */
struct front;

/* `upstream`: as server_address gives it. */
struct front *front_start(const char *upstream);
/* The same by https, under a certificate that nobody signed. */
struct front *front_start_tls(const char *upstream);
void front_stop(struct front *front);

/* Where nginx has its logs (error.log, access.log); lives until front_stop. */
const char *front_folder(const struct front *front);
const char *front_address(const struct front *front); /* "http://127.0.0.1:41234" */

#endif
