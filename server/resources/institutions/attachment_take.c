/* A file that a member's form, an upload or a machine brought becomes part of a draft; see
 * attachments.h. */
#include "domain/receipt.h"
#include "resources/institutions/attachments.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>

enum { OUTCOME, NEW_ID, NEW_NAME };
enum { MIB = 1048576 };

void attachment_who(struct params *params, const struct request *request)
{
    const struct official *official = request->official;
    if (official->id)
        params_int4(params, official->id);
    else
        params_null(params);
    params_text(params, *official->token ? official->token : NULL);
}

bool attachment_is_fault(enum problem_code code)
{
    return problem_status(code) == 422;
}

static void limits_say(const struct request *request, struct params *params)
{
    const struct settings *settings = &service_of(request)->settings;
    params_int4(params, (int32_t)settings->attachments_most);
    params_int8(params, (int64_t)settings->attachments_mib * MIB);
}

static void upload_say(struct params *params, const struct uuid *upload)
{
    if (upload)
        params_uuid(params, upload);
    else
        params_null(params);
}

/* Before the bytes lie on the disk, from which only a sweep takes them. */
static enum problem_code room_check(struct request *request, const struct attachment_sent *sent,
                                    const struct uuid *upload)
{
    struct params params = {0};
    struct rows rows = {0};
    enum problem_code code = PROBLEM_COUNT;
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    if (sent->expected)
        params_bytes(&params, sent->expected->bytes, DIGEST_BYTES);
    else
        params_null(&params);
    params_int8(&params, (int64_t)sent->length);
    limits_say(request, &params);
    upload_say(&params, upload);
    if (desk_run(request, STATEMENT_ATTACHMENT_FITS, &params, &rows))
        code = row_is_null(&rows, 0, 0) ? PROBLEM_NONE : desk_outcome(row_text(&rows, 0, 0));
    rows_clear(&rows);
    return code;
}

static enum problem_code row_add(struct request *request, const struct uuid *upload,
                                 struct attachment *out)
{
    char number[NUMBER_TEXT + 1];
    struct params params = {0};
    struct rows rows = {0};
    enum problem_code code = PROBLEM_COUNT;
    number_make(service_of(request)->clock, number);
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    params_text(&params, number);
    params_int2(&params, (int)request->language);
    params_bytes(&params, out->digest.bytes, DIGEST_BYTES);
    params_text(&params, out->name);
    params_text(&params, media_type_name(out->type));
    params_int8(&params, (int64_t)out->length);
    limits_say(request, &params);
    upload_say(&params, upload);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_ATTACHMENT_ADD, &params, &rows)) {
        code = row_is_null(&rows, 0, OUTCOME) ? PROBLEM_NONE
                                              : desk_outcome(row_text(&rows, 0, OUTCOME));
        if (code == PROBLEM_NONE)
            snprintf(out->name, sizeof out->name, "%s", row_text(&rows, 0, NEW_NAME));
    }
    rows_clear(&rows);
    return code;
}

enum problem_code attachment_take(struct request *request, const struct attachment_sent *sent,
                                  const struct uuid *upload, struct attachment *out)
{
    const struct attachment_rules *rules = &service_of(request)->attachments;
    /* One that is too long, or is nothing, is told so by what keeps it. */
    bool sized = sent->length > 0 && sent->length <= rules->bytes_most;
    enum problem_code code = sized ? room_check(request, sent, upload) : PROBLEM_NONE;
    if (code == PROBLEM_NONE)
        code = attachment_keep(rules, sent, out);
    return code == PROBLEM_NONE ? row_add(request, upload, out) : code;
}
