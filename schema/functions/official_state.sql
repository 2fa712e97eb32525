-- What officials do about what a submission counts as: an analyst proposes, a publisher who is somebody else confirms or rejects; see
-- migrations/0018. No answer is read here: whether a submission counts must not depend on what it says.

create or replace function official_holds(p_official_id integer, p_consultation_id integer, p_role smallint) returns boolean
    language sql stable set search_path = consultation, pg_temp as $$
    select exists (select from official_grants g join officials o using (official_id)
                    where g.consultation_id = p_consultation_id and g.official_id = p_official_id and g.role = p_role and o.disabled_at is null)
$$;
comment on function official_holds(integer, integer, smallint) is 'Whether that official has that role on a consultation now';

create or replace function submission_other_counted(p_row submissions) returns boolean
    language sql stable set search_path = consultation, pg_temp set enable_seqscan = off as $$
    select p_row.identity_hash is not null and exists (
        select from submissions s
         where s.consultation_id = p_row.consultation_id and s.kind = p_row.kind and s.identity_hash = p_row.identity_hash
           and s.state = 'counted' and s.submission_id <> p_row.submission_id)
$$;
comment on function submission_other_counted(submissions) is 'Whether another submission under its identity is counted';

-- Why a submission may not come to a state, or null. Under submission_locks it is still so when the state changes.
create or replace function official_state_refusal(p_row submissions, p_before submission_state, p_wanted submission_state) returns text
    language sql stable set search_path = consultation, pg_temp as $$
    select case
        when (select final_release_at is not null from consultations where consultation_id = p_row.consultation_id) then 'final-release-made'
        when p_row.state <> p_before then 'state-changed'
        when p_wanted = 'counted' and submission_other_counted(p_row) then 'identity-counted'
    end
$$;
comment on function official_state_refusal(submissions, submission_state, submission_state) is 'Why officials may not bring a submission from one state to another; null when they may';

-- p_before: the state that the proposer saw. A change that is none (counted to held …) is 'unknown-value'.
create or replace function official_state_propose(
    p_by integer, p_consultation_id integer, p_number text, p_before text, p_wanted text, p_reason text, p_note text, p_from text)
    returns table (outcome text, proposal_id uuid)
    language plpgsql security definer set search_path = consultation, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_row    submissions;
    v_before submission_state := p_before::submission_state;
    v_wanted submission_state := p_wanted::submission_state;
begin
    select * into v_row from submissions where consultation_id = p_consultation_id and number = p_number;
    outcome := case
        when not official_holds(p_by, p_consultation_id, 2::smallint) then 'role-missing'
        when v_row.submission_id is null then 'not-found'
        when v_wanted = 'held' and v_row.identity_hash is null then 'unknown-value'
        else official_state_refusal(v_row, v_before, v_wanted) end;
    if outcome is null then
        update state_proposals set outcome = 'expired', decided_at = expires_at
         where consultation_id = p_consultation_id and submission_id = v_row.submission_id and outcome is null
           and expires_at <= clock_timestamp();
        begin
            insert into state_proposals (consultation_id, submission_id, proposed_by, expires_at, state_before, state_wanted, reason, note)
            values (p_consultation_id, v_row.submission_id, p_by, clock_timestamp() + interval '14 days', v_before, v_wanted, p_reason, p_note)
                on conflict (consultation_id, submission_id) where outcome is null do nothing
            returning state_proposals.proposal_id into proposal_id;
            outcome := case when proposal_id is null then 'proposal-open' else 'done' end;
        exception when check_violation then
            outcome := 'unknown-value';
        end;
    end if;
    if outcome = 'done' then
        perform official_audit(p_by, p_from, 'official-state-proposed', p_consultation_id, jsonb_strip_nulls(jsonb_build_object(
            'proposal', proposal_id, 'number', p_number, 'before', p_before, 'after', p_wanted, 'reason', p_reason)));
    end if;
    return next;
end $$;
comment on function official_state_propose(integer, integer, text, text, text, text, text, text)
    is 'The first of two officials: a submission is to count as something else; done and the proposal, or why not';

-- Locks as submission_withdraw takes them, so that nothing comes under the identity between the judgement and the change.
create or replace function official_state_decide(p_by integer, p_consultation_id integer, p_proposal_id uuid, p_confirmed boolean, p_from text)
    returns text
    language plpgsql security definer set search_path = consultation, pg_temp set enable_seqscan = off as $$
