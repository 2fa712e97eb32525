# shellcheck shell=bash
# What every fault has in common: load with a ledger of receipts, and the judgement afterwards. Sourced by each fault's script
# with its arguments; brings the stack along.
# shellcheck disable=SC2154,SC2034

# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"

slug=five-year-plan-iti
seconds=6
[ "${1:-}" != --seconds ] || seconds=${2:?}
passed=0
failed=0

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

import_ours() {
    "$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" "$checkout/schema/consultations/$slug.json"
}

page_status() {
    curl -s -m 2 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/en/consultations/$slug" || true
}

# The last line of a fault's script, and its exit code.
conclude() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# $1 its name; further words go to the client.
load_begin() {
    ledger=$folder/ledger-$1
    "$submit" --port "$port" --seconds "$seconds" --count 1000000 --tag "$1" "${@:2}" \
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
    curl -s -o /dev/null -w '%{http_code}' -m 20 -X POST \
        -H 'Content-Type: application/json' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
        -d "{\"kind\":\"individual\",\"publication\":\"none\",\"identity\":{\"kind\":\"email\",\"value\":\"$RANDOM$RANDOM@example.org\"},\"answers\":{\"1-1\":{\"stance\":4}}}" \
        "http://127.0.0.1:$port/v1/consultations/$slug/submissions" || true
}

# Seconds until a submission is taken again without a restart of the server.
back_after() {
    local begin i
    begin=$(date +%s.%N)
    for i in $(seq 300); do
        [ "$(one_submission)" != 201 ] || break
        sleep 0.2
    done
    awk -v b="$begin" -v e="$(date +%s.%N)" -v i="$i" 'BEGIN { printf "%s", i < 300 ? e - b : "never" }'
}
