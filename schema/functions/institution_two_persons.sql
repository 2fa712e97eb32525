-- What is known of the two persons that an approval takes: each account was set up by a link, and who made that link had it in hand. The
-- record of acts has it; see migrations/0029.

-- The last link of an account before a moment, and who last gave it its parts; made_by null: somebody of the service.
create or replace function institution_link_of(p_official_id integer, p_at timestamptz)
    returns table (made_by integer, made_at timestamptz, parts_by integer, parts_at timestamptz)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    with acts as (
        select a.audit_id, a.action, a.at, m.official_id as member
          from officials o
          join audit_log a on a.detail ->> 'account' = o.login
          left join officials m on m.login = a.detail ->> 'official' and m.institution_id = o.institution_id
         where o.official_id = p_official_id and o.institution_id is not null and a.action like 'institution-member-%' and a.at <= p_at
    ), link as (
        select * from acts where action in ('institution-member-invited', 'institution-member-link', 'institution-member-reset') order by audit_id desc limit 1
    ), parts as (
        select * from acts where action in ('institution-member-invited', 'institution-member-parts') order by audit_id desc limit 1
    )
    select link.member, link.at, parts.member, parts.at from link full join parts on true
$$;
comment on function institution_link_of(integer, timestamptz) is 'Who made the link by which a member''s account was set up at that moment, and who gave them their parts';

-- An account, who made its link, who made the link of that one, and so on: each of these could have been its user.
create or replace function institution_hands(p_official_id integer, p_at timestamptz) returns table (official_id integer, steps integer)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    with recursive hands as (
        select p_official_id as official_id, p_at as at, 0 as steps
        union all
        select l.made_by, l.made_at, h.steps + 1
          from hands h cross join lateral institution_link_of(h.official_id, h.at) l
         where l.made_by is not null and h.steps < 200
    )
    select hands.official_id, min(hands.steps) from hands group by hands.official_id
$$;
comment on function institution_hands(integer, timestamptz) is 'Members who had a link to an account in hand, by how many steps';

-- Each as of when they acted: between an asking and its approval an account may be set up anew by somebody else.
drop function if exists institution_two_persons(integer, integer, timestamptz);
create or replace function institution_two_persons(p_first integer, p_first_at timestamptz, p_second integer, p_at timestamptz)
    returns table (first_name text, first_link_by text, first_link_at timestamptz, second_name text, second_link_by text, second_link_at timestamptz,
                   second_parts_by text, second_parts_at timestamptz, one_hand text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select a.name, am.name, al.made_at, b.name, bm.name, bl.made_at, bp.name, bl.parts_at,
           (select o.name from institution_hands(p_first, p_first_at) h join institution_hands(p_second, p_at) g using (official_id) join officials o using (official_id)
             order by h.steps + g.steps limit 1)
      from officials a
      join officials b on b.official_id = p_second
      left join lateral institution_link_of(p_first, p_first_at) al on true
      left join lateral institution_link_of(p_second, p_at) bl on true
      left join officials am on am.official_id = al.made_by
      left join officials bm on bm.official_id = bl.made_by
      left join officials bp on bp.official_id = bl.parts_by
     where a.official_id = p_first
$$;
comment on function institution_two_persons(integer, timestamptz, integer, timestamptz)
    is 'Who asked and who approved, who had made their links and given the second their part, and who had a link to both; a name that is null is the service''s';
