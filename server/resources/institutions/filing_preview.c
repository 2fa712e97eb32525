/* The draft exactly as it would be published: as a page, as the document itself, and as a PDF. */
#include "http/reply.h"
#include "resources/institutions/filing.h"
#include "resources/printing.h"
#include "resources/response_view.h"
#include "resources/routes.h"

#include <stdio.h>

enum handled filing_preview_page(struct request *request)
{
    struct filing_draft draft;
    if (filing_draft_read(request, &draft)) {
        json_t *page = json_pack(
            "{s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number",
            draft.response.number, "name", request->official->institution_name, "digest",
            draft.digest_text, "publish", draft.response.publish, "missing",
            filing_missing(request, &draft), "body",
            response_view(request, draft.consultation, draft.document), "attachments",
            response_attachments(draft.document, NULL), "json",
            filing_address(request, "/preview/json"), "pdf",
            printing_is_there(request) ? filing_address(request, "/preview/pdf") : json_null(),
            "approval", filing_address(request, "/approval"), "back", filing_address(request, ""));
        filing_show(request, draft.consultation,
                    &(struct desk_page){.status = 200,
                                        .template = "filing_preview",
                                        .title_key = "filing.preview",
                                        .rest = "/preview",
                                        .page = page});
    }
    filing_draft_clear(&draft);
    return HANDLED;
}

enum handled filing_preview_json(struct request *request)
{
    struct filing_draft draft;
    if (filing_draft_read(request, &draft)) {
        char name[64];
        snprintf(name, sizeof name, "attachment; filename=\"%s.json\"", draft.response.number);
        reply_header(request, "Content-Disposition", name);
        reply_bytes(request, 200, "application/json", draft.bytes, draft.length);
    }
    filing_draft_clear(&draft);
    return HANDLED;
}

enum handled filing_preview_pdf(struct request *request)
{
    struct filing_draft draft;
    enum handled handled = HANDLED;
    if (filing_draft_read(request, &draft)) {
        char name[64];
        json_t *response =
            json_pack("{s:b, s:s, s:s, s:s}", "draft", 1, "number", draft.response.number, "name",
                      request->official->institution_name, "digest", draft.digest_text);
        snprintf(name, sizeof name, "%s.pdf", draft.response.number);
        handled = printing_reply(
            request,
            printing_document(request, draft.consultation, response,
                              response_view(request, draft.consultation, draft.document),
                              response_attachments(draft.document, NULL)),
            name);
    }
    filing_draft_clear(&draft);
    return handled;
}
