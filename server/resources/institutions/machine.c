/* Which institution's machine makes a request; see machine.h. */
#include "resources/institutions/machine.h"

#include "access/content_digest.h"
#include "access/message_signature.h"
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { KEY_ID, LABEL, CONSULTATION, INSTITUTION, SLUG, FICTITIOUS, NAMES };
enum { PIECE = 65536, SECOND_US = 1000000 };

/* What has no body need not say what it is. */
static const char *const bare_components[] = {"@method", NULL};
static const struct message_policy policy_bare = {
    .components = bare_components, .address = true, .age_most = 300, .skew = 60};

static bool refuse(struct request *request, enum problem_code code, const char *field)
{
    if (problem_status(code) == 401)
        reply_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    reply_problem(request, code, field);
    return false;
}

static const char *field_of(void *closure, const char *name, size_t nth)
{
    return request_header_line(closure, name, nth);
}

static bool key_find(struct request *request, const char *key_id, struct uuid *id,
                     unsigned char key[crypto_sign_PUBLICKEYBYTES])
{
    struct params params = {0};
    struct rows rows = {0};
    size_t length = 0;
    if (!parse_uuid(key_id, id))
        return refuse(request, PROBLEM_SIGNATURE_WRONG, "keyid");
    params_uuid(&params, id);
    bool ok = desk_run(request, STATEMENT_INSTITUTION_KEY_PUBLIC, &params, &rows);
    const void *bytes = ok ? row_bytes(&rows, 0, 0, &length) : NULL;
    if (ok && (!bytes || length != crypto_sign_PUBLICKEYBYTES))
        ok = refuse(request, PROBLEM_SIGNATURE_WRONG, "keyid");
    if (ok)
        memcpy(key, bytes, crypto_sign_PUBLICKEYBYTES);
    rows_clear(&rows);
    return ok;
}

/* The id of the key that signed this request. Its address is the one that people reach us by: a
 * request that was signed for another service is none of ours, and behind the front nothing else is
 * seen of it. */
static bool signature_judge(struct request *request, struct uuid *id)
{
    const struct service *service = service_of(request);
    const char *base = service->base_url, *mark = strstr(base, "://");
    const struct message message = {
        .method = request->method,
        .scheme = strncmp(base, "https:", 6) == 0 ? "https" : "http",
        .authority = mark ? mark + 3 : request_header(request, "Host"),
        .target = request_target(request),
        .field = field_of,
        .closure = request,
    };
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
    struct message_signature signature;
    struct fault fault = {0};
    if (!message_signature_read(&message,
                                request->route->body_limit ? &message_policy_filing : &policy_bare,
                                clock_utc_us(service->clock) / SECOND_US, &signature, &fault))
        return refuse(request, fault.code, fault.pointer);
    bool ok = key_find(request, signature.key_id, id, key);
    if (ok && !message_signature_verify(&message, &signature, key, &fault))
        ok = refuse(request, fault.code, fault.pointer);
    message_signature_clear(&signature);
    return ok;
}

/* PROBLEM_NONE: the body is the one whose digest was sent. */
static enum problem_code body_judge(const struct request *request, const char *field)
{
    struct content_digest expected;
    struct content_hash hash;
    unsigned char piece[PIECE];
    if (request->upload.file < 0)
        return content_digest_check(field, request->body.data ? request->body.data : "",
                                    request->body.length);
    enum problem_code problem = content_digest_read(field, &expected);
    if (problem != PROBLEM_NONE)
        return problem;
    content_hash_begin(&hash);
    for (uint64_t at = 0; at < request->upload.length;) {
        int64_t got = upload_read(&request->upload, at, piece, sizeof piece);
        if (got <= 0)
            return PROBLEM_INTERNAL;
        content_hash_add(&hash, piece, (size_t)got);
        at += (uint64_t)got;
    }
    return content_hash_check(&hash, &expected);
}

/* Who signs must say what the body hashes to; who has a token may. */
static bool digest_judge(struct request *request, bool needed)
{
    const struct message message = {.field = field_of, .closure = request};
    struct buf field = {0};
    if (!request->route->body_limit || request->body_awaited ||
        (!needed && !request_header(request, "Content-Digest")))
        return true;
    bool there = message_field(&message, "content-digest", &field) && buf_ok(&field);
    enum problem_code problem = body_judge(request, there ? field.data : NULL);
    buf_clear(&field);
    return problem == PROBLEM_NONE || refuse(request, problem, "content-digest");
}

static void machine_take(struct request *request, const struct rows *rows)
{
    struct official *official = request->official;
    int name = NAMES + (int)request->language;
    snprintf(official->token, sizeof official->token, "%s", row_text(rows, 0, KEY_ID));
    snprintf(official->name, sizeof official->name, "%s", row_text(rows, 0, LABEL));
    official->consultation_id = (int32_t)row_int(rows, 0, CONSULTATION);
    official->institution_id = (int32_t)row_int(rows, 0, INSTITUTION);
    official->fictitious = row_bool(rows, 0, FICTITIOUS);
    snprintf(official->institution, sizeof official->institution, "%s", row_text(rows, 0, SLUG));
    snprintf(official->institution_name, sizeof official->institution_name, "%s",
             row_text(rows, 0, name));
}

bool machine_admit(struct request *request)
{
    const char *sent = request_header(request, "Authorization");
    struct digest digest;
    struct uuid key;
    struct params params = {0};
    struct rows rows = {0};
    if (sent) {
        if (strncasecmp(sent, "Bearer ", 7) != 0 || !ticket_read(sent + 7, &digest))
            return refuse(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
        params_bytes(&params, digest.bytes, DIGEST_BYTES);
        params_null(&params);
    } else if (!request_header(request, "Signature-Input")) {
        return refuse(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
    } else {
        if (!signature_judge(request, &key))
            return false;
        params_null(&params);
        params_uuid(&params, &key);
    }
    params_text(&params, request_part(request, "slug"));
    bool ok = desk_run(request, STATEMENT_INSTITUTION_KEY_ADMIT, &params, &rows);
    if (ok && rows_count(&rows) != 1)
        ok = refuse(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
    ok = ok && digest_judge(request, !sent);
    if (ok)
        machine_take(request, &rows);
    rows_clear(&rows);
    return ok;
}
