-- What an official types in: both ends of the window by the day attested, the days after the close, who may, and what is written down.
set search_path = tests, consultation;

create function official_made(p_login text, p_role smallint) returns integer language plpgsql as $$
declare
    v_id integer;
begin
    perform official_add(p_login, p_login, false, true, sha256(p_login::bytea));
    select official_id into v_id from officials where login = p_login;
    if p_role is not null then
        insert into official_grants (consultation_id, official_id, role) select consultation_id, v_id, p_role from consultations;
    end if;
    return v_id;
end $$;
select official_made('clerk', 1::smallint), official_made('reader', 0::smallint), official_made('nobody', null);

-- One entry through submission_accept; what it leaves out is as in a usual one. Keys and contents by name.
create function entered(p_key text, p_received date, p_channel smallint default 3, p_official text default 'clerk', p_identity text default null,
                        p_content text default null, p_at timestamptz default clock_timestamp(), p_supersedes text default null, p_proven boolean default false)
    returns text language sql as $$
    select outcome from submission_accept(1::smallint, '10 seconds', '{1}', array[md5(p_key)::uuid], array[sha256(coalesce(p_content, p_key)::bytea)],
        array[translate(upper(substr(md5(p_key), 1, 10)), 'U', 'V')], '{1}', array[(p_identity is not null)::integer::smallint], array[sha256(p_identity::bytea)], array[p_proven],
        '{t}', '{1}', array[p_channel], array[null::text], array[null::text], '{1}', '{0}', array['\x050505'::bytea], array['\x010101'::bytea], '{1}',
        array[sha256('s')], array[sha256('k')], '{1}', '{1}', array[p_at], array[p_supersedes], array[case when p_supersedes is not null then 1::smallint end],
        '{1}', '{0}', '{1}', '{1}', '{t}', '{words}', array[null::timestamptz],
        array[p_received], array[(select official_id from officials where login = p_official)], array['192.0.2.0/24']);
$$;
create function today() returns date language sql as $$ select (clock_timestamp() at time zone 'Asia/Hong_Kong')::date $$;
create function at_day(p_days integer, p_rest interval default '0') returns timestamptz language sql as $$
    select (today() + p_days)::timestamp at time zone 'Asia/Hong_Kong' + p_rest
$$;
create function window_made(p_opens timestamptz, p_closes timestamptz, p_entry_days integer default 14) returns void language sql as $$
    update consultations set opens_at = p_opens, closes_at = p_closes, entry_days = p_entry_days where consultation_id = 1
$$;

-- The day is a whole one: that of the opening from midnight on, and the last one that the window reaches into.
select window_made(at_day(-10, '15 hours'), at_day(-2, '9 hours'));
select same(entered('first', today() - 10), 'recorded', 'on the day of the opening, however late that was');
select same(entered('before', today() - 11), 'received-outside-window', 'the day before');
select same(entered('last', today() - 2), 'recorded', 'on the day of the close, entered after it');
select same((select within_grace from submissions where submission_key = md5('last')::uuid), false, 'which is no grace');
select same(entered('after', today() - 1), 'received-outside-window', 'the day after');
-- Half-open: a window that ends at midnight does not reach into the day that begins then.
select window_made(at_day(-10, '15 hours'), at_day(-1));
select same(entered('midnight', today() - 1), 'received-outside-window', 'the close is the midnight before that day');
select same(entered('eve', today() - 2), 'recorded', 'the day that ends then');
select window_made(at_day(-10), at_day(-1, '1 microsecond'));
select same(entered('moment', today() - 1), 'recorded', 'a microsecond of it');
select window_made(at_day(-10), at_day(10));
select same(entered('today', today()), 'recorded', 'today');
select same(entered('tomorrow', today() + 1), 'received-outside-window', 'nothing was received tomorrow');

