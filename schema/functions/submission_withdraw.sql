-- One withdrawal, in a transaction of its own: its locks are taken before any other, as submission_accept takes them.
create or replace function submission_withdraw(p_slot smallint, p_number text, p_generation smallint, p_arrived_at timestamptz)
    returns table (outcome text, withdrawn_at timestamptz)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
declare
    v_row   submissions;
    v_final timestamptz;
begin
    perform pg_advisory_xact_lock(held.lock)
       from (select lock from submission_locks(array[p_number]) as lock order by lock) as held;
    select * into v_row from submissions s where s.number = p_number for no key update;
    if not found then
        outcome := 'not-found';
    elsif v_row.generation <> p_generation then
        outcome := 'code-wrong';
    elsif v_row.state = 'withdrawn' then
        outcome := 'already-withdrawn';
        withdrawn_at := v_row.state_changed_at;
    elsif v_row.state = 'superseded' and v_row.state_reason <> 'identity proven' then
        outcome := 'already-superseded';
    else
        select c.final_release_at into v_final from consultations c
         where c.consultation_id = v_row.consultation_id for key share;
        if v_final is not null then
            outcome := 'final-release-made';
        else
            outcome := 'withdrawn';
            withdrawn_at := least(p_arrived_at, clock_timestamp());
            perform submission_state_change(p_slot, v_row.consultation_id, v_row.submission_id,
                                            'withdrawn', 'by its holder', withdrawn_at);
        end if;
    end if;
    return next;
end $$;
comment on function submission_withdraw(smallint, text, smallint, timestamptz)
    is 'Withdraws a submission for the holder of its code and erases what it said';
