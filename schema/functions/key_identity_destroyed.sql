-- Writes down that a consultation's identity key is about to be destroyed. Only once nothing can be sent, changed or withdrawn.
create or replace function key_identity_destroyed(p_slug text, p_fingerprint bytea) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_consultation_id integer;
begin
    update consultations set identity_destroyed_at = coalesce(identity_destroyed_at, clock_timestamp())
     where slug = p_slug and final_release_at is not null and identity_check = p_fingerprint
    returning consultation_id into v_consultation_id;
    if not found then
        raise exception 'the identity key is in use until the final release'
            using errcode = 'integrity_constraint_violation', constraint = 'consultations_final';
    end if;
    perform audit_write('identity-key-destroyed', v_consultation_id,
                        jsonb_build_object('fingerprint', encode(p_fingerprint, 'hex')));
end $$;
comment on function key_identity_destroyed(text, bytea) is 'Records the destruction of an identity key with its fingerprint; refuses before the final release';
