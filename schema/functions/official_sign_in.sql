-- Signing in, and who somebody is at each request; see migrations/0012. Passwords and codes are judged by the server, which has the keys;
-- what may come of it is decided here.

-- Members of institutions sign in by the same functions, on their own side: an account of the other one is nobody there.

-- What an official or a member does is written down with who and from where. Kept for ever, so of the place no more than the network.
create or replace function official_audit(p_official_id integer, p_from text, p_action text, p_consultation_id integer, p_detail jsonb) returns void
    language sql security definer set search_path = consultation, pg_temp as $$
    select audit_write(p_action, p_consultation_id,
                       coalesce(p_detail, '{}') || jsonb_strip_nulls(jsonb_build_object(
                           'official', (select login from officials where official_id = p_official_id),
                           'institution', (select slug from institutions join officials using (institution_id) where official_id = p_official_id),
                           'from', p_from)));
$$;
comment on function official_audit(integer, text, text, integer, jsonb) is 'Adds a row to the record of acts: what, on what, by whom, from which network';

create or replace function official_role_name(p_role smallint) returns text
    language sql immutable set search_path = consultation, pg_temp as $$
    select (array['viewer', 'clerk', 'analyst', 'moderator', 'publisher', 'administrator'])[p_role + 1]
$$;
comment on function official_role_name(smallint) is 'A role as the record of acts names it';

