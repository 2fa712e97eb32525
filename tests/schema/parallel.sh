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

# Sixteen publishers confirm one proposal at once: one of them does. Eight held ones of an identity, each confirmed at the same time as a
# new submission comes under it: one is counted.
sql -o /dev/null -c "select official_add(name, name, false, false, sha256(name::bytea)) from unnest(array['ann', 'pam']) as name" \
    -c "insert into official_grants (consultation_id, official_id, role) select 1, official_id, case login when 'ann' then 2 else 4 end from officials" \
    -c "select accept('[{\"key\": \"apart\"}]'), accept((select jsonb_agg(jsonb_build_object('key', 'held' || n, 'identity', 'hal')) from generate_series(0, 8) as n))" \
    -c "select submission_withdraw(1::smallint, number('held0'), 1::smallint, clock_timestamp())" \
    -c "select official_state_propose(1, 1, number('apart'), 'counted', 'set aside', 'trial', null, 'n')" \
    -c "select official_state_propose(1, 1, number('held' || n), 'held', 'counted', null, 'why', 'n') from generate_series(1, 8) as n"
decide="official_state_decide(2, 1, (select proposal_id from state_proposals join submissions using (submission_id) where number = number('%s')), true, 'n')"
# The texts are formats.
# shellcheck disable=SC2059
for n in $(seq 16); do
    sql -c "select $(printf "$decide" apart)" >>"/tmp/parallel.$$" &
    pids[n]=$!
    sql -o /dev/null -c "select $(printf "$decide" "held$((n % 8 + 1))"), accept('[{\"key\": \"more$n\", \"identity\": \"hal\"}]')" &
    pids[n + 16]=$!
done
for n in $(seq 32); do
    wait "${pids[n]}"
done
outcomes=$(sort "/tmp/parallel.$$" | uniq -c | xargs)
rm "/tmp/parallel.$$"
[ "$outcomes" = '1 done 15 proposal-over' ]
sql -o /dev/null -c "select same((select count(*) from submissions where identity_hash = sha256('hal') and state = 'counted'), 1::bigint, 'counted of the identity')" \
    -c "select same((select count(*) from audit_log where action = 'official-state-confirmed'), (select count(*) from state_proposals where outcome = 'confirmed'), 'confirmed and written down')" \
    -c "select same(state('apart'), 'set aside', 'set aside once')" \
    -c "select same((select count(*) from recount(1)), 0::bigint, 'figures that differ')"

# What comes while the final release is under way waits for it, and is refused: it is in no figure of it.
over=$(sql -c "select consultation_made('over', false)")
coproc final { psql -XqAt -v ON_ERROR_STOP=1 "$SUPERUSER"; }
echo "set search_path = consultation; update consultations set closes_at = clock_timestamp() - interval '61 seconds' where consultation_id = $over;
begin; select 'refusal: ' || coalesce(refusal, 'none') from release_begin($over, true);" >&"${final[1]}"
read -r refusal <&"${final[0]}"
[ "$refusal" = 'refusal: none' ]
PGAPPNAME=late sql -c "select outcome from accept('[{\"key\": \"late\", \"consultation\": $over, \"ago\": \"70 seconds\"}]', '90 s')" >"/tmp/parallel.$$" &
late=$!
for _ in $(seq 300); do
    [ "$(sql -c "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'late' and wait_event_type = 'Lock'")" = 0 ] || break
    sleep 0.1
done
# What is refused anyway, and another consultation's, wait for nobody.
outcomes=$(sql -c "select outcomes('[{\"key\": \"much later\", \"consultation\": $over}, {\"key\": \"elsewhere\"}]', '60 s')")
[ "$outcomes" = 'closed recorded' ]
echo "select 'published: ' || coalesce(release_publish($over, 1, clock_timestamp(), true, 0, '{\"release\": {\"number\": 1, \"final\": true}}'), 'yes'); commit; \\q" >&"${final[1]}"
read -r published <&"${final[0]}"
[ "$published" = 'published: yes' ]
wait "$late"
outcome=$(cat "/tmp/parallel.$$")
rm "/tmp/parallel.$$"
[ "$outcome" = final-release-made ]
[ "$(sql -c "select count(*) from submissions where consultation_id = $over")" = 0 ]

# Two sessions never claim one slot; a slot is free again when its session ends.
first=$(sql -c "select slot_claim()" -c "select count(*) from (select slot_claim() from generate_series(1, 2)) as t")
[ "$(echo "$first" | head -n 1)" = 1 ]
[ "$(sql -c "select slot_claim()")" = 1 ]
