#!/usr/bin/env bash
# The database's side of it is comments.sql; here: no object's comment is written twice in one migration, or in the functions. (A later
# migration may say anew what an earlier one said, since that is never edited.)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" -f "$here/comments.sql"
cd "$here/../../schema"
twice() {
    cat "$@" | { grep -oiE '^comment on (table|column|view|function|type|index|constraint) [a-z0-9_.]+(\([^)]*\))?' || true; } | sort | uniq -d
}
found=$(twice functions/*.sql && for file in migrations/*.sql; do twice "$file"; done)
if [ -n "$found" ]; then
    echo "written twice: $found" >&2
    exit 1
fi
