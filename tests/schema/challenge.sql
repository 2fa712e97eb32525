-- Codes that are asked for and given: bounds, expiry, binding, and that nothing tells who took part.
set search_path = tests, consultation;
update consultations set proofs = 6 where consultation_id = 1;

create function key(p_name text) returns uuid language sql immutable as $$ select md5(p_name)::uuid $$;
create function asked(p_challenge text, p_identity text, p_network text, p_form text, p_code text default '111111', p_alarm integer default 1000)
    returns text language sql as $$
    select outcome || case when alarm then ' alarm' else '' end
      from challenge_ask(1, key(p_challenge), 2::smallint, 1::smallint, sha256(p_identity::bytea), sha256(p_network::bytea), key(p_form),
                         sha256((p_challenge || p_code)::bytea), 1::smallint, p_alarm);
$$;
create function answered(p_challenge text, p_network text, p_form text, p_code text default '111111', p_alarm integer default 1000)
    returns text language sql as $$
    select outcome || case when alarm then ' alarm' else '' end
      from challenge_answer(1, key(p_challenge), sha256(p_network::bytea), key(p_form), sha256((p_challenge || p_code)::bytea), 1::smallint, p_alarm);
$$;

-- The right code, for its form, gives the identity.
select same(asked('c1', 'ann', 'home', 'f1'), 'asked', 'a code');
select ok((select expires_at between clock_timestamp() + interval '9 minutes' and clock_timestamp() + interval '10 minutes' from challenges), 'ten minutes');
select same(answered('c1', 'home', 'f2'), 'challenge-expired', 'another form');
select same(answered('c2', 'home', 'f1'), 'challenge-expired', 'another challenge');
select same((select outcome from challenge_answer(2, key('c1'), sha256('home'), key('f1'), sha256('c1111111'), 1::smallint, 9)), 'challenge-expired', 'another consultation');
select same((select outcome from challenge_answer(1, key('c1'), sha256('home'), key('f1'), sha256('c1111111'), 2::smallint, 9)), 'challenge-expired', 'another master');
select same((select count(*) from challenge_acts where act = 2), 0::bigint, 'none of these is a try');
select same((select outcome || identity_kind || (identity_hash = sha256('ann')) from challenge_answer(1, key('c1'), sha256('home'), key('f1'), sha256('c1111111'), 1::smallint, 9)), 'proven1true', 'proven');
select same(answered('c1', 'home', 'f1'), 'proven', 'and again, as when the rest failed');

-- What the form recorded goes before everything else, whatever the code.
select same(outcomes('[{"key": "f1", "identity": "ann", "proven": true}]'), 'recorded', 'the form is sent');
select same((select outcome || (identity_hash = (select identity_hash from submissions)) from challenge_answer(1, key('c1'), sha256('home'), key('f1'), sha256('wrong'), 1::smallint, 9)), 'sent-beforetrue', 'sent before');
delete from challenges;
select same(answered('c1', 'home', 'f1'), 'sent-before', 'also when the challenge is gone');

-- Without a code it is declared, where that is taken; and no try.
create function declared(p_challenge text, p_form text) returns text language sql as $$
    select outcome || coalesce(identity_kind::text, '')
      from challenge_answer(1, key(p_challenge), sha256('home'), key(p_form), null, 1::smallint, 1000);
$$;
select same(asked('b1', 'abe', 'home', 'b1'), 'asked', 'a code');
select same(declared('b1', 'b1'), 'declared1', 'without it');
select same(declared('b1', 'b2'), 'challenge-expired', 'for another form');
update consultations set proofs = 4 where consultation_id = 1;
select same(declared('b1', 'b1'), 'proof-required', 'where only a code is taken');
update consultations set proofs = 6 where consultation_id = 1;
select same((select tries::integer from challenges where challenge_id = key('b1') and proven_at is null), 0, 'no try, no proof');

-- Five wrong ones; then the right one comes too late.
select same(asked('d1', 'bob', 'home', 'g1'), 'asked', 'a code');
select same(string_agg(answered('d1', 'home', 'g1', '22222' || n), ' '), 'proof-wrong proof-wrong proof-wrong proof-wrong proof-wrong', 'five') from generate_series(1, 5) as n;
select same(answered('d1', 'home', 'g1'), 'challenge-tries-used', 'the sixth');
-- Another one takes the first's place. Ten wrong ones a day from one network; another network has its own.
select same(asked('d2', 'bob', 'home', 'g1'), 'asked', 'another code');
select same((select count(*) from challenges where submission_key = key('g1')), 1::bigint, 'the earlier one is gone');
select same(string_agg(answered('d2', 'home', 'g1', '33333' || n), ' '), 'proof-wrong proof-wrong proof-wrong proof-wrong proof-wrong', 'five more') from generate_series(1, 5) as n;
select same(asked('d3', 'bob', 'home', 'g3'), 'too-many-requests', 'no code any more today');
select same(answered('d2', 'home', 'g1'), 'too-many-requests', 'nor a try');
select ok((select retry_s between 86000 and 86400 from challenge_answer(1, key('d2'), sha256('home'), key('g1'), sha256('x'), 1::smallint, 9)), 'a day');
select same(asked('d4', 'bob', 'work', 'g4'), 'asked', 'from another network');
select same(answered('d4', 'work', 'g4'), 'proven', 'and proven there');
select same(asked('d5', 'eve', 'home', 'g5'), 'asked', 'another identity from the first network');

