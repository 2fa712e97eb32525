#!/usr/bin/env bash
# Breaks the service under load and looks for what it acknowledged: every receipt given must have its row, and the
# tallies must equal the submissions. Loopback only, bounded in count and time.
# usage: tests/faults/run.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=6
[ "${1:-}" != --seconds ] || seconds=${2:?}
slug=five-year-plan-iti
passed=0
failed=0

# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"

verdict() {
    if [ "$2" = "$3" ]; then
        echo "ok: $1"
        passed=$((passed + 1))
    else
        echo "FAILED: $1: wanted '$2', found '$3'"
        failed=$((failed + 1))
    fi
}

query() {
    psql -XqAt -d "$owner" -c "$1"
}

load_begin() {
    ledger=$folder/ledger-$1
    "$submit" --port "$port" --seconds "$seconds" --count 1000000 --connections 64 --tag "$1" \
        --path "/v1/consultations/$slug/submissions" --ledger "$ledger" >"$folder/submit-$1" &
    load_pid=$!
    sleep $((seconds / 3))
}

# Until the client has ended; then the ledger against the rows.
load_judge() {
    wait "$load_pid" || true
    echo "  $(cat "$folder/submit-$1")"
    wait_for_database
    psql -Xq -d "$owner" >"$folder/missing" <<SQL
create temporary table ledger (number text);
\copy ledger from '$ledger'
\pset tuples_only on
\pset format unaligned
select count(*) from ledger where number not in (select number from consultation.submissions);
SQL
    verdict "$1: every receipt given has its row" 0 "$(cat "$folder/missing")"
    verdict "$1: some receipts were given" yes "$([ -s "$ledger" ] && echo yes || echo no)"
    local status=0
    "$binary" recount --set "database=$owner" "$slug" >"$folder/recount" || status=$?
    verdict "$1: the tallies equal the recount" 0 "$status"
}

wait_for_database() {
    local i
    for i in $(seq 300); do
        query 'select 1' >/dev/null 2>&1 && return
        sleep 0.1
    done
    echo "the database did not come back after $i tries" >&2
    exit 1
}

one_submission() {
    curl -s -o /dev/null -w '%{http_code}' -m 10 -X POST \
        -H 'Content-Type: application/json' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
        -d "{\"kind\":\"individual\",\"publication\":\"none\",\"identity\":{\"kind\":\"email\",\"value\":\"$RANDOM$RANDOM@example.org\"},\"answers\":{\"1-1\":{\"stance\":4}}}" \
        "http://127.0.0.1:$port/v1/consultations/$slug/submissions" || true
}

# Seconds until a submission is taken again without a restart of the server; at the most a minute.
back_after() {
    local begin i
    begin=$(date +%s.%N)
    for i in $(seq 300); do
        [ "$(one_submission)" != 201 ] || break
        sleep 0.2
    done
    awk -v b="$begin" -v e="$(date +%s.%N)" -v i="$i" 'BEGIN { printf "%s", i < 300 ? e - b : "never" }'
}

server_killed() {
    load_begin server-killed
    kill -9 "$server_pid"
    wait "$server_pid" 2>/dev/null || true
    load_judge server-killed
    start_server
    verdict 'server killed: a new one takes submissions' 201 "$(one_submission)"
}

postmaster_killed() {
    load_begin postmaster-killed
    local postmaster
    postmaster=$(head -n 1 "$folder/pg/data/postmaster.pid")
    kill -9 "$postmaster"
    wait "$postmaster_pid" 2>/dev/null || true
    # The next start is refused until the last orphan is gone.
    local i
    for i in $(seq 50); do
        start_postmaster
        sleep 0.5
        kill -0 "$postmaster_pid" 2>/dev/null && break
    done
    wait_for_database
    echo "  postmaster killed: submissions taken again after $(back_after) s ($i starts)"
    load_judge postmaster-killed
    verdict 'postmaster killed: the same server takes submissions' 201 "$(one_submission)"
}

backends_killed() {
    load_begin backends-killed
    query "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename <> 'postgres'" >/dev/null
    load_judge backends-killed
    verdict 'backends killed: the same server takes submissions' 201 "$(one_submission)"
}

database_frozen() {
    load_begin database-frozen
    local pids
    pids=$(pgrep -g "$(ps -o pgid= -p "$(head -n 1 "$folder/pg/data/postmaster.pid")" | tr -d ' ')" postgres)
    # shellcheck disable=SC2086
    kill -STOP $pids
    verdict 'database frozen: pages are still read' 200 "$(curl -s -m 2 -o /dev/null -w '%{http_code}' \
        "http://127.0.0.1:$port/en/consultations/$slug")"
    sleep 2
    # shellcheck disable=SC2086
    kill -CONT $pids
    load_judge database-frozen
    verdict 'database frozen: the same server takes submissions' 201 "$(one_submission)"
}

"$checkout/deploy/packages.sh" test load
build
start_database
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" \
    "$checkout/schema/consultations/$slug.json"
start_server
server_killed
backends_killed
database_frozen
postmaster_killed
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
