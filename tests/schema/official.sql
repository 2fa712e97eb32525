-- Officials: what the database itself decides, whatever the server asks.
set search_path = tests, consultation;
create function h(p text) returns bytea language sql as $$ select sha256(p::bytea) $$;
create function hash(p text) returns text language sql as $$ select '$argon2id$' || p $$;
create function made(p_login text, p_administrator boolean default false) returns integer language plpgsql as $$
begin
    perform official_add(p_login, p_login, p_administrator, true, h(p_login));
    perform official_setup_secret(h(p_login), decode(repeat('00', 60), 'hex'), 1::smallint);
    perform official_setup_finish(h(p_login), hash(p_login), 100, array[h(p_login || ' code')], '192.0.2.0/24');
    return (select official_id from officials where login = p_login);
end $$;
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action $$;

-- A set-up link works once, for a day, and not without a first right code.
select same(official_add('ann', 'Ann', true, true, h('ann')), true, 'made');
select same(official_add('ann', 'Ann', true, true, h('other')), false, 'a name is taken once');
select refused($$select official_add('Ann!', 'x', false, true, h('y'))$$, '23514', 'officials_login');
select same((select count(*) from official_setup_open(h('ann'))), 1::bigint, 'opens');
select same((select count(*) from official_setup_open(h('nobody'))), 0::bigint, 'another token does not');
select same(official_setup_secret(h('ann'), decode(repeat('00', 60), 'hex'), 1::smallint), true, 'a secret');
select same(official_setup_secret(h('ann'), decode(repeat('01', 60), 'hex'), 1::smallint), false, 'which stays');
select refused($$select ok(official_setup_finish(h('ann'), 'plain words', 5, '{}', 'n') = 'set-up', 'x')$$, '23514', 'officials_password');
select same((select count(*) from official_find('ann', 'n')), 0::bigint, 'nobody signs in yet');
select same(official_setup_finish(h('ann'), hash('a'), 100, array[h('r1'), h('r2')], '192.0.2.0/24'), 'set-up', 'set up');
select same(official_setup_finish(h('ann'), hash('b'), 101, '{}', 'n'), 'set-up-token-wrong', 'once');
select same((select password_hash from official_find('ann', 'n')), hash('a'), 'the first stays');
select official_add('late', 'Late', false, true, h('late'));
update official_setups set expires_at = clock_timestamp() where token_hash = h('late');
select same((select count(*) from official_setup_open(h('late'))), 0::bigint, 'over after a day');
select same(official_setup_finish(h('late'), hash('l'), 1, '{}', 'n'), 'set-up-token-wrong', 'over');

select same((select known from official_find('ann', '192.0.2.0/24')), true, 'where she set it up');
select same((select known from official_find('ann', '198.51.100.0/24')), false, 'not elsewhere');

-- A session: half until the code; each step once, also to a second one at the same time; a new token.
select same(official_begin(1, h('t1'), '192.0.2.0/24', 'b', 10), 1::smallint, 'the code is awaited');
select same((select stage from official_session(h('t1'), 30, 'real')), 1::smallint, 'half');
select same(official_second(h('t1'), h('t2'), 100, null, 'n', 10), 'one-time-code-wrong', 'the set-up''s step was used');
select same(official_second(h('t1'), h('t2'), 101, null, 'n', 10), 'signed-in', 'the next one');
select same((select count(*) from official_session(h('t1'), 30, null)), 0::bigint, 'the old token is nobody''s');
select same((select stage from official_session(h('t2'), 30, null)), 2::smallint, 'whole');
select official_begin(1, h('t3'), 'n', 'b', 10);
select same(official_second(h('t3'), h('t4'), 101, null, 'n', 10), 'one-time-code-wrong', 'not again');
select same(official_second(h('t3'), h('t4'), null, h('r1'), 'n', 10), 'signed-in', 'a recovery code');
select official_begin(1, h('t5'), 'n', 'b', 10);
select same(official_second(h('t5'), h('t6'), null, h('r1'), 'n', 10), 'one-time-code-wrong', 'once');
-- Five wrong codes end it; fifty a day leave recovery codes.
select same(official_second(h('t5'), h('t6'), null, null, 'n', 10), 'one-time-code-wrong', 'second') from generate_series(2, 4);
select same(official_second(h('t5'), h('t6'), null, null, 'n', 10), 'sign-in-required', 'the fifth');
select same((select count(*) from official_session(h('t5'), 30, null)), 0::bigint, 'ended');
update officials set codes_wrong = 50 where login = 'ann';
select official_begin(1, h('t7'), 'n', 'b', 10);
select same(official_second(h('t7'), h('t8'), 105, null, 'n', 10), 'one-time-code-wrong', 'no more today');
select same(official_second(h('t7'), h('t8'), null, h('r2'), 'n', 10), 'signed-in', 'but by recovery code');
update officials set codes_wrong_on = codes_wrong_on - 1 where login = 'ann';
select official_begin(1, h('t9'), 'n', 'b', 10);
select same(official_second(h('t9'), h('t10'), 105, null, 'n', 10), 'signed-in', 'and tomorrow');

