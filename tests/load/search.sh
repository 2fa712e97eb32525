#!/usr/bin/env bash
# Officials' search over one million remarks: the first page of typical searches.
# usage: tests/load/search.sh [--submissions N]   (three remarks each)
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
submissions=333334
slug=five-year-plan-iti
[ "${1:-}" != --submissions ] || submissions=${2:?}

# shellcheck source=tests/support/stack.sh
. "$checkout/tests/support/stack.sh"

"$checkout/deploy/packages.sh" test load
build
cmake --build --preset release --target search_bench >/dev/null
start_database
"$binary" import --set "database=$owner" --set "keys_folder=$folder/keys" --rehearsal \
    "$checkout/schema/consultations/$slug.json"
echo "making $((submissions * 3)) remarks" >&2
psql -Xq -d "$owner" -v submissions="$submissions" -f "$checkout/tests/load/search.sql" >/dev/null
# The bulk goes faster without the index; it is made of all of them afterwards, and some more come by the usual way.
definition=$(psql -XqtA -d "$owner" -c "select pg_get_indexdef('consultation.remark_terms_terms'::regclass)")
psql -Xq -d "$owner" -c 'drop index consultation.remark_terms_terms'
time "$binary" index --set "database=$owner" --set "keys_folder=$folder/keys" >&2
psql -Xq -d "$owner" -c "set maintenance_work_mem = '256MB'" -c "$definition" \
    -c 'vacuum analyze consultation.remark_terms'
psql -XqtA -d "$owner" -c "select count(*) || ' indexed remarks, index of ' || pg_size_pretty(pg_relation_size('consultation.remark_terms_terms')) || ', table of ' || pg_size_pretty(pg_table_size('consultation.remark_terms')) from consultation.remark_terms"
read -r id first last < <(psql -XqtA -F ' ' -d "$owner" \
    -c "select consultation_id, min(day), min(day) + 1 from consultation.submissions group by 1")
"$checkout/build/release/tests/load/search_bench" "$database" "$id" "$first" "$last"
