#!/usr/bin/env bash
# The network between server and database falls silent in the middle of the load, and is then cut with all that was under way,
# answers of COMMIT among it. socat stands for that network: stopped it carries nothing and refuses nothing, killed it loses
# what it held. Another server on the same database goes on meanwhile: what the first one left open blocks nobody.
# usage: tests/faults/network_cut.sh [--seconds N]
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/faults/judge.sh
. "$checkout/tests/faults/judge.sh"

# A process group of its own, so that every connection's process is reached.
start_network() {
    rm -f "$folder/net/.s.PGSQL.5432"
    setsid socat "UNIX-LISTEN:$folder/net/.s.PGSQL.5432,fork" "UNIX-CONNECT:$folder/pg/.s.PGSQL.5432" 2>>"$folder/net.log" &
    network=$!
    while [ ! -S "$folder/net/.s.PGSQL.5432" ]; do
        sleep 0.05
    done
}

end_network() {
    kill -9 -- "-$network" 2>/dev/null || true
    wait "$network" 2>/dev/null || true
}

build
mkdir "$folder/net"
start_database
import_ours
direct=$database
start_network
trap 'end_network; finish' EXIT
database=${direct/host=$folder\/pg/host=$folder\/net}
start_server
far_port=$port

load_begin network-cut
kill -STOP -- "-$network"
verdict 'network silent: pages are still read' 200 "$(page_status)"
verdict 'network silent: a submission is refused in bounded time' 503 "$(one_submission)"
database=$direct
start_server
verdict 'network silent: another server of the same database takes submissions' 201 "$(one_submission)"
port=$far_port
end_network
start_network
echo "  network back: submissions taken after $(back_after) s"
load_judge network-cut
verdict 'network cut: the same server takes submissions' 201 "$(one_submission)"
verdict 'network cut: no session is left idle in a transaction' 0 \
    "$(query "select count(*) from pg_stat_activity where state like 'idle in transaction%'")"
conclude
