/* institution: registers institutions, verifies them and invites their first members at the command
 * line. Whoever may run it has the owner's rights in the database; each act is written into the
 * record of acts under the database's login. */
#include "commands/institution.h"

#include "access/official.h"
#include "commands/commands.h"
#include "commands/link.h"
#include "domain/institution.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

int institution_say(const char *words)
{
    fprintf(stderr, "consultation: %s\n", words);
    return 1;
}

/* What a rule of the tables means, in words. */
static const char *rule_words(const char *constraint)
{
    static const struct {
        const char *constraint, *words;
    } rules[] = {
        {"institutions_slug", "a slug is 2 to 60 small letters, digits and single hyphens"},
        {"institutions_names", "a name has 1 to 200 characters, in each of the three languages"},
        {"institution_domains_domain", "that is no domain"},
        {"officials_login",
         "an account name is 2 to 32 small letters, digits and single hyphens, a letter first"},
        {"officials_name", "a name has 1 to 100 characters"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(rules[i].constraint, constraint) == 0)
            return rules[i].words;
    return "the database could not be asked";
}

bool institution_ask(struct institution_run *run, enum statement statement, struct params *params,
                     struct rows *rows)
{
    bool ok = db_ready(run->db) == DB_OK && db_run(run->db, statement, params, rows) == DB_OK;
    if (!ok)
        institution_say(rule_words(db_constraint(run->db)));
    params_clear(params);
    return ok;
}

/* The outcome of an act that may be refused. */
static int finish(struct institution_run *run, enum statement statement, struct params *params,
                  const char *done)
{
    static const struct {
        const char *outcome, *words;
    } refusals[] = {
        {"not-found", "there is no such institution, or no such member"},
        {"name-taken", "that name is taken"},
        {"institution-closed", "that institution is closed"},
        {"account-disabled", "that account is disabled"},
        {"last-coordinator", "the first member must be a coordinator"},
        {"too-many", "it has as many members as one may have"},
    };
    struct rows rows = {0};
    const char *words = "that was refused";
    bool asked = institution_ask(run, statement, params, &rows);
    const char *outcome = asked ? row_text(&rows, 0, 0) : NULL;
    bool ok = outcome && strcmp(outcome, "done") == 0;
    for (size_t i = 0; outcome && i < sizeof refusals / sizeof refusals[0]; i++)
        if (strcmp(refusals[i].outcome, outcome) == 0)
            words = refusals[i].words;
    if (ok)
        puts(done);
    else if (asked)
        institution_say(words);
    rows_clear(&rows);
    return ok ? 0 : 1;
}

void institution_domains_put(const struct institution_row *row, struct params *params)
{
    array_begin(params, ELEMENT_TEXT);
    for (size_t i = 0; i < row->domain_count; i++)
        array_text(params, row->domains[i]);
    array_end(params);
}

const char *institution_register(struct institution_run *run, const struct institution_row *row)
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
    if (institution_ask(run, STATEMENT_INSTITUTION_REGISTER, &params, &rows))
        outcome = strcmp(row_text(&rows, 0, 0), "done") == 0 ? "done" : "name-taken";
    rows_clear(&rows);
    return outcome;
}

static int institution_add(struct institution_run *run)
{
    char domains[OPTION_VALUES][DOMAIN_TEXT];
    enum institution_kind kind = institution_kind_find(run->kind ? run->kind : "other");
    struct institution_row row = {.slug = run->options->words[1],
                                  .zh_hant = run->zh_hant,
                                  .en = run->en,
                                  .zh_hans = run->zh_hans,
                                  .kind = (int)kind,
                                  .fictitious = run->fictitious,
                                  .domain_count = run->domains.count};
    if (!row.zh_hant || !row.en || !row.zh_hans)
        return institution_say("its name is needed in three languages: --zh-hant, --en, --zh-hans");
    if (kind == INSTITUTION_KINDS)
        return institution_say("a kind is university, research-institute, professional-body, "
                               "chamber-of-commerce, enterprise, non-profit-body, public-body or "
                               "other");
    for (size_t i = 0; i < run->domains.count; i++) {
        if (!institution_domain(run->domains.values[i], domains[i]))
            return institution_say("that is no domain");
        row.domains[i] = domains[i];
    }
    const char *outcome = institution_register(run, &row);
    if (outcome && strcmp(outcome, "done") == 0)
        puts("Registered.");
    else if (outcome)
        institution_say("there is an institution of that name");
    return outcome && strcmp(outcome, "done") == 0 ? 0 : 1;
}

/* One domain more; the rest stays as it is. */
static int institution_domain_add(struct institution_run *run)
{
    char domain[DOMAIN_TEXT];
    const char *slug = run->options->words[1];
    struct params params = {0}, domain_params = {0}, change = {0};
    struct rows rows = {0}, domains = {0};
    int status = 1;
    if (!institution_domain(run->options->words[2], domain))
        return institution_say("that is no domain");
    params_text(&params, slug);
    params_text(&domain_params, slug);
    if (institution_ask(run, STATEMENT_INSTITUTION_GET, &params, &rows) &&
        institution_ask(run, STATEMENT_INSTITUTION_DOMAINS, &domain_params, &domains)) {
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
        status = finish(run, STATEMENT_INSTITUTION_CHANGE, &change, "Listed.");
    }
    params_clear(&domain_params);
    rows_clear(&rows);
    rows_clear(&domains);
    return status;
}