-- Three codes an hour.
select same(string_agg(asked('e' || n, 'cid', 'home', 'h' || n), ' '), 'asked asked asked too-many-requests', 'three') from generate_series(1, 4) as n;
select ok((select retry_s between 3500 and 3600 from challenge_ask(1, key('e9'), 2::smallint, 1::smallint, sha256('cid'), sha256('home'), key('h9'), sha256('x'), 1::smallint, 9)), 'an hour');
update challenge_acts set acted_at = acted_at - interval '61 minutes' where identity_hash = sha256('cid');
select same(asked('e5', 'cid', 'home', 'h5'), 'asked', 'an hour later');
select same(asked('e6', 'cid', 'work', 'h6'), 'asked', 'from another network');

-- The alarm counts one identity's from everywhere, and stops nobody.
select same(string_agg(asked('k' || n, 'dan', 'net' || n, 'k' || n, '1', 3), ' '), 'asked asked asked alarm asked asked asked alarm', 'every third') from generate_series(1, 6) as n;

-- Over.
select same(asked('m1', 'fay', 'home', 'm1'), 'asked', 'a code');
update challenges set expires_at = clock_timestamp() where challenge_id = key('m1');
select same(answered('m1', 'home', 'm1'), 'challenge-expired', 'ten minutes later');
select same(challenge_sweep(), 1::bigint, 'is deleted');
select same((select count(*) from challenges where challenge_id = key('m1')), 0::bigint, 'for good');
update challenge_acts set acted_at = clock_timestamp() - interval '1 day' where identity_hash = sha256('bob');
select same(challenge_sweep(), 13::bigint, 'acts a day later: three codes and ten tries');
select same(challenge_sweep(), 0::bigint, 'once');

-- No one network shows in two identities' rows.
select same((select count(distinct source_hash) = count(distinct (identity_hash, source_hash)) from challenge_acts), true, 'sources are apart');

-- When the consultation takes none.
update consultations set proofs = 2 where consultation_id = 1;
select same(asked('n1', 'gus', 'home', 'n1'), 'proof-not-taken', 'by its setting');
update consultations set proofs = 4, opens_at = clock_timestamp() + interval '1 hour' where consultation_id = 1;
select same(asked('n2', 'gus', 'home', 'n2'), 'not-open', 'before');
update consultations set opens_at = clock_timestamp() - interval '2 days', closes_at = clock_timestamp() where consultation_id = 1;
select same(asked('n3', 'gus', 'home', 'n3'), 'closed', 'after');
select same((select outcome from challenge_ask(99, key('n4'), 2::smallint, 1::smallint, sha256('gus'), sha256('home'), key('n4'), sha256('x'), 1::smallint, 9)), 'not-found', 'nowhere');

-- A sign-in: nobody knows whose it is until they are back, once, within ten minutes.
update consultations set proofs = 14, closes_at = clock_timestamp() + interval '1 day' where consultation_id = 1;
create function begun(p_challenge text, p_form text) returns text language sql as $$
    select outcome from challenge_begin(1, key(p_challenge), key(p_form), 1::smallint);
$$;
create function signed_in(p_challenge text, p_identity text, p_network text, p_alarm integer default 1000) returns text language sql as $$
    select outcome || case when alarm then ' alarm' else '' end
      from challenge_sign_in(1, key(p_challenge), sha256(p_network::bytea), sha256(p_identity::bytea), sha256((p_challenge || '111111')::bytea), p_alarm);
$$;
select same(begun('o1', 'o1'), 'asked', 'begun');
select same(answered('o1', 'home', 'o1'), 'proof-awaited', 'nobody signed in yet');
select same(declared('o1', 'o1'), 'proof-required', 'and there is nothing that could be declared');
select same(signed_in('o1', 'hal', 'home'), 'challenge-expired', 'nobody came back yet');
select same(challenge_return(1, key('o1'), 2::smallint), false, 'another master');
select same(challenge_return(2, key('o1'), 1::smallint), false, 'another consultation');
select same(challenge_return(1, key('o1'), 1::smallint), true, 'back');
select same(challenge_return(1, key('o1'), 1::smallint), false, 'once');
update challenges set expires_at = clock_timestamp() + interval '1 second' where challenge_id = key('o1');
select same(signed_in('o1', 'hal', 'home'), 'signed-in', 'signed in');
select ok((select expires_at > clock_timestamp() + interval '9 minutes' from challenges where challenge_id = key('o1')), 'ten minutes from then on');
select same(signed_in('o1', 'ian', 'home'), 'challenge-expired', 'nobody else takes it over');
select same(answered('o1', 'home', 'o2'), 'challenge-expired', 'another form');
select same(answered('o1', 'home', 'o1', '222222'), 'proof-wrong', 'the code is needed');
select same((select outcome || identity_kind || (identity_hash = sha256('hal')) from challenge_answer(1, key('o1'), sha256('home'), key('o1'), sha256('o1111111'), 1::smallint, 9)), 'proven4true', 'proven');
select same(begun('o3', 'o3'), 'asked', 'begun');
select same(begun('o4', 'o3'), 'asked', 'begun again');
select same(challenge_return(1, key('o3'), 1::smallint), false, 'the earlier one is gone');
update challenges set expires_at = clock_timestamp() where challenge_id = key('o4');
select same(challenge_return(1, key('o4'), 1::smallint), false, 'too late');
select same(asked('o5', 'jan', 'home', 'o5'), 'asked', 'a code by mail');
select same(challenge_return(1, key('o5'), 1::smallint), false, 'is no sign-in');
-- The alarm counts sign-ins too.
select same(begun('o6', 'o6'), 'asked', 'begun');
select same(challenge_return(1, key('o6'), 1::smallint), true, 'back');
select same(signed_in('o6', 'hal', 'work', 3), 'signed-in alarm', 'the third act: a sign-in, a wrong code, a sign-in');
update consultations set proofs = 6 where consultation_id = 1;
select same(begun('o7', 'o7'), 'proof-not-taken', 'by its setting');
