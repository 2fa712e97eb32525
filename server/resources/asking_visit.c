/* Asking for a sign-in: whether the provider can be reached, and a challenge that awaits it; see
 * asking.h. On the envoy's threads, which wait for the provider, so that nobody else does. */
#include "resources/asking.h"

#include "store/db.h"

enum { ASK_TRIES = 3, AWAY_S = 5 };

static void challenge_begin(struct asking *asking, struct db *db)
{
    const struct service *service = service_of(asking->request);
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, asking->consultation->id);
    params_uuid(&params, &asking->id);
    params_uuid(&params, &asking->challenge.submission_key);
    params_int2(&params, keys_newest_master(service->keys));
    asking_renews(asking, &params);
    for (int tries = 0; db_ready(db) == DB_OK && tries < ASK_TRIES; tries++) {
        rows_clear(&rows);
        if (db_run(db, STATEMENT_CHALLENGE_BEGIN, &params, &rows) != DB_AGAIN)
            break;
    }
    asking->problem = PROBLEM_UNAVAILABLE;
    if (rows_count(&rows) == 1)
        asking_outcome(asking, &rows);
    rows_clear(&rows);
    params_clear(&params);
}

/* On an envoy's thread. */
static void visit_run(struct job *job, struct db *db)
{
    struct asking *asking = asking_of_job(job);
    const struct service *service = service_of(asking->request);
    if (provider_ready(service->provider) == PROVIDER_DONE) {
        challenge_begin(asking, db);
    } else {
        asking->problem = PROBLEM_PROVIDER_AWAY;
        asking->retry_s = AWAY_S;
    }
    request_continue(asking->request, asking->next);
}

void asking_visit(struct asking *asking)
{
    const struct service *service = service_of(asking->request);
    asking->job.run = visit_run;
    request_suspend(asking->request);
    if (!worker_push(service->envoy, &asking->job))
        request_continue(asking->request, asking->next);
}
