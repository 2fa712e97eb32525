-- Working together on an institution's response. Every function takes the member first and finds the institution by it, so that no other
-- one's draft can be asked for; see migrations/0023. Reading is for every member, at any time; changing ends with the consultation's close.

-- No row: not a member, a closed institution, or a consultation that it takes no part in.
create or replace function response_member(p_by integer, p_consultation_id integer)
    returns table (institution_id integer, member_roles smallint, response_id integer, state text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.institution_id, o.member_roles, r.response_id,
           case when clock_timestamp() < c.opens_at then 'not-open' when clock_timestamp() >= c.closes_at then 'closed' else 'open' end
      from officials o
      join institutions i on i.institution_id = o.institution_id and i.closed_at is null
      join consultations c on c.consultation_id = p_consultation_id and c.complete and c.rehearsal = i.fictitious
      left join responses r on r.consultation_id = c.consultation_id and r.institution_id = i.institution_id
     where o.official_id = p_by and o.disabled_at is null
$$;
comment on function response_member(integer, integer) is 'What a member of an institution is on a consultation: whose, with which parts, on which response, and whether it may be changed';

-- Takes the response for a change by one of those parts; what is done in one transaction is done by one member at a time.
create or replace function response_take(p_by integer, p_consultation_id integer, p_roles integer, out outcome text, out response_id integer)
    language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_member record;
begin
    select * into v_member from response_member(p_by, p_consultation_id);
    if not found or v_member.member_roles & p_roles = 0 then
        outcome := 'role-missing';
    elsif v_member.response_id is null then
        outcome := 'not-found';
    else
        response_id := v_member.response_id;
        perform from responses r where r.consultation_id = p_consultation_id and r.response_id = v_member.response_id for no key update;
        -- The close may have come while this one waited.
        select case when clock_timestamp() < c.opens_at then 'not-open' when clock_timestamp() >= c.closes_at then 'closed' else 'done' end
          into outcome from consultations c where c.consultation_id = p_consultation_id;
    end if;
end $$;
comment on function response_take(integer, integer, integer) is 'Locks a response for a change; done, or why not';

create or replace function response_section_known(p_consultation_id integer, p_section text) returns boolean
    language sql stable set search_path = consultation, pg_temp as $$
    select p_section in ('summary', 'evidence', 'interests', 'approver')
        or exists (select from directions where consultation_id = p_consultation_id and 'direction-' || code = p_section)
        or exists (select from measures where consultation_id = p_consultation_id and 'measure-' || code = p_section)
        or exists (select from questions where consultation_id = p_consultation_id and 'question-' || code = p_section)
$$;
comment on function response_section_known(integer, text) is 'Whether a response on that consultation has such a section';

create or replace function response_section_most(p_section text) returns integer
    language sql immutable set search_path = consultation, pg_temp as $$
    select case p_section when 'summary' then 10000 when 'evidence' then 10000 when 'interests' then 5000 when 'approver' then 300 else 20000 end
$$;
comment on function response_section_most(text) is 'Code points that a section may have';

-- Begun by the first coordinator or drafter who comes; whoever comes second finds it.
create or replace function response_open(p_by integer, p_consultation_id integer, p_language smallint, p_number text, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_member record;
begin
    select * into v_member from response_member(p_by, p_consultation_id);
    if not found or v_member.member_roles & 3 = 0 then
        return 'role-missing';
    elsif v_member.response_id is not null then
        return 'done';
    elsif v_member.state <> 'open' then
        return v_member.state;
    end if;
    insert into responses (consultation_id, institution_id, number, language) values (p_consultation_id, v_member.institution_id, p_number, p_language)
        on conflict on constraint responses_institution_key do nothing;
    if found then
        perform official_audit(p_by, p_from, 'response-begun', p_consultation_id, jsonb_build_object('number', p_number));
    end if;
    return 'done';
end $$;
comment on function response_open(integer, integer, smallint, text, text) is 'Begins an institution''s response, if there is none yet; done, or why not';

-- `state`: open, not-open, closed. Without a number it was not begun.
create or replace function response_get(p_by integer, p_consultation_id integer)
    returns table (number text, language smallint, publish boolean, created_at timestamptz, member_roles smallint, state text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select r.number, r.language, r.publish, r.created_at, m.member_roles, m.state
      from response_member(p_by, p_consultation_id) m
      left join responses r on r.consultation_id = p_consultation_id and r.response_id = m.response_id
$$;
comment on function response_get(integer, integer) is 'A member''s own institution''s response, and what that member may do';

create or replace function response_settings(p_by integer, p_consultation_id integer, p_language smallint, p_publish boolean, p_from text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_take record;
begin
    select * into v_take from response_take(p_by, p_consultation_id, 1);
    if v_take.outcome = 'done' then
        update responses set language = p_language, publish = p_publish
         where consultation_id = p_consultation_id and response_id = v_take.response_id and (language, publish) <> (p_language, p_publish);
        if found then
            perform official_audit(p_by, p_from, 'response-settings', p_consultation_id, jsonb_build_object('publish', p_publish));
        end if;
    end if;
    return v_take.outcome;
end $$;
comment on function response_settings(integer, integer, smallint, boolean, text) is 'A coordinator says in which language the response is, and whether it may be published';

-- From section to section along the primary key, and of each the last entry: as many steps as there are sections, however many versions.
create or replace function response_sections_newest(p_consultation_id integer, p_response_id integer) returns setof response_sections
    language sql stable security definer set search_path = consultation, pg_temp as $$
    with recursive codes as (
        (select s.section from response_sections s
          where s.consultation_id = p_consultation_id and s.response_id = p_response_id order by s.section limit 1)
        union all
        select (select s.section from response_sections s
                 where s.consultation_id = p_consultation_id and s.response_id = p_response_id and s.section > c.section order by s.section limit 1)
          from codes c where c.section is not null
    )
    select n.* from codes c
     cross join lateral (select s.* from response_sections s
                          where s.consultation_id = p_consultation_id and s.response_id = p_response_id and s.section = c.section
                          order by s.version desc limit 1) n
$$;
comment on function response_sections_newest(integer, integer) is 'The newest version of every section of a response';

-- Every section that somebody wrote, was given, or spoke about, as it is now.
create or replace function response_section_list(p_by integer, p_consultation_id integer)
    returns table (section text, version integer, stance smallint, text text, wording smallint, changed_by text, changed_at timestamptz,
                   assigned_login text, assigned_name text, comments integer)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    with own as (
        select m.response_id from response_member(p_by, p_consultation_id) m where m.response_id is not null
    ), newest as (
        select s.* from own cross join lateral response_sections_newest(p_consultation_id, own.response_id) s
    ), given as (
        select a.section, o.login, o.name from response_assignments a join own using (response_id) join officials o using (official_id)
         where a.consultation_id = p_consultation_id
    ), spoken as (
        select c.section, count(*)::integer as comments from response_comments c join own using (response_id)
         where c.consultation_id = p_consultation_id and c.resolved_at is null group by c.section
    )
    select section, coalesce(n.version, 0), n.stance, coalesce(n.text, ''), n.wording, o.name, n.changed_at, g.login, g.name, coalesce(c.comments, 0)
      from newest n full join given g using (section) full join spoken c using (section)
      left join officials o on o.official_id = n.changed_by
$$;
comment on function response_section_list(integer, integer) is 'The sections of a member''s own institution''s response as they are now';

-- p_version null: the newest.
create or replace function response_section_get(p_by integer, p_consultation_id integer, p_section text, p_version integer)
    returns table (version integer, stance smallint, text text, wording smallint, autosaved boolean, login text, name text, changed_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select s.version, s.stance, s.text, s.wording, s.autosaved, o.login, o.name, s.changed_at
      from response_member(p_by, p_consultation_id) m
      join response_sections s on s.consultation_id = p_consultation_id and s.response_id = m.response_id and s.section = p_section
      join officials o on o.official_id = s.changed_by
     where p_version is null or s.version = p_version
     order by s.version desc limit 1
$$;
comment on function response_section_get(integer, integer, text, integer) is 'One version of a section, or the newest';

-- Room for one more version: an automatic one that was replaced by later ones goes before anything that somebody saved.
create or replace function response_section_room(p_consultation_id integer, p_response_id integer, p_section text, p_most integer default 2000) returns boolean
    language plpgsql set search_path = consultation, pg_temp as $$
begin
    if (select count(*) from response_sections
         where consultation_id = p_consultation_id and response_id = p_response_id and section = p_section) < p_most then
        return true;
    end if;
    delete from response_sections
     where (consultation_id, response_id, section) = (p_consultation_id, p_response_id, p_section)
       and version = (select min(version) from response_sections
                       where consultation_id = p_consultation_id and response_id = p_response_id and section = p_section and autosaved
                         and version < (select max(version) from response_sections
                                         where consultation_id = p_consultation_id and response_id = p_response_id and section = p_section));
    return found;
end $$;
comment on function response_section_room(integer, integer, text, integer) is 'Whether a section may have one more version; the oldest automatic one makes room';

-- p_expected: the version that was read, 0 for none. A second automatic save of one person in the same ten minutes takes the place of their
-- first, under the next number: what was read before is known to be old.
create or replace function response_section_save(
    p_by integer, p_consultation_id integer, p_section text, p_expected integer, p_stance smallint, p_text text, p_wording smallint,
    p_autosaved boolean, out outcome text, out version integer)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_take    record;
    v_present response_sections;
begin
    select * into v_take from response_take(p_by, p_consultation_id, 3);
    outcome := v_take.outcome;
    if outcome <> 'done' then
        return;
    elsif not response_section_known(p_consultation_id, p_section) then
        outcome := 'not-found';
        return;
    elsif length(p_text) > response_section_most(p_section) then
        outcome := 'too-long';
        return;
    end if;
    select * into v_present from response_sections s
     where s.consultation_id = p_consultation_id and s.response_id = v_take.response_id and s.section = p_section
     order by s.version desc limit 1;
    version := coalesce(v_present.version, 0);
    if version <> p_expected then
        outcome := 'precondition-failed';
    elsif (coalesce(v_present.text, ''), v_present.stance) is not distinct from (p_text, p_stance)
          and (version = 0 or v_present.wording is not distinct from p_wording) then
        -- What the page kept is now kept by its writer, and no later automatic save takes its place.
        if v_present.autosaved and not p_autosaved and v_present.changed_by = p_by then
            update response_sections s set autosaved = false
             where s.consultation_id = p_consultation_id and s.response_id = v_take.response_id and s.section = p_section
               and s.version = v_present.version;
        end if;
        outcome := 'unchanged';
    elsif not response_section_room(p_consultation_id, v_take.response_id, p_section) then
        outcome := 'too-many-versions';
    else
        version := version + 1;
        insert into response_sections (consultation_id, response_id, section, version, stance, text, wording, autosaved, changed_by)
        values (p_consultation_id, v_take.response_id, p_section, version, p_stance, p_text, p_wording, p_autosaved, p_by);
        if p_autosaved and v_present.autosaved and v_present.changed_by = p_by
           and date_bin('10 minutes', v_present.changed_at, 'epoch') = date_bin('10 minutes', clock_timestamp(), 'epoch') then
            delete from response_sections s
             where s.consultation_id = p_consultation_id and s.response_id = v_take.response_id and s.section = p_section
               and s.version = v_present.version;
        end if;
    end if;
end $$;
comment on function response_section_save(integer, integer, text, integer, smallint, text, smallint, boolean)
    is 'Saves a section, if it still is as it was read; done, unchanged, or why not, and the present version';

-- p_before null: from the newest.
create or replace function response_version_list(p_by integer, p_consultation_id integer, p_section text, p_before integer, p_most integer)
    returns table (version integer, stance smallint, points integer, autosaved boolean, login text, name text, changed_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select s.version, s.stance, length(s.text), s.autosaved, o.login, o.name, s.changed_at
      from response_member(p_by, p_consultation_id) m
      join response_sections s on s.consultation_id = p_consultation_id and s.response_id = m.response_id and s.section = p_section
      join officials o on o.official_id = s.changed_by
     where p_before is null or s.version < p_before
     order by s.version desc limit p_most
$$;
comment on function response_version_list(integer, integer, text, integer, integer) is 'A page of the versions of a section, newest first, without their words';

create or replace function response_section_restore(p_by integer, p_consultation_id integer, p_section text, p_version integer, p_expected integer,
                                                    out outcome text, out version integer)
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_old record;
begin
    select * into v_old from response_section_get(p_by, p_consultation_id, p_section, p_version);
    if not found then
        outcome := 'not-found';
        return;
    end if;
    select s.outcome, s.version into outcome, version
      from response_section_save(p_by, p_consultation_id, p_section, p_expected, v_old.stance, v_old.text, v_old.wording, false) as s;
end $$;
comment on function response_section_restore(integer, integer, text, integer, integer) is 'Makes an older version of a section the newest, as one more';

-- Those who can be given a section.
create or replace function response_drafter_list(p_by integer, p_consultation_id integer) returns table (login text, name text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select o.login, o.name
      from response_member(p_by, p_consultation_id) m
      join officials o on o.institution_id = m.institution_id and o.disabled_at is null and o.member_roles & 3 <> 0
     order by o.name, o.login
$$;
comment on function response_drafter_list(integer, integer) is 'The members of one''s own institution who may write';

-- p_login null: nobody's any more.
create or replace function response_assign(p_by integer, p_consultation_id integer, p_section text, p_login text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_take record;
    v_to   integer;
begin
    select * into v_take from response_take(p_by, p_consultation_id, 1);
    if v_take.outcome <> 'done' then
        return v_take.outcome;
    elsif not response_section_known(p_consultation_id, p_section) then
        return 'not-found';
    elsif p_login is null then
        delete from response_assignments
         where consultation_id = p_consultation_id and response_id = v_take.response_id and section = p_section;
        return 'done';
    end if;
    select o.official_id into v_to from response_drafter_list(p_by, p_consultation_id) d join officials o using (login) where d.login = p_login;
    if v_to is null then
        return 'unknown-value';
    end if;
    insert into response_assignments (consultation_id, response_id, section, official_id)
    values (p_consultation_id, v_take.response_id, p_section, v_to)
        on conflict on constraint response_assignments_pkey do update set official_id = excluded.official_id;
    return 'done';
end $$;
comment on function response_assign(integer, integer, text, text) is 'A coordinator gives a section to a colleague, or takes it back';

create or replace function response_comment_say(p_by integer, p_consultation_id integer, p_section text, p_version integer, p_text text) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_take record;
begin
    select * into v_take from response_take(p_by, p_consultation_id, 7);
    if v_take.outcome <> 'done' then
        return v_take.outcome;
    elsif not response_section_known(p_consultation_id, p_section) then
        return 'not-found';
    elsif (select count(*) from response_comments
            where consultation_id = p_consultation_id and response_id = v_take.response_id and section = p_section) >= 500 then
        return 'too-many-comments';
    end if;
    insert into response_comments (consultation_id, response_id, section, version, official_id, text)
    values (p_consultation_id, v_take.response_id, p_section,
            least(greatest(p_version, 0), coalesce((select max(s.version) from response_sections s
                where s.consultation_id = p_consultation_id and s.response_id = v_take.response_id and s.section = p_section), 0)),
            p_by, p_text);
    return 'done';
end $$;
comment on function response_comment_say(integer, integer, text, integer, text) is 'A member says something to colleagues about a section';

create or replace function response_comment_resolve(p_by integer, p_consultation_id integer, p_section text, p_comment_id uuid, p_resolved boolean) returns text
    language plpgsql security definer set search_path = consultation, pg_temp as $$
declare
    v_take record;
begin
    select * into v_take from response_take(p_by, p_consultation_id, 7);
    if v_take.outcome <> 'done' then
        return v_take.outcome;
    end if;
    update response_comments
       set resolved_by = case when p_resolved then coalesce(resolved_by, p_by) end,
           resolved_at = case when p_resolved then coalesce(resolved_at, clock_timestamp()) end
     where consultation_id = p_consultation_id and response_id = v_take.response_id and section = p_section and comment_id = p_comment_id;
    return case when found then 'done' else 'not-found' end;
end $$;
comment on function response_comment_resolve(integer, integer, text, uuid, boolean) is 'Says that a comment is done with, or is not';

create or replace function response_comment_list(p_by integer, p_consultation_id integer, p_section text)
    returns table (comment_id uuid, version integer, name text, text text, said_at timestamptz, resolved_by text, resolved_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select c.comment_id, c.version, o.name, c.text, c.said_at, d.name, c.resolved_at
      from response_member(p_by, p_consultation_id) m
      join response_comments c on c.consultation_id = p_consultation_id and c.response_id = m.response_id and c.section = p_section
      join officials o on o.official_id = c.official_id
      left join officials d on d.official_id = c.resolved_by
     order by c.said_at, c.comment_id
$$;
comment on function response_comment_list(integer, integer, text) is 'What members said to each other about a section, oldest first';
