/* Liveness, readiness and the figures of the running server, on the inner address. */
#include "http/reply.h"
#include "http/worker.h"
#include "resources/officials/watch.h"
#include "resources/routes.h"
#include "resources/service_state.h"

#include <inttypes.h>

static void health_reply(struct request *request, bool well, json_t *checks)
{
    struct document *document = document_new(well ? 200 : 503, request->language);
    if (document) {
        json_object_set_new(document->model, "status", json_string(well ? "ok" : "failing"));
        json_object_set(document->model, "checks", checks);
    }
    json_decref(checks);
    reply_document(request, document);
}

enum handled health_live(struct request *request)
{
    health_reply(request, true, json_object());
    return HANDLED;
}

enum handled health_ready(struct request *request)
{
    struct service_state state;
    json_t *checks = json_object();
    service_state_read(service_of(request), &state);
    for (int part = 0; part < PART_RELEASER; part++)
        json_object_set_new(checks, service_part_name((enum service_part)part),
                            json_string(state.well & 1u << part
                                            ? "ok"
                                            : service_part_trouble((enum service_part)part)));
    const unsigned ready = (1u << PART_RELEASER) - 1;
    health_reply(request, (state.well & ready) == ready, checks);
    return HANDLED;
}

/* One metric in the Prometheus text exposition format 0.0.4. */
static void metric(struct buf *out, const char *name, const char *type, const char *help,
                   int64_t value)
{
    buf_format(
        out, "# HELP consultation_%s %s\n# TYPE consultation_%s %s\nconsultation_%s %" PRId64 "\n",
        name, help, name, type, name, value);
}

static void metrics_writer(struct buf *out, const struct service *service)
{
    struct writer_figures w;
    writer_figures(service->writer, &w);
    metric(out, "batches_total", "counter", "Transactions of the writer.", (int64_t)w.batches);
    metric(out, "recorded_total", "counter", "Submissions stored.", (int64_t)w.recorded);
    metric(out, "replayed_total", "counter", "Submissions found stored before.",
           (int64_t)w.replayed);
    metric(out, "refused_total", "counter", "Submissions the database refused.",
           (int64_t)w.refused);
    metric(out, "failed_total", "counter", "Submissions answered 5xx.", (int64_t)w.failed);
    metric(out, "retries_total", "counter", "Transactions tried again.", (int64_t)w.retries);
    metric(out, "writer_connected", "gauge", "1 while the writer has a connection.", w.connected);
    metric(out, "clock_apart_microseconds", "gauge", "Machine's clock less the database's.",
           w.clock_apart_us);
    metric(out, "queue_waiting", "gauge", "Submissions waiting for the writer.",
           (int64_t)queue_waiting(service->queue));
}

static void metrics_proof(struct buf *out, struct service *service)
{
    struct mail_figures m;
    mail_figures(service->mail, &m);
    metric(out, "codes_asked_total", "counter", "Codes that were asked for and granted.",
           (int64_t)atomic_load(&service->proofs.asked));
    metric(out, "codes_refused_total", "counter", "Codes that were asked for and not granted.",
           (int64_t)atomic_load(&service->proofs.refused));
    metric(out, "codes_proven_total", "counter", "Right codes given.",
           (int64_t)atomic_load(&service->proofs.proven));
    metric(out, "codes_expired_total", "counter", "Codes given too late.",
           (int64_t)atomic_load(&service->proofs.late));
    metric(out, "codes_wrong_total", "counter", "Wrong codes given.",
           (int64_t)atomic_load(&service->proofs.wrong));
    metric(out, "identity_alarms_total", "counter", "Identities asked about uncommonly often.",
           (int64_t)atomic_load(&service->proofs.alarms));
    metric(out, "sign_ins_total", "counter", "Sign-ins at the OpenID Connect provider.",
           (int64_t)atomic_load(&service->proofs.signed_in));
    metric(out, "sign_ins_refused_total", "counter", "Returns from it that proved nobody.",
           (int64_t)atomic_load(&service->proofs.strangers));
    metric(out, "mail_waiting", "gauge", "Letters waiting to be sent.", (int64_t)m.waiting);
    metric(out, "mail_sent_total", "counter", "Letters the mail server took.", (int64_t)m.sent);
    metric(out, "mail_retried_total", "counter", "Letters put back for another try.",
           (int64_t)m.retried);
    metric(out, "mail_given_up_total", "counter", "Letters that were not taken.",
           (int64_t)m.given_up);
}

static void metrics_saving(struct buf *out, struct service *service)
{
    struct saving_figures *s = &service->savings;
    struct kept_figures kept;
    releaser_kept(service->releaser, &kept);
    metric(out, "saved_forms", "gauge", "Unfinished forms kept for their writers.", kept.forms);
    metric(out, "saved_form_bytes", "gauge", "Bytes of them.", kept.bytes);
    metric(out, "saved_forms_kept_total", "counter", "Forms kept, again ones among them.",
           (int64_t)atomic_load(&s->kept));
    metric(out, "saved_forms_opened_total", "counter", "Forms taken up again.",
           (int64_t)atomic_load(&s->opened));
    metric(out, "saved_forms_erased_total", "counter", "Forms erased on request.",
           (int64_t)atomic_load(&s->erased));
    metric(out, "saved_forms_refused_total", "counter", "Forms not kept, taken up or erased.",
           (int64_t)atomic_load(&s->refused));
    metric(out, "saved_forms_expired_total", "counter", "Forms deleted by this server for age.",
           kept.expired);
    metric(out, "return_codes_wrong_total", "counter", "Return codes that open nothing.",
           (int64_t)atomic_load(&s->wrong));
    metric(out, "clerk_waiting", "gauge", "Codes and forms waiting for their thread.",
           (int64_t)worker_waiting(service->clerk));
}

static void metrics_officials(struct buf *out, struct service *service)
{
    struct sign_in_figures *s = &service->sign_ins;
    metric(out, "official_sign_ins_total", "counter", "Sign-ins of officials.",
           (int64_t)atomic_load(&s->done));
    metric(out, "official_sign_ins_refused_total", "counter",
           "Wrong passwords and wrong one-time or recovery codes.",
           (int64_t)atomic_load(&s->refused));
    metric(out, "official_sign_ins_slowed_total", "counter",
           "Passwords that were not looked at: too many tries, or no thread for them.",
           (int64_t)atomic_load(&s->slowed));
    metric(out, "event_streams", "gauge", "Dashboards that are told of changes.",
           (int64_t)watch_listeners(service->watch));
    metric(out, "releaser_well", "gauge", "1 while the releaser's work succeeds.",
           releaser_is_well(service->releaser));
}

enum handled metrics_get(struct request *request)
{
    static const char type[] = "text/plain; version=0.0.4; charset=utf-8";
    struct service *service = service_of(request);
    struct cache_figures c;
    cache_figures(service->cache, &c);
    struct buf out = {0};
    metrics_writer(&out, service);
    metrics_proof(&out, service);
    metrics_saving(&out, service);
    metrics_officials(&out, service);
    metric(&out, "cache_hits_total", "counter", "Replies served from memory.", (int64_t)c.hits);
    metric(&out, "cache_fills_total", "counter", "Replies made.", (int64_t)c.fills);
    metric(&out, "cache_entries", "gauge", "Replies kept.", (int64_t)c.entries);
    metric(&out, "cache_bytes", "gauge", "Bytes of replies kept.", (int64_t)c.bytes);
    if (buf_ok(&out))
        reply_bytes(request, 200, type, out.data, out.length);
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    buf_clear(&out);
    return HANDLED;
}
