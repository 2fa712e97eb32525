-- Forms kept for their writers; see migrations/0007. Nothing here can open one.

-- Keeps it, in the place of what was kept under the same code, for fourteen days. A consultation keeps at most p_most of them and p_bytes_most
-- bytes; two that come at once may both find the last room.
create or replace function saved_form_put(
    p_consultation_id integer, p_find_hash bytea, p_sealed bytea, p_most integer, p_bytes_most bigint default 2147483648)
    returns table (outcome text, expires_at timestamptz)
    language plpgsql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_row    consultations;
    v_before integer := (select octet_length(sealed) from saved_forms
                          where consultation_id = p_consultation_id and find_hash = p_find_hash);
begin
    select * into v_row from consultations where consultation_id = p_consultation_id;
    outcome := case
        when v_row.consultation_id is null or not v_row.complete then 'not-found'
        when clock_timestamp() < v_row.opens_at then 'not-open'
        when clock_timestamp() >= v_row.closes_at + v_row.grace then 'closed'
        when not coalesce((select forms + (v_before is null)::integer <= p_most
                              and bytes - coalesce(v_before, 0) + octet_length(p_sealed) <= p_bytes_most
                             from saved_form_totals where consultation_id = p_consultation_id),
                          1 <= p_most and octet_length(p_sealed) <= p_bytes_most) then 'saved-forms-full'
    end;
    if outcome is null then
        expires_at := clock_timestamp() + interval '14 days';
        insert into saved_forms as s (consultation_id, find_hash, expires_at, sealed)
        values (p_consultation_id, p_find_hash, expires_at, p_sealed)
            on conflict on constraint saved_forms_find_hash_key
            do update set expires_at = excluded.expires_at, sealed = excluded.sealed
             where s.consultation_id = excluded.consultation_id;
        outcome := case when found then 'saved' else 'not-found' end;
    end if;
    return next;
end $$;
comment on function saved_form_put(integer, bytea, bytea, integer, bigint) is 'Keeps a sealed form for fourteen days; gives saved with its end, or why not';

create or replace function saved_form_get(p_find_hash bytea) returns table (slug text, sealed bytea, expires_at timestamptz)
    language sql stable security definer
    set search_path = consultation, pg_temp as $$
    select c.slug, s.sealed, s.expires_at
      from saved_forms s join consultations c using (consultation_id)
     where s.find_hash = p_find_hash and s.expires_at > clock_timestamp()
$$;
comment on function saved_form_get(bytea) is 'The sealed form under that hash, unless it expired';

create or replace function saved_form_erase(p_find_hash bytea) returns boolean
    language plpgsql security definer
    set search_path = consultation, pg_temp as $$
begin
    delete from saved_forms where find_hash = p_find_hash and expires_at > clock_timestamp();
    return found;
end $$;
comment on function saved_form_erase(bytea) is 'Deletes a kept form; false if there is none';

create or replace function saved_form_sweep() returns bigint
    language sql security definer
    set search_path = consultation, pg_temp
    set enable_seqscan = off as $$
    with over as (
        select consultation_id, find_hash from saved_forms where expires_at <= clock_timestamp()
         limit 1000 for update skip locked
    ), gone as (
        delete from saved_forms s using over where (s.consultation_id, s.find_hash) = (over.consultation_id, over.find_hash)
        returning 1
    )
    select count(*) from gone;
$$;
comment on function saved_form_sweep() is 'Deletes expired forms, up to a thousand; says how many';
