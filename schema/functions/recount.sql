-- Counts the submissions anew, by another way than tally_move's, and names every figure in which the tallies differ. Slots are summed:
-- which server moved a figure is not written in a submission.
create or replace function recount(p_consultation_id integer)
    returns table (day date, kind smallint, proven boolean, language smallint, channel smallint,
                   ordinal smallint, figure text, stored bigint, recounted bigint)
    language sql stable set search_path = consultation, pg_temp as $$
    with told as (
        select t.day, t.kind, t.proven, t.language, t.channel, null::smallint as ordinal, f.figure, sum(f.amount) as amount
          from submission_tallies t,
               lateral (values ('received', t.received), ('counted', t.counted), ('held', t.held), ('superseded', t.superseded),
                               ('withdrawn', t.withdrawn), ('set aside', t.set_aside),
                               ('set aside: duplicate', t.aside_duplicate), ('set aside: automated', t.aside_automated),
                               ('set aside: impersonation', t.aside_impersonation), ('set aside: entry-error', t.aside_entry_error),
                               ('set aside: trial', t.aside_trial), ('set aside: on-request', t.aside_on_request)) as f (figure, amount)
         where t.consultation_id = p_consultation_id
         group by 1, 2, 3, 4, 5, 7
        union all
        select c.day, c.kind, c.proven, c.language, c.channel, c.ordinal, f.figure, sum(f.amount)
          from tally_cells c,
               lateral (values ('stance 0', c.n0), ('stance 1', c.n1), ('stance 2', c.n2), ('stance 3', c.n3), ('stance 4', c.n4),
                               ('stance 5', c.n5), ('remark only', c.remark_only), ('remarks', c.remarks),
                               ('priorities', c.priorities)) as f (figure, amount)
         where c.consultation_id = p_consultation_id
         group by 1, 2, 3, 4, 5, 6, 7
    ), heard as (
        select s.day, s.kind, s.proven, s.language, s.channel, null::smallint as ordinal, f.figure, count(*) as amount
          from submissions s,
               lateral (select 'received'
                        union all select s.state::text
                        union all select 'set aside: ' || s.state_reason where s.state = 'set aside') as f (figure)
         where s.consultation_id = p_consultation_id
         group by 1, 2, 3, 4, 5, 7
        union all
        select s.day, s.kind, s.proven, s.language, s.channel, o.ordinal::smallint, 'stance ' || get_byte(s.stances, o.ordinal - 1), count(*)
          from submissions s, generate_series(1, octet_length(s.stances)) as o (ordinal)
         where s.consultation_id = p_consultation_id and s.state = 'counted' and get_byte(s.stances, o.ordinal - 1) <> 255
         group by 1, 2, 3, 4, 5, 6, 7
        union all
        select s.day, s.kind, s.proven, s.language, s.channel, r.ordinal, f.figure, count(*)
          from submissions s join remarks r using (consultation_id, submission_id),
               lateral (select 'remarks'
                        union all select 'remark only' where get_byte(s.stances, r.ordinal - 1) = 255) as f (figure)
         where s.consultation_id = p_consultation_id and s.state = 'counted' and r.part = 0
         group by 1, 2, 3, 4, 5, 6, 7
        union all
        select s.day, s.kind, s.proven, s.language, s.channel, o.ordinal::smallint, 'priorities', count(*)
          from submissions s, generate_series(1, octet_length(s.stances)) as o (ordinal)
         where s.consultation_id = p_consultation_id and s.state = 'counted' and s.priorities <> 0
           and s.priorities & (1::bigint << (o.ordinal - 1)) <> 0
         group by 1, 2, 3, 4, 5, 6, 7
    ), paired as (
        select day, kind, proven, language, channel, ordinal, figure, amount as stored, 0::bigint as recounted from told
        union all
        select day, kind, proven, language, channel, ordinal, figure, 0, amount from heard
    )
    select day, kind, proven, language, channel, ordinal, figure, sum(stored)::bigint, sum(recounted)::bigint
      from paired
     group by 1, 2, 3, 4, 5, 6, 7
    having sum(stored) <> sum(recounted)
     order by 1, 2, 3, 4, 5, 6 nulls first, 7;
$$;
comment on function recount(integer) is 'Figures of the tallies that differ from the submissions; no row when all agree';

-- Sets right what differs, and says what did; a `refusal` alone: why not. Nobody waits for it: tallies move in the transaction of the
-- submission, so by whichever moment they are read, what they differ by is the same; that is found and added by one statement, hence as
-- of one moment, to the figures as they are by then (slot 0, like all that no server moves). Two repairs take turns, since the second
-- would add the same once more; the final release waits, and after it nothing is changed.
create or replace function recount_repair(p_consultation_id integer)
    returns table (refusal text, day date, kind smallint, proven boolean, language smallint, channel smallint,
                   ordinal smallint, figure text, stored bigint, recounted bigint)
    language plpgsql set search_path = consultation, pg_temp as $$
