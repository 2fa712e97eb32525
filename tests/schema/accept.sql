-- What submission_accept stores, what it answers, and what it leaves alone.
set search_path = tests, consultation;

-- A usual one is counted, with all that was said.
select same(outcomes('[{"key": "a", "identity": "ann", "stances": "05ff00", "versions": "010100", "priorities": 5,
                        "remarks": [[0, 1, "one"], [0, 2, "two"], [1, 1, "three"]]}]'), 'recorded', 'a first one');
select same(state('a'), 'counted', 'its state');
select same((select count(*) from remarks), 3::bigint, 'its remarks');
select same((select (kind, identity_kind, proven, unchallenged, within_grace, consent, generation)::text from submissions), '(1,1,f,t,f,1,1)', 'its columns');
select same((select day from submissions), (clock_timestamp() at time zone 'Asia/Hong_Kong')::date, 'its day is Hong Kong''s');
select same((select (received, counted, held)::text from submission_tallies), '(1,1,0)', 'the submissions'' tally');
select same((select string_agg((ordinal, n0, n1, n5, remark_only, remarks, priorities)::text, ' ' order by ordinal) from tally_cells),
            '(1,0,0,1,0,1,1) (2,0,0,0,1,1,0) (3,1,0,0,0,0,1)', 'the cells');

-- The same key and content: the same receipt, for ever; other content: none.
select same((select (outcome, number = number('a'), generation)::text from accept('[{"key": "a"}]')), '(replayed,t,1)', 'a replay');
select same((select (outcome, number)::text from accept('[{"key": "a", "content": "other"}]')), '(submission-key-reused,)', 'a key used for something else');
select same(outcomes('[{"key": "b", "content": "x"}, {"key": "b", "content": "x"}, {"key": "b", "content": "y"}]'),
            'recorded replayed submission-key-reused', 'one key three times in one batch');

-- An identity that is counted already: recorded all the same, and held.
select same(outcomes('[{"key": "c", "identity": "ann"}]'), 'recorded', 'a second one of an identity');
select same(state('c'), 'held', 'it is held');
select same(state('a'), 'counted', 'the first stays counted');
select same(outcomes('[{"key": "d", "identity": "ben"}, {"key": "e", "identity": "ben"}]'), 'recorded recorded', 'twice in one batch');
select same(state('d') || ' ' || state('e'), 'counted held', 'the first of the batch is counted');
select same(outcomes('[{"key": "f", "identity": "ann", "kind": 2}]'), 'recorded', 'the same identity for an organisation');
select same(state('f'), 'counted', 'is another respondent');
select same(outcomes('[{"key": "g", "identity": "ann", "consultation": 2}]'), 'recorded', 'the same identity in another consultation');
select same(state('g'), 'counted', 'is counted there');
select same(outcomes('[{"key": "h"}, {"key": "i"}]'), 'recorded recorded', 'two without an identity');
select same(state('h') || ' ' || state('i'), 'counted counted', 'are both counted');

-- A number that is taken is told, and nothing is stored.
select same(outcomes(format('[{"key": "j", "number": "%s"}]', number('a'))::jsonb), 'number-taken', 'a number that is taken');
select ok(state('j') is null, 'nothing was stored');
select same(outcomes(format('[{"key": "a", "number": "%s"}]', number('a'))::jsonb), 'replayed', 'a replay is judged before the number');

-- An amendment takes over identity and state.
select same(outcomes(format('[{"key": "k", "supersedes": "%s", "generation": 1, "stances": "010101", "versions": "010101"}]', number('a'))::jsonb), 'recorded', 'an amendment');
select same(state('a') || ' ' || state('k'), 'superseded counted', 'takes the place of what it amends');
select ok((select n.identity_hash = o.identity_hash and n.supersedes = o.submission_id and o.state_reason = 'amended'
             from submissions n, submissions o where n.number = number('k') and o.number = number('a')), 'and its identity');
