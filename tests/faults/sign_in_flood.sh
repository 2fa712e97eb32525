#!/usr/bin/env bash
# A thousand wrong passwords in a minute, from two hundred networks, for one official's account, beside submissions at a normal
# rate: these are answered as fast as without (their p99 at most 1.5 times), and the official signs in all the same.
# usage: tests/faults/sign_in_flood.sh [--seconds N]     N for the flood, 60 unless said
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"
[ $# -gt 0 ] || seconds=60
rate=50

# Submissions at the rate for so long; their p99 in milliseconds.
p99() {
    local line
    line=$("$submit" --port "$port" --count 1000000 --path "/v1/consultations/$slug/submissions" --connections 8 \
        --rate "$rate" --seconds "$seconds" --tag "$1")
    echo "  $1: $line" >&2
    sed -n 's/.* p99_ms \([0-9.]*\).*/\1/p' <<<" $line"
}

# The account by the command and the pages, without a second factor: what is flooded is the password.
set_up() {
    local link token
    link=$("$binary" official add holder --password-only --set "database=$database" --set "port=$port")
    token=$(sed -n 's/.*#//p' <<<"$link")
    curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/en/officials/set-up" --data-urlencode "/token=$token" \
        --data-urlencode '/password=correct horse battery' --data-urlencode '/again=correct horse battery'
}

build
start_database
import_ours
start_server
verdict 'sign-in flood: the account is set up' 200 "$(set_up)"
before=$(p99 before)
python3 "$checkout/tests/faults/sign_in_flood.py" "$port" 1000 "$seconds" >"$folder/flood" &
flood=$!
during=$(p99 during)
wait "$flood"
sed 's/^/  /' "$folder/flood"
ratio=$(awk -v b="$before" -v d="$during" 'BEGIN { printf "%.2f", d / b }')
echo "figure: sign_in_flood_p99_ratio $ratio"
verdict 'sign-in flood: submissions as fast as before' yes "$(awk -v r="$ratio" 'BEGIN { print r <= 1.5 ? "yes" : "no" }')"
verdict 'sign-in flood: every try was answered' '' "$(grep -o ' 0:[0-9]*' "$folder/flood" || true)"
verdict 'sign-in flood: the official signed in' 303 "$(sed -n 's/^holder \([0-9]*\) .*/\1/p' "$folder/flood")"
conclude
