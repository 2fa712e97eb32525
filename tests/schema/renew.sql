-- A lost code is renewed by proof of the identity, for a submission that was proven itself, and for nothing else.
set search_path = tests, consultation;
update consultations set proofs = 6 where consultation_id = 1;
create function key(p_name text) returns uuid language sql immutable as $$ select md5(p_name)::uuid $$;
create function asked(p_challenge text, p_identity text, p_number text, p_proof smallint default 2, p_kind smallint default 1) returns text language sql as $$
    select outcome from challenge_ask(1, key(p_challenge), p_proof, p_kind, sha256(p_identity::bytea), sha256('home'), key(p_challenge),
                                      sha256('right'), 1::smallint, 1000, p_number);
$$;
create function renewed(p_number text, p_challenge text, p_code text default 'right') returns text language sql as $$
    select outcome || coalesce(' ' || generation, '')
      from submission_renew(p_number, 1, key(p_challenge), sha256('home'), key(p_challenge), sha256(p_code::bytea), 1::smallint, 1000);
$$;
select same(outcomes('[{"key": "a", "identity": "ann", "proven": true}, {"key": "b", "identity": "bob"}, {"key": "c", "identity": "cid", "proven": true}]'), 'recorded recorded recorded', 'three');

select same(asked('c1', 'ann', number('a')), 'asked', 'a code');
select same(renewed(number('a'), 'c1', 'wrong'), 'proof-wrong', 'a wrong one');
select same((select outcome from submission_renew(number('a'), 1, key('c1'), sha256('home'), key('c1'), null, 1::smallint, 1000)), 'proof-wrong', 'none');
select same(renewed(number('a'), 'c2'), 'challenge-expired', 'another challenge');
select same(renewed(number('c'), 'c1'), 'challenge-expired', 'a challenge for another number');
select same((select outcome from submission_renew(number('a'), 1, key('c1'), sha256('home'), key('c2'), sha256('right'), 1::smallint, 1000)), 'challenge-expired', 'another form');
select same(renewed(number('a'), 'c1'), 'renewed 2', 'renewed');
select same((select string_agg(generation::text, ' ' order by submission_id) from submissions), '2 1 1', 'that one alone');
select same(renewed(number('a'), 'c1'), 'renewed 2', 'the same request again');
select same((select string_agg(generation::text, ' ' order by submission_id) from submissions), '2 1 1', 'raises nothing more');
select same(renewed(number('a'), 'c1', 'wrong'), 'proof-wrong', 'and wants its code');
select same((select outcome from submission_withdraw(1::smallint, number('a'), 1::smallint, clock_timestamp())), 'code-wrong', 'the lost code opens nothing any more');
select same((select count(*) from audit_log where action = 'code-renewed'), 1::bigint, 'written down once');
select same((select count(*) from audit_log where detail::text like '%' || number('a') || '%'), 0::bigint, 'without a number');

-- Another proof gives another code, and the one before is over.
select same(asked('c4', 'ann', number('a')), 'asked', 'a code');
select same(renewed(number('a'), 'c4'), 'renewed 3', 'renewed again');
select same(renewed(number('a'), 'c1'), 'challenge-expired', 'what it gave is no code any more');

-- Another's, nobody's, unproven: one word for all. What was sent unproven is never opened by a proof.
select same(asked('d1', 'bob', number('a')), 'asked', 'whoever asks');
select same(renewed(number('a'), 'd1'), 'code-not-renewed', 'another person''s');
select same(asked('d2', 'bob', '0000000000'), 'asked', 'whatever number');
select same(renewed('0000000000', 'd2'), 'code-not-renewed', 'nobody''s');
select same(asked('d3', 'bob', number('b')), 'asked', 'a code');
select same(renewed(number('b'), 'd3'), 'code-not-renewed', 'unproven');
select same((select generation from submissions where number = number('b')), 1::smallint, 'nothing changed');
select same(asked('d4', 'cid', number('c'), 2::smallint, 2::smallint), 'asked', 'another kind of identity');
select same(renewed(number('c'), 'd4'), 'code-not-renewed', 'of the same hash');
select same((select count(*) from challenges where renewed is not null), 2::bigint, 'only what was given is written beside a challenge');

