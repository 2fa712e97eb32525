-- Signing in to an account at an OpenID Connect provider; see migrations/0028. The provider was asked and its answer judged by the server,
-- which has the keys: here p_hashes are one person's digests under each master key, the newest first. Knowing the provider opens nothing:
-- an account has to be there, and its holder has to have connected it.

-- p_token_hash: of the session that it was begun in, which must still stand.
create or replace function official_subject_connect(
    p_token_hash bytea, p_member boolean, p_idle_minutes integer, p_hashes bytea[], p_master smallint, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (
        select s.official_id from official_sessions s
         where s.token_hash = p_token_hash and s.stage = 2 and s.expires_at > clock_timestamp()
           and s.seen_at > clock_timestamp() - make_interval(mins => p_idle_minutes));
    v_row officials;
begin
    select * into v_row from officials where official_id = v_official for no key update;
    -- The session ended while this waited: by a reset, say, which leaves no connection.
    if v_row.official_id is null or not official_is_on(v_row, p_member)
       or not exists (select from official_sessions where token_hash = p_token_hash and official_id = v_official and stage = 2) then
        return 'sign-in-required';
    elsif exists (select from official_subjects where official_id = v_official) then
        return 'subject-bound';
    elsif exists (select from official_subjects where subject_hash = any(p_hashes)) then
        return 'subject-taken';
    end if;
    insert into official_subjects (official_id, subject_hash, master) values (v_official, p_hashes[1], p_master)
        on conflict on constraint official_subjects_subject_key do nothing;
    if not found then
        return 'subject-taken';
    end if;
    perform official_audit(v_official, p_from, 'official-subject-bound', null, null);
    return 'bound';
end $$;
comment on function official_subject_connect(bytea, boolean, integer, bytea[], smallint, text) is 'Connects the account of a session with a sign-in at the provider; bound, or why not';

-- Somebody who could be the holder there may be why, and in: other sessions end as with another password. Under the account's lock, so that one
-- that is being opened just then is among them.
drop function if exists official_subject_end(integer, text);
create or replace function official_subject_end(p_official_id integer, p_keep bytea, p_from text) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    perform from officials where official_id = p_official_id for no key update;
    delete from official_subjects where official_id = p_official_id;
    if found then
        perform official_audit(p_official_id, p_from, 'official-subject-ended', null, null);
        perform official_sessions_end(p_official_id, null, p_keep, p_from);
        return true;
    end if;
    return false;
end $$;
comment on function official_subject_end(integer, bytea, text) is 'Ends the connection of one''s own account, and its other sessions; false when there is none';

-- Nothing is said of why it is refused: that an account is there, on the other side or disabled. The record has a stranger's try without
-- anything of theirs, and once an hour and network, so that nobody fills it.
create or replace function official_subject_begin(
    p_hashes bytea[], p_master smallint, p_member boolean, p_token_hash bytea, p_from text, p_agent text, p_hours integer) returns boolean
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer := (select official_id from official_subjects where subject_hash = any(p_hashes));
    v_row      officials;
begin
    select * into v_row from officials where official_id = v_official for no key update;
    -- Ended while this waited: by a reset, say.
    if v_row.official_id is not null and not exists (
        select from official_subjects where official_id = v_official and subject_hash = any(p_hashes)) then
        v_row := null;
    end if;
    if v_row.official_id is null then
        if not exists (select from audit_log where at > clock_timestamp() - interval '1 hour' and action = 'official-subject-unknown'
                          and detail ->> 'from' = p_from) then
            perform official_audit(null, p_from, 'official-subject-unknown', null, null);
        end if;
        return false;
    elsif v_row.password_hash is null or not official_is_on(v_row, p_member) then
        perform official_refused(v_row.official_id, p_from, 'provider');
        return false;
    end if;
    update official_subjects set subject_hash = p_hashes[1], master = p_master where official_id = v_official and master <> p_master;
    perform official_session_open(v_official, p_token_hash, 2::smallint, p_from, p_agent, p_hours);
    perform official_signed_in(v_official, p_from, '{"by": "provider"}');
    return true;
end $$;
comment on function official_subject_begin(bytea[], smallint, boolean, bytea, text, text, integer) is 'Begins a session after a sign-in at the provider, on the account''s own side; false: that opens none there';
