# shellcheck shell=bash
# Sourced by deploy/run.sh: the private PostgreSQL cluster. Needs deploy/private/account.sh; reads `data`, `account`, `program`;
# sets `socket` (the folder of its socket), `postgres_pid`, `superuser` and `login` (connection strings).
# shellcheck disable=SC2034,SC2154

postgres_bin=/usr/lib/postgresql/15/bin
# The port names the socket only: nothing listens on the network.
cluster_port=5432
postgres_pid=

# A socket's address holds 107 bytes, and a checkout may lie deep: so it has a short folder of its own.
make_socket_folder() {
    socket=$(mktemp -d /tmp/consultation-XXXXXX)
    own_folder "$socket"
    superuser="host=$socket port=$cluster_port user=postgres"
    login="host=$socket port=$cluster_port user=consultation_login dbname=consultation"
}

# Made under another name first: a run that was stopped half-way leaves nothing that looks finished.
init_cluster() {
    cluster=$data/postgresql/15
    [ ! -e "$cluster/PG_VERSION" ] || return 0
    as_account rm -rf "$cluster.new"
    as_account "$postgres_bin/initdb" --pgdata "$cluster.new" --username postgres \
        --data-checksums --encoding UTF8 --locale C.UTF-8 --auth reject >/dev/null
    as_account tee -a "$cluster.new/postgresql.conf" <"$program/deploy/private/postgresql.conf" >/dev/null
    as_account tee "$cluster.new/pg_hba.conf" >/dev/null <<'CONF'
local all all peer map=consultation
CONF
    as_account tee "$cluster.new/pg_ident.conf" >/dev/null <<CONF
consultation $account postgres
consultation $account consultation_login
CONF
    as_account mv "$cluster.new" "$cluster"
}

# Starts PostgreSQL and waits until it answers. After a kill -9 the start is refused until the last orphan is gone: so
# it is tried again.
start_cluster() {
    local tries=0
    while [ "$tries" -lt 60 ]; do
        (cd / && exec_as_account INT "$postgres_bin/postgres" -D "$cluster" -k "$socket" \
            -p "$cluster_port" -c unix_socket_permissions=0700) >>"$data/log/postgresql.log" 2>&1 &
        postgres_pid=$!
        while kill -0 "$postgres_pid" 2>/dev/null; do
            as_account "$postgres_bin/pg_isready" -q -h "$socket" -p "$cluster_port" && return
            sleep 0.2
        done
        tries=$((tries + 1))
        sleep 1
    done
    echo "run: PostgreSQL does not start; its last words:" >&2
    tail -n 5 "$data/log/postgresql.log" >&2
    return 1
}

# Fast shutdown: sessions are ended, all is written, no recovery at the next start.
stop_cluster() {
    if [ -n "$postgres_pid" ] && kill -INT "$postgres_pid" 2>/dev/null; then
        wait "$postgres_pid" || true
    fi
    postgres_pid=
}
