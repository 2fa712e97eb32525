-- Statements about releases.

-- Locks to the transaction's end, and judges; see functions/release.sql. $2: the final one.
-- name: release_begin
-- role: writer, owner
select refusal, number, released_at
  from release_begin($1::int4, $2::bool);

-- All exact sums of a consultation at one moment, as many rows as it has days and measures, however many submissions there are.
-- Rows of part 0 are submissions by kind: received, counted, held, superseded, withdrawn, set aside. Rows of part 1 are answers by
-- measure, kind and day: stances 0 to 5, remark without stance, remarks, priorities. Of part 2: those set aside by reason, in the order of
-- server/domain/set_aside.def.
-- name: release_sums
-- role: writer, official, owner
select 0::int2 as part, 0::int2 as ordinal, t.kind, null::date as day,
       sum(t.received)::int8, sum(t.counted)::int8, sum(t.held)::int8, sum(t.superseded)::int8, sum(t.withdrawn)::int8,
       sum(t.set_aside)::int8, 0::int8, 0::int8, 0::int8
  from submission_tallies t
 where t.consultation_id = $1::int4
 group by t.kind
union all
select 2::int2, 0::int2, t.kind, null::date,
       sum(t.aside_duplicate)::int8, sum(t.aside_automated)::int8, sum(t.aside_impersonation)::int8, sum(t.aside_entry_error)::int8,
       sum(t.aside_trial)::int8, sum(t.aside_on_request)::int8, 0::int8, 0::int8, 0::int8
  from submission_tallies t
 where t.consultation_id = $1::int4
 group by t.kind
union all
select 1::int2, t.ordinal, t.kind, t.day,
       sum(t.n0)::int8, sum(t.n1)::int8, sum(t.n2)::int8, sum(t.n3)::int8, sum(t.n4)::int8,
       sum(t.n5)::int8, sum(t.remark_only)::int8, sum(t.remarks)::int8, sum(t.priorities)::int8
  from tally_cells t
 where t.consultation_id = $1::int4
 group by t.ordinal, t.kind, t.day;

-- Number, moment, final, respondents, document. Null, or why it was not published.
-- name: release_publish
-- role: writer, owner
select release_publish($1::int4, $2::int4, $3::timestamptz, $4::bool, $5::int8, $6::text);

-- name: release_list
-- role: reader
select r.number, r.released_at, r.final
  from releases r
 where r.consultation_id = $1::int4
 order by r.number desc
 limit 100;

-- The document byte by byte as it was published.
-- name: release_document
-- role: reader
select r.document
  from releases r
 where r.consultation_id = $1::int4 and r.number = $2::int4;
