-- Two officials change what a submission counts as: who may, which changes there are, one counted an identity, the tallies there and
-- back, and the record of it. Two at once: parallel.sh.
set search_path = tests, consultation;

create function made(p_login text, p_roles smallint[]) returns integer language plpgsql as $$
declare
    v_id integer;
begin
    perform official_add(p_login, p_login, false, false, sha256(p_login::bytea));
    select official_id into v_id from officials where login = p_login;
    insert into official_grants (consultation_id, official_id, role) select 1, v_id, unnest(p_roles);
    return v_id;
end $$;
select made('ann', '{2}'), made('pam', '{4}'), made('bob', '{2, 4}'), made('vic', '{0, 1, 3}'), made('out', '{}');
create function who(p_login text) returns integer language sql as $$ select official_id from officials where login = p_login $$;
create function acts(p_action text) returns bigint language sql as $$ select count(*) from audit_log where action = p_action $$;
create function proposed(p_login text, p_key text, p_before text, p_wanted text, p_reason text default null, p_note text default 'seen on paper')
    returns text language sql as $$
    select outcome from official_state_propose(who(p_login), 1, number(p_key), p_before, p_wanted, p_reason, p_note, '192.0.2.0/24');
$$;
-- The newest proposal about it.
create function proposal(p_key text) returns uuid language sql as $$
    select proposal_id from official_state_proposals(1, null, number(p_key), null, null, 1);
$$;
create function decided(p_login text, p_key text, p_confirmed boolean default true) returns text language sql as $$
    select official_state_decide(who(p_login), 1, proposal(p_key), p_confirmed, '192.0.2.0/24');
$$;
create function sums() returns text language sql as $$
    select (sum(received), sum(counted), sum(held), sum(set_aside), sum(aside_duplicate), sum(aside_impersonation))::text from submission_tallies where consultation_id = 1;
$$;
create function stances() returns bigint language sql as $$ select coalesce(sum(n5), 0)::bigint from tally_cells where consultation_id = 1 and ordinal = 1 $$;

select accept('[{"key": "a", "identity": "ida", "remarks": [[0, 1, "words"]]}, {"key": "b", "identity": "ida"}, {"key": "c", "identity": "ida"},
                {"key": "d"}, {"key": "w", "identity": "wim"}]');
select same(sums(), '(5,3,2,0,0,0)', 'at first');

-- Who may propose, and what.
select same(proposed(login, 'a', 'counted', 'set aside', 'duplicate'), 'role-missing', login || ' may not propose') from unnest(array['pam', 'vic', 'out', 'nobody']) as login;
select same(proposed('ann', 'a', before, wanted, case when wanted = 'set aside' then 'duplicate' end), 'unknown-value', before || ' to ' || wanted)
  from (values ('counted', 'held'), ('counted', 'superseded'), ('counted', 'withdrawn')) as t (before, wanted);
select same(proposed('ann', 'a', 'held', 'set aside', 'duplicate'), 'state-changed', 'not what she saw');
select same(proposed('ann', 'a', 'counted', 'set aside', reason, 'x'), 'unknown-value', 'reason ' || coalesce(reason, 'none')) from unnest(array[null, 'I disagree']) as reason;
select same(proposed('ann', 'b', 'held', 'counted', 'duplicate'), 'identity-counted', 'the one of that identity is counted');
select same((select outcome from official_state_propose(who('ann'), 1, '0000000000', 'counted', 'set aside', 'duplicate', null, 'n')), 'not-found', 'of nothing');
select same((select outcome from official_state_propose(who('ann'), 2, number('a'), 'counted', 'set aside', 'duplicate', null, 'n')), 'role-missing', 'of another consultation');
select same((select count(*) from state_proposals), 0::bigint, 'nothing of this is kept');
select same(proposed('ann', 'a', 'counted', 'set aside', 'duplicate', null), 'done', 'proposed');
select same(proposed('bob', 'a', 'counted', 'set aside', 'impersonation'), 'proposal-open', 'once at a time');
select same(state('a') || ' ' || sums(), 'counted (5,3,2,0,0,0)', 'nothing has changed yet');