#variable_conflict use_column
declare
    v_changes jsonb;
begin
    perform pg_advisory_xact_lock(7288, p_consultation_id);
    perform from consultations where consultation_id = p_consultation_id for key share;
    if (select final_release_at is not null from consultations where consultation_id = p_consultation_id) then
        refusal := 'final-release-made';
        return next;
        return;
    end if;
    with differing as materialized (
        select r.*, r.recounted - r.stored as more from recount(p_consultation_id) r
    ), grains as (
        select d.day, d.kind, d.proven, d.language, d.channel, max(d.ordinal) as measures from differing d group by 1, 2, 3, 4, 5
    ), measured as (
        select g.day, g.kind, g.proven, g.language, g.channel,
               array_agg(coalesce((select d.more from differing d
                                    where (d.day, d.kind, d.proven, d.language, d.channel, d.ordinal)
                                        = (g.day, g.kind, g.proven, g.language, g.channel, o.ordinal) and d.figure = f.figure), 0)::integer
                         order by o.ordinal, f.place) as cells
          from grains g, generate_series(1, g.measures) as o (ordinal),
               unnest(array['stance 0', 'stance 1', 'stance 2', 'stance 3', 'stance 4', 'stance 5', 'remark only', 'remarks', 'priorities'])
                   with ordinality as f (figure, place)
         group by 1, 2, 3, 4, 5
    ), summed as (
        select d.day, d.kind, d.proven, d.language, d.channel,
               coalesce(sum(more) filter (where figure = 'received'), 0)::integer as received,
               coalesce(sum(more) filter (where figure = 'counted'), 0)::integer as counted,
               coalesce(sum(more) filter (where figure = 'held'), 0)::integer as held,
               coalesce(sum(more) filter (where figure = 'superseded'), 0)::integer as superseded,
               coalesce(sum(more) filter (where figure = 'withdrawn'), 0)::integer as withdrawn,
               coalesce(sum(more) filter (where figure = 'set aside'), 0)::integer as set_aside,
               coalesce(sum(more) filter (where figure = 'set aside: duplicate'), 0)::integer as duplicate,
               coalesce(sum(more) filter (where figure = 'set aside: automated'), 0)::integer as automated,
               coalesce(sum(more) filter (where figure = 'set aside: impersonation'), 0)::integer as impersonation,
               coalesce(sum(more) filter (where figure = 'set aside: entry-error'), 0)::integer as entry_error,
               coalesce(sum(more) filter (where figure = 'set aside: trial'), 0)::integer as trial,
               coalesce(sum(more) filter (where figure = 'set aside: on-request'), 0)::integer as on_request
          from differing d
         group by 1, 2, 3, 4, 5
    ), changed as (
        insert into tallies as t (consultation_id, day, kind, proven, language, channel, slot,
                                  received, counted, held, superseded, withdrawn, set_aside, cells,
                                  aside_duplicate, aside_automated, aside_impersonation, aside_entry_error, aside_trial, aside_on_request)
        select p_consultation_id, s.day, s.kind, s.proven, s.language, s.channel, 0,
               s.received, s.counted, s.held, s.superseded, s.withdrawn, s.set_aside, coalesce(m.cells, '{}'),
               s.duplicate, s.automated, s.impersonation, s.entry_error, s.trial, s.on_request
          from summed s left join measured m using (day, kind, proven, language, channel)
         order by s.day, s.kind, s.proven, s.language, s.channel
        on conflict on constraint tallies_pkey do update
            set received = t.received + excluded.received, counted = t.counted + excluded.counted, held = t.held + excluded.held,
                superseded = t.superseded + excluded.superseded, withdrawn = t.withdrawn + excluded.withdrawn,
                set_aside = t.set_aside + excluded.set_aside, cells = cells_add(t.cells, excluded.cells),
                aside_duplicate = t.aside_duplicate + excluded.aside_duplicate, aside_automated = t.aside_automated + excluded.aside_automated,
                aside_impersonation = t.aside_impersonation + excluded.aside_impersonation,
                aside_entry_error = t.aside_entry_error + excluded.aside_entry_error, aside_trial = t.aside_trial + excluded.aside_trial,
                aside_on_request = t.aside_on_request + excluded.aside_on_request)
    select jsonb_agg(to_jsonb(d) - 'more' order by d.day, d.kind, d.proven, d.language, d.channel, d.ordinal nulls first, d.figure)
      into v_changes from differing d;
    if v_changes is not null then
        perform audit_write('tallies-repaired', p_consultation_id, jsonb_build_object('figures', jsonb_array_length(v_changes), 'changes', v_changes));
    end if;
    return query
    select null::text, c.* from jsonb_to_recordset(v_changes) as c (day date, kind smallint, proven boolean, language smallint, channel smallint,
        ordinal smallint, figure text, stored bigint, recounted bigint);
end $$;
comment on function recount_repair(integer) is 'Sets the tallies right by the submissions and says which figures changed';
