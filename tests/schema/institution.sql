-- Institutions: what the database itself decides, whatever the server asks.
set search_path = tests, consultation;
create function h(p text) returns bytea language sql as $$ select sha256(p::bytea) $$;
create function who(p text) returns integer language sql as $$ select official_id from officials where login = p $$;
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action $$;
-- Follows a set-up link to its end.
create function followed(p_login text, p_link text) returns void language plpgsql as $$
begin
    perform official_setup_secret(h(p_link), decode(repeat('00', 60), 'hex'), 1::smallint);
    perform same(official_setup_finish(h(p_link), '$argon2id$' || p_login, 100, '{}', 'n'), 'set-up', p_login);
end $$;
select official_add('ann', 'Ann', true, true, h('ann')), followed('ann', 'ann'), official_add('bea', 'Bea', false, true, h('bea')), followed('bea', 'bea');

-- The register is the administrators'.
create function registered(p_by integer, p_slug text) returns text language sql as $$
    select institution_register(p_by, p_slug, 0::smallint, '大學', 'University', '大学', array[p_slug || '.example'], false, 'n');
$$;
select same(registered(who('ann'), 'first'), 'done', 'registered');
select same(registered(who('ann'), 'first'), 'name-taken', 'once');
select same(registered(who('bea'), 'third'), 'role-missing', 'no administrator');
select same(registered(null, 'second'), 'done', 'at the command line');
select same(institution_change(who('ann'), 'first', 1::smallint, '甲', 'One', '甲', array['first.example', 'one.example'], 'n'), 'done', 'changed');
select same(institution_change(who('ann'), 'first', 1::smallint, '甲', 'One', '甲', array['one.example', 'first.example'], 'n'), 'done', 'nothing to change');
select same(acts('institution-changed'), 1::bigint, 'what changes nothing is no act');
select same(institution_change(who('ann'), 'nowhere', 1::smallint, 'a', 'a', 'a', '{}', 'n'), 'not-found', 'nowhere');
select same(institution_change(who('bea'), 'first', 1::smallint, 'a', 'a', 'a', '{}', 'n'), 'role-missing', 'no administrator');

-- The first member by an administrator, the others by their own coordinator, and by nobody else.
select same(institution_invite(who('bea'), 'first', 'col', 'Col', 1::smallint, h('col'), 'n'), 'role-missing', 'no administrator');
select same(institution_invite(who('ann'), 'first', 'col', 'Col', 6::smallint, h('col'), 'n'), 'last-coordinator', 'the first must be a coordinator');
select same(institution_invite(who('ann'), 'first', 'col', 'Col', 1::smallint, h('col'), 'n'), 'done', 'the first');
select same(institution_invite(who('ann'), 'first', 'ann', 'Ann', 1::smallint, h('x'), 'n'), 'name-taken', 'names are one space');
select same((select count(*) from official_setup_open(h('col'), false)), 0::bigint, 'no link of the officials'' side');
select followed('col', 'col');
select same(institution_invite(who('ann'), 'first', 'mole', 'M', 7::smallint, h('mole'), 'n'), 'institution-coordinated', 'never once somebody coordinates');
select same(institution_invite(who('col'), 'second', 'mole', 'M', 1::smallint, h('mole'), 'n'), 'not-found', 'nor into another''s');
select same(institution_invite(who('col'), 'first', 'dot', 'Dot', 2::smallint, h('dot'), 'n'), 'done', 'a colleague');
select same(institution_invite(who('col'), 'first', 'eve', 'Eve', 4::smallint, h('eve'), 'n'), 'done', 'another');
select followed('dot', 'dot'), followed('eve', 'eve');
select same(institution_invite(who('dot'), 'first', 'mole', 'M', 1::smallint, h('mole'), 'n'), 'role-missing', 'not by a drafter');
select same(institution_invite(null, 'second', 'zoe', 'Zoe', 5::smallint, h('zoe'), null), 'done', 'the other institution''s'), followed('zoe', 'zoe');
select same((select string_agg(login, ' ') from institution_members(who('dot'), 'second')), 'col dot eve', 'one''s own, whatever is asked for');
select same((select string_agg(login, ' ') from institution_members(who('ann'), 'second')), 'zoe', 'an administrator, any');
select same((select count(*) from institution_members(who('bea'), 'second')), 0::bigint, 'another official, none');

