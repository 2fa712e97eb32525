/* institution: registers institutions, verifies them and invites their first members at the command
 * line. Whoever may run it has the owner's rights in the database; each act is written into the
 * record of acts under the database's login. */
#include "commands/institution.h"

#include "access/official.h"
#include "commands/account.h"
#include "commands/commands.h"
#include "domain/institution.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

void institution_domains_put(const struct institution_row *row, struct params *params)
{
    array_begin(params, ELEMENT_TEXT);
    for (size_t i = 0; i < row->domain_count; i++)
        array_text(params, row->domains[i]);
    array_end(params);
}

const char *institution_register(struct act_run *run, const struct institution_row *row)
{
    struct params params = {0};
    struct rows rows = {0};
    params_null(&params);
    params_text(&params, row->slug);
    params_int2(&params, row->kind);
    params_text(&params, row->zh_hant);
    params_text(&params, row->en);
    params_text(&params, row->zh_hans);
    institution_domains_put(row, &params);
    params_bool(&params, row->fictitious);
    params_null(&params);
    const char *outcome = NULL;
    if (act_ask(run, STATEMENT_INSTITUTION_REGISTER, &params, &rows))
        outcome = strcmp(row_text(&rows, 0, 0), "done") == 0 ? "done" : "name-taken";
    rows_clear(&rows);
    return outcome;
}

static int institution_add(struct act_run *run)
{
    const struct institution_wishes *wishes = run->wishes;
    char domains[OPTION_VALUES][DOMAIN_TEXT];
    enum institution_kind kind = institution_kind_find(wishes->kind ? wishes->kind : "other");
    struct institution_row row = {.slug = run->options->words[1],
                                  .zh_hant = wishes->zh_hant,
                                  .en = wishes->en,
                                  .zh_hans = wishes->zh_hans,
                                  .kind = (int)kind,
                                  .fictitious = wishes->fictitious,
                                  .domain_count = wishes->domains.count};
    if (!row.zh_hant || !row.en || !row.zh_hans)
        return act_say("its name is needed in three languages: --zh-hant, --en, --zh-hans");
    if (kind == INSTITUTION_KINDS)
        return act_say("a kind is university, research-institute, professional-body, "
                       "chamber-of-commerce, enterprise, non-profit-body, public-body or "
                       "other");
    for (size_t i = 0; i < wishes->domains.count; i++) {
        if (!institution_domain(wishes->domains.values[i], domains[i]))
            return act_say("that is no domain");
        row.domains[i] = domains[i];
    }
    const char *outcome = institution_register(run, &row);
    if (outcome && strcmp(outcome, "done") == 0)
        puts("Registered.");
    else if (outcome)
        act_say("there is an institution of that name");
    return outcome && strcmp(outcome, "done") == 0 ? 0 : 1;
}

/* One domain more; the rest stays as it is. */
static int institution_domain_add(struct act_run *run)
{
    char domain[DOMAIN_TEXT];
    const char *slug = run->options->words[1];
    struct params params = {0}, domain_params = {0}, change = {0};
    struct rows rows = {0}, domains = {0};
    int status = 1;
    if (!institution_domain(run->options->words[2], domain))
        return act_say("that is no domain");
    params_text(&params, slug);
    params_text(&domain_params, slug);
    if (act_ask(run, STATEMENT_INSTITUTION_GET, &params, &rows) &&
        act_ask(run, STATEMENT_INSTITUTION_DOMAINS, &domain_params, &domains)) {
        bool there = rows_count(&rows) == 1;
        params_null(&change);
        params_text(&change, slug);
        params_int2(&change, there ? (int)row_int(&rows, 0, 1) : 0);
        for (int name = 2; name < 5; name++)
            params_text(&change, there ? row_text(&rows, 0, name) : "");
        array_begin(&change, ELEMENT_TEXT);
        for (int i = 0; i < rows_count(&domains); i++)
            array_text(&change, row_text(&domains, i, 0));
        array_text(&change, domain);
        array_end(&change);
        params_null(&change);
        status = act_finish(run, STATEMENT_INSTITUTION_CHANGE, &change, "Listed.");
    }
    params_clear(&domain_params);
    rows_clear(&rows);
    rows_clear(&domains);
    return status;
}

