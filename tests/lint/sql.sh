#!/usr/bin/env bash
# No SQL is put together from strings: statements stand in schema/queries, values are parameters.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
found=0
refuse() {
    local why=$1
    shift
    if "$@"; then
        echo "^ $why" >&2
        found=1
    fi
}
refuse "libpq is called by server/store only" \
    grep -rnE '\bPQ(exec|sendQuery|prepare)[A-Za-z]*\(' server --include='*.c' --exclude-dir=store
refuse "a statement in C: it belongs into schema/queries" \
    grep -rniE '"[^"]*\b(select|insert into|update|delete from|set local|set role)\b [^"]*(%|\b(from|where|values|set)\b)' \
    server --include='*.c' --include='*.h' --exclude-dir=commands
refuse "PQexec takes text without parameters" \
    grep -rnE '\bPQexec\([^)]*(%|buf|format)' server/store --include='*.c'
refuse "dynamic SQL in a function" \
    grep -rniP '^[^-]*\bexecute\b(?! (function|procedure|on)\b)' schema --include='*.sql'
exit "$found"
