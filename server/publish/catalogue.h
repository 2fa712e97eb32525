#ifndef PUBLISH_CATALOGUE_H
#define PUBLISH_CATALOGUE_H

#include "domain/consultation.h"

/* All consultations as the server holds them. A watcher thread reads every consultation's revision
 * and received count every 500 ms (sooner when woken), loads what changed, and calls back. Readers
 * take a reference; no query is made for them. */
struct catalogue;

struct catalogue_options {
    const char *conninfo;
    /* Both from the watcher's thread, or NULL: one consultation was loaded anew; all were looked
     * at, which is after what was loaded and before the catalogue says that it is ready. */
    void (*changed)(void *context, int consultation_id);
    void (*looked)(void *context, struct catalogue *catalogue);
    void *context;
};

struct catalogue *catalogue_start(const struct catalogue_options *options);
void catalogue_stop(struct catalogue *catalogue);

/* New reference, or NULL. Any thread. */
struct consultation *catalogue_find(struct catalogue *catalogue, const char *slug);
/* The same of one that is not complete yet as well, in which traditional Chinese stands in for what
 * another language lacks: for officials, never for the public. */
struct consultation *catalogue_find_any(struct catalogue *catalogue, const char *slug);
/* New references to all complete ones, real before rehearsals, newest first; returns how many, at
 * most `most`. */
size_t catalogue_all(struct catalogue *catalogue, struct consultation **list, size_t most);

/* Submissions received so far: the one live figure. */
int64_t catalogue_received(struct catalogue *catalogue, int consultation_id);

/* Look now instead of at the next beat (after a commit of our own). */
void catalogue_wake(struct catalogue *catalogue);

/* True once the first load succeeded; false again while the database has been away for over 10 s.
 */
bool catalogue_ready(struct catalogue *catalogue);

#endif
