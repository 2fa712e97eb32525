-- The first use of a key records a value that only it gives; every later start compares.
create or replace function key_check(p_purpose text, p_key_id smallint, p_check_value bytea) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    insert into key_checks (purpose, key_id, check_value) values (p_purpose, p_key_id, p_check_value)
        on conflict on constraint key_checks_pkey do nothing;
    if found then
        perform audit_write('key-recorded', null, jsonb_build_object('purpose', p_purpose, 'key', p_key_id));
    end if;
    return (select k.check_value = p_check_value from key_checks k where (k.purpose, k.key_id) = (p_purpose, p_key_id));
end $$;
comment on function key_check(text, smallint, bytea) is 'True if this key is the one that bore this id before, or the first to bear it';
