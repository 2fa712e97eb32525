-- What an official types in that came otherwise than by web or interface. It comes by submission_accept like all others, with the Hong Kong
-- date on which it was received, which the official attests: that date is judged by the window, and it is tallied under it. Entering goes on
-- for the consultation's entry_days after the close.

-- A server only sends what it has checked: what is not whole is its bug, and must not become a row.
create or replace function assisted_entry_check(
    p_channel smallint[], p_received_on date[], p_official_id integer[], p_identity_hash bytea[], p_proven boolean[], p_supersedes text[])
    returns void language plpgsql immutable
    set search_path = consultation, pg_temp as $$
begin
    if exists (select from unnest(p_channel, p_received_on, p_official_id, p_identity_hash, p_proven, p_supersedes)
                        as e (channel, received_on, official_id, identity_hash, proven, supersedes)
                where case when e.channel <= 2 then e.received_on is not null or e.official_id is not null
                           else e.received_on is null or e.official_id is null or e.proven or e.supersedes is not null
                                or (e.channel <> 3 and e.identity_hash is null)
                      end) then
        raise exception 'an entry by an official has a channel, a date, and an identity unless it came on paper'
            using errcode = 'integrity_constraint_violation', constraint = 'assisted_entries_whole';
    end if;
end $$;
comment on function assisted_entry_check(smallint[], date[], integer[], bytea[], boolean[], text[]) is 'Refuses a batch in which an entry by an official is not whole, or another one claims to be one';

create or replace function assisted_entry_verdict(p_consultation_id integer, p_received_on date, p_arrived_at timestamptz, p_official_id integer)
    returns text language plpgsql stable
    set search_path = consultation, pg_temp as $$
declare
    v_consultation consultations;
begin
    select * into v_consultation from consultations where consultation_id = p_consultation_id;
    return case
        when official_roles(p_official_id, p_consultation_id) & 2 = 0
            or exists (select from officials where official_id = p_official_id and disabled_at is not null) then 'role-missing'
        when p_arrived_at >= v_consultation.closes_at + make_interval(hours => 24 * v_consultation.entry_days) then 'entry-closed'
        when p_received_on < (v_consultation.opens_at at time zone 'Asia/Hong_Kong')::date
            or p_received_on::timestamp at time zone 'Asia/Hong_Kong' >= v_consultation.closes_at
            or p_received_on > (p_arrived_at at time zone 'Asia/Hong_Kong')::date then 'received-outside-window'
    end;
end $$;
comment on function assisted_entry_verdict(integer, date, timestamptz, integer) is 'Why an entry by an official is refused: no clerk, too late after the close, or received outside the window; null: it is not';

-- Who entered what was stored, and the record of it: who, which number, by which way; never an identity.
create or replace function assisted_entry_keep(
    p_consultation_id integer[], p_submission_id bigint[], p_stored bigint[], p_number text[], p_channel smallint[],
    p_official_id integer[], p_network text[]) returns void
    language plpgsql
    set search_path = consultation, pg_temp as $$
declare
    v_entry record;
begin
    for v_entry in
        select e.* from unnest(p_consultation_id, p_submission_id, p_number, p_channel, p_official_id, p_network)
                     as e (consultation_id, submission_id, number, channel, official_id, network)
         where e.official_id is not null and e.submission_id = any (p_stored)
    loop
        insert into assisted_entries (consultation_id, submission_id, official_id)
        values (v_entry.consultation_id, v_entry.submission_id, v_entry.official_id);
        perform official_audit(v_entry.official_id, v_entry.network, 'submission-entered', v_entry.consultation_id,
            jsonb_build_object('number', v_entry.number, 'channel', (array['paper', 'counter', 'e-mail', 'telephone'])[v_entry.channel - 2]));
    end loop;
end $$;
comment on function assisted_entry_keep(integer[], bigint[], bigint[], text[], smallint[], integer[], text[]) is 'Writes down who entered those of a batch that were stored by an official';

-- What was typed in, the newest first: by whom or null for all, from p_before on without it. Of others' submissions nothing is told.
create or replace function assisted_entry_list(p_consultation_id integer, p_official_id integer, p_before text, p_most integer)
    returns table (number text, channel smallint, received_on date, arrived_at timestamptz, login text, name text)
    language sql stable security definer set search_path = consultation, pg_temp as $$
    select s.number, s.channel, s.received_on, s.arrived_at, o.login, o.name
      from assisted_entries e
      join submissions s on s.consultation_id = e.consultation_id and s.submission_id = e.submission_id
      join officials o on o.official_id = e.official_id
     where e.consultation_id = p_consultation_id and (p_official_id is null or e.official_id = p_official_id)
       and (p_before is null or e.submission_id < (
            select b.submission_id from submissions b where b.consultation_id = p_consultation_id and b.number = p_before))
     order by e.submission_id desc
     limit p_most
$$;
comment on function assisted_entry_list(integer, integer, text, integer) is 'What officials typed in on a consultation, and who';
