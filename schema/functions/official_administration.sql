-- What administrators do with the accounts of others; see migrations/0012. p_by null: somebody with the owner's rights at the command line.
-- Nobody changes what they themselves may do, and a reset takes two.

create or replace function official_may_administer(p_by integer, p_official_id integer) returns text
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select case
        -- A member of an institution is its coordinators' to change (institution_member.sql).
        when p_official_id is null or exists (select from officials where official_id = p_official_id and institution_id is not null) then 'not-found'
        when p_by is null then null
        when not exists (select from officials where official_id = p_by and administrator and disabled_at is null) then 'role-missing'
        when p_by = p_official_id then 'own-account'
    end
$$;
comment on function official_may_administer(integer, integer) is 'Why somebody may not change that account; null when they may';

create or replace function official_add(p_login text, p_name text, p_administrator boolean, p_second_factor boolean, p_token_hash bytea) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer;
begin
    insert into officials (login, name, administrator, second_factor) values (p_login, p_name, p_administrator, p_second_factor)
        on conflict on constraint officials_login_key do nothing returning official_id into v_official;
    if v_official is null then
        return false;
    end if;
    insert into official_setups (official_id, token_hash, expires_at) values (v_official, p_token_hash, clock_timestamp() + interval '1 day');
    perform audit_write('official-added', null, jsonb_build_object('account', p_login, 'administrator', p_administrator, 'second_factor', p_second_factor));
    return true;
end $$;
comment on function official_add(text, text, boolean, boolean, bytea) is 'Makes an account with its set-up link; false when the name is taken';

-- A proposal stands as long as its proposer may make it: else the second of two officials would be left alone with what somebody proposed
-- whose account was taken from them because it was no longer theirs.
create or replace function official_proposals_lapse(p_official_id integer, p_consultation_id integer) returns void
    language sql set search_path = consultation, pg_temp as $$
    update state_proposals set outcome = 'expired', decided_at = least(expires_at, clock_timestamp())
     where proposed_by = p_official_id and outcome is null and (p_consultation_id is null or consultation_id = p_consultation_id);
$$;
comment on function official_proposals_lapse(integer, integer) is 'Ends what an official proposed and nobody has decided, on a consultation or on all';

