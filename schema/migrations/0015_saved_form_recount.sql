-- 0011 counted before its trigger stood: what a server of the version before kept in between is missing from the totals, and taking it away
-- again would have brought them below zero, which the checks refuse, so that its writer could not erase it. Counted anew with nobody writing.
set local search_path = consultation;

lock table saved_forms in share row exclusive mode;
delete from saved_form_totals;
insert into saved_form_totals (consultation_id, forms, bytes)
select consultation_id, count(*), sum(octet_length(sealed)) from saved_forms group by consultation_id;

-- No figure may keep anybody from erasing what they wrote.
create or replace function saved_form_total() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_id    integer := coalesce(new.consultation_id, old.consultation_id);
    v_forms integer := case tg_op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end;
    v_bytes bigint := coalesce(octet_length(new.sealed), 0) - coalesce(octet_length(old.sealed), 0);
begin
    -- Updated first: what is proposed to an insert is held to the checks even where a row is there already.
    update saved_form_totals set forms = greatest(forms + v_forms, 0), bytes = greatest(bytes + v_bytes, 0)
     where consultation_id = v_id;
    if not found then
        insert into saved_form_totals as t (consultation_id, forms, bytes) values (v_id, greatest(v_forms, 0), greatest(v_bytes, 0))
            on conflict on constraint saved_form_totals_pkey
            do update set forms = t.forms + excluded.forms, bytes = t.bytes + excluded.bytes;
    end if;
    return null;
end $$;

insert into schema_migrations (version, name) values (15, 'saved_form_recount');
