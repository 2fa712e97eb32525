-- Takes a batch of submissions and judges each. In this order: its key was used before (the same content: the same receipt again, for
-- ever), its moment, what it amends; then it is stored whole, or not at all. The reply never tells counted from held.
--
-- Speed: the usual entry is stored by one insert that passes over what clashes; what clashed over its identity by another, as held; only
-- what was left over is looked at, one by one.
-- Nothing is looked for beforehand by a join, and the plans are made without sequential scans, because a kept plan may date from
-- when the tables were empty.
--
-- Two servers: each first takes advisory locks on all keys, identities and amended numbers of its batch in one order, so that whatever
-- rows and index entries they then meet in, none ever waits for the other in a circle. That is two locks an entry: the 6,400 that a
-- PostgreSQL as it comes has room for (max_locks_per_transaction times max_connections) last for twelve batches of 256 at once.
--
-- p_opened_at: when the form was opened that an entry was filled in on, null without a form; only such a one may use the grace.
-- p_received_on, p_official_id, p_network: of what an official enters, null of what comes by itself; see assisted_entry.sql. An older server
-- names none of these, hence the defaults.
drop function if exists submission_accept(
    smallint, interval, integer[], uuid[], bytea[], text[], smallint[], smallint[], bytea[], boolean[], boolean[],
    smallint[], smallint[], text[], text[], smallint[], bigint[], bytea[], bytea[], bigint[], bytea[], bytea[],
    smallint[], smallint[], timestamptz[], text[], smallint[], integer[], smallint[], smallint[], smallint[], boolean[], text[]);
drop function if exists submission_accept(
    smallint, interval, integer[], uuid[], bytea[], text[], smallint[], smallint[], bytea[], boolean[], boolean[],
    smallint[], smallint[], text[], text[], smallint[], bigint[], bytea[], bytea[], bigint[], bytea[], bytea[],
    smallint[], smallint[], timestamptz[], text[], smallint[], integer[], smallint[], smallint[], smallint[], boolean[], text[], timestamptz[]);
create or replace function submission_accept(
    p_slot smallint, p_max_wait interval,
    p_consultation_id integer[], p_submission_key uuid[], p_content_hash bytea[], p_number text[],
    p_kind smallint[], p_identity_kind smallint[], p_identity_hash bytea[], p_proven boolean[], p_unchallenged boolean[],
    p_language smallint[], p_channel smallint[], p_sector text[], p_organisation text[], p_consent smallint[], p_withheld bigint[],
    p_stances bytea[], p_versions bytea[], p_priorities bigint[], p_salt bytea[], p_commitment bytea[],
    p_receipt_key smallint[], p_master smallint[], p_arrived_at timestamptz[], p_supersedes text[], p_supersedes_generation smallint[],
    p_remark_entry integer[], p_remark_part smallint[], p_remark_ordinal smallint[], p_remark_version smallint[],
    p_remark_publish boolean[], p_remark_text text[], p_opened_at timestamptz[] default null,
    p_received_on date[] default null, p_official_id integer[] default null, p_network text[] default null)
    returns table (entry integer, outcome text, number text, arrived_at timestamptz, salt bytea, commitment bytea,
                   receipt_key smallint, master smallint, generation smallint, consultation_id integer)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
    v_count    integer := cardinality(p_submission_key);
    v_now      timestamptz := clock_timestamp();
    v_verdict  text[];    -- why an entry's moment refuses it, or null
    v_grace    boolean[];
    v_id       bigint[];  -- given beforehand, so that what was stored can be told from what was not
    v_stored_of integer[]; -- consultations of v_stored
    v_stored   bigint[];
    v_at_once  integer;   -- how many of v_stored the first insert stored
    v_same     bigint[];  -- of v_stored those that a proof of this batch displaces
    v_same_of  integer[];
    v_tallied  bigint[] := '{}'; -- of v_stored what is in the tallies already
    v_entry    record;
    v_old      submissions;
    v_row      submissions;
