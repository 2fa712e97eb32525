#!/usr/bin/env bash
# README's first command, with the programs of a build that is there: it fills an empty folder and serves, ends when told to, with
# nothing of it left running, and goes on with the same data the next time.
# usage: first_command.sh BUILD
set -euo pipefail

build=${1:?}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d /tmp/first.XXXXXX)
run_pid=

end() {
    [ -z "$run_pid" ] || kill -TERM "$run_pid" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap end EXIT

fail() {
    echo "first_command: $1" >&2
    cat "$folder/words" >&2
    exit 1
}

start() {
    "$checkout/deploy/run.sh" --build "$build" --data "$folder/data" --port 0 --inner-port 0 --submissions 20 >"$folder/words" 2>&1 &
    run_pid=$!
    for _ in $(seq 1200); do
        grep -q '^Serving' "$folder/words" && return
        kill -0 "$run_pid" 2>/dev/null || fail "it ended by itself"
        sleep 0.1
    done
    fail "it does not serve"
}

# usage: ask listening|inner PATH
ask() {
    local port
    port=$(sed -n "s|^$1 http://[^:]*:||p" "$folder/data/log/addresses")
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
    cat <&3 >"$folder/reply"
    exec 3<&-
    grep -q '^HTTP/1.1 200' "$folder/reply"
}

# usage: expect listening|inner PATH WORDS
expect() {
    ask "$1" "$2" || fail "$2: $(cat "$folder/reply")"
    grep -q "$3" "$folder/reply" || fail "$2 does not say «$3»"
}

stop() {
    kill -TERM "$run_pid"
    wait "$run_pid" || fail "it ended with $?"
    run_pid=
    ! pgrep -f "$folder/data" >"$folder/left" || fail "still running: $(tr '\n' ' ' <"$folder/left")"
}

# The account that the service runs as must reach its data.
chmod 0711 "$folder"
start
expect listening /en/consultations/five-year-plan-iti 'five-year plan'
expect listening /en/institutions 'The University of Hong Kong'
for _ in $(seq 100); do
    ! ask inner /v1/health/ready || break
    sleep 0.1
done
expect inner /v1/health/ready '"writer":"ok"'
grep -q '20 submissions more, it holds 20' "$folder/words" || fail "the rehearsal is not filled"
stop
start
expect listening /v1/consultations/five-year-plan-iti-rehearsal/tally five-year-plan-iti-rehearsal
! grep -q 'submissions more' "$folder/words" || fail "the second run filled the rehearsal once more"
stop
