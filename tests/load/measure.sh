# Parts of run.sh: measuring, and the table. Sourced, never run.
# shellcheck shell=bash
# The variables are those of run.sh.
# shellcheck disable=SC2154,SC2034

results=$folder/results
ratios=(tally_reads_per_nginx page_reads_brotli_per_nginx page_reads_per_nginx submissions_per_pgbench
    tally_read_1m_per_1k)

wait_for_release() {
    local i
    for i in $(seq 100); do
        curl -s "http://127.0.0.1:$port/v1/consultations/$slug-rehearsal/tally" |
            grep -q '"release":{' && return
        sleep 0.1
    done
    echo "no release after $i tries" >&2
    exit 1
}

# Until a release says something else than the one that was kept before the loading.
wait_for_newer_release() {
    local i
    for i in $(seq 100); do
        curl -s "http://127.0.0.1:$port$tally" | cmp -s - "$folder/files/tally.json" || return 0
        sleep 0.1
    done
    echo "no newer release after $i tries" >&2
    exit 1
}

# What browsers say they understand; wrk says nothing, and gets the page uncompressed.
browser='Accept-Encoding: gzip, deflate, br'

# The very bytes that the server sends, for nginx.
keep_bytes() {
    mkdir -p "$folder/files"
    local base=http://127.0.0.1:$port
    curl -sf -o "$folder/files/tally.json" "$base/v1/consultations/$slug-rehearsal/measures/1-1/tally"
    curl -sf -o "$folder/files/page.html" "$base/en/consultations/$slug-rehearsal/measures/1-1"
    curl -sf -o "$folder/files/page.br" -H "$browser" "$base/en/consultations/$slug-rehearsal/measures/1-1"
    chmod -R a+rX "$folder/files"
}

start_nginx() {
    nginx_port=$((port > 60000 ? port - 1000 : port + 1000))
    sed -e "s|@FOLDER@|$folder|g" -e "s|@PORT@|$nginx_port|g" "$checkout/tests/load/nginx.conf.in" \
        >"$folder/nginx.conf"
    nginx -e "$folder/nginx-error.log" -c "$folder/nginx.conf" 2>"$folder/nginx.log" &
    children=("$!" "${children[@]}")
    sleep 1
}

# usage: read_rate PORT PATH [HEADER]
read_rate() {
    wrk -t 1 -c "$reads" -d "${seconds}s" ${3:+-H "$3"} "http://127.0.0.1:$1$2" >"$folder/wrk.out"
    if grep -q 'Non-2xx' "$folder/wrk.out"; then
        echo "wrk: other answers than 200 from port $1 for $2" >&2
        exit 1
    fi
    sed -n 's/^Requests\/sec: *//p' "$folder/wrk.out"
}

pgbench_rate() {
    /usr/lib/postgresql/15/bin/pgbench -n -M prepared -c 16 -j 1 -T "$seconds" \
        -f "$checkout/tests/load/reference.pgbench" "$owner" 2>"$folder/pgbench.log" |
        sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# One client after the other: sets submitted, p50, p99.
submit_rate() {
    "$submit" --port "$port" --connections 64 --seconds "$seconds" --count 10000000 \
        --tag "run$1" --path "/v1/consultations/$slug/submissions" >"$folder/submit.out"
    echo "  $(cat "$folder/submit.out")" >&2
    read -r _ _ _ submitted _ p50 _ p99 _ <"$folder/submit.out"
}

note() {
    echo "$1 $2" >>"$results"
}

# A ratio of one repetition, ours over the reference.
compare() {
    echo "  $1: reference $2, ours $3" >&2
    note "$1" "$(awk -v r="$2" -v o="$3" 'BEGIN { printf "%.3f", o / r }')"
    note "$1.reference" "$2"
    note "$1.ours" "$3"
}

# Median, lowest and highest of what was noted under a name.
spread() {
    sed -n "s/^$1 //p" "$results" | sort -g |
        awk '{ v[NR] = $1 } END { printf "%s %s %s\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

table() {
    local name median lowest highest
    printf '\n%-28s %12s %12s %12s\n' figure median lowest highest
    for name in "${ratios[@]}"; do
        for part in "$name" "$name.reference" "$name.ours"; do
            read -r median lowest highest < <(spread "$part")
            printf '%-36s %12s %12s %12s\n' "$part" "$median" "$lowest" "$highest"
        done
    done
    for name in submission_p50_ms submission_p99_ms; do
        read -r median lowest highest < <(spread "$name")
        printf '%-36s %12s %12s %12s\n' "$name" "$median" "$lowest" "$highest"
    done
    printf '%-36s %12s\n%-36s %12s\n' memory_at_rest_mib "$rest_memory" memory_under_load_mib "$load_memory"
    echo
    for name in "${ratios[@]}"; do
        read -r median _ < <(spread "$name")
        echo "figure: $name $median"
    done
}
