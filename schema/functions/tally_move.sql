-- How the tallies follow the submissions. Internal: called by the functions that store or change submissions.

create or replace function cells_add(p_cells integer[], p_more integer[]) returns integer[]
    language plpgsql immutable set search_path = consultation, pg_temp as $$
declare
    v_cells integer[] := p_cells;
    v_place integer := 0;
    v_more  integer;
begin
    foreach v_more in array p_more loop -- whatever its dimensions
        v_place := v_place + 1;
        if v_place > cardinality(v_cells) then
            v_cells[v_place] := v_more;
        elsif v_more <> 0 then
            v_cells[v_place] := v_cells[v_place] + v_more;
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
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
    insert into tallies as t (consultation_id, day, kind, proven, language, channel, slot,
                              received, counted, held, superseded, withdrawn, set_aside, cells,
                              aside_duplicate, aside_automated, aside_impersonation, aside_entry_error, aside_trial, aside_on_request)
    with moved as materialized (
        select s.consultation_id, s.day, s.kind, s.proven, s.language, s.channel, s.state, s.stances, s.priorities,
               case when s.state = 'set aside' then s.state_reason end as aside,
               (select coalesce(bit_or(1::bigint << (r.ordinal - 1)), 0) from remarks r
                 where (r.consultation_id, r.submission_id, r.part) = (s.consultation_id, s.submission_id, 0)) as remarks,
               dense_rank() over (order by s.consultation_id, s.day, s.kind, s.proven, s.language, s.channel) as grain
          from unnest(p_consultation_id, p_submission_id) as p (consultation_id, submission_id)
          join submissions s using (consultation_id, submission_id)
    ), measured as (
        select grain,
               array[p_sign * count(*) filter (where stance = 0), p_sign * count(*) filter (where stance = 1),
                     p_sign * count(*) filter (where stance = 2), p_sign * count(*) filter (where stance = 3),
                     p_sign * count(*) filter (where stance = 4), p_sign * count(*) filter (where stance = 5),
                     p_sign * count(*) filter (where stance = 255 and remark = 1),
                     p_sign * sum(remark), p_sign * sum(priority)]::integer[] as cells
          from (select m.grain, o.place, get_byte(m.stances, o.place) as stance,
                       (m.remarks >> o.place) & 1 as remark, (m.priorities >> o.place) & 1 as priority
                  from moved m, generate_series(0, octet_length(m.stances) - 1) as o (place)
                 where m.state = 'counted' offset 0) as said
         group by grain, place
         order by grain, place
    ), summed as materialized (
        select grain, array_agg(cells) as cells from measured group by grain
    )
    select m.consultation_id, m.day, m.kind, m.proven, m.language, m.channel, p_slot,
           p_sign * count(*),
           p_sign * count(*) filter (where state = 'counted'),
           p_sign * count(*) filter (where state = 'held'),
           p_sign * count(*) filter (where state = 'superseded'),
           p_sign * count(*) filter (where state = 'withdrawn'),
           p_sign * count(*) filter (where state = 'set aside'),
           array(select unnest(s.cells) from summed s where s.grain = m.grain),
           p_sign * count(*) filter (where aside = 'duplicate'),
           p_sign * count(*) filter (where aside = 'automated'),
           p_sign * count(*) filter (where aside = 'impersonation'),
           p_sign * count(*) filter (where aside = 'entry-error'),
           p_sign * count(*) filter (where aside = 'trial'),
           p_sign * count(*) filter (where aside = 'on-request')
      from moved m
     group by m.grain, m.consultation_id, m.day, m.kind, m.proven, m.language, m.channel
     order by m.grain
    on conflict on constraint tallies_pkey do update
       set received = t.received + excluded.received,
           counted = t.counted + excluded.counted,
           held = t.held + excluded.held,
           superseded = t.superseded + excluded.superseded,
           withdrawn = t.withdrawn + excluded.withdrawn,
           set_aside = t.set_aside + excluded.set_aside,
           cells = cells_add(t.cells, excluded.cells),
           aside_duplicate = t.aside_duplicate + excluded.aside_duplicate,
           aside_automated = t.aside_automated + excluded.aside_automated,
           aside_impersonation = t.aside_impersonation + excluded.aside_impersonation,
           aside_entry_error = t.aside_entry_error + excluded.aside_entry_error,
           aside_trial = t.aside_trial + excluded.aside_trial,
           aside_on_request = t.aside_on_request + excluded.aside_on_request;
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