begin
    if v_count = 0 then
        return;
    end if;
    -- Without a longest wait the moments are taken as they are claimed: see rehearsal_fill. A server never may.
    if p_max_wait is null then
        if current_setting('role') = 'consultation_writer' then
            raise exception 'p_max_wait is null' using errcode = 'insufficient_privilege';
        elsif exists (select from unnest(p_consultation_id) as p (id)
                        left join consultations c on c.consultation_id = p.id where c.rehearsal is not true) then
            raise exception 'only a rehearsal takes generated answers'
                using errcode = 'integrity_constraint_violation', constraint = 'rehearsals_only';
        end if;
    end if;

    perform assisted_entry_check(p_channel, p_received_on, p_official_id, p_identity_hash, p_proven, p_supersedes);

    perform pg_advisory_xact_lock(held.lock)
       from (select uuid_hash_extended(k, 0) as lock from unnest(p_submission_key) as k
             union select hashtextextended(encode(h, 'hex'), 0) from unnest(p_identity_hash) as h where h is not null
             union select lock from submission_locks(p_supersedes) as lock
             order by lock) as held;

    -- Before any submission_id is taken: see remark_terms.sql.
    perform pg_current_xact_id();
    select array_agg(case
               when c.consultation_id is null or not c.complete then 'not-found'
               when w.arrived_at > v_now + interval '2 seconds' or w.arrived_at < v_now - p_max_wait then 'waited-too-long'
               when w.arrived_at < c.opens_at then 'not-open'
               when c.final_release_at is not null then 'final-release-made'
               when w.received_on is not null
                   then assisted_entry_verdict(c.consultation_id, w.received_on, w.arrived_at, w.official_id)
               when w.arrived_at >= c.closes_at + c.grace then 'closed'
               when w.arrived_at >= c.closes_at and (w.opened_at is null or w.opened_at >= c.closes_at) then 'closed'
           end order by w.entry),
           array_agg(coalesce(w.received_on is null and w.arrived_at >= c.closes_at, false) order by w.entry),
           array_agg(nextval('submissions_submission_id_seq') order by w.entry)
      into v_verdict, v_grace, v_id
      from unnest(p_consultation_id, p_arrived_at, p_opened_at, p_received_on, p_official_id)
           with ordinality as w (consultation_id, arrived_at, opened_at, received_on, official_id, entry)
      left join consultations c on c.consultation_id = w.consultation_id;

    -- The final release waits for this lock, and this for it: nothing is stored behind it. What is refused anyway waits for nobody.
    perform from consultations c
      where c.consultation_id = any (array(select w.consultation_id from unnest(p_consultation_id, v_verdict) as w (consultation_id, verdict)
                                            where w.verdict is null))
      order by c.consultation_id for key share;
    if exists (select from consultations c where c.consultation_id = any (p_consultation_id) and c.final_release_at is not null) then
        select array_agg(case when w.verdict is null and c.final_release_at is not null then 'final-release-made' else w.verdict end
                         order by w.entry) into v_verdict
          from unnest(p_consultation_id, v_verdict) with ordinality as w (consultation_id, verdict, entry)
          left join consultations c on c.consultation_id = w.consultation_id;
    end if;

    with stored as (
        insert into submissions (
            consultation_id, submission_id, number, submission_key, content_hash, state,
            kind, identity_kind, identity_hash, proven, unchallenged, within_grace,
            arrived_at, day, received_on, language, channel, sector, organisation, consent,
            stances, versions, withheld, priorities, salt, commitment, receipt_key, master)
        overriding system value
        select e.consultation_id, e.id, e.number, e.submission_key, e.content_hash, 'counted',
               e.kind, e.identity_kind, e.identity_hash, e.proven, e.unchallenged, e.grace,
               e.arrived_at, coalesce(e.received_on, (e.arrived_at at time zone 'Asia/Hong_Kong')::date), e.received_on,
               e.language, e.channel, e.sector, e.organisation, e.consent,
               e.stances, e.versions, e.withheld, e.priorities, e.salt, e.commitment, e.receipt_key, e.master
          from unnest(v_id, v_verdict, v_grace,
                      p_consultation_id, p_submission_key, p_content_hash, p_number,
                      p_kind, p_identity_kind, p_identity_hash, p_proven, p_unchallenged,
                      p_language, p_channel, p_sector, p_organisation, p_consent, p_withheld,
                      p_stances, p_versions, p_priorities, p_salt, p_commitment,
                      p_receipt_key, p_master, p_arrived_at, p_supersedes, p_received_on)
               as e (id, verdict, grace,
                     consultation_id, submission_key, content_hash, number,
                     kind, identity_kind, identity_hash, proven, unchallenged,
                     language, channel, sector, organisation, consent, withheld,
                     stances, versions, priorities, salt, commitment,
                     receipt_key, master, arrived_at, supersedes, received_on)
         where e.verdict is null and e.supersedes is null
            on conflict do nothing
        returning consultation_id, submission_id
    )
    select coalesce(array_agg(consultation_id), '{}'), coalesce(array_agg(submission_id), '{}'), count(*)
      into v_stored_of, v_stored, v_at_once from stored;

    -- What clashed without proof is a further submission of an identity that is counted already: held, all at once. A key or a number
    -- that clashes as well is passed over again, and looked at below.
    if v_at_once < v_count and not true = any (p_proven) then
        with stored as (
            insert into submissions (
                consultation_id, submission_id, number, submission_key, content_hash, state,
                kind, identity_kind, identity_hash, proven, unchallenged, within_grace,
                arrived_at, day, received_on, language, channel, sector, organisation, consent,
                stances, versions, withheld, priorities, salt, commitment, receipt_key, master)
            overriding system value
            select e.consultation_id, e.id, e.number, e.submission_key, e.content_hash, 'held',
                   e.kind, e.identity_kind, e.identity_hash, e.proven, e.unchallenged, e.grace,
                   e.arrived_at, coalesce(e.received_on, (e.arrived_at at time zone 'Asia/Hong_Kong')::date), e.received_on,
                   e.language, e.channel, e.sector, e.organisation, e.consent,
                   e.stances, e.versions, e.withheld, e.priorities, e.salt, e.commitment, e.receipt_key, e.master
              from unnest(v_id, v_verdict, v_grace,
                          p_consultation_id, p_submission_key, p_content_hash, p_number,
                          p_kind, p_identity_kind, p_identity_hash, p_proven, p_unchallenged,
                          p_language, p_channel, p_sector, p_organisation, p_consent, p_withheld,
                          p_stances, p_versions, p_priorities, p_salt, p_commitment,
                          p_receipt_key, p_master, p_arrived_at, p_supersedes, p_received_on)
                   as e (id, verdict, grace,
                         consultation_id, submission_key, content_hash, number,
                         kind, identity_kind, identity_hash, proven, unchallenged,
                         language, channel, sector, organisation, consent, withheld,
                         stances, versions, priorities, salt, commitment,
                         receipt_key, master, arrived_at, supersedes, received_on)
             where e.verdict is null and e.supersedes is null and e.identity_hash is not null and not e.id = any (v_stored)
                on conflict do nothing
            returning consultation_id, submission_id
        )
        select v_stored_of || coalesce(array_agg(consultation_id), '{}'), v_stored || coalesce(array_agg(submission_id), '{}'),
               v_at_once + count(*)
          into v_stored_of, v_stored, v_at_once from stored;
    end if;

    return query
        select e.entry::integer, 'recorded'::text, e.number, e.arrived_at, e.salt, e.commitment,
               e.receipt_key, e.master, 1::smallint, e.consultation_id
          from unnest(v_id, p_number, p_arrived_at, p_salt, p_commitment, p_receipt_key, p_master, p_consultation_id)
               with ordinality as e (id, number, arrived_at, salt, commitment, receipt_key, master, consultation_id, entry)
         where v_at_once = v_count or e.id = any (v_stored);

    if v_at_once < v_count then
        for v_entry in
            select e.*
              from unnest(v_id, v_verdict, v_grace,
                          p_consultation_id, p_submission_key, p_content_hash, p_number,
                          p_kind, p_identity_kind, p_identity_hash, p_proven, p_unchallenged,
                          p_language, p_channel, p_sector, p_organisation, p_consent, p_withheld,
                          p_stances, p_versions, p_priorities, p_salt, p_commitment,
                          p_receipt_key, p_master, p_arrived_at, p_supersedes, p_supersedes_generation,
                          p_received_on, p_official_id, p_network)
                   with ordinality
                   as e (id, verdict, grace,
                         consultation_id, submission_key, content_hash, number,
                         kind, identity_kind, identity_hash, proven, unchallenged,
                         language, channel, sector, organisation, consent, withheld,
                         stances, versions, priorities, salt, commitment,
                         receipt_key, master, arrived_at, supersedes, supersedes_generation,
                         received_on, official_id, network, entry)
             where not e.id = any (v_stored)
             order by e.entry
        loop
            entry := v_entry.entry;
            outcome := null;
            select * into v_row from submissions where submission_key = v_entry.submission_key;
            if found then
                -- An erased one has nothing left to compare: its key answers with its receipt, whatever the content.
                outcome := case when v_row.erased_at is not null or v_row.content_hash = v_entry.content_hash
                                then 'replayed' else 'submission-key-reused' end;
            elsif v_entry.verdict is not null then
                outcome := v_entry.verdict;
            elsif exists (select from submissions where number = v_entry.number) then
                outcome := 'number-taken';
            elsif v_entry.supersedes is not null then
                select * into v_old from submissions where number = v_entry.supersedes for no key update;
                outcome := case
                    when not found or v_old.consultation_id <> v_entry.consultation_id then 'not-found'
                    when v_old.generation <> v_entry.supersedes_generation then 'code-wrong'
                    when v_old.state = 'superseded' and v_old.state_reason <> 'identity proven' then 'already-superseded'
                    when v_old.state = 'withdrawn' then 'already-withdrawn'
                end;
            else
                v_old := null;
            end if;

            if outcome is null then
                v_row.consultation_id := v_entry.consultation_id;
                v_row.submission_id := v_entry.id;
                v_row.number := v_entry.number;
                v_row.submission_key := v_entry.submission_key;
                v_row.content_hash := v_entry.content_hash;
                v_row.kind := v_entry.kind;
                v_row.unchallenged := v_entry.unchallenged;
                v_row.within_grace := v_entry.grace;
                v_row.arrived_at := v_entry.arrived_at;
                v_row.received_on := v_entry.received_on;
                v_row.day := coalesce(v_entry.received_on, (v_entry.arrived_at at time zone 'Asia/Hong_Kong')::date);
                v_row.language := v_entry.language;
                v_row.channel := v_entry.channel;
                v_row.sector := v_entry.sector;
                v_row.organisation := v_entry.organisation;
                v_row.consent := v_entry.consent;
                v_row.stances := v_entry.stances;
                v_row.versions := v_entry.versions;
                v_row.withheld := v_entry.withheld;
                v_row.priorities := v_entry.priorities;
                v_row.salt := v_entry.salt;
                v_row.commitment := v_entry.commitment;
                v_row.receipt_key := v_entry.receipt_key;
                v_row.master := v_entry.master;
                v_row.generation := 1;
                v_row.identity_kind := v_entry.identity_kind;
                v_row.identity_hash := v_entry.identity_hash;
                v_row.proven := v_entry.proven;
                -- What this batch itself stored under the identity is taken out of the tallies when it is displaced: it has to be in them.
                -- Its remarks are not there yet, neither now nor when it is taken out.
                if v_row.proven and v_entry.supersedes is null then
                    select coalesce(array_agg(s.consultation_id), '{}'), coalesce(array_agg(s.submission_id), '{}')
                      into v_same_of, v_same
                      from submissions s
                     where s.consultation_id = v_row.consultation_id and s.submission_id = any (v_stored) and not s.submission_id = any (v_tallied)
                       and s.kind = v_row.kind and s.identity_hash = v_row.identity_hash and not s.proven;
                    perform tally_move(p_slot, v_same_of, v_same, 1);
                    v_tallied := v_tallied || v_same;
                end if;
                perform submission_store_left_over(p_slot, v_row, v_old, v_now);
                v_stored_of := v_stored_of || v_entry.consultation_id;
                v_stored := v_stored || v_entry.id;
                outcome := 'recorded';
            end if;

            if outcome = 'replayed' and v_entry.official_id is not null then
                perform official_audit(v_entry.official_id, v_entry.network, 'submission-entered-again', v_row.consultation_id,
                                       jsonb_build_object('number', v_row.number));
            end if;
            if outcome in ('recorded', 'replayed') then
                number := v_row.number;
                arrived_at := v_row.arrived_at;
                salt := v_row.salt;
                commitment := v_row.commitment;
                receipt_key := v_row.receipt_key;
                master := v_row.master;
                generation := v_row.generation;
                consultation_id := v_row.consultation_id;
            else
                number := null;
                arrived_at := null;
                salt := null;
                commitment := null;
                receipt_key := null;
                master := null;
                generation := null;
                consultation_id := v_entry.consultation_id;
            end if;
            return next;
        end loop;
    end if;

    insert into remarks (consultation_id, submission_id, part, ordinal, version, publish, original)
    select p_consultation_id[r.entry], v_id[r.entry], r.part, r.ordinal, r.version, r.publish and p_consent[r.entry] > 0, r.body
      from unnest(p_remark_entry, p_remark_part, p_remark_ordinal, p_remark_version, p_remark_publish, p_remark_text)
           as r (entry, part, ordinal, version, publish, body)
     where v_at_once = v_count or v_id[r.entry] = any (v_stored);

    if p_official_id is not null then
        perform assisted_entry_keep(p_consultation_id, v_id, v_stored, p_number, p_channel, p_official_id, p_network);
    end if;

    if v_tallied <> '{}' then
        select coalesce(array_agg(e.consultation_id), '{}'), coalesce(array_agg(e.submission_id), '{}') into v_stored_of, v_stored
          from unnest(v_stored_of, v_stored) as e (consultation_id, submission_id) where not e.submission_id = any (v_tallied);
    end if;
    perform tally_move(p_slot, v_stored_of, v_stored, 1);
