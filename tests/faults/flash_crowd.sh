#!/usr/bin/env bash
# A flash crowd: thirty times the mean of submissions from one second to the next, and readers beside them. The mean is a tenth
# of what this machine takes, so the crowd is three times that. Nobody waits long for an answer, pages are read meanwhile, and
# ten seconds after the crowd has gone the times are what they were.
# usage: tests/faults/flash_crowd.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"

# Submissions at so many a second for so long; its line of figures.
send() {
    "$submit" --port "$port" --count 1000000 --path "/v1/consultations/$slug/submissions" "$@"
}

figure() {
    sed -n "s/.* $1 \([0-9.]*\).*/\1/p" <<<" $2"
}

at_most() {
    awk -v a="$1" -v b="$2" 'BEGIN { print a <= b ? "yes" : "no" }'
}

# The last but two of fifty page reads on connections of their own, in seconds; 99 for one that failed.
slow_page() {
    local i
    for i in $(seq 50); do
        curl -s -f -m 5 -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/en/consultations/$slug/measures/1-$((i % 7 + 1))" ||
            echo 99
        sleep 0.1
    done | sort -g | tail -n 3 | head -n 1
}

build
start_database
import_ours
start_server
most=$(figure per_second "$(send --tag most --seconds "$seconds")")
mean=$(awk -v m="$most" 'BEGIN { printf "%d", m / 10 }')
before=$(send --tag before --seconds "$seconds" --rate "$mean")
echo "  most $most a second; at the mean of $mean: $before"

seconds=$((seconds * 3))
load_begin flash-crowd --connections 1000 --rate $((mean * 30))
wrk --threads 1 --connections 200 --duration "${seconds}s" "http://127.0.0.1:$port/v1/consultations/$slug/measures/1-1/tally" \
    >"$folder/wrk" &
readers=$!
slow=$(slow_page)
echo "  slow page: $slow s"
verdict 'flash crowd: pages are read within a second' yes "$(at_most "$slow" 1)"
wait "$readers" || true
grep -E 'Requests/sec|Socket errors|Non-2xx' "$folder/wrk" | sed 's/^ */  readers: /'
verdict 'flash crowd: every reader was answered well' '' "$(grep -E 'Socket errors|Non-2xx' "$folder/wrk" || true)"
load_judge flash-crowd
crowd=$(cat "$folder/submit-flash-crowd")
verdict 'flash crowd: every submission was answered' 0 "$(figure lost "$crowd")"
verdict 'flash crowd: ninety-nine of a hundred were answered within two seconds' yes "$(at_most "$(figure p99_ms "$crowd")" 2000)"
sleep 10
after=$(send --tag after --seconds 5 --rate "$mean")
echo "  ten seconds later: $after"
verdict 'flash crowd: back to normal' yes "$(at_most "$(figure p99_ms "$after")" \
    "$(awk -v b="$(figure p99_ms "$before")" 'BEGIN { print 2 * b + 20 }')")"

# The same crowd before a queue of few places: whoever finds none is told so instead of waiting.
kill "$server_pid"
wait "$server_pid" || true
server_options=(--set queue_places=16)
start_server
load_begin short-queue --connections 1000
load_judge short-queue
crowd=$(cat "$folder/submit-short-queue")
verdict 'short queue: some found no place' yes "$([ "$(figure status_503 "$crowd")" ] && echo yes || echo no)"
verdict 'short queue: ninety-nine of a hundred were answered within a second' yes "$(at_most "$(figure p99_ms "$crowd")" 1000)"
verdict 'short queue: all others were recorded' '' "$(sed -E 's/.* refused_most_ms [0-9.]+//; s/ status_503 [0-9]+//' <<<"$crowd")"
conclude