-- A member is on their own side only, and no administrator's to reset, disable or give roles.
select same((select count(*) from official_find('dot', 'n')), 0::bigint, 'no official signs in by that name');
select same((select count(*) from official_find('dot', 'n', true)), 1::bigint, 'a member does');
select same((select count(*) from official_find('ann', 'n', true)), 0::bigint, 'an official is no member');
select same(official_reset_propose(who('ann'), 'dot', 'n'), 'not-found', 'no reset'), same(official_reset_confirm(null, 'dot', h('x'), null), 'not-found', 'nor at the command line'),
       same(official_enable(who('ann'), 'dot', false, 'n'), 'not-found', 'nor disabled'), same(official_end_sessions(who('ann'), 'dot', 'n'), 'not-found', 'nor signed out'),
       same(official_grant(who('ann'), 'dot', 'real', 0::smallint, true, 'n'), 'not-found', 'nor given a role');

-- What coordinators do with members: not with themselves, not with another institution's.
select same(institution_member_roles(who('col'), 'dot', 6::smallint, 'n'), 'done', 'parts');
select same(institution_member_roles(who('col'), 'col', 7::smallint, 'n'), 'own-account', 'not one''s own');
select same(institution_member_roles(who('zoe'), 'dot', 1::smallint, 'n'), 'not-found', 'not another''s');
select same(institution_member_roles(who('dot'), 'eve', 1::smallint, 'n'), 'role-missing', 'not by a drafter');
select same(institution_member_roles(who('ann'), 'eve', 1::smallint, 'n'), 'institution-coordinated', 'not by an administrator');
select refused($$select institution_member_roles(who('col'), 'eve', 8::smallint, 'n')$$, '23514', 'officials_member');
select official_begin(who('dot'), h('s1'), 'n', 'b', 10), official_second(h('s1'), h('s2'), 101, null, 'n', 10);
select same((select institution from official_session(h('s2'), 30, null, true)), 'first', 'signed in');
select same((select count(*) from official_session(h('s2'), 30, null, false)), 0::bigint, 'nobody on the other side');
-- Of one who approves it takes two: a coordinator proposes, another approver gets the link; not one of them alone, and nobody else's.
select same(institution_member_link(who('col'), 'dot', h('dot2'), 'n'), 'second-person-required', 'a coordinator alone gets no approver''s link');
select same(institution_member_roles(who('col'), 'dot', 2::smallint, 'n'), 'done', 'no approver for the moment'),
       same(institution_member_link(who('col'), 'dot', h('dot2'), 'n'), 'second-person-required', 'who was one may be one again'),
       same(institution_member_roles(who('col'), 'dot', 6::smallint, 'n'), 'done', 'again');
select same(institution_reset_confirm(who('eve'), 'dot', h('dot2'), 'n'), 'proposal-over', 'nothing was proposed');
select same(institution_reset_propose(who('eve'), 'dot', 'n'), 'role-missing', 'a coordinator proposes'),
       same(institution_reset_propose(who('col'), 'col', 'n'), 'own-account', 'nobody their own'),
       same(institution_reset_propose(who('zoe'), 'dot', 'n'), 'not-found', 'nor another''s'),
       same(institution_reset_propose(who('col'), 'dot', 'n'), 'done', 'proposed'), same(institution_reset_propose(who('col'), 'dot', 'n'), 'done', 'twice is once');
select same(acts('institution-reset-proposed'), 1::bigint, 'one act');
select same(institution_reset_confirm(by, 'dot', h('dot2'), 'n'), expected, expected)
  from (values (who('col'), 'second-person-required'), (who('dot'), 'second-person-required'), (who('zoe'), 'not-found'), (who('bea'), 'role-missing'),
               (who('ann'), 'institution-has-approvers'), (null, 'not-found')) as v (by, expected);
select same((select string_agg(login || ' ' || reset_by, ', ') from institution_members(who('eve'), null) where may_confirm), 'dot Col', 'she may'),
       same((select count(*) from institution_members(m, 'first') where may_confirm), 0::bigint, 'others not') from unnest(array[who('col'), who('dot'), who('ann')]) m;
