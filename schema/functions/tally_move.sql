-- How the tallies follow the submissions. Internal: called by the functions that store or change submissions.

create or replace function cells_add(p_cells integer[], p_more integer[]) returns integer[]
    language plpgsql immutable set search_path = consultation, pg_temp as $$
declare
    v_cells integer[] := p_cells;
begin
    -- Grows by assignment: a row made by a submission that was erased meanwhile holds no cells yet.
    for i in coalesce(cardinality(v_cells), 0) + 1 .. coalesce(cardinality(p_more), 0) loop
        v_cells[i] := 0;
    end loop;
    for i in 1 .. coalesce(cardinality(p_more), 0) loop
        if p_more[i] <> 0 then
            v_cells[i] := v_cells[i] + p_more[i];
        end if;
    end loop;
    return v_cells;
end $$;
comment on function cells_add(integer[], integer[]) is 'Adds counters place by place; the longer one gives the length';

-- Adds (p_sign 1) or takes away (-1) what these submissions count as in their present state. Rows are taken in key order, so that two
-- that share a slot wait for each other and never in a circle. Planned without sequential scans: the plan is kept from when the tables
-- were empty, and a scan of an empty table looks cheap.
create or replace function tally_move(p_slot smallint, p_consultation_id integer[], p_submission_id bigint[], p_sign integer)
    returns void language plpgsql
    set search_path = consultation, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
    insert into tallies as t (consultation_id, day, kind, proven, language, channel, slot,
                              received, counted, held, superseded, withdrawn, set_aside, cells)
    with moved as materialized (
        select s.consultation_id, s.day, s.kind, s.proven, s.language, s.channel, s.state, s.stances, s.priorities,
               (select bit_or(1::bigint << (r.ordinal - 1)) from remarks r
                 where (r.consultation_id, r.submission_id, r.part) = (s.consultation_id, s.submission_id, 0)) as remarks
          from unnest(p_consultation_id, p_submission_id) as p (consultation_id, submission_id)
          join submissions s using (consultation_id, submission_id)
    ), said as (
        select m.consultation_id, m.day, m.kind, m.proven, m.language, m.channel, o.ordinal,
               get_byte(m.stances, o.ordinal - 1) as stance,
               coalesce((m.remarks >> (o.ordinal - 1)) & 1, 0) as remarks,
               (m.priorities >> (o.ordinal - 1)) & 1 as priorities
          from moved m, generate_series(1, octet_length(m.stances)) as o (ordinal)
         where m.state = 'counted'
    ), measured as (
        select consultation_id, day, kind, proven, language, channel, ordinal,
               array[count(*) filter (where stance = 0), count(*) filter (where stance = 1),
                     count(*) filter (where stance = 2), count(*) filter (where stance = 3),
                     count(*) filter (where stance = 4), count(*) filter (where stance = 5),
                     count(*) filter (where stance = 255 and remarks = 1), sum(remarks), sum(priorities)] as cells
          from said
         group by consultation_id, day, kind, proven, language, channel, ordinal
    ), flat as (
        select consultation_id, day, kind, proven, language, channel,
               array_agg((p_sign * f.figure)::integer order by ordinal, f.place) as cells
          from measured, unnest(cells) with ordinality as f (figure, place)
         group by consultation_id, day, kind, proven, language, channel
    ), states as (
        select consultation_id, day, kind, proven, language, channel,
               p_sign * count(*) as received,
               p_sign * count(*) filter (where state = 'counted') as counted,
               p_sign * count(*) filter (where state = 'held') as held,
               p_sign * count(*) filter (where state = 'superseded') as superseded,
               p_sign * count(*) filter (where state = 'withdrawn') as withdrawn,
               p_sign * count(*) filter (where state = 'set aside') as set_aside
          from moved
         group by consultation_id, day, kind, proven, language, channel
    )
    select consultation_id, day, kind, proven, language, channel, p_slot,
           received, counted, held, superseded, withdrawn, set_aside, coalesce(cells, '{}')
      from states left join flat using (consultation_id, day, kind, proven, language, channel)
     order by consultation_id, day, kind, proven, language, channel
    on conflict on constraint tallies_pkey do update
       set received = t.received + excluded.received,
           counted = t.counted + excluded.counted,
           held = t.held + excluded.held,
           superseded = t.superseded + excluded.superseded,
           withdrawn = t.withdrawn + excluded.withdrawn,
           set_aside = t.set_aside + excluded.set_aside,
           cells = cells_add(t.cells, excluded.cells);
end $$;
comment on function tally_move(smallint, integer[], bigint[], integer) is 'Moves the tallies by what the given submissions count as';

create or replace function slot_claim() returns smallint
    language plpgsql security definer set search_path = consultation, pg_temp as $$
begin
    for v_slot in 1 .. 255 loop
        if pg_try_advisory_lock(7283, v_slot) then
            return v_slot;
        end if;
    end loop;
    raise exception 'all 255 slots are taken' using errcode = 'too_many_connections';
end $$;
comment on function slot_claim() is 'The lowest tally slot that no other session holds, held until this session ends';
