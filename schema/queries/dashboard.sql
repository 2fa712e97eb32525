-- Statements of the officials' dashboard: exact and live, from the tallies alone.

-- One statement, hence one moment; as many rows as there are days and measures, however many submissions. Part 0, one row: the moment,
-- Hong Kong's date then, and the mark (dashboard_marks) in place of the first sum. Part 1: submissions by day, kind, proven, language and channel: received, counted, held, superseded, withdrawn, set
-- aside. Part 2: answers by measure and age in days (0 today, 1 yesterday, 2 before): stances 0 to 5, remark without stance, remarks,
-- priorities.
-- name: dashboard_sums
-- role: exporter, official
select 0::int2 as part, (statement_timestamp() at time zone 'Asia/Hong_Kong')::date as day, 0::int2 as kind, false as proven,
       0::int2 as language, 0::int2 as channel, 0::int2 as ordinal, 0::int2 as age, statement_timestamp() as at,
       coalesce((select bit_xor(hash_record_extended(t, 0)) from submission_tallies t where t.consultation_id = $1::int4), 0)::int8,
       0::int8, 0::int8, 0::int8, 0::int8, 0::int8, 0::int8, 0::int8, 0::int8
union all
select 1::int2, t.day, t.kind, t.proven, t.language, t.channel, 0::int2, 0::int2, null::timestamptz,
       sum(t.received)::int8, sum(t.counted)::int8, sum(t.held)::int8, sum(t.superseded)::int8, sum(t.withdrawn)::int8,
       sum(t.set_aside)::int8, 0::int8, 0::int8, 0::int8
  from submission_tallies t
 where t.consultation_id = $1::int4
 group by t.day, t.kind, t.proven, t.language, t.channel
union all
select 2::int2, null::date, 0::int2, false, 0::int2, 0::int2, t.ordinal, a.age, null::timestamptz,
       sum(t.n0)::int8, sum(t.n1)::int8, sum(t.n2)::int8, sum(t.n3)::int8, sum(t.n4)::int8, sum(t.n5)::int8,
       sum(t.remark_only)::int8, sum(t.remarks)::int8, sum(t.priorities)::int8
  from tally_cells t,
       lateral (select least(greatest((statement_timestamp() at time zone 'Asia/Hong_Kong')::date - t.day, 0), 2)::int2 as age) as a
 where t.consultation_id = $1::int4
 group by t.ordinal, a.age
 order by 1;

-- A number for each of the consultations that is another one after any change of a submission's state: rows differ in their keys, so that no
-- two cancel each other out, and answers move only with their submission.
-- name: dashboard_marks
-- role: official
select c.consultation_id,
       coalesce((select bit_xor(hash_record_extended(t, 0)) from submission_tallies t where t.consultation_id = c.consultation_id), 0)::int8
  from consultations c
 where c.consultation_id = any($1::int4[]);
