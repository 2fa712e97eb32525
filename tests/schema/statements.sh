#!/usr/bin/env bash
# Every statement of schema/queries is prepared by each role that it names, and by psql as it stands; as many parameters as its highest
# number; and is denied to no role that it names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

prepared=$(cat "$here"/../../schema/queries/*.sql | awk '
    /^-- name: / { name = $3; next }
    /^-- role: / { sub(/^-- role: */, ""); count = split($0, roles, /, */); text = ""; next }
    /^[ \t]*(--.*)?$/ { next }
    name != "" { text = text $0 "\n" }
    name != "" && /;[ \t]*$/ {
        for (i = 1; i <= count; i++)
            printf "\\echo %s as %s\nset role consultation_%s;\nprepare %s_%s as %s", name, roles[i], roles[i], name, roles[i], text
        highest = 0
        rest = text
        while (match(rest, /\$[0-9]+/)) {
            n = substr(rest, RSTART + 1, RLENGTH - 1) + 0
            if (n > highest)
                highest = n
            rest = substr(rest, RSTART + RLENGTH)
        }
        printf "reset role;\nselect tests.same((select cardinality(parameter_types) from pg_prepared_statements where name = '\''%s_%s'\''), %d, '\''parameters of %s'\'') \\g /dev/null\n", name, roles[count], highest, name
        name = ""
    }')
[ "$(grep -c '^prepare' <<<"$prepared")" -gt 20 ]
# Preparing asks for no rights; the first execution does. explain asks for them and runs nothing.
granted=$(sed -nE 's/^prepare ([a-z_]+_(reader|writer|exporter|official|owner)) as.*/\1/p' <<<"$prepared" | while read -r name; do
    printf '\\echo executing %s as %s\n' "$name" "${name##*_}"
    echo "set role consultation_${name##*_};"
    echo "select format('explain execute %I%s', name, case when parameter_types <> '{}' then
        '(' || (select string_agg('null', ', ') from unnest(parameter_types)) || ')' else '' end) from pg_prepared_statements where name = '$name' \\gexec"
done)
{
    echo 'set search_path = consultation, pg_temp;'
    echo "$prepared"
    echo "$granted"
} | psql -Xqt -v ON_ERROR_STOP=1 "$SUPERUSER" >"/tmp/statements.$$" || {
    grep ' as ' "/tmp/statements.$$" | tail -n 1 >&2
    rm "/tmp/statements.$$"
    exit 1
}
rm "/tmp/statements.$$"