-- Who may confirm: a publisher who is another.
select same(decided(login, 'a'), 'role-missing', login || ' may not confirm') from unnest(array['ann', 'vic', 'out', 'nobody']) as login;
select same(official_state_decide(who('pam'), 2, proposal('a'), true, 'n'), 'role-missing', 'on another consultation');
select same(official_state_decide(who('pam'), 1, gen_random_uuid(), true, 'n'), 'not-found', 'of nothing');
select same(decided('pam', 'a'), 'done', 'confirmed');
select same(state('a') || ' ' || sums() || ' ' || stances(), 'set aside (5,2,2,1,1,0) 2', 'set aside, with its answers, and no held one in its place');
select same((select state_reason from submissions where number = number('a')), 'duplicate', 'with its reason');
select same((select outcome || ' ' || decider from official_state_proposals(1, null, number('a'), false, null, 9)), 'confirmed pam', 'kept');
select same(decided('pam', 'a'), 'proposal-over', 'once');
select same(proposed('bob', 'd', 'counted', 'set aside', 'trial'), 'done', 'by somebody with both roles');
select same(decided('bob', 'd'), 'second-person-required', 'who cannot confirm it');
select same(decided('bob', 'd', false), 'second-person-required', 'nor reject it');
select same(official_state_withdraw(who('ann'), 1, proposal('d'), 'n'), 'proposal-of-another', 'another does not withdraw it');
select same(official_state_withdraw(who('bob'), 1, proposal('d'), 'n'), 'done', 'but the proposer does');
select same(official_state_withdraw(who('bob'), 1, proposal('d'), 'n') || ' ' || decided('pam', 'd'), 'proposal-over proposal-over', 'which is the end of it');
select refused(format('update state_proposals set outcome = ''confirmed'', decided_by = proposed_by, decided_at = now() where proposal_id = %L', proposal('d')), '23514', 'state_proposals_two');
update officials set disabled_at = now() where login = 'pam';
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial'), 'done', 'anew');
select same(decided('pam', 'd'), 'role-missing', 'a disabled account confirms nothing');
update officials set disabled_at = null where login = 'pam';
select same(decided('pam', 'd', false) || ' ' || state('d'), 'done counted', 'rejected');

-- A held one is counted when no other under its identity is; then neither that one nor another can be.
select same(proposed('ann', 'b', 'held', 'counted', null, null), 'unknown-value', 'the second person is told why');
select same(proposed('ann', 'b', 'held', 'counted') || ' ' || proposed('bob', 'c', 'held', 'counted') || ' ' || proposed('ann', 'a', 'set aside', 'counted'), 'done done done', 'three of one identity');
select same(decided('pam', 'b') || ' ' || decided('pam', 'c') || ' ' || decided('pam', 'a'), 'done identity-counted identity-counted', 'one of them');
select same(state('a') || ', ' || state('b') || ', ' || state('c') || ' ' || sums(), 'set aside, counted, held (5,3,1,1,1,0)', 'counts');
select same((select count(*) from official_state_proposals(1, null, null, true, null, 9)), 2::bigint, 'the others wait still');
-- What is set aside goes back among the held as well, and from there anywhere.
select same(decided('pam', 'a', false) || ' ' || proposed('ann', 'a', 'set aside', 'held') || ' ' || decided('pam', 'a'), 'done done done', 'held again');
select same(state('a') || ' ' || sums(), 'held (5,3,2,0,0,0)', 'no more set aside');
select same(proposed('ann', 'd', 'counted', 'set aside', 'impersonation') || ' ' || decided('pam', 'd') || ' ' || sums(), 'done done (5,2,2,1,0,1)', 'another reason');
select same(proposed('ann', 'd', 'set aside', 'held'), 'unknown-value', 'without an identity it was never held');
select same(proposed('ann', 'd', 'set aside', 'counted') || ' ' || decided('pam', 'd') || ' ' || sums(), 'done done (5,3,2,0,0,0)', 'and back');
select same((select count(*) from recount(1)), 0::bigint, 'the tallies are those of the submissions');

