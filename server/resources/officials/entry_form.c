/* What a clerk typed in, read by the rules of the public form and those of entering; see entry.h.
 */
#include "base/text.h"
#include "domain/paper_key.h"
#include "resources/form_input.h"
#include "resources/officials/entry.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

static_assert(sizeof(((struct official *)0)->network) <= ASSISTED_NETWORK, "a network has room");

static const int64_t hong_kong_us = INT64_C(28800000000), day_us = INT64_C(86400000000);

static const char *const carried[] = {
    "/form_token", "/channel", "/received_on/", "/submission_key", "/without_key",
    "/made_key",   "/new_key", "/language",     "/identity/kind",  "/identity/value",
    NULL};

int32_t hong_kong_day(int64_t utc_us)
{
    return (int32_t)((utc_us + hong_kong_us) / day_us);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static const char *asked(const struct request *request, const char *name)
{
    const char *value = request_query(request, name);
    return value ? value : "";
}

static void date_split(struct entry_form *form, int32_t day)
{
    char date[11];
    format_date(day, date);
    snprintf(form->date[0], sizeof form->date[0], "%d", (date[8] - '0') * 10 + date[9] - '0');
    snprintf(form->date[1], sizeof form->date[1], "%d", (date[5] - '0') * 10 + date[6] - '0');
    snprintf(form->date[2], sizeof form->date[2], "%.4s", date);
}

bool entry_form_new(struct request *request, struct consultation *consultation,
                    struct entry_form *out)
{
    int32_t day = 0;
    *out = (struct entry_form){0};
    if (!journey_new(request, consultation, NULL, &out->journey))
        return false;
    if (parse_date(asked(request, "received_on"), &day))
        date_split(out, day);
    out->made_key = out->journey.state.key;
    out->channel_text = asked(request, "channel");
    out->language_text = asked(request, "language");
    out->key_text = out->identity_kind = "";
    out->day = out->date[0];
    out->month = out->date[1];
    out->year = out->date[2];
    return true;
}

static void channel_take(struct entry_form *form)
{
    for (int channel = CHANNEL_PAPER; channel <= CHANNEL_TELEPHONE; channel++)
        if (strcmp(form->channel_text, channel_name(channel)) == 0)
            form->channel = (enum channel)channel;
    if (!form->channel)
        faults_add(&form->journey.faults,
                   *form->channel_text ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/channel");
}

/* As a person types a number: full-width digits too, and white space around it. */
static bool number_typed(const char *text, int64_t least, int64_t most, int64_t *out)
{
    char *folded = NULL, digits[8];
    bool ok = text_compatible(text, strlen(text), &folded);
    if (ok) {
        const char *begin = folded + strspn(folded, " \t\r\n");
        size_t length = strcspn(begin, " \t\r\n");
        ok = is_blank(begin + length) && length < sizeof digits;
        if (ok)
            snprintf(digits, sizeof digits, "%.*s", (int)length, begin);
    }
    free(folded);
    return ok && parse_integer(digits, least, most, out);
}

/* A day on which the window was open, and not one to come; the database judges it again. */
static bool day_fits(const struct consultation *consultation, int32_t day, int64_t now_us)
{
    return day >= hong_kong_day(consultation->opens_us) &&
           day * day_us - hong_kong_us < consultation->closes_us && day <= hong_kong_day(now_us);
}

static void date_take(struct entry_form *form)
{
    const struct journey *journey = &form->journey;
    int64_t day = 0, month = 0, year = 0;
    char date[24];
    enum problem_code problem = PROBLEM_NONE;
    bool given = number_typed(form->day, 1, 31, &day) && number_typed(form->month, 1, 12, &month) &&
                 number_typed(form->year, 2000, 2099, &year);
    snprintf(date, sizeof date, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    if (is_blank(form->day) && is_blank(form->month) && is_blank(form->year))
        problem = PROBLEM_REQUIRED;
    else if (!given || !parse_date(date, &form->received_day))
        problem = PROBLEM_DATE_INVALID;
    else if (!day_fits(journey->consultation, form->received_day,
                       clock_utc_us(service_of(journey->request)->clock)))
        problem = PROBLEM_RECEIVED_OUTSIDE;
    if (problem != PROBLEM_NONE)
        faults_add(&form->journey.faults, problem, 0, "/received_on");
}

/* A paper form has its key printed on it; whatever bears none, or one that is another's because the
 * form was copied, has the one that this page was made with. */
static void key_take(struct entry_form *form, const struct form *sent)
{
    struct faults *faults = &form->journey.faults;
    form->made_key = form->journey.state.key;
    parse_uuid(form_text(sent, "/made_key"), &form->made_key);
    bool anew = parse_uuid(form_text(sent, "/new_key"), &form->made_key);
    form->key = form->made_key;
    if (anew || form->without_key)
        return;
    form->is_printed = !is_blank(form->key_text);
    if (form->is_printed && !paper_key_read(form->key_text, &form->key))
        faults_add(faults, PROBLEM_PAPER_KEY_WRONG, 0, "/submission_key");
    else if (!form->is_printed && form->channel == CHANNEL_PAPER)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/submission_key");
}

bool entry_form_take(struct request *request, struct consultation *consultation,
                     struct entry_form *out)
{
    const struct form *sent = &request->form;
    *out = (struct entry_form){0};
    if (!journey_new(request, consultation, NULL, &out->journey))
        return false;
    out->channel_text = form_text(sent, "/channel");
    out->language_text = form_text(sent, "/language");
    out->key_text = form_text(sent, "/submission_key");
    out->without_key = *form_text(sent, "/without_key");
    out->identity_kind = form_text(sent, "/identity/kind");
    out->day = form_text(sent, "/received_on/day");
    out->month = form_text(sent, "/received_on/month");
    out->year = form_text(sent, "/received_on/year");
    form_take(sent, consultation, carried, out->journey.state.answers, &out->journey.faults);
    channel_take(out);
    date_take(out);
    key_take(out, sent);
    return true;
}

void entry_form_clear(struct entry_form *form)
{
    journey_clear(&form->journey);
}

/* The interface's submission: the same fields, judged by the same table. Who answered on paper need
 * not say who they are. */
static json_t *input_of(const struct entry_form *form, enum identity_rule rule)
{
    const struct form *sent = &form->journey.request->form;
    json_t *input = json_deep_copy(form->journey.state.answers), *identity = json_object();
    const char *value = form_text(sent, "/identity/value");
    if (*form->language_text)
        json_object_set_new(input, "language", json_string(form->language_text));
    if (*form->identity_kind)
        json_object_set_new(identity, "kind", json_string(form->identity_kind));
    if (!is_blank(value))
        json_object_set_new(identity, "value", json_string(value));
    if (json_object_size(identity) || rule == IDENTITY_ATTESTED)
        json_object_set(input, "identity", identity);
    json_decref(identity);
    return input;
}

bool entry_form_judge(struct entry_form *form, struct submission *out)
{
    const struct journey *journey = &form->journey;
    const struct official *official = journey->request->official;
    bool nameless = !form->channel || form->channel == CHANNEL_PAPER;
    enum identity_rule rule = nameless ? IDENTITY_NOT_NEEDED : IDENTITY_ATTESTED;
    json_t *input = input_of(form, rule);
    bool ok =
        submission_read(journey->consultation,
                        keys_identity_of(service_of(journey->request)->keys, journey->consultation),
                        input, rule, out, &form->journey.faults);
    json_decref(input);
    out->key = form->key;
    out->channel = form->channel;
    out->unchallenged = true;
    out->assisted = (struct assisted){.official = official->id, .received_day = form->received_day};
    snprintf(out->assisted.network, sizeof out->assisted.network, "%s", official->network);
    return ok && form->journey.faults.count == 0;
}
