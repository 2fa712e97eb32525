#!/usr/bin/env bash
# The disk under the database runs full in the middle of the load, once the one of its tables and once the one of its log,
# which stops PostgreSQL altogether: nothing acknowledged is lost, pages are still read, and once there is room again
# submissions are taken without a restart of the server. Small tmpfs are those disks; to mount them root, or sudo, is needed.
# usage: tests/faults/disk_full.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

mount_small() {
    mkdir "$folder/$1"
    as_root mount -t tmpfs -o "size=$2,mode=0711" tmpfs "$folder/$1"
}

# The last of the postmaster's processes hold them for a moment.
unmount() {
    local i
    for i in $(seq 100); do
        as_root umount "$folder/$1" 2>/dev/null && break
        sleep 0.1
    done
    echo "unmounted $1 after $i tries" >&2
}

remove_database() {
    touch "$folder/room"
    unmount pg
    unmount log
}

# PostgreSQL stops itself when the log cannot be written: whoever supervises it starts it again until there is room.
supervise_postmaster() {
    while :; do
        "$checkout/tests/support/cluster.sh" run "$folder/pg" 2>>"$folder/pg.log" || true
        echo ended >>"$folder/ended"
        sleep 0.5
    done
}

# The log moves to its own disk before the first start.
start_postmaster() {
    as_root cp -a "$folder/pg/data/pg_wal" "$folder/log/wal"
    as_root rm -r "$folder/pg/data/pg_wal"
    as_root ln -s "$folder/log/wal" "$folder/pg/data/pg_wal"
    supervise_postmaster &
    postmaster_pid=$!
    children=("$postmaster_pid" "${children[@]}")
}

# Whatever room appears is taken at once, until there is to be room.
fill() {
    while [ ! -e "$folder/room" ]; do
        as_root dd if=/dev/zero of="$folder/$1/filler" bs=64k oflag=append conv=notrunc status=none 2>/dev/null || true
        sleep 0.1
    done
}

await_full() {
    local i
    for i in $(seq 200); do
        [ "$(df --output=avail "$folder/$1" | tail -n 1)" -gt 64 ] || break
        sleep 0.1
    done
    echo "  full after $i tries"
}

# The log's files are used again as long as there are any: until none is left, at the most fifteen seconds.
use_up_log() {
    local i
    for i in $(seq 150); do
        [ ! -s "$folder/ended" ] || break
        query 'select pg_switch_wal()' >/dev/null 2>&1 || true
        sleep 0.1
    done
    echo "  the log was full after $i tries"
}

# $1 pg or log: the disk that runs full; $2 what it is called.
disk_full() {
    load_begin "$1-full"
    fill "$1" &
    local filler=$!
    await_full "$1"
    [ "$1" != log ] || use_up_log
    sleep 2
    verdict "$2 full: pages are still read" 200 "$(page_status)"
    wait "$load_pid" || true
    verdict "$2 full: submissions are refused" yes "$(grep -q 'status_503' "$folder/submit-$1-full" && echo yes)"
    touch "$folder/room"
    wait "$filler"
    as_root rm "$folder/$1/filler"
    rm "$folder/room"
    echo "  room again: submissions taken after $(back_after) s"
    load_judge "$1-full"
    verdict "$2 full: the same server takes submissions" 201 "$(one_submission)"
}

seconds=$((seconds * 2)) # the disk is to be full before the load ends
build
mount_small pg 400m
mount_small log 200m
touch "$folder/ended"
start_database
import_ours
start_server
disk_full pg 'disk of the tables'
verdict 'disk of the tables full: PostgreSQL goes on' 0 "$(wc -l <"$folder/ended")"
disk_full log 'disk of the log'
verdict 'disk of the log full: PostgreSQL had to be started again' yes "$([ -s "$folder/ended" ] && echo yes)"
conclude
