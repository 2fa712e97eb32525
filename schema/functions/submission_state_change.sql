-- The one way by which a submission's state changes after its acceptance: takes it out of the tallies as what it was, puts it back as
-- what it becomes, erases what was said when it is withdrawn, and writes the audit row. Raises submissions_final once the final release
-- is made, and submissions_transition for a change that is none. Whoever makes several in one transaction takes submission_locks of
-- them all first, in order, as submission_accept does.
create or replace function submission_state_change(
    p_slot smallint, p_consultation_id integer, p_submission_id bigint,
    p_state submission_state, p_reason text, p_at timestamptz) returns submission_state
    language plpgsql
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
declare
    v_final  timestamptz;
    v_before submission_state;
    v_reason text;
begin
    -- The final release waits for this lock, as it does for the acceptance's foreign key.
    select final_release_at into strict v_final from consultations
     where consultation_id = p_consultation_id for key share;
    if v_final is not null then
        raise exception 'the final release is made'
            using errcode = 'integrity_constraint_violation', constraint = 'submissions_final';
    end if;
    select state, state_reason into strict v_before, v_reason from submissions
     where consultation_id = p_consultation_id and submission_id = p_submission_id for no key update;
    -- One that was displaced by a proven identity is still its holder's, to replace or to withdraw: nothing must tell them.
    if v_before = 'withdrawn' or (v_before = 'superseded' and (v_reason <> 'identity proven' or p_reason = 'identity proven'))
            or (v_before = p_state and v_before <> 'superseded') then
        raise exception '% does not become %', v_before, p_state
            using errcode = 'integrity_constraint_violation', constraint = 'submissions_transition';
    end if;

    -- What had appeared is shown no longer. Before any remark is touched: a release locks in the same order.
    if exists (select from remarks
                where consultation_id = p_consultation_id and submission_id = p_submission_id and release is not null) then
        update consultations set revision = revision + 1 where consultation_id = p_consultation_id;
    end if;
    perform tally_move(p_slot, array[p_consultation_id], array[p_submission_id], -1);
    if p_state = 'withdrawn' then
        perform submission_erase(p_consultation_id, p_submission_id, p_state, p_reason, p_at);
    else
        update submissions set state = p_state, state_reason = p_reason, state_changed_at = p_at
         where consultation_id = p_consultation_id and submission_id = p_submission_id;
    end if;
    perform tally_move(p_slot, array[p_consultation_id], array[p_submission_id], 1);
    perform audit_write('submission-state', p_consultation_id,
        jsonb_build_object('submission', p_submission_id, 'before', v_before, 'after', p_state, 'reason', p_reason));
    return v_before;
end $$;
comment on function submission_state_change(smallint, integer, bigint, submission_state, text, timestamptz)
    is 'Changes a submission''s state, moves the tallies and writes the audit row; gives the state it had';

create or replace function submission_erase(
    p_consultation_id integer, p_submission_id bigint, p_state submission_state, p_reason text, p_at timestamptz) returns void
    language plpgsql
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
begin
    delete from remarks where consultation_id = p_consultation_id and submission_id = p_submission_id;
    update submissions
       set state = p_state, state_reason = p_reason, erased_at = coalesce(erased_at, p_at),
           state_changed_at = case when state = p_state then state_changed_at else p_at end,
           salt = null, content_hash = null, stances = null, versions = null,
           sector = null, organisation = null, priorities = 0, withheld = 0
     where consultation_id = p_consultation_id and submission_id = p_submission_id;
end $$;
comment on function submission_erase(integer, bigint, submission_state, text, timestamptz)
    is 'Empties all that was said and the random bytes; the row, its state and the commitment stay';

-- A superseded submission is kept until the close, so that an amendment can be understood, and then erased.
create or replace function submission_erase_superseded(p_consultation_id integer, p_most integer) returns bigint
    language plpgsql security definer
    set search_path = consultation, pg_temp as $$
declare
    v_row    record;
    v_erased bigint := 0;
begin
    for v_row in
        select s.submission_id, s.state_reason
          from submissions s join consultations c using (consultation_id)
         where s.consultation_id = p_consultation_id and s.state = 'superseded' and s.erased_at is null
           and clock_timestamp() >= c.closes_at + c.grace
         order by s.submission_id limit p_most
           for no key update of s skip locked
    loop
        perform submission_erase(p_consultation_id, v_row.submission_id, 'superseded', v_row.state_reason, clock_timestamp());
        v_erased := v_erased + 1;
    end loop;
    if v_erased > 0 then
        perform audit_write('superseded-erased', p_consultation_id, jsonb_build_object('submissions', v_erased));
    end if;
    return v_erased;
end $$;
comment on function submission_erase_superseded(integer, integer)
    is 'After the close and its grace, erases up to so many superseded submissions and says how many';
