#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

/* What went wrong, as a value: filled or returned anywhere, turned into HTTP only by
 * http/problem.c. */
enum problem_code {
    PROBLEM_NONE,
#define PROBLEM(name, code, status) PROBLEM_##name,
#include "base/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

enum { FAULT_POINTER = 96, FAULTS_MOST = 64 };

/* One fault in what was sent. `pointer` is a JSON Pointer (RFC 6901), which is also the form
 * field's name; or a header's name for a problem of the request. `limit` is the bound that was
 * passed, 0 if none. */
struct fault {
    enum problem_code code;
    char pointer[FAULT_POINTER];
    long limit;
    long over; /* by how much, where a form says so; else 0 */
};

/* All faults of one input; those beyond the last place are counted, not kept. */
struct faults {
    size_t count; /* kept */
    size_t lost;
    struct fault list[FAULTS_MOST];
};

void faults_add(struct faults *faults, enum problem_code code, long limit, const char *pointer, ...)
    __attribute__((format(printf, 4, 5)));

const char *problem_slug(enum problem_code code); /* the stable code; static */
int problem_status(enum problem_code code);       /* HTTP status */
enum problem_code problem_find(const char *slug); /* PROBLEM_NONE if unknown */

#endif
