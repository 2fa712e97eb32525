#!/usr/bin/env bash
# Server, backends and postmaster killed, the database frozen, each in the middle of the load: nothing acknowledged is lost,
# and the tallies equal the submissions.
# usage: tests/faults/killed.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"

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
    verdict 'database frozen: pages are still read' 200 "$(page_status)"
    sleep 2
    # shellcheck disable=SC2086
    kill -CONT $pids
    load_judge database-frozen
    verdict 'database frozen: the same server takes submissions' 201 "$(one_submission)"
}

build
start_database
import_ours
start_server
server_killed
backends_killed
database_frozen
postmaster_killed
conclude