-- Every reason of the list is tallied.
select same(proposed('ann', 'd', 'counted', 'set aside', reason) || ' ' || decided('pam', 'd') || ' ' || proposed('ann', 'd', 'set aside', 'counted') || ' ' || decided('pam', 'd'),
            'done done done done', reason)
  from unnest(array['duplicate', 'automated', 'impersonation', 'entry-error', 'trial', 'on-request']) as reason;

-- The state changed meanwhile; the holder withdraws what was set aside.
select same(proposed('ann', 'w', 'counted', 'set aside', 'automated'), 'done', 'proposed');
select same((select outcome from submission_withdraw(2::smallint, number('w'), 1::smallint, clock_timestamp())), 'withdrawn', 'withdrawn by its holder');
select same(decided('pam', 'w'), 'state-changed', 'nothing to set aside');
select same(proposed('ann', 'w', 'withdrawn', 'counted'), 'unknown-value', 'nor to count');
select same(decided('pam', 'w', false), 'done', 'rejected');
select same(proposed('ann', 'a', 'held', 'set aside', 'automated') || ' ' || decided('pam', 'a'), 'done done', 'set aside');
select same((select outcome from submission_withdraw(2::smallint, number('a'), 1::smallint, clock_timestamp())) || ' ' || state('a') || ' ' || sums(), 'withdrawn withdrawn (5,2,1,0,0,0)', 'its holder''s to withdraw');

-- Two weeks.
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial'), 'done', 'proposed');
update state_proposals set expires_at = proposed_at + interval '1 microsecond' where proposal_id = proposal('d');
select same((select count(*) from official_state_proposals(1, null, number('d'), true, null, 99)), 0::bigint, 'waits no more');
select same(decided('pam', 'd') || ' ' || official_state_withdraw(who('ann'), 1, proposal('d'), 'n'), 'proposal-over proposal-over', 'is over');
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial'), 'done', 'and can be made anew');
select same((select count(*) from state_proposals where outcome = 'expired' and decided_by is null), 1::bigint, 'the old one is kept');

-- It ends with its proposer's right to make it, and does not come back with it.
select same(official_enable(null, 'ann', false, 'n') || ' ' || decided('pam', 'd'), 'done proposal-over', 'of a disabled account');
select same(official_enable(null, 'ann', true, 'n') || ' ' || decided('pam', 'd'), 'done proposal-over', 'enabled again');
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial') || ' ' || official_grant(null, 'ann', slug, 2::smallint, false, 'n') || ' ' || decided('pam', 'd'), 'done done proposal-over', 'without the role')
  from consultations where consultation_id = 1;
select same(official_grant(null, 'ann', slug, 2::smallint, true, 'n') || ' ' || decided('pam', 'd'), 'done proposal-over', 'with it again') from consultations where consultation_id = 1;
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial') || ' ' || official_reset_confirm(null, 'ann', sha256('n'), 'n') || ' ' || decided('pam', 'd'), 'done done proposal-over', 'of an account that was reset');
select same(proposed('ann', 'd', 'counted', 'set aside', 'trial') || ' ' || official_grant(null, 'ann', slug, 0::smallint, false, 'n'), 'done done', 'another role')
  from consultations where consultation_id = 1;
select same((select count(*) from official_state_proposals(1, null, number('d'), true, null, 99)), 1::bigint, 'ends nothing');
select same((select count(*) from state_proposals where outcome = 'expired' and decided_by is null), 4::bigint, 'all are kept');