-- Entering ends with the days after the close, by the moment of entry.
create function closed_for(p_closed interval, p_days integer, p_key text) returns text language sql as $$
    select window_made(clock_timestamp() - interval '60 days', clock_timestamp() - p_closed, p_days);
    select entered(p_key, (clock_timestamp() at time zone 'Asia/Hong_Kong' - p_closed)::date - 1);
$$;
select same(closed_for(interval '14 days' - interval '2 s', 14, 'e1'), 'recorded', 'two seconds before the end of the days');
select same(closed_for(interval '14 days', 14, 'e2'), 'entry-closed', 'at their end');
select same(closed_for(interval '1 s', 0, 'e3'), 'entry-closed', 'no days: with the close');
update consultations set opens_at = clock_timestamp() + interval '1 day', closes_at = clock_timestamp() + interval '30 days' where consultation_id = 1;
select same(entered('early', today()), 'not-open', 'not before the opening');
select window_made(at_day(-10), at_day(-1, '9 hours'));
select same(outcomes('[{"key": "web"}]'), 'closed', 'what comes by itself is over');
update consultations set final_release_at = closes_at + interval '1 hour' where consultation_id = 1;
select same(entered('final', today() - 2), 'final-release-made', 'nothing after the final release');
select same(entered('first', today() - 10), 'replayed', 'but the same again has its receipt');
alter table consultations disable trigger user;
update consultations set final_release_at = null where consultation_id = 1;
alter table consultations enable trigger user;
select window_made(at_day(-10), at_day(10));

-- Only a clerk, now.
select same(entered('r', today(), 3::smallint, 'reader'), 'role-missing', 'a viewer');
select same(entered('n', today(), 3::smallint, 'nobody'), 'role-missing', 'no role');
update officials set disabled_at = clock_timestamp() where login = 'clerk';
select same(entered('d', today()), 'role-missing', 'disabled meanwhile');
update officials set disabled_at = null where login = 'clerk';

-- Only whole ones: a bug of the server's stores nothing.
create function broken(p_call text) returns void language sql as $$ select refused('select ' || p_call, '23000', 'assisted_entries_whole') $$;
select broken($$tests.entered('b1', null)$$), broken($$tests.entered('b2', tests.today(), 3::smallint, 'who')$$), broken($$tests.entered('b3', tests.today(), 1::smallint)$$),
       broken($$tests.entered('b4', tests.today(), 4::smallint)$$), broken($$tests.entered('b5', tests.today(), 5::smallint)$$), broken($$tests.entered('b6', tests.today(), 6::smallint)$$),
       broken($$tests.entered('b7', tests.today(), 3::smallint, 'clerk', 'ann', null, clock_timestamp(), null, true)$$),
       broken(format($$tests.entered('b8', tests.today(), 3::smallint, 'clerk', null, null, clock_timestamp(), %L)$$, number('first')));
select same((select count(*) from submissions where submission_key in (select md5('b' || n)::uuid from generate_series(1, 8) as n)), 0::bigint, 'none of them');

-- Each channel: tallied under the day received, with no grace, and written down: who, which number, by which way, never an identity.
select same(entered('c' || c, today() - 3, c::smallint, 'clerk', case when c > 3 then 'person ' || c end), 'recorded', 'channel ' || c) from generate_series(3, 6) as c;
select same((select string_agg(channel || ' ' || received, ' ' order by channel) from submission_tallies where consultation_id = 1 and day = today() - 3), '3 1 4 1 5 1 6 1', 'its own day and channel');
select same(count(*), 4::bigint, 'rows as entered') from submissions s
 where s.submission_key in (select md5('c' || c)::uuid from generate_series(3, 6) as c)
   and s.received_on = today() - 3 and s.day = s.received_on and not s.within_grace and not s.proven and s.arrived_at > clock_timestamp() - interval '1 hour';
