#!/usr/bin/env bash
# Every rule is tried in constraints.sql and its two neighbours, under its name; the keys that any row of a table breaks alike are not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for file in constraints constraints_responses constraints_institutions; do
    psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" -f "$here/$file.sql"
done
untried=$(psql -XAtq "$SUPERUSER" -c "
    select conname from pg_constraint
     where connamespace = 'consultation'::regnamespace and contype in ('c', 'f', 'u')
       and conrelid::regclass::text !~ '(directions|measures|questions|sectors|terms|audit_log)'
       and conname not in ('releases_consultation_fkey', 'releases_document') -- as tallies'; refused before it is asked
     union
    select indexrelid::regclass::text from pg_index
     where indisunique and indexrelid::regclass::text ~ '^consultation.*_(counted|once)$'" |
    while read -r name; do
        grep -qF "${name#consultation.}" "$here"/constraints*.sql || echo "$name"
    done)
if [ -n "$untried" ]; then
    echo "rules that are not tried:" "$untried" >&2
    exit 1
fi
