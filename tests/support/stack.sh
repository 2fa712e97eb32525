# A whole stack of release build, throw-away cluster and server, for runs that measure or break it. Sourced, never run.
# shellcheck shell=bash
# `checkout` is the caller's; what is set here is used there.
# shellcheck disable=SC2154,SC2034

folder=$(mktemp -d /tmp/load-XXXXXX)
children=()

# All are told first and waited for then: a postmaster goes once its clients are gone.
finish() {
    local pid
    for pid in "${children[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${children[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    remove_database
    rm -rf "$folder"
}

remove_database() {
    "$checkout/tests/support/cluster.sh" remove "$folder/pg"
}
trap finish EXIT

build() {
    cmake --preset release -DTESTS=ON -S "$checkout" >/dev/null
    cmake --build --preset release --target consultation static load_submit >/dev/null
    binary=$checkout/build/release/server/consultation
    submit=$checkout/build/release/tests/load/load_submit
}

start_postmaster() {
    "$checkout/tests/support/cluster.sh" run "$folder/pg" 2>>"$folder/pg.log" &
    postmaster_pid=$!
    children=("$postmaster_pid" "${children[@]}")
}

start_database() {
    chmod 0711 "$folder"
    "$checkout/tests/support/cluster.sh" init "$folder/pg"
    start_postmaster
    database=$("$checkout/tests/support/cluster.sh" prepare "$folder/pg" 2>"$folder/prepare.log")
    owner=${database/user=consultation_login/user=postgres}
    "$binary" keys --set "keys_folder=$folder/keys"
}

# Further words for the server.
server_options=()

start_server() {
    "$binary" serve --set "database=$database" --set "keys_folder=$folder/keys" --set "attachments_folder=$folder/attachments" \
        --set "static_folder=$checkout/build/release/static" --set port=0 --set inner_port=0 \
        --set submissions_per_prefix=0 "${server_options[@]}" >"$folder/server.out" 2>>"$folder/server.log" &
    server_pid=$!
    children=("$server_pid" "${children[@]}")
    local i
    for i in $(seq 100); do
        grep -q '^inner ' "$folder/server.out" && break
        sleep 0.1
    done
    port=$(sed -n 's/^listening http:.*:\([0-9]*\)$/\1/p' "$folder/server.out")
    echo "server on port $port after $i tries" >&2
}

server_memory() {
    awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$server_pid/status"
}
