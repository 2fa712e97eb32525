-- Members of institutions: who invites them, gives them parts, and lets them in again; see migrations/0022. p_by null: somebody with the
-- owner's rights at the command line.

-- A coordinator changes the members of their own institution, and nobody what they may do themselves. An administrator of the service
-- may only help one that has no coordinator who could: else one official alone could let themselves into a body's drafts.
create or replace function institution_may_coordinate(p_by integer, p_institution_id integer) returns text
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
begin
    return case
        when p_institution_id is null then 'not-found'
        when p_by is null then null
        when exists (select from officials o where o.official_id = p_by and o.institution_id = p_institution_id and official_is_on(o, true)) then
            (select case when member_roles & 1 = 0 then 'role-missing' end from officials where official_id = p_by)
        when exists (select from officials where official_id = p_by and institution_id is not null) then 'not-found'
        when institution_may_register(p_by) is not null then 'role-missing'
        when institution_coordinators(p_institution_id) > 0 then 'institution-coordinated'
    end;
end $$;
comment on function institution_may_coordinate(integer, integer) is 'Why somebody may not change the members of an institution; null when they may';

create or replace function institution_coordinators(p_institution_id integer) returns integer
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select count(*)::integer from officials
     where institution_id = p_institution_id and member_roles & 1 <> 0 and disabled_at is null and password_hash is not null
$$;
comment on function institution_coordinators(integer) is 'How many coordinators of an institution can sign in';

-- The institution of an account, locked before anything is asked about its members.
create or replace function institution_of_member(p_login text) returns integer
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    return institution_lock((select i.slug from officials o join institutions i using (institution_id) where o.login = p_login));
end $$;
comment on function institution_of_member(text) is 'Institution of the member of that name, locked; null: there is no such member';