select same(institution_reset_drop(who('zoe'), 'dot', 'n'), 'not-found', 'not another''s'), same(institution_reset_drop(who('eve'), 'dot', 'n'), 'done', 'she thinks not');
select same(institution_reset_confirm(who('eve'), 'dot', h('dot2'), 'n'), 'proposal-over', 'dropped');
select same(institution_reset_propose(who('col'), 'dot', 'n'), 'done', 'proposed');
update officials set member_roles = 2 where login = 'col';
select same(institution_reset_confirm(who('eve'), 'dot', h('dot2'), 'n'), 'proposal-over', 'who proposed it does not coordinate any more');
update officials set member_roles = 1 where login = 'col';
select same(institution_reset_confirm(who('eve'), 'dot', h('dot2'), 'n'), 'done', 'reset');
select same((select count(*) from official_session(h('s2'), 30, null, true)), 0::bigint, 'signed out');
select same(institution_member_link(who('col'), 'dot', h('x'), 'n'), 'second-person-required', 'nor the link of a reset that was not followed yet');
-- Where nobody else approves, an administrator is the second.
select same(institution_reset_propose(who('col'), 'eve', 'n'), 'done', 'the only other approver');
select same(institution_reset_confirm(who('bea'), 'eve', h('x'), 'n'), 'role-missing', 'no administrator');
select same((select string_agg(login, ' ') from institution_members(who('ann'), 'first') where may_confirm), 'eve', 'an administrator may');
select same(institution_reset_confirm(who('ann'), 'eve', h('eve2'), 'n'), 'done', 'an administrator'), followed('eve', 'eve2');
select same((select count(*) from official_find('dot', 'n', true)), 0::bigint, 'without password');
select same(institution_member_link_end(who('col'), 'dot', 'n'), 'done', 'ended');
select same((select count(*) from official_setup_open(h('dot2'), true)), 0::bigint, 'opens nothing');
select institution_reset_propose(who('col'), 'dot', 'n');
select same(institution_reset_confirm(who('eve'), 'dot', h('dot3'), 'n'), 'done', 'renewed'), followed('dot', 'dot3');
select same(institution_member_link(who('ann'), 'col', h('x'), 'n'), 'institution-coordinated', 'an administrator lets nobody into a body''s drafts');
insert into official_subjects (official_id, subject_hash, master) select who(l), h(l), 1 from unnest(array['dot', 'eve', 'zoe']) l;
select same(institution_member_enable(who('col'), 'dot', false, 'n'), 'done', 'disabled');
select same((select string_agg(login, ' ' order by login) from official_subjects join officials using (official_id)), 'eve zoe', 'nor connected: a sign-in opens another account then');
select same((select count(*) from official_find('dot', 'n', true)), 0::bigint, 'opens nothing');
select same(institution_member_link(who('col'), 'dot', h('x'), 'n'), 'account-disabled', 'no link of a disabled one');
select same(institution_member_enable(who('col'), 'dot', true, 'n'), 'done', 'enabled');
-- Of two coordinators who take it from each other the second finds that they are none any more: one is always left.
select same(institution_member_roles(who('col'), 'eve', 5::smallint, 'n'), 'done', 'a second coordinator');
select same(institution_member_roles(who('col'), 'eve', 4::smallint, 'n'), 'done', 'taken back');
select same(institution_member_roles(who('eve'), 'col', 4::smallint, 'n'), 'role-missing', 'too late');
select same(institution_coordinators((select institution_id from institutions where slug = 'first')), 1, 'one is left');

-- What is known of two persons: who had made the link of each, and who had a link to both, also by another one's.
create function known(p_first text, p_second text, p_at timestamptz default clock_timestamp(), p_first_at timestamptz default clock_timestamp()) returns text language sql as $$
    select concat_ws(', ', coalesce(first_link_by, '-'), coalesce(second_link_by, '-'), coalesce(second_parts_by, '-'), coalesce(one_hand, 'nobody'))
      from institution_two_persons(who(p_first), least(p_first_at, p_at), who(p_second), p_at) $$;
select same(known('col', 'dot'), '-, Eve, Col, nobody', 'reset by two'), same(known('col', 'eve'), '-, -, Col, nobody', 'by an administrator');
select institution_invite(who('col'), 'first', 'fox', 'Fox', 3::smallint, h('fox'), 'n'), followed('fox', 'fox'),
       institution_invite(who('fox'), 'first', 'gnu', 'Gnu', 4::smallint, h('gnu'), 'n'), followed('gnu', 'gnu');
select same(known('fox', 'gnu'), 'Col, Fox, Fox, Fox', 'who asks made the link'), same(known('col', 'gnu'), '-, Fox, Fox, Col', 'by a link of a link'),
       same(known('fox', 'eve'), 'Col, -, Col, nobody', 'two persons');
