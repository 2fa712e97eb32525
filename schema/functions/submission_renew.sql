-- A lost code is renewed: who proves the identity under which a proven submission was sent gets the next generation of its code, and
-- the one before opens nothing any more. What was sent unproven is never opened so: whoever proves its identity later may be another
-- person than who sent it. Every refusal but those of the challenge is the same word, so that none tells what a number is of.
create or replace function submission_renew(
    p_number text, p_consultation_id integer, p_challenge_id uuid, p_prefix_hash bytea, p_form_key uuid, p_code_hash bytea,
    p_master smallint, p_alarm integer)
    returns table (outcome text, generation smallint, retry_s integer, alarm boolean)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_proof   record;
    v_row     submissions;
    v_renewed smallint;
begin
    -- Without a code a challenge says who somebody claims to be.
    if p_code_hash is null then
        outcome := 'proof-wrong';
        return next;
        return;
    end if;
    select * into strict v_proof
      from challenge_answer(p_consultation_id, p_challenge_id, p_prefix_hash, p_form_key, p_code_hash, p_master, p_alarm, p_number);
    outcome := v_proof.outcome;
    retry_s := v_proof.retry_s;
    alarm := v_proof.alarm;
    if outcome = 'proven' then
        perform pg_advisory_xact_lock(held.lock)
           from (select lock from submission_locks(array[p_number]) as lock order by lock) as held;
        select * into v_row from submissions where number = p_number for no key update;
        select renewed into v_renewed from challenges where consultation_id = p_consultation_id and challenge_id = p_challenge_id;
        if v_renewed is not null then
            -- The proof was good for one new code, which the same request again still gets, unless another proof renewed that one.
            generation := case when v_renewed = v_row.generation then v_renewed end;
            outcome := case when v_renewed = v_row.generation then 'renewed' else 'challenge-expired' end;
        elsif v_row.proven and v_row.consultation_id = p_consultation_id and v_row.identity_kind = v_proof.identity_kind
                and v_row.identity_hash = v_proof.identity_hash then
            generation := v_row.generation + 1;
            update submissions set generation = v_row.generation + 1
             where consultation_id = v_row.consultation_id and submission_id = v_row.submission_id;
            update challenges set renewed = v_row.generation + 1
             where consultation_id = p_consultation_id and challenge_id = p_challenge_id;
            perform audit_write('code-renewed', p_consultation_id, jsonb_build_object('submission', v_row.submission_id));
            outcome := 'renewed';
        else
            outcome := 'code-not-renewed';
        end if;
    end if;
    return next;
end $$;
comment on function submission_renew is 'Raises the generation of a lost code for who proves the identity of a proven submission';
