-- The record of who did what.

create or replace function audit_write(p_action text, p_consultation_id integer, p_detail jsonb) returns void
    language sql security definer set search_path = consultation, pg_temp as $$
    insert into audit_log (action, consultation_id, detail)
    values (p_action, p_consultation_id, coalesce(p_detail, '{}'));
$$;
comment on function audit_write(text, integer, jsonb) is 'Adds one row in the caller''s transaction: what is undone leaves none';

-- The bytes that are hashed: a JSON array, so that no two rows share them.
create or replace function audit_bytes(p_row audit_log, p_position bigint, p_previous bytea) returns bytea
    language sql immutable set search_path = consultation, pg_temp as $$
    select p_previous || convert_to(jsonb_build_array(
               p_position, p_row.audit_id,
               to_char(p_row.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               p_row.consultation_id, p_row.actor, p_row.program, p_row.action, p_row.detail)::text, 'UTF8');
$$;
comment on function audit_bytes(audit_log, bigint, bytea) is 'What the hash of a row in the chain is taken over';

create or replace function audit_seal() returns bigint
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_position bigint;
    v_previous bytea;
    v_hash     bytea;
    v_row      audit_log;
    v_sealed   bigint := 0;
begin
    if not pg_try_advisory_xact_lock(7283, -1) then
        return 0;
    end if;
    select position, hash into v_position, v_previous from audit_log
     where position is not null order by position desc limit 1;
    v_position := coalesce(v_position, 0);
    v_previous := coalesce(v_previous, decode(repeat('00', 32), 'hex'));
    for v_row in select * from audit_log where position is null order by audit_id limit 10000 loop
        v_position := v_position + 1;
        v_hash := sha256(audit_bytes(v_row, v_position, v_previous));
        update audit_log set position = v_position, previous_hash = v_previous, hash = v_hash
         where audit_id = v_row.audit_id;
        v_previous := v_hash;
        v_sealed := v_sealed + 1;
    end loop;
    return v_sealed;
end $$;
comment on function audit_seal() is 'Chains up to 10,000 new rows and says how many; 0 also when another session is sealing';

create or replace function audit_verify() returns table (at_position bigint, audit_id bigint, fault text)
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
declare
    v_position bigint := 0;
    v_previous bytea := decode(repeat('00', 32), 'hex');
    v_row      audit_log;
begin
    for v_row in select a.* from audit_log a where a.position is not null order by a.position loop
        v_position := v_position + 1;
        at_position := v_row.position;
        audit_id := v_row.audit_id;
        fault := case
            when v_row.position <> v_position then 'rows are missing before it'
            when v_row.previous_hash <> v_previous then 'does not follow the row before it'
            when v_row.hash <> sha256(audit_bytes(v_row, v_row.position, v_row.previous_hash)) then 'was changed'
        end;
        if fault is not null then
            return next;
        end if;
        v_position := v_row.position;
        v_previous := v_row.hash;
    end loop;
end $$;
comment on function audit_verify() is 'Faults of the chain; no row when it is whole';