declare
    v_proposal state_proposals;
    v_row      submissions;
    v_refusal  text;
begin
    if not official_holds(p_by, p_consultation_id, 4::smallint) then
        return 'role-missing';
    end if;
    select s.* into v_row from state_proposals p join submissions s using (consultation_id, submission_id)
     where p.consultation_id = p_consultation_id and p.proposal_id = p_proposal_id;
    perform pg_advisory_xact_lock(held.lock)
       from (select lock from submission_locks(array[v_row.number]) as lock order by lock) as held;
    select * into v_proposal from state_proposals
     where consultation_id = p_consultation_id and proposal_id = p_proposal_id for no key update;
    if v_proposal.proposal_id is null then
        return 'not-found';
    elsif v_proposal.outcome is not null or v_proposal.expires_at <= clock_timestamp() then
        return 'proposal-over';
    elsif v_proposal.proposed_by = p_by then
        return 'second-person-required';
    end if;
    if p_confirmed then
        select * into v_row from submissions
         where consultation_id = p_consultation_id and submission_id = v_proposal.submission_id for no key update;
        perform from consultations where consultation_id = p_consultation_id for key share;
        v_refusal := official_state_refusal(v_row, v_proposal.state_before, v_proposal.state_wanted);
        if v_refusal is not null then
            return v_refusal;
        end if;
        perform submission_state_change(0::smallint, p_consultation_id, v_proposal.submission_id, v_proposal.state_wanted,
                                        coalesce(v_proposal.reason, 'by officials'), clock_timestamp());
    end if;
    update state_proposals
       set outcome = case when p_confirmed then 'confirmed' else 'rejected' end, decided_by = p_by, decided_at = clock_timestamp()
     where consultation_id = p_consultation_id and proposal_id = p_proposal_id;
    perform official_audit(p_by, p_from, case when p_confirmed then 'official-state-confirmed' else 'official-state-rejected' end,
        p_consultation_id, jsonb_strip_nulls(jsonb_build_object(
            'proposal', p_proposal_id, 'number', v_row.number, 'before', v_proposal.state_before, 'after', v_proposal.state_wanted,
            'reason', v_proposal.reason, 'proposed_by', (select login from officials where official_id = v_proposal.proposed_by))));
    return 'done';
end $$;
comment on function official_state_decide(integer, integer, uuid, boolean, text)
    is 'The second of two officials: confirms a proposal, which changes the state, or rejects it; done, or why not';

