#!/usr/bin/env bash
# What embed_sql.cmake makes, and what it refuses.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/schema/queries" "$work/schema/migrations" "$work/out"
touch "$work/schema/migrations/0000_a.sql" "$work/schema/migrations/0012_b.sql"

embed() {
    cat >"$work/schema/queries/thing.sql"
    cmake -DSCHEMA="$work/schema" -DOUTPUT="$work/out" -P "$here/../../server/store/embed_sql.cmake" >"$work/words" 2>&1
}
# refused WHY, with the file on standard input
refused() {
    if embed || ! grep -qF "$1" "$work/words"; then
        echo "not refused with '$1':" >&2
        cat "$work/words" >&2
        exit 1
    fi
}

embed <<'EOF'
-- A file of things.
-- name: thing_one
-- role: reader, owner
select a[1], 'it"s; \ here' -- kept: not at the line's start
  from t
 -- left out
 where b = $2::text and c = any ($10::int4[]);

-- name: thing_two
-- role: writer
select 1;
EOF
grep -qF 'SCHEMA_VERSION = 12' "$work/out/statements.h"
grep -qF 'STATEMENT_THING_ONE,' "$work/out/statements.h"
grep -qF '1u << DB_READER | 1u << DB_OWNER, 10}' "$work/out/statements.c"
grep -qF '1u << DB_WRITER, 0}' "$work/out/statements.c"
grep -qF '"select a[1], '\''it\"s; \\ here'\'' -- kept' "$work/out/statements.c"
if grep -q 'left out' "$work/out/statements.c"; then
    echo "a comment was embedded" >&2
    exit 1
fi
# The same again leaves the files alone, so that nothing is built anew.
before=$(stat -c %Y.%Z "$work/out/statements.h")
cmake -DSCHEMA="$work/schema" -DOUTPUT="$work/out" -P "$here/../../server/store/embed_sql.cmake"
[ "$(stat -c %Y.%Z "$work/out/statements.h")" = "$before" ]

refused 'this name stands twice' <<<$'-- name: thing_a\n-- role: reader\nselect 1;\n-- name: thing_a\n-- role: reader\nselect 2;'
refused "does not begin with the file's name" <<<$'-- name: other_a\n-- role: reader\nselect 1;'
refused 'unknown role king' <<<$'-- name: thing_a\n-- role: king\nselect 1;'
refused 'no ' <<<$'-- name: thing_a\nselect 1;'
refused 'not ended by a semicolon' <<<$'-- name: thing_a\n-- role: reader\nselect 1'
refused 'not ended by a semicolon' <<<$'-- name: thing_a\n-- role: reader\nselect 1\n-- name: thing_b\n-- role: reader\nselect 2;'
refused 'SQL outside a statement' <<<$'select 1;'