-- Idle and absolute ends; at most twenty sessions.
update official_sessions set seen_at = clock_timestamp() - interval '31 minutes' where token_hash = h('t10');
select same((select count(*) from official_session(h('t10'), 30, null)), 0::bigint, 'idle');
select same((select count(*) from official_session(h('t10'), 60, null)), 1::bigint, 'not yet by another setting');
update official_sessions set expires_at = clock_timestamp() where token_hash = h('t8');
select same((select count(*) from official_session(h('t8'), 30, null)), 0::bigint, 'over');
select official_begin(1, h('many' || n), 'n', 'b', 10) from generate_series(1, 30) as n;
select same((select count(*) from official_sessions where official_id = 1), 20::bigint, 'twenty');
select same((select count(*) from official_sessions where official_id = 1 and token_hash = h('t8')), 0::bigint, 'what is over is deleted');

-- Roles are of one consultation, and any of them is a viewer's too.
select made('bea'), made('cat', true), made('dan', true);
select same(official_grant(1, 'bea', 'real', 2::smallint, true, 'n'), 'done', 'analyst');
select same((select roles from official_session(h('x'), 30, 'real')), null, 'nobody');
select official_begin((select official_id from officials where login = 'bea'), h('b1'), 'n', 'b', 10);
select official_second(h('b1'), h('b2'), 101, null, 'n', 10);
select same((select roles from official_session(h('b2'), 30, 'real')), 5, 'analyst and viewer there');
select same((select roles from official_session(h('b2'), 30, 'rehearsal')), 0, 'nothing elsewhere');
select same((select roles from official_session(h('b2'), 30, 'nowhere')), 0, 'nor where nothing is');
select same(official_grant(2, 'cat', 'real', 2::smallint, true, 'n'), 'role-missing', 'no administrator');
select same(official_grant(1, 'ann', 'real', 4::smallint, true, 'n'), 'own-account', 'not to oneself');
select same(official_grant(1, 'bea', 'nowhere', 2::smallint, true, 'n'), 'not-found', 'no consultation');
select same(official_grant(1, 'bob', 'real', 2::smallint, true, 'n'), 'not-found', 'no account');
select refused($$select official_grant(1, 'bea', 'real', 5::smallint, true, 'n')$$, '23514', 'official_grants_role');

-- Tokens: within their maker's rights, and no longer than they last.
create function bea() returns integer language sql as $$ select official_id from officials where login = 'bea' $$;
select same(official_token_make(bea(), 'real', 2::smallint, 'mine', 10, h('k1'), 'n'), 'made', 'analyst''s');
select same(official_token_make(bea(), 'real', 4::smallint, 'x', 10, h('k2'), 'n'), 'role-missing', 'not what she is not');
select same(official_token_make(bea(), 'rehearsal', 0::smallint, 'x', 10, h('k2'), 'n'), 'role-missing', 'nor elsewhere');
select same(official_token_make(bea(), null, 5::smallint, 'x', 10, h('k2'), 'n'), 'role-missing', 'nor administrator');
select same((select roles from official_token(h('k1'), 'real')), 5, 'analyst there');
select same((select roles from official_token(h('k1'), 'rehearsal')), 0, 'nothing elsewhere');
select official_grant(1, 'bea', 'real', 2::smallint, false, 'n');
select same((select roles from official_token(h('k1'), 'real')), 0, 'ends with the grant');
select official_grant(1, 'bea', 'real', 2::smallint, true, 'n');
update official_tokens set expires_at = clock_timestamp();
select same((select count(*) from official_token(h('k1'), 'real')), 0::bigint, 'over');
select official_token_make(bea(), 'real', 2::smallint, 'again', 10, h('k3'), 'n');
select same(official_token_revoke(1, (select token_id from official_tokens where token_hash = h('k3')), 'n'), false, 'not another''s');
select same(official_token_revoke(bea(), (select token_id from official_tokens where token_hash = h('k3')), 'n'), true, 'revoked');
select same((select count(*) from official_token(h('k3'), 'real')), 0::bigint, 'gone');
select same(official_token_make(1, null, 5::smallint, 'acts', 10, h('k4'), 'n'), 'made', 'administrator''s');
select official_token_make(bea(), 'real', 2::smallint, 'live', 10, h('k5'), 'n');

