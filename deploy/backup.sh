#!/usr/bin/env bash
# A dump of the database, and the proof that it can be restored: it is read back into a throw-away cluster and recounted there.
# Keys are not in it and never should be: they are copied by hand, to another place, by another person (runbook.md).
# Attached files are not in it either: ATTACHMENTS is their copy (runbook.md), which the rehearsal holds against the dump.
# usage: deploy/backup.sh CONNINFO FOLDER [ATTACHMENTS]     (CONNINFO: a login that may read everything; FOLDER: must not be readable by
# others)
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: $0 CONNINFO FOLDER [ATTACHMENTS]" >&2
    exit 2
fi
database=$1
folder=$2
attachments=${3:-}
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

# Every file that the dump names is in the copy, and is what it is called.
check_attachments() {
    local hex
    psql -XAt -v ON_ERROR_STOP=1 -d "$restored" -c "select distinct encode(sha256, 'hex') from consultation.attachments a
        where consultation.attachment_is_named(a.sha256)" | while read -r hex; do
        echo "$hex  $attachments/${hex:0:2}/${hex:2}"
    done >"$scratch/attachments"
    if [ -s "$scratch/attachments" ]; then
        sha256sum --check --quiet --strict "$scratch/attachments"
    fi
    echo "$(wc -l <"$scratch/attachments") attached files are whole"
}
[ -z "$attachments" ] || check_attachments
echo "$dump"