select same(institution_member_link(who('fox'), 'gnu', h('x'), 'n'), 'second-person-required', 'set up'),
       same(known('fox', 'gnu', now() - interval '1 day'), '-, -, -, nobody', 'nothing before it was');
-- Each as of when they acted: who asked through an account in their hand is not forgotten because somebody else set it up anew since.
select institution_invite(who('col'), 'first', 'hen', 'Hen', 1::smallint, h('hen'), 'n'), followed('hen', 'hen');
create table asked as select clock_timestamp() as at;
select institution_member_roles(who('col'), 'eve', 5::smallint, 'n'), institution_member_link(who('eve'), 'hen', h('hen2'), 'n'), followed('hen', 'hen2'),
       institution_member_roles(who('col'), 'eve', 4::smallint, 'n');
select same(known('hen', 'gnu'), 'Eve, Fox, Fox, nobody', 'asked now'), same(known('hen', 'gnu', p_first_at => (select at from asked)), 'Col, Fox, Fox, Col', 'asked before');
select institution_member_enable(who('col'), 'gnu', false, 'n'), institution_member_enable(who('col'), 'fox', false, 'n'),
       institution_member_enable(who('col'), 'hen', false, 'n');

-- Verified by a mailed code: an address of a listed domain or one below it, ten minutes, five tries, by who asked.
select same(institution_challenge(who('dot'), 'first.example', h('c'), 'n'), 'role-missing', 'a coordinator asks');
select same(institution_challenge(who('col'), domain, h('c'), 'n'), 'domain-not-listed', domain)
  from unnest(array['second.example', 'example', 'notfirst.example', 'first.example.org']) as domain;
select same(institution_challenge(who('col'), 'mail.first.example', h('c'), 'n'), 'done', 'below it');
select same(institution_challenge_answer(who('col'), h('wrong'), 'n'), 'proof-wrong', 'wrong') from generate_series(1, 5);
select same(institution_challenge_answer(who('col'), h('c'), 'n'), 'challenge-tries-used', 'five tries');
select same(institution_challenge(who('col'), 'first.example', h('d'), 'n'), 'done', 'anew');
update institution_challenges set expires_at = clock_timestamp();
select same(institution_challenge_answer(who('col'), h('d'), 'n'), 'challenge-expired', 'over');
select institution_challenge(who('col'), 'first.example', h('e'), 'n');
select same((select awaited from institution_verification(who('col'))), true, 'awaited'), same((select awaited from institution_verification(who('eve'))), false, 'by who asked');
select same(institution_challenge_answer(who('zoe'), h('e'), 'n'), 'challenge-expired', 'not by another''s');
select same(institution_challenge_answer(who('col'), h('e'), 'n'), 'done', 'right');
select same((select verified_by from institution_verification(who('eve'))), 0::smallint, 'verified');
select same(institution_challenge(who('col'), 'first.example', h('f'), 'n'), 'institution-verified', 'once');
select same(institution_verify(who('bea'), 'second', true, 'x', 'n'), 'role-missing', 'no administrator');
select same(institution_verify(who('ann'), 'second', true, 'A letter', 'n'), 'done', 'by an official');
select same((select detail ->> 'note' from audit_log where action = 'institution-verified' and detail ? 'note'), 'A letter', 'why');
select same(institution_verify(who('ann'), 'second', false, 'x', 'n'), 'done', 'taken back');
select same((select verified_at from institution_verification(who('zoe'))), null, 'no longer');

