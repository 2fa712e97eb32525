#!/usr/bin/env bash
# The disk under the database runs full in the middle of the load: nothing acknowledged is lost, pages are still read, and
# once there is room again submissions are taken without a restart of the server. A small tmpfs is that disk; to mount one
# root, or sudo, is needed.
# usage: tests/faults/disk_full.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=6
[ "${1:-}" != --seconds ] || seconds=${2:?}

# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

unmount() {
    finish || true
    as_root umount "$folder/pg" 2>/dev/null || true
    rm -rf "$folder"
}

# PostgreSQL stops itself when the log cannot be written: whoever supervises it starts it again until there is room.
supervise_postmaster() {
    while :; do
        "$checkout/tests/support/cluster.sh" run "$folder/pg" 2>>"$folder/pg.log" || true
        sleep 0.5
    done
}

start_postmaster() {
    supervise_postmaster &
    postmaster_pid=$!
    children=("$postmaster_pid" "${children[@]}")
}

build
mkdir "$folder/pg"
as_root mount -t tmpfs -o size=400m,mode=0711 tmpfs "$folder/pg"
trap unmount EXIT
start_database
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" \
    "$checkout/schema/consultations/$slug.json"
start_server

load_begin disk-full
as_root dd if=/dev/zero of="$folder/pg/filler" bs=1M status=none 2>/dev/null || true
sleep 1
verdict 'disk full: a submission is refused, not lost' 503 "$(one_submission)"
verdict 'disk full: pages are still read' 200 "$(curl -s -m 2 -o /dev/null -w '%{http_code}' \
    "http://127.0.0.1:$port/en/consultations/$slug")"
wait "$load_pid" || true
as_root rm "$folder/pg/filler"
echo "  room again: submissions taken after $(back_after) s"
load_judge disk-full
verdict 'disk full: the same server takes submissions' 201 "$(one_submission)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