-- For judging a password. No row: nobody may sign in under that name. `known`: they have signed in from that network in ninety days.
drop function if exists official_find(text, text);
create or replace function official_find(p_login text, p_from text, p_member boolean default false) returns table (official_id integer, password_hash text, known boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.official_id, o.password_hash,
           exists (select from audit_log a
                    where a.detail ->> 'official' = p_login and a.detail ->> 'from' = p_from
                      and a.action in ('official-signed-in', 'official-set-up') and a.at > clock_timestamp() - interval '90 days')
      from officials o
     where o.login = p_login and o.password_hash is not null and official_is_on(o, p_member)
$$;
comment on function official_find(text, text, boolean) is 'Account and password hash of who may sign in under that name, and whether they have from there before';

-- However somebody signed in. Half a session lasts ten minutes; nobody has more than twenty.
create or replace function official_session_open(
    p_official_id integer, p_token_hash bytea, p_stage smallint, p_from text, p_agent text, p_hours integer) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    delete from official_sessions where expires_at <= clock_timestamp() or (official_id = p_official_id and session_id in (
        select session_id from official_sessions where official_id = p_official_id order by seen_at desc offset 19));
    insert into official_sessions (official_id, token_hash, stage, expires_at, network, agent)
    values (p_official_id, p_token_hash, p_stage,
            clock_timestamp() + case when p_stage = 1 then interval '10 minutes' else make_interval(hours => p_hours) end, p_from, p_agent);
end $$;
comment on function official_session_open(integer, bytea, smallint, text, text, integer) is 'A session of an account, at that stage; the oldest ones beyond twenty end';

-- The password was right, of which p_password_hash is the hash: judging takes a second, and meanwhile the account may have got another one, or
-- none. Stage 2 at once where no code is asked for.
drop function if exists official_begin(integer, bytea, text, text, integer);
create or replace function official_begin(
    p_official_id integer, p_token_hash bytea, p_from text, p_agent text, p_hours integer, p_password_hash text default null) returns smallint
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_row   officials;
    v_stage smallint;
begin
    select * into v_row from officials
     where official_id = p_official_id and disabled_at is null and (p_password_hash is null or password_hash = p_password_hash) for no key update;
    if v_row.official_id is null then
        return null;
    end if;
    v_stage := case when v_row.second_factor then 1 else 2 end;
    perform official_session_open(p_official_id, p_token_hash, v_stage, p_from, p_agent, p_hours);
    if v_stage = 2 then
        perform official_signed_in(p_official_id, p_from, '{"by": "password"}');
    end if;
    return v_stage;
end $$;
comment on function official_begin(integer, bytea, text, text, integer, text) is 'Begins a session after a right password; gives its stage, or null when the account was disabled, reset or given another password meanwhile';

create or replace function official_signed_in(p_official_id integer, p_from text, p_detail jsonb) returns void
    language sql security definer set search_path = consultation, pg_temp as $$
    select official_audit(p_official_id, p_from, 'official-signed-in', null,
                          p_detail || jsonb_build_object('refused_before', (select refused from officials where official_id = p_official_id)));
    update officials set refused = 0, signed_in_at = clock_timestamp() where official_id = p_official_id;
$$;
comment on function official_signed_in(integer, text, jsonb) is 'Writes down that somebody signed in, and how many tries were refused before';

-- A try was refused. The record is only added to, so a flood must not fill it: the 1st, the 10th, the 100th … in a row are written down.
create or replace function official_refused(p_official_id integer, p_from text, p_what text) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_count integer;
begin
    update officials set refused = least(refused, 2000000000) + 1 where official_id = p_official_id returning refused into v_count;
    if v_count::text ~ '^10*$' then
        perform official_audit(p_official_id, p_from, 'official-refused', null, jsonb_build_object('what', p_what, 'times', v_count));
    end if;
end $$;
comment on function official_refused(integer, text, text) is 'Counts a wrong password or code of an account, and writes it down now and then';

-- What the roles are on one consultation, as bits 1 << role. Whoever has any may read the tallies.
create or replace function official_roles(p_official_id integer, p_consultation_id integer) returns integer
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select coalesce(bit_or(1 << role) | 1, 0) from official_grants
     where official_id = p_official_id and consultation_id = p_consultation_id
$$;
comment on function official_roles(integer, integer) is 'Bits of the roles an official has on a consultation; 0 none';

-- Who a cookie is of. p_slug: the consultation that is asked for, or null.
drop function if exists official_session(bytea, integer, text);
create or replace function official_session(p_token_hash bytea, p_idle_minutes integer, p_slug text, p_member boolean default false)
    returns table (official_id integer, login text, name text, administrator boolean, stage smallint, consultation_id integer, roles integer,
                   institution_id integer, member_roles smallint, institution text, fictitious boolean, name_zh_hant text, name_en text, name_zh_hans text)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_now timestamptz := clock_timestamp();
    v_row official_sessions;
begin
    select * into v_row from official_sessions s
     where s.token_hash = p_token_hash and s.expires_at > v_now and s.seen_at > v_now - make_interval(mins => p_idle_minutes);
    if v_row.session_id is null then
        return;
    end if;
    if v_row.seen_at < v_now - interval '1 minute' then
        update official_sessions s set seen_at = v_now where s.session_id = v_row.session_id;
    end if;
    return query
    select o.official_id, o.login, o.name, o.administrator, v_row.stage, c.consultation_id,
           coalesce(official_roles(o.official_id, c.consultation_id), 0),
           i.institution_id, o.member_roles, i.slug, i.fictitious, i.name_zh_hant, i.name_en, i.name_zh_hans
      from officials o
      left join consultations c on c.slug = p_slug
      left join institutions i on i.institution_id = o.institution_id
     where o.official_id = v_row.official_id and official_is_on(o, p_member);
end $$;
comment on function official_session(bytea, integer, text, boolean) is 'Whose session it is, at which stage, with which roles on a consultation, and for which institution; no row: nobody''s on that side';

-- Who a token is of; it may do what its role says, as long as its owner may.
create or replace function official_token(p_token_hash bytea, p_slug text)
    returns table (official_id integer, login text, name text, administrator boolean, token_id uuid, consultation_id integer, roles integer,
                   token_slug text, role smallint, expires_at timestamptz)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_now timestamptz := clock_timestamp();
    v_row official_tokens;
begin
    select * into v_row from official_tokens t where t.token_hash = p_token_hash and t.expires_at > v_now and t.revoked_at is null;
    if v_row.token_id is null then
        return;
    end if;
    if v_row.used_at is null or v_row.used_at < v_now - interval '1 minute' then
        update official_tokens t set used_at = v_now where t.token_id = v_row.token_id;
    end if;
    return query
    select o.official_id, o.login, o.name, o.administrator and v_row.role = 5, v_row.token_id, a.consultation_id,
           case when a.consultation_id = v_row.consultation_id
                then official_roles(o.official_id, v_row.consultation_id) & ((1 << v_row.role) | 1) else 0 end,
           c.slug, v_row.role, v_row.expires_at
      from officials o
      left join consultations c on c.consultation_id = v_row.consultation_id
      left join consultations a on a.slug = p_slug
     where o.official_id = v_row.official_id and o.disabled_at is null;
end $$;
comment on function official_token(bytea, text) is 'Whose token it is and what it may do on a consultation; no row: nobody''s';

-- What a one-time code of a session in stage 1 is judged with.
create or replace function official_secret(p_token_hash bytea) returns table (official_id integer, sealed bytea, master smallint, step bigint)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.official_id, o.totp_sealed, o.totp_master, o.totp_step
      from official_sessions s join officials o using (official_id)
     where s.token_hash = p_token_hash and o.totp_active_at is not null and o.disabled_at is null
$$;
comment on function official_secret(bytea) is 'The sealed secret of a session''s account, and the last time step that was taken';

-- The second factor: p_step of a right one-time code, or p_recovery of a recovery code, or neither: it was wrong. The session goes on under
-- another token. Wrong codes are five a session, and fifty a day an account: only who has the password comes so far, and recovery codes
-- are taken beyond that too, so nobody is locked out by a stranger.
create or replace function official_second(
    p_token_hash bytea, p_new_hash bytea, p_step bigint, p_recovery bytea, p_from text, p_hours integer) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_now     timestamptz := clock_timestamp();
    v_today   date := (clock_timestamp() at time zone 'Asia/Hong_Kong')::date;
    v_session official_sessions;
    v_row     officials;
    v_right   boolean := false;
begin
    select * into v_session from official_sessions where token_hash = p_token_hash and stage = 1 and expires_at > v_now for update;
    select * into v_row from officials where official_id = v_session.official_id and disabled_at is null for no key update;
    if v_row.official_id is null then
        return 'sign-in-required';
    end if;
    if p_recovery is not null then
        update official_recovery_codes set used_at = v_now
         where official_id = v_row.official_id and code_hash = p_recovery and used_at is null;
        v_right := found;
    elsif p_step > v_row.totp_step and not (v_row.codes_wrong_on is not distinct from v_today and v_row.codes_wrong >= 50) then
        update officials set totp_step = p_step where official_id = v_row.official_id;
        v_right := true;
    end if;
    if v_right then
        update official_sessions set token_hash = p_new_hash, stage = 2, started_at = v_now, seen_at = v_now, expires_at = v_now + make_interval(hours => p_hours)
         where session_id = v_session.session_id;
        perform official_signed_in(v_row.official_id, p_from, jsonb_build_object('by', case when p_recovery is null then 'code' else 'recovery-code' end));
        return 'signed-in';
    end if;
    update officials set codes_wrong = case when codes_wrong_on = v_today then least(codes_wrong, 1000000) + 1 else 1 end, codes_wrong_on = v_today
     where official_id = v_row.official_id;
    perform official_refused(v_row.official_id, p_from, 'code');
    if v_session.tries >= 4 then
        delete from official_sessions where session_id = v_session.session_id;
        return 'sign-in-required';
    end if;
    update official_sessions set tries = tries + 1 where session_id = v_session.session_id;
    return 'one-time-code-wrong';
end $$;
comment on function official_second(bytea, bytea, bigint, bytea, text, integer) is 'Judges the second factor within its bounds; signed-in, or why not';

create or replace function official_sign_out(p_token_hash bytea, p_from text) returns void
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_official integer;
begin
    delete from official_sessions where token_hash = p_token_hash returning official_id into v_official;
    if found then
        perform official_audit(v_official, p_from, 'official-signed-out', null, null);
    end if;
end $$;
comment on function official_sign_out(bytea, text) is 'Ends the session of a cookie';

-- Whether somebody whose export is under way may still have it: an analyst of the consultation, whose account is in use, and whose session
-- (null: none is needed, as while a workbook is made) or token (null: it was no script) has not been ended. That nobody clicks during a
-- long download is no end of a session.
create or replace function official_may_export(p_official_id integer, p_consultation_id integer, p_session bytea, p_token uuid) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select official_roles(p_official_id, p_consultation_id) & 4 <> 0
       and exists (select from officials o where o.official_id = p_official_id and o.disabled_at is null)
       and (p_session is null or exists (
            select from official_sessions s
             where s.token_hash = p_session and s.official_id = p_official_id and s.stage = 2 and s.expires_at > clock_timestamp()))
       and (p_token is null or exists (
            select from official_tokens t
             where t.token_id = p_token and t.official_id = p_official_id and t.revoked_at is null and t.expires_at > clock_timestamp()))
$$;
comment on function official_may_export(integer, integer, bytea, uuid) is 'Whether an export that is under way may go on, by the rights of whoever asked for it';