create or replace function official_grant(p_by integer, p_login text, p_slug text, p_role smallint, p_granted boolean, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official     integer := (select official_id from officials where login = p_login);
    v_consultation integer := (select consultation_id from consultations where slug = p_slug);
    v_refusal      text := official_may_administer(p_by, v_official);
begin
    if v_refusal is not null or v_consultation is null then
        return coalesce(v_refusal, 'not-found');
    end if;
    if p_granted then
        insert into official_grants (consultation_id, official_id, role) values (v_consultation, v_official, p_role) on conflict do nothing;
    else
        delete from official_grants where consultation_id = v_consultation and official_id = v_official and role = p_role;
    end if;
    if found then
        if not p_granted and p_role = 2 then
            perform official_proposals_lapse(v_official, v_consultation);
        end if;
        perform official_audit(p_by, p_from, case when p_granted then 'official-granted' else 'official-grant-ended' end, v_consultation,
                               jsonb_build_object('account', p_login, 'role', official_role_name(p_role)));
    end if;
    return 'done';
end $$;
comment on function official_grant(integer, text, text, smallint, boolean, text) is 'Gives or ends a role on a consultation; done, or why not';

create or replace function official_enable(p_by integer, p_login text, p_enabled boolean, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from officials where login = p_login);
    v_refusal  text := official_may_administer(p_by, v_official);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    update officials set disabled_at = case when p_enabled then null else clock_timestamp() end
     where official_id = v_official and (disabled_at is null) <> p_enabled;
    if found then
        delete from official_sessions where official_id = v_official;
        delete from official_setups where official_id = v_official;
        -- A sign-in opens one account: it is free for the next one that its holder has.
        delete from official_subjects where official_id = v_official;
        delete from official_resets where proposed_by = v_official;
        perform official_proposals_lapse(v_official, null);
        perform official_audit(p_by, p_from, case when p_enabled then 'official-enabled' else 'official-disabled' end, null,
                               jsonb_build_object('account', p_login));
    end if;
    return 'done';
end $$;
comment on function official_enable(integer, text, boolean, text) is 'Disables an account with its sessions, links, sign-in at a provider and proposals, or enables it again; done, or why not';

create or replace function official_end_sessions(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from officials where login = p_login);
    v_refusal  text := official_may_administer(p_by, v_official);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    delete from official_sessions where official_id = v_official;
    perform official_audit(p_by, p_from, 'official-sessions-ended', null, jsonb_build_object('account', p_login));
    return 'done';
end $$;
comment on function official_end_sessions(integer, text, text) is 'Signs an account out everywhere; done, or why not';

-- The account opens nothing any more until its new link was followed.
create or replace function official_reset_do(p_official_id integer, p_token_hash bytea) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    update officials set password_hash = null, password_changed_at = null, totp_sealed = null, totp_master = null, totp_active_at = null, codes_wrong = 0
     where official_id = p_official_id;
    delete from official_sessions where official_id = p_official_id;
    delete from official_recovery_codes where official_id = p_official_id;
    delete from official_subjects where official_id = p_official_id;
    update official_tokens set revoked_at = clock_timestamp() where official_id = p_official_id and revoked_at is null;
    delete from official_resets where p_official_id in (official_id, proposed_by);
    perform official_proposals_lapse(p_official_id, null);
    insert into official_setups as s (official_id, token_hash, expires_at) values (p_official_id, p_token_hash, clock_timestamp() + interval '1 day')
        on conflict on constraint official_setups_pkey do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at;
end $$;
comment on function official_reset_do(integer, bytea) is 'Empties an account of password, codes, sign-in at a provider, tokens, sessions and proposals, and makes a set-up link';

create or replace function official_reset_propose(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from officials where login = p_login);
    v_refusal  text := official_may_administer(p_by, v_official);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    insert into official_resets as r (official_id, proposed_by, expires_at) values (v_official, p_by, clock_timestamp() + interval '3 days')
        on conflict on constraint official_resets_pkey do update set proposed_by = excluded.proposed_by, expires_at = excluded.expires_at
         where r.expires_at <= clock_timestamp();
    if found then
        perform official_audit(p_by, p_from, 'official-reset-proposed', null, jsonb_build_object('account', p_login));
    end if;
    return 'done';
end $$;
comment on function official_reset_propose(integer, text, text) is 'The first of two administrators: an account is to be set up anew; done, or why not';

create or replace function official_reset_end(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from officials where login = p_login);
    v_refusal  text := official_may_administer(p_by, v_official);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    delete from official_resets where official_id = v_official;
    if found then
        perform official_audit(p_by, p_from, 'official-reset-dropped', null, jsonb_build_object('account', p_login));
    end if;
    return 'done';
end $$;
comment on function official_reset_end(integer, text, text) is 'Drops a proposed reset; done, or why not';

create or replace function official_reset_confirm(p_by integer, p_login text, p_token_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from officials where login = p_login);
    v_refusal  text := official_may_administer(p_by, v_official);
    v_reset    official_resets;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    if p_by is not null then
        select * into v_reset from official_resets where official_id = v_official and expires_at > clock_timestamp() for update;
        if v_reset.official_id is null then
            return 'not-found';
        elsif v_reset.proposed_by = p_by then
            return 'second-person-required';
        end if;
    end if;
    perform official_reset_do(v_official, p_token_hash);
    perform official_audit(p_by, p_from, 'official-reset', null, jsonb_strip_nulls(jsonb_build_object('account', p_login,
        'proposed_by', (select login from officials where official_id = v_reset.proposed_by))));
    return 'done';
end $$;
comment on function official_reset_confirm(integer, text, bytea, text) is 'The second of two administrators, or the command line: resets the account and takes its new link''s hash; done, or why not';