-- Pages of held ones: what is free to be counted, and how far was looked.
select accept(jsonb_build_array(jsonb_build_object('key', 'h' || n, 'identity', 'hal'))) from generate_series(0, 6) as n;
select accept('[{"key": "f1", "identity": "flo"}, {"key": "f2", "identity": "flo"}]');
select submission_withdraw(2::smallint, number('f1'), 1::smallint, clock_timestamp());
select same((select string_agg(concat_ws(' ', t.number = number(key), unfinished, other_counted, proposed), ', ' order by n)
               from official_state_held(1, null, false, 3, 100) with ordinality as t (unfinished, number, arrived_at, kind, language, channel, other_counted, proposed, n)
               join (values (1, 'f2'), (2, 'h6'), (3, 'h5')) as w (n, key) using (n)),
            't f f f, t f t f, t f t f', 'the newest three');
select same((select string_agg(number, ' ' order by n) from official_state_held(1, number('h5'), false, 2, 100) with ordinality as t (u, number, at, k, l, c, o, p, n)), number('h4') || ' ' || number('h3'), 'the next two');
select same((select string_agg(number, ' ') from official_state_held(1, null, true, 3, 100)), number('f2'), 'free ones');
select same((select string_agg(concat_ws(' ', number, unfinished, kind), ', ') from official_state_held(1, number('f2'), true, 3, 4)), number('h3') || ' t', 'looked at four, and none is free');
select same((select proposed from official_state_held(1, null, false, 99, 100) where number = number('c')), true, 'one is proposed');
select same((select count(*) from official_state_held(2, null, false, 99, 100)), 0::bigint, 'none of another consultation');

-- The facts, and nothing that identifies.
select same((select (state, kind, proven, identified, other_counted, final)::text from official_state_facts(1, number('c'))), '(held,1,f,t,t,f)', 'facts');
select same((select count(*) from official_state_facts(2, number('c'))), 0::bigint, 'not from another consultation');
select same((select count(*) from official_state_proposals(2, null, null, null, null, 99)), 0::bigint, 'nor its proposals');
select same((select count(*) from official_state_proposals(1, null, null, null, proposal('d'), 99)) + 1, (select count(*) from state_proposals), 'the next page');

-- Every step was written down.
select same((select (detail - 'proposal')::text from audit_log where action = 'official-state-confirmed' order by audit_id limit 1),
            jsonb_build_object('number', number('a'), 'before', 'counted', 'after', 'set aside', 'reason', 'duplicate', 'proposed_by', 'ann', 'official', 'pam', 'from', '192.0.2.0/24')::text, 'who, what, from where');
select same((acts('official-state-proposed'), acts('official-state-confirmed'), acts('official-state-rejected'), acts('official-state-proposal-withdrawn'))::text,
            (select (count(*), count(*) filter (where outcome = 'confirmed'), count(*) filter (where outcome = 'rejected'), count(*) filter (where outcome = 'withdrawn'))::text from state_proposals), 'as many acts as steps');
select same(acts('submission-state') - 3, acts('official-state-confirmed'), 'each change has its own row');
select ok(not exists (select from audit_log where detail::text like '%seen on paper%'), 'notes are not in it');

-- The final release fixes all states.
update consultations set closes_at = clock_timestamp() - interval '61 seconds' where consultation_id = 1;
select same((select refusal from release_begin(1, true)), null::text, 'the final release is due');
select same(release_publish(1, 1, clock_timestamp(), true, 1, '{"release": {"number": 1, "final": true}}'), null::text, 'and is made');
select same(decided('pam', 'd') || ' ' || proposed('ann', 'c', 'held', 'set aside', 'trial'), 'final-release-made final-release-made', 'nothing changes any more');
select same((select final from official_state_facts(1, number('c'))), true, 'which the page is told');
select same((select count(*) from official_state_proposals(1, null, null, true, null, 99)), 0::bigint, 'what waited does no more'),
       same((select p.outcome || (p.decided_at = c.final_release_at) from official_state_proposals(1, null, number('d'), false, null, 1) p, consultations c where consultation_id = 1), 'lapsedtrue', 'it lapsed, and since when');
select same(decided('pam', 'd', false), 'done', 'rejecting changes no state');
select same((select count(*) from recount(1)), 0::bigint, 'all agree');