-- Keys take two persons.
select same(institution_key_make(who('eve'), 'l', null, h('k1'), 10, 'n'), 'role-missing', 'a coordinator makes it');
select same(institution_key_make(who('col'), 'l', null, h('k1'), 10, 'n'), 'done', 'made');
create function key_of(p text) returns uuid language sql as $$ select key_id from institution_keys where token_hash = h(p) or public_key = h(p) $$;
select same((select count(*) from institution_key_admit(h('k1'), null, 'real')), 0::bigint, 'opens nothing yet');
select same(institution_key_confirm(who('zoe'), key_of('k1'), 'n'), 'not-found', 'not another''s');
select same(institution_key_confirm(who('col'), key_of('k1'), 'n'), 'role-missing', 'an approver confirms');
update officials set member_roles = 5 where login = 'col';
select same(institution_key_confirm(who('col'), key_of('k1'), 'n'), 'second-person-required', 'and not who made it');
select same(institution_key_confirm(who('eve'), key_of('k1'), 'n'), 'done', 'another');
select same((select institution from institution_key_admit(h('k1'), null, 'real')), 'first', 'opens');
select same((select count(*) from institution_key_admit(null, key_of('k1'), 'real')), 0::bigint, 'a token is no signature''s key');
select same((select used_at is not null from institution_keys where key_id = key_of('k1')), true, 'last use');
select institution_key_make(who('col'), 'k', h('k2'), null, 10, 'n');
select same(institution_key_public(key_of('k2')), null, 'not confirmed');
select institution_key_confirm(who('eve'), key_of('k2'), 'n');
select same(institution_key_public(key_of('k2')), h('k2'), 'confirmed');
select institution_member_enable(who('col'), 'eve', false, 'n');
select same((select string_agg(confirmed_by || ' ' || stands, ', ') from institution_key_list(who('col')) where label = 'k'), 'Eve false', 'listed with who confirmed it, who left'),
       same(institution_key_public(key_of('k2')), h('k2'), 'and stays: it is the institution''s');
select institution_member_enable(who('col'), 'eve', true, 'n');
select same((select string_agg(confirmed_by || ' ' || stands, ', ') from institution_key_list(who('col')) where label = 'k'), 'Eve true', 'is back');
select same((select count(*) from institution_key_admit(null, key_of('k2'), 'real')), 1::bigint, 'by a signature');
select same((select count(*) from institution_key_list(who('zoe'))), 0::bigint, 'nobody sees another''s'), same((select count(*) from institution_key_list(who('eve'))), 2::bigint, 'but their own');
select same(institution_key_revoke(who('dot'), key_of('k2'), 'n'), 'done', 'an approver revokes');
select same(institution_key_public(key_of('k2')), null, 'revoked'), same(institution_key_confirm(who('eve'), key_of('k2'), 'n'), 'not-found', 'for good');
update institution_keys set expires_at = clock_timestamp() where key_id = key_of('k1');
select same((select count(*) from institution_key_admit(h('k1'), null, 'real')), 0::bigint, 'over');
select institution_key_make(who('col'), 'l', null, h('k3'), 10, 'n'), institution_key_confirm(who('eve'), key_of('k3'), 'n');
select institution_key_audit(key_of('k3'), 'n', 'tried', null, '{"a": 1}');
select same((select detail ->> 'institution' from audit_log where action = 'tried'), 'first', 'a machine''s act');

-- A closed institution opens nothing, and can be opened again.
select official_begin(who('eve'), h('s3'), 'n', 'b', 10), official_second(h('s3'), h('s4'), 101, null, 'n', 10);
select same(institution_close(who('bea'), 'first', true, 'n'), 'role-missing', 'no administrator');
select same(institution_close(who('ann'), 'first', true, 'n'), 'done', 'closed');
select same((select string_agg(login, ' ') from official_subjects join officials using (official_id)), 'zoe', 'its members are not connected');
select same((select count(*) from official_session(h('s4'), 30, null, true)), 0::bigint, 'no session'), same((select count(*) from official_find('eve', 'n', true)), 0::bigint, 'no sign-in'),
       same((select count(*) from institution_key_admit(h('k3'), null, 'real')), 0::bigint, 'no token'),
       same(institution_invite(null, 'first', 'late', 'L', 1::smallint, h('late'), null), 'institution-closed', 'no invitation'),
       same(institution_key_make(who('col'), 'l', null, h('k4'), 10, 'n'), 'role-missing', 'no act of its members');
select same(institution_close(who('ann'), 'first', false, 'n'), 'done', 'opened');
select same((select count(*) from official_find('eve', 'n', true)), 1::bigint, 'as before');

-- Written down: by whom, for which institution, and nothing that opens.
select same((select string_agg(distinct detail ->> 'official', ' ') from audit_log where action = 'institution-key-confirmed'), 'eve', 'by whom');
select same((select string_agg(distinct detail ->> 'institution', ' ') from audit_log where action like 'institution-key%'), 'first', 'for whom');
select same((select detail ->> 'parts' from audit_log where action = 'institution-member-invited' and detail ->> 'account' = 'zoe'), '["coordinator", "approver"]', 'which parts');
select ok(not exists (select from audit_log where detail::text ~ '@|argon2'), 'no address, nothing that opens');
select audit_seal();
select same((select count(*) from audit_verify()), 0::bigint, 'the chain is whole');