-- A challenge is good for what it was asked for and for nothing else.
select same((select outcome from challenge_answer(1, key('d1'), sha256('home'), key('d1'), sha256('right'), 1::smallint, 1000)), 'challenge-expired', 'not for a submission');
select same(asked('e1', 'cid', null), 'asked', 'one for a submission');
select same(renewed(number('c'), 'e1'), 'challenge-expired', 'not for a code');

-- Any proof of a kind that the consultation takes.
update consultations set proofs = 14 where consultation_id = 1;
select same(asked('f1', 'cid', number('c'), 3::smallint), 'asked', 'OpenID Connect');
select same(renewed(number('c'), 'f1'), 'renewed 2', 'renews as well');

-- By a sign-in: what it is for is told to who comes back.
select same((select outcome from challenge_begin(1, key('f2'), key('f2'), 1::smallint, number('c'))), 'asked', 'begun');
select same(challenge_return(1, key('f2'), 1::smallint), true, 'back');
select same((select outcome || renews from challenge_sign_in(1, key('f2'), sha256('home'), sha256('cid'), sha256('right'), 1000)), 'signed-in' || number('c'), 'signed in for this receipt');
select same((select outcome from challenge_answer(1, key('f2'), sha256('home'), key('f2'), sha256('right'), 1::smallint, 1000)), 'challenge-expired', 'not for a submission');
select same((select outcome from challenge_begin(1, key('f3'), key('f3'), 1::smallint)), 'asked', 'one for a submission');
select same(challenge_return(1, key('f3'), 1::smallint), true, 'back');
select same((select outcome || coalesce(renews, ' for none') from challenge_sign_in(1, key('f3'), sha256('home'), sha256('cid'), sha256('right'), 1000)), 'signed-in for none', 'signed in');
select same(renewed(number('c'), 'f3'), 'challenge-expired', 'not for a code');

-- After the close, since it is still of use; until the final release.
update consultations set closes_at = clock_timestamp() - interval '1 day', opens_at = clock_timestamp() - interval '2 days', grace = interval '0' where consultation_id = 1;
select same((select outcome from challenge_ask(1, key('g0'), 2::smallint, 1::smallint, sha256('eve'), sha256('work'), key('g0'), sha256('right'), 1::smallint, 1000)), 'closed', 'nothing is sent any more');
select same((select outcome from challenge_ask(1, key('g1'), 2::smallint, 1::smallint, sha256('ann'), sha256('work'), key('g1'), sha256('right'), 1::smallint, 1000, number('a'))), 'asked', 'but read and withdrawn');
select same((select outcome from challenge_begin(1, key('h0'), key('h0'), 1::smallint)), 'closed', 'nobody signs in to send any more');
select same((select outcome from challenge_begin(1, key('h1'), key('h1'), 1::smallint, number('a'))), 'asked', 'but to renew');
select same((select outcome || generation from submission_renew(number('a'), 1, key('g1'), sha256('work'), key('g1'), sha256('right'), 1::smallint, 1000)), 'renewed4', 'with a new code');
select same((select outcome from submission_withdraw(1::smallint, number('a'), 4::smallint, clock_timestamp())), 'withdrawn', 'which does');
select same((select refusal from release_begin(1, true)), null::text, 'the final release is due');
select same(release_publish(1, 1, clock_timestamp(), true, 1, '{"release": {"number": 1, "final": true}}'), null::text, 'and is made');
select same((select outcome from challenge_ask(1, key('g2'), 2::smallint, 1::smallint, sha256('ann'), sha256('work'), key('g2'), sha256('right'), 1::smallint, 1000, number('a'))), 'final-release-made', 'then it is over');
select same((select outcome from challenge_begin(1, key('h2'), key('h2'), 1::smallint, number('a'))), 'final-release-made', 'by a sign-in as well');