select same((select string_agg(format('%s %s %s %s', l.detail ->> 'official', l.detail ->> 'channel', l.detail ->> 'from', l.detail ->> 'number' = number('c' || c)), ', ' order by c)
               from generate_series(3, 6) as c join audit_log l on l.action = 'submission-entered' and l.detail ->> 'number' = number('c' || c)),
            'clerk paper 192.0.2.0/24 t, clerk counter 192.0.2.0/24 t, clerk e-mail 192.0.2.0/24 t, clerk telephone 192.0.2.0/24 t', 'the record of acts');
select same((select count(*) from audit_log where detail::text like '%person%'), 0::bigint, 'without an identity');
select same((select count(*) from assisted_entries e join officials o using (official_id) join submissions s using (consultation_id, submission_id)
              where o.login = 'clerk' and s.submission_key in (select md5('c' || c)::uuid from generate_series(3, 6) as c)), 4::bigint, 'and who');
select same((select count(*) from assisted_entries), (select count(*) from submissions where channel > 2), 'all entries have one');
select same((select count(*) from recount(1) where stored <> recounted), 0::bigint, 'the tallies are the rows''');

-- The same key: the same once, another one refused; an identity that is counted already holds it, and it keeps its day.
select same(entered('c3', today() - 5, 3::smallint), 'replayed', 'the same again, whatever the day');
select same((select received_on from submissions where submission_key = md5('c3')::uuid), today() - 3, 'the first day stays');
select same((select count(*) from audit_log where action = 'submission-entered-again' and detail ->> 'number' = number('c3')), 1::bigint, 'written down as such');
select same(entered('c3', today() - 3, 3::smallint, 'clerk', null, 'other'), 'submission-key-reused', 'another content');
select same(entered('h', today() - 4, 4::smallint, 'clerk', 'person 4'), 'recorded', 'nobody is told');
select same(state('h'), 'held', 'but held') , same((select day from submissions where submission_key = md5('h')::uuid), today() - 4, 'on its day');
select same((select count(*) from assisted_entries e join submissions s using (consultation_id, submission_id) where s.submission_key = md5('h')::uuid), 1::bigint, 'entered all the same');
-- Beside one that is proven, what clashes is looked at one by one, and is the same.
select same((select string_agg(outcome, ' ' order by entry) from submission_accept(1::smallint, '10 seconds', '{1,1}', array[md5('p1')::uuid, md5('p2')::uuid],
        array[sha256('p1'), sha256('p2')], array['PPPPPPPPP1', 'PPPPPPPPP2'], '{1,1}', '{1,1}', array[sha256('prover'), sha256('person 4')], '{t,f}', '{t,t}', '{1,1}', '{1,4}',
        array[null, null::text], array[null, null::text], '{1,1}', '{0,0}', array['\x050505'::bytea, '\x050505'], array['\x010101'::bytea, '\x010101'], '{1,1}',
        array[sha256('s'), sha256('s')], array[sha256('k'), sha256('k')], '{1,1}', '{1,1}', array[clock_timestamp(), clock_timestamp()], array[null, null::text],
        array[null, null::smallint], '{}', '{}', '{}', '{}', '{}', '{}', array[null, null::timestamptz], array[null, today() - 6],
        array[null, (select official_id from officials where login = 'clerk')], array[null, '192.0.2.0/24'])), 'recorded recorded', 'two of a batch');
select same((select format('%s %s %s', state, received_on = today() - 6, day = today() - 6) from submissions where submission_key = md5('p2')::uuid), 'held t t', 'held, on its day');
select same((select count(*) from assisted_entries e join submissions s using (consultation_id, submission_id) where s.submission_key in (md5('p1')::uuid, md5('p2')::uuid)), 1::bigint, 'one of them entered');
-- By its code it is amended on the web like any other, which is nobody's entry.
select same(outcomes(format('[{"key": "am", "supersedes": "%s", "generation": 1}]', number('c5'))::jsonb), 'recorded', 'amended');
select same((select format('%s %s %s', channel, received_on is null, identity_kind) from submissions where submission_key = md5('am')::uuid), '1 t 1', 'by the web');
select same((select count(*) from recount(1) where stored <> recounted), 0::bigint, 'the tallies are still the rows''');