select same(outcomes(format('[{"key": "l", "supersedes": "%s", "generation": 1}]', number('c'))::jsonb), 'recorded', 'an amendment of a held one');
select same(state('c') || ' ' || state('l'), 'superseded held', 'is held');
select same(outcomes(format('[{"key": "m", "supersedes": "%s", "generation": 1}]', number('a'))::jsonb), 'already-superseded', 'an amendment of an amended one');
select same(outcomes(format('[{"key": "m", "supersedes": "%s", "generation": 2}]', number('k'))::jsonb), 'code-wrong', 'an amendment with an older code');
select same(outcomes('[{"key": "m", "supersedes": "0000000000", "generation": 1}]'), 'not-found', 'an amendment of nothing');
select same(outcomes(format('[{"key": "m", "consultation": 2, "supersedes": "%s", "generation": 1}]', number('k'))::jsonb), 'not-found', 'an amendment of another consultation''s');
select same(outcomes(format('[{"key": "m", "supersedes": "%1$s", "generation": 1}, {"key": "n", "supersedes": "%1$s", "generation": 1}]', number('k'))::jsonb),
            'recorded already-superseded', 'two amendments of one');
select same(outcomes(format('[{"key": "m", "supersedes": "%s", "generation": 1}]', number('k'))::jsonb), 'replayed', 'an amendment sent again');
select submission_state_change(0::smallint, 1, submission_id, 'set aside', 'trial', clock_timestamp()) from submissions where number = number('m');
select same(outcomes(format('[{"key": "o", "supersedes": "%s", "generation": 1}]', number('m'))::jsonb), 'recorded', 'an amendment of one set aside');
select same(state('o'), 'set aside', 'is set aside');
select same((select (sum(set_aside), sum(aside_trial))::text from submission_tallies), '(1,1)', 'and tallied under its reason');

-- Proof displaces what was sent unproven, and nothing else.
select same(outcomes('[{"key": "p", "identity": "ben", "proven": true}]'), 'recorded', 'a proven identity');
select same(state('d') || ' ' || state('e') || ' ' || state('p'), 'superseded superseded counted', 'displaces the unproven ones');
select same((select state_reason from submissions where number = number('d')), 'identity proven', 'with that reason');
select same(outcomes('[{"key": "q", "identity": "ben"}]'), 'recorded', 'an unproven one after it');
select same(state('p') || ' ' || state('q'), 'counted held', 'is held');
select same(outcomes('[{"key": "r", "identity": "ben", "proven": true}]'), 'recorded', 'a second proven one');
select same(state('p') || ' ' || state('r'), 'counted held', 'is held: replacing needs the code');

-- Also when all of them come in one batch: what the first insert stored, what was looked at after it, an amendment.
select same(outcomes('[{"key": "b1", "identity": "cat", "remarks": [[0, 1, "mine"]]}, {"key": "b2", "identity": "cat"}, {"key": "b3", "identity": "cat", "proven": true},
                              {"key": "b4", "identity": "cat"}]'), 'recorded recorded recorded recorded', 'four of one identity, one of them proven');
select same(state('b1') || ', ' || state('b2') || ', ' || state('b3') || ', ' || state('b4'), 'superseded, superseded, counted, held', 'which displaces those before it');
select same((select count(*) from recount(1)), 0::bigint, 'each is tallied once');
select same(outcomes('[{"key": "b5", "identity": "col"}]'), 'recorded', 'unproven');
select same(outcomes(format('[{"key": "b6", "supersedes": "%s", "generation": 1}, {"key": "b7", "identity": "col", "proven": true}]', number('b5'))::jsonb), 'recorded recorded', 'amended and then displaced');
select same(state('b5') || ', ' || state('b6') || ', ' || state('b7'), 'superseded, superseded, counted', 'in one batch');
select same((select count(*) from recount(1)), 0::bigint, 'and tallied once');
select same(outcomes(format('[{"key": "b8", "identity": "cy", "remarks": [[0, 1, "mine"]]}, {"key": "b9", "supersedes": "%s", "generation": 1, "identity": "cy", "proven": true}]', number('b7'))::jsonb),
            'recorded recorded', 'an amendment displaces nothing, whatever comes with it');
select same(state('b8') || ', ' || state('b9'), 'counted, counted', 'both count');
select same((select count(*) from recount(1)), 0::bigint, 'with their remarks');

-- Consent is the submission's; a remark is never published without it.
select same(outcomes('[{"key": "s", "consent": 0, "remarks": [[0, 1, "mine", true]]}]'), 'recorded', 'without consent');
select same((select bool_or(r.publish) from remarks r join submissions s using (submission_id) where s.number = number('s')), false, 'no remark is to be published');

-- A batch of nothing.
select same((select count(*) from accept('[]')), 0::bigint, 'an empty batch');

select same((select count(*) from recount(1)) + (select count(*) from recount(2)), 0::bigint, 'the tallies are those of the submissions');
select same((select sum(received) from submission_tallies), (select count(*) from submissions), 'received is what is stored');
