-- Both ends of the window to the microsecond, the grace, the queue's longest wait, the clock.
set search_path = tests, consultation;

-- An entry that arrived so long ago, into a consultation that opened and closes so long from now, with that grace; of a form that was
-- opened so long ago.
create function tried(p_ago interval, p_opens interval, p_closes interval, p_grace interval default '0', p_opened interval default null) returns text language plpgsql as $$
declare
    v_at timestamptz := clock_timestamp();
    v_c  integer;
    v_n  text := translate(upper(substr(md5(random()::text), 1, 10)), 'U', 'V');
    v_r  text;
begin
    v_c := consultation_made('w' || substr(md5(random()::text), 1, 12), false);
    update consultations set opens_at = v_at + p_opens, closes_at = v_at + p_closes, grace = p_grace where consultation_id = v_c;
    select outcome into strict v_r from submission_accept(1::smallint, '10 seconds', array[v_c], array[gen_random_uuid()], array[sha256('c')], array[v_n],
        '{1}', '{0}', array[null::bytea], '{f}', '{t}', '{0}', '{1}', array[null::text], array[null::text], '{1}', '{0}',
        array['\x050505'::bytea], array['\x010101'::bytea], '{0}', array[sha256('s')], array[sha256('k')], '{1}', '{1}', array[v_at - p_ago],
        array[null::text], array[null::smallint], '{}', '{}', '{}', '{}', '{}', '{}', array[v_at - p_opened]);
    if v_r = 'recorded' then
        v_r := v_r || case when (select within_grace from submissions where consultation_id = v_c) then ' within grace' else '' end;
        perform same((select received from submission_tallies where consultation_id = v_c)::text, '1', 'tallied');
    else
        perform same((select count(*) from submissions where consultation_id = v_c), 0::bigint, 'nothing stored');
    end if;
    return v_r;
end $$;

select same(tried('1 s', '-1 s', '1 day'), 'recorded', 'at the opening');
select same(tried('1.000001 s', '-1 s', '1 day'), 'not-open', 'a microsecond before the opening');
select same(tried('2 s', '-1 s', '1 day'), 'not-open', 'a second before the opening');
select same(tried('0 s', '-1 s', '1 day'), 'recorded', 'a second after the opening');
select same(tried('1 s', '-1 day', '-1 s'), 'closed', 'at the close');
select same(tried('1.000001 s', '-1 day', '-1 s'), 'recorded', 'a microsecond before the close');
select same(tried('2 s', '-1 day', '-1 s'), 'recorded', 'a second before the close, judged a second after it');
select same(tried('0 s', '-1 day', '-1 s'), 'closed', 'a second after the close');
select same(tried('1 s', '-1 day', '-1 s', '5 s', '1 hour'), 'recorded within grace', 'at the close, with a grace');
select same(tried('1 s', '-1 day', '-1 s', '5 s', '1.000001 s'), 'recorded within grace', 'opened a microsecond before the close');
select same(tried('1 s', '-1 day', '-1 s', '5 s', '1 s'), 'closed', 'opened at the close');
select same(tried('1 s', '-1 day', '-1 s', '5 s'), 'closed', 'at the close, without a form');
select same(tried('1.000001 s', '-1 day', '-1 s', '5 s'), 'recorded', 'before the close, with a grace');
select same(tried('0 s', '-1 day', '-5 s', '5 s', '1 hour'), 'closed', 'at the end of the grace');
select same(tried('0.000001 s', '-1 day', '-5 s', '5 s', '1 hour'), 'recorded within grace', 'a microsecond before the end of the grace');
-- Longer than it may have waited, or from the future.
select same(tried('9 s', '-1 day', '1 day'), 'recorded', 'nine seconds ago of ten');
select same(tried('11 s', '-1 day', '1 day'), 'waited-too-long', 'eleven seconds ago of ten');
select same(tried('11 s', '-1 day', '-1 hour'), 'waited-too-long', 'its moment is not believed for the window either');
select same(tried('-1 s', '-1 day', '1 day'), 'recorded', 'a second ahead: two clocks');
select same(tried('-3 s', '-1 day', '1 day'), 'waited-too-long', 'three seconds ahead');

-- A replay is judged before the window, the wait and the state of the consultation.
select same(outcomes('[{"key": "a"}]'), 'recorded', 'in time');
update consultations set closes_at = clock_timestamp() - interval '1 hour' where consultation_id = 1;
select same(outcomes('[{"key": "a"}]'), 'replayed', 'sent again after the close');
select same(outcomes('[{"key": "a", "ago": "1 day"}]'), 'replayed', 'sent again, and too late');
select same(outcomes('[{"key": "a", "content": "b"}]'), 'submission-key-reused', 'reused after the close');
select same(outcomes(format('[{"key": "c", "supersedes": "%s", "generation": 1}]', number('a'))::jsonb), 'closed', 'amending ends with the close');
select same((select outcome from submission_withdraw(1::smallint, number('a'), 1::smallint, clock_timestamp())), 'withdrawn', 'withdrawing does not');
select same(outcomes('[{"key": "a", "content": "b"}]'), 'replayed', 'an erased one answers its key whatever the content');

-- Not complete, not there.
select same(outcomes('[{"key": "d", "consultation": 99}]'), 'not-found', 'no such consultation');
insert into consultations (slug, rehearsal, opens_at, closes_at, identity_kinds, normalisation, limits, publication, document_hash)
values ('bare', false, clock_timestamp() - interval '1 day', clock_timestamp() + interval '1 day', 6, 1, '{}', '{}', sha256('x'));
select same(outcomes(format('[{"key": "d", "consultation": %s}]', consultation_id)::jsonb), 'not-found', 'not complete, so not open')
  from consultations where slug = 'bare';

-- The day is Hong Kong's: midnight there is four in the afternoon, UTC.
select same(count(*), 2::bigint, 'generated answers on both sides of midnight')
  from rehearsal_fill(0::smallint, '{2,2}', array[gen_random_uuid(), gen_random_uuid()], array[sha256('1'), sha256('2')], '{00000000A1,00000000A2}',
        '{1,1}', '{0,0}', array[null, null::bytea], '{f,f}', '{t,t}', '{0,0}', '{1,1}', array[null, null::text], array[null, null::text], '{1,1}', '{0,0}',
        array['\x050505'::bytea, '\x050505'], array['\x010101'::bytea, '\x010101'], '{0,0}', array[sha256('s'), sha256('s')], array[sha256('k'), sha256('k')],
        '{1,1}', '{1,1}', array[date_trunc('day', clock_timestamp() at time zone 'Asia/Hong_Kong') at time zone 'Asia/Hong_Kong' - interval '1 us',
                                date_trunc('day', clock_timestamp() at time zone 'Asia/Hong_Kong') at time zone 'Asia/Hong_Kong'],
        array[null, null::text], array[null, null::smallint], '{}', '{}', '{}', '{}', '{}', '{}') where outcome = 'recorded';
select same((select max(day) - min(day) from submissions where consultation_id = 2), 1, 'are two days');
select refused($$select rehearsal_fill(0::smallint, '{1}', array[gen_random_uuid()], array[sha256('1')], '{00000000A3}', '{1}', '{0}', array[null::bytea], '{f}', '{t}',
        '{0}', '{1}', array[null::text], array[null::text], '{1}', '{0}', array['\x050505'::bytea], array['\x010101'::bytea], '{0}', array[sha256('s')],
        array[sha256('k')], '{1}', '{1}', array[clock_timestamp()], array[null::text], array[null::smallint], '{}', '{}', '{}', '{}', '{}', '{}')$$,
    '23000', 'rehearsals_only');
