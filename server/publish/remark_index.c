/* Terms of remarks for officials' search; see remark_index.h, schema/functions/remark_terms.sql. */
#include "publish/remark_index.h"

#include "domain/remark_words.h"

#include <stdlib.h>

enum { COLUMN_SUBMISSION, COLUMN_PART, COLUMN_ORDINAL, COLUMN_TEXT };

struct made {
    int32_t *terms;
    size_t count;
};

static struct made *made_new(const struct rows *taken, size_t count)
{
    struct made *made = calloc(count, sizeof *made);
    for (size_t i = 0; made && i < count; i++) {
        made[i].terms = remark_terms(row_text(taken, (int)i, COLUMN_TEXT), &made[i].count);
        if (!made[i].terms) {
            while (i-- > 0)
                free(made[i].terms);
            free(made);
            return NULL;
        }
    }
    return made;
}

static void made_free(struct made *made, size_t count)
{
    for (size_t i = 0; made && i < count; i++)
        free(made[i].terms);
    free(made);
}

static void params_column(struct params *params, const struct rows *taken, enum element element,
                          int column)
{
    array_begin(params, element);
    for (int i = 0; i < rows_count(taken); i++)
        if (element == ELEMENT_INT8)
            array_int8(params, row_int(taken, i, column));
        else
            array_int2(params, (int)row_int(taken, i, column));
    array_end(params);
}

static void params_made(struct params *params, const struct made *made, size_t count)
{
    array_begin(params, ELEMENT_INT4);
    for (size_t i = 0; i < count; i++)
        array_int4(params, (int32_t)made[i].count);
    array_end(params);
    array_begin(params, ELEMENT_INT4);
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < made[i].count; t++)
            array_int4(params, made[i].terms[t]);
    array_end(params);
}

static enum db_status put(struct db *db, int32_t consultation_id, const struct rows *taken)
{
    size_t count = (size_t)rows_count(taken);
    struct made *made = made_new(taken, count);
    if (!made)
        return DB_FAULT;
    struct params params = {0};
    params_int4(&params, consultation_id);
    params_column(&params, taken, ELEMENT_INT8, COLUMN_SUBMISSION);
    params_column(&params, taken, ELEMENT_INT2, COLUMN_PART);
    params_column(&params, taken, ELEMENT_INT2, COLUMN_ORDINAL);
    params_made(&params, made, count);
    enum db_status status = db_run(db, STATEMENT_REMARK_TERMS_PUT, &params, NULL);
    params_clear(&params);
    made_free(made, count);
    return status;
}

enum db_status remark_index_step(struct db *db, int32_t consultation_id, int most, size_t *made)
{
    struct params params = {0};
    struct rows taken = {0};
    *made = 0;
    params_int4(&params, consultation_id);
    params_int2(&params, REMARK_TERMS_VERSION);
    params_int4(&params, most);
    enum db_status status = db_begin(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_REMARK_TERMS_TAKE, &params, &taken);
    if (status == DB_OK && rows_count(&taken) > 0)
        status = put(db, consultation_id, &taken);
    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    if (status == DB_OK)
        *made = (size_t)rows_count(&taken);
    rows_clear(&taken);
    params_clear(&params);
    return status;
}

enum db_status remark_index_claim(struct db *db, int32_t consultation_id)
{
    struct params params = {0};
    params_int4(&params, consultation_id);
    params_int2(&params, REMARK_TERMS_VERSION);
    enum db_status status = db_run(db, STATEMENT_REMARK_TERMS_CLAIM, &params, NULL);
    params_clear(&params);
    return status;
}

enum db_status remark_index_tidy(struct db *db)
{
    return db_run(db, STATEMENT_REMARK_TERMS_TIDY, NULL, NULL);
}