end $$;
comment on function submission_accept is 'Takes a batch of submissions from a server''s writer; see the file for the order of judgement';

-- Locks that an act on these numbers needs: on each number and on the identity behind it.
create or replace function submission_locks(p_number text[]) returns setof bigint
    language plpgsql stable
    set search_path = consultation, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if exists (select from unnest(p_number) as n where n is not null) then
        return query
            select hashtextextended(n, 0) from unnest(p_number) as n where n is not null
            union
            select hashtextextended(encode(s.identity_hash, 'hex'), 0)
              from unnest(p_number) as n join submissions s on s.number = n where s.identity_hash is not null;
    end if;
end $$;
comment on function submission_locks(text[]) is 'Advisory locks of the numbers that are amended or withdrawn, and of the identities behind them';

-- Stores what the first insert passed over: an amendment, which takes over identity and state of what it supersedes; or a further
-- submission under an identity that is counted already, which is held, unless its identity is proven and the earlier one's is not.
create or replace function submission_store_left_over(p_slot smallint, p_row submissions, p_old submissions, p_now timestamptz)
    returns void language plpgsql
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
declare
    v_row     submissions := p_row;
    v_earlier bigint;
begin
    v_row.state := 'counted';
    v_row.state_reason := null;
    v_row.state_changed_at := null;
    v_row.supersedes := null;
    v_row.erased_at := null;
    if p_old.submission_id is not null then
        v_row.supersedes := p_old.submission_id;
        v_row.identity_kind := p_old.identity_kind;
        v_row.identity_hash := p_old.identity_hash;
        v_row.proven := p_old.proven;
        v_row.state := submission_state_change(p_slot, p_old.consultation_id, p_old.submission_id, 'superseded', 'amended', p_now);
        -- One that amends a displaced one is displaced as well, and what its holder is told stays the same.
        if v_row.state in ('set aside', 'superseded') then
            v_row.state_reason := p_old.state_reason;
            v_row.state_changed_at := p_now;
        end if;
    elsif v_row.proven then
        for v_earlier in
            select s.submission_id from submissions s
             where (s.consultation_id, s.kind, s.identity_hash) = (v_row.consultation_id, v_row.kind, v_row.identity_hash)
               and s.state = 'counted' and not s.proven
            union all
            select s.submission_id from submissions s
             where (s.consultation_id, s.kind, s.identity_hash) = (v_row.consultation_id, v_row.kind, v_row.identity_hash)
               and s.state = 'held' and not s.proven
             order by 1
        loop
            perform submission_state_change(p_slot, v_row.consultation_id, v_earlier, 'superseded', 'identity proven', p_now);
        end loop;
    end if;

    insert into submissions overriding system value select v_row.*
        on conflict (consultation_id, kind, identity_hash) where state = 'counted' and identity_hash is not null do nothing;
    if not found then
        v_row.state := 'held';
        insert into submissions overriding system value select v_row.*;
    end if;
exception when unique_violation then
    -- Only another session's random number can have come between: the same batch again finds it taken.
    raise exception 'number taken meanwhile' using errcode = 'serialization_failure';
end $$;
comment on function submission_store_left_over(smallint, submissions, submissions, timestamptz)
    is 'Stores one amendment or one further submission of an identity';
