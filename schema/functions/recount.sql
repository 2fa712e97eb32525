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
