-- Statements that hold the tallies against the submissions.

-- Every figure that differs, with the measure's code (null: of submissions by state) and both counts; see functions/recount.sql.
-- name: recount_differences
-- role: owner
select r.day, r.kind, r.proven, r.language, r.channel, r.ordinal, m.code, r.figure, r.stored, r.recounted
  from recount($1::int4) r
  left join measures m on m.consultation_id = $1::int4 and m.ordinal = r.ordinal
 order by r.day, r.kind, r.proven, r.language, r.channel, r.ordinal nulls first, r.figure;

-- name: recount_size
-- role: owner
select count(*)
  from submissions
 where consultation_id = $1::int4;

-- The same columns of what was set right, and before them why nothing may be.
-- name: recount_repair
-- role: owner
select r.day, r.kind, r.proven, r.language, r.channel, r.ordinal, m.code, r.figure, r.stored, r.recounted, r.refusal
  from recount_repair($1::int4) r
  left join measures m on m.consultation_id = $1::int4 and m.ordinal = r.ordinal;
