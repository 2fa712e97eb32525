/* What is said about measures and questions: answers, views, priorities; see reader.h. */
#include "domain/reader.h"

#include <stdio.h>
#include <stdlib.h>

static void read_stance(struct reader *reader, const char *name, json_t *value)
{
    json_int_t stance = json_integer_value(value);
    if (!json_is_integer(value))
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    else if (stance < STANCE_NO_OPINION || stance > STANCE_LAST)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else
        reader->said->stance = (int)stance;
}

static void read_version(struct reader *reader, const char *name, json_t *value)
{
    json_int_t version = json_integer_value(value);
    if (!json_is_integer(value))
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    else if (version < 1 || version > reader->said->current)
        reader_fault(reader, PROBLEM_VERSION_UNKNOWN, 0, name);
    else
        reader->said->version = (int)version;
}

/* Narrows the consent of the whole, never widens it. */
static void read_publish(struct reader *reader, const char *name, json_t *value)
{
    if (!json_is_boolean(value))
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    else if (json_is_true(value) && reader->unpublished)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    else
        reader->said->publish = json_is_true(value);
}

static void read_text(struct reader *reader, const char *name, json_t *value)
{
    reader->said->text = reader_text(reader, name, value, reader->said->limit);
}

static void said_keep(struct reader *reader, struct said *said)
{
    struct submission *out = reader->out;
    if (said->part == REMARK_MEASURE) {
        int at = said->ordinal - 1;
        out->stances[at] = (unsigned char)said->stance;
        out->versions[at] = (unsigned char)said->version;
        if (!said->publish)
            out->withheld |= UINT64_C(1) << at;
    }
    if (said->text)
        out->remarks[out->remark_count++] = (struct remark){
            .part = said->part,
            .ordinal = said->ordinal,
            .publish = said->publish,
            .version = said->version,
            .text = said->text,
        };
}

/* One answer or view. Nothing in it that says something is a fault of its own. */
static void said_read(struct reader *reader, const char *code, json_t *value, struct said *said,
                      const struct field *fields, size_t count)
{
    said->stance = STANCE_ABSENT;
    said->version = said->current;
    said->publish = reader->out->consent != CONSENT_NONE;
    if (!json_is_object(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, code);
        return;
    }
    size_t back = reader_enter(reader, code), before = reader->faulty;
    reader->said = said;
    reader_object(reader, value, fields, count);
    reader->said = NULL;
    reader_leave(reader, back);
    if (said->stance != STANCE_ABSENT || said->text)
        said_keep(reader, said);
    else if (reader->faulty == before)
        reader_fault(reader, PROBLEM_NOT_ANSWERED, 0, code);
}

/* Room for one remark more of each member; what a document may hold beyond that is refused as
 * unknown. */
static bool remarks_grow(struct reader *reader, size_t more)
{
    struct submission *out = reader->out;
    size_t most = out->remark_count + (more < MEASURES_MOST ? more : MEASURES_MOST);
    struct remark *remarks = realloc(out->remarks, (most + 1) * sizeof *remarks);
    if (remarks)
        out->remarks = remarks;
    return remarks != NULL;
}

void read_answers(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"stance", false, false, read_stance},
        {"remark", false, false, read_text},
        {"version", false, false, read_version},
        {"publish", false, false, read_publish},
    };
    const char *code;
    json_t *answer;
    if (!json_is_object(value) || !remarks_grow(reader, json_object_size(value))) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
        return;
    }
    size_t back = reader_enter(reader, name);
    json_object_foreach(value, code, answer)
    {
        const struct measure *measure = consultation_measure(reader->consultation, code);
        if (!measure) {
            reader_fault_unknown(reader, code);
            continue;
        }
        struct said said = {
            .part = REMARK_MEASURE,
            .ordinal = measure->ordinal,
            .current = measure->text.version,
            .limit = reader->consultation->limits.remark_points,
        };
        said_read(reader, code, answer, &said, fields, sizeof fields / sizeof *fields);
    }
    reader_leave(reader, back);
}

void read_views(struct reader *reader, const char *name, json_t *value)
{
    static const struct field fields[] = {
        {"text", true, false, read_text},
        {"version", false, false, read_version},
        {"publish", false, false, read_publish},
    };
    const char *code;
    json_t *view;
    if (!json_is_object(value) || !remarks_grow(reader, json_object_size(value))) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
        return;
    }
    size_t back = reader_enter(reader, name);
    json_object_foreach(value, code, view)
    {
        const struct question *question = consultation_question(reader->consultation, code);
        if (!question) {
            reader_fault_unknown(reader, code);
            continue;
        }
        struct said said = {
            .part = REMARK_QUESTION,
            .ordinal = question->ordinal,
            .current = question->text.version,
            .limit = reader->consultation->limits.question_points,
        };
        said_read(reader, code, view, &said, fields, sizeof fields / sizeof *fields);
    }
    reader_leave(reader, back);
}

static void read_priority(struct reader *reader, size_t at, json_t *value)
{
    char index[24];
    snprintf(index, sizeof index, "%zu", at);
    const char *code = reader_string(reader, index, value);
    if (!code)
        return;
    const struct measure *measure = consultation_measure(reader->consultation, code);
    uint64_t bit = measure ? UINT64_C(1) << (measure->ordinal - 1) : 0;
    if (!measure)
        reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, index);
    else if (reader->out->priorities & bit)
        reader_fault(reader, PROBLEM_DUPLICATE, 0, index);
    reader->out->priorities |= bit;
}

void read_priorities(struct reader *reader, const char *name, json_t *value)
{
    int most = reader->consultation->limits.priorities;
    if (!json_is_array(value)) {
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    } else if (json_array_size(value) > (size_t)most) {
        reader_fault(reader, PROBLEM_TOO_MANY, most, name);
    } else {
        size_t back = reader_enter(reader, name);
        for (size_t i = 0; i < json_array_size(value); i++)
            read_priority(reader, i, json_array_get(value, i));
        reader_leave(reader, back);
    }
}
