/* One's own account, connected with a sign-in at the OpenID Connect provider, which then opens it
 * as password and one-time code do; and that connection ended. */
#include "http/reply.h"
#include "resources/officials/account_openid.h"
#include "resources/officials/own_account.h"
#include "resources/routes.h"

static struct document *openid_document(struct request *request, const struct faults *faults)
{
    return desk_document(
        request,
        &(struct desk_page){.status = faults->count ? 422 : 200,
                            .template = "official_openid",
                            .title_key = "account-openid.connect-title",
                            .rest = "/own-account/openid",
                            .faults = faults,
                            .page = json_pack("{s:s, s:o, s:{s:o}}", "name",
                                              account_openid_name(request), "action",
                                              desk_address(request, "/own-account/openid"), "error",
                                              "present", desk_error(request, faults, "/present"))});
}

enum handled own_openid_page(struct request *request)
{
    struct faults faults = {0};
    if (account_openid_is_offered(request))
        reply_document(request, openid_document(request, &faults));
    else
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return HANDLED;
}

enum handled own_openid_form(struct request *request)
{
    struct faults faults = {0};
    bool replied = false;
    if (!account_openid_is_offered(request)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    if (own_present_is_right(request, &faults, &replied))
        return account_openid_leave(request);
    if (!replied)
        reply_document(request, openid_document(request, &faults));
    return HANDLED;
}

enum handled own_openid_end(struct request *request)
{
    struct params params = {0};
    params_int4(&params, request->official->id);
    params_bytes(&params, request->official->session.bytes, DIGEST_BYTES);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_SUBJECT_END, &params, NULL))
        desk_redirect(request, "/own-account?done=openid-ended");
    return HANDLED;
}
