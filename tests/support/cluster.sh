#!/usr/bin/env bash
# A throw-away PostgreSQL cluster on a unix socket, durable as the real one, since the server refuses anything less.
#   cluster.sh init FOLDER      makes it; FOLDER is short and new (a socket's address holds 107 bytes)
#   cluster.sh run FOLDER       becomes the postmaster; ends with the process that called it
#   cluster.sh prepare FOLDER   waits until it answers, makes database, roles and schema; prints its connection string
#   cluster.sh remove FOLDER    after the postmaster ended
#   cluster.sh start FOLDER     init, run in the background and prepare at once, for scripts; cluster.sh stop FOLDER ends it
# The connection string names the login that may act as each of the service's roles; user=postgres is the superuser.
# Root runs it as the account "postgres", which refuses to be root.
set -euo pipefail

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=/usr/lib/postgresql/15/bin
command=${1:?}
folder=${2:?}

if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid postgres --regid postgres --init-groups --reset-env)
else
    as=(env)
fi

case "$command" in
init)
    mkdir -p "$folder"
    chmod 0700 "$folder"
    [ "$(id -u)" != 0 ] || chown postgres: "$folder"
    cd "$folder"
    "${as[@]}" "$bin/initdb" --pgdata "$folder/data" --username postgres --no-sync --data-checksums \
        --encoding UTF8 --locale C.UTF-8 --auth trust >/dev/null
    ;;
run)
    cd "$folder"
    exec setpriv --pdeathsig QUIT "${as[@]}" setpriv --pdeathsig QUIT "$bin/postgres" \
        -D "$folder/data" -k "$folder" -c listen_addresses= -c unix_socket_permissions=0700 \
        -c max_connections=60 -c shared_buffers=64MB -c timezone=UTC -c log_min_error_statement=panic \
        -c log_error_verbosity=terse
    ;;
prepare)
    for _ in $(seq 300); do
        "$bin/pg_isready" -q -h "$folder" && break
        sleep 0.1
    done
    superuser="host=$folder user=postgres dbname=consultation"
    "$bin/createdb" -h "$folder" -U postgres consultation
    psql -Xq -v ON_ERROR_STOP=1 -d "$superuser" -f "$source_folder/schema/roles.sql" >&2
    "$source_folder/deploy/migrate.sh" "$superuser" >&2
    echo "host=$folder user=consultation_login dbname=consultation"
    ;;
start)
    "$source_folder/tests/support/cluster.sh" init "$folder"
    cd "$folder"
    "${as[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait --silent --options \
        "-k $folder -c listen_addresses= -c max_connections=60 -c shared_buffers=128MB -c max_wal_size=2GB -c timezone=UTC" \
        start >&2
    "$source_folder/tests/support/cluster.sh" prepare "$folder"
    ;;
stop)
    cd /
    "${as[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop >/dev/null 2>&1 || true
    rm -rf "$folder"
    ;;
remove)
    rm -rf "$folder"
    ;;
*)
    echo "cluster: '$command' is none of init, run, prepare, remove, start, stop" >&2
    exit 2
    ;;
esac
