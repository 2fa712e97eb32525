#!/usr/bin/env bash
# Exports of many submissions, each with an answer on every measure and remarks on three: time, throughput and peak
# memory of each format, and CSV against COPY TO of the same rows, side by side; the median of the repetitions' ratios
# is the figure.
# usage: tests/load/export.sh [--count N] [--repetitions N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
count=1000000
repetitions=3
slug=five-year-plan-iti

while [ $# -gt 1 ]; do
    case "$1" in
    --count) count=$2 ;;
    --repetitions) repetitions=$2 ;;
    *)
        echo "usage: export.sh [--count N] [--repetitions N]" >&2
        exit 2
        ;;
    esac
    shift 2
done

"$checkout/deploy/packages.sh" load
# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"

# usage: timed COMMAND…: sets seconds and peak_kib of it.
timed() {
    /usr/bin/time -f '%e %M' -o "$folder/time" "$@"
    read -r seconds peak_kib <"$folder/time"
}

export_file() {
    rm -f "$folder/out.$1"
    timed "$binary" export --set "database=$database" --set "spool_folder=$folder" \
        submissions "$slug-rehearsal" --format "$1" --output "$folder/out.$1"
    [ "$peak_kib" -le "$peak_most" ] || peak_most=$peak_kib
    local bytes
    bytes=$(stat -c %s "$folder/out.$1")
    awk -v f="$1" -v s="$seconds" -v n="$count" -v b="$bytes" -v p="$peak_kib" 'BEGIN {
        printf "%-7s %8.2f s %10.0f submissions/s %8.1f MB/s %7.0f MB, peak %.1f MiB\n",
            f, s, n / s, b / s / 1e6, b / 1e6, p / 1024 }'
}

# All that the database holds of them, which is what the export reads.
copy_tables() {
    timed psql -Xq -d "$owner" -v ON_ERROR_STOP=1 -o "$folder/copy" -c "copy consultation.submissions to stdout" \
        -c "copy consultation.remarks to stdout"
    printf '%-7s %8.2f s\n' copy "$seconds"
}

build
start_database
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" --rehearsal \
    "$checkout/schema/consultations/$slug.json"
timed "$binary" rehearse --set "database=$owner" --set "keys_folder=$folder/keys" --thorough --count "$count" \
    "$slug-rehearsal"
echo "made in $seconds s"
psql -Xq -d "$owner" -c 'vacuum analyze'
read -r submissions remarks answers < <(psql -XAtq -F ' ' -d "$owner" -c "select count(*),
    (select count(*) from consultation.remarks), min(octet_length(stances)) from consultation.submissions")
echo "$submissions submissions of $answers answers, $remarks remarks"
[ "$submissions $remarks $answers" = "$count $((3 * count)) 15" ]

peak_most=0
: >"$folder/ratios"
for _ in $(seq "$repetitions"); do
    copy_tables
    reference=$seconds
    export_file csv
    awk -v r="$reference" -v o="$seconds" 'BEGIN { printf "%.3f\n", r / o }' >>"$folder/ratios"
    rm -f "$folder/copy"
done
[ "$(grep -c '^' "$folder/out.csv")" -ge "$count" ]
export_file ndjson
[ "$(grep -c '^' "$folder/out.ndjson")" = "$count" ]
export_file xlsx
echo
echo "figure: export_csv_per_copy $(sort -g "$folder/ratios" | sed -n "$(((repetitions + 1) / 2))p")"
awk -v p="$peak_most" 'BEGIN { printf "figure: export_peak_mib %.1f\n", p / 1024 }'
