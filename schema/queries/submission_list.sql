-- Statements of what officials read. No hash, key, salt or commitment.

-- Filters as in domain/filter.h, null: not set: ordinal of the measure $4, stance $5, kind $6, state $7, language $8, days $9 to $10, moderation $11, terms of
-- the text $12; at most $13 rows, $14 milliseconds. From the submission with number $2 on, without it. See functions/submission_list.sql.
-- name: submission_list_page
-- role: exporter
select unfinished, number, arrived_at, day, state, kind, proven, language, channel, organisation, stances, priorities, remarks,
       part, ordinal, moderation, original
  from submission_list_page($1::int4, $2::text, $3::bool,
       $4::int2, $5::int2, $6::int2, $7::text, $8::int2,
       $9::date, $10::date, $11::int2, $12::int4[], $13::int4, $14::int4 * interval '1 millisecond');

-- One submission, and beside it which one it amends and which one amends it.
-- name: submission_list_one
-- role: exporter
select s.number, s.state::text, s.state_reason, s.state_changed_at, s.arrived_at, s.day, s.received_on, s.kind, s.identity_kind, s.proven,
       s.unchallenged, s.within_grace, s.language, s.channel, s.sector, s.organisation, s.consent, s.erased_at, s.stances, s.versions,
       s.withheld, s.priorities,
       (select o.number from submissions o
         where o.consultation_id = s.consultation_id and o.submission_id = s.supersedes) as supersedes,
       (select o.number from submissions o
         where o.consultation_id = s.consultation_id and o.supersedes = s.submission_id) as superseded_by
  from submissions s
 where s.consultation_id = $1::int4 and s.number = $2::text;

-- name: submission_list_remarks
-- role: exporter
select r.part, r.ordinal, r.version, r.publish, r.moderation, r.original, r.published, r.release, r.moderation_reason
  from submissions s join remarks r using (consultation_id, submission_id)
 where s.consultation_id = $1::int4 and s.number = $2::text
 order by r.part, r.ordinal;
