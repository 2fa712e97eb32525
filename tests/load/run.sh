#!/usr/bin/env bash
# Speed, as ratios taken side by side: reads against nginx serving the same bytes, submissions against pgbench inserting
# the same. Reference and ours alternate within each repetition; the median of the repetitions' ratios is the figure.
# usage: tests/load/run.sh [--seconds N] [--repetitions N] [--million N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=8
repetitions=3
million=1000000
slug=five-year-plan-iti
reads=64

# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"
# shellcheck source=tests/load/measure.sh
. "$checkout/tests/load/measure.sh"

while [ $# -gt 1 ]; do
    case "$1" in
    --seconds) seconds=$2 ;;
    --repetitions) repetitions=$2 ;;
    --million) million=$2 ;;
    *)
        echo "usage: run.sh [--seconds N] [--repetitions N] [--million N]" >&2
        exit 2
        ;;
    esac
    shift 2
done

"$checkout/deploy/packages.sh" test load
build
start_database
psql -Xq -d "$owner" -f "$checkout/tests/load/reference.sql"
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" \
    "$checkout/schema/consultations/$slug.json"
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" --rehearsal \
    "$checkout/schema/consultations/$slug.json"
sed "s/\"slug\": \"$slug\"/\"slug\": \"small\"/" "$checkout/schema/consultations/$slug.json" >"$folder/small.json"
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" --rehearsal "$folder/small.json"
for rehearsal in "$slug-rehearsal" small-rehearsal; do
    "$binary" rehearse --set "database=$owner" --set "keys_folder=$folder/keys" --count 1000 "$rehearsal"
done
start_server
rest_memory=$(server_memory)
wait_for_release
keep_bytes
start_nginx

tally=/v1/consultations/$slug-rehearsal/measures/1-1/tally
page=/en/consultations/$slug-rehearsal/measures/1-1
for repetition in $(seq "$repetitions"); do
    echo "repetition $repetition of $repetitions" >&2
    compare tally_reads_per_nginx "$(read_rate "$nginx_port" /tally.json)" "$(read_rate "$port" "$tally")"
    compare page_reads_brotli_per_nginx "$(read_rate "$nginx_port" /page.br "$browser")" \
        "$(read_rate "$port" "$page" "$browser")"
    compare page_reads_per_nginx "$(read_rate "$nginx_port" /page.html)" \
        "$(read_rate "$port" "$page")"
    reference=$(pgbench_rate)
    submit_rate "$repetition"
    compare submissions_per_pgbench "$reference" "$submitted"
    note submission_p50_ms "$p50"
    note submission_p99_ms "$p99"
done
load_memory=$(server_memory)

"$binary" rehearse --set "database=$owner" --set "keys_folder=$folder/keys" --count "$million" \
    "$slug-rehearsal"
wait_for_newer_release
for _ in $(seq "$repetitions"); do
    compare tally_read_1m_per_1k "$(read_rate "$port" "${tally/$slug/small}")" "$(read_rate "$port" "$tally")"
done

table
