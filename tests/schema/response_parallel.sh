#!/usr/bin/env bash
# Sixteen saves of one section at once that read the same version: exactly one wins, round after round; and sixteen first visits begin one response;
# a file and a filing, and an account's reset and its connection, that come at once.
set -euo pipefail
sql() {
    psql -Xqt -A -v ON_ERROR_STOP=1 "$SUPERUSER" -c "set search_path = tests, consultation" "$@"
}
sql -o /dev/null -c "insert into institutions (slug, kind, name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, verified_by) values ('one', 0, 'a', 'a', 'a', true, now(), 1)" \
    -c "select official_add('d' || n, 'd', false, true, sha256(('d' || n)::bytea)) from generate_series(1, 16) as n" \
    -c "update officials set institution_id = 1, member_roles = 2"
before=$(sql -c "select deadlocks from pg_stat_database where datname = current_database()")
outcomes=$(mktemp)
trap 'rm -f "$outcomes"' EXIT
for n in $(seq 16); do
    {
        sql -c "select 'begun ' || response_open($n, 2, 0::smallint, lpad('$n', 10, '0'), 'n')"
        for round in $(seq 0 9); do
            sql -c "select 'round $round ' || outcome from response_section_save($n, 2, 'summary', $round, null, 'by $n in $round', null, $n % 2 = 0)"
        done
    } >>"$outcomes" &
    pids[n]=$!
done
for n in $(seq 16); do
    wait "${pids[n]}"
done
[ "$(grep -c '^begun done$' "$outcomes")" = 16 ]
[ "$(sql -c "select count(*) from responses")" = 1 ]
# A round that came before its turn met an older version; those that did come in turn won once each.
wins=$(grep -c ' done$' <(grep '^round' "$outcomes"))
[ "$wins" = "$(sql -c "select max(version) from response_sections where section = 'summary'")" ]
[ "$(grep '^round' "$outcomes" | grep ' done$' | sort | uniq -d | wc -l)" = 0 ]
[ "$wins" -ge 1 ]
[ "$(grep '^round' "$outcomes" | grep -vc ' done$\| precondition-failed$')" = 0 ]
[ "$(sql -c "select deadlocks from pg_stat_database where datname = current_database()")" = "$before" ]
# A file is not taken out of a draft while a filing that may name it has not ended: a sweep in between would find it nameless.
sql -o /dev/null -c "insert into attachments (consultation_id, response_id, sha256, name, media_type, bytes) select 2, response_id, sha256('a'), 'a.pdf', 'application/pdf', 1 from responses"
sql -o /dev/null -c "begin" -c "select from responses for no key update" -c "select pg_advisory_lock(1)" -c "select pg_sleep(3)" -c "commit" &
filing=$!
until [ "$(sql -c "select count(*) from pg_locks where locktype = 'advisory'")" -gt 0 ]; do sleep 0.05; done
refusal=$(sql -c "set lock_timeout = '500ms'" -c "select attachment_remove(1, 2, attachment_id, 'n') from attachments" 2>&1 || true)
grep -q 'lock timeout' <<<"$refusal"
wait "$filing"
[ "$(sql -c "select attachment_remove(1, 2, attachment_id, 'n') from attachments")" = 'done' ]
# Nobody connects an account, by a session that they had in it, behind the back of the reset that is ending it.
sql -o /dev/null -c "insert into official_sessions (official_id, token_hash, stage, expires_at, network, agent) values (16, sha256('t'), 2, now() + interval '1 hour', 'n', 'b')"
sql -o /dev/null -c "set statement_timeout = '60s'" -c "begin" -c "select official_reset_do(16, sha256('new'))" -c "select pg_advisory_xact_lock(2)" \
    -c "do \$\$ begin while not exists (select from pg_locks where not granted) loop perform pg_sleep(0.05); end loop; end \$\$" -c "commit" &
reset=$!
until [ "$(sql -c "select count(*) from pg_locks where locktype = 'advisory'")" -gt 0 ]; do sleep 0.05; done
[ "$(sql -c "select official_subject_connect(sha256('t'), true, 30, array[sha256('s')], 1::smallint, 'n')")" = 'sign-in-required' ]
wait "$reset"
[ "$(sql -c "select count(*) from official_subjects")" = 0 ]