create or replace function institution_invite(
    p_by integer, p_slug text, p_login text, p_name text, p_roles smallint, p_token_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_lock(p_slug);
    v_refusal     text := institution_may_coordinate(p_by, v_institution);
    v_member      integer;
begin
    if v_refusal is not null then
        return v_refusal;
    elsif (select closed_at is not null from institutions where institution_id = v_institution) then
        return 'institution-closed';
    elsif p_roles & 1 = 0 and institution_coordinators(v_institution) = 0 then
        return 'last-coordinator';
    elsif (select count(*) from officials where institution_id = v_institution) >= 200 then
        return 'too-many';
    end if;
    insert into officials (login, name, institution_id, member_roles) values (p_login, p_name, v_institution, p_roles)
        on conflict on constraint officials_login_key do nothing returning official_id into v_member;
    if v_member is null then
        return 'name-taken';
    end if;
    insert into official_setups (official_id, token_hash, expires_at) values (v_member, p_token_hash, clock_timestamp() + interval '1 day');
    perform official_audit(p_by, p_from, 'institution-member-invited', null,
                           jsonb_build_object('institution', p_slug, 'account', p_login, 'parts', institution_part_names(p_roles)));
    return 'done';
end $$;
comment on function institution_invite(integer, text, text, text, smallint, bytea, text) is 'Makes a member with a set-up link; done, or why not. At most 200 an institution';

create or replace function institution_part_names(p_roles smallint) returns jsonb
    language sql immutable set search_path = consultation, pg_temp as $$
    select coalesce(jsonb_agg(name order by bit), '[]')
      from (values (1, 'coordinator'), (2, 'drafter'), (4, 'approver')) as parts (bit, name) where p_roles & bit <> 0
$$;
comment on function institution_part_names(smallint) is 'A member''s parts as the record of acts names them';

-- Why p_by may not do something with the account of a member; never their own. So the last coordinator stays one: whoever could change
-- that would be another.
create or replace function institution_may_change(p_by integer, p_login text) returns text
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select coalesce(institution_may_coordinate(p_by, (select institution_id from officials where login = p_login)),
                    case when p_by = (select official_id from officials where login = p_login) then 'own-account' end)
$$;
comment on function institution_may_change(integer, text) is 'Why somebody may not change that member; null when they may';

create or replace function institution_member_roles(p_by integer, p_login text, p_roles smallint, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_refusal     text := institution_may_change(p_by, p_login);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    update officials set member_roles = p_roles where login = p_login and institution_id = v_institution and member_roles <> p_roles;
    if not found then
        return 'done';
    end if;
    perform official_audit(p_by, p_from, 'institution-member-parts', null, jsonb_build_object('account', p_login, 'institution',
        (select slug from institutions where institution_id = v_institution), 'parts', institution_part_names(p_roles)));
    return 'done';
end $$;
comment on function institution_member_roles(integer, text, smallint, text) is 'Gives a member these parts and no others; done, or why not';

create or replace function institution_member_enable(p_by integer, p_login text, p_enabled boolean, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_refusal     text := institution_may_change(p_by, p_login);
    v_member      integer;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    update officials set disabled_at = case when p_enabled then null else clock_timestamp() end
     where login = p_login and institution_id = v_institution and (disabled_at is null) <> p_enabled returning official_id into v_member;
    if v_member is null then
        return 'done';
    end if;
    delete from official_sessions where official_id = v_member;
    delete from official_setups where official_id = v_member;
    delete from official_subjects where official_id = v_member;
    delete from institution_challenges where official_id = v_member;
    delete from official_resets where v_member in (official_id, proposed_by);
    perform official_audit(p_by, p_from, case when p_enabled then 'institution-member-enabled' else 'institution-member-disabled' end, null,
        jsonb_build_object('account', p_login, 'institution', (select slug from institutions where institution_id = v_institution)));
    return 'done';
end $$;
comment on function institution_member_enable(integer, text, boolean, text) is 'Disables a member with sessions and links, or enables them again; done, or why not';

-- Who has approved, or could have, approves again when their account was set up anew: whoever holds that link would hold an approval. Also
-- one whose part was taken away for the moment.
create or replace function institution_is_approver(p_row officials) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select p_row.member_roles & 4 <> 0
        or exists (select from audit_log a where a.action like 'institution-member-%' and a.detail ->> 'account' = p_row.login and a.detail -> 'parts' ? 'approver')
$$;
comment on function institution_is_approver(officials) is 'Whether a member is, or was at any time, one who approves';

-- A link for one who never followed theirs tells nothing new to who invited them; any other one of an approver takes two.
create or replace function institution_reset_takes_two(p_row officials) returns boolean
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select institution_is_approver(p_row)
       and (p_row.password_hash is not null
            or exists (select from audit_log a where a.action like 'institution-member-%' and a.detail ->> 'account' = p_row.login
                                                 and a.action = 'institution-member-reset'))
$$;
comment on function institution_reset_takes_two(officials) is 'Whether a new set-up link of that member is made by a second person';

-- Another approver; where there is none but who proposed it, an administrator of the service.
create or replace function institution_may_confirm_reset(p_by integer, p_official_id integer, p_proposed_by integer) returns text
    language plpgsql stable security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := (select institution_id from officials where official_id = p_official_id);
    v_by          officials;
    v_others      integer[];
begin
    select * into v_by from officials where official_id = p_by;
    v_others := array(select o.official_id from officials o
                       where o.institution_id = v_institution and o.member_roles & 4 <> 0 and o.password_hash is not null and official_is_on(o, true)
                         and o.official_id is distinct from p_official_id and o.official_id is distinct from p_proposed_by);
    return case
        when v_institution is null or v_by.official_id is null or v_by.institution_id <> v_institution then 'not-found'
        when p_by in (p_official_id, p_proposed_by) then 'second-person-required'
        when p_by = any (v_others) then null
        when v_by.institution_id is not null or institution_may_register(p_by) is not null then 'role-missing'
        when cardinality(v_others) > 0 then 'institution-has-approvers'
    end;
end $$;
comment on function institution_may_confirm_reset(integer, integer, integer) is 'Why somebody may not be the second of the two who reset an approver; null when they may';

-- A new set-up link: for one who has not followed theirs, and for one who lost what they sign in with, whose account then opens nothing
-- until it was followed. The last coordinator's is renewed at the command line, where the act shows who runs the service.
create or replace function institution_member_link(p_by integer, p_login text, p_token_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_refusal     text := institution_may_change(p_by, p_login);
    v_row         officials;
    v_member      boolean := exists (select from officials where official_id = p_by and institution_id is not null);
begin
    select * into v_row from officials where login = p_login and institution_id = v_institution for no key update;
    if v_refusal is not null then
        return v_refusal;
    elsif not official_is_on(v_row, true) then
        return 'account-disabled';
    elsif v_member and institution_reset_takes_two(v_row) then
        return 'second-person-required';
    end if;
    perform official_reset_do(v_row.official_id, p_token_hash);
    delete from institution_challenges where official_id = v_row.official_id;
    perform official_audit(p_by, p_from, case when v_row.password_hash is null then 'institution-member-link' else 'institution-member-reset' end, null,
        jsonb_build_object('account', p_login, 'institution', (select slug from institutions where institution_id = v_institution)));
    return 'done';
end $$;
comment on function institution_member_link(integer, text, bytea, text) is 'Gives a member another set-up link, and takes away password, codes and sessions; done, or why not';

create or replace function institution_reset_propose(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_refusal     text := institution_may_change(p_by, p_login);
    v_row         officials;
begin
    select * into v_row from officials where login = p_login and institution_id = v_institution for no key update;
    if v_refusal is not null then
        return v_refusal;
    elsif not official_is_on(v_row, true) then
        return 'account-disabled';
    end if;
    insert into official_resets as r (official_id, proposed_by, expires_at) values (v_row.official_id, p_by, clock_timestamp() + interval '3 days')
        on conflict on constraint official_resets_pkey do update set proposed_by = excluded.proposed_by, expires_at = excluded.expires_at
         where r.expires_at <= clock_timestamp() or institution_may_coordinate(r.proposed_by, v_institution) is not null;
    if found then
        perform official_audit(p_by, p_from, 'institution-reset-proposed', null, jsonb_build_object('account', p_login));
    end if;
    return 'done';
end $$;
comment on function institution_reset_propose(integer, text, text) is 'A coordinator, the first of two: an approver''s account is to be set up anew; done, or why not';

-- A proposal stands as long as its proposer coordinates.
create or replace function institution_reset_open(p_official_id integer)
    returns table (proposed_by integer, expires_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select r.proposed_by, r.expires_at from official_resets r join officials o using (official_id)
     where r.official_id = p_official_id and r.expires_at > clock_timestamp() and institution_may_coordinate(r.proposed_by, o.institution_id) is null
$$;
comment on function institution_reset_open(integer) is 'The reset of a member that was proposed and waits for a second person';

create or replace function institution_reset_drop(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_official    integer := (select official_id from officials where login = p_login and institution_id = v_institution);
    v_proposed_by integer := (select proposed_by from institution_reset_open(v_official));
begin
    if institution_may_change(p_by, p_login) is not null and institution_may_confirm_reset(p_by, v_official, v_proposed_by) is not null then
        return institution_may_change(p_by, p_login);
    end if;
    delete from official_resets where official_id = v_official;
    if found then
        perform official_audit(p_by, p_from, 'institution-reset-dropped', null, jsonb_build_object('account', p_login));
    end if;
    return 'done';
end $$;
comment on function institution_reset_drop(integer, text, text) is 'Drops a proposed reset of a member; done, or why not';

create or replace function institution_reset_confirm(p_by integer, p_login text, p_token_hash bytea, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_row         officials;
    v_proposed_by integer;
    v_refusal     text;
begin
    select * into v_row from officials where login = p_login and institution_id = v_institution for no key update;
    v_proposed_by := (select proposed_by from institution_reset_open(v_row.official_id));
    v_refusal := institution_may_confirm_reset(p_by, v_row.official_id, v_proposed_by);
    if v_refusal is not null then
        return v_refusal;
    elsif v_proposed_by is null then
        return 'proposal-over';
    elsif not official_is_on(v_row, true) then
        return 'account-disabled';
    end if;
    perform official_reset_do(v_row.official_id, p_token_hash);
    delete from institution_challenges where official_id = v_row.official_id;
    perform official_audit(p_by, p_from, 'institution-member-reset', null, jsonb_build_object('account', p_login, 'institution',
        (select slug from institutions where institution_id = v_institution), 'proposed_by', (select login from officials where official_id = v_proposed_by)));
    return 'done';
end $$;
comment on function institution_reset_confirm(integer, text, bytea, text) is 'The second of two: resets an approver''s account and takes its new link''s hash; done, or why not';

create or replace function institution_member_link_end(p_by integer, p_login text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_institution integer := institution_of_member(p_login);
    v_refusal     text := institution_may_change(p_by, p_login);
begin
    if v_refusal is not null then
        return v_refusal;
    end if;
    delete from official_setups where official_id = (select official_id from officials where login = p_login);
    if found then
        perform official_audit(p_by, p_from, 'institution-member-link-ended', null,
            jsonb_build_object('account', p_login, 'institution', (select slug from institutions where institution_id = v_institution)));
    end if;
    return 'done';
end $$;
comment on function institution_member_link_end(integer, text, text) is 'Ends a member''s set-up link; done, or why not';

-- Everybody of an institution sees their colleagues; an administrator those of the institution they name. takes_two: a new link of them is
-- made by a second person; reset_by: who proposed it; may_confirm: p_by could be that second person.
drop function if exists institution_members(integer, text);
create or replace function institution_members(p_by integer, p_slug text)
    returns table (login text, name text, parts smallint, set_up boolean, disabled boolean, signed_in_at timestamptz, link_until timestamptz,
                   takes_two boolean, reset_by text, reset_until timestamptz, may_confirm boolean)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.login, o.name, o.member_roles, o.password_hash is not null, o.disabled_at is not null, o.signed_in_at,
           (select s.expires_at from official_setups s where s.official_id = o.official_id and s.expires_at > clock_timestamp()),
           institution_reset_takes_two(o), p.name, r.expires_at,
           r.proposed_by is not null and institution_may_confirm_reset(p_by, o.official_id, r.proposed_by) is null
      from officials o
      left join lateral institution_reset_open(o.official_id) r on true
      left join officials p on p.official_id = r.proposed_by
     where o.institution_id = coalesce((select institution_id from officials where official_id = p_by),
                                       (select institution_id from institutions where slug = p_slug and institution_may_register(p_by) is null))
     order by o.disabled_at is not null, o.login
$$;
comment on function institution_members(integer, text) is 'Members of a member''s own institution, or for an administrator of that one';
