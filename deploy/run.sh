#!/usr/bin/env bash
# The whole service on this machine with one command: installs, builds, starts a private PostgreSQL, fills it, serves,
# and goes on with the same data when it is run again. For trying; deploy/runbook.md is for a real machine.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
port=8080
inner_port=9080
data=
build=
database=
submissions=2000
slug=five-year-plan-iti
login=
socket=
server_pid=
step_pid=
account=
program=

# shellcheck source=deploy/private/account.sh
. "$checkout/deploy/private/account.sh"
# shellcheck source=deploy/private/cluster.sh
. "$checkout/deploy/private/cluster.sh"

usage() {
    cat <<TEXT
usage: deploy/run.sh [option …]
  --port N             port of the public service (8080)
  --inner-port N       port of metrics and health, loopback only (9080)
  --data FOLDER        where database, keys and logs lie (var/ in the checkout)
  --build FOLDER       a release built before, instead of building one
  --database CONNINFO  an existing PostgreSQL 15 instead of a private one; its user may create roles
  --submissions N      generated submissions in the rehearsal, when it is made (2000)
TEXT
}

read_options() {
    while [ $# -gt 0 ]; do
        case "$1" in
        --help)
            usage
            exit 0
            ;;
        --port | --inner-port | --data | --build | --database | --submissions)
            if [ $# -lt 2 ]; then
                usage >&2
                exit 2
            fi
            local name=${1#--}
            printf -v "${name//-/_}" '%s' "$2"
            shift 2
            ;;
        *)
            usage >&2
            exit 2
            ;;
        esac
    done
}

# Runs one step so that a signal stops it at once, with all that it started.
step() {
    local status=0
    setsid "$@" 9>&- &
    step_pid=$!
    wait "$step_pid" || status=$?
    step_pid=
    return "$status"
}

build_release() {
    [ -z "$build" ] || return 0
    build=$checkout/build/release
    mkdir -p "$build"
    local words=$build/build.log
    echo "Building the release …"
    if ! step cmake -S "$checkout" --preset release -DTESTS=OFF >"$words" 2>&1 ||
        ! step cmake --build "$build" >>"$words" 2>&1; then
        tail -n 30 "$words" >&2
        echo "run: the build failed; all of its words are in $words" >&2
        return 1
    fi
}

# One run at a time on one data folder; the lock goes with this process, whatever ends it.
lock_data() {
    exec 9>"$data/lock"
    if ! flock --nonblock 9; then
        echo "run: another run uses $data (--data and --port start one beside it)" >&2
        exit 1
    fi
}

consultation() {
    (cd / && exec_as_account TERM "$program/bin/consultation" "$@")
}

sql() {
    as_account psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"
}

prepare_database() {
    if [ -n "$database" ]; then
        superuser=$database
        login=$database
    else
        init_cluster
        make_socket_folder
        start_cluster
        if [ "$(sql -At -d "$superuser dbname=postgres" \
            -c "select count(*) from pg_database where datname = 'consultation'")" = 0 ]; then
            sql -d "$superuser dbname=postgres" -c 'create database consultation'
        fi
        superuser="$superuser dbname=consultation"
    fi
    as_account "$program/deploy/migrate.sh" "$superuser"
}

write_settings() {
    settings=$data/settings
    (umask 077 && : >"$settings")
    share_file "$settings"
    cat >"$settings" <<TEXT
database = $login
keys_folder = $data/keys
attachments_folder = $data/attachments
static_folder = $program/static
port = $port
inner_port = $inner_port
mail_outbox = $data/outbox
TEXT
}

# usage: import_or_keep SLUG [--rehearsal]. A newer document may change what has been open to the public, which import
# refuses, with its reasons; the consultation then goes on as it is stored.
import_or_keep() {
    consultation import --settings "$settings" "${@:2}" "$program/schema/consultations/$slug.json" && return
    [ "$(sql -At -d "$superuser" -c "select count(*) from consultation.consultations where slug = '$1'")" = 1 ] || exit 1
    echo "$1 goes on as it was stored before."
}

