-- What officials do with their own account; see migrations/0012.

-- Whether that account is one of that side, and may do anything there at all.
create or replace function official_is_on(p_row officials, p_member boolean) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select p_row.disabled_at is null and (p_row.institution_id is not null) = p_member
       and not exists (select from institutions i where i.institution_id = p_row.institution_id and i.closed_at is not null)
$$;
comment on function official_is_on(officials, boolean) is 'An account that is not disabled, on the officials'' side or the institutions''; none of a closed institution';

-- A set-up link was followed. The secret that the first visit brought stays, so that a page asked for again shows the same one.
drop function if exists official_setup_open(bytea);
create or replace function official_setup_open(p_token_hash bytea, p_member boolean default false)
    returns table (official_id integer, login text, name text, second_factor boolean, sealed bytea, master smallint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.official_id, o.login, o.name, o.second_factor, o.totp_sealed, o.totp_master
      from official_setups s join officials o using (official_id)
     where s.token_hash = p_token_hash and s.expires_at > clock_timestamp() and official_is_on(o, p_member)
$$;
comment on function official_setup_open(bytea, boolean) is 'Whose set-up link it is; no row: it is nobody''s, was used, or is over';

create or replace function official_setup_secret(p_token_hash bytea, p_sealed bytea, p_master smallint) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    update officials o set totp_sealed = p_sealed, totp_master = p_master, totp_active_at = null
      from official_setups s
     where s.official_id = o.official_id and s.token_hash = p_token_hash and s.expires_at > clock_timestamp() and o.totp_sealed is null;
    return found;
end $$;
comment on function official_setup_secret(bytea, bytea, smallint) is 'Keeps the secret that a set-up page shows; false when one is there already';

-- Ends the set-up: p_step of a first right code, null where none is asked for.
create or replace function official_setup_finish(p_token_hash bytea, p_password_hash text, p_step bigint, p_codes bytea[], p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer;
    v_row      officials;
begin
    delete from official_setups where token_hash = p_token_hash and expires_at > clock_timestamp() returning official_id into v_official;
    select * into v_row from officials where official_id = v_official and disabled_at is null for no key update;
    if v_row.official_id is null or (v_row.second_factor and (p_step is null or v_row.totp_sealed is null)) then
        return 'set-up-token-wrong';
    end if;
    update officials
       set password_hash = p_password_hash, password_changed_at = clock_timestamp(),
           totp_active_at = case when second_factor then clock_timestamp() end, totp_step = coalesce(p_step, 0), refused = 0
     where official_id = v_official;
    delete from official_recovery_codes where official_id = v_official;
    insert into official_recovery_codes (official_id, code_hash) select v_official, unnest(p_codes);
    delete from official_sessions where official_id = v_official;
    perform official_audit(v_official, p_from, 'official-set-up', null, jsonb_build_object('second_factor', v_row.second_factor));
    return 'set-up';
end $$;
comment on function official_setup_finish(bytea, text, bigint, bytea[], text) is 'Uses a set-up link up: password, first code, recovery codes; all or nothing';

-- Another password; every other session ends, and this one goes on under another token.
create or replace function official_password(p_official_id integer, p_token_hash bytea, p_new_hash bytea, p_password_hash text, p_from text) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    update official_sessions set token_hash = p_new_hash where official_id = p_official_id and token_hash = p_token_hash and stage = 2;
    if not found then
        return false;
    end if;
    update officials set password_hash = p_password_hash, password_changed_at = clock_timestamp() where official_id = p_official_id;
    delete from official_sessions where official_id = p_official_id and token_hash <> p_new_hash;
    perform official_audit(p_official_id, p_from, 'official-password-changed', null, null);
    return true;
end $$;
comment on function official_password(integer, bytea, bytea, text, text) is 'Changes a password, ends the other sessions, and gives this one a new token';

create or replace function official_recovery(p_official_id integer, p_codes bytea[], p_from text) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    delete from official_recovery_codes where official_id = p_official_id;
    insert into official_recovery_codes (official_id, code_hash) select p_official_id, unnest(p_codes);
    perform official_audit(p_official_id, p_from, 'official-recovery-codes', null, null);
end $$;
comment on function official_recovery(integer, bytea[], text) is 'New recovery codes in the place of all old ones';

-- One of one's own sessions, or all but the one of p_keep when p_session_id is null.
create or replace function official_sessions_end(p_official_id integer, p_session_id uuid, p_keep bytea, p_from text) returns integer
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_count integer;
begin
    delete from official_sessions
     where official_id = p_official_id and (session_id = p_session_id or (p_session_id is null and token_hash is distinct from p_keep));
    get diagnostics v_count = row_count;
    if v_count > 0 then
        perform official_audit(p_official_id, p_from, 'official-sessions-ended', null, jsonb_build_object('sessions', v_count));
    end if;
    return v_count;
end $$;
comment on function official_sessions_end(integer, uuid, bytea, text) is 'Ends one session of an account, or all but one; says how many';

-- A token for what its maker may do now. At most fifty that are valid.
create or replace function official_token_make(
    p_official_id integer, p_slug text, p_role smallint, p_label text, p_days integer, p_token_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_consultation integer := (select consultation_id from consultations where slug = p_slug);
    v_token        uuid;
begin
    if p_role = 5 then
        if not (select administrator from officials where official_id = p_official_id) then
            return 'role-missing';
        end if;
        v_consultation := null;
    elsif v_consultation is null or official_roles(p_official_id, v_consultation) & (1 << p_role) = 0 then
        return 'role-missing';
    end if;
    if (select count(*) from official_tokens where official_id = p_official_id and revoked_at is null and expires_at > clock_timestamp()) >= 50 then
        return 'too-many';
    end if;
    insert into official_tokens (official_id, consultation_id, role, label, token_hash, expires_at)
    values (p_official_id, v_consultation, p_role, p_label, p_token_hash, clock_timestamp() + make_interval(days => p_days))
    returning token_id into v_token;
    perform official_audit(p_official_id, p_from, 'official-token-made', v_consultation,
                           jsonb_build_object('token', v_token, 'label', p_label, 'role', official_role_name(p_role), 'days', p_days));
    return 'made';
end $$;
comment on function official_token_make(integer, text, smallint, text, integer, bytea, text) is 'Makes a token within its maker''s rights; made, or why not';

create or replace function official_token_revoke(p_official_id integer, p_token_id uuid, p_from text) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    update official_tokens set revoked_at = clock_timestamp()
     where official_id = p_official_id and token_id = p_token_id and revoked_at is null;
    if found then
        perform official_audit(p_official_id, p_from, 'official-token-revoked', null, jsonb_build_object('token', p_token_id));
        return true;
    end if;
    return false;
end $$;
comment on function official_token_revoke(integer, uuid, text) is 'Revokes a token of one''s own; false when there is none';
