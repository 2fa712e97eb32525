-- A lost code is renewed by proof of the identity, for a submission that was proven itself, and for nothing else.
set search_path = tests, consultation;
update consultations set proofs = 6 where consultation_id = 1;
create function key(p_name text) returns uuid language sql immutable as $$ select md5(p_name)::uuid $$;
create function asked(p_challenge text, p_identity text) returns text language sql as $$
    select outcome from challenge_ask(1, key(p_challenge), 2::smallint, 1::smallint, sha256(p_identity::bytea), sha256('home'), key(p_challenge),
                                      sha256('right'), 1::smallint, 1000);
$$;
create function renewed(p_number text, p_challenge text, p_code text default 'right') returns text language sql as $$
    select outcome || coalesce(' ' || generation, '')
      from submission_renew(p_number, 1, key(p_challenge), sha256('home'), key(p_challenge), sha256(p_code::bytea), 1::smallint, 1000);
$$;
select same(outcomes('[{"key": "a", "identity": "ann", "proven": true}, {"key": "b", "identity": "bob"}, {"key": "c", "identity": "cid", "proven": true}]'), 'recorded recorded recorded', 'three');

select same(asked('c1', 'ann'), 'asked', 'a code');
select same(renewed(number('a'), 'c1', 'wrong'), 'proof-wrong', 'a wrong one');
select same((select outcome from submission_renew(number('a'), 1, key('c1'), sha256('home'), key('c1'), null, 1::smallint, 1000)), 'proof-wrong', 'none');
select same(renewed(number('a'), 'c2'), 'challenge-expired', 'another challenge');
select same(renewed(number('c'), 'c1'), 'not-renewed', 'another person''s');
select same(renewed('0000000000', 'c1'), 'not-renewed', 'nobody''s');
select same(renewed(number('a'), 'c1'), 'renewed 2', 'renewed');
select same((select string_agg(generation::text, ' ' order by submission_id) from submissions), '2 1 1', 'that one alone');
select same(renewed(number('a'), 'c1'), 'challenge-expired', 'a proof is good for one');
select same((select outcome from submission_withdraw(1::smallint, number('a'), 1::smallint, clock_timestamp())), 'code-wrong', 'the lost code opens nothing any more');

-- What was sent unproven is never opened by a proof.
select same(asked('c3', 'bob'), 'asked', 'a code');
select same(renewed(number('b'), 'c3'), 'not-renewed', 'unproven');
select same((select generation from submissions where number = number('b')), 1::smallint, 'nothing changed');
select same((select count(*) from audit_log where action = 'code-renewed'), 1::bigint, 'written down');
select same((select count(*) from audit_log where detail::text like '%' || number('a') || '%'), 0::bigint, 'without a number');
select same((select outcome from submission_withdraw(1::smallint, number('a'), 2::smallint, clock_timestamp())), 'withdrawn', 'the new one does');
