#!/usr/bin/env bash
# One test of the schema on a database of its own, copied from a migrated one in a cluster that all of them share.
#   run.sh start FOLDER        makes the cluster (ctest's fixture), FOLDER short and new
#   run.sh stop FOLDER
#   run.sh NAME FOLDER         tests/schema/NAME.sql with psql, or NAME.sh with DATABASE and SUPERUSER set
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=${1:?}
folder=${2:?}
cluster=$here/../support/cluster.sh

case "$name" in
start)
    "$cluster" stop "$folder" 2>/dev/null || true
    "$cluster" start "$folder" >/dev/null
    exit
    ;;
stop)
    exec "$cluster" stop "$folder"
    ;;
esac

database=test_$name
export SUPERUSER="host=$folder user=postgres dbname=$database"
export DATABASE="host=$folder user=consultation_login dbname=$database"
psql -Xq "host=$folder user=postgres dbname=postgres" -c "drop database if exists $database" \
    -c "create database $database template consultation" 2>/dev/null ||
    { sleep 1 && createdb -h "$folder" -U postgres -T consultation "$database"; }
# A copy does not take over what was granted on the database itself.
psql -Xq "$SUPERUSER" -f "$here/../../schema/roles.sql"
psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" -f "$here/support.sql"

export PGOPTIONS='-c client_min_messages=warning'
if [ -f "$here/$name.sh" ]; then
    "$here/$name.sh"
else
    psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" -f "$here/$name.sql"
fi
[ "${KEEP:-}" ] || dropdb -h "$folder" -U postgres "$database"