static int institution_invite(struct institution_run *run)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    const char *login = run->options->words[2];
    unsigned roles = run->roles ? member_roles_find(run->roles) : MEMBER_COORDINATOR;
    if (!roles)
        return institution_say(
            "parts are coordinator, drafter and approver, with commas between them");
    ticket_make(&clock_system, ticket, &digest);
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_text(&params, login);
    params_text(&params, run->name ? run->name : login);
    params_int2(&params, (int)roles);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    int status = finish(run, STATEMENT_INSTITUTION_INVITE, &params, "Invited.");
    if (status == 0)
        link_say(&run->options->settings, "institution", ticket);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int institution_reset(struct institution_run *run)
{
    char ticket[TICKET_TEXT];
    struct digest digest;
    struct params params = {0};
    ticket_make(&clock_system, ticket, &digest);
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    params_null(&params);
    int status = finish(run, STATEMENT_INSTITUTION_MEMBER_LINK, &params,
                        "Reset: password, codes and sessions are gone.");
    if (status == 0)
        link_say(&run->options->settings, "institution", ticket);
    sodium_memzero(ticket, sizeof ticket);
    return status;
}

static int institution_enable(struct institution_run *run)
{
    struct params params = {0};
    bool enabled = strcmp(run->options->words[0], "enable") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, enabled);
    params_null(&params);
    return finish(run, STATEMENT_INSTITUTION_MEMBER_ENABLE, &params,
                  enabled ? "Enabled." : "Disabled, and signed out everywhere.");
}

static int institution_verify(struct institution_run *run)
{
    struct params params = {0};
    bool verified = strcmp(run->options->words[0], "verify") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, verified);
    params_text(&params, run->note);
    params_null(&params);
    return finish(run, STATEMENT_INSTITUTION_VERIFY, &params,
                  verified ? "Verified." : "No longer verified.");
}

static int institution_close(struct institution_run *run)
{
    struct params params = {0};
    bool closed = strcmp(run->options->words[0], "close") == 0;
    params_null(&params);
    params_text(&params, run->options->words[1]);
    params_bool(&params, closed);
    params_null(&params);
    return finish(run, STATEMENT_INSTITUTION_CLOSE, &params,
                  closed ? "Closed; its members are signed out." : "Open again.");
}

/* All of them, in pieces, so that no length of the list matters. */
static int institution_list(struct institution_run *run)
{
    enum { PIECE = 200, SLUG = 0, KIND, ZH_HANT, EN, ZH_HANS, FICTITIOUS, VERIFIED, BY, CLOSED };
    char after[INSTITUTION_SLUG] = "";
    for (int got = PIECE; got == PIECE;) {
        struct params params = {0};
        struct rows rows = {0};
        params_text(&params, after);
        params_int4(&params, PIECE);
        bool ok = institution_ask(run, STATEMENT_INSTITUTION_LIST, &params, &rows);
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

static const struct institution_act {
    const char *name;
    size_t words; /* with its own */
    int (*run)(struct institution_run *run);
} acts[] = {
    {"add", 2, institution_add},        {"domain", 3, institution_domain_add},
    {"invite", 3, institution_invite},  {"reset", 2, institution_reset},
    {"disable", 2, institution_enable}, {"enable", 2, institution_enable},
    {"verify", 2, institution_verify},  {"end-verification", 2, institution_verify},
    {"close", 2, institution_close},    {"reopen", 2, institution_close},
    {"list", 1, institution_list},      {"import", 2, institution_import},
};

static const struct institution_act *act_find(const struct options *options)
{
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (strcmp(acts[i].name, options->words[0]) == 0 && acts[i].words == options->word_count)
            return &acts[i];
    return NULL;
}

int command_institution(int argc, char **argv)
{
    struct institution_run run = {0};
    const struct option_row rows[] = {
        {.name = "--kind", .text = &run.kind},
        {.name = "--zh-hant", .text = &run.zh_hant},
        {.name = "--en", .text = &run.en},
        {.name = "--zh-hans", .text = &run.zh_hans},
        {.name = "--domain", .many = &run.domains},
        {.name = "--fictitious", .flag = &run.fictitious},
        {.name = "--name", .text = &run.name},
        {.name = "--roles", .text = &run.roles},
        {.name = "--note", .text = &run.note},
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
    const struct institution_act *act = act_find(&options);
    if (!act) {
        fprintf(stderr, "consultation: that was not expected\nusage: consultation %s\n",
                options.usage);
        return 2;
    }
    run.options = &options;
    run.db = db_new(options.settings.database, DB_OWNER, "consultation-institution");
    int status = run.db ? act->run(&run) : 1;
    db_free(run.db);
    return status;
}