static int institution_invite(struct act_run *run)
{
    const struct institution_wishes *wishes = run->wishes;
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    const char *login = run->options->words[2];
    unsigned roles = wishes->roles ? member_roles_find(wishes->roles) : MEMBER_COORDINATOR;
    if (!roles)
        return act_say("parts are coordinator, drafter and approver, with commas between them");
    ticket_make(&clock_system, ticket, &digest);
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_text(&params, login);
    params_text(&params, wishes->name ? wishes->name : login);
    params_int2(&params, (int)roles);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    int status = act_finish(run, STATEMENT_INSTITUTION_INVITE, &params, "Invited.");
    if (status == 0)
        account_link_say(&run->options->settings, "institution", ticket);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int institution_reset(struct act_run *run)
{
    return account_reset(run, STATEMENT_INSTITUTION_MEMBER_LINK, "institution",
                         "Reset: password, codes and sessions are gone.");
}

static int institution_enable(struct act_run *run)
{
    return account_enable(run, STATEMENT_INSTITUTION_MEMBER_ENABLE);
}

static int institution_verify(struct act_run *run)
{
    const struct institution_wishes *wishes = run->wishes;
    struct params params = {0};
    bool verified = strcmp(run->options->words[0], "verify") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, verified);
    params_text(&params, wishes->note);
    params_null(&params);
    return act_finish(run, STATEMENT_INSTITUTION_VERIFY, &params,
                      verified ? "Verified." : "No longer verified.");
}

static int institution_close(struct act_run *run)
{
    struct params params = {0};
    bool closed = strcmp(run->options->words[0], "close") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, closed);
    params_null(&params);
    return act_finish(run, STATEMENT_INSTITUTION_CLOSE, &params,
                      closed ? "Closed; its members are signed out." : "Open again.");
}

/* All of them, in pieces, so that no length of the list matters. */
static int institution_list(struct act_run *run)
{
    enum { PIECE = 200, SLUG = 0, KIND, ZH_HANT, EN, ZH_HANS, FICTITIOUS, VERIFIED, BY, CLOSED };
    char after[INSTITUTION_SLUG] = "";
    for (int got = PIECE; got == PIECE;) {
        struct params params = {0};
        struct rows rows = {0};
        params_text(&params, after);
        params_int4(&params, PIECE);
        bool ok = act_ask(run, STATEMENT_INSTITUTION_LIST, &params, &rows);
        got = ok ? rows_count(&rows) : -1;
        for (int row = 0; row < got; row++) {
            snprintf(after, sizeof after, "%s", row_text(&rows, row, SLUG));
            printf(
                "%-32s %s, %s%s%s%s, members: %" PRId64 "\n", after, row_text(&rows, row, ZH_HANT),
                row_text(&rows, row, EN), row_bool(&rows, row, FICTITIOUS) ? ", made up" : "",
                row_is_null(&rows, row, VERIFIED) ? ", not verified" : "",
                row_is_null(&rows, row, CLOSED) ? "" : ", closed", row_int(&rows, row, CLOSED + 1));
        }
        rows_clear(&rows);
        if (!ok)
            return 1;
    }
    return 0;
}

static const struct act acts[] = {
    {"add", 2, institution_add},        {"domain", 3, institution_domain_add},
    {"invite", 3, institution_invite},  {"reset", 2, institution_reset},
    {"disable", 2, institution_enable}, {"enable", 2, institution_enable},
    {"verify", 2, institution_verify},  {"end-verification", 2, institution_verify},
    {"close", 2, institution_close},    {"reopen", 2, institution_close},
    {"list", 1, institution_list},      {"import", 2, institution_import},
};

int command_institution(int argc, char **argv)
{
    struct institution_wishes wishes = {0};
    const struct option_row rows[] = {
        {.name = "--kind", .text = &wishes.kind},
        {.name = "--zh-hant", .text = &wishes.zh_hant},
        {.name = "--en", .text = &wishes.en},
        {.name = "--zh-hans", .text = &wishes.zh_hans},
        {.name = "--domain", .many = &wishes.domains},
        {.name = "--fictitious", .flag = &wishes.fictitious},
        {.name = "--name", .text = &wishes.name},
        {.name = "--roles", .text = &wishes.roles},
        {.name = "--note", .text = &wishes.note},
    };
    struct options options = {
        .usage =
            "institution add SLUG --zh-hant NAME --en NAME --zh-hans NAME [--kind KIND] "
            "[--domain DOMAIN]… [--fictitious] | domain SLUG DOMAIN | invite SLUG ACCOUNT "
            "[--name NAME] [--roles coordinator,drafter,approver] | reset|disable|enable ACCOUNT | "
            "verify SLUG [--note TEXT] | end-verification|close|reopen SLUG | list | import FILE",
        .rows = rows,
        .row_count = sizeof rows / sizeof *rows,
        .words_least = 1,
        .words_most = WORDS_MOST,
    };
    if (!options_read(&options, argc, argv))
        return 2;
    struct act_run run = {.options = &options,
                          .wishes = &wishes,
                          .not_there = "there is no such institution, or no such member"};
    return act_do(&run, acts, sizeof acts / sizeof *acts, "consultation-institution");
}