create or replace function official_state_withdraw(p_by integer, p_consultation_id integer, p_proposal_id uuid, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_proposal state_proposals;
begin
    if not official_holds(p_by, p_consultation_id, 2::smallint) then
        return 'role-missing';
    end if;
    select * into v_proposal from state_proposals
     where consultation_id = p_consultation_id and proposal_id = p_proposal_id for no key update;
    if v_proposal.proposal_id is null then
        return 'not-found';
    elsif v_proposal.outcome is not null or v_proposal.expires_at <= clock_timestamp() then
        return 'proposal-over';
    elsif v_proposal.proposed_by <> p_by then
        return 'proposal-of-another';
    end if;
    update state_proposals set outcome = 'withdrawn', decided_by = p_by, decided_at = clock_timestamp()
     where consultation_id = p_consultation_id and proposal_id = p_proposal_id;
    perform official_audit(p_by, p_from, 'official-state-proposal-withdrawn', p_consultation_id, jsonb_build_object(
        'proposal', p_proposal_id,
        'number', (select number from submissions where consultation_id = p_consultation_id and submission_id = v_proposal.submission_id)));
    return 'done';
end $$;
comment on function official_state_withdraw(integer, integer, uuid, text) is 'Takes back a proposal of one''s own; done, or why not';

-- What the two may know of a submission; no answer and no identity.
create or replace function official_state_facts(p_consultation_id integer, p_number text)
    returns table (state text, state_reason text, arrived_at timestamptz, kind smallint, proven boolean, language smallint, channel smallint,
                   identified boolean, other_counted boolean, final boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select s.state::text, s.state_reason, s.arrived_at, s.kind, s.proven, s.language, s.channel,
           s.identity_hash is not null, submission_other_counted(s), c.final_release_at is not null
      from submissions s join consultations c using (consultation_id)
     where s.consultation_id = p_consultation_id and s.number = p_number
$$;
comment on function official_state_facts(integer, text) is 'What officials need to know to propose another state for a submission';

-- With the final release whatever waits lapses. The newest first, from p_before on without it. p_proposal_id, p_number: that one, those of that submission. p_open: those that wait for
-- the second person, or the others; null: all.
create or replace function official_state_proposals(
    p_consultation_id integer, p_proposal_id uuid, p_number text, p_open boolean, p_before uuid, p_most integer)
    returns table (proposal_id uuid, number text, state text, state_before text, state_wanted text, reason text, note text, proposer text,
                   proposed_at timestamptz, expires_at timestamptz, outcome text, decider text, decided_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select p.proposal_id, s.number, s.state::text, p.state_before::text, p.state_wanted::text, p.reason, p.note, o.login,
           p.proposed_at, p.expires_at,
           case when p.outcome is not null then p.outcome
                when least(p.expires_at, c.final_release_at) > clock_timestamp() then null
                when c.final_release_at < p.expires_at then 'lapsed' else 'expired' end, d.login,
           case when p.outcome is null and least(p.expires_at, c.final_release_at) <= clock_timestamp()
                then least(p.expires_at, c.final_release_at) else p.decided_at end
      from state_proposals p
      join consultations c using (consultation_id)
      join submissions s using (consultation_id, submission_id)
      join officials o on o.official_id = p.proposed_by
      left join officials d on d.official_id = p.decided_by
     where p.consultation_id = p_consultation_id
       and (p_proposal_id is null or p.proposal_id = p_proposal_id)
       and (p_number is null or s.number = p_number)
       and (p_open is null or (p.outcome is null and least(p.expires_at, c.final_release_at) > clock_timestamp()) = p_open)
       and (p_before is null or (p.proposed_at, p.proposal_id) < (
            select b.proposed_at, b.proposal_id from state_proposals b
             where b.consultation_id = p_consultation_id and b.proposal_id = p_before))
     order by p.proposed_at desc, p.proposal_id desc
     limit p_most
$$;
comment on function official_state_proposals(integer, uuid, text, boolean, uuid, integer) is 'Proposals to change a state, the newest first';

-- Held submissions, the newest first, from p_before on without it; p_free: only those under whose identity none is counted. At most
-- p_scan are looked at: a last row (only its number set, `unfinished`) then names the one up to which all were, and from which the next
-- page goes on.
create or replace function official_state_held(p_consultation_id integer, p_before text, p_free boolean, p_most integer, p_scan integer)
    returns table (unfinished boolean, number text, arrived_at timestamptz, kind smallint, language smallint, channel smallint,
                   other_counted boolean, proposed boolean)
    language plpgsql stable security definer set search_path = consultation, pg_temp set enable_seqscan = off as $$
declare
    v_row    submissions;
    v_from   bigint := (select s.submission_id from submissions s where s.consultation_id = p_consultation_id and s.number = p_before);
    v_found  integer := 0;
    v_looked integer := 0;
begin
    for v_row in
        select s.* from submissions s
         where s.consultation_id = p_consultation_id and s.state = 'held' and (p_before is null or s.submission_id < v_from)
         order by s.submission_id desc limit p_scan
    loop
        v_looked := v_looked + 1;
        other_counted := submission_other_counted(v_row);
        number := v_row.number;
        continue when p_free and other_counted;
        unfinished := false;
        arrived_at := v_row.arrived_at;
        kind := v_row.kind;
        language := v_row.language;
        channel := v_row.channel;
        proposed := exists (select from state_proposals p
                             where p.consultation_id = p_consultation_id and p.submission_id = v_row.submission_id
                               and p.outcome is null and p.expires_at > clock_timestamp());
        return next;
        v_found := v_found + 1;
        exit when v_found = p_most;
    end loop;
    if v_found < p_most and v_looked = p_scan then
        unfinished := true;
        arrived_at := null;
        return next;
    end if;
end $$;
comment on function official_state_held(integer, text, boolean, integer, integer) is 'A page of held submissions, and whether another is counted under the identity of each';
