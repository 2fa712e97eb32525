/* Attachments that an institution's machine sends and lists. */
#include "domain/receipt.h"
#include "http/reply.h"
#include "resources/institutions/attachments.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ATTACHMENT_ID, SHA256, NAME, MEDIA_TYPE, BYTES };
enum { NAME_SENT = 1024 };

static void said(struct request *request, int status, json_t *body)
{
    struct document *document = document_new(status, request->language);
    if (!document)
        json_decref(body);
    else if (!document_say(document, body)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
}

static json_t *attachment_view(const char *name, const char *media_type, int64_t bytes,
                               const struct digest *digest)
{
    char hex[2 * DIGEST_BYTES + 1];
    digest_hex(digest, hex);
    return json_pack("{s:s, s:s, s:I, s:s}", "name", name, "media_type", media_type, "bytes",
                     (json_int_t)bytes, "sha256", hex);
}

enum handled machine_attachment_list(struct request *request)
{
    struct params params = {0};
    struct rows rows = {0};
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    if (desk_run(request, STATEMENT_ATTACHMENT_LIST, &params, &rows)) {
        json_t *list = json_array();
        size_t length;
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(list, attachment_view(row_text(&rows, row, NAME),
                                                        row_text(&rows, row, MEDIA_TYPE),
                                                        row_int(&rows, row, BYTES),
                                                        row_bytes(&rows, row, SHA256, &length)));
        said(request, 200, json_pack("{s:o}", "attachments", list));
    }
    rows_clear(&rows);
    return HANDLED;
}

/* The name in Content-Disposition as filename* in UTF-8 (RFC 6266 §4.3, RFC 8187 §3.2), which any
 * name can be written in. False: there is none. */
static bool name_read(const struct request *request, char name[NAME_SENT])
{
    static const char before[] = "filename*=UTF-8''";
    const char *sent = request_header(request, "Content-Disposition");
    const char *from = sent ? strcasestr(sent, before) : NULL;
    if (!from)
        return false;
    from += sizeof before - 1;
    size_t length = strcspn(from, "; \t");
    if (length == 0 || length >= NAME_SENT)
        return false;
    memcpy(name, from, length);
    name[length] = '\0';
    bool ok = parse_percent(name, &length, false) && parse_utf8(name, length) &&
              memchr(name, '\0', length) == NULL;
    name[ok ? length : 0] = '\0';
    return ok;
}

enum handled machine_attachment_put(struct request *request)
{
    struct digest expected;
    struct attachment kept;
    char name[NAME_SENT];
    if (!digest_of_hex(request_part(request, "sha256"), &expected)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    if (!name_read(request, name)) {
        reply_problem(request, PROBLEM_REQUIRED, "Content-Disposition");
        return HANDLED;
    }
    enum problem_code code =
        attachment_take(request,
                        &(struct attachment_sent){.file = request->upload.file,
                                                  .length = request->upload.length,
                                                  .name = name,
                                                  .expected = &expected},
                        NULL, &kept);
    if (code == PROBLEM_NONE)
        said(request, 200,
             attachment_view(kept.name, media_type_name(kept.type), (int64_t)kept.length,
                             &kept.digest));
    else if (code != PROBLEM_COUNT)
        reply_problem(request, code, NULL);
    return HANDLED;
}
