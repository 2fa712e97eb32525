#ifndef SUPPORT_CLUSTER_H
#define SUPPORT_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

/* A throw-away PostgreSQL cluster with roles and schema, made by cluster.sh. It ends with this
 * process. Aborts, loudly, if there is no PostgreSQL: tests without their database fail. */
struct cluster;

struct cluster *cluster_new(void);
void cluster_free(struct cluster *cluster);

const char *cluster_conninfo(const struct cluster *cluster);  /* of the server's login */
const char *cluster_superuser(const struct cluster *cluster); /* for looking behind the server */

const char *cluster_folder(const struct cluster *cluster); /* data and log files */

void cluster_stop(struct cluster *cluster,
                  int signal);               /* SIGINT: orderly; SIGQUIT; SIGKILL: as a crash */
void cluster_start(struct cluster *cluster); /* again; waits until it answers */

/* Every process of it stopped, or going on: a machine that says nothing more but keeps its
 * connections. */
void cluster_freeze(struct cluster *cluster, bool frozen);

/* Runs the statement in a transaction that stays open, with its locks, until let go. One at a time.
 */
void cluster_hold(struct cluster *cluster, const char *sql);
void cluster_let_go(struct cluster *cluster);

/* First value of a query by the superuser, as a number or text; aborts if it fails. Not for the
 * code under test. */
int64_t cluster_number(struct cluster *cluster, const char *sql);
char *cluster_text(struct cluster *cluster,
                   const char *sql); /* caller frees; "" for NULL or no row */

#endif
