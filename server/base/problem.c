/* The table of problems and the list of faults; see problem.h. */
#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *slug;
    int status;
} problems[PROBLEM_COUNT] = {
    [PROBLEM_NONE] = {"", 200},
#define PROBLEM(name, code, status) [PROBLEM_##name] = {code, status},
#include "base/problems.def"
#undef PROBLEM
};

void faults_add(struct faults *faults, enum problem_code code, long limit, const char *pointer, ...)
{
    if (faults->count == FAULTS_MOST) {
        faults->lost++;
        return;
    }
    struct fault *fault = &faults->list[faults->count++];
    *fault = (struct fault){.code = code, .limit = limit};
    va_list list;
    va_start(list, pointer);
    vsnprintf(fault->pointer, sizeof fault->pointer, pointer, list);
    va_end(list);
}

const char *problem_slug(enum problem_code code)
{
    return problems[code].slug;
}

int problem_status(enum problem_code code)
{
    return problems[code].status;
}

enum problem_code problem_find(const char *slug)
{
    for (int code = PROBLEM_NONE + 1; code < PROBLEM_COUNT; code++)
        if (strcmp(problems[code].slug, slug) == 0)
            return (enum problem_code)code;
    return PROBLEM_NONE;
}