-- Another password ends the other sessions.
select official_begin(bea(), h('b3'), 'n', 'b', 10), official_second(h('b3'), h('b4'), 102, null, 'n', 10);
select same(official_password(bea(), h('b2'), h('b5'), hash('new'), 'n'), true, 'changed');
select same((select count(*) from official_session(h('b4'), 30, null)), 0::bigint, 'the other session');
select same((select count(*) from official_session(h('b5'), 30, null)), 1::bigint, 'this one, under a new token');
select same(official_begin(bea(), h('b6'), 'n', 'b', 10, hash('bea')), null, 'nor by the old one, if it was being judged meanwhile'),
       same(official_begin(bea(), h('b6'), 'n', 'b', 10, hash('new')), 1::smallint, 'by the new one');

-- A sign-in at a provider opens an account that its holder connected, and no other; by one person's digest under any master key.
create function who(p text) returns integer language sql as $$ select official_id from officials where login = p $$;
create function connect(p_session text, variadic p_who text[]) returns text language sql as $$
    select official_subject_connect(h(p_session), false, 30, (select array_agg(h(w) order by n) from unnest(p_who) with ordinality as t (w, n)), 2::smallint, 'n')
$$;
create function enters(p_session text, p_member boolean, variadic p_who text[]) returns boolean language sql as $$
    select official_subject_begin((select array_agg(h(w) order by n) from unnest(p_who) with ordinality as t (w, n)), 2::smallint, p_member, h(p_session), 'n', 'b', 10)
$$;
select same(enters('s1', false, 'sub'), false, 'nobody''s yet');
select same(connect('x', 'sub'), 'sign-in-required', 'no session');
select official_begin(who('cat'), h('half'), 'n', 'b', 10);
select same(connect('half', 'sub'), 'sign-in-required', 'half a session');
select same(official_subject_connect(h('b5'), true, 30, array[h('sub')], 2::smallint, 'n'), 'sign-in-required', 'the other side');
update official_sessions set seen_at = clock_timestamp() - interval '31 minutes' where token_hash = h('b5');
select same(connect('b5', 'sub'), 'sign-in-required', 'idle for too long');
update official_sessions set seen_at = clock_timestamp() where token_hash = h('b5');
select same(connect('b5', 'sub'), 'bound', 'by who is signed in');
select same(connect('b5', 'other'), 'subject-bound', 'one an account');
select official_second(h('half'), h('c2'), 101, null, 'n', 10);
select same(connect('c2', 'sub'), 'subject-taken', 'and one account each');
select same(connect('c2', 'newer', 'sub'), 'subject-taken', 'under an older master key, too');
select same(enters('s1', true, 'sub'), false, 'not on the other side');
select same((select count(*) from official_sessions where token_hash = h('s1')), 0::bigint, 'no session of it');
select same(enters('s1', false, 'other'), false, 'nobody else');
select same(enters('s1', false, 'newer', 'sub'), true, 'signed in');
select same((select stage from official_session(h('s1'), 30, null)), 2::smallint, 'wholly');
select same((select count(*) from official_subjects where subject_hash = h('sub') and master = 2), 1::bigint, 'made under that master, so it stays');
update official_subjects set master = 1;
select same(enters('s2', false, 'newer', 'sub'), true, 'by an older master key');
select same((select count(*) from official_subjects where subject_hash = h('newer') and master = 2), 1::bigint, 'under the newest from then on');
update officials set disabled_at = clock_timestamp() where login = 'bea';
select same(enters('s3', false, 'newer'), false, 'not while disabled');
update officials set disabled_at = null where login = 'bea';
select same(official_subject_end(who('cat'), h('c2'), 'n'), false, 'nothing to end');
select same((select count(*) from official_session(h('s1'), 30, null)), 1::bigint, 'by the provider, as the holder or as somebody who could be them there');
select same(official_subject_end(bea(), h('b5'), 'n'), true, 'ended');
select same((select count(*) from official_session(h('s1'), 30, null)), 0::bigint, 'with what it opened'),
       same((select count(*) from official_session(h('b5'), 30, null)), 1::bigint, 'and not where it was ended');
