#!/usr/bin/env bash
# A dump of the database, and the proof that it can be restored: it is read back into a throw-away cluster and recounted there.
# Keys are not in it and never should be: they are copied by hand, to another place, by another person (runbook.md).
# usage: deploy/backup.sh CONNINFO FOLDER     (CONNINFO: a login that may read everything; FOLDER: must not be readable by others)
set -euo pipefail

if [ $# -ne 2 ]; then
    echo "usage: $0 CONNINFO FOLDER" >&2
    exit 2
fi
database=$1
folder=$2
bin=/usr/lib/postgresql/15/bin
dump=$folder/consultation-$(date -u +%Y%m%dT%H%M%SZ).dump
scratch=

finish() {
    if [ -n "$scratch" ]; then
        "$bin/pg_ctl" --pgdata "$scratch/data" --mode immediate --silent stop >/dev/null 2>&1 || true
        rm -rf "$scratch"
    fi
}
trap finish EXIT

if [ "$(id -u)" = 0 ]; then
    echo "backup: run it as the database's account, not as root" >&2
    exit 2
fi

umask 077
"$bin/pg_dump" --format custom --no-password --file "$dump.part" "$database"
sync -f "$dump.part"
mv "$dump.part" "$dump"

# The rehearsal of a restore.
scratch=$(mktemp -d /tmp/restore-XXXXXX)
"$bin/initdb" --pgdata "$scratch/data" --username postgres --auth trust --no-sync >/dev/null
"$bin/pg_ctl" --pgdata "$scratch/data" --silent --wait --log "$scratch/log" \
    --options "-k $scratch -c listen_addresses= -c fsync=off" start >/dev/null
restored="host=$scratch user=postgres dbname=restored"
psql -Xq -v ON_ERROR_STOP=1 -d "host=$scratch user=postgres dbname=postgres" -c 'create database restored'
psql -Xq -v ON_ERROR_STOP=1 -d "$restored" -f "$(dirname "$0")/../schema/roles.sql"
"$bin/pg_restore" --no-password --exit-on-error --dbname "$restored" "$dump"

# As many submissions as the dump was taken of, and every consultation's sums agree with its rows.
psql -XAt -v ON_ERROR_STOP=1 -d "$restored" <<'SQL'
set search_path = consultation;
select count(*) || ' submissions of ' || (select count(*) from consultations) || ' consultations restored' from submissions;
select case when (select coalesce(sum(received), 0) from submission_tallies) = (select count(*) from submissions)
            then 'their tallies agree' else 'THEIR TALLIES DO NOT AGREE: run recount' end;
SQL
echo "$dump"