# The consultation, and beside it its rehearsal with generated answers: charts from the first minute.
fill_database() {
    consultation keys --settings "$settings"
    import_or_keep "$slug"
    import_or_keep "$slug-rehearsal" --rehearsal
    # What is registered stays as it is; made-up institutions take part in the rehearsal only.
    consultation institution import --settings "$settings" "$program/schema/institutions.json"
    consultation institution import --settings "$settings" "$program/schema/institutions-rehearsal.json"
    if [ "$(sql -At -d "$superuser" -c "select count(*) from consultation.submissions s
        join consultation.consultations c using (consultation_id) where c.slug = '$slug-rehearsal'")" = 0 ]; then
        consultation rehearse --settings "$settings" "$slug-rehearsal" "$submissions"
    fi
}

# Starts the server and waits until it prints its addresses.
start_server() {
    : >"$data/log/addresses"
    (cd / && exec_as_account TERM "$program/bin/consultation" serve --settings "$settings") \
        >"$data/log/addresses" 2>>"$data/log/server.log" &
    server_pid=$!
    while ! grep -q '^inner ' "$data/log/addresses"; do
        if ! kill -0 "$server_pid" 2>/dev/null; then
            echo "run: the server does not start; its last words:" >&2
            tail -n 5 "$data/log/server.log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# The server first, so that what it has accepted is written; then the cluster.
stop_all() {
    trap '' INT TERM HUP
    if [ -n "$step_pid" ]; then
        kill -TERM -- "-$step_pid" 2>/dev/null || true
    fi
    if [ -n "$server_pid" ] && kill -TERM "$server_pid" 2>/dev/null; then
        echo "Stopping …"
        wait "$server_pid" || true
    fi
    stop_cluster
    if [ -n "$socket" ]; then
        rm -rf "$socket"
    fi
}

greet() {
    local url inner
    url=$(sed -n 's/^listening //p' "$data/log/addresses")
    inner=$(sed -n 's/^inner //p' "$data/log/addresses")
    cat <<TEXT

Serving. Ctrl-C stops it; the data stay in $data.
  the consultation   $url/en/consultations/$slug
  answer it          $url/en/consultations/$slug/answer
  its rehearsal      $url/en/consultations/$slug-rehearsal/tally   ($submissions generated answers)
  the interface      $url/v1/consultations      described in $url/openapi.yaml
  metrics, health    $inner/metrics             $inner/v1/health/ready
What to try next:
  answer the rehearsal in a browser and see the tally move within a second; the codes that it sends lie in $data/outbox
  (there is no mail here: see mail_server in deploy/settings.example);
  curl -s $url/v1/consultations/$slug-rehearsal/measures/1-1/tally.csv
  an official's export:
  $export_command
  the officials' side, $url/en/officials/sign-in: make yourself an account, follow the link it prints, and give yourself a role:
  $official_command add me --administrator --password-only
  $official_command grant me $slug-rehearsal publisher
TEXT
}

# How an official exports, and how one is made, as this caller would have to type it.
say_export() {
    local as=
    if [ "$(id -un)" != "$account" ]; then
        as="runuser -u $account -- "
    fi
    export_command="${as}$program/bin/consultation export --settings $settings submissions $slug-rehearsal --format csv"
    official_command="${as}$program/bin/consultation official --settings $settings"
}

# Whatever dies is started again: PostgreSQL the moment its orphans are gone, the server with a growing pause.
supervise() {
    local ended pause=1 started=$SECONDS
    while :; do
        ended=
        wait -n -p ended ${postgres_pid:+"$postgres_pid"} "$server_pid" 2>/dev/null || true
        if [ -n "$postgres_pid" ] && [ "$ended" = "$postgres_pid" ]; then
            echo "PostgreSQL ended; starting it again."
            start_cluster
        elif [ "$ended" = "$server_pid" ]; then
            echo "The server ended; starting it again."
            [ $((SECONDS - started)) -gt 60 ] && pause=1
            sleep "$pause"
            pause=$((pause < 30 ? pause * 2 : 30))
            started=$SECONDS
            start_server || true
        fi
    done
}

main() {
    read_options "$@"
    trap stop_all EXIT
    trap 'exit 0' INT TERM HUP
    "$checkout/deploy/packages.sh" run
    build_release
    choose_account
    choose_data
    data=$(realpath -m "$data")
    make_folders
    lock_data
    install_program
    prepare_database
    write_settings
    fill_database
    say_export
    start_server
    greet
    supervise
}

main "$@"
