-- Withdrawal, erasure, and the states that one function changes.
set search_path = tests, consultation;

create function withdrawn(p_key text, p_generation smallint default 1) returns text language sql as $$
    select outcome from submission_withdraw(2::smallint, number(p_key), p_generation, clock_timestamp());
$$;

select same(outcomes('[{"key": "a", "identity": "ann", "kind": 2, "organisation": "ANN Ltd", "remarks": [[0, 1, "one"], [1, 1, "two"]]},
                       {"key": "b", "identity": "ann", "kind": 2}]'), 'recorded recorded', 'two of one identity');
select same(withdrawn('a', 2::smallint), 'code-wrong', 'with an older code');
select same((select outcome from submission_withdraw(1::smallint, '0000000000', 1::smallint, clock_timestamp())), 'not-found', 'of nothing');
create temp table before as select * from submissions where number = number('a');
select same(withdrawn('a'), 'withdrawn', 'withdrawn');
select same(state('a'), 'withdrawn', 'its state');
select same(state('b'), 'held', 'no held one takes its place');
select ok((select s.salt is null and s.content_hash is null and s.stances is null and s.versions is null and s.sector is null
                  and s.organisation is null and s.priorities = 0 and s.withheld = 0 and s.erased_at is not null
                  and s.state_reason = 'by its holder' from submissions s where s.number = number('a')), 'all that was said is gone at once');
select ok((select (s.number, s.submission_key, s.commitment, s.identity_hash, s.arrived_at, s.kind) = (b.number, b.submission_key, b.commitment, b.identity_hash, b.arrived_at, b.kind)
             from submissions s, before b where s.number = b.number), 'the row and its commitment stay');
select same((select count(*) from remarks), 0::bigint, 'its remarks are deleted');
select same(withdrawn('a'), 'already-withdrawn', 'again');
select same((select withdrawn_at = state_changed_at from submission_withdraw(2::smallint, number('a'), 1::smallint, clock_timestamp()), submissions where submissions.number = number('a')),
            true, 'and tells when');
select same(outcomes(format('[{"key": "c", "supersedes": "%s", "generation": 1}]', number('a'))::jsonb), 'already-withdrawn', 'it is not amended');
select same((select (sum(received), sum(counted), sum(held), sum(withdrawn))::text from submission_tallies), '(2,0,1,1)', 'the tallies of both slots add up');
select ok((select counted < 0 from submission_tallies where slot = 2), 'one slot alone may be negative');
select same((select sum(n5 + n0 + remarks + priorities) from tally_cells), 0::bigint, 'the cells are taken back');
select same((select (action, consultation_id, detail ->> 'before', detail ->> 'after')::text from audit_log where action = 'submission-state'), '(submission-state,1,counted,withdrawn)', 'the audit row');

-- The identity is free again.
select same(outcomes('[{"key": "d", "identity": "ann", "kind": 2}]'), 'recorded', 'a new one');
select same(state('d'), 'counted', 'is counted');
select same(outcomes(format('[{"key": "e", "supersedes": "%s", "generation": 1}]', number('d'))::jsonb), 'recorded', 'an amendment');
select same(withdrawn('d'), 'already-superseded', 'what was amended is not withdrawn');
select same(withdrawn('b'), 'withdrawn', 'a held one is');

-- The one function, its transitions, and what holds them.
create function change(p_key text, p_state submission_state) returns submission_state language sql as $$
    select submission_state_change(0::smallint, consultation_id, submission_id, p_state, 'duplicate', clock_timestamp()) from submissions where submission_key = md5(p_key)::uuid;
$$;
select same(change('e', 'set aside')::text, 'counted', 'set aside');
select same(change('e', 'counted')::text, 'set aside', 'and counted again');
select refused($$select tests.change('e', 'counted')$$, '23000', 'submissions_transition');
select refused($$select tests.change('d', 'counted')$$, '23000', 'submissions_transition');
select refused($$select tests.change('a', 'set aside')$$, '23000', 'submissions_transition');
select refused($$update submissions set arrived_at = now()$$, '23000', 'submissions_immutable');
select refused($$update submissions set stances = '\x000000'$$, '23000', 'submissions_immutable');
select refused($$update submissions set salt = null, erased_at = now() where state = 'counted'$$, '23000', 'submissions_immutable');
select refused($$delete from submissions$$, '23000', 'submissions_kept');
select refused($$truncate submissions cascade$$, '23000', 'submissions_kept');
select same((select count(*) from recount(1)), 0::bigint, 'the tallies are those of the submissions');

-- Displaced by a proven identity: its holder may replace and withdraw it, and is told the same as any other until the close.
select same(outcomes('[{"key": "da", "identity": "dora"}]'), 'recorded', 'unproven');
select same(outcomes('[{"key": "db", "identity": "dora", "proven": true}]'), 'recorded', 'proven');
select same(state('da') || ' ' || state('db'), 'superseded counted', 'displaced');
select same(outcomes(format('[{"key": "dc", "supersedes": "%s", "generation": 1}]', number('da'))::jsonb), 'recorded', 'replaced all the same');
select same((select string_agg(state || ' ' || coalesce(state_reason, ''), ', ' order by submission_id) from submissions where number in (number('da'), number('db'), number('dc'))),
            'superseded amended, counted , superseded identity proven', 'by one that is displaced as well');
select same(outcomes(format('[{"key": "dd", "supersedes": "%s", "generation": 1}]', number('da'))::jsonb), 'already-superseded', 'once');
select same(withdrawn('da'), 'already-superseded', 'the replaced one is over');
select same(withdrawn('dc'), 'withdrawn', 'withdrawn all the same');
select same(state('db'), 'counted', 'the proven one is not touched');
select same(withdrawn('dc'), 'already-withdrawn', 'once');

-- What was superseded is erased at the close, not before.
select same(submission_erase_superseded(1, 10), 0::bigint, 'before the close');
update consultations set closes_at = clock_timestamp() where consultation_id = 1;
select same(submission_erase_superseded(1, 10), 2::bigint, 'at the close');
select ok((select erased_at is not null and stances is null and state = 'superseded' and state_reason = 'amended' from submissions where number = number('d')), 'the amended one');
select same(submission_erase_superseded(1, 10), 0::bigint, 'once');
select same((select count(*) from recount(1)), 0::bigint, 'erasure moves no tally');

-- A displaced one that was erased at the close is still its holder's to withdraw.
update consultations set closes_at = clock_timestamp() + interval '1 day' where consultation_id = 1;
select same(outcomes('[{"key": "ea", "identity": "eva", "remarks": [[0, 1, "words"]]}]') || ' ' || outcomes('[{"key": "eb", "identity": "eva", "proven": true}]'), 'recorded recorded', 'displaced');
update consultations set closes_at = clock_timestamp() where consultation_id = 1;
select same(submission_erase_superseded(1, 10), 1::bigint, 'erased');
create temporary table erased as select erased_at from submissions where number = number('ea');
select same(withdrawn('ea') || ' ' || state('ea') || ' ' || state('eb'), 'withdrawn withdrawn counted', 'withdrawn after the erasure');
select same((select s.erased_at from submissions s where s.number = number('ea')), (select erased_at from erased), 'it was erased when it was');
select same((select count(*) from recount(1)), 0::bigint, 'and is tallied as withdrawn');

-- The final release fixes all states.
update consultations set closes_at = clock_timestamp() - interval '61 seconds' where consultation_id = 1;
select same((select refusal from release_begin(1, true)), null::text, 'the final release is due');
select same(release_publish(1, 1, clock_timestamp(), true, 1, '{"release": {"number": 1, "final": true}}'), null::text, 'and is made');
select same(withdrawn('e'), 'final-release-made', 'withdrawing has ended');
select refused($$select tests.change('e', 'set aside')$$, '23000', 'submissions_final');
select same(outcomes('[{"key": "z"}]'), 'final-release-made', 'nothing is taken');
select refused($$update consultations set final_release_at = null where consultation_id = 1$$, '23000', 'consultations_final_once');
