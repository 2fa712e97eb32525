#!/usr/bin/env bash
# The database's side of it is comments.sql; here: no object's comment is written twice in the files.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" -f "$here/comments.sql"
cd "$here/../../schema"
twice=$(cat migrations/*.sql functions/*.sql | grep -oiE '^comment on (table|column|view|function|type|index|constraint) [a-z0-9_.]+(\([^)]*\))?' | sort | uniq -d)
if [ -n "$twice" ]; then
    echo "written twice: $twice" >&2
    exit 1
fi
