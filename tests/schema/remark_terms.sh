#!/usr/bin/env bash
# The search index follows the submissions in the order of their numbers, and waits for one that got its number early and commits late.
set -euo pipefail
sql() {
    psql -Xqt -A -v ON_ERROR_STOP=1 "$SUPERUSER" -c "set search_path = tests, consultation" "$@"
}
said() {
    if [ "$1" != "$2" ]; then
        echo "$3: is '$1', wanted '$2'" >&2
        exit 1
    fi
}
# Takes what may be taken and stores a term for each: the length of its text. Says what was taken.
step() {
    sql -c "begin" \
        -c "create temp table taken on commit drop as select row_number() over () as place, * from remark_terms_take(1, ${1:-1}::smallint, ${2:-100})" \
        -c "select remark_terms_put(1, array_agg(submission_id order by place), array_agg(part order by place), array_agg(ordinal order by place), array_agg(1 order by place), array_agg(length(original) order by place)) from taken having count(*) > 0" \
        -c "select string_agg(original, ' ' order by place) from taken" -c "commit" | sed '/^$/d'
}
# Each by its slot, so that two do not wait for each other over the tallies.
accepted() {
    echo "select outcome from accept('[{\"key\": \"$1\", \"remarks\": [[0, 1, \"$1\"], [1, 1, \"$1-view\"]]}]', '5 s', ${2:-1}::smallint);"
}

# The same, tried until there is something: what others do in the cluster may delay it.
awaited() {
    local taken
    for _ in $(seq 300); do
        taken=$(step "$@")
        [ -z "$taken" ] || break
        sleep 0.1
    done
    echo "$taken"
}

said "$(step)" "" "nothing is there"
sql -o /dev/null -c "$(accepted one)"
said "$(awaited)" "one one-view" "the first one"
said "$(step)" "" "once"

# One transaction is at it, and another one overtakes it.
fifo=$(mktemp -u)
mkfifo "$fifo"
psql -Xq -o /dev/null -v ON_ERROR_STOP=1 "$SUPERUSER" <"$fifo" &
late=$!
exec 3>"$fifo"
{
    echo "set search_path = tests, consultation;"
    echo "begin;"
    accepted late
    echo "select pg_advisory_lock(99);"
} >&3
for _ in $(seq 100); do
    [ "$(sql -c "select count(*) from pg_locks where locktype = 'advisory' and objid = 99")" = 0 ] || break
    sleep 0.1
done
# Also where nothing has ended after it began, so that no snapshot has it yet.
said "$(step)$(step)" "" "while there is no other"
sql -o /dev/null -c "$(accepted early 2)"
said "$(step)" "" "while the other is open"
said "$(step)" "" "while the other is still open"
echo "commit;" >&3
exec 3>&-
wait "$late"
rm "$fifo"
said "$(awaited)" "late late-view" "in the order of their numbers"
said "$(awaited)" "early early-view" "both"
said "$(step)" "" "all done"

# Some at a time, never half of a submission's.
sql -o /dev/null -c "$(accepted a)" -c "$(accepted b)" -c "$(accepted c)"
said "$(awaited 1 1)" "a a-view" "one at a time"
said "$(awaited 1 3)" "b b-view c c-view" "the rest"
# Two at once: one of them gets the work.
sql -o /dev/null -c "$(accepted d)"
exec 4> >(exec psql -XqtA -v ON_ERROR_STOP=1 "$SUPERUSER" >/dev/null)
echo "begin; select pg_advisory_xact_lock(7287, 1), pg_advisory_xact_lock(98);" >&4
for _ in $(seq 100); do
    [ "$(sql -c "select count(*) from pg_locks where locktype = 'advisory' and objid = 98 and granted")" = 0 ] || break
    sleep 0.1
done
for _ in 1 2 3 4 5; do
    said "$(step)" "" "while another one is at it"
done
echo "rollback;" >&4
exec 4>&-
said "$(awaited)" "d d-view" "when the other one is not"
# Another way of making terms makes them all anew.
said "$(awaited 2 | wc -w)" "14" "all anew"
said "$(sql -c "select count(*) from remark_terms")" "14" "terms of every remark"
# What is erased has none.
sql -o /dev/null -c "select submission_withdraw(1::smallint, number('b'), 1::smallint, clock_timestamp())"
said "$(sql -c "select count(*) from remark_terms")" "12" "terms of what is left"
# Marks are negative, and a word's are not.
said "$(sql -c "select bool_and((select count(*) from unnest(terms) as t where t < 0) = 7 and (select count(*) from unnest(terms) as t where t >= 0) = 1) from remark_terms")" "t" "marks and terms"
# Where the index is not there, as while very many are loaded, there is nothing to tidy.
said "$(sql -c "select remark_terms_tidy() >= 0")" "t" "tidied"
sql -o /dev/null -c "drop index consultation.remark_terms_terms"
said "$(sql -c "select remark_terms_tidy()")" "0" "nothing to tidy"