select same(enters('s3', false, 'newer'), false, 'opens nothing any more');
select same(connect('b5', 'sub'), 'bound', 'and again');
select same((select string_agg(detail ->> 'by', ' ') from audit_log where action = 'official-signed-in' and detail ->> 'by' = 'provider'), 'provider provider', 'recorded');
select same(acts('official-subject-bound'), 2::bigint, 'each time');
select same(acts('official-subject-ended'), 1::bigint, 'once');
select same(acts('official-subject-unknown'), 1::bigint, 'once an hour and network');
select same((select detail - 'from' from audit_log where action = 'official-subject-unknown'), '{}'::jsonb, 'nobody is named');

-- A reset takes two administrators, neither of them its holder.
select same(official_reset_confirm(1, 'bea', h('n1'), 'n'), 'not-found', 'nothing was proposed');
select same(official_reset_propose(bea(), 'cat', 'n'), 'role-missing', 'no administrator');
select same(official_reset_propose(1, 'ann', 'n'), 'own-account', 'not one''s own');
select same(official_reset_propose(1, 'bea', 'n'), 'done', 'proposed');
select same(official_reset_confirm(1, 'bea', h('n1'), 'n'), 'second-person-required', 'not by the same');
select same((select password_hash from official_find('bea', 'n')), hash('new'), 'nothing has changed');
select same(official_reset_confirm(who('cat'), 'bea', h('n1'), 'n'), 'done', 'by another');
select same((select count(*) from official_find('bea', 'n')), 0::bigint, 'no password');
select same((select count(*) from official_session(h('b5'), 30, null)), 0::bigint, 'no session');
select same((select count(*) from official_token(h('k5'), 'real')), 0::bigint, 'no token');
select same(enters('s3', false, 'sub'), false, 'no sign-in at the provider');
select same((select count(*) from official_subjects), 0::bigint, 'none is connected');
select same((select count(*) from official_setup_open(h('n1'))), 1::bigint, 'a new link');
select official_reset_propose(1, 'dan', 'n');
update official_resets set expires_at = clock_timestamp();
select same(official_reset_confirm(who('cat'), 'dan', h('n2'), 'n'), 'not-found', 'too late');

-- A disabled account opens nothing, and keeps its holder from no other one.
select official_begin(who('dan'), h('half'), 'n', 'b', 10), official_second(h('half'), h('d2'), 101, null, 'n', 10);
select same(connect('d2', 'dan'), 'bound', 'before'), same(official_enable(1, 'dan', false, 'n'), 'done', 'left'),
       same((select count(*) from official_subjects), 0::bigint, 'not connected'), same(official_enable(1, 'dan', true, 'n'), 'done', 'back'),
       same(enters('s3', false, 'dan'), false, 'by their password, first');
select same(official_reset_propose(1, 'dan', 'n'), 'done', 'before');
select same(official_enable(who('cat'), 'ann', false, 'n'), 'done', 'disabled');
select same((select count(*) from official_find('ann', 'n')), 0::bigint, 'no sign-in');
select same((select count(*) from official_session(h('t2'), 30, null)), 0::bigint, 'no session');
select same((select count(*) from official_token(h('k4'), null)), 0::bigint, 'no token');
select same(official_reset_confirm(who('cat'), 'dan', h('n2'), 'n'), 'not-found', 'nor does what it proposed');
select same(official_grant(1, 'bea', 'real', 1::smallint, true, 'n'), 'role-missing', 'no act');
select same(official_begin(1, h('z'), 'n', 'b', 10), null, 'no new session');

-- Everything was written down, with who and from where; wrong tries in powers of ten.
select same(acts('official-signed-in'), 10::bigint, 'signed in');
select same((select string_agg(distinct detail ->> 'official', ' ') from audit_log where action = 'official-granted'), 'ann', 'by whom');
select same((select detail ->> 'from' from audit_log where action = 'official-set-up' order by audit_id limit 1), '192.0.2.0/24', 'from where');
select same((select detail ->> 'role' from audit_log where action = 'official-granted' order by audit_id limit 1), 'analyst', 'which role');
select same((select detail ->> 'proposed_by' from audit_log where action = 'official-reset'), 'ann', 'the first of two');
update officials set refused = 0 where login = 'cat';
select official_refused(who('cat'), 'n', 'password') from generate_series(1, 250);
select same((select count(*) from audit_log where action = 'official-refused' and detail ->> 'official' = 'cat'), 3::bigint, 'the 1st, the 10th, the 100th');
select ok(not exists (select from audit_log where detail::text ~ 'argon2'), 'nothing that opens');
select audit_seal();
select same((select count(*) from audit_verify()), 0::bigint, 'the chain is whole');
