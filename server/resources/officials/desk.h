#ifndef RESOURCES_OFFICIALS_DESK_H
#define RESOURCES_OFFICIALS_DESK_H

#include "access/official.h"
#include "http/request.h"
#include "represent/document.h"
#include "store/db.h"

/* What officials' handlers share. All on the desk's or the porter's thread, with the thread's
 * connection that has the officials' rights (schema/grants.sql), and none to an answer. The desk's
 * threads have another one with the exporter's, request->answers: so what signs people in and what
 * changes anything cannot read answers, whatever goes wrong in it. */

/* Runs one statement, again where the database asks for that, on the connection whose role its file
 * names: the officials' own, if that is one of them; clears `params`. False: a problem is set.
 * *rows as in db_run, to be cleared whatever comes. */
bool desk_run(struct request *request, enum statement statement, struct params *params,
              struct rows *rows);

/* The problem of a status that is not DB_OK, for what runs its statements itself. False: it is set.
 */
bool desk_judge(struct request *request, enum db_status status);

/* Writes into the record of acts that this official, member or institution's machine did that; to
 * be called before the reply is made, so that nothing is shown unwritten. `detail` (stolen; NULL:
 * none): never an identity, a code or what somebody said. consultation_id 0: the service as a
 * whole. False: a problem is set.
 */
bool desk_record(struct request *request, const char *action, int32_t consultation_id,
                 json_t *detail);

/* 303 to /{language}/officials and `rest`, on the institutions' side to /{language}/institution and
 * `rest`: the handlers that both sides have stay on theirs. */
void desk_redirect(struct request *request, const char *rest);
/* "/en/officials" or "/en/institution", and `rest`. New reference. */
json_t *desk_address(const struct request *request, const char *rest);

/* A page of the officials' or the institutions' side: frame, navigation, and in its page
 *   official           {name, login, home, own_account, accounts, institutions, acts (of
 *                      administrators), sign_out, form_token, institution {name, members,
 * verification, keys} of who is a member}; absent at the doors institution_side   true there faults
 * as form_faults, if there are any `rest`: address after /officials or /institution, NULL where it
 * is a reply to a form; it is had in another language by sending what was typed again, if all that
 * this can do is to show the same once more; else the other languages lead to the page that the
 * form is on, and the faults say so. `is_looked_at`: the form has a step in which it is looked at;
 * sent with "change" as its "/go" it is only shown. `page` is stolen. NULL: no memory. */
struct desk_page {
    int status;
    const char *template;
    const char *title; /* NULL: the string title_key */
    const char *title_key;
    const char *rest;
    const struct faults *faults; /* NULL or empty: none */
    bool is_looked_at;
    json_t *page;
};
struct document *desk_document(struct request *request, const struct desk_page *page);

/* What is wrong with that field, in words, or JSON's null. New reference. */
json_t *desk_error(const struct request *request, const struct faults *faults, const char *pointer);

/* Sets Retry-After. */
void desk_retry(struct request *request, int seconds);

/* A problem by the outcome that a function of the database gave: the code of that name, or
 * INTERNAL. */
enum problem_code desk_outcome(const char *outcome);

/* A role's name in the request's language, and {role, label} of it. New references. */
json_t *desk_role(const struct request *request, enum official_role role);

/* An act of the record in words; one of which there are none keeps its own name. New reference. */
json_t *desk_act(const struct request *request, const char *action);

#endif
