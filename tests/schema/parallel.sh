#!/usr/bin/env bash
# Several servers on one database: batches of the same identities, keys and amended numbers in any order, at the same time. None fails, none
# meets a deadlock, one identity leaves one counted, and the tallies agree.
set -euo pipefail
sql() {
    psql -Xqt -A -v ON_ERROR_STOP=1 "$SUPERUSER" -c "set search_path = tests, consultation" "$@"
}
sql -o /dev/null -c "select accept(jsonb_agg(jsonb_build_object('key', 'seed' || n, 'identity', 'i' || n))) from generate_series(1, 10) as n"
before=$(sql -c "select deadlocks from pg_stat_database where datname = current_database()")

# Each of eight sessions: 60 batches of 12 of sixty keys and twenty identities in a random order, some of them amendments of
# each other's submissions, and now and then a withdrawal.
worker() {
    sql -o /dev/null -f - <<EOF
set deadlock_timeout = '20ms';
do \$\$
declare
    v_batch jsonb;
begin
    for v_round in 1 .. 60 loop
        select jsonb_agg(case when random() < 0.2
                 then jsonb_build_object('key', 'a$1-' || v_round || '-' || n, 'generation', 1,
                      'supersedes', (select s.number from submissions s where s.state in ('counted', 'held') order by hashint8(s.submission_id + v_round + n) limit 1))
                 else jsonb_build_object('key', 'k' || floor(random() * 60) || '-' || v_round / 10, 'content', 'same', 'identity', 'i' || floor(random() * 20)) end
               order by random())
          into v_batch from generate_series(1, 12) as n;
        perform tests.accept(v_batch, '60 s', $1::smallint);
        commit;
        if v_round % 20 = 0 then
            perform submission_withdraw($1::smallint, tests.number('seed' || ($1 % 10 + 1)), 1::smallint, clock_timestamp());
            commit;
        end if;
    end loop;
end \$\$;
EOF
}
pids=()
for n in 1 2 3 4 5 6 7 8; do
    worker "$n" &
    pids+=($!)
done
failed=0
for pid in "${pids[@]}"; do
    wait "$pid" || failed=1
done
if [ "$failed" -ne 0 ]; then
    echo "a session failed" >&2
    exit 1
fi
sql -o /dev/null -c "select pg_stat_force_next_flush()" \
    -c "select same((select deadlocks from pg_stat_database where datname = current_database()), $before::bigint, 'deadlocks')" \
    -c "select same((select count(*) from (select from submissions where state = 'counted' and identity_hash is not null group by consultation_id, kind, identity_hash having count(*) > 1) as t), 0::bigint, 'identities counted twice')" \
    -c "select same((select count(*) from recount(1)), 0::bigint, 'figures that differ')" \
    -c "select ok((select count(*) from submissions) > 200, 'submissions stored')" \
    -c "select ok((select count(distinct slot) from tallies) >= 8, 'each its own slot')"

# One key 64 times at once: one row. One identity 64 times: one counted.
for n in $(seq 16); do
    sql -o /dev/null -c "select accept((select jsonb_agg(jsonb_build_object('key', 'one', 'content', 'same', 'identity', 'one')) from generate_series(1, 4))), accept((select jsonb_agg(jsonb_build_object('key', 'each$n-' || n, 'identity', 'all')) from generate_series(1, 4) as n))" &
    pids[n]=$!
done
for n in $(seq 16); do
    wait "${pids[n]}"
done
sql -o /dev/null -c "select same((select count(*) from submissions where submission_key = md5('one')::uuid), 1::bigint, 'rows of one key')" \
    -c "select same((select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from submissions where identity_hash = sha256('all') group by 1) as t), 'counted 1, held 63', 'of one identity')" \
    -c "select same((select count(*) from recount(1)), 0::bigint, 'figures that differ')"

# Two sessions never claim one slot; a slot is free again when its session ends.
first=$(sql -c "select slot_claim()" -c "select count(*) from (select slot_claim() from generate_series(1, 2)) as t")
[ "$(echo "$first" | head -n 1)" = 1 ]
[ "$(sql -c "select slot_claim()")" = 1 ]
